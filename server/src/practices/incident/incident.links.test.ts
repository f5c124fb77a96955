import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LinkIncident } from '@evenkeel/contract/incident'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const link = (id: string, type: LinkIncident['type'], toId: string, by: TestPerson = cast.amir) =>
  by.api.linkIncident({ params: { id }, body: { type, toId } })
const linksOf = async (id: string, by: TestPerson = cast.lena) =>
  (await cast.read(id, by)).links.map((one) => [one.type, one.direction, one.id])
const duplicate = (id: string, duplicateOf: string, by: TestPerson = cast.lena) =>
  cast.move(by, id, { action: 'cancel', reason: 'duplicate', duplicateOf })

describe('links', () => {
  test('both pages show a link, each from its side, and both timelines tell of it', async () => {
    const [one, two] = [(await cast.raise()).id, (await cast.raise()).id]
    await link(two, 'follows', one)
    expect(await linksOf(two)).toEqual([['follows', 'out', one]])
    expect(await linksOf(one)).toEqual([['follows', 'in', two]])
    const { number } = await cast.read(two)
    expect((await cast.timeline(one)).at(-1)?.sentence).toBe(`Linked as followed by ${number}.`)
    await cast.amir.api.unlinkIncident({ params: { id: two, type: 'follows', toId: one } })
    expect(await linksOf(one)).toEqual([])
    expect((await cast.timeline(one)).at(-1)?.sentence).toBe(`No longer linked as followed by ${number}.`)
  })

  test('being related has no direction: linked from both sides it is one link, removed from either', async () => {
    const [one, two] = [(await cast.raise()).id, (await cast.raise()).id]
    await link(one, 'related', two)
    await link(two, 'related', one)
    expect(await linksOf(one)).toEqual([['related', 'out', two]])
    expect(await linksOf(two)).toEqual([['related', 'out', one]])
    await cast.amir.api.unlinkIncident({ params: { id: one, type: 'related', toId: two } })
    expect(await linksOf(two)).toEqual([])
  })

  test('nothing follows what came later, so nothing follows itself by a detour', async () => {
    const [one, two] = [(await cast.raise()).id, (await cast.raise()).id]
    expect(await refusalOf(link(one, 'follows', two))).toBe('invalid')
  })

  test('nothing is linked to itself, and a link that is not there is not removed', async () => {
    const { id } = await cast.raise()
    for (const type of ['related', 'follows', 'duplicate_of'] as const)
      expect(await refusalOf(link(id, type, id))).toBe('invalid')
    const remove = cast.amir.api.unlinkIncident({
      params: { id, type: 'related', toId: (await cast.raise()).id },
    })
    expect(await refusalOf(remove)).toBe('invalid')
  })

  // A2: ids of another tenant, and ids beyond one's reach, are ids that do not exist.
  test('a foreign, an unknown and a hidden id get one answer, and no row', async () => {
    const elsewhere = await castOf(world, 'elsewhere')
    const { id } = await cast.raise()
    const hidden = await cast.raise(cast.rita, { confidential: true })
    const ids = [(await elsewhere.raise()).id, '018f0000-0000-7000-8000-000000000001', hidden.id]
    for (const type of ['related', 'follows', 'duplicate_of'] as const) {
      for (const toId of ids)
        await expect(link(id, type, toId)).rejects.toMatchObject({
          status: 422,
          body: { code: 'invalid', reasons: [{ field: 'toId', message: 'there is no such incident' }] },
        })
    }
    expect(await linksOf(id)).toEqual([])
  })

  test('a reader sees the links within their reach and no others', async () => {
    const [hers, his] = [
      await cast.raise(cast.rita),
      await cast.raise(cast.otto, { title: 'Secret of Otto' }),
    ]
    await link(hers.id, 'related', his.id)
    expect(await linksOf(hers.id, cast.rita)).toEqual([])
    expect(await linksOf(hers.id, cast.amir)).toHaveLength(1)
  })

  test('a caller links nothing', async () => {
    const [one, two] = [await cast.raise(), await cast.raise()]
    expect(await refusalOf(link(two.id, 'related', one.id, cast.rita))).toBe('forbidden')
  })
})

