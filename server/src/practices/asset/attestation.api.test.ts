import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import { occasionAt, tellOfAttestations } from './attestation.tell.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const refused = (code: string) => ({ body: { code } })
const day = 86_400_000

const stage = async (slug: string) => {
  const tenant = await world.tenant(slug)
  const cara = await tenant.person('Cara', 'configuration_manager')
  const olga = await tenant.person('Olga', 'agent')
  const amir = await tenant.person('Amir', 'agent')
  const make = async (name: string, owner?: string): Promise<string> =>
    (
      await cara.api.createItem({
        body: { class: 'server', name, values: owner === undefined ? {} : { owner } },
      })
    ).id
  const items = {
    a: await make('a', olga.id),
    b: await make('b', olga.id),
    c: await make('c', amir.id),
    none: await make('none'),
  }
  const open = () =>
    cara.api.openAttestation({
      body: { name: 'Servers', filter: 'class:server', dueAt: inDays(10) },
    })
  const read = (id: string, who = cara, show?: 'mine' | 'wrong') =>
    who.api.readAttestation({ params: { id }, query: show === undefined ? {} : { show } })
  const timer = () =>
    tellOfAttestations(world.database, {
      tenantId: tenant.id,
      actor: { kind: 'system', id: null, onBehalfOf: null, via: 'timer' },
      request: null,
      now: world.clock.now(),
    })
  const told = async (who: typeof olga) =>
    (await who.api.listNotifications({ query: {} })).rows.map(({ headline, attestation }) => ({
      headline,
      name: attestation?.name,
    }))
  const unconfirmed = async () => {
    const { measures } = await cara.api.readModelHealth()
    const { rows } = await cara.api.listItems({ query: { q: 'unconfirmed:true', sort: 'name' } })
    const names = rows.map(({ name }) => name)
    expect(measures.find(({ key }) => key === 'unconfirmed')?.count).toBe(names.length)
    return names
  }
  return { tenant, cara, olga, amir, items, open, read, timer, told, unconfirmed }
}

const inDays = (days: number): string => new Date(Date.parse(world.clock.now()) + days * day).toISOString()

test('owners confirm what is theirs, say what is not right, and the last answer holds', async () => {
  const { cara, olga, amir, items, open, read } = await stage('attest')
  const { id, ...opened } = await open()
  expect(opened).toMatchObject({ items: 4, owners: 2 })
  const params = { id }
  expect((await read(id, olga)).counts).toEqual({
    items: 4,
    right: 0,
    wrong: 0,
    waiting: 4,
    mine: 2,
    nobody: 1,
  })
  expect((await read(id, olga, 'mine')).rows.map(({ item, mayAnswer }) => [item.name, mayAnswer])).toEqual([
    ['a', true],
    ['b', true],
  ])
  const answer = (who: typeof olga, itemIds: string[], said: 'right' | 'wrong', note?: string) =>
    who.api.answerAttestation({
      params,
      body: { itemIds, answer: said, ...(note === undefined ? {} : { note }) },
    })
  expect(await answer(olga, [items.a, items.b], 'right')).toEqual({ answered: 2 })
  await expect(answer(olga, [items.b], 'wrong')).rejects.toMatchObject(refused('invalid'))
  await answer(olga, [items.b], 'wrong', 'It has 32 GB')
  // All of them or none.
  await expect(answer(amir, [items.c, items.a], 'right')).rejects.toMatchObject(refused('forbidden'))
  await expect(answer(amir, [items.c, id], 'right')).rejects.toMatchObject(refused('invalid'))
  await answer(cara, [items.none], 'right')
  const page = await read(id)
  expect(page.counts).toMatchObject({ right: 2, wrong: 1, waiting: 1, nobody: 0 })
  expect((await read(id, cara, 'wrong')).rows).toMatchObject([
    { item: { name: 'b' }, note: 'It has 32 GB', answeredBy: { name: 'Olga' }, owner: { name: 'Olga' } },
  ])
  expect(page.owners.map(({ owner, items: asked, answered }) => [owner?.name, asked, answered])).toEqual([
    ['Amir', 1, 0],
    [undefined, 1, 1],
    ['Olga', 2, 2],
  ])
})

test('who looks after it now is asked, not who did when it began', async () => {
  const { cara, olga, amir, items, open, read } = await stage('attest-now')
  const { id } = await open()
  const { version } = await cara.api.readItem({ params: { id: items.a } })
  await cara.api.editItem({ params: { id: items.a }, version, body: { values: { owner: amir.id } } })
  const body = { itemIds: [items.a], answer: 'right' as const }
  await expect(olga.api.answerAttestation({ params: { id }, body })).rejects.toMatchObject(
    refused('forbidden'),
  )
  expect(await amir.api.answerAttestation({ params: { id }, body })).toEqual({ answered: 1 })
  expect((await read(id, amir)).counts.mine).toBe(1)
})

