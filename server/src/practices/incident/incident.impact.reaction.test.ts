import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counting } from '../../../test/database.ts'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { behind } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { transaction } from '../../platform/postgres/database.ts'
import { impactReaction, weighedTogether } from './incident.impact.reaction.ts'

let world: World
let cast: Cast
let cara: TestPerson
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
  cara = await cast.tenant.person('Cara', 'configuration_manager')
})
afterAll(() => world.end())

const runnerOn = (database = world.database) =>
  reactionRunner(impactReaction, {
    database,
    now: world.clock.now,
    onSetAside: (_, __, error) => expect.fail(String(error)),
  })

const weigh = async (): Promise<void> => {
  const runner = runnerOn()
  do {
    while (await runner.run());
  } while ((await behind(world.database, cast.tenant.id, [impactReaction.name])) > 0)
}

const make = async (klass: string, name: string, values: Record<string, string> = {}): Promise<string> =>
  (await cara.api.createItem({ body: { class: klass, name, values } })).id

const says = (id: string, itemId: string, effect: 'down' | 'involved' = 'down') =>
  cast.lena.api.nameIncidentItem({ params: { id, itemId }, body: { effect } })

const lookedAgainBecauseOf = async (): Promise<string | undefined> =>
  transaction(world.database, cast.tenant.id, 'read only', async (_, q) => {
    const [row] = await q.rows<{ cause: string }>({ text: 'select cause from impact_weighing', values: [] })
    return row?.cause
  })

const impacts = (ids: readonly string[]): Promise<readonly { impact: number; count: number }[]> =>
  transaction(world.database, cast.tenant.id, 'read only', (_, q) =>
    q.rows<{ impact: number; count: number }>({
      text: 'select impact, count(*)::int as count from incident where id = any($1::uuid[]) group by impact order by impact',
      values: [ids],
    }),
  )

/** As many open incidents as wanted that say of an item that it is down, as like one another as copies. */
const copiesOf = async (id: string, itemId: string, count: number): Promise<readonly string[]> =>
  transaction(world.database, cast.tenant.id, 'read write', async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `with made as (
         insert into record (tenant_id, id, kind, number, title, description, state, is_open, priority, service_id, team_id, requester_id, confidentiality, created_at, updated_at, custom)
         select tenant_id, gen_random_uuid(), kind, number || '-' || at, title, description, state, is_open, priority, service_id, team_id, requester_id, confidentiality, created_at, updated_at, custom
         from record, generate_series(1, $2) at where id = $1 returning id)
       select id from made`,
      [id, count],
    )
    const ids = rows.map((row) => row.id)
    await client.query(
      `insert into incident (tenant_id, id, impact, urgency, computed_priority, matrix_version, channel, category, raised_by, routing, team_path, team_since)
       select tenant_id, made, impact, urgency, computed_priority, matrix_version, channel, category, raised_by, routing, team_path, team_since
       from incident, unnest($2::uuid[]) made where id = $1`,
      [id, ids],
    )
    await client.query(
      `insert into record_item (tenant_id, record_id, item_id, effect, named_at) select $1, made, $3, 'down', now() from unnest($2::uuid[]) made`,
      [cast.tenant.id, ids, itemId],
    )
    return ids
  })

describe('what makes open incidents be weighed again', () => {
  test('an incident that says nothing of items comes and goes without any of it', async () => {
    const disk = await make('server', 'disk-1')
    const other = await cast.raise(cast.rita, {})
    await says(other.id, disk)
    await weigh()
    const before = await lookedAgainBecauseOf()
    expect(before).toBeDefined()
    const { id } = await cast.raise(cast.rita, {})
    await says(id, disk, 'involved')
    await cast.move(cast.lena, id, { action: 'cancel', reason: 'raised_in_error' })
    await cara.api.readItem({ params: { id: disk }, query: {} })
    await weigh()
    expect(await lookedAgainBecauseOf()).toBe(before)
    await cast.move(cast.lena, other.id, { action: 'cancel', reason: 'raised_in_error' })
    await weigh()
    expect(await lookedAgainBecauseOf()).not.toBe(before)
  })
})

describe('many open incidents', () => {
  test('are weighed to the last one, in steps of which each is kept, from one look at the model each', async () => {
    const [shop, rack] = [
      await make('business_service', 'Shop', { criticality: '1', support_team: cast.tenant.deskId }),
      await make('server', 'rack-1'),
    ]
    const { id } = await cast.raise(cast.rita, { impact: 3 })
    await says(id, rack)
    await weigh()
    const many = [id, ...(await copiesOf(id, rack, 2 * weighedTogether + 20))]
    expect(await impacts(many)).toEqual([{ impact: 3, count: many.length }])
    await cara.api.relateItem({ params: { id: shop }, body: { type: 'depends_on', toId: rack } })

    // What one step wrote stays, also when the worker goes away after it; another one goes on from there.
    for (let runs = 0; runs < 200 && (await impacts(many))[0]?.count === many.length; runs += 1)
      await runnerOn().run()
    expect(await impacts(many)).toEqual([
      { impact: 1, count: weighedTogether },
      { impact: 3, count: many.length - weighedTogether },
    ])
    await weigh()
    expect(await impacts(many)).toEqual([{ impact: 1, count: many.length }])

    // All weigh what they weighed: none is locked, and more of them take no more questions.
    await cara.api.sayItemHealth({ params: { id: shop }, body: { health: 'degraded', reason: 'slow' } })
    const counted = counting(world.database)
    const runner = runnerOn(counted.database)
    let most = 0
    await transaction(world.database, cast.tenant.id, 'read write', async (client) => {
      await client.query('select id from record where id = any($1::uuid[]) for update', [many])
      do {
        const before = counted.count()
        await runner.run()
        most = Math.max(most, counted.count() - before)
      } while ((await behind(world.database, cast.tenant.id, [impactReaction.name])) > 0)
    })
    expect(most).toBeGreaterThan(10)
    expect(most).toBeLessThan(60)
    expect(await impacts(many)).toEqual([{ impact: 1, count: many.length }])
  })
})
