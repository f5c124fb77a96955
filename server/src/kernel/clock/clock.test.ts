import { describe, expect, test } from 'vitest'
import { parseCalendar, roundTheClock, type Calendar } from '../time/calendar.ts'
import { Temporal } from '../time/temporal.ts'
import {
  deadlineOf,
  foldClock,
  roundsAt,
  runsOutAt,
  verdictOf,
  warningsDue,
  type Conditions,
  type Moment,
  type Rules,
  type Target,
  type Terms,
  type Warning,
} from './clock.ts'
import { ledgerOf, minutesOf, sharesOf } from './ledger.ts'

const day = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '17:00' },
]
const parsed = parseCalendar({
  zone: 'Europe/Berlin',
  week: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day },
  holidays: [{ date: '2026-12-24', name: 'Christmas Eve', hours: [{ from: '08:00', to: '12:00' }] }],
  yearlyHolidays: [{ date: '12-25', name: 'Christmas Day', hours: [] }],
})
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
const office = parsed.calendar
const always = roundTheClock('Europe/Berlin')

/** 2 March 2026 is a Monday. */
const on = (wall: string) =>
  Temporal.PlainDateTime.from(wall).toZonedDateTime('Europe/Berlin').epochMilliseconds
const shown = (at: number | null | undefined) =>
  at == null
    ? at
    : Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO('Europe/Berlin')
        .toPlainDateTime()
        .toString({ smallestUnit: 'minute' })

const rules: Rules = {
  begins: 'at_start',
  cancels: 'when_start_ends',
  resumes: 'when_pause_ends',
  again: 'continues',
  lengthened: 'judged_anew',
}
type Agreed = {
  readonly target?: Target
  readonly calendar?: Calendar
  readonly warnings?: readonly Warning[]
  readonly rules?: Partial<Rules>
}
const hours = (count: number): Target => ({ workingMinutes: count * 60 })
const terms = ({ target = hours(4), calendar = office, warnings = [], ...more }: Agreed = {}): Terms => ({
  target,
  calendar,
  warnings,
  rules: { ...rules, ...more.rules },
})

const running = { start: true, pause: false, resume: false, stop: false, reset: false, cancel: false }
const four = terms()
const moment = (
  wall: string,
  conditions: Partial<Conditions> = {},
  agreed = four,
  holder = 'desk',
): Moment<string> => ({
  at: on(wall),
  entry: wall,
  deal: { conditions: { ...running, ...conditions }, terms: agreed },
  holder,
})
const paused = { pause: true }
const stopped = { start: false, stop: true }

const readAt = (moments: readonly Moment<string>[], wall: string) => {
  const state = foldClock(moments)
  return roundsAt(state, on(wall)).map((round) => ({
    phase: round.phase,
    verdict: verdictOf(round),
    minutes: round.elapsed / 60_000,
    missedAt: shown(round.missedAt),
  }))
}
const dueAfter = (...moments: readonly Moment<string>[]) => shown(runsOutAt(foldClock(moments), []))

