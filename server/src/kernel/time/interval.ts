import { Temporal } from './temporal.ts'

/** From `start` up to, but without, `end`: intervals that touch have no instant in common. */
export type Interval = { readonly start: Temporal.Instant; readonly end: Temporal.Instant }

declare const normalized: unique symbol

/**
 * A set of instants as intervals in order, none empty, none touching the next: equal sets are equal lists.
 * Only `intervalSet` and the operations below make one.
 */
export type IntervalSet = readonly Interval[] & { readonly [normalized]: true }

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A brand has no other way in; both callers have just put the list in order.
const branded = (intervals: readonly Interval[]) => intervals as IntervalSet

const compare = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b)
const earlier = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) <= 0 ? a : b)
const later = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) >= 0 ? a : b)

/**
 * The set of all instants in any of `intervals`, which may overlap, touch, be empty and come in any order.
 * @throws RangeError when an interval ends before it starts.
 */
export function intervalSet(intervals: Iterable<Interval>): IntervalSet {
  const merged: Interval[] = []
  for (const next of [...intervals].sort((a, b) => compare(a.start, b.start))) {
    if (compare(next.end, next.start) < 0) {
      throw new RangeError(
        `The interval from ${next.start.toString()} ends before it starts, at ${next.end.toString()}.`,
      )
    }
    if (compare(next.end, next.start) === 0) continue
    const last = merged.at(-1)
    if (last && compare(next.start, last.end) <= 0) {
      merged[merged.length - 1] = { start: last.start, end: later(last.end, next.end) }
    } else {
      merged.push({ start: next.start, end: next.end })
    }
  }
  return branded(merged)
}

export const union = (a: IntervalSet, b: IntervalSet) => combine(a, b, (inA, inB) => inA || inB)
export const intersect = (a: IntervalSet, b: IntervalSet) => combine(a, b, (inA, inB) => inA && inB)
export const subtract = (a: IntervalSet, b: IntervalSet) => combine(a, b, (inA, inB) => inA && !inB)

/**
 * One sweep over the edges of both sets. Edges alternate between entering and leaving, so an odd number of them behind
 * us means that we are inside. `keep` must answer false outside both, or the result would have no end.
 */
function combine(a: IntervalSet, b: IntervalSet, keep: (inA: boolean, inB: boolean) => boolean): IntervalSet {
  const edgesOfA = a.flatMap(({ start, end }) => [start, end])
  const edgesOfB = b.flatMap(({ start, end }) => [start, end])
  const kept: Interval[] = []
  let passedA = 0
  let passedB = 0
  let since: Temporal.Instant | undefined
  for (;;) {
    const nextA = edgesOfA[passedA]
    const nextB = edgesOfB[passedB]
    const at = nextA && nextB ? earlier(nextA, nextB) : (nextA ?? nextB)
    if (!at) return branded(kept)
    if (nextA?.equals(at)) passedA += 1
    if (nextB?.equals(at)) passedB += 1
    const inside = keep(passedA % 2 === 1, passedB % 2 === 1)
    if (inside && !since) {
      since = at
    } else if (!inside && since) {
      kept.push({ start: since, end: at })
      since = undefined
    }
  }
}

/** Real elapsed time in whole milliseconds; finer parts of an instant do not count. */
export const totalMilliseconds = (set: IntervalSet) =>
  set.reduce((sum, { start, end }) => sum + end.epochMilliseconds - start.epochMilliseconds, 0)

export const contains = ({ start, end }: Interval, at: Temporal.Instant) =>
  compare(start, at) <= 0 && compare(at, end) < 0

/** Whether the two share an instant. Touching is no overlap, and an empty interval overlaps nothing. */
export const overlaps = (a: Interval, b: Interval) =>
  compare(later(a.start, b.start), earlier(a.end, b.end)) < 0
