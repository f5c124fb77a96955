import type { Calendar } from '../time/calendar.ts'
import { Temporal } from '../time/temporal.ts'
import { addWorkingDays, addWorkingTime, workingTime } from '../time/working-time.ts'

// A clock measures a promise: from a beginning, through pauses, to an end, in working time. It is a fold over the moments at which anything
// it looks at changed, and nothing else: what is kept of a clock anywhere can be thrown away and made again.
//
// Time before a moment was measured by the terms of then and stays measured: a new priority, agreement or calendar changes what is promised
// and how time is counted from then on, never what has been counted.

/** What an agreement's conditions say at a moment. */
export type Conditions = {
  readonly start: boolean
  readonly pause: boolean
  readonly resume: boolean
  readonly stop: boolean
  readonly reset: boolean
  readonly cancel: boolean
}

/**
 * The two meanings of "in 3 days", never mixed: an amount of working time, or the same clock time on a later working day. What is waited
 * for moves either by exactly the working time that the wait took.
 */
export type Target = { readonly workingMinutes: number } | { readonly workingDays: number }

/** A share of the target, in percent, or working minutes before it is reached. */
export type Warning = { readonly percent: number } | { readonly minutesBefore: number }

export type Rules = {
  /** From the moment at which the start condition holds, or from the first moment of the history, without what was a pause by then. */
  readonly begins: 'at_start' | 'at_origin'
  readonly cancels: 'when_start_ends' | 'on_condition' | 'never'
  readonly resumes: 'when_pause_ends' | 'on_condition'
  /** After it stopped or was canceled: it goes on, without the time between, or another round begins. */
  readonly again: 'continues' | 'anew'
  /** When the target grows after it was missed: what counts is the new target, or what happened. */
  readonly lengthened: 'judged_anew' | 'miss_stays'
}

export type Terms = {
  readonly target: Target
  readonly calendar: Calendar
  readonly warnings: readonly Warning[]
  readonly rules: Rules
}

/** Something changed: what is agreed from now on, if anything, and who has the time. In milliseconds since the epoch. */
export type Moment<Holder> = {
  readonly at: number
  /** What made it: an entry of a journal, a version of a policy. */
  readonly entry: string
  readonly deal: { readonly conditions: Conditions; readonly terms: Terms } | null
  readonly holder: Holder
}

export type Phase = 'running' | 'paused' | 'stopped' | 'canceled'

/** A stretch of time that was measured alike and somebody's. */
export type Segment<Holder> = {
  readonly from: number
  readonly to: number
  readonly phase: Phase
  readonly holder: Holder
  readonly calendar: Calendar
  /** When this phase of the clock began, and with what. */
  readonly since: Since
}

export type Since = { readonly at: number; readonly entry: string }

/** What was promised, from when on. */
export type Pricing = { readonly at: number; readonly entry: string; readonly terms: Terms }

/** Which warning, by its place in the terms, and the instant at which it was due. */
export type Warned = { readonly warning: Warning; readonly at: number }

/** One clock, as it is at `upTo`. */
export type Round<Holder> = {
  /** From 1; a reset begins the next. */
  readonly number: number
  readonly startedAt: number
  readonly phase: Phase
  /** When the phase began, and with what. */
  readonly since: Since
  readonly upTo: number
  /** Working milliseconds that count, and those since the start that do not. */
  readonly elapsed: number
  readonly idle: number
  readonly terms: Terms
  /** The instant at which the target was used up, however late anybody looked. */
  readonly missedAt: number | null
  readonly warned: readonly Warned[]
  readonly segments: readonly Segment<Holder>[]
  readonly pricings: readonly Pricing[]
}

/** All rounds so far, and what a start that reaches back needs to know of the time before. */
export type ClockState<Holder> = {
  readonly rounds: readonly Round<Holder>[]
  readonly before: readonly Moment<Holder>[]
  readonly last: Moment<Holder> | null
}

export const noClock: ClockState<never> = { rounds: [], before: [], last: null }

