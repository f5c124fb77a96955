import { Temporal } from './temporal.ts'

/** Where "now" comes from. Rules take an instant as an argument; only the outermost layer holds a clock. */
export type Clock = () => Temporal.Instant

export const systemClock: Clock = () => Temporal.Now.instant()

/** A clock that stands still until it is told otherwise. */
export type SettableClock = Clock & {
  readonly set: (now: Temporal.Instant) => void
  readonly advance: (by: Temporal.DurationLike) => void
}

/** `start` and the durations of `advance` in Temporal's own forms: an instant or its ISO text, `{ minutes: 5 }` or `PT5M`. */
export function settableClock(start: Temporal.InstantLike): SettableClock {
  let now = Temporal.Instant.from(start)
  return Object.assign(() => now, {
    set: (to: Temporal.Instant) => {
      now = to
    },
    advance: (by: Temporal.DurationLike) => {
      now = now.add(by)
    },
  })
}
