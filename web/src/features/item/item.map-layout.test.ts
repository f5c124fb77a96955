import { expect, test } from 'vitest'
import { boundsOf, gap, layeredPlaces, nodeSize, shapely } from './item.map-layout.ts'

const yOf = (places: ReturnType<typeof layeredPlaces>, id: string): number => places.get(id)?.y ?? Number.NaN

test('what stands below is drawn below, by the longest way', () => {
  const places = layeredPlaces(
    ['billing', 'api', 'db', 'host'],
    [
      { belowId: 'api', aboveId: 'billing' },
      { belowId: 'db', aboveId: 'api' },
      { belowId: 'host', aboveId: 'db' },
      { belowId: 'host', aboveId: 'billing' },
    ],
    1.6,
  )
  expect(yOf(places, 'billing')).toBeLessThan(yOf(places, 'api'))
  expect(yOf(places, 'api')).toBeLessThan(yOf(places, 'db'))
  expect(yOf(places, 'db')).toBeLessThan(yOf(places, 'host'))
})

test('a ring is opened, and every node has its place once', () => {
  const ids = ['a', 'b', 'c', 'alone']
  const places = layeredPlaces(
    ids,
    [
      { belowId: 'a', aboveId: 'b' },
      { belowId: 'b', aboveId: 'c' },
      { belowId: 'c', aboveId: 'a' },
      { belowId: 'a', aboveId: 'a' },
      { belowId: 'a', aboveId: 'not here' },
    ],
    1.6,
  )
  expect([...places.keys()].toSorted()).toEqual(['a', 'alone', 'b', 'c'])
})

test('no two nodes stand on one another, and a wide layer becomes rows', () => {
  const leaves = Array.from({ length: 400 }, (_, at) => `leaf ${at}`)
  const places = layeredPlaces(
    ['top', ...leaves],
    leaves.map((belowId) => ({ belowId, aboveId: 'top' })),
    1.6,
  )
  expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(401)
  const { left, right } = boundsOf(places)
  expect(right - left).toBeLessThan(40 * nodeSize.width)
})

test('what was sorted out into one long band is not taken', () => {
  const row = (count: number, high: number) =>
    new Map(
      Array.from({ length: count }, (_, at) => [
        `${at}`,
        { x: (at % high) * 208, y: Math.floor(at / high) * 120 },
      ]),
    )
  expect(shapely(row(100, 10), row(100, 12), 1.6)).toBe(true)
  expect(shapely(row(100, 100), row(100, 12), 1.6)).toBe(false)
})

test('on a phone what has no relations stands in rows that fit it', () => {
  const services = Array.from({ length: 9 }, (_, at) => `service ${at}`)
  const { left, right } = boundsOf(layeredPlaces(services, [], 0.8))
  expect(right - left).toBe(2 * nodeSize.width + gap.across)
})