/** The state after one more moment. @throws RangeError when it lies before the last one */
export const step = <Holder>(state: ClockState<Holder>, moment: Moment<Holder>): ClockState<Holder> => {
  const { last } = state
  if (last !== null && moment.at < last.at) throw new RangeError('A history goes on in the order of time.')
  const earlier = state.rounds.slice(0, -1)
  const current = state.rounds.at(-1)
  const advanced = current === undefined || last === null ? current : advance(current, moment.at, last.holder)
  const rounds = turned(advanced, moment, state.before)
  return {
    rounds: [...earlier, ...rounds],
    before: state.rounds.length === 0 ? [...state.before, moment] : state.before,
    last: moment,
  }
}

/** Pure: a clock is what its history makes of it. */
export const foldClock = <Holder>(moments: readonly Moment<Holder>[]): ClockState<Holder> => {
  let state: ClockState<Holder> = noClock
  for (const moment of moments) state = step(state, moment)
  return state
}

/** The rounds as they are at an instant after the last moment. */
export const roundsAt = <Holder>(
  { rounds, last }: ClockState<Holder>,
  now: number,
): readonly Round<Holder>[] => {
  const current = rounds.at(-1)
  if (current === undefined || last === null) return rounds
  return [...rounds.slice(0, -1), advance(current, Math.max(now, last.at), last.holder)]
}

export const isActive = ({ phase }: Pick<Round<unknown>, 'phase'>): boolean =>
  phase === 'running' || phase === 'paused'

/** Met or missed when it stopped, missed as soon as the target is used up, open until then; a canceled clock is neither. */
export const verdictOf = ({
  phase,
  missedAt,
}: Pick<Round<unknown>, 'phase' | 'missedAt'>): 'met' | 'missed' | 'open' | 'canceled' => {
  if (phase === 'canceled') return 'canceled'
  if (missedAt !== null) return 'missed'
  return phase === 'stopped' ? 'met' : 'open'
}

/** What a round comes to after a moment; none where there was none and none begins. */
const turned = <Holder>(
  before: Round<Holder> | undefined,
  moment: Moment<Holder>,
  history: readonly Moment<Holder>[],
): readonly Round<Holder>[] => {
  const { deal } = moment
  const conditions = deal?.conditions ?? nothingHolds
  const mayStart = conditions.start && !conditions.stop && !conditions.cancel
  let round = before
  if (round === undefined || !isActive(round)) {
    if (deal === null || !mayStart) return round === undefined ? [] : [round]
    // A start that reaches back does so once: what follows a stop or a reset has its own beginning.
    if (round === undefined) round = begun(1, moment, deal.terms, history)
    else if (round.terms.rules.again === 'continues')
      round = entering(priced(gap(round, moment), moment, deal.terms), 'running', moment)
    else
      return [
        round,
        ...processed(begun(round.number + 1, moment, deal.terms, []), conditions, moment, mayStart),
      ]
  } else if (deal !== null) round = priced(round, moment, deal.terms)
  return processed(round, conditions, moment, mayStart)
}

/** The order is fixed: complete, begin again, cancel, pause, go on. */
const processed = <Holder>(
  round: Round<Holder>,
  conditions: Conditions,
  moment: Moment<Holder>,
  mayStart: boolean,
): readonly Round<Holder>[] => {
  const { cancels, resumes } = round.terms.rules
  if (conditions.stop) return [entering(round, 'stopped', moment)]
  if (conditions.reset && mayStart && moment.deal !== null && round.startedAt < moment.at) {
    const next = begun(round.number + 1, moment, moment.deal.terms, [])
    return [entering(round, 'stopped', moment), conditions.pause ? entering(next, 'paused', moment) : next]
  }
  const canceled =
    (cancels !== 'never' && conditions.cancel) || (cancels === 'when_start_ends' && !conditions.start)
  if (canceled) return [entering(round, 'canceled', moment)]
  // Nothing is agreed any more and nothing ends it: it stays as it is.
  if (moment.deal === null) return [round]
  if (conditions.pause) return [entering(round, 'paused', moment)]
  const resumed = resumes === 'when_pause_ends' || conditions.resume
  return [resumed ? entering(round, 'running', moment) : round]
}