describe('telling', () => {
  test('each occasion is told once, to those who have not answered, by whoever runs it and however often', async () => {
    const { cara, olga, amir, items, open, read, timer, told } = await stage('attest-told')
    const { id } = await open()
    await Promise.all([timer(), timer()])
    await timer()
    expect(await told(olga)).toEqual([{ headline: expect.stringContaining('2 items'), name: 'Servers' }])
    await olga.api.answerAttestation({
      params: { id },
      body: { itemIds: [items.a, items.b], answer: 'right' },
    })
    world.clock.advance(4 * day)
    await timer()
    await timer()
    expect(await told(olga)).toHaveLength(1)
    expect(await told(amir)).toHaveLength(2)
    // Told by the timer a moment ago, nobody is reminded by hand; a day later, once.
    const remind = () => cara.api.remindAttestation({ params: { id }, body: {} })
    expect(await remind()).toEqual({ told: 0 })
    world.clock.advance(1.5 * day)
    expect(await remind()).toEqual({ told: 1 })
    expect(await remind()).toEqual({ told: 0 })
    await expect(amir.api.remindAttestation({ params: { id }, body: {} })).rejects.toMatchObject(
      refused('forbidden'),
    )
    expect((await read(id)).owners.map(({ owner, toldAt }) => [owner?.name, toldAt === null])).toEqual([
      [undefined, true],
      ['Amir', false],
      ['Olga', false],
    ])
    await cara.api.closeAttestation({ params: { id }, version: 1, body: {} })
    world.clock.advance(10 * day)
    await timer()
    expect(await told(amir)).toHaveLength(3)
  })

  test('only the last occasion that has come is told, and none that was over when it began', () => {
    const at = (opened: number, now: number): string =>
      occasionAt(
        {
          dueAt: new Date(100 * day).toISOString(),
          openedAt: new Date(opened * day).toISOString(),
        },
        new Date(now * day).toISOString(),
      )
    expect([at(80, 80), at(80, 92.9), at(80, 93), at(80, 99), at(80, 100)]).toEqual([
      'asked',
      'asked',
      'week',
      'day',
      'due',
    ])
    expect([at(95, 96), at(99.5, 99.6), at(99.5, 100)]).toEqual(['asked', 'asked', 'due'])
  })
})

test('what nobody confirmed in time shows in the health of the model, until somebody confirms it', async () => {
  const { cara, olga, items, open, unconfirmed } = await stage('attest-health')
  const { id } = await open()
  const say = (itemIds: string[], answer: 'right' | 'wrong', note = '') =>
    cara.api.answerAttestation({ params: { id }, body: { itemIds, answer, note } })
  expect(await unconfirmed()).toEqual([])
  world.clock.advance(1000)
  await say([items.a], 'wrong', 'Gone')
  expect(await unconfirmed()).toEqual(['a'])
  await say([items.a, items.b], 'right')
  world.clock.advance(11 * day)
  expect(await unconfirmed()).toEqual(['c', 'none'])
  await olga.api.readModelHealth()
  await cara.api.closeAttestation({ params: { id }, version: 1, body: {} })
  await expect(say([items.c], 'right')).rejects.toMatchObject(refused('not_allowed_here'))
  expect(await unconfirmed()).toEqual(['c', 'none'])
  const again = await open()
  world.clock.advance(1000)
  await cara.api.answerAttestation({
    params: { id: again.id },
    body: { itemIds: [items.c], answer: 'right' },
  })
  expect(await unconfirmed()).toEqual(['none'])
})

test('what is beyond a reader is neither counted nor named; strangers find nothing', async () => {
  const { tenant, cara, items, open, read } = await stage('attest-reach')
  const ada = await tenant.person('Ada', 'administrator')
  const nora = await tenant.person('Nora', 'requester')
  const role = await ada.api.createRole({
    body: {
      key: 'looks_after_own',
      name: 'Looks after their own',
      permissions: [{ permission: 'item.read', scopes: ['own'] }],
    },
  })
  await ada.api.giveRole({ params: { id: nora.id, roleId: role.id } })
  const { id } = await open()
  await expect(read(id, nora)).rejects.toMatchObject(refused('not_found'))
  expect((await nora.api.listAttestations({})).rows).toEqual([])
  const { version } = await cara.api.readItem({ params: { id: items.none } })
  await cara.api.editItem({ params: { id: items.none }, version, body: { values: { owner: nora.id } } })
  const seen = await read(id, nora)
  expect(seen.counts).toMatchObject({ items: 1, mine: 1 })
  expect(seen.rows.map(({ item }) => item.name)).toEqual(['none'])
  expect(seen.owners).toHaveLength(1)
  await expect(
    nora.api.answerAttestation({ params: { id }, body: { itemIds: [items.a], answer: 'right' } }),
  ).rejects.toMatchObject(refused('invalid'))
  const stranger = await (await world.tenant('attest-elsewhere')).person('Eve', 'administrator')
  await expect(read(id, stranger)).rejects.toMatchObject(refused('not_found'))
})

test('it needs something to ask for, and a day to come', async () => {
  const { cara, amir } = await stage('attest-open')
  const open = (who: typeof cara, filter: string, dueAt = inDays(1)) =>
    who.api.openAttestation({ body: { name: 'x', filter, dueAt } })
  await expect(open(cara, 'name:nothing')).rejects.toMatchObject(refused('invalid'))
  await expect(open(cara, '', inDays(-1))).rejects.toMatchObject(refused('invalid'))
  await expect(open(amir, '')).rejects.toMatchObject(refused('forbidden'))
})
