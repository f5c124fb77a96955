import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCalendar, WEEKDAYS, type Calendar, type Hours } from '../time/calendar.ts'
import { Temporal } from '../time/temporal.ts'
import { addWorkingTime, workingTime } from '../time/working-time.ts'
import {
  deadlineOf,
  foldClock,
  noClock,
  roundsAt,
  runsOutAt,
  step,
  type ClockState,
  type Moment,
  type Rules,
  type Terms,
  type Warning,
} from './clock.ts'
import { ledgerOf } from './ledger.ts'

// EVENKEEL_PROPERTY_RUNS=100000 is the long form.
const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 150)

const MINUTE = 60_000
const DAY = 1440 // minutes, as all of this file counts

const ZONES = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Caracas',
  'America/Havana',
  'America/New_York',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Europe/Berlin',
  'Europe/Dublin',
  'Europe/London',
  'Pacific/Apia',
  'Pacific/Chatham',
  'UTC',
]

const SPAN = 8 * DAY

/** Where histories begin: a day or two before clocks change, leap days, years' ends, and a plain week. */
const PLACES = ZONES.flatMap((zone) => {
  const minutes: number[] = []
  let local = Temporal.Instant.from('2008-01-01T00:00Z')
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next')
  while (local && local.year < 2027) {
    minutes.push(local.epochMilliseconds / MINUTE)
    local = local.getTimeZoneTransition('next')
  }
  // The first and the last ones: both directions, and rules of other times.
  const changes = [...minutes.slice(0, 2), ...minutes.slice(-2)]
  const dates = ['2024-02-29', '2023-12-31', '2026-06-10'].map((date) => Date.parse(date) / MINUTE)
  return [...changes, ...dates].map((at) => ({ zone, from: at - 2 * DAY }))
})

type Wall = { readonly date: string; readonly time: number; readonly weekday: number }
const walls = new Map<string, readonly Wall[]>()

/** What clocks show in each minute of a place, asked of Intl: nothing of this counter leans on the library that it checks. */
const wallsAt = ({ zone, from }: (typeof PLACES)[number]): readonly Wall[] => {
  const key = `${zone} ${from}`
  const known = walls.get(key)
  if (known) return known
  const twoDigits = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', ...twoDigits })
  const found = Array.from({ length: SPAN }, (_, passed) => {
    const [date = '', time = ''] = format.format((from + passed) * MINUTE).split(' ')
    const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
    return { date, time: minutes, weekday: (new Date(date).getUTCDay() + 6) % 7 }
  })
  walls.set(key, found)
  return found
}

const clockTime = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const openMinutes = (calendar: Calendar, shown: readonly Wall[]): readonly boolean[] =>
  shown.map(({ date, time, weekday }) => {
    const hours =
      calendar.holidays.find((holiday) => holiday.date === date)?.hours ??
      calendar.week[WEEKDAYS[weekday] ?? 'monday']
    return hours.some(({ from, to }) => minuteOfDay(from) <= time && time < minuteOfDay(to))
  })

const someHours: fc.Arbitrary<readonly Hours[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constant([{ from: '00:00', to: '24:00' }]) },
  {
    weight: 4,
    arbitrary: fc
      .uniqueArray(fc.oneof(fc.integer({ min: 0, max: DAY }), fc.integer({ min: 0, max: 240 })), {
        minLength: 2,
        maxLength: 6,
      })
      .map((edges) => {
        const inOrder = edges.sort((a, b) => a - b)
        return inOrder.flatMap((from, place) => {
          const to = inOrder[place + 1]
          return place % 2 === 0 && to !== undefined ? [{ from: clockTime(from), to: clockTime(to) }] : []
        })
      }),
  },
)

const aWeek = fc
  .tuple(...WEEKDAYS.map(() => someHours))
  .map((days) => Object.fromEntries(WEEKDAYS.map((weekday, place) => [weekday, days[place]])))

/** What a record says of itself, as an incident would. */
type Facts = {
  readonly state: 'open' | 'ended' | 'void'
  /** Reasons to wait; they may overlap. */
  readonly waits: readonly string[]
  readonly priority: 0 | 1 | 2
  readonly agreed: boolean
  readonly calendar: 0 | 1
  readonly team: string
}
type Event = { readonly at: number; readonly handedOver: boolean; readonly facts: Facts }

