import { contains, intersect, intervalSet, overlaps, subtract, type Interval } from '../time/interval.ts'
import { Temporal } from '../time/temporal.ts'

export type Fact<Value> = {
  /** When it was true. */
  readonly valid: Interval
  /** When we held it to be so. */
  readonly known: Interval
  readonly value: Value
}

/** Facts about one thing's one property, in no order. At most one for each pair of times. */
export type History<Value> = readonly Fact<Value>[]

/** Somebody says at `at` that from the start of `valid` to its end the value is `value`, or that there is none. */
export type Statement<Value> = {
  readonly at: Temporal.Instant
  readonly valid: Interval
  readonly value: Value | null
}

/** The first and the last instant there are: what has always been so, and what has no end. */
export const beginningOfTime = Temporal.Instant.fromEpochMilliseconds(-8.64e15)
export const endOfTime = Temporal.Instant.fromEpochMilliseconds(8.64e15)

export const since = (start: Temporal.Instant): Interval => ({ start, end: endOfTime })

type Same<Value> = (one: Value, other: Value) => boolean

/** What a statement does to a history: rows to close at its time, and rows to write. */
export type Effect<Value, Held extends Fact<Value> = Fact<Value>> = {
  readonly closed: readonly Held[]
  readonly opened: readonly Fact<Value>[]
}

/**
 * @param history may be just the facts that are known to this day, which is all that a statement touches
 * @throws RangeError when something was learned later than the statement: what was known cannot be changed
 */
export const effectOf = <Value, Held extends Fact<Value>>(
  history: readonly Held[],
  { at, valid, value }: Statement<Value>,
  same: Same<Value> = Object.is,
): Effect<Value, Held> => {
  const late = history.find((fact) => Temporal.Instant.compare(fact.known.start, at) > 0)
  if (late)
    throw new RangeError(
      `Something was learned at ${late.known.start.toString()}; ${at.toString()} cannot be said to have known it differently.`,
    )
  const touched = history.filter((fact) => isCurrent(fact) && overlaps(fact.valid, valid))
  const agreeing = touched.filter((fact) => value !== null && same(fact.value, value))
  const contradicted = touched.filter((fact) => !agreeing.includes(fact))
  const fresh = subtract(intervalSet([valid]), intervalSet(agreeing.map((fact) => fact.valid)))
  return {
    closed: contradicted,
    opened: [
      ...contradicted.flatMap((fact) =>
        facts(subtract(intervalSet([fact.valid]), intervalSet([valid])), at, fact.value),
      ),
      ...(value === null ? [] : facts(fresh, at, value)),
    ],
  }
}

const facts = <Value>(valid: readonly Interval[], at: Temporal.Instant, value: Value): Fact<Value>[] =>
  valid.map((interval) => ({ valid: interval, known: since(at), value }))

const isCurrent = ({ known }: Fact<unknown>): boolean => known.end.equals(endOfTime)

export const record = <Value>(
  history: History<Value>,
  statement: Statement<Value>,
  same: Same<Value> = Object.is,
): History<Value> => {
  const { closed, opened } = effectOf(history, statement, same)
  return [...closeAt(history, statement.at, (fact) => closed.includes(fact)), ...opened]
}

/** What began at the very instant it is closed was never known. */
const closeAt = <Value>(
  history: History<Value>,
  at: Temporal.Instant,
  ends: (fact: Fact<Value>) => boolean,
): Fact<Value>[] =>
  history.flatMap((fact) => {
    if (!ends(fact)) return [fact]
    return fact.known.start.equals(at) ? [] : [{ ...fact, known: { start: fact.known.start, end: at } }]
  })

/** What was held at `knownAt` to have been the value at `validAt`. */
export const asOf = <Value>(
  history: History<Value>,
  validAt: Temporal.Instant,
  knownAt: Temporal.Instant,
): Value | null =>
  history.find(({ valid, known }) => contains(valid, validAt) && contains(known, knownAt))?.value ?? null

