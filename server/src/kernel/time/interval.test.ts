import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contains, intersect, intervalSet, overlaps, subtract, totalMilliseconds, union } from './interval.ts'
import type { Interval } from './interval.ts'
import { Temporal } from './temporal.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 1000)

// The whole of time, for these tests, is one hour of bits, one a minute.
const HOUR = Array.from({ length: 60 }, (_, minute) => minute)
const at = (minute: number) => Temporal.Instant.fromEpochMilliseconds(minute * 60_000)
const from = (start: number, end: number): Interval => ({ start: at(start), end: at(end) })
const minutes = (intervals: readonly Interval[]) =>
  intervals.map(({ start, end }) => [start.epochMilliseconds / 60_000, end.epochMilliseconds / 60_000])

const bits = (intervals: readonly Interval[]) =>
  HOUR.map((minute) => intervals.some((one) => contains(one, at(minute))))

const anInterval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
  .map(([a, b]) => from(Math.min(a, b), Math.max(a, b)))
const someIntervals = fc.array(anInterval, { maxLength: 8 })

describe('a set of intervals', () => {
  test('holds the instants of its intervals and no other, whatever their order', () => {
    fc.assert(
      fc.property(someIntervals, (list) => {
        expect(bits(intervalSet(list))).toEqual(bits(list))
      }),
      { numRuns },
    )
  })

  test('is in order, with a gap between any two and none empty, so that equal sets are equal lists', () => {
    fc.assert(
      fc.property(someIntervals, someIntervals, (a, b) => {
        const [left, right] = [intervalSet(a), intervalSet(b)]
        for (const set of [left, union(left, right), intersect(left, right), subtract(left, right)]) {
          const edges = minutes(set).flat()
          expect(edges).toEqual([...new Set(edges)].sort((x, y) => x - y))
        }
      }),
      { numRuns },
    )
  })

  test('merges intervals that touch', () => {
    expect(minutes(intervalSet([from(20, 30), from(10, 20)]))).toEqual([[10, 30]])
  })

  test('keeps the longer end of an interval inside another', () => {
    expect(minutes(intervalSet([from(10, 40), from(20, 30)]))).toEqual([[10, 40]])
  })

  test('refuses an interval that ends before it starts', () => {
    expect(() => intervalSet([from(2, 1)])).toThrow(
      'The interval from 1970-01-01T00:02:00Z ends before it starts, at 1970-01-01T00:01:00Z.',
    )
  })

  test('leaves the list it was made from as it was', () => {
    const list = Object.freeze([from(20, 30), from(10, 20)])
    intervalSet(list)
    expect(minutes(list)).toEqual([
      [20, 30],
      [10, 20],
    ])
  })
})

describe.each([
  { name: 'union', operation: union, bit: (a: boolean, b: boolean) => a || b },
  { name: 'intersection', operation: intersect, bit: (a: boolean, b: boolean) => a && b },
  { name: 'difference', operation: subtract, bit: (a: boolean, b: boolean) => a && !b },
])('the $name of two sets', ({ operation, bit }) => {
  test('is that of their bits', () => {
    fc.assert(
      fc.property(someIntervals, someIntervals, (a, b) => {
        const result = bits(operation(intervalSet(a), intervalSet(b)))
        const [bitsOfA, bitsOfB] = [bits(a), bits(b)]
        expect(result).toEqual(HOUR.map((minute) => bit(bitsOfA[minute] === true, bitsOfB[minute] === true)))
      }),
      { numRuns },
    )
  })
})

test('the total of a set counts every instant once', () => {
  fc.assert(
    fc.property(someIntervals, (list) => {
      expect(totalMilliseconds(intervalSet(list))).toBe(bits(list).filter(Boolean).length * 60_000)
    }),
    { numRuns },
  )
})

test('two intervals overlap exactly when they have an instant in common', () => {
  fc.assert(
    fc.property(anInterval, anInterval, (a, b) => {
      const [bitsOfA, bitsOfB] = [bits([a]), bits([b])]
      expect(overlaps(a, b)).toBe(HOUR.some((minute) => bitsOfA[minute] && bitsOfB[minute]))
    }),
    { numRuns },
  )
})

test('intervals that touch do not overlap, and an empty one overlaps nothing', () => {
  expect(overlaps(from(10, 20), from(20, 30))).toBe(false)
  expect(overlaps(from(20, 30), from(10, 20))).toBe(false)
  expect(overlaps(from(15, 15), from(10, 20))).toBe(false)
  expect(overlaps(from(10, 21), from(20, 30))).toBe(true)
})

test('an interval contains its start and not its end', () => {
  expect(contains(from(10, 20), at(10))).toBe(true)
  expect(contains(from(10, 20), at(20))).toBe(false)
  expect(contains(from(10, 20), at(20).subtract({ nanoseconds: 1 }))).toBe(true)
})
