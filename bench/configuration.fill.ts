import { ItemSource } from '@evenkeel/contract/item-class'
import { Client } from 'pg'
import type { ItemAttribute, ItemClasses, ItemSources } from '@evenkeel/contract/item-class'
import type { ItemState, ItemValue } from '@evenkeel/contract/item'
import { write, type Author, type Tx } from '../server/src/platform/journal/write.ts'
import { publishPolicy } from '../server/src/platform/policy/policy.ts'
import { read } from '../server/src/platform/postgres/database.ts'
import { insertMany } from '../server/src/platform/postgres/insert-many.ts'
import { uuidv7 } from '../server/src/kernel/uuid.ts'
import type { Edge } from '../server/src/kernel/impact/relation.ts'
import { addItem, changeItem, saying } from '../server/src/practices/configuration/item.commands.ts'
import {
  itemClassesPolicy,
  itemSourcesPolicy,
} from '../server/src/practices/configuration/item-class.policy.ts'
import { shippedClasses } from '../server/src/practices/configuration/item-class.shipped.ts'
import { inForce, type InForce } from '../server/src/practices/configuration/item.model.ts'
import {
  noChanges,
  storeItems,
  type ItemRow,
  type Known,
} from '../server/src/practices/configuration/item.repo.ts'
import { createPerson, createTeam } from '../server/src/practices/people/index.ts'
import { makeEstate, randomFrom, type Estate } from './estate.ts'
import type { Bench, BenchTenant } from './place.ts'

// Items and relations with what was known of them at which time, straight into the tables. What an item's rows hold is made by the commands'
// own functions (`addItem`, `changeItem`, `storeItems`), so that lists, pages and questions meet what commands would have written; the
// journal is left out. Every batch commits with how far it came, so that it goes on where it was interrupted.

const day = 86_400_000
const itemsAtOnce = 1000
const relationsAtOnce = 20_000

/** What stands in an estate of `items` nodes: the same for the same numbers, so that what was begun can be finished. */
export type Model = {
  readonly items: number
  readonly relations: number
  readonly estate: Estate
  /** Everything was known by then. */
  readonly until: number
}

export const modelFor = (items: number, relations: number, until: number): Model => ({
  items,
  relations,
  // Pairs that come twice are one relation: there is something to spare.
  estate: makeEstate(items, Math.round(relations * 1.2)),
  until,
})

export const idOf = (place: number): string =>
  `01900000-0000-7000-8000-${place.toString(16).padStart(12, '0')}`

const placeOf = (node: string): number => Number(node.slice(1))

export const layerOf = ({ estate }: Model, place: number): string =>
  estate.layers.find(({ first, count }) => place >= first && place < first + count)?.name ?? 'workplace'

/** Each relation once, as the model of items has it: groups are members of the item that needs some of them. */
export const relationsIn = function* (model: Model): Generator<Edge & { readonly type: string }> {
  const seen = new Set<number>()
  for (const edge of model.estate.edges()) {
    if (seen.size >= model.relations) return
    const [above, below] = [placeOf(edge.dependent), placeOf(edge.support)]
    const key = above * model.items + below
    if (above === below || seen.has(key)) continue
    seen.add(key)
    yield { ...edge, type: typeOf(model, edge, below) }
  }
}

const typeOf = (model: Model, edge: Edge, below: number): string => {
  if (edge.group !== null) return 'member_of'
  if (edge.strength === 'weak') return 'connected_to'
  const on = layerOf(model, below)
  return on === 'site' ? 'hosted_in' : on === 'application' || on === 'database' ? 'depends_on' : 'runs_on'
}

const given: Omit<ItemAttribute, 'key' | 'label' | 'type'> = {
  help: '',
  unit: '',
  choices: [],
  pattern: '',
  min: null,
  max: null,
  unique: false,
  required: false,
  restricted: false,
  indexed: true,
  retired: false,
}

