import { afterAll, beforeAll, expect, test } from 'vitest'
import { read } from '../../platform/postgres/database.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { pageQuery } from '../record/index.ts'
import { incidentList } from './incident.list.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let amir: TestPerson

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('search')
  amir = await tenant.person('Amir Agent', 'agent')
  const oldest = await amir.api.raiseIncident({ body: { title: 'The kettle leaks into the toaster' } })
  // More of each word than anybody would look through, all of them newer.
  await world.asAdmin(
    `with made as (
       select gen_random_uuid() as id, g, r.tenant_id, r.team_id, r.requester_id, r.created_at + g * interval '1 minute' as at
       from record r, generate_series(1, 6000) as g where r.id = '${oldest.id}'),
     records as (
       insert into record (tenant_id, id, kind, number, title, state, is_open, priority, team_id, requester_id, created_at, updated_at)
       select tenant_id, id, 'incident', 'S' || g, case when g % 2 = 0 then 'kettle' else 'toaster' end, 'new', true, 4, team_id, requester_id, at, at from made)
     insert into incident (tenant_id, id, impact, urgency, computed_priority, matrix_version, channel, raised_by, routing, team_path, team_since)
     select m.tenant_id, m.id, 3, 3, 4, 0, 'portal', m.requester_id, i.routing, array[m.team_id], m.at
     from made m join incident i on i.tenant_id = m.tenant_id and i.id = '${oldest.id}'`,
  )
  await world.asAdmin('vacuum analyze record, incident')
})
afterAll(() => world.end())

const titles = async (q: string): Promise<string[]> =>
  (await amir.api.listIncidents({ query: { q, limit: 5 } })).rows.map((row) => row.title)

test('two words find the one record that has both, however many newer ones have one of them', async () => {
  expect(await titles('kettle toaster')).toEqual(['The kettle leaks into the toaster'])
  expect(await titles('toast* leaks')).toEqual(['The kettle leaks into the toaster'])
  expect(await titles('-kettle -toaster')).toEqual([])
  expect((await amir.api.countIncidents({ query: { q: 'kettle' } })).count).toBe(3001)
  expect(await titles('kettle created:<2026-03-02T09:00:01Z')).toEqual(['The kettle leaks into the toaster'])
})

test('another tenant finds nothing by the same words', async () => {
  const other = await world.tenant('elsewhere')
  const olga = await other.person('Olga Agent', 'agent')
  expect((await olga.api.listIncidents({ query: { q: 'kettle' } })).rows).toEqual([])
})

test('words are looked up in their index by the role of the application, under its row-level security', async () => {
  const agent: Caller = {
    ...tenant.author(),
    personId: amir.id,
    personName: 'Amir Agent',
    language: 'en',
    timeZone: 'UTC',
    sessionId: null,
    keyId: null,
    provedAt: null,
    owes: null,
    sessionEnds: null,
    grants: new Map([['incident.read', new Set(['all'] as const)]]),
    reach: { personId: amir.id, teamIds: new Set(), serviceIds: new Set() },
  }
  for (const q of ['kettle leaks', 'kettle leaks state:new', 'leaks open:yes created:>2026-01-01']) {
    const { text, values } = pageQuery(await incidentList(world.database, agent, { q }), undefined, 50)
    const plan = await read(world.database, tenant.id, (tx) =>
      tx.rows<{ 'QUERY PLAN': string }>({ text: `explain ${text}`, values }),
    )
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('Index Scan on record_search')
  }
})

test.each(['record', 'incident'])(
  'the view of %s has every column of its table, and shows the tenant in force alone',
  async (table) => {
    const other = await world.tenant(`third-${table}`)
    const columns = await read(world.database, other.id, (q) =>
      q.rows<{ name: string; tables: number }>({
        text: `select a.attname as name, count(*)::int as tables from pg_attribute a
               where a.attrelid = any($1::regclass[]) and a.attnum > 0 and not a.attisdropped group by 1`,
        values: [[table, `${table}_in_force`]],
      }),
    )
    expect(columns.filter(({ tables }) => tables !== 2)).toEqual([])
    const visible = (tenantId: string) =>
      read(world.database, tenantId, (q) =>
        q.one<{ count: number }>({
          text: `select count(*)::int as count from ${table}_in_force`,
          values: [],
        }),
      )
    expect(await visible(other.id)).toEqual({ count: 0 })
    expect(await visible(tenant.id)).toEqual({ count: 6001 })
  },
)
