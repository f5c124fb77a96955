import {
  foldClock,
  roundsAt,
  runsOutAt,
  warningsDue,
  type ClockState,
  type Moment,
  type Round,
} from '../../kernel/clock/clock.ts'
import type { ClockWarning } from '@evenkeel/contract/service-level'
import { choose, type Agreed, type Slot } from './service-level.agreed.ts'
import type { Holder, MeasuredKind, RecordMoment } from './service-level.measured.ts'

/** The clocks of one slot of a record, as they are at an instant. */
export type SlotClocks = {
  readonly slot: Slot
  readonly rounds: readonly Round<Holder>[]
  /** When the last one runs out, with what is known to come; null when it does not run. */
  readonly runsOutAt: number | null
  /** When something is to be said next. */
  readonly nextDueAt: number | null
  /** Agreements that fit the record now and stand below the one in force. */
  readonly below: readonly string[]
}

/** Pure: all clocks of a record out of its history and of what was agreed, as they are at `now`. */
export const replay = (
  history: readonly RecordMoment[],
  agreed: Agreed,
  measured: Pick<MeasuredKind, 'momentary'>,
  now: number,
): readonly SlotClocks[] => {
  const slots = new Set(agreed.versions.flatMap(({ offered }) => [...offered.keys()]))
  if (history.length === 0 || slots.size === 0) return []
  const timeline = withTurns(history, agreed, measured)
  return [...slots].flatMap((slot) => {
    const moments = timeline.map((moment): Moment<Holder> => ({
      at: moment.at,
      entry: moment.entry,
      holder: moment.holder,
      deal: choose(agreed, slot, moment),
    }))
    const state = foldClock(moments.filter(({ at }) => at <= now))
    const rounds = roundsAt(state, now)
    if (rounds.length === 0) return []
    const coming = moments.filter(({ at }) => at > now)
    const standing = timeline.findLast(({ at }) => at <= now)
    return [
      {
        slot,
        rounds,
        ...dueIn(state, coming, rounds.at(-1)),
        below: standing === undefined ? [] : (choose(agreed, slot, standing)?.below ?? []),
      },
    ]
  })
}

const dueIn = (
  state: ClockState<Holder>,
  coming: readonly Moment<Holder>[],
  round: Round<Holder> | undefined,
): Pick<SlotClocks, 'runsOutAt' | 'nextDueAt'> => {
  const deadline = round?.phase === 'running' ? runsOutAt(state, coming) : null
  if (round?.phase !== 'running') return { runsOutAt: null, nextDueAt: null }
  const next = [
    ...(round.missedAt === null && deadline !== null ? [deadline] : []),
    ...warningsDue(round)
      .slice(0, 1)
      .map(({ at }) => at),
  ]
  return { runsOutAt: deadline, nextDueAt: next.length === 0 ? null : Math.min(...next) }
}

/** The history with the instants at which agreements or calendars changed after its beginning. */
const withTurns = (
  history: readonly RecordMoment[],
  agreed: Agreed,
  { momentary }: Pick<MeasuredKind, 'momentary'>,
): readonly RecordMoment[] => {
  const first = history[0]
  if (first === undefined) return []
  const turns = turnsOf(agreed).filter((at) => at > first.at)
  const timeline: RecordMoment[] = []
  let place = 0
  for (const moment of history) {
    for (let at = turns[place]; at !== undefined && at < moment.at; at = turns[place]) {
      const before = timeline.at(-1)
      if (before !== undefined) timeline.push(turned(before, at, momentary))
      place += 1
    }
    timeline.push(moment)
  }
  for (const at of turns.slice(place)) {
    const before = timeline.at(-1)
    if (before !== undefined && before.at < at) timeline.push(turned(before, at, momentary))
  }
  return timeline
}

/** When anything that was agreed changed or will change, each instant once. */
export const turnsOf = ({ versions, calendars }: Agreed): readonly number[] => {
  const all = [...versions, ...[...calendars.values()].flat()].map(({ from }) => from)
  return [...new Set(all)].toSorted((one, other) => one - other)
}

/** Nothing happened to the record: only what is agreed may be otherwise. */
const turned = (before: RecordMoment, at: number, momentary: readonly string[]): RecordMoment => ({
  ...before,
  at,
  facts: { ...before.facts, ...Object.fromEntries(momentary.map((field) => [field, false])) },
})

/** Something a clock has to say once: that it ran out, or that it soon will. */
export type Mark = {
  readonly slot: Slot
  readonly round: Round<Holder>
  readonly what: 'missed' | 'warned'
  readonly warning: ClockWarning | null
  /** The instant at which it was so, however late it is said. */
  readonly at: number
}

export const marksOf = ({ slot, rounds }: SlotClocks): readonly Mark[] =>
  rounds.flatMap((round) => [
    ...round.warned.map(({ warning, at }): Mark => ({ slot, round, what: 'warned', warning, at })),
    ...(round.missedAt === null
      ? []
      : [{ slot, round, what: 'missed', warning: null, at: round.missedAt } as const]),
  ])