const classes: ItemClasses = {
  classes: [
    ...shippedClasses.classes,
    {
      key: 'storage',
      label: 'Storage',
      parent: 'hardware',
      abstract: false,
      retired: false,
      attributes: [{ ...given, key: 'capacity', label: 'Capacity', type: 'number', unit: 'TB' }],
    },
    {
      key: 'workstation',
      label: 'Workstation',
      parent: 'hardware',
      abstract: false,
      retired: false,
      attributes: [
        { ...given, key: 'hostname', label: 'Host name', type: 'text' },
        { ...given, key: 'os', label: 'Operating system', type: 'text' },
      ],
    },
  ],
}

const sources: ItemSources = {
  ...itemSourcesPolicy.initial,
  sources: [
    ItemSource.parse({ name: 'hand', label: 'By hand', staleAfterDays: null }),
    ItemSource.parse({ name: 'register', label: 'Asset register', staleAfterDays: 400 }),
    ItemSource.parse({ name: 'discovery', label: 'Discovery', staleAfterDays: 30 }),
  ],
}

const systems = [
  'Debian 12',
  'Debian 13',
  'Ubuntu 24.04',
  'Windows Server 2022',
  'Windows Server 2025',
  'RHEL 9',
]
const makers = ['Altona', 'Borealis', 'Cirrus', 'Dovetail', 'Ember', 'Fjord', 'Gannet', 'Harrow']
const zones = ['office', 'clinic', 'plant', 'dmz', 'backbone']

/** What somebody says of the thing at a place. */
type Described = {
  readonly class: string
  readonly name: string
  readonly source: string
  readonly state: ItemState
  readonly values: Readonly<Record<string, ItemValue>>
  /** What another source says of it, from its own books. */
  readonly register: Readonly<Record<string, ItemValue>> | null
  /** What changed since. */
  readonly changed: Readonly<Record<string, ItemValue>> | null
}

type People = { readonly owners: readonly string[]; readonly teams: readonly string[] }