describe('what other systems were blamed for', () => {
  test('a pause over a weekend moves the deadline by its working time, and not by days of 24 hours (glpi#10594)', () => {
    const begun = moment('2026-03-06T10:00')
    expect(dueAfter(begun)).toBe('2026-03-06T15:00')
    // From Friday 11:00 to Monday 09:00: an hour, four hours and an hour of work.
    const waiting = moment('2026-03-06T11:00', paused)
    const back = moment('2026-03-09T09:00')
    expect(dueAfter(begun, waiting, back)).toBe('2026-03-09T12:00')
  })

  test('targets in days and targets in minutes are two things: a pause moves each by its working time (glpi#10594)', () => {
    const days = terms({ target: { workingDays: 2 } })
    const begun = moment('2026-03-05T10:00', {}, days)
    expect(dueAfter(begun)).toBe('2026-03-09T10:00')
    const history = [begun, moment('2026-03-06T16:00', paused, days), moment('2026-03-09T09:00', {}, days)]
    // An hour on Friday and one on Monday.
    expect(dueAfter(...history)).toBe('2026-03-09T12:00')
  })

  test('what was raised while nobody works is not missed as soon as it is raised (glpi#15429)', () => {
    expect(readAt([moment('2026-03-07T22:00')], '2026-03-09T08:00')).toEqual([
      { phase: 'running', verdict: 'open', minutes: 0, missedAt: null },
    ])
    expect(dueAfter(moment('2026-03-07T22:00'))).toBe('2026-03-09T12:00')
  })

  test('a new priority keeps the pauses there were (glpi#6902, glpi#15605)', () => {
    const eight = terms({ target: hours(8) })
    const history = [
      moment('2026-03-02T08:00'),
      moment('2026-03-02T09:00', paused),
      moment('2026-03-02T11:00'),
      // An hour was worked until the pause, half an hour since; six and a half of eight are left.
      moment('2026-03-02T11:30', {}, eight),
    ]
    expect(dueAfter(...history)).toBe('2026-03-03T10:00')
    // And back again: two and a half of four are left.
    expect(dueAfter(...history, moment('2026-03-02T11:30', {}, four))).toBe('2026-03-02T15:00')
  })

  test('the time between a resolution and its reopening is not waiting, and does not count (glpi#23359)', () => {
    const history = [
      moment('2026-03-02T08:00'),
      moment('2026-03-02T10:00', stopped),
      moment('2026-03-03T10:00'),
    ]
    expect(dueAfter(...history)).toBe('2026-03-03T12:00')
    const [round] = roundsAt(foldClock(history), on('2026-03-03T11:00'))
    const lines = round === undefined ? [] : ledgerOf(round)
    expect(lines.map(({ cause, from, to }) => `${shown(from)} ${shown(to)} ${cause}`)).toEqual([
      '2026-03-02T08:00 2026-03-02T10:00 counted',
      '2026-03-02T10:00 2026-03-03T10:00 ended',
      '2026-03-03T10:00 2026-03-03T11:00 counted',
    ])
  })

  test('the second team has its own clock, not one that is burnt already (glpi#1911)', () => {
    const handedOver = moment('2026-03-02T14:00', { reset: true }, four, 'network')
    const history = [moment('2026-03-02T08:00'), handedOver]
    expect(readAt(history, '2026-03-02T16:00')).toEqual([
      { phase: 'stopped', verdict: 'missed', minutes: 300, missedAt: '2026-03-02T12:00' },
      { phase: 'running', verdict: 'open', minutes: 120, missedAt: null },
    ])
    expect(dueAfter(...history)).toBe('2026-03-03T09:00')
  })

  test('a reminder keeps to working hours (glpi#14492, zammad#4432)', () => {
    const reminded = terms({ warnings: [{ percent: 75 }, { minutesBefore: 30 }] })
    const [round] = foldClock([moment('2026-03-06T15:00', {}, reminded)]).rounds
    const due = round === undefined ? [] : warningsDue(round)
    expect(due.map(({ at }) => shown(at))).toEqual(['2026-03-09T09:00', '2026-03-09T09:30'])
  })

  test('the clock of the next update leaves the one of the first response alone (zammad#5177)', () => {
    const response = [moment('2026-03-02T08:00'), moment('2026-03-02T09:00', stopped)]
    const update = [
      moment('2026-03-02T08:00'),
      moment('2026-03-02T09:00', { reset: true }),
      moment('2026-03-02T11:00', { reset: true }),
    ]
    expect(readAt(response, '2026-03-09T08:00')).toEqual([
      { phase: 'stopped', verdict: 'met', minutes: 60, missedAt: null },
    ])
    expect(readAt(update, '2026-03-02T12:00').map(({ verdict, minutes }) => [verdict, minutes])).toEqual([
      ['met', 60],
      ['met', 120],
      ['open', 60],
    ])
  })

  test('lunch, holidays and half days are not working time (frappe/helpdesk#2212, osTicket#1168, osTicket#4166)', () => {
    expect(dueAfter(moment('2026-03-02T11:00'))).toBe('2026-03-02T16:00')
    // Thursday morning is half a day, Friday a holiday.
    expect(dueAfter(moment('2026-12-24T10:00'))).toBe('2026-12-28T10:00')
  })
})

