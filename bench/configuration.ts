/**
 * `node --max-old-space-size=4096 bench/configuration.ts [--items 1000000] [--relations 5000000] [--data DIR] [--seconds 5] [--only fill]`:
 * how long lists, pages, maps, questions about other times and blast radius take over a model of a million items, asked of a running
 * instance by its API, each beside the same question of a model a hundredth as large in the same database. What was made stays in DIR and is
 * gone on with, so that it is made once and can be interrupted. Keeps the figures in `bench/results/configuration.json`; exit code 1 when one
 * is over its budget.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Permission } from '@evenkeel/contract/permission'
import { blastRadiusIn } from '../server/src/kernel/impact/blast-radius.ts'
import { graphOf, sourceIn } from '../server/src/kernel/impact/graph.ts'
import { uuidv7 } from '../server/src/kernel/uuid.ts'
import { write, type Author } from '../server/src/platform/journal/write.ts'
import { read } from '../server/src/platform/postgres/database.ts'
import { createApiKeyFor, createPerson } from '../server/src/practices/people/index.ts'
import {
  documentFor,
  fillConfiguration,
  idOf,
  layerOf,
  modelFor,
  publishModel,
  relationsIn,
  withoutIndexes,
  type Filled,
  type Model,
} from './configuration.fill.ts'
import { randomFrom } from './estate.ts'
import { keepFigures } from './figures.ts'
import { load, measured, type Measured } from './load.ts'
import { makeTenant, openBench, type Bench, type BenchTenant } from './place.ts'

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '1000000' },
    relations: { type: 'string', default: '5000000' },
    seconds: { type: 'string', default: '5' },
    data: { type: 'string' },
    only: { type: 'string' },
  },
})
const [items, relations, seconds] = [Number(values.items), Number(values.relations), Number(values.seconds)]
const aHundredth = 100
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const figures: Record<string, unknown> = { at: new Date().toISOString(), items, relations, load: loadavg() }
const wrong: string[] = []

/** Milliseconds at the 95th percentile. */
const budgets: Readonly<Record<string, number>> = {
  'blast radius of any item, 5 hops': 500,
  'an item and its neighbors at two other times': 100,
  'page of any item': 50,
}
const importBudgetSeconds = 120

const permissions: readonly Permission[] = [
  'item.read',
  'item.read_restricted',
  'item.manage',
  'incident.read',
  'incident.raise',
]

type Kept = { until: number; large: BenchTenant; small: BenchTenant; filled: boolean }

const keptIn = async (bench: Bench, directory: string | undefined): Promise<Kept> => {
  const file = directory === undefined ? undefined : join(directory, 'kept.json')
  const known = file === undefined ? null : await readFile(file, 'utf8').catch(() => null)
  if (known !== null) return JSON.parse(known)
  const made: Kept = {
    until: Date.now(),
    large: await makeTenant(bench.database, permissions),
    small: await makeTenant(bench.database, permissions),
    filled: false,
  }
  await keep(directory, made)
  return made
}

const keep = async (directory: string | undefined, kept: Kept): Promise<void> => {
  if (directory === undefined) return
  await writeFile(join(directory, 'kept.json.next'), JSON.stringify(kept))
  await rename(join(directory, 'kept.json.next'), join(directory, 'kept.json'))
}

type Side = {
  readonly tenant: BenchTenant
  readonly model: Model
  readonly filled: Filled
  readonly key: string
}

const author = (tenantId: string): Author => ({
  tenantId,
  actor: { kind: 'system', id: null, onBehalfOf: null, via: 'bench' },
  request: null,
  now: new Date().toISOString(),
})

const keyFor = async (
  bench: Bench,
  tenantId: string,
  personId: string,
  wanted: readonly Permission[],
): Promise<string> =>
  (
    await createApiKeyFor(bench.database, author(tenantId), personId, {
      name: `bench ${new Date().toISOString()}`,
      permissions: [...wanted],
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    })
  ).secret