const describe = (model: Model, place: number, { owners, teams }: People): Described => {
  const random = randomFrom(place * 31 + 7)
  const one = <Value>(all: readonly Value[], skew = 2): Value => {
    const value = all[Math.floor(all.length * random() ** skew)]
    if (value === undefined) throw new RangeError('nothing to choose from')
    return value
  }
  const layer = layerOf(model, place)
  const needed = neededOf(layer)
  const sites = model.estate.layers[0]?.count ?? 1
  const number = String(place).padStart(7, '0')
  const common = {
    support_team: one(teams),
    ...(needed === undefined ? {} : { members_needed: needed }),
  }
  const machine = {
    ...common,
    manufacturer: one(makers),
    serial: `SN${number}${Math.floor(random() * 1000)}`,
    location: idOf(Math.floor(sites * random() ** 3)),
    warranty_until: new Date(model.until + (random() - 0.3) * 1000 * day).toISOString().slice(0, 10),
  }
  const address = `10.${place >> 16}.${(place >> 8) & 255}.${place & 255}`
  const state: ItemState =
    layer !== 'workplace' || random() > 0.06 ? 'in_use' : one(['in_stock', 'retired'], 1)
  const made = (
    key: string,
    name: string,
    values: Readonly<Record<string, ItemValue>>,
    changed: Readonly<Record<string, ItemValue>>,
  ): Described => ({
    class: key,
    name,
    source: 'discovery',
    state,
    values,
    register:
      random() < 0.2
        ? {
            owner: one(owners),
            supplier: `${one(makers)} Trading`,
            cost: { amount: (random() * 9000).toFixed(2), currency: 'EUR' },
          }
        : null,
    changed: random() < 0.15 ? changed : null,
  })
  switch (layer) {
    case 'site':
      return {
        ...made(
          'location',
          `Site ${number}`,
          { ...common, kind: one(['site', 'building', 'room', 'rack', 'ward'], 1) },
          {},
        ),
        source: 'hand',
        changed: null,
      }
    case 'switch':
      return made(
        'network_device',
        `sw-${number}`,
        {
          ...machine,
          hostname: `sw-${number}.net.example`,
          ip_addresses: [address],
          firmware: '12.1',
          network_zone: one(zones),
        },
        { firmware: `12.${Math.ceil(random() * 9)}` },
      )
    case 'storage':
      return made(
        'storage',
        `stor-${number}`,
        { ...machine, capacity: Math.ceil(random() * 900) },
        { capacity: 1000 },
      )
    case 'host':
    case 'machine':
      return made(
        'server',
        `${layer === 'host' ? 'hv' : 'vm'}-${number}`,
        {
          ...machine,
          hostname: `${layer === 'host' ? 'hv' : 'vm'}-${number}.example`,
          ip_addresses: [address],
          os: one(systems),
          environment: one(['production', 'production', 'test', 'development'], 1),
          memory: 2 ** Math.ceil(random() * 9),
          is_virtual: layer === 'machine',
        },
        { os: one(systems, 1) },
      )
    case 'database':
      return made(
        'database',
        `db-${number}`,
        {
          ...common,
          engine: one(['PostgreSQL', 'Oracle', 'SQL Server', 'MariaDB']),
          version: '17.2',
          size: Math.ceil(random() * 4000),
        },
        { version: '18.4' },
      )
    case 'application':
      return made(
        'application',
        `${one(makers)} app ${number}`,
        {
          ...common,
          vendor: one(makers),
          version: `${Math.ceil(random() * 9)}.0`,
          personal_data: random() < 0.4,
        },
        { version: `${Math.ceil(random() * 9)}.1` },
      )
    case 'service':
      return {
        ...made(
          random() < 0.6 ? 'business_service' : 'technical_service',
          `Service ${number}`,
          {
            ...common,
            criticality: one(['1', '2', '3', '4'], 0.6),
            users_served: Math.ceil(random() ** 3 * 5000),
            departments: [one(zones)],
            critical_or_important: random() < 0.05,
          },
          { users_served: Math.ceil(random() * 5000) },
        ),
        source: 'hand',
        state: 'in_use',
        register: null,
      }
    default:
      return place % 5 === 0
        ? made(
            'medical_device',
            `Device ${number}`,
            {
              ...machine,
              life_support: random() < 0.05,
              firmware: '3.0',
              network_zone: 'clinic',
              patient_data: random() < 0.3,
            },
            { firmware: `3.${Math.ceil(random() * 9)}` },
          )
        : made(
            'workstation',
            `ws-${number}`,
            {
              ...machine,
              hostname: `ws-${number}.example`,
              os: one(['Windows 11', 'Debian 13', 'macOS 15']),
            },
            { os: 'Windows 11' },
          )
  }
}

/** How many of the members of such an item have to be alive. */
const neededOf = (layer: string): number | undefined =>
  ['switch', 'storage', 'host', 'machine'].includes(layer)
    ? 1
    : ['database', 'application'].includes(layer)
      ? 2
      : undefined

/** What the source says of the thing at a place, as commands take it; nothing where more was said of it since. */
export const documentFor = (model: Model, place: number, people: People) => {
  const { class: key, name, state, values, source, register, changed } = describe(model, place, people)
  return register === null && changed === null && source === 'discovery'
    ? { externalId: `${key}/${place}`, class: key, name, state, values }
    : undefined
}

const tables = ['item', 'item_fact', 'item_relation', 'item_value', 'item_source_seen'] as const

/** A transaction of commands that writes by another connection, and no journal. */
const writing = (client: Client, author: Author, sent: Promise<unknown>[]): Tx => {
  const never = (): never => {
    throw new Error('filling reads nothing')
  }
  return {
    tenantId: author.tenantId,
    author,
    rows: never,
    maybe: never,
    one: never,
    insert: never,
    journalPast: never,
    journal: () => '',
    send: (query) => {
      if (!('text' in query)) throw new Error('filling sends texts')
      const { text, values } = query
      const pending = client.query({ text, values: [...values] })
      pending.catch(() => {})
      sent.push(pending)
    },
  }
}

const at = (time: number): string => new Date(time).toISOString()

