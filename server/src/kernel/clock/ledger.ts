import { workingIntervals } from '../time/working-time.ts'
import { Temporal } from '../time/temporal.ts'
import type { Round, Segment } from './clock.ts'

/** Why a stretch of time was whose it was. `closed`: nobody was meant to work; `ended`: between an end and a new beginning. */
export type Cause = 'counted' | 'paused' | 'closed' | 'ended'

/** One line: everything in it has one holder and one cause, and the lines of a clock follow one another without a gap. */
export type LedgerLine<Holder> = {
  readonly from: number
  readonly to: number
  readonly cause: Cause
  /** Null where the time is nobody's: closed hours, and after the end. */
  readonly holder: Holder | null
}

/**
 * Where every moment of a clock went, from its start to its end or to now: the segments, cut where working hours begin and end. Its
 * lengths add up to the time on the wall.
 */
export const ledgerOf = <Holder>({ segments }: Pick<Round<Holder>, 'segments'>): LedgerLine<Holder>[] => {
  const lines: LedgerLine<Holder>[] = []
  for (const line of segments.flatMap(linesOf)) {
    const last = lines.at(-1)
    if (last !== undefined && sameLine(last, line)) lines[lines.length - 1] = { ...last, to: line.to }
    else lines.push(line)
  }
  return lines
}

const sameLine = <Holder>(one: LedgerLine<Holder>, other: LedgerLine<Holder>): boolean =>
  one.cause === other.cause && JSON.stringify(one.holder) === JSON.stringify(other.holder)

const linesOf = <Holder>({ from, to, phase, holder, calendar }: Segment<Holder>): LedgerLine<Holder>[] => {
  if (phase === 'stopped' || phase === 'canceled') return [{ from, to, cause: 'ended', holder: null }]
  const lines: LedgerLine<Holder>[] = []
  const closed = (until: number): void => {
    const since = lines.at(-1)?.to ?? from
    if (since < until) lines.push({ from: since, to: until, cause: 'closed', holder: null })
  }
  const cause = phase === 'running' ? 'counted' : 'paused'
  for (const { start, end } of workingIntervals(calendar, instant(from), instant(to))) {
    closed(start.epochMilliseconds)
    lines.push({ from: start.epochMilliseconds, to: end.epochMilliseconds, cause, holder })
  }
  closed(to)
  return lines
}

const instant = (at: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(at)

const minute = 60_000

/**
 * Whole minutes of each line, counted on the clock that began with the first: they add up to the whole minutes of all, which rounding
 * each by itself would not.
 */
export const minutesOf = (lines: readonly Pick<LedgerLine<unknown>, 'from' | 'to'>[]): number[] => {
  const start = lines[0]?.from ?? 0
  return lines.map(({ from, to }) => Math.floor((to - start) / minute) - Math.floor((from - start) / minute))
}

/** Milliseconds of the lines with a cause, by who held them; the largest share first. */
export const sharesOf = <Holder>(
  lines: readonly LedgerLine<Holder>[],
  cause: Cause,
): readonly { readonly holder: Holder | null; readonly milliseconds: number }[] =>
  [
    ...Map.groupBy(
      lines.filter((line) => line.cause === cause),
      ({ holder }) => JSON.stringify(holder),
    ).values(),
  ]
    .map((held) => ({
      holder: held[0]?.holder ?? null,
      milliseconds: held.reduce((sum, { from, to }) => sum + to - from, 0),
    }))
    .toSorted((one, other) => other.milliseconds - one.milliseconds)
