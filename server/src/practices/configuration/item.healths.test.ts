import { afterAll, expect, test } from 'vitest'
import { createWorld } from '../../../test/world.ts'

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
