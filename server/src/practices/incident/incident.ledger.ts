/** One change of one column, as the journal has it; in the order in which the changes were made. */
export type Turn = { readonly at: string; readonly from: string | null; readonly to: string | null }

/** A column held a value from one instant to another, in milliseconds. */
export type Span = {
  readonly value: string | null
  readonly from: number
  readonly to: number
  /** When the entry says it began: a command that waited for the lock is older than what it followed. */
  readonly saidFrom: number
}

/**
 * Pure: what a column held between two instants. The spans follow one another without a gap, so they add up to exactly the time between;
 * an entry that says it is older than the one before it counts from where that one ended.
 */
export const spansOf = (
  turns: readonly Turn[],
  { start, end, now }: { readonly start: string; readonly end: string; readonly now: string | null },
): Span[] => {
  const first = Date.parse(start)
  const last = Math.max(first, Date.parse(end))
  const spans: Span[] = []
  let from = first
  let saidFrom = first
  for (const turn of turns) {
    const said = Date.parse(turn.at)
    const to = Math.min(Math.max(said, from), last)
    spans.push({ value: turn.from, from, to, saidFrom })
    from = to
    saidFrom = said
  }
  spans.push({ value: turns.at(-1)?.to ?? now, from, to: last, saidFrom })
  return spans
}

const minute = 60_000

/** Pure: whole minutes of each span, counted on the clock that began with the first: they add up to the whole minutes of all. */
export const minutesOf = (spans: readonly Pick<Span, 'from' | 'to'>[]): number[] => {
  const start = spans[0]?.from ?? 0
  return spans.map(({ from, to }) => Math.floor((to - start) / minute) - Math.floor((from - start) / minute))
}

/** A wait: why, from when to when, and until when nobody had written to the caller; in milliseconds. */
export type Hold = {
  readonly reason: string
  readonly from: number
  readonly to: number
  readonly silentTo: number
}

/**
 * Pure: the waits among the spans of the reason for holding. A wait is silent until somebody of the desk writes to the caller; a question
 * that the hold came with is written at the instant it began.
 * @param outbound when the desk wrote to the caller, in any order
 */
export const holdsOf = (spans: readonly Span[], outbound: readonly string[]): Hold[] => {
  const written = outbound.map((at) => Date.parse(at))
  return spans.flatMap(({ value, from, to, saidFrom }) => {
    if (value === null) return []
    const heard = written.filter((at) => at >= saidFrom && at < to)
    const silentTo = heard.length === 0 ? to : Math.max(from, Math.min(...heard))
    return [{ reason: value, from, to, silentTo }]
  })
}

/** Pure: who had it at an instant. */
export const valueAt = (spans: readonly Span[], at: number): string | null =>
  spans.findLast((span) => span.from <= at)?.value ?? null
