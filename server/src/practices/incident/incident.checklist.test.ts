import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const add = async (id: string, items: string[], by: TestPerson = cast.amir) =>
  (await by.api.addToChecklist({ params: { id }, body: { items } })).items.map((item) => item.id)
const tick = (id: string, itemId: string, done: boolean, by: TestPerson = cast.amir) =>
  by.api.tickChecklistItem({ params: { id, itemId }, body: { done } })
const listOf = async (id: string, by: TestPerson = cast.lena) =>
  ((await cast.read(id, by)).checklist ?? []).map((item) => [item.text, item.done?.by.name ?? null])

describe('a checklist (INC-14)', () => {
  test('keeps its order, says who ticked what off, and the timeline of the team tells of it', async () => {
    const { id } = await cast.raise()
    const [one = ''] = await add(id, ['Call the vendor', 'Change the toner'])
    await add(id, ['Print a page'])
    await tick(id, one, true)
    expect(await listOf(id)).toEqual([
      ['Call the vendor', 'Amir'],
      ['Change the toner', null],
      ['Print a page', null],
    ])
    expect((await cast.timeline(id)).slice(-3).map((item) => item.sentence)).toEqual([
      'To do: Call the vendor; Change the toner.',
      'To do: Print a page.',
      'Done: Call the vendor.',
    ])
    await tick(id, one, false)
    await cast.amir.api.removeChecklistItem({ params: { id, itemId: one } })
    expect(await listOf(id)).toEqual([
      ['Change the toner', null],
      ['Print a page', null],
    ])
  })

  test('two people who tick the same item agree, and it is on record once', async () => {
    const { id } = await cast.raise()
    const [one = ''] = await add(id, ['Call the vendor'])
    await tick(id, one, true, cast.amir)
    await tick(id, one, true, cast.nora)
    expect(await listOf(id)).toEqual([['Call the vendor', 'Amir']])
    expect((await cast.timeline(id)).filter((item) => item.sentence?.startsWith('Done'))).toHaveLength(1)
  })

  test('ticking merges with changing the words; two who change the words see both', async () => {
    const { id } = await cast.raise()
    const [itemId = ''] = await add(id, ['Call the vendor'])
    await tick(id, itemId, true, cast.nora)
    const edit = (by: TestPerson, version: number, text: string) =>
      by.api.editChecklistItem({ params: { id, itemId }, version, body: { text } })
    await edit(cast.amir, 1, 'Call the vendor, case 12')
    const refused = await edit(cast.nora, 1, 'Write to the vendor').catch((error: unknown) => error)
    expect(refused).toMatchObject({
      body: {
        code: 'changed_meanwhile',
        reasons: [{ theirs: 'Call the vendor, case 12', yours: 'Write to the vendor' }],
      },
    })
    expect(await listOf(id)).toEqual([['Call the vendor, case 12', 'Nora']])
    expect(await refusalOf(edit(cast.nora, 1, 'Call the vendor, case 12'))).toBe('none')
    expect(await refusalOf(edit(cast.nora, 9, 'x'))).toBe('malformed')
  })

  test('is the team’s: the caller neither sees it nor notices it, nor do they change it', async () => {
    const { id } = await cast.raise()
    const [itemId = ''] = await add(id, ['Look into her mailbox'])
    const seen = JSON.stringify([await cast.read(id, cast.rita), await cast.timeline(id, cast.rita)])
    expect(seen).not.toContain('mailbox')
    expect((await cast.read(id, cast.rita)).checklist).toBeNull()
    expect(await refusalOf(add(id, ['x'], cast.rita))).toBe('forbidden')
    expect(await refusalOf(tick(id, itemId, true, cast.rita))).toBe('forbidden')
  })

  test('of a closed incident is frozen, and an item of another record is not there', async () => {
    const closed = await cast.inState('closed')
    expect(await refusalOf(add(closed, ['x']))).toBe('not_allowed_here')
    const [one, other] = [(await cast.raise()).id, (await cast.raise()).id]
    const [itemId = ''] = await add(one, ['Call the vendor'])
    expect(await refusalOf(tick(other, itemId, true))).toBe('not_found')
  })

  test('has an end', async () => {
    const { id } = await cast.raise()
    const fifty = Array.from({ length: 50 }, (_, index) => `Step ${index}`)
    await add(id, fifty)
    await add(id, fifty)
    expect(await refusalOf(add(id, ['One more']))).toBe('invalid')
  })

  test('comes with an incident that is raised from a template, for those who may edit', async () => {
    const { id } = await cast.raise(cast.amir, { checklist: ['Call the vendor', 'Change the toner'] })
    expect(await listOf(id)).toEqual([
      ['Call the vendor', null],
      ['Change the toner', null],
    ])
    expect(await refusalOf(cast.raise(cast.rita, { checklist: ['x'] }))).toBe('forbidden')
    const template = await cast.lena.api.createTemplate({
      body: {
        kind: 'incident',
        name: 'Printer',
        document: { title: 'Printer', checklist: ['Change the toner'] },
      },
    })
    const { rows } = await cast.amir.api.listTemplates({ query: { kind: 'incident' } })
    expect(rows.find((row) => row.id === template.id)?.document).toEqual({
      title: 'Printer',
      checklist: ['Change the toner'],
    })
  })
})

describe('linked incidents', () => {
  test('tell their end on the page of what they are linked to, within reach and to the team only', async () => {
    const [one, other] = [(await cast.raise()).id, await cast.inState('in_progress')]
    await cast.amir.api.linkIncident({ params: { id: one }, body: { type: 'related', toId: other } })
    await cast.move(cast.amir, other, { action: 'resolve', code: 'fixed', notes: 'Put it out.' })
    const { number } = await cast.read(other)
    expect((await cast.timeline(one)).at(-1)).toMatchObject({
      type: 'incident.resolved',
      record: { id: other, number },
    })
    expect((await cast.timeline(other)).at(-1)).toMatchObject({ type: 'incident.resolved', record: null })
    expect((await cast.timeline(one, cast.rita)).every((item) => item.record === null)).toBe(true)
  })
})

describe('presence', () => {
  const page = '018f0000-0000-7000-8000-000000000001'
  const be = (by: TestPerson, id: string, doing: 'reading' | 'writing' | 'leaving') =>
    by.api.bePresent({ params: { id }, body: { page, doing } })

  test('who works on a record is seen by the team, not by the caller, and by nobody out of reach', async () => {
    const { id } = await cast.raise()
    expect((await be(cast.amir, id, 'writing')).people).toEqual([
      { id: cast.amir.id, name: 'Amir', writing: true },
    ])
    expect((await be(cast.rita, id, 'reading')).people).toEqual([])
    expect((await be(cast.nora, id, 'reading')).people.map(({ name }) => name)).toEqual([
      'Amir',
      'Nora',
      'Rita',
    ])
    await be(cast.amir, id, 'leaving')
    expect((await be(cast.nora, id, 'reading')).people.map(({ name }) => name)).toEqual(['Nora', 'Rita'])
    expect(await refusalOf(be(cast.otto, id, 'reading'))).toBe('not_found')
  })
})