describe('a clock', () => {
  test('that stops at its very deadline was in time, and a millisecond later was not', () => {
    const begun = moment('2026-03-02T08:00')
    const end = moment('2026-03-02T12:00', stopped)
    expect(readAt([begun, end], '2026-03-03T08:00')[0]?.verdict).toBe('met')
    const late = { ...end, at: end.at + 1 }
    expect(readAt([begun, late], '2026-03-03T08:00')[0]).toMatchObject({
      verdict: 'missed',
      missedAt: '2026-03-02T12:00',
    })
  })

  test('is canceled when its start ends, and neither met nor missed', () => {
    const history = [moment('2026-03-02T08:00'), moment('2026-03-02T15:00', { start: false, cancel: true })]
    expect(readAt(history, '2026-03-02T16:00')[0]).toMatchObject({ phase: 'canceled', verdict: 'canceled' })
  })

  test('stays when its start ends where only a condition cancels it', () => {
    const kept = terms({ rules: { cancels: 'on_condition' } })
    const history = [moment('2026-03-02T08:00', {}, kept), moment('2026-03-02T09:00', { start: false }, kept)]
    expect(readAt(history, '2026-03-02T10:00')[0]).toMatchObject({ phase: 'running', minutes: 120 })
    const canceled = moment('2026-03-02T10:00', { cancel: true }, kept)
    expect(readAt([...history, canceled], '2026-03-02T11:00')[0]?.phase).toBe('canceled')
  })

  test('is never canceled where nothing may, not even when nothing is agreed any more', () => {
    const kept = terms({ rules: { cancels: 'never' } })
    const gone = { ...moment('2026-03-02T09:00'), deal: null }
    const history = [moment('2026-03-02T08:00', {}, kept), gone]
    expect(readAt(history, '2026-03-02T10:00')[0]).toMatchObject({ phase: 'running', minutes: 120 })
    const canceled = moment('2026-03-02T10:00', { cancel: true }, kept)
    expect(readAt([...history, canceled], '2026-03-02T11:00')[0]?.phase).toBe('running')
  })

  test('goes on only when told so, where a condition resumes it, and a pause has the last word', () => {
    const told = terms({ rules: { resumes: 'on_condition' } })
    const history = [
      moment('2026-03-02T08:00', {}, told),
      moment('2026-03-02T09:00', paused, told),
      moment('2026-03-02T10:00', {}, told),
      moment('2026-03-02T11:00', { pause: true, resume: true }, told),
    ]
    expect(readAt(history, '2026-03-02T11:30')[0]).toMatchObject({ phase: 'paused', minutes: 60 })
    const resumed = moment('2026-03-02T13:00', { resume: true }, told)
    expect(readAt([...history, resumed], '2026-03-02T14:00')[0]).toMatchObject({
      phase: 'running',
      minutes: 120,
    })
  })

  test('begins paused when what pauses it holds from the start', () => {
    expect(readAt([moment('2026-03-02T08:00', paused)], '2026-03-02T10:00')[0]).toMatchObject({
      phase: 'paused',
      minutes: 0,
    })
  })

  test('reaches back to the first moment, without what was a pause by then', () => {
    const back = terms({ rules: { begins: 'at_origin' } })
    const history = [
      moment('2026-03-02T08:00', { start: false }, back),
      moment('2026-03-02T09:00', { start: false, pause: true }, back),
      moment('2026-03-02T10:00', { start: false }, back),
      moment('2026-03-02T14:00', {}, back),
    ]
    expect(readAt(history, '2026-03-02T14:00')[0]).toMatchObject({ phase: 'running', minutes: 240 })
    expect(readAt(history, '2026-03-02T15:00')[0]?.missedAt).toBe('2026-03-02T14:00')
  })

  test('begins another round after its end where it is agreed so', () => {
    const anew = terms({ rules: { again: 'anew' } })
    const history = [
      moment('2026-03-02T08:00', {}, anew),
      moment('2026-03-02T09:00', stopped, anew),
      moment('2026-03-02T10:00', {}, anew),
    ]
    expect(readAt(history, '2026-03-02T11:00').map(({ verdict, minutes }) => [verdict, minutes])).toEqual([
      ['met', 60],
      ['open', 60],
    ])
  })

  test('that was missed is judged by a longer target, or stays missed, as it is agreed', () => {
    const history = (more: Partial<Rules>) => [
      moment('2026-03-02T08:00', {}, terms({ rules: more })),
      moment('2026-03-02T14:00', {}, terms({ rules: more, target: hours(8) })),
      moment('2026-03-02T15:00', stopped, terms({ rules: more, target: hours(8) })),
    ]
    expect(readAt(history({}), '2026-03-03T08:00')[0]?.verdict).toBe('met')
    expect(readAt(history({ lengthened: 'miss_stays' }), '2026-03-03T08:00')[0]).toMatchObject({
      verdict: 'missed',
      missedAt: '2026-03-02T12:00',
    })
  })

  test('whose target shrinks below what has elapsed runs out in that moment, and not before it', () => {
    const history = [moment('2026-03-02T08:00'), moment('2026-03-02T11:00', {}, terms({ target: hours(2) }))]
    expect(dueAfter(...history)).toBe('2026-03-02T11:00')
    expect(readAt(history, '2026-03-02T11:30')[0]?.missedAt).toBe('2026-03-02T11:00')
  })

  test('counts by another calendar from then on, and keeps what was counted', () => {
    const round = terms({ calendar: always })
    const history = [moment('2026-03-06T15:00'), moment('2026-03-06T20:00', {}, round)]
    // Two hours until 17:00, then the other two from 20:00 on.
    expect(dueAfter(...history)).toBe('2026-03-06T22:00')
  })

  test('runs out by what is already known to come', () => {
    const state = foldClock([moment('2026-03-06T15:00')])
    const coming = [moment('2026-03-07T00:00', {}, terms({ calendar: always }))]
    expect(shown(runsOutAt(state, coming))).toBe('2026-03-07T02:00')
    expect(shown(runsOutAt(state, []))).toBe('2026-03-09T10:00')
  })

  test('does not run out while it is paused, nor after it stopped', () => {
    const begun = moment('2026-03-02T08:00')
    expect(dueAfter(begun, moment('2026-03-02T09:00', paused))).toBe(null)
    expect(dueAfter(begun, moment('2026-03-02T09:00', stopped))).toBe(null)
  })

  test('never runs out on a calendar that never opens', () => {
    const closed = parseCalendar({ zone: 'UTC', week: {} })
    if (!closed.ok) throw new Error('closed')
    const [round] = foldClock([moment('2026-03-02T08:00', {}, terms({ calendar: closed.calendar }))]).rounds
    expect(round && deadlineOf(round)).toBe(null)
  })

  test('warns once at the instant it was due, and again when a longer target puts the warning ahead of it', () => {
    const warned = (count: number) => terms({ target: hours(count), warnings: [{ percent: 50 }] })
    const history = [moment('2026-03-02T08:00', {}, warned(4)), moment('2026-03-02T11:00', {}, warned(4))]
    const warnedAt = (moments: readonly Moment<string>[], wall: string) =>
      roundsAt(foldClock(moments), on(wall))[0]?.warned.map(({ at }) => shown(at))
    expect(warnedAt(history, '2026-03-02T12:00')).toEqual(['2026-03-02T10:00'])
    const longer = [...history, moment('2026-03-02T11:00', {}, warned(8))]
    expect(warnedAt(longer, '2026-03-02T11:30')).toEqual([])
    expect(warnedAt(longer, '2026-03-02T17:00')).toEqual(['2026-03-02T12:00'])
  })

  test('has a history in the order of time', () => {
    expect(() => foldClock([moment('2026-03-02T09:00'), moment('2026-03-02T08:00')])).toThrow(RangeError)
  })
})