/** Everything that was held at `knownAt`, from the first time to the last. */
export const asKnown = <Value>(history: History<Value>, knownAt: Temporal.Instant): readonly Fact<Value>[] =>
  history
    .filter(({ known }) => contains(known, knownAt))
    .toSorted((a, b) => Temporal.Instant.compare(a.valid.start, b.valid.start))

/** Where two accounts of the same time differ. */
export type Difference<Value> = {
  readonly valid: Interval
  readonly was: Value | null
  readonly is: Value | null
}

/** What is held at `later` otherwise than it was at `earlier`, within `valid`: what a decision made then could not know. */
export const corrections = <Value>(
  history: History<Value>,
  valid: Interval,
  { earlier, later }: { readonly earlier: Temporal.Instant; readonly later: Temporal.Instant },
  same: Same<Value> = Object.is,
): readonly Difference<Value>[] => {
  const [before, after] = [asKnown(history, earlier), asKnown(history, later)]
  const within = intervalSet([valid])
  const edges = [...before, ...after].flatMap((fact) => [fact.valid.start, fact.valid.end])
  const cuts = [valid.start, ...edges.filter((edge) => contains(valid, edge)), valid.end].sort((a, b) =>
    Temporal.Instant.compare(a, b),
  )
  const at = (account: readonly Fact<Value>[], instant: Temporal.Instant): Value | null =>
    account.find((fact) => contains(fact.valid, instant))?.value ?? null
  return cuts.flatMap((start, place) => {
    const end = cuts[place + 1]
    if (end === undefined) return []
    const [was, is] = [at(before, start), at(after, start)]
    if (was === is || (was !== null && is !== null && same(was, is))) return []
    return intersect(intervalSet([{ start, end }]), within).map((interval) => ({ valid: interval, was, is }))
  })
}

/** Facts that say something about the same pair of times: none, in any history made here. */
export const clashes = <Value>(history: History<Value>): readonly (readonly [Fact<Value>, Fact<Value>])[] =>
  history.flatMap((one, at) =>
    history
      .slice(at + 1)
      .filter((other) => overlaps(one.valid, other.valid) && overlaps(one.known, other.known))
      .map((other) => [one, other] as const),
  )

export type Merged<Value> = {
  readonly survivor: History<Value>
  readonly absorbed: History<Value>
  /** What the absorbed one said otherwise and the survivor does not say: `was` is lost, `is` holds. */
  readonly overruled: readonly Difference<Value>[]
}

export const merge = <Value>(
  survivor: History<Value>,
  absorbed: History<Value>,
  at: Temporal.Instant,
  same: Same<Value> = Object.is,
): Merged<Value> => {
  const said = survivor.filter(isCurrent)
  const brought = absorbed.filter(isCurrent)
  const taken = intervalSet(said.map(({ valid }) => valid))
  const added = brought.flatMap(({ valid, value }) =>
    subtract(intervalSet([valid]), taken).map((interval) => ({ at, valid: interval, value })),
  )
  const overruled = brought.flatMap((fact) =>
    said
      .filter(({ value }) => !same(value, fact.value))
      .flatMap(({ valid, value }) =>
        intersect(intervalSet([fact.valid]), intervalSet([valid])).map((interval) => ({
          valid: interval,
          was: fact.value,
          is: value,
        })),
      ),
  )
  return {
    survivor: added.reduce<History<Value>>(
      (history, statement) => record(history, statement, same),
      survivor,
    ),
    absorbed: record(absorbed, { at, valid: { start: beginningOfTime, end: endOfTime }, value: null }, same),
    overruled,
  }
}

export const split = <Value>(
  history: History<Value>,
  at: Temporal.Instant,
  whose: (fact: Fact<Value>) => 'first' | 'second' | 'both',
): { readonly first: History<Value>; readonly second: History<Value> } => {
  const current = history.filter(isCurrent)
  const moved = current.filter((fact) => whose(fact) === 'second')
  const given = current.filter((fact) => whose(fact) !== 'first')
  const statements = moved.map(({ valid }) => ({ at, valid, value: null }))
  return {
    first: statements.reduce<History<Value>>((left, statement) => record(left, statement), history),
    second: given.map(({ valid, value }) => ({ valid, known: since(at), value })),
  }
}
