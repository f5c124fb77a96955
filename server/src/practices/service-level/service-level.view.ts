import type { ClockHolder, ClockView } from '@evenkeel/contract/service-level'
import { budgetOf, verdictOf, type Round } from '../../kernel/clock/clock.ts'
import { ledgerOf, minutesOf, sharesOf, type LedgerLine } from '../../kernel/clock/ledger.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { promiseOf, type Slot } from './service-level.agreed.ts'
import type { Holder, MeasuredKind } from './service-level.measured.ts'
import { replay, type SlotClocks } from './service-level.replay.ts'
import { agreedIn, entriesOf } from './service-level.source.ts'

/** The clocks of a record straight from its journal: as they are now, whether or not a worker has kept up. */
const clocksNow = async (
  q: Reader,
  measured: MeasuredKind,
  id: string,
  now: string,
): Promise<readonly SlotClocks[]> => {
  const agreed = await agreedIn(q, measured.fields)
  if (agreed === null) return []
  const entries = (await entriesOf(q, measured, [id])).get(id) ?? []
  return replay(measured.momentsOf(entries), agreed, measured, Date.parse(now))
}

/** Names of teams by id. */
type Teams = ReadonlyMap<string, { readonly name: string }>

/** The clocks of a record, those that may still run out first. */
export const viewClocks = async (
  q: Reader,
  measured: MeasuredKind,
  id: string,
  now: string,
  teams: Teams,
): Promise<ClockView[]> => {
  const clocks = await clocksNow(q, measured, id, now)
  return clocks
    .flatMap((of) => of.rounds.map((round) => viewOf(of, round, teams)))
    .toSorted((one, other) => rankOf(one) - rankOf(other) || dueBefore(one, other))
}

const rankOf = ({ phase }: ClockView): number => ['running', 'paused', 'stopped', 'canceled'].indexOf(phase)
const dueBefore = (one: ClockView, other: ClockView): number =>
  (one.deadline ?? '9') < (other.deadline ?? '9') ? -1 : 1

const minute = 60_000

const viewOf = (of: SlotClocks, round: Round<Holder>, teams: Teams): ClockView => {
  const { agreement, version, calendarName } = promiseOf(round.terms)
  const { target, calendar, rules } = round.terms
  const isLast = round === of.rounds.at(-1)
  const [kind, measures] = partsOf(of.slot, agreement.clocks)
  const lines = ledgerOf(round)
  const minutes = minutesOf(lines)
  const counted = Math.floor(round.elapsed / minute)
  const deadline = round.missedAt ?? (isLast ? of.runsOutAt : null)
  return {
    kind,
    measures,
    round: round.number,
    agreement: { id: agreement.id, name: agreement.name, party: agreement.party, version },
    below: isLast ? [...of.below] : [],
    phase: round.phase,
    verdict: verdictOf(round),
    startedAt: written(round.startedAt),
    startedBack: rules.begins === 'at_origin' && round.number === 1,
    since: written(round.since.at),
    waitsFor: round.phase === 'paused' ? holderIn(round.segments.at(-1)?.holder, teams) : null,
    target,
    calendar: { name: calendarName, zone: calendar.zone },
    elapsedMinutes: counted,
    remainingMinutes:
      'workingMinutes' in target ? Math.ceil((budgetOf(round) - round.elapsed) / minute) : null,
    deadline: deadline === null ? null : written(deadline),
    missedAt: round.missedAt === null ? null : written(round.missedAt),
    warnedAt: round.warned.map(({ at }) => written(at)),
    promises: round.pricings.map(({ at, terms }) => {
      const promised = promiseOf(terms)
      return {
        at: written(at),
        agreement: promised.agreement.name,
        target: terms.target,
        calendar: promised.calendarName,
        version: promised.version,
      }
    }),
    minutes: {
      counted: heldIn(lines, minutes, 'counted', teams),
      paused: heldIn(lines, minutes, 'paused', teams),
      closed: sumOf(lines, minutes, 'closed'),
      ended: sumOf(lines, minutes, 'ended'),
    },
  }
}

const partsOf = (
  slot: Slot,
  clocks: readonly { readonly measures: ClockView['measures'] }[],
): readonly [ClockView['kind'], ClockView['measures']] => {
  const [kind, measures] = slot.split('/')
  const named = clocks.find((clock) => clock.measures === measures)
  if (named === undefined) throw new TypeError(`Nothing in the agreement measures what ${slot} does.`)
  return [kind === 'ola' || kind === 'contract' ? kind : 'sla', named.measures]
}

const written = (at: number): string => new Date(at).toISOString()

const holderIn = (holder: Holder | null | undefined, teams: Teams): ClockHolder => ({
  is: holder?.is ?? 'team',
  team: holder?.teamId == null ? null : (teams.get(holder.teamId)?.name ?? null),
})

const sumOf = (
  lines: readonly LedgerLine<Holder>[],
  minutes: readonly number[],
  cause: LedgerLine<Holder>['cause'],
): number => lines.reduce((sum, line, place) => sum + (line.cause === cause ? (minutes[place] ?? 0) : 0), 0)

/** Whole minutes by holder, the largest share first; with the rest they add up to the minutes on the wall. */
const heldIn = (
  lines: readonly LedgerLine<Holder>[],
  minutes: readonly number[],
  cause: 'counted' | 'paused',
  teams: Teams,
): { holder: ClockHolder; minutes: number }[] =>
  sharesOf(lines, cause).map(({ holder }) => {
    const key = JSON.stringify(holder)
    return {
      holder: holderIn(holder, teams),
      minutes: lines.reduce(
        (sum, line, place) =>
          sum + (line.cause === cause && JSON.stringify(line.holder) === key ? (minutes[place] ?? 0) : 0),
        0,
      ),
    }
  })

/** The ledger as lines of a table: every minute of every clock, one holder and one cause a line. */
export const ledgerLines = async (
  q: Reader,
  measured: MeasuredKind,
  id: string,
  now: string,
  teams: Teams,
): Promise<(string | number)[][]> => {
  const clocks = await clocksNow(q, measured, id, now)
  const rows = clocks.flatMap(({ slot, rounds }) =>
    rounds.flatMap((round) => {
      const lines = ledgerOf(round)
      const minutes = minutesOf(lines)
      return lines.map(({ from, to, cause, holder }, place) => [
        slot,
        round.number,
        promiseOf(round.terms).agreement.name,
        written(from),
        written(to),
        minutes[place] ?? 0,
        cause,
        holder === null ? '' : holder.is,
        holder === null ? '' : (holderIn(holder, teams).team ?? ''),
      ])
    }),
  )
  return [['clock', 'round', 'agreement', 'from', 'to', 'minutes', 'cause', 'holder', 'team'], ...rows]
}
