import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filtersOn, ids, type Row, rows } from '../../../test/filters.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { bindFilter } from '../../kernel/filter/bind.ts'
import { type Facts, predicateOf } from '../../kernel/filter/predicate.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read } from '../../platform/postgres/database.ts'
import { beginning, filterContext, nextCursor, pageQuery, type List } from '../record/index.ts'
import { incidentList } from './incident.list.ts'

// Lists by a tenant's own fields and by where an incident was begin at an index of their own, and find what they would find without it.

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 150)

type Tenant = Awaited<ReturnType<World['tenant']>>
type Past = Row & { readonly given: readonly string[]; readonly back: readonly string[] }

let world: World
let random: Tenant
let many: Tenant

const teams = fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 })
const seed = fc.sample(fc.integer(), 1)[0] ?? 0
const pasts: readonly Past[] = fc.sample(
  fc.tuple(rows, teams, teams).map(([row, given, back]) => ({ ...row, given, back })),
  { numRuns: 200, seed },
)
const teamOf = ({ team }: Past): string => team ?? String(ids[0])
const kinds = ['new', 'in_progress', 'empty', 'parked']
const fields = [
  { key: 'words', type: 'text' },
  { key: 'kind', type: 'choice' },
  { key: 'cost', type: 'number' },
  { key: 'due', type: 'date' },
  { key: 'major', type: 'boolean' },
] as const
const customOf = ({ title, state, cost, due, major }: Past): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries({ words: title, kind: state, cost, due, major }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  )

const literal = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "''")}'`
const id = (index: number): string => `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`

const tenantWithFields = async (name: string): Promise<{ tenant: Tenant; agent: TestPerson }> => {
  const tenant = await world.tenant(name)
  const agent = await tenant.person('Amir', 'agent')
  const ada = await tenant.person('Ada', 'administrator')
  for (const { key, type } of fields)
    await ada.api.createCustomField({
      body: { key, type, label: key, ...(type === 'choice' ? { choices: kinds } : {}) },
    })
  await agent.api.raiseIncident({ body: { title: 'The first' } })
  return { tenant, agent }
}

const insertRecords = (from: string): string => `
  with made as (select r.tenant_id, m.id, m.custom, coalesce(m.team_id, r.team_id) as team_id, r.requester_id, r.created_at + m.g * interval '1 minute' as at
    from record r, (${from}) as m where r.tenant_id = (select tenant_id from base)),
  records as (
    insert into record (tenant_id, id, kind, number, title, state, is_open, priority, team_id, requester_id, created_at, updated_at, custom)
    select tenant_id, id, 'incident', 'X' || right(id::text, 6), 'made', 'new', true, 4, team_id, requester_id, at, at, custom from made)
  insert into incident (tenant_id, id, impact, urgency, computed_priority, matrix_version, channel, raised_by, routing, team_path, team_since)
  select tenant_id, id, 3, 3, 4, 0, 'portal', requester_id, '{}', array[team_id], at from made;`

