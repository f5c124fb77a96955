import type { Temporal } from '../time/temporal.ts'
import type { RelativeReference } from './fields.ts'

/** Whom and when a filter speaks of: what `me`, `my_teams`, `now` and `today` stand for. */
export type FilterContext = {
  /** Nobody when a rule runs on its own: then nothing is mine. */
  readonly me: string | undefined
  readonly myTeams: readonly string[]
  readonly now: Temporal.Instant
  /** IANA name of the zone in which days begin and end. */
  readonly zone: string
}

/** The ids that these words stand for. */
export const idsFor = (relative: readonly RelativeReference[], context: FilterContext): readonly string[] =>
  relative.flatMap((word) => {
    if (word === 'my_teams') return context.myTeams
    return context.me === undefined ? [] : [context.me]
  })
