import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const some = async (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, async () => (await cast.raise()).id))
const bulk = async (ids: string[], steps: IncidentStep[], by: TestPerson = cast.lena) => {
  const { id } = await by.api.startBulk({ body: { ids, steps } })
  return by.api.readBulk({ params: { id } })
}
const undo = (id: string, by: TestPerson = cast.lena) => by.api.undoBulk({ params: { id } })
const setFire: IncidentStep = { do: 'set', fields: { category: 'Fire', impact: 1 } }
const unknown = '018f0000-0000-7000-8000-000000000001'

describe('changing many at once', () => {
  test('changes each for itself and keeps the result of each', async () => {
    const ids = await some(3)
    const closed = await cast.inState('closed')
    const result = await bulk([...ids, closed], [setFire])
    expect(result).toMatchObject({
      by: { name: 'Lena' },
      steps: ['set'],
      count: 4,
      done: 3,
      finishedAt: world.clock.now(),
      undoneAt: null,
    })
    expect(result.records.map((record) => [record.id, record.outcome])).toEqual([
      ...ids.map((id) => [id, 'done']),
      [closed, 'refused'],
    ])
    expect(result.records.at(-1)?.reasons).toMatchObject([{ code: 'state' }])
    for (const id of ids) expect(await cast.read(id)).toMatchObject({ category: 'Fire', priority: 3 })
  })

  test('a record is changed by all steps or by none', async () => {
    const [id = ''] = await some(1)
    const result = await bulk([id], [setFire, { do: 'move', move: { action: 'start' } }])
    expect(result.records).toMatchObject([{ outcome: 'refused', reasons: [{ code: 'assigned' }] }])
    expect(await cast.read(id)).toMatchObject({ category: '', version: 1 })
  })

  test('the preview says the same beforehand and writes nothing', async () => {
    const ids = [...(await some(2)), await cast.inState('canceled'), unknown]
    const before = await Promise.all(ids.slice(0, 3).map((id) => cast.timeline(id)))
    const preview = await cast.lena.api.previewBulk({ body: { ids, steps: [setFire] } })
    expect(preview).toMatchObject({ count: 4, ready: 2 })
    expect(preview.records.map((record) => record.outcome)).toEqual([
      'ready',
      'ready',
      'refused',
      'not_found',
    ])
    expect(preview.records[0]).toMatchObject({ number: expect.stringMatching(/^INC/), undo: null })
    expect(await Promise.all(ids.slice(0, 3).map((id) => cast.timeline(id)))).toEqual(before)
    const done = await bulk(ids, [setFire])
    expect(done.records.map((record) => record.outcome.replace('done', 'ready'))).toEqual(
      preview.records.map((record) => record.outcome),
    )
  })

  // A3: a foreign id looks like one that does not exist.
  test('a foreign, a hidden and an unknown id get one answer, without name or number', async () => {
    const elsewhere = await castOf(world, 'elsewhere')
    const foreign = (await elsewhere.raise()).id
    const hidden = (await cast.raise(cast.rita, { confidential: true })).id
    const ids = [foreign, hidden, unknown]
    const answer = (id: string) => ({
      id,
      number: null,
      title: null,
      outcome: 'not_found',
      reasons: [],
      undo: null,
    })
    expect((await cast.lena.api.previewBulk({ body: { ids, steps: [setFire] } })).records).toEqual(
      ids.map(answer),
    )
    expect((await bulk(ids, [setFire])).records).toEqual(ids.map(answer))
    expect(await elsewhere.read(foreign)).toMatchObject({ category: '', version: 1 })
  })

  test('each step takes its own right on each record', async () => {
    const ids = await some(2)
    const tom = await cast.personWith('Tim', {
      'incident.read': 'all',
      'incident.bulk': 'all',
      'incident.edit': 'team',
    })
    const team = await cast.tenant.team('Toner', tom)
    await cast.assign(cast.lena, ids[1] ?? '', { teamId: team })
    const { records } = await bulk(ids, [setFire], tom)
    expect(records.map((record) => [record.outcome, record.reasons[0]?.code])).toEqual([
      ['refused', 'incident.edit'],
      ['done', undefined],
    ])
    expect(await refusalOf(bulk(ids, [setFire], cast.amir))).toBe('forbidden')
    expect(await refusalOf(bulk(ids, [setFire], cast.rita))).toBe('forbidden')
  })

  test('no ids, an id twice, five hundred and one, and no steps are refused', async () => {
    const [id = ''] = await some(1)
    const many = Array.from(
      { length: 501 },
      (_, index) => `018f0000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    )
    for (const body of [
      { ids: [], steps: [setFire] },
      { ids: [id, id], steps: [setFire] },
      { ids: many, steps: [setFire] },
      { ids: [id], steps: [] },
    ])
      expect(await refusalOf(cast.lena.api.startBulk({ body }))).toBe('invalid')
  })

  test('repeated with its Idempotency-Key it is the same bulk action, done once', async () => {
    const ids = await some(2)
    const call = () =>
      cast.lena.api.startBulk({
        body: { ids, steps: [{ do: 'comment', audience: 'public', body: 'We know.' }] },
        idempotencyKey: 'b1',
      })
    const [one, two] = await Promise.all([call(), call()])
    expect(one).toEqual(two)
    for (const id of ids)
      expect((await cast.timeline(id)).filter((item) => item.body === 'We know.')).toHaveLength(1)
  })

  test('is found again by who did it', async () => {
    const { id } = await bulk(await some(1), [setFire])
    const { rows } = await cast.lena.api.listBulk()
    expect(rows[0]).toMatchObject({ id, steps: ['set'], done: 1 })
    const other = await cast.tenant.person('Liam', 'team_lead')
    expect((await other.api.listBulk()).rows).toEqual([])
    expect(await refusalOf(other.api.readBulk({ params: { id } }))).toBe('none')
    const tom = await cast.personWith('Tom', { 'incident.read': 'all', 'incident.bulk': 'team' })
    expect(await refusalOf(tom.api.readBulk({ params: { id } }))).toBe('not_found')
    expect(await refusalOf(undo(id, tom))).toBe('not_found')
    const elsewhere = await castOf(world, 'further')
    expect(await refusalOf(elsewhere.lena.api.readBulk({ params: { id } }))).toBe('not_found')
    expect(await refusalOf(undo(id, elsewhere.lena))).toBe('not_found')
  })
})

describe('taking it back', () => {
  test('within fifteen minutes every record returns to what it was, and both are on its timeline', async () => {
    const ids = await some(2)
    const before = await Promise.all(ids.map((id) => cast.read(id)))
    const { id } = await bulk(ids, [
      { do: 'set', fields: { category: 'Fire', impact: 1 } },
      { do: 'assign', to: { personId: cast.nora.id } },
      { do: 'override_priority', priority: 1, reason: 'Everything burns.' },
      { do: 'move', move: { action: 'start' } },
    ])
    world.clock.advance(15 * 60_000)
    expect(await undo(id)).toEqual({ done: 2, refused: 0 })
    for (const [at, incident] of ids.entries()) {
      const now = await cast.read(incident)
      expect(now).toEqual({ ...before[at], version: 3, updatedAt: now.updatedAt })
      const items = await cast.timeline(incident)
      expect(items.slice(-2).map((item) => item.type)).toEqual(['incident.started', 'incident.taken_back'])
      expect(items.at(-1)?.changes).toContainEqual({ field: 'state', from: 'In progress', to: 'New' })
    }
    expect(await cast.lena.api.readBulk({ params: { id } })).toMatchObject({
      undoneAt: world.clock.now(),
      records: [{ undo: { outcome: 'done' } }, { undo: { outcome: 'done' } }],
    })
  })

  test('a millisecond later it is too late', async () => {
    const { id } = await bulk(await some(1), [setFire])
    world.clock.advance(15 * 60_000 + 1)
    expect(await refusalOf(undo(id))).toBe('not_ready')
  })

  test('also from a final state: a slip that canceled a hundred is no end of a hundred', async () => {
    const open = await cast.inState('on_hold')
    const { id } = await bulk([open], [{ do: 'move', move: { action: 'cancel', reason: 'raised_in_error' } }])
    expect((await cast.read(open)).state).toBe('canceled')
    await undo(id)
    expect(await cast.read(open)).toMatchObject({
      state: 'on_hold',
      hold: { reason: 'parts' },
      cancelReason: null,
      closedAt: null,
    })
    // The caller was told that it was canceled; they are told that it was not.
    expect((await cast.timeline(open, cast.rita)).at(-1)).toMatchObject({
      type: 'incident.taken_back',
      changes: [{ field: 'state', from: 'Canceled', to: 'On hold' }],
    })
  })

  test('what somebody changed since is left alone, and says who; everything else goes back', async () => {
    const [one = '', two = '', three = ''] = await some(3)
    const { id } = await bulk([one, two, three], [setFire])
    await cast.nora.api.editIncident({ params: { id: one }, body: { category: 'Smoke' }, version: 2 })
    await cast.nora.api.editIncident({ params: { id: two }, body: { title: 'Smoke' }, version: 2 })
    await cast.nora.api.commentIncident({ params: { id: three }, body: { audience: 'public', body: 'Hm.' } })
    expect(await undo(id)).toEqual({ done: 2, refused: 1 })
    expect(await cast.read(one)).toMatchObject({ category: 'Smoke', impact: 1 })
    expect(await cast.read(two)).toMatchObject({ category: '', impact: 3, title: 'Smoke' })
    const { records } = await cast.lena.api.readBulk({ params: { id } })
    expect(records[0]?.undo).toEqual({
      outcome: 'refused',
      reasons: [{ code: 'changed_meanwhile', field: 'category', message: 'Nora changed it since' }],
    })
  })

  test('what was said stays said', async () => {
    const [id = ''] = await some(1)
    const action = await bulk([id], [{ do: 'comment', audience: 'public', body: 'We know.' }])
    expect(await undo(action.id)).toEqual({ done: 0, refused: 1 })
    expect((await cast.timeline(id)).at(-1)?.body).toBe('We know.')
  })

  test('duplicates lose their link and their people leave the survivor, except who was there anyway', async () => {
    const survivor = (await cast.raise(cast.rita)).id
    const dora = await cast.tenant.person('Dora', 'requester')
    const [hers, his] = [(await cast.raise(dora)).id, (await cast.raise(cast.otto)).id]
    await cast.lena.api.addAffected({ params: { id: survivor }, body: { personId: dora.id } })
    const { id } = await bulk(
      [hers, his],
      [{ do: 'move', move: { action: 'cancel', reason: 'duplicate', duplicateOf: survivor } }],
    )
    expect((await cast.read(survivor)).affected.count).toBe(2)
    await undo(id)
    expect(await cast.read(survivor)).toMatchObject({ affected: { count: 1 }, links: [], watchers: [] })
    expect((await cast.read(survivor, dora)).affected.includesMe).toBe(true)
    expect(await refusalOf(cast.read(survivor, cast.otto))).toBe('not_found')
    expect(await cast.read(his)).toMatchObject({ state: 'new', links: [] })
  })

  test('a record is taken back once, however often and by however many it is asked', async () => {
    const [id = ''] = await some(1)
    const action = await bulk([id], [setFire])
    await Promise.allSettled([undo(action.id), undo(action.id), undo(action.id)])
    expect(await refusalOf(undo(action.id))).toBe('not_allowed_here')
    const items = await cast.timeline(id)
    expect(items.filter((item) => item.type === 'incident.taken_back')).toHaveLength(1)
    const { records } = await cast.lena.api.readBulk({ params: { id: action.id } })
    expect(records[0]?.undo).toEqual({ outcome: 'done', reasons: [] })
    expect(await cast.read(id)).toMatchObject({ category: '', version: 3 })
  })

  test('custom fields go back one by one', async () => {
    const ada = await cast.tenant.person('Ada', 'administrator')
    for (const key of ['ward', 'room'])
      await ada.api.createCustomField({ body: { key, label: key, type: 'text' } })
    const [id = ''] = await some(1)
    const set = async (custom: Record<string, string>, version: number) =>
      cast.nora.api.editIncident({ params: { id }, body: { custom }, version })
    await set({ ward: '4' }, 1)
    const action = await bulk([id], [{ do: 'set', fields: { custom: { ward: '5' } } }])
    await set({ room: '12' }, 3)
    expect(await undo(action.id)).toEqual({ done: 1, refused: 0 })
    expect((await cast.read(id)).custom).toEqual({ ward: '4', room: '12' })
  })

  test('what was set where nothing was before is taken away again', async () => {
    const [id = ''] = await some(1)
    const action = await bulk([id], [{ do: 'set', fields: { custom: { ward: '5' } } }])
    await undo(action.id)
    expect((await cast.read(id)).custom).toEqual({})
  })
})