describe('duplicates', () => {
  test('a duplicate has one survivor, and what is a duplicate never goes on as a survivor', async () => {
    const [one, two, three] = [(await cast.raise()).id, (await cast.raise()).id, (await cast.raise()).id]
    await link(one, 'duplicate_of', two)
    expect(await refusalOf(link(one, 'duplicate_of', three))).toBe('invalid')
    expect(await refusalOf(link(two, 'duplicate_of', one))).toBe('invalid')
    expect(await refusalOf(link(three, 'duplicate_of', one))).toBe('invalid')
    await link(three, 'duplicate_of', two)
    expect(await linksOf(two)).toHaveLength(2)
  })

  test('two marked as duplicates of each other at once: one is, and there is no circle', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [(await cast.raise()).id, (await cast.raise()).id]
      const answers = await Promise.all([
        refusalOf(link(one, 'duplicate_of', two)),
        refusalOf(link(two, 'duplicate_of', one)),
      ])
      expect(answers.sort()).toEqual(['invalid', 'none'])
    }
  })

  test('four marked around a circle at once: never all four', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ids = await Promise.all(Array.from({ length: 4 }, async () => (await cast.raise()).id))
      const answers = await Promise.all(
        ids.map((id, index) => refusalOf(link(id, 'duplicate_of', ids[(index + 1) % 4] ?? id))),
      )
      const linked = answers.filter((answer) => answer === 'none').length
      expect(linked).toBeGreaterThan(0)
      expect(linked).toBeLessThan(4)
    }
  })

  test('canceling as a duplicate links it and takes everybody along to the survivor', async () => {
    const survivor = (await cast.raise(cast.rita)).id
    const dora = await cast.tenant.person('Dora', 'requester')
    const double = (await cast.raise(cast.otto)).id
    await cast.lena.api.addAffected({ params: { id: double }, body: { personId: dora.id } })
    await duplicate(double, survivor)
    expect(await cast.read(double, cast.otto)).toMatchObject({
      state: 'canceled',
      cancelReason: 'duplicate',
      links: [{ type: 'duplicate_of', direction: 'out', id: survivor }],
    })
    expect(await cast.read(survivor)).toMatchObject({
      affected: { count: 2 },
      watchers: [{ name: 'Dora' }, { name: 'Otto' }],
    })
    for (const person of [cast.otto, dora])
      expect((await cast.read(survivor, person)).affected.includesMe).toBe(true)
    expect((await cast.timeline(survivor)).at(-1)?.sentence).toMatch(
      /^Happens to (Otto, Dora|Dora, Otto) too\.$/,
    )
  })

  test('the caller of the survivor who called twice is not counted as affected', async () => {
    const [one, two] = [(await cast.raise(cast.rita)).id, (await cast.raise(cast.rita)).id]
    await duplicate(two, one)
    expect(await cast.read(one)).toMatchObject({ affected: { count: 0 }, watchers: [] })
  })

  test('without saying of what, or of what cannot stand in for it, it is not canceled', async () => {
    const elsewhere = await castOf(world, 'further')
    const id = await cast.inState('new')
    const hidden = await cast.raise(cast.rita, { confidential: true })
    const plain = cast.move(cast.lena, id, { action: 'cancel', reason: 'duplicate' })
    await expect(plain).rejects.toMatchObject({
      body: { code: 'not_ready', reasons: [{ code: 'duplicate_named' }] },
    })
    for (const [of, answer] of [
      [id, 'invalid'],
      [(await elsewhere.raise()).id, 'invalid'],
      [hidden.id, 'invalid'],
      [await cast.inState('canceled'), 'invalid'],
      [await cast.inState('closed'), 'not_allowed_here'],
      [await cast.inState('resolved'), 'none'],
    ] as const) {
      const double = await cast.inState('new')
      expect(await refusalOf(duplicate(of === id ? id : double, of))).toBe(answer)
    }
    expect(await cast.read(id)).toMatchObject({ state: 'new', version: 1, links: [] })
  })

  test('nobody is brought into a confidential incident by way of a duplicate', async () => {
    const service = await cast.tenant.service('Payroll', cast.networkId)
    const secret = await cast.raise(cast.rita, { confidential: true, serviceId: service })
    const double = (await cast.raise(cast.otto)).id
    await expect(duplicate(double, secret.id)).rejects.toMatchObject({
      body: { reasons: [{ field: 'duplicateOf', message: expect.stringContaining('is confidential') }] },
    })
    expect(await refusalOf(cast.read(secret.id, cast.otto))).toBe('not_found')
    expect((await cast.read(double)).state).toBe('new')
  })
})