const people = async (bench: Bench, author: Author): Promise<People> => {
  const found = await read(bench.database, author.tenantId, async (q) => ({
    owners: await q.rows<{ id: string }>({
      text: `select id from person where tenant_id = $1 and name like 'Owner %' order by name`,
      values: [q.tenantId],
    }),
    teams: await q.rows<{ id: string }>({
      text: `select id from team where tenant_id = $1 and name like 'Team %' order by name`,
      values: [q.tenantId],
    }),
  }))
  const [owners, teams] = [found.owners.map(({ id }) => id), found.teams.map(({ id }) => id)]
  for (let place = owners.length; place < 100; place += 1)
    owners.push(
      await createPerson(bench.database, author, {
        name: `Owner ${String(place).padStart(3, '0')}`,
        email: `owner.${place}@${author.tenantId}.test`,
        roles: ['requester'],
      }),
    )
  for (let place = teams.length; place < 60; place += 1)
    teams.push(
      await createTeam(bench.database, author, {
        name: `Team ${String(place).padStart(3, '0')}`,
        members: [{ personId: owners[place] ?? '' }],
      }),
    )
  return { owners, teams }
}

/** The classes and sources that the model speaks of. */
export const publishModel = ({ database }: Bench, tenantId: string): Promise<void> =>
  write(
    database,
    {
      tenantId,
      actor: { kind: 'system', id: null, onBehalfOf: null, via: 'bench' },
      request: null,
      now: at(Date.now()),
    },
    async (tx) => {
      await publishPolicy(tx, itemClassesPolicy, { document: classes, note: 'bench', basedOn: 0 })
      await publishPolicy(tx, itemSourcesPolicy, { document: sources, note: 'bench', basedOn: 0 })
    },
  )

export type Filled = { readonly people: People; readonly seconds: number }

/** Makes the model of a tenant, or what is missing of it. */
export const fillConfiguration = async (
  bench: Bench,
  { tenantId }: Pick<BenchTenant, 'tenantId'>,
  model: Model,
  tell: (line: string) => void,
): Promise<Filled> => {
  const began = performance.now()
  const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'bench' } as const
  const author: Author = { tenantId, actor, request: null, now: at(Date.now()) }
  const client = new Client({ connectionString: bench.server.adminUrl.replace('@/postgres?', '@/evenkeel?') })
  await client.connect()
  const reached = async (key: string): Promise<number> => {
    const { rows } = await client.query<{ done: string }>(
      'select done from bench_progress where tenant_id = $1 and key = $2',
      [tenantId, key],
    )
    return Number(rows[0]?.done ?? 0)
  }
  const reach = (key: string, done: number): Promise<unknown> =>
    client.query(
      'insert into bench_progress values ($1, $2, $3) on conflict (tenant_id, key) do update set done = excluded.done',
      [tenantId, key, done],
    )
  try {
    await client.query(
      'create table if not exists bench_progress (tenant_id uuid, key text, done bigint, primary key (tenant_id, key))',
    )
    if ((await reached('policies')) === 0) {
      await publishModel(bench, tenantId)
      await reach('policies', 1)
    }
    const persons = await people(bench, author)
    const force = await inForce(bench.database, tenantId, at(Date.now()))
    // Foreign keys hold by how the rows are made; asking for each of ten million would take the time of everything else.
    await client.query('set session_replication_role = replica')
    await client.query('set synchronous_commit = off')
    for (let from = await reached('items'); from < model.items; from += itemsAtOnce) {
      const to = Math.min(model.items, from + itemsAtOnce)
      await client.query('begin')
      await items(client, author, force, model, persons, from, to)
      await reach('items', to)
      await client.query('commit')
      if (to % 50_000 === 0 || to === model.items)
        tell(`${to} of ${model.items} items after ${seconds(began)} s`)
    }
    const done = await reached('relations')
    let [place, batch]: [number, (Edge & { readonly type: string })[]] = [0, []]
    const flush = async (): Promise<void> => {
      await client.query('begin')
      await relations(client, tenantId, model, place - batch.length, batch)
      await reach('relations', place)
      await client.query('commit')
      if (place % 250_000 === 0) tell(`${place} of ${model.relations} relations after ${seconds(began)} s`)
      batch = []
    }
    if (done < model.relations)
      for (const relation of relationsIn(model)) {
        place += 1
        if (place <= done) continue
        batch.push(relation)
        if (batch.length === relationsAtOnce) await flush()
      }
    if (batch.length > 0) await flush()
    return { people: persons, seconds: seconds(began) }
  } finally {
    await client.end()
  }
}

