import { afterAll, beforeAll, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { importsOf, pastLine, pastRecord } from '../../../test/past.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { originOf } from '../../kernel/evidence/checkpoint.ts'
import { newSigningKey, signingKey, verifierKey } from '../../kernel/evidence/note.ts'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { sealerWith } from '../../platform/journal/sealer.ts'
import { read } from '../../platform/postgres/database.ts'
import { accessRows } from '../record/index.ts'
import { checkConformance } from './incident.conformance.read.ts'
import { pastIncidents } from './incident.past.write.ts'

const key = signingKey(newSigningKey().privateKeyPem)

let world: World
let cast: Cast
let imports: ReturnType<typeof importsOf>
let olga: TestPerson
let batch: string
let zeppelin: string
let own: string
beforeAll(async () => {
  world = await createWorld({
    journalKeys: async (tenantId) => [verifierKey(originOf(tenantId), key.publicKey)],
  })
  cast = await castOf(world, 'harbor')
  imports = importsOf(world, cast.tenant, cast.lena)
  olga = await cast.tenant.person('Olga', 'auditor', 'agent')
  own = (await cast.raise(cast.rita, { title: 'Our own zeppelin neighbor' })).id
  batch = await imports.batch()
  await imports.bring(batch, records())
  zeppelin = await read(world.database, cast.tenant.id, async (q) => {
    const { id } = await q.one<{ id: string }>({
      text: `select id from record where tenant_id = $1 and number = 'INC0000777'`,
      values: [q.tenantId],
    })
    return id
  })
  await cast.lena.api.linkIncident({ params: { id: own }, body: { type: 'related', toId: zeppelin } })
  await cast.lena.api.commentIncident({
    params: { id: zeppelin },
    body: { audience: 'public', body: 'We are on it' },
  })
  const sealing = reactionRunner(sealerWith(key), {
    database: world.database,
    now: world.clock.now,
  })
  while ((await olga.api.readJournalState()).unsealed > 0) await sealing.run()
})
afterAll(() => world.end())

const records = () => {
  const base = {
    number: 'INC0000777',
    title: 'Marooned zeppelin at gate 9',
    description: 'Marooned',
    requester: cast.rita.id,
    team: cast.networkId,
    assignee: cast.lena.id,
  }
  return [
    pastRecord('z1', [
      pastLine(2, '2026-03-01T08:00:00.000Z', { ...base, team: cast.mailId, state: 'new' }),
      pastLine(3, '2026-03-01T09:00:00.000Z', { ...base, state: 'in_progress' }, cast.lena.id),
      pastLine(4, '2026-03-01T10:00:00.000Z', { ...base, state: 'on_hold', holdReason: 'parts' }),
    ]),
    pastRecord('z2', [
      pastLine(5, '2026-03-01T08:00:00.000Z', {
        ...base,
        number: 'INC0000778',
        title: 'Marooned again',
        priority: '1',
        state: 'in_progress',
      }),
    ]),
  ]
}

const file = async (by: TestPerson, path: string): Promise<string> => {
  const answer = await world.app.inject({ url: `/api/v1${path}`, headers: { cookie: by.cookie } })
  expect(answer.statusCode).toBe(200)
  return answer.body
}

/** What every reader that shows records says, as text. */
const everything = async (): Promise<Record<string, string>> => {
  const { lena, rita } = cast
  const said = await Promise.all(
    Object.entries({
      list: lena.api.listIncidents({ query: { limit: 100 } }),
      counted: lena.api.countIncidents({ query: { q: 'INC0000777' } }),
      groups: lena.api.groupIncidents({ query: { by: 'state', q: 'marooned' } }),
      found: lena.api.listIncidents({ query: { q: 'marooned' } }),
      similar: lena.api.similarIncidents({ query: { title: 'Marooned zeppelin at gate' } }),
      linked: cast.read(own),
      linkedHistory: lena.api.incidentTimeline({ params: { id: own }, query: { limit: 200 } }),
      home: lena.api.readHome({}),
      teamHome: lena.api.readTeamHome({}),
      portal: rita.api.readPortal({}),
      csv: file(lena, '/incidents/export'),
      holds: lena.api.reportHolds({ query: {} }),
      teams: lena.api.reportTeams({ query: { q: 'marooned' } }),
      journal: olga.api.listJournal({ query: { limit: 200 } }),
      journalOf: olga.api.listJournal({ query: { subject: zeppelin } }),
      journalExport: file(olga, '/journal/export'),
    }).map(async ([name, answer]) => [name, JSON.stringify(await answer)] as const),
  )
  return Object.fromEntries(said)
}

const tells = (text: string): boolean => /zeppelin at gate|INC0000777|marooned/i.test(text)

let load = ''

test('until it is voided, every reader knows what the batch brought', async () => {
  const said = await everything()
  const silent = Object.entries(said).filter(([, text]) => !tells(text))
  // Those that only count, or name no title.
  expect(silent.map(([name]) => name).sort()).toEqual(['counted', 'groups', 'teamHome', 'teams'])
  expect(said['journalExport']).toContain(zeppelin)
  expect(said['counted']).toBe('{"count":1,"capped":false}')
  expect(said['teams']).toContain('"counted":2')
  expect(said['holds']).toContain('"holds":1')
  load = said['teamHome'] ?? ''
})

test('voided, it is there for nobody: by one row, whatever reads', async () => {
  const before = await read(world.database, cast.tenant.id, checkAll)
  expect(before).toMatchObject({ imported: 2 })
  await imports.voidBatch(batch)
  const said = await everything()
  // The journal as evidence stays whole, with what people wrote withheld: numbers and ids are in it, words are not.
  expect(Object.entries(said).flatMap(([name, text]) => (tells(text) ? [name] : []))).toEqual([
    'journalExport',
  ])
  expect(said['journalExport']).not.toMatch(/zeppelin at gate|marooned/i)
  expect(said['counted']).toBe('{"count":0,"capped":false}')
  expect(said['groups']).toContain('"groups":[]')
  expect(said['teams']).toContain('"counted":0')
  expect(said['holds']).toContain('"holds":0')
  expect(said['teamHome']).not.toBe(load)
  expect(said['journalOf']).toContain('"rows":[]')
  expect(said['linked']).toContain('"links":[]')
  await expect(cast.read(zeppelin)).rejects.toMatchObject({ status: 404 })
  await expect(cast.timeline(zeppelin)).rejects.toMatchObject({ status: 404 })
  await expect(cast.lena.api.incidentTeams({ params: { id: zeppelin } })).rejects.toMatchObject({
    status: 404,
  })
  await expect(
    cast.lena.api.commentIncident({ params: { id: zeppelin }, body: { audience: 'team', body: 'Hello' } }),
  ).rejects.toMatchObject({ status: 404 })
  const rights = await read(world.database, cast.tenant.id, (q) => accessRows(q, [zeppelin]))
  expect(rights.size).toBe(0)
  expect(await read(world.database, cast.tenant.id, checkAll)).toMatchObject({ imported: 0 })
})

const checkAll = (q: Parameters<typeof checkConformance>[0]) => checkConformance(q, () => {})

test('the same file comes in again as another batch, under the same numbers', async () => {
  const again = await imports.batch()
  expect(await imports.bring(again, records())).toMatchObject({ records: 2, updates: 4, refused: [] })
  expect((await cast.lena.api.countIncidents({ query: { q: 'INC0000777' } })).count).toBe(1)
  await imports.voidBatch(again)
  const third = await imports.batch()
  expect(await imports.bring(third, records())).toMatchObject({ records: 2, refused: [] })
})

test('a file that went on with records of an earlier one is told apart from one that brought them', async () => {
  const { rows } = await cast.lena.api.listIncidents({ query: { q: 'INC0000777' } })
  const known = { id: rows[0]?.id ?? '', updateKeys: new Set(['2', '3', '4']) }
  const next = await imports.batch()
  const more = pastLine(5, '2026-03-01T11:00:00.000Z', { title: 'Marooned', state: 'in_progress' })
  const [record] = records()
  await imports.bring(next, [pastRecord('z1', [...(record?.updates ?? []), more], known)])
  const facts = await read(world.database, cast.tenant.id, (q) => pastIncidents.facts(q, next))
  expect(facts).toMatchObject({ count: 1, updates: 4, withoutResolved: 1 })
  expect(await read(world.database, cast.tenant.id, (q) => pastIncidents.continued(q, next))).toBe(1)
})

test('with thousands of imported records, lists are read by their indexes', async () => {
  const large = await imports.batch()
  const many = Array.from({ length: 3000 }, (_, index) =>
    pastRecord(`m${index}`, [
      pastLine(index + 2, `2016-01-01T${String(index % 24).padStart(2, '0')}:00:00.000Z`, {
        title: `Quiet ${index}`,
        state: 'closed',
      }),
    ]),
  )
  for (let at = 0; at < many.length; at += 500) await imports.bring(large, many.slice(at, at + 500))
  await world.asAdmin('analyze record; analyze incident; analyze import_batch')
  const plan = await read(world.database, cast.tenant.id, async (q) => {
    const lines = await q.rows<{ 'QUERY PLAN': string }>({
      text: `explain select r.id from record_in_force r where r.tenant_id = $1 and r.kind = 'incident' and r.is_open
             order by r.priority, r.created_at desc, r.id desc limit 50`,
      values: [q.tenantId],
    })
    const same = await q.rows<{ 'QUERY PLAN': string }>({
      text: `explain select r.id from record r where r.tenant_id = $1 and r.kind = 'incident' and r.is_open
             order by r.priority, r.created_at desc, r.id desc limit 50`,
      values: [q.tenantId],
    })
    return [lines, same].map((one) => one.map((line) => line['QUERY PLAN']).join('\n'))
  })
  for (const one of plan) expect(one).toMatch(/Index (?:Only )?Scan using record_open/)
})