/** Somebody whose teams support one in thirty items, and who reads nothing else. */
const narrowReader = async (bench: Bench, { tenant, filled }: Side): Promise<string> => {
  const { tenantId } = tenant
  const person = await createPerson(bench.database, author(tenantId), {
    name: 'Narrow',
    email: `narrow.${uuidv7()}@${tenantId}.test`,
    roles: ['requester'],
  })
  await write(bench.database, author(tenantId), async (tx) => {
    const role = uuidv7()
    tx.send({
      text: `insert into role (tenant_id, id, key, name, description) values ($1, $2, $3, $4, '')`,
      values: [
        tenantId,
        role,
        `narrow_${role.slice(-8).replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')}`,
        `Narrow ${role}`,
      ],
    })
    for (const scope of ['own', 'team', 'service'])
      tx.send({
        text: `insert into role_permission (tenant_id, role_id, permission, scope) values ($1, $2, 'item.read', $3)`,
        values: [tenantId, role, scope],
      })
    tx.send({
      text: 'insert into person_role (tenant_id, person_id, role_id) values ($1, $2, $3)',
      values: [tenantId, person, role],
    })
    for (const team of filled.people.teams.slice(20, 22))
      tx.send({
        text: 'insert into team_member (tenant_id, team_id, person_id) values ($1, $2, $3)',
        values: [tenantId, team, person],
      })
  })
  return keyFor(bench, tenantId, person, ['item.read'])
}

const show = ({ p50, p95, p99, count, failures }: Measured): string =>
  `p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} p99 ${p99.toFixed(1)} ms (${count})${failures > 0 ? ` FAILED ${failures}` : ''}`

type Asked = { readonly method: string; readonly path: string; readonly body?: string }
type Question = (model: Model, filled: Filled) => Asked

const get = (path: string): Asked => ({ method: 'GET', path: `/api/v1${path}` })
const blast = (ids: readonly string[], more: object = {}): Asked => ({
  method: 'POST',
  path: '/api/v1/items/blast-radius',
  body: JSON.stringify({ itemIds: ids, ...more }),
})
const any = ({ items: count }: Model): string => idOf(Math.floor(Math.random() * count))
/** Of a kind of node, those that most stand on: by the estate the first ones. */
const hub = ({ estate }: Model): string => {
  const layers = estate.layers.filter(({ name }) => name !== 'workplace' && name !== 'service')
  const { first, count } = layers[Math.floor(Math.random() * layers.length)] ?? { first: 0, count: 1 }
  return idOf(first + Math.floor(Math.random() * Math.min(3, count)))
}
const someTime = ({ until }: Model): string => {
  const known = until - Math.random() * 600 * 86_400_000
  return `validAt=${encodeURIComponent(new Date(known - Math.random() * 60 * 86_400_000).toISOString())}&knownAt=${encodeURIComponent(new Date(known).toISOString())}`
}
const searched = (text: string, more = ''): Asked =>
  get(`/items?limit=50&q=${encodeURIComponent(text)}${more}`)