const aTurn = fc.oneof(
  { weight: 3, arbitrary: fc.record({ priority: fc.constantFrom(0, 1, 2) }) },
  { weight: 2, arbitrary: fc.record({ calendar: fc.constantFrom(0, 1) }) },
  { weight: 5, arbitrary: fc.record({ wait: fc.constantFrom('caller', 'supplier', 'change') }) },
  { weight: 3, arbitrary: fc.record({ state: fc.constantFrom('open', 'open', 'ended', 'void') }) },
  { weight: 1, arbitrary: fc.record({ agreed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ team: fc.constantFrom('network', 'desk', 'clinic') }) },
)

const warnings: readonly Warning[] = [{ percent: 75 }, { minutesBefore: 30 }]

const aScene = fc
  .record({
    place: fc.constantFrom(...PLACES),
    weeks: fc.tuple(aWeek, aWeek),
    holidays: fc.array(fc.record({ day: fc.integer({ min: 0, max: 7 }), hours: someHours }), {
      maxLength: 2,
    }),
    targets: fc.tuple(
      fc.integer({ min: 0, max: 3 * DAY }),
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 0, max: 300 }),
    ),
    rules: fc.record({
      begins: fc.constantFrom<Rules['begins']>('at_start', 'at_origin'),
      cancels: fc.constantFrom<Rules['cancels']>('when_start_ends', 'when_start_ends', 'on_condition'),
      resumes: fc.constant<Rules['resumes']>('when_pause_ends'),
      again: fc.constantFrom<Rules['again']>('continues', 'continues', 'anew'),
      lengthened: fc.constantFrom<Rules['lengthened']>('judged_anew', 'miss_stays'),
    }),
    perTeam: fc.boolean(),
    agreedAtFirst: fc.boolean(),
    turns: fc.array(fc.record({ at: fc.integer({ min: 0, max: SPAN - DAY - 1 }), turn: aTurn }), {
      maxLength: 14,
    }),
    now: fc.integer({ min: SPAN - DAY, max: SPAN - 1 }),
  })
  .map(({ place, weeks, holidays, targets, turns, agreedAtFirst, ...rest }) => {
    const shown = wallsAt(place)
    const calendars = weeks.map((week, version) => {
      const parsed = parseCalendar({
        zone: place.zone,
        week,
        // The later version has holidays that the earlier one did not know.
        holidays:
          version === 0
            ? []
            : [
                ...new Map(
                  holidays.map(({ day, hours }) => {
                    const date = shown[Math.min(day * DAY, SPAN - 1)]?.date ?? ''
                    return [date, { date, name: 'Holiday', hours }] as const
                  }),
                ).values(),
              ],
      })
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
      return parsed.calendar
    })
    let facts: Facts = {
      state: 'open',
      waits: [],
      priority: 1,
      agreed: agreedAtFirst,
      calendar: 0,
      team: 'desk',
    }
    const events: Event[] = [{ at: 0, handedOver: false, facts }]
    for (const { at, turn } of turns.toSorted((one, other) => one.at - other.at)) {
      const before = facts
      facts = turned(facts, turn)
      events.push({ at, handedOver: facts.team !== before.team, facts })
    }
    return { place, calendars, targets, events, ...rest }
  })
type Scene = typeof aScene extends fc.Arbitrary<infer S> ? S : never

const turned = (facts: Facts, turn: object): Facts => {
  if (!('wait' in turn) || typeof turn.wait !== 'string') return { ...facts, ...turn }
  const { wait } = turn
  const waits = facts.waits.includes(wait)
    ? facts.waits.filter((one) => one !== wait)
    : [...facts.waits, wait]
  return { ...facts, waits }
}

const holderOf = ({ team, waits }: Facts): string => waits.toSorted()[0] ?? team

/** The scene as the engine gets it. */
const momentsOf = ({ place, calendars, targets, events, rules, perTeam }: Scene): Moment<string>[] => {
  const terms = new Map<string, Terms>()
  const termsOf = ({ priority, calendar }: Facts): Terms => {
    const key = `${priority}/${calendar}`
    const known = terms.get(key)
    if (known) return known
    const agreed = calendars[calendar]
    if (agreed === undefined) throw new Error('no calendar')
    const made = {
      target: { workingMinutes: targets[priority] },
      calendar: agreed,
      warnings,
      rules,
    }
    terms.set(key, made)
    return made
  }
  return events.map(({ at, handedOver, facts }, index) => ({
    at: (place.from + at) * MINUTE,
    entry: String(index),
    holder: holderOf(facts),
    deal: facts.agreed
      ? {
          conditions: {
            start: facts.state === 'open',
            pause: facts.waits.length > 0,
            resume: false,
            stop: facts.state === 'ended',
            reset: perTeam && handedOver,
            cancel: facts.state === 'void',
          },
          terms: termsOf(facts),
        }
      : null,
  }))
}