describe('the ledger', () => {
  const history = [
    moment('2026-03-06T16:30', {}, four, 'desk'),
    moment('2026-03-06T16:45', {}, four, 'network'),
    moment('2026-03-09T08:10', paused, four, 'caller'),
    moment('2026-03-09T08:20', {}, four, 'desk'),
  ]
  const [round] = roundsAt(foldClock(history), on('2026-03-09T08:40') + 30_000)
  const lines = round === undefined ? [] : ledgerOf(round)

  test('gives every stretch of time one holder and one cause, closed hours to nobody', () => {
    expect(lines.map(({ from, to, cause, holder }) => [shown(from), shown(to), cause, holder])).toEqual([
      ['2026-03-06T16:30', '2026-03-06T16:45', 'counted', 'desk'],
      ['2026-03-06T16:45', '2026-03-06T17:00', 'counted', 'network'],
      ['2026-03-06T17:00', '2026-03-09T08:00', 'closed', null],
      ['2026-03-09T08:00', '2026-03-09T08:10', 'counted', 'network'],
      ['2026-03-09T08:10', '2026-03-09T08:20', 'paused', 'caller'],
      ['2026-03-09T08:20', '2026-03-09T08:40', 'counted', 'desk'],
    ])
  })

  test('sums to the time on the wall, in whole minutes too', () => {
    const wall = (lines.at(-1)?.to ?? 0) - (lines[0]?.from ?? 0)
    expect(lines.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(wall)
    expect(minutesOf(lines).reduce((sum, minutes) => sum + minutes, 0)).toBe(Math.floor(wall / 60_000))
  })

  test('says who held what counted, the largest share first', () => {
    expect(
      sharesOf(lines, 'counted').map(({ holder, milliseconds }) => [holder, milliseconds / 60_000]),
    ).toEqual([
      ['desk', 35.5],
      ['network', 25],
    ])
  })
})