const nothingHolds: Conditions = {
  start: false,
  pause: false,
  resume: false,
  stop: false,
  reset: false,
  cancel: false,
}

const entering = <Holder>(round: Round<Holder>, phase: Phase, { at, entry }: Moment<Holder>): Round<Holder> =>
  round.phase === phase ? round : { ...round, phase, since: { at, entry } }

/** A new round, at the moment, or reaching back to the first moment of the history with the pauses that lay between. */
const begun = <Holder>(
  number: number,
  moment: Moment<Holder>,
  terms: Terms,
  history: readonly Moment<Holder>[],
): Round<Holder> => {
  const reached = terms.rules.begins === 'at_origin' ? [...history, moment] : [moment]
  const first = reached[0] ?? moment
  let round: Round<Holder> = {
    number,
    startedAt: first.at,
    phase: 'running',
    since: { at: first.at, entry: first.entry },
    upTo: first.at,
    elapsed: 0,
    idle: 0,
    terms,
    missedAt: null,
    warned: [],
    segments: [],
    pricings: [{ at: first.at, entry: first.entry, terms }],
  }
  for (const [place, past] of reached.entries()) {
    const previous = reached[place - 1]
    if (previous !== undefined) round = advance(round, past.at, previous.holder)
    // What paused before it began, by what was agreed then.
    if (place < reached.length - 1)
      round = entering(round, past.deal?.conditions.pause === true ? 'paused' : 'running', past)
  }
  return round
}

/** The same elapsed time under other terms. */
const priced = <Holder>(round: Round<Holder>, { at, entry }: Moment<Holder>, terms: Terms): Round<Holder> => {
  if (round.terms === terms) return round
  const same = sameTarget(round.terms.target, terms.target) && round.terms.calendar === terms.calendar
  if (same) return { ...round, terms }
  const repriced = { ...round, terms, pricings: [...round.pricings, { at, entry, terms }] }
  const rearmed = {
    ...repriced,
    warned: repriced.warned.filter(({ warning }) => round.elapsed >= thresholdOf(repriced, warning)),
  }
  if (round.missedAt === null || terms.rules.lengthened === 'miss_stays') return rearmed
  const due = deadlineOf(rearmed)
  return due === null || due > at ? { ...rearmed, missedAt: null } : rearmed
}

const sameTarget = (one: Target, other: Target): boolean => JSON.stringify(one) === JSON.stringify(other)