const questions: Readonly<Record<string, Question>> = {
  'list by name': () => get('/items?limit=50'),
  'list, newest': () => get('/items?limit=50&sort=-created'),
  'list: servers in production': () => searched('class:server attr.environment:production'),
  'list: an operating system': () => searched('attr.os:"Debian 12"', '&attributes=os,hostname'),
  'list: a serial number': ({ items: count }) =>
    searched(`attr.serial:SN${String(Math.floor(Math.random() * count)).padStart(7, '0')}1`),
  'list: warranty ends soon, in order': () =>
    searched('attr.warranty_until:>2026-12-01', '&sort=attr.warranty_until'),
  'list: much capacity': () => searched('attr.capacity:>=500', '&sort=-attr.capacity'),
  'list, in the order of an attribute that few have': () => get('/items?limit=50&sort=attr.users_served'),
  'list: by team': (_, { people }) => searched(`team:${people.teams[Math.floor(Math.random() * 60)] ?? ''}`),
  'list: words': ({ items: count }) =>
    searched(`vm-${String(Math.floor(Math.random() * count)).padStart(7, '0')}`),
  'list: a common word': () => searched('Altona clinic'),
  'count of servers': () => get(`/items/count?q=${encodeURIComponent('class:server')}`),
  'page of any item': (model) => get(`/items/${any(model)}`),
  'page of a hub': (model) => get(`/items/${hub(model)}`),
  'page at two other times': (model) => get(`/items/${any(model)}?${someTime(model)}`),
  'an item and its neighbors at two other times': (model) =>
    get(`/item-map?items=${any(model)}&hops=1&${someTime(model)}`),
  'map of 1 hop': (model) => get(`/item-map?items=${any(model)}&hops=1`),
  'map of 2 hops': (model) => get(`/item-map?items=${any(model)}&hops=2`),
  'map of 5 hops': (model) => get(`/item-map?items=${any(model)}&hops=5`),
  'map of a hub, 2 hops': (model) => get(`/item-map?items=${hub(model)}&hops=2`),
  'map of a hub at two other times, 2 hops': (model) =>
    get(`/item-map?items=${hub(model)}&hops=2&${someTime(model)}`),
  'map of services': () => get('/item-map?hops=1'),
  'blast radius of any item, 5 hops': (model) => blast([any(model)]),
  'blast radius of ten items': (model) => blast(Array.from({ length: 10 }, () => any(model))),
  'blast radius of a hub': (model) => blast([hub(model)]),
  'blast radius of a hub, whatever is allowed': (model) =>
    blast([hub(model)], { maxHops: 10, maxItems: 5000 }),
  'blast radius of any item at two other times': (model) => {
    const known = model.until - Math.random() * 600 * 86_400_000
    return blast([any(model)], {
      validAt: new Date(known).toISOString(),
      knownAt: new Date(known).toISOString(),
    })
  },
}

const asking = (address: string, key: string, make: () => Asked, connections = 1): Promise<Measured> =>
  load({
    url: address,
    seconds,
    connections,
    make: () => {
      const { body, ...asked } = make()
      return {
        ...asked,
        headers: { authorization: `Bearer ${key}` },
        ...(body === undefined ? {} : { body }),
      }
    },
  })

/** Every question of both models, one after the other, so that a busy machine disturbs both alike. */
const askAll = async (
  address: string,
  large: Side,
  small: Side,
  label: string,
  wanted: readonly string[],
): Promise<void> => {
  for (const name of wanted) {
    const question = questions[name]
    if (question === undefined) continue
    const ask = ({ key, model, filled }: Side) => asking(address, key, () => question(model, filled))
    await asking(address, large.key, () => question(large.model, large.filled))
    const [base, found] = [await ask(small), await ask(large)]
    const ratio = found.p50 / base.p50
    const budget = budgets[name]
    const over = budget !== undefined && !(found.p95 <= budget)
    if (over) wrong.push(`${label}: ${name}: ${found.p95.toFixed(0)} ms, allowed ${budget}`)
    if (found.failures > 0) wrong.push(`${label}: ${name}: ${found.failures} failed`)
    figures[`${label}: ${name}`] = { ...found, ratio, ...(budget === undefined ? {} : { budget }) }
    tell(
      `  ${name}: ${show(found)}, ${ratio.toFixed(1)} times the small model's${over ? ` OVER ${budget}` : ''}`,
    )
  }
}