beforeAll(async () => {
  world = await createWorld()
  random = (await tenantWithFields('random')).tenant
  const base = (tenant: Tenant): string =>
    `create temporary table base as select '${tenant.id}'::uuid as tenant_id;`
  const entries = pasts.flatMap(({ given, back }, index) => [
    ...given.map((from) => ({
      subject: id(index),
      type: 'incident.assigned',
      data: { changes: { team_id: { from } } },
    })),
    ...back.map((team) => ({
      subject: id(index),
      type: 'incident.bounced',
      data: { teams: [team, ids[0], team] },
    })),
  ])
  const enter = (from: string): string => `
    insert into journal (tenant_id, id, era, at, actor_kind, via, subject_kind, subject_id, type, data)
    select tenant_id, gen_random_uuid(), (select max(era) from journal_era), now(), 'system', 'test', 'incident', e.subject, e.type, e.data
    from base, (${from}) as e;`
  await world.asAdmin(
    `${base(random)}
     insert into team (tenant_id, id, name, created_at) select tenant_id, t::uuid, 'Team ' || t, now() from base, unnest(array['${ids.join("','")}']) as t;
     ${insertRecords(
       `select * from jsonb_to_recordset(${literal(
         pasts.map((past, g) => ({ g, id: id(g), team_id: teamOf(past), custom: customOf(past) })),
       )}::jsonb) as x (g int, id uuid, team_id uuid, custom jsonb)`,
     )}
     ${enter(`select * from jsonb_to_recordset(${literal(entries)}::jsonb) as x (subject uuid, type text, data jsonb)`)}`,
  )
  many = (await tenantWithFields('many')).tenant
  await world.asAdmin(
    `${base(many)}
     insert into team (tenant_id, id, name, created_at) select tenant_id, '${ids[0]}', 'Far', now() from base;
     ${insertRecords(`select g, ('01900000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid as id, null::uuid as team_id, jsonb_build_object(
       'words', 'note ' || g, 'kind', case when g % 4000 = 0 then 'parked' else 'new' end, 'cost', g, 'due', to_char(date '2020-01-01' + g % 3000, 'YYYY-MM-DD'), 'major', g % 4000 = 0
     ) as custom from generate_series(1, 12000) as g`)}
     ${enter(`select ('01900000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid as subject, 'incident.assigned' as type,
       '{"changes": {"team_id": {"from": "${ids[0]}"}}}'::jsonb as data from generate_series(1, 30) as g`)}`,
  )
  await world.asAdmin('vacuum analyze record, incident, record_value, record_handover')
}, 60_000)
afterAll(() => world.end())

const callerOf = (tenant: Tenant): Caller => ({
  ...tenant.author(),
  personId: id(999_999),
  personName: 'Amir',
  language: 'en',
  timeZone: 'Europe/Berlin',
  sessionId: null,
  keyId: null,
  provedAt: null,
  owes: null,
  sessionEnds: null,
  grants: new Map(
    (['incident.read', 'incident.read_internal'] as const).map((permission) => [
      permission,
      new Set(['all'] as const),
    ]),
  ),
  reach: {
    personId: id(999_999),
    teamIds: new Set([String(ids[2]), String(ids[3])]),
    serviceIds: new Set(),
  },
})

test(`records made from seed ${seed} are found through an index exactly when the predicate holds for them`, async () => {
  const caller = callerOf(random)
  const all = await incidentList(world.database, caller, {})
  const known = all.listed.fields
  const asked = known.all.filter(
    ({ name }) => name.startsWith('custom.') || ['was_with', 'given_away', 'came_back'].includes(name),
  )
  expect(asked).toHaveLength(8)
  const facts = pasts.map((past): Facts => ({
    ...Object.fromEntries(fields.map(({ key }) => [`custom.${key}`, customOf(past)[key] ?? null])),
    was_with: [...new Set([teamOf(past), ...past.given])],
    given_away: past.given,
    came_back: past.back,
  }))
  const found = async (list: List): Promise<readonly string[]> => {
    const page = await read(world.database, random.id, (q) => q.rows(pageQuery(list, undefined, 1000)))
    // The one that the others were made after has no values.
    return page.map((row) => row.id).filter((one) => one.startsWith('01900000-0000-7000'))
  }
  const inPages = async (list: List): Promise<readonly string[]> => {
    const met: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = pageQuery(list, cursor, 60)
      const next = await read(world.database, random.id, (q) => q.rows(page))
      met.push(...next.slice(0, 60).map((row) => row.id))
      cursor = nextCursor(list, next, 60)
    }
    return met
  }
  await fc.assert(
    fc.asyncProperty(filtersOn(asked), async (filter) => {
      const binding = bindFilter(filter, known)
      if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
      const holds = predicateOf(binding.bound)
      const expected = [...facts.keys()]
        .filter((index) => holds(facts[index] ?? {}, filterContext(caller)))
        .map(id)
        .toReversed()
      const list: List = { ...all, where: [binding.bound] }
      expect(await found(list)).toEqual(expected)
      // Where few have it, where many have it, and in between.
      for (const few of [5000, 0, 20])
        expect(await found(await beginning(world.database, list, few))).toEqual(expected)
      for (const sort of ['created', '-created', '-priority', 'custom.cost,-created']) {
        const sorted = { ...(await incidentList(world.database, caller, { sort })), where: list.where }
        expect(await inPages(await beginning(world.database, sorted, 40))).toEqual(await inPages(sorted))
      }
    }),
    { numRuns },
  )
}, 120_000)

describe('under row-level security', () => {
  const planOf = async (q: string, few?: number): Promise<string> => {
    const list = await incidentList(world.database, callerOf(many), { q })
    const begun = few === undefined ? list : await beginning(world.database, list, few)
    const { text, values } = pageQuery(begun, undefined, 50)
    const plan = await read(world.database, many.id, (tx) =>
      tx.rows<{ 'QUERY PLAN': string }>({ text: `explain ${text}`, values }),
    )
    return plan.map((line) => line['QUERY PLAN']).join('\n')
  }

  test.each([
    ['custom.kind:parked', 'record_value_text'],
    ['custom.words:="note 77"', 'record_value_text'],
    ['custom.words:"note 7777"', 'record_value_part'],
    ['custom.cost:>11900', 'record_value_number'],
    ['custom.due:2024-02-29', 'record_value_day'],
    ['custom.major:yes', 'record_value_truth'],
    [`was_with:${ids[0]}`, 'record_handover'],
    [`given_away:${ids[0]} custom.cost:<5000`, 'record_handover'],
  ])('%s begins at its index', async (q, index) => {
    const plan = await planOf(q)
    expect(plan).toContain(index)
    expect(plan).not.toContain('Seq Scan')
  })

  test('what many records have is met along the order of the list, and one value along its own', async () => {
    const range = await planOf('custom.cost:>5', 100)
    expect(range).toContain('record_recent')
    expect(range).not.toContain('record_value')
    const value = await planOf('custom.kind:new', 100)
    expect(value).toContain('record_value_text')
    expect(value).not.toMatch(/^\s*(?:->)?\s*Sort\b/m)
  })
})

test('values and handovers of one tenant are nobody else’s', async () => {
  for (const table of [
    'record_value',
    'record_handover',
    'record_value_in_force',
    'record_handover_in_force',
  ])
    for (const { id: tenantId } of [random, many]) {
      const seen = await read(world.database, tenantId, (q) =>
        q.rows<{ tenant_id: string }>({ text: `select distinct tenant_id from ${table}`, values: [] }),
      )
      expect(seen).toEqual([{ tenant_id: tenantId }])
    }
})
