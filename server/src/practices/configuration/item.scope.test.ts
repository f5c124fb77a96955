import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

// Attack tests A4 to A9 for items: what somebody may not see is not in lists, counts, groups, values, maps or paths.

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let cara: TestPerson
let tess: TestPerson
let teamId: string
let ids: Record<'mine' | 'hidden' | 'deep' | 'shop', string>

const hidden = 'zzhiddenzz'

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('harbor')
  const ada = await tenant.person('Ada', 'administrator')
  cara = await tenant.person('Cara', 'configuration_manager')
  tess = await tenant.person('Tess', 'requester')
  teamId = await tenant.team('Shops', tess)
  const role = await ada.api.createRole({
    body: {
      key: 'team_reader',
      name: 'Reads what the team supports',
      permissions: [
        { permission: 'item.read', scopes: ['team'] },
        { permission: 'item.manage', scopes: ['team'] },
      ],
    },
  })
  await ada.api.giveRole({ params: { id: tess.id, roleId: role.id } })
  const make = async (name: string, team: string | null, values: Record<string, string> = {}) =>
    (
      await cara.api.createItem({
        body: {
          class: 'application',
          name,
          values: { ...(team === null ? {} : { support_team: team }), vendor: name, ...values },
        },
      })
    ).id
  const place = (await cara.api.createItem({ body: { class: 'location', name: `${hidden} room` } })).id
  ids = {
    mine: await make('Disk', teamId, { location: place }),
    hidden: await make(`${hidden} one`, null),
    deep: await make(`${hidden} two`, null),
    shop: await make('Till', teamId),
  }
  const relate = (id: string, toId: string) =>
    cara.api.relateItem({ params: { id }, body: { type: 'depends_on', toId } })
  await relate(ids.hidden, ids.mine)
  await relate(ids.deep, ids.hidden)
  await relate(ids.shop, ids.deep)
})
afterAll(() => world.end())

test('A6: lists, counts and groups have only what is within reach', async () => {
  const { rows } = await tess.api.listItems({ query: { attributes: 'vendor,location' } })
  expect(rows.map(({ name }) => name)).toEqual(['Disk', 'Till'])
  expect(JSON.stringify(rows)).not.toContain(hidden)
  expect(await tess.api.countItems({ query: {} })).toEqual({ count: 2, capped: false })
  expect(await tess.api.countItems({ query: { q: hidden } })).toEqual({ count: 0, capped: false })
  const { groups } = await tess.api.groupItems({ query: { by: 'class' } })
  expect(groups.map(({ value, count }) => [value, count])).toEqual([['application', 2]])
  expect((await tess.api.readModelHealth()).items).toBe(2)
})

test('A9: what is hidden is not on the page, not on the map, and has no name in a value', async () => {
  const page = await tess.api.readItem({ params: { id: ids.mine } })
  expect(page.relations).toEqual([])
  expect(page.attributes.find(({ key }) => key === 'location')?.value?.text).toBe(
    'something that is not shown to you',
  )
  const map = await tess.api.readItemMap({ query: { items: ids.mine, hops: 5 } })
  expect(map.items.map(({ name, more }) => [name, more])).toEqual([['Disk', false]])
  expect(
    JSON.stringify([page, map, await tess.api.readItemHistory({ params: { id: ids.mine } })]),
  ).not.toContain(hidden)
  for (const id of [ids.hidden, '00000000-0000-7000-8000-000000000000']) {
    await expect(tess.api.readItem({ params: { id } })).rejects.toMatchObject({ body: { code: 'not_found' } })
    await expect(tess.api.readItemHistory({ params: { id } })).rejects.toMatchObject({
      body: { code: 'not_found' },
    })
    await expect(tess.api.readBlastRadius({ body: { itemIds: [id] } })).rejects.toMatchObject({
      body: { code: 'not_found' },
    })
    await expect(tess.api.readItemMap({ query: { items: id } })).rejects.toMatchObject({
      body: { code: 'not_found' },
    })
    await expect(
      tess.api.relateItem({ params: { id: ids.mine }, body: { type: 'runs_on', toId: id } }),
    ).rejects.toMatchObject({ body: { code: 'invalid' } })
  }
})

test('A9: trouble comes through what is hidden, and a path tells neither what it is nor how many', async () => {
  const radius = await tess.api.readBlastRadius({ body: { itemIds: [ids.mine] } })
  expect(
    radius.items.map(({ item, path }) => [item.name, path.map((step) => step.item?.name ?? null)]),
  ).toEqual([['Till', ['Disk', null, 'Till']]])
  expect(radius.items[0]?.hops).toBe(2)
  const near = await tess.api.readBlastRadius({ body: { itemIds: [ids.mine], maxHops: 2 } })
  expect(near.items).toEqual(radius.items)
  expect(radius.items[0]?.sentence).not.toContain('depends on')
  expect(JSON.stringify(radius)).not.toContain(hidden)
  await cara.api.sayItemHealth({ params: { id: ids.deep }, body: { health: 'down', reason: hidden } })
  const page = await tess.api.readItem({ params: { id: ids.shop } })
  expect(page.health).toMatchObject({
    now: 'down',
    sentence: 'depends on something that is not shown to you, which is down',
  })
})

test('whoever manages what the team supports makes and changes nothing else', async () => {
  const body = { class: 'application', name: 'Own' }
  await expect(tess.api.createItem({ body })).rejects.toMatchObject({ body: { code: 'forbidden' } })
  const { id } = await tess.api.createItem({ body: { ...body, values: { support_team: teamId } } })
  await tess.api.editItem({ params: { id }, body: { name: 'Own, renamed' }, version: 1 })
  await expect(
    tess.api.putItemsBySource({
      params: { source: 'scan' },
      body: { items: [{ externalId: '1', ...body }] },
    }),
  ).rejects.toMatchObject({ body: { code: 'forbidden' } })
})