/** The generated model answers what the same model in memory says. */
const prove = async (address: string, { model, key }: Side): Promise<void> => {
  const graph = graphOf(
    [...relationsIn(model)].map((edge) => ({
      ...edge,
      id: `${edge.dependent} ${edge.support}`,
      group: edge.group,
    })),
    model.estate.groups,
    model.estate.nodes(),
  )
  const source = sourceIn(graph)
  const random = randomFrom(5)
  let [same, compared] = [0, 0]
  for (let turn = 0; turn < 60; turn += 1) {
    const failed = `n${Math.floor(random() * model.items)}`
    const inUse = (node: string): boolean => !['workplace'].includes(layerOf(model, Number(node.slice(1))))
    const expected = blastRadiusIn(source, [failed], { maxDepth: 5, maxNodes: 5000, maxEdges: 200_000 })
    if (expected.cut !== null && expected.cut.by !== 'depth') continue
    const response = await fetch(`${address}/api/v1/items/blast-radius`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: blast([idOf(Number(failed.slice(1)))], { maxItems: 5000 }).body ?? '',
    })
    const answer: { services: { item: { id: string } }[]; items: { item: { id: string } }[] } = JSON.parse(
      await response.text(),
    )
    // Workplaces are not all in use; nothing stands on them.
    const names = expected.affected
      .filter(({ node }) => inUse(node))
      .map(({ node }) => idOf(Number(node.slice(1))))
      .sort()
    const got = [...answer.services, ...answer.items]
      .map(({ item }) => item.id)
      .filter((id) => inUse(`n${Number.parseInt(id.slice(-12), 16)}`))
      .sort()
    compared += 1
    if (JSON.stringify(names) === JSON.stringify(got)) same += 1
  }
  figures['blast radius as in memory'] = { same, compared }
  tell(`blast radius of ${compared} items of the small model: ${same} as in memory`)
  if (same !== compared || compared === 0)
    wrong.push(`blast radius differs from the one in memory: ${same} of ${compared}`)
}

/** Rows that were generated are those that commands write of the same documents. */
const compareWithCommands = async (
  { database }: Bench,
  address: string,
  { model, filled, tenant }: Side,
): Promise<void> => {
  const other = await makeTenant(database, permissions)
  await publishModel(bench, other.tenantId)
  // Whom a value names is another one in another organization.
  const named = new Set(['owner', 'support_team', 'location'])
  const sample = new Map(
    model.estate.layers.flatMap(({ first, count }) =>
      Array.from({ length: Math.min(count, 12) }, (_, at) => {
        const place = first + Math.floor((at * count) / 12)
        const document = documentFor(model, place, filled.people)
        return [idOf(place), document] as const
      }).flatMap(([id, document]) => (document === undefined ? [] : [[id, document] as const])),
    ),
  )
  const response = await fetch(`${address}/api/v1/items/by-source/discovery`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${other.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      items: [...sample.values()].map((document) => ({
        ...document,
        values: Object.fromEntries(Object.entries(document.values).filter(([key]) => !named.has(key))),
      })),
    }),
  })
  const answer: { outcomes: { externalId: string; itemId: string }[] } = JSON.parse(await response.text())
  const made = new Map(answer.outcomes.map(({ externalId, itemId }) => [externalId, itemId]))
  const rowsOf = (tenantId: string, id: string): Promise<unknown> =>
    read(database, tenantId, async (q) => ({
      item: await q.rows({
        text: `select class, name, state, values - $3::text[] as values, missing, criticality, merged_into_id, words, version
               from item where tenant_id = $1 and id = $2`,
        values: [tenantId, id, [...named]],
      }),
      facts: await q.rows({
        text: `select source, said_by, values - $3::text[] as values, valid_to, known_to, valid_from <= known_from as "knownLater"
               from item_fact where tenant_id = $1 and item_id = $2`,
        values: [tenantId, id, [...named]],
      }),
      values: await q.rows({
        text: `select attribute, place, text, folded, number, day from item_value
               where tenant_id = $1 and item_id = $2 and attribute <> all($3::text[]) order by attribute, place`,
        values: [tenantId, id, [...named]],
      }),
      seen: await q.rows({
        text: 'select source, external_id from item_source_seen where tenant_id = $1 and item_id = $2',
        values: [tenantId, id],
      }),
    }))
  let same = 0
  for (const [id, { externalId }] of sample) {
    const [generated, written] = [
      JSON.stringify(await rowsOf(tenant.tenantId, id)),
      JSON.stringify(await rowsOf(other.tenantId, made.get(externalId) ?? id)),
    ]
    if (generated === written) same += 1
    else tell(`  differs:\n  ${generated}\n  ${written}`)
  }
  figures['generated rows as commands write them'] = { same, compared: sample.size }
  tell(`${sample.size} generated items: the rows of ${same} are as commands write them`)
  if (same !== sample.size || same === 0)
    wrong.push(`generated rows differ from those of commands: ${same} of ${sample.size}`)
}

