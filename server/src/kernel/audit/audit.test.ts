import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auditOf, type Scan } from './audit.ts'

const around = new Map([
  ['room-1', 'site'],
  ['room-2', 'site'],
])
const scan = (id: string, more: Partial<Scan> = {}): Scan => ({
  id,
  itemId: null,
  text: id,
  placeId: null,
  at: '2026-03-01T10:00:00.000Z',
  ...more,
})

test('what was scanned is found, at the wrong place or unexpected; what was not is missing', () => {
  const expected = ['a', 'b', 'c', 'd'].map((itemId) => ({
    itemId,
    placeId: itemId === 'd' ? null : 'room-1',
  }))
  const { items, unread, scans } = auditOf(
    expected,
    [
      scan('1', { itemId: 'a', placeId: 'site' }),
      scan('2', { itemId: 'b', placeId: 'room-2' }),
      scan('3', { itemId: 'd', placeId: 'room-2' }),
      scan('4', { itemId: 'e', placeId: 'room-2' }),
      scan('5', { text: 'smudge' }),
      scan('6', { text: 'smudge' }),
    ],
    around,
  )
  expect(items.map(({ itemId, outcome }) => `${itemId} ${outcome}`)).toEqual([
    'a found',
    'b wrong_place',
    'c missing',
    'd found',
    'e unexpected',
  ])
  expect(unread.map(({ id }) => id)).toEqual(['6'])
  expect(scans).toBe(6)
})

test('the last scan says where it is, by its own time and not by when it arrived', () => {
  const early = scan('2', { itemId: 'a', placeId: 'room-2', at: '2026-03-01T09:00:00.000Z' })
  const late = scan('1', { itemId: 'a', placeId: 'room-1', at: '2026-03-01T11:00:00.000Z' })
  const { items } = auditOf([{ itemId: 'a', placeId: 'room-1' }], [late, early], around)
  expect(items).toMatchObject([{ outcome: 'found', seen: { id: '1' } }])
})

test('places that lie in each other end the way', () => {
  const circle = new Map([
    ['room-1', 'room-2'],
    ['room-2', 'room-1'],
  ])
  const { items } = auditOf(
    [{ itemId: 'a', placeId: 'room-1' }],
    [scan('1', { itemId: 'a', placeId: 'site' })],
    circle,
  )
  expect(items).toMatchObject([{ outcome: 'wrong_place' }])
})

const anyScans = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    itemId: fc.constantFrom('a', 'b', 'c', 'x', null),
    text: fc.constantFrom('one', 'two'),
    placeId: fc.constantFrom('site', 'room-1', 'room-2', null),
    at: fc.constantFrom('2026-03-01T10:00:00.000Z', '2026-03-01T10:00:01.000Z', '2026-03-02T10:00:00.000Z'),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
)
const expected = fc.constant([
  { itemId: 'a', placeId: 'room-1' },
  { itemId: 'b', placeId: 'site' },
  { itemId: 'c', placeId: null },
])

test('any order, repetition and interleaving of what two people deliver gives the same result', () => {
  fc.assert(
    fc.property(
      anyScans,
      anyScans,
      expected,
      fc.array(fc.tuple(fc.boolean(), fc.nat(11), fc.nat(11)), { maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (one, other, wanted, batches, dice) => {
        const known = new Set(one.map(({ id }) => id))
        const two = other.filter(({ id }) => !known.has(id))
        // Parts of either's scans, once more or several times, and everything at the end as each device delivers what waits.
        const parts = batches.flatMap(([first, from, to]) => (first ? one : two).slice(from, to))
        const delivered = [...parts, ...one, ...two]
          .map((each) => ({ each, place: dice.next().value ?? 0 }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ each }) => each)
        expect(auditOf(wanted, delivered, around)).toEqual(auditOf(wanted, [...one, ...two], around))
      },
    ),
  )
})

test('what was delivered before is never forgotten: an item that was seen stays seen', () => {
  fc.assert(
    fc.property(anyScans, anyScans, expected, (one, more, wanted) => {
      const seenIn = (scans: readonly Scan[]) =>
        auditOf(wanted, scans, around)
          .items.filter(({ seen }) => seen !== null)
          .map(({ itemId }) => itemId)
      expect(seenIn([...one, ...more.map((each) => ({ ...each, id: `2${each.id}` }))])).toEqual(
        expect.arrayContaining(seenIn(one)),
      )
    }),
  )
})