type Counted = {
  readonly startedAt: number
  elapsed: number
  missedAt: number | null
  phase: string
  readonly lines: string[]
}

/** The same scene counted minute by minute, in minutes of the scene. */
const countedOf = (scene: Scene): Counted[] => {
  const { calendars, events, targets, rules, perTeam, now } = scene
  const open = calendars.map((calendar) => openMinutes(calendar, wallsAt(scene.place)))
  const rounds: Counted[] = []
  let agreed: { target: number; calendar: 0 | 1 } | null = null
  const count = (round: Counted, at: number, facts: Facts): void => {
    if (agreed === null) return
    const running = round.phase === 'running'
    if (running && round.missedAt === null && round.elapsed >= agreed.target) round.missedAt = at
    if (round.phase === 'stopped' || round.phase === 'canceled') round.lines.push('ended')
    else if (open[agreed.calendar]?.[at] !== true) round.lines.push('closed')
    else {
      round.lines.push(`${running ? 'counted' : 'paused'} ${holderOf(facts)}`)
      if (running) round.elapsed += 1
    }
  }
  const begin = (at: number): Counted => {
    const round: Counted = { startedAt: at, elapsed: 0, missedAt: null, phase: 'running', lines: [] }
    rounds.push(round)
    return round
  }
  const inForceAt = (at: number): Facts | undefined => events.findLast((event) => event.at <= at)?.facts
  const apply = (event: Event): void => {
    const { facts, at } = event
    const alive = facts.agreed && facts.state === 'open'
    const reprices =
      facts.agreed && (agreed?.target !== targets[facts.priority] || agreed.calendar !== facts.calendar)
    const wasCounting = rounds.at(-1)?.phase === 'running' || rounds.at(-1)?.phase === 'paused'
    if (facts.agreed && (wasCounting || alive))
      agreed = { target: targets[facts.priority], calendar: facts.calendar }
    let round = rounds.at(-1)
    if (round === undefined) {
      if (!alive) return
      if (rules.begins === 'at_start') round = begin(at)
      else {
        round = begin(events[0]?.at ?? 0)
        for (let minute = round.startedAt; minute < at; minute += 1) {
          const then = inForceAt(minute)
          if (then === undefined) continue
          round.phase = then.agreed && then.waits.length > 0 ? 'paused' : 'running'
          count(round, minute, then)
        }
      }
    } else if (!wasCounting) {
      if (!alive) return
      if (rules.again === 'anew') round = begin(at)
    } else if (alive && perTeam && event.handedOver && round.startedAt < at) {
      if (reprices) judgeAnew(round)
      round.phase = 'stopped'
      round = begin(at)
    }
    if (reprices && round.startedAt < at) judgeAnew(round)
    if (facts.agreed && facts.state === 'ended') round.phase = 'stopped'
    else if (facts.agreed && facts.state === 'void') round.phase = 'canceled'
    else if (!facts.agreed) {
      if (rules.cancels === 'when_start_ends') round.phase = 'canceled'
    } else round.phase = facts.waits.length > 0 ? 'paused' : 'running'
  }
  const judgeAnew = (round: Counted): void => {
    if (agreed !== null && rules.lengthened === 'judged_anew' && round.elapsed < agreed.target)
      round.missedAt = null
  }
  for (let at = 0; at < now; at += 1) {
    for (const event of events) if (event.at === at) apply(event)
    const round = rounds.at(-1)
    const facts = inForceAt(at)
    if (round !== undefined && facts !== undefined) count(round, at, facts)
  }
  // Nothing is counted after an end that stays one.
  for (const { phase, lines } of rounds)
    if (phase === 'stopped' || phase === 'canceled') while (lines.at(-1) === 'ended') lines.pop()
  return rounds
}

const readOf = (scene: Scene, state: ClockState<string>) =>
  roundsAt(state, (scene.place.from + scene.now) * MINUTE).map((round) => ({
    startedAt: round.startedAt / MINUTE - scene.place.from,
    elapsed: round.elapsed / MINUTE,
    missedAt: round.missedAt === null ? null : round.missedAt / MINUTE - scene.place.from,
    phase: round.phase,
    lines: ledgerOf(round).flatMap(({ from, to, cause, holder }) =>
      Array.from({ length: (to - from) / MINUTE }, () => (holder === null ? cause : `${cause} ${holder}`)),
    ),
  }))

const holds = <T>(scene: fc.Arbitrary<T>, check: (scene: T) => void): void => {
  fc.assert(fc.property(scene, check), { numRuns })
}

