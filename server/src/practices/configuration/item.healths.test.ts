import { afterAll, expect, test } from 'vitest'
import { createWorld } from '../../../test/world.ts'
import { transaction } from '../../platform/postgres/database.ts'

const world = await createWorld()
afterAll(() => world.end())

test('what is remembered of health is forgotten when the model changes, and when what was said does', async () => {
  const tenant = await world.tenant('harbor')
  const cara = await tenant.person('Cara', 'configuration_manager')
  const make = async (name: string) =>
    (await cara.api.createItem({ body: { class: 'application', name } })).id
  const [disk, shop, till] = [await make('Disk'), await make('Shop'), await make('Till')]
  const on = (id: string, toId: string) =>
    cara.api.relateItem({ params: { id }, body: { type: 'depends_on', toId } })
  await on(shop, disk)
  // Asked twice: the second answer is the one that is remembered.
  const health = async (): Promise<Record<string, string>> => {
    await cara.api.listItems({ query: {} })
    const { rows } = await cara.api.listItems({ query: {} })
    return Object.fromEntries(rows.map((row) => [row.name, row.health.now]))
  }
  const say = (id: string, to: 'up' | 'degraded' | 'down') =>
    cara.api.sayItemHealth({ params: { id }, body: { health: to, reason: 'test' } })
  await say(disk, 'down')
  expect(await health()).toEqual({ Disk: 'down', Shop: 'down', Till: 'up' })
  const { id: relationId } = await on(till, shop)
  expect(await health()).toEqual({ Disk: 'down', Shop: 'down', Till: 'down' })
  await say(disk, 'degraded')
  expect(await health()).toEqual({ Disk: 'degraded', Shop: 'degraded', Till: 'degraded' })
  await cara.api.endItemRelation({ params: { id: till, relationId }, body: {} })
  expect(await health()).toEqual({ Disk: 'degraded', Shop: 'degraded', Till: 'up' })
  await say(disk, 'up')
  expect(await health()).toEqual({ Disk: 'up', Shop: 'up', Till: 'up' })
  const other = await world.tenant('elsewhere')
  const olga = await other.person('Olga', 'configuration_manager')
  expect((await olga.api.listItems({ query: {} })).rows).toEqual([])
})

test('what is not well is followed so far and no further, and every answer that stops there says so', async () => {
  const tenant = await world.tenant('chain')
  const cara = await tenant.person('Cara', 'configuration_manager')
  const ids: string[] = []
  for (let at = 0; at <= 22; at += 1) {
    const { id } = await cara.api.createItem({
      body: { class: 'application', name: `link-${String(at).padStart(2, '0')}` },
    })
    const below = ids.at(-1)
    if (below !== undefined)
      await cara.api.relateItem({ params: { id }, body: { type: 'depends_on', toId: below } })
    ids.push(id)
  }
  const [lowest = '', top = ''] = [ids[0], ids.at(-1)]
  expect((await cara.api.readItem({ params: { id: top }, query: {} })).health.sentence).toBe('')
  await cara.api.sayItemHealth({ params: { id: lowest }, body: { health: 'down', reason: 'Dust' } })
  const sentence = 'what is not well was followed over 20 relations, and no further'
  const { rows } = await cara.api.listItems({ query: {} })
  const health = new Map(rows.map((row) => [row.id, row.health]))
  expect(health.get(top)).toMatchObject({ now: 'up', sentence })
  expect(health.get(lowest)).toMatchObject({ now: 'down', sentence: 'Dust' })
  const alone = await cara.api.createItem({ body: { class: 'application', name: 'Alone' } })
  expect((await cara.api.readItemMap({ query: { items: alone.id } })).cut).toMatchObject({
    by: 'depth',
    at: 20,
  })
})

test('of more that is not well than is followed, the answers say that the rest was not', async () => {
  const tenant = await world.tenant('workshop')
  const cara = await tenant.person('Cara', 'configuration_manager')
  const { id } = await cara.api.createItem({ body: { class: 'application', name: 'Shop' } })
  const repair = (count: number): Promise<unknown> =>
    transaction(world.database, tenant.id, 'read write', (client) =>
      client.query(
        `insert into item (tenant_id, id, class, name, state, created_at, updated_at)
         select $1, gen_random_uuid(), 'server', 'mended-' || gen_random_uuid(), 'in_repair', now(), now() from generate_series(1, $2)`,
        [tenant.id, count],
      ),
    )
  const ask = async () => ({
    page: (await cara.api.readItem({ params: { id }, query: {} })).health.sentence,
    map: (await cara.api.readItemMap({ query: { items: id } })).cut?.by,
    blast: (
      await cara.api.readBlastRadius({
        body: { itemIds: [id], withCurrentOutages: true },
      })
    ).cut?.by,
  })
  await repair(2000)
  expect(await ask()).toEqual({ page: '', map: undefined, blast: undefined })
  await repair(1)
  expect(await ask()).toEqual({
    page: 'more than 2,000 items are not well by themselves; what the others take along was not followed',
    map: 'findings',
    blast: 'findings',
  })
})