const seconds = (began: number): number => Math.round((performance.now() - began) / 1000)

const items = async (
  client: Client,
  author: Author,
  force: InForce,
  model: Model,
  persons: People,
  from: number,
  to: number,
): Promise<void> => {
  const sent: Promise<unknown>[] = []
  // What is stood on was known first; each was known a while before it was known better.
  const random = randomFrom(from + 11)
  const known = model.until - 1100 * day + (from / model.items) * 365 * day
  const later = known + 30 * day + random() * 200 * day
  const latest = model.until - random() * 400 * day
  const first = writing(client, { ...author, now: at(known) }, sent)
  const second = writing(client, { ...author, now: at(later) }, sent)
  const third = writing(client, { ...author, now: at(latest) }, sent)
  const [made, registered, changed] = [noChanges(), noChanges(), noChanges()]
  const services: ItemRow[] = []
  const seen: { source: string; external_id: string; item_id: string }[] = []
  for (let place = from; place < to; place += 1) {
    const id = idOf(place)
    const what = describe(model, place, persons)
    const [facts, others] = [made.add.length, registered.add.length]
    let row = addItem(
      first,
      force,
      {
        id,
        class: what.class,
        name: what.name,
        values: what.values,
        state: what.state,
        source: what.source,
        saidBy: null,
        validFrom: at(known - random() * 300 * day),
      },
      made,
    )
    let now: Known = { row, facts: made.add.slice(facts), seen: [] }
    seen.push({ source: what.source, external_id: `${what.class}/${place}`, item_id: id })
    if (what.register !== null) {
      row = changeItem(
        second,
        force,
        now,
        [saying('register', null, at(known - random() * 200 * day), what.register)],
        registered,
      ).row
      now = { row, facts: [...now.facts, ...registered.add.slice(others)], seen: [] }
      seen.push({ source: 'register', external_id: `R${place}`, item_id: id })
    }
    if (what.changed !== null)
      // Found late: it was so for some days before anybody knew.
      row = changeItem(
        third,
        force,
        now,
        [saying(what.source, null, at(latest - random() * 20 * day), what.changed)],
        changed,
      ).row
    if (row.class === 'business_service' || row.class === 'technical_service') services.push(row)
  }
  // Rows as they came out in the end, facts as each was known.
  const rows = new Map([...made.rows, ...registered.rows, ...changed.rows].map((one) => [one.row.id, one]))
  storeItems(first, {
    close: [],
    add: [...made.add, ...registered.add, ...changed.add],
    rows: [...rows.values()].map((one) => ({ ...one, isNew: true })),
  })
  storeItems(third, { ...noChanges(), close: changed.close })
  for (const statement of [
    ...insertMany(
      'item_source_seen',
      { tenant_id: 'uuid', source: 'text', external_id: 'text', item_id: 'uuid', seen_at: 'timestamptz' },
      seen.map((one) => ({ ...one, tenant_id: author.tenantId, seen_at: at(model.until) })),
    ),
    ...insertMany(
      'service',
      {
        tenant_id: 'uuid',
        id: 'uuid',
        name: 'text',
        description: 'text',
        support_team_id: 'uuid',
        criticality: 'smallint',
        is_active: 'boolean',
        created_at: 'timestamptz',
      },
      services.map((row) => ({
        tenant_id: author.tenantId,
        id: row.id,
        name: row.name,
        description: '',
        support_team_id: row.supportTeamId,
        criticality: row.criticality ?? 3,
        is_active: true,
        created_at: row.createdAt,
      })),
    ),
  ])
    first.send(statement)
  await Promise.all(sent)
}