const megabytes = async (pid: number | undefined): Promise<number> => {
  const status = await readFile(`/proc/${pid ?? 0}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
}

/** What somebody else waits for a small answer, while this goes on. */
const beside = async (address: string, key: string, work: () => Promise<unknown>): Promise<Measured> => {
  const waited: number[] = []
  const state = { isOver: false }
  const working = work().finally(() => {
    state.isOver = true
  })
  while (!state.isOver) {
    const began = performance.now()
    await (
      await fetch(`${address}/api/v1/item-classes`, { headers: { authorization: `Bearer ${key}` } })
    ).arrayBuffer()
    waited.push(performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await working
  return measured(waited, 1, 0)
}

/** A hundred thousand items by a source: new, then the same again, then a fifth of them changed. */
const importing = async (address: string, bench: Bench): Promise<void> => {
  const tenant = await makeTenant(bench.database, permissions)
  const count = Math.min(100_000, items)
  const documents = (from: number, to: number, version: string) =>
    Array.from({ length: to - from }, (_, at) => {
      const number = String(from + at).padStart(7, '0')
      return {
        externalId: `host/${number}`,
        class: 'server',
        name: `srv-${number}`,
        values: {
          serial: `IM${number}`,
          asset_tag: `T-${number}`,
          hostname: `srv-${number}.example`,
          os: version,
          manufacturer: 'Altona',
          model: `Altona ${(from + at) % 9}00`,
          ip_addresses: [`10.1.${((from + at) >> 8) & 255}.${(from + at) & 255}`],
          memory: 64,
        },
      }
    })
  const round = async (name: string, version: (batch: number) => string): Promise<void> => {
    const began = performance.now()
    const times: number[] = []
    const counts: Record<string, number> = {}
    for (let from = 0; from < count; from += 1000) {
      const start = performance.now()
      const to = Math.min(count, from + 1000)
      const body = JSON.stringify({
        items: documents(from, to, version(from / 1000)),
        relations: Array.from({ length: to - from }, (_, at) => ({
          type: 'runs_on',
          from: `host/${String(from + at).padStart(7, '0')}`,
          to: `host/${String(Math.floor((from + at) / 20)).padStart(7, '0')}`,
        })).filter((one) => one.from !== one.to),
      })
      const response = await fetch(`${address}/api/v1/items/by-source/discovery`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json' },
        body,
      })
      const answer: { counts: Record<string, number> } = JSON.parse(await response.text())
      if (!response.ok) throw new Error(`a batch was refused: ${JSON.stringify(answer)}`)
      for (const [kind, number] of Object.entries(answer.counts)) counts[kind] = (counts[kind] ?? 0) + number
      times.push(performance.now() - start)
    }
    const took = (performance.now() - began) / 1000
    const over = took > importBudgetSeconds
    if (over) wrong.push(`import of ${count} items, ${name}: ${took.toFixed(0)} s`)
    figures[`import by a source, ${name}`] = {
      items: count,
      seconds: took,
      counts,
      batch: measured(times, took, 0),
    }
    tell(
      `  ${count} items by a source, ${name}: ${took.toFixed(1)} s ${JSON.stringify(counts)}, a batch ${show(measured(times, took, 0))}${over ? ' OVER' : ''}`,
    )
  }
  await round('new', () => 'Debian 12')
  await round('the same again', () => 'Debian 12')
  await round('a fifth changed', (batch) => (batch % 5 === 0 ? 'Debian 13' : 'Debian 12'))
}

if (values.data !== undefined) await mkdir(values.data, { recursive: true })
const bench = await openBench(values.data)
try {
  const kept = await keptIn(bench, values.data)
  const models = {
    large: modelFor(items, relations, kept.until),
    small: modelFor(items / aHundredth, relations / aHundredth, kept.until),
  }
  let made = 0
  await withoutIndexes(
    bench,
    kept.filled,
    async () => {
      const began = performance.now()
      await fillConfiguration(bench, kept.small, models.small, tell)
      await fillConfiguration(bench, kept.large, models.large, tell)
      made = (performance.now() - began) / 1000
      await keep(values.data, { ...kept, filled: true })
    },
    tell,
  )
  if (made > 0) figures['generated in seconds'] = made
  const sideOf = async (tenant: BenchTenant, model: Model): Promise<Side> => ({
    tenant,
    model,
    filled: await fillConfiguration(bench, tenant, model, tell),
    key: await keyFor(bench, tenant.tenantId, tenant.requesterId, permissions),
  })
  if (values.only !== 'fill')
    await measure(bench, await sideOf(kept.large, models.large), await sideOf(kept.small, models.small))
} finally {
  await bench.end()
}

async function measure(place: Bench, large: Side, small: Side): Promise<void> {
  const product = await place.program('serve.ts')
  const { address } = product
  const names = Object.keys(questions).filter(
    (name) => values.only === undefined || name.includes(values.only),
  )
  await compareWithCommands(place, address, small)
  await prove(address, small)
  tell('all is well, read by somebody who may see everything:')
  await askAll(address, large, small, 'everything', names)
  tell('the same by somebody whose teams support some of it:')
  const narrow = async (side: Side): Promise<Side> => ({ ...side, key: await narrowReader(place, side) })
  await askAll(
    address,
    await narrow(large),
    await narrow(small),
    'some',
    names.filter((name) => name.startsWith('list')),
  )
  const down = Math.max(5, Math.round(items / 10_000))
  for (const side of [large, small])
    for (let at = 0; at < (side === large ? down : 5); at += 1)
      await fetch(`${address}/api/v1/items/${any(side.model)}/health`, {
        method: 'POST',
        headers: { authorization: `Bearer ${side.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          health: at % 3 === 0 ? 'degraded' : 'down',
          reason: 'bench',
          until: new Date(Date.now() + 3_600_000).toISOString(),
        }),
      })
  tell(`${down} of the items are down or degraded:`)
  await askAll(
    address,
    large,
    small,
    'troubled',
    names.filter((name) => !name.includes('blast') && !name.startsWith('count')),
  )
  const waited = await beside(address, small.key, async () => {
    for (let at = 0; at < 10; at += 1)
      await fetch(`${address}/api/v1/items/blast-radius`, {
        method: 'POST',
        headers: { authorization: `Bearer ${large.key}`, 'content-type': 'application/json' },
        body: blast([hub(large.model)], { maxHops: 10, maxItems: 5000 }).body ?? '',
      })
  })
  figures['a small answer beside blast radii of hubs'] = waited
  tell(`a small answer beside blast radii of hubs: ${show(waited)}`)
  figures['most memory of the server, MB'] = await megabytes(product.child.pid)
  tell(`most memory of the server: ${(await megabytes(product.child.pid)).toFixed(0)} MB`)
  if (values.only === undefined) {
    tell('import:')
    await importing(address, place)
  }
  figures['load at the end'] = loadavg()
}

if (values.only === undefined) {
  await keepFigures('configuration', figures)
  tell('kept in bench/results/configuration.json')
}
for (const line of wrong) tell(`OVER ${line}`)
if (wrong.length > 0) process.exitCode = 1