describe('against a count of every minute', () => {
  test('R6, R8, R9: time elapsed, the instant of a miss and the holder of each minute are those of the count, whatever happened in whatever order', () => {
    holds(aScene, (scene) => {
      expect(readOf(scene, foldClock(momentsOf(scene)))).toEqual(countedOf(scene))
    })
  })
})

describe('for any history', () => {
  test('R7: moment by moment, with readings in between, is the same as all at once', () => {
    holds(aScene, (scene) => {
      const moments = momentsOf(scene)
      let state: ClockState<string> = noClock
      for (const moment of moments) {
        state = step(state, moment)
        roundsAt(state, moment.at + 7 * MINUTE)
      }
      expect(state).toEqual(foldClock(moments))
    })
  })

  test('R9: a miss has the same instant whenever somebody looks', () => {
    holds(aScene, (scene) => {
      const state = foldClock(momentsOf(scene))
      const now = (scene.place.from + scene.now) * MINUTE
      const late = roundsAt(state, now + 90 * DAY * MINUTE)
      for (const [place, round] of roundsAt(state, now).entries())
        if (round.missedAt !== null) expect(late[place]?.missedAt).toBe(round.missedAt)
    })
  })

  test('R4: a running clock that is left alone is missed at the deadline it shows, and not a moment earlier', () => {
    holds(aScene, (scene) => {
      const state = foldClock(momentsOf(scene))
      const round = state.rounds.at(-1)
      const deadline = runsOutAt(state, [])
      fc.pre(round?.phase === 'running' && round.missedAt === null && deadline !== null)
      if (deadline === null) return
      expect(roundsAt(state, deadline).at(-1)?.missedAt).toBe(null)
      expect(roundsAt(state, deadline + 1).at(-1)?.missedAt).toBe(deadline)
    })
  })

  test('R5: a pause of so much working time moves the deadline by exactly so much, and a pause while closed not at all', () => {
    const paused = fc.record({
      scene: aScene,
      after: fc.integer({ min: 0, max: DAY }),
      length: fc.integer({ min: 0, max: 3 * DAY }),
    })
    holds(paused, ({ scene, after, length }) => {
      const [first] = momentsOf({ ...scene, events: scene.events.slice(0, 1) })
      const deal = first?.deal
      fc.pre(first !== undefined && deal !== null && deal !== undefined)
      if (first === undefined || deal === null || deal === undefined) return
      const begun = foldClock([first])
      const original = runsOutAt(begun, [])
      const from = first.at + after * MINUTE
      const to = from + length * MINUTE
      fc.pre(original !== null && from < original)
      if (original === null) return
      const pause = { ...deal, conditions: { ...deal.conditions, pause: true } }
      const state = foldClock([first, { ...first, at: from, deal: pause }, { ...first, at: to }])
      const { calendar } = deal.terms
      const worked = workingTime(calendar, instant(from), instant(to))
      const expected = addWorkingTime(calendar, instant(original), worked)
      const moved = runsOutAt(state, [])
      if (expected === 'never') expect(moved).toBe(null)
      else if (worked > 0) expect(moved).toBe(expected.epochMilliseconds)
      // The deadline may lie at the end of a shift while the clock goes on only after it: it is never in the past.
      else expect(moved).toBe(Math.max(original, to))
    })
  })

  test('R10: working days keep the clock time, and a pause moves it by the working time it took', () => {
    const days = fc.record({ scene: aScene, days: fc.integer({ min: 1, max: 3 }) })
    holds(days, ({ scene, days }) => {
      const [moment] = momentsOf({ ...scene, events: scene.events.slice(0, 1) })
      const deal = moment?.deal
      fc.pre(moment !== undefined && deal !== null && deal !== undefined)
      if (moment === undefined || deal === null || deal === undefined) return
      const terms: Terms = { ...deal.terms, target: { workingDays: days } }
      const round = foldClock([{ ...moment, deal: { ...deal, terms } }]).rounds[0]
      const due = round === undefined ? null : deadlineOf(round)
      fc.pre(due !== null)
      if (due === null) return
      const shown = (at: number) => instant(at).toZonedDateTimeISO(scene.place.zone)
      const [from, to] = [shown(moment.at), shown(due)]
      const same = to.toPlainTime().equals(from.toPlainTime())
      // Where the clock skips that time it is the instant of the jump.
      expect(same || shown(due + 1).getTimeZoneTransition('previous')?.epochMilliseconds === due).toBe(true)
      expect(Temporal.PlainDate.compare(to.toPlainDate(), from.toPlainDate())).toBe(1)
    })
  })
})

const instant = (at: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(at)