const instant = (at: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(at)
const between = (calendar: Calendar, from: number, to: number): number =>
  workingTime(calendar, instant(from), instant(to))
const after = (calendar: Calendar, from: number, milliseconds: number): number | null => {
  const at = addWorkingTime(calendar, instant(from), milliseconds)
  return at === 'never' ? null : at.epochMilliseconds
}

const minute = 60_000

/** Time goes on to `to`, without a moment in between: what counted, what did not, and what came due. What has ended stays. */
const advance = <Holder>(round: Round<Holder>, to: number, holder: Holder): Round<Holder> => {
  if (to === round.upTo || !isActive(round)) return round
  const passed = between(round.terms.calendar, round.upTo, to)
  const lasted = lengthened(round, to, holder)
  if (round.phase === 'paused') return { ...lasted, idle: round.idle + passed }
  const elapsed = round.elapsed + passed
  // Only what lasted longer than the target is missed: what ends at its very deadline was in time.
  const due = round.missedAt === null && mayBeUsedUp(round, elapsed) ? deadlineOf(round) : null
  return {
    ...lasted,
    elapsed,
    missedAt: due !== null && due < to ? due : round.missedAt,
    warned: [...round.warned, ...warningsDue(round, elapsed).filter(({ at }) => at < to)],
  }
}

/** Cheap, and true of every clock that is: days are not counted in elapsed time. */
const mayBeUsedUp = ({ terms: { target } }: Round<unknown>, elapsed: number): boolean =>
  'workingDays' in target || elapsed >= target.workingMinutes * minute

/** The time between an end and a new beginning of the same round. */
const gap = <Holder>(round: Round<Holder>, { at, holder }: Moment<Holder>): Round<Holder> => {
  if (at === round.upTo) return round
  const passed = between(round.terms.calendar, round.upTo, at)
  return {
    ...lengthened(round, at, round.segments.at(-1)?.holder ?? holder),
    idle: round.idle + passed,
  }
}

const lengthened = <Holder>(round: Round<Holder>, to: number, holder: Holder): Round<Holder> => {
  const { upTo: from, phase, since, terms } = round
  const last = round.segments.at(-1)
  const segment = { from, to, phase, holder, calendar: terms.calendar, since }
  const goesOn =
    last !== undefined &&
    last.phase === phase &&
    last.calendar === terms.calendar &&
    last.since === since &&
    JSON.stringify(last.holder) === JSON.stringify(holder)
  const segments = goesOn ? [...round.segments.slice(0, -1), { ...last, to }] : [...round.segments, segment]
  return { ...round, upTo: to, segments }
}

/**
 * Of a running clock: the warnings still to come, the next first, if nothing changes.
 * @param within only those due before so much time has elapsed
 */
export const warningsDue = (round: Round<unknown>, within = Infinity): readonly Warned[] =>
  round.terms.warnings
    .filter((warning) => !round.warned.some((one) => JSON.stringify(one.warning) === JSON.stringify(warning)))
    .flatMap((warning) => {
      const threshold = thresholdOf(round, warning)
      if (threshold > within) return []
      const at = after(round.terms.calendar, round.upTo, Math.max(0, threshold - round.elapsed))
      return at === null ? [] : [{ warning, at }]
    })
    .toSorted((one, other) => one.at - other.at)

/** After how much elapsed time a warning is due. */
const thresholdOf = (round: Round<unknown>, warning: Warning): number => {
  const budget = budgetOf(round)
  return 'percent' in warning
    ? Math.ceil((budget * warning.percent) / 100)
    : Math.max(0, budget - warning.minutesBefore * minute)
}

/** The promised working time, in milliseconds; of days, as much of it as lies before the same clock time. */
export const budgetOf = ({ startedAt, terms }: Pick<Round<unknown>, 'startedAt' | 'terms'>): number => {
  const { target, calendar } = terms
  if ('workingMinutes' in target) return target.workingMinutes * minute
  const day = addWorkingDays(calendar, instant(startedAt), target.workingDays)
  return day === 'never' ? 0 : between(calendar, startedAt, day.epochMilliseconds)
}

/**
 * The earliest instant at which the target is used up if the clock runs from `upTo` on; null when the calendar never opens for so long.
 * Whoever shows it for a clock that is paused says that it moves.
 */
export const deadlineOf = ({
  startedAt,
  upTo,
  elapsed,
  idle,
  terms,
}: Pick<Round<unknown>, 'startedAt' | 'upTo' | 'elapsed' | 'idle' | 'terms'>): number | null => {
  const { target, calendar } = terms
  if ('workingMinutes' in target)
    return after(calendar, upTo, Math.max(0, target.workingMinutes * minute - elapsed))
  const day = addWorkingDays(calendar, instant(startedAt), target.workingDays)
  if (day === 'never') return null
  const due = after(calendar, day.epochMilliseconds, idle)
  return due === null ? null : Math.max(due, upTo)
}

/**
 * When a running clock runs out with what is known to come: versions of agreements and calendars that begin later than now.
 * @param coming moments after everything that the state has seen
 */
export const runsOutAt = <Holder>(
  state: ClockState<Holder>,
  coming: readonly Moment<Holder>[],
): number | null => {
  const number = state.rounds.at(-1)?.number
  let ahead = state
  for (const moment of coming) {
    ahead = step(ahead, moment)
    const round = ahead.rounds.find((one) => one.number === number)
    if (round === undefined || !isActive(round)) return round?.missedAt ?? null
    if (round.missedAt !== null) return round.missedAt
  }
  const round = ahead.rounds.at(-1)
  if (round === undefined || round.phase !== 'running') return null
  return round.missedAt ?? deadlineOf(round)
}
