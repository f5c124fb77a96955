import type { Temporal } from '../time/temporal.ts'

/** A source says that an attribute has a value. One that has nothing to say makes no claim. */
export type Claim<Value> = {
  readonly source: string
  readonly at: Temporal.Instant
  readonly value: Value
}

/** The sources of one attribute, the most trusted first. */
export type Precedence = readonly {
  readonly source: string
  /** A claim older than that loses its turn; null: never. */
  readonly staleAfterDays: number | null
}[]

export type Lost<Value> = Claim<Value> & {
  readonly ageMilliseconds: number
  /**
   * `superseded`: its own source said something later. `stale`: too old for its turn. `outranked`: the winner's source is trusted more.
   * `older`: no order between them, and the winner is later.
   */
  readonly because: 'superseded' | 'stale' | 'outranked' | 'older'
  /** It says the same as the winner. */
  readonly agrees: boolean
}

export type Reconciled<Value> = {
  readonly winner: Claim<Value> & { readonly ageMilliseconds: number; readonly stale: boolean }
  /** Latest first. */
  readonly lost: readonly Lost<Value>[]
  /** A source that still counts says something else: somebody should look. */
  readonly disputed: boolean
}

const dayMilliseconds = 86_400_000

/** Who is believed at `now`; null when nobody says anything. */
export const reconcile = <Value>(
  claims: readonly Claim<Value>[],
  precedence: Precedence,
  now: Temporal.Instant,
  same: (one: Value, other: Value) => boolean = Object.is,
): Reconciled<Value> | null => {
  // What a clock running ahead says is as old as now.
  const age = ({ at }: Claim<Value>): number => Math.max(now.epochMilliseconds - at.epochMilliseconds, 0)
  const rank = ({ source }: Claim<Value>): number => {
    const at = precedence.findIndex((one) => one.source === source)
    return at < 0 ? precedence.length : at
  }
  const isStale = (claim: Claim<Value>): boolean => {
    const days = precedence.find(({ source }) => source === claim.source)?.staleAfterDays ?? null
    return days !== null && age(claim) > days * dayMilliseconds
  }
  const latestFirst = claims.toSorted(byTime)
  const current = latestFirst.filter(
    (claim, at) => latestFirst.findIndex(({ source }) => source === claim.source) === at,
  )
  const fresh = current.filter((claim) => !isStale(claim))
  const winner =
    fresh.length > 0 ? fresh.toSorted((a, b) => rank(a) - rank(b) || byTime(a, b))[0] : current[0]
  if (winner === undefined) return null
  const because = (claim: Claim<Value>): Lost<Value>['because'] => {
    if (!current.includes(claim)) return 'superseded'
    if (isStale(claim) && fresh.length > 0) return 'stale'
    return fresh.length > 0 && rank(claim) > rank(winner) ? 'outranked' : 'older'
  }
  return {
    winner: { ...winner, ageMilliseconds: age(winner), stale: fresh.length === 0 },
    lost: latestFirst
      .filter((claim) => claim !== winner)
      .map((claim) => ({
        ...claim,
        ageMilliseconds: age(claim),
        because: because(claim),
        agrees: same(claim.value, winner.value),
      })),
    disputed: fresh.some((claim) => !same(claim.value, winner.value)),
  }
}

/** The latest first; at the same instant by source and value, so that the order of arrival says nothing. */
const byTime = <Value>(a: Claim<Value>, b: Claim<Value>): number =>
  b.at.epochNanoseconds === a.at.epochNanoseconds
    ? compareTexts(`${a.source} ${JSON.stringify(a.value)}`, `${b.source} ${JSON.stringify(b.value)}`)
    : b.at.epochNanoseconds > a.at.epochNanoseconds
      ? 1
      : -1

const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