/** Relations in force now, and of one in ten what was known before. */
const relations = async (
  client: Client,
  tenantId: string,
  model: Model,
  first: number,
  batch: readonly (Edge & { readonly type: string })[],
): Promise<void> => {
  const random = randomFrom(first + 13)
  const rows = batch.flatMap(({ type, dependent, support }) => {
    const validFrom = model.until - random() * 1000 * day
    const knownFrom = validFrom + random() * 10 * day
    const row = {
      tenant_id: tenantId,
      relation_id: uuidv7(),
      type,
      below_id: idOf(placeOf(support)),
      above_id: idOf(placeOf(dependent)),
      source: 'discovery',
      valid_from: at(validFrom),
      valid_to: null,
      known_from: at(knownFrom),
      known_to: null,
      seen_at: at(model.until),
    }
    const one = (more: { readonly [Key in keyof typeof row]?: string | null }) => ({
      ...row,
      id: uuidv7(),
      ...more,
    })
    const luck = random()
    // One was thought to have begun earlier; one ended and came back.
    if (luck < 0.05) {
      const corrected = at(knownFrom + random() * 100 * day)
      return [
        one({ valid_from: at(validFrom - 40 * day), known_to: corrected }),
        one({ known_from: corrected }),
      ]
    }
    if (luck < 0.1) {
      const [begun, ended] = [at(validFrom - 300 * day), at(validFrom - 100 * day)]
      return [
        one({ valid_from: begun, known_from: begun, known_to: ended }),
        one({ valid_from: begun, valid_to: ended, known_from: ended }),
        one({}),
      ]
    }
    return [one({})]
  })
  for (const { text, values } of insertMany(
    'item_relation',
    {
      tenant_id: 'uuid',
      id: 'uuid',
      relation_id: 'uuid',
      type: 'text',
      below_id: 'uuid',
      above_id: 'uuid',
      source: 'text',
      valid_from: 'timestamptz',
      valid_to: 'timestamptz',
      known_from: 'timestamptz',
      known_to: 'timestamptz',
      seen_at: 'timestamptz',
    },
    rows,
  ))
    await client.query({ text, values: [...values] })
}

/**
 * Without its indexes a table takes rows many times as fast. They are told to rest, and made anew by `vacuum full`, which does not look again
 * for what cannot overlap: rows are made so. Where that was interrupted it goes on.
 */
export const withoutIndexes = async (
  bench: Bench,
  isFilled: boolean,
  work: () => Promise<void>,
  tell: (line: string) => void,
): Promise<void> => {
  const admin = async <Result>(task: (client: Client) => Promise<Result>): Promise<Result> => {
    const client = new Client({
      connectionString: bench.server.adminUrl.replace('@/postgres?', '@/evenkeel?'),
    })
    await client.connect()
    try {
      return await task(client)
    } finally {
      await client.end()
    }
  }
  const awake = `update pg_index set indisready = $2, indisvalid = $2
                 where indrelid = any($1::regclass[]) and not indisprimary`
  if (!isFilled) {
    await admin(async (client) => {
      await client.query('create table if not exists bench_resting (name text primary key)')
      await client.query('insert into bench_resting select unnest($1::text[]) on conflict do nothing', [
        [...tables],
      ])
      await client.query(awake, [[...tables], false])
    })
    await work()
  }
  const resting = await admin(async (client) => {
    const { rows } = await client.query<{ name: string }>('select name from bench_resting order by name')
    return rows.map(({ name }) => name)
  })
  for (const name of resting) {
    const began = performance.now()
    await admin((client) => client.query(awake, [[name], true]))
    await admin(async (client) => {
      await client.query(`set maintenance_work_mem = '1GB'`)
      await client.query(`vacuum (full, analyze) ${name}`)
      await client.query(`vacuum ${name}`)
      await client.query('delete from bench_resting where name = $1', [name])
    })
    tell(`indexes of ${name} are there again after ${seconds(began)} s`)
  }
}
