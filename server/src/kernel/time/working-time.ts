import { parseCalendar, WEEKDAYS } from './calendar.ts'
import type { Calendar, Hours, YearlyHoliday } from './calendar.ts'
import type { Interval } from './interval.ts'
import { Temporal } from './temporal.ts'
import { DAY, stretches } from './zone.ts'

// An instant is working time exactly when the wall clock in the calendar's zone then shows a time within that date's
// hours. The rules for daylight saving follow from this one sentence: hours from a time that is skipped start when the
// clock jumps, and a time that comes twice counts twice.
//
// Two questions that sound alike are two functions and never mix: `addWorkingTime` counts elapsed working milliseconds,
// `addWorkingDays` keeps the clock time and counts dates.
//
// Working time is in whole milliseconds. Finer parts of an instant are dropped before counting.

/**
 * No answer here looks further than this: a deadline beyond is `never`, and counting over more is refused, so that a
 * calendar that never opens, or a year 9999 in a form, takes milliseconds.
 */
export const HORIZON_YEARS = 50
const HORIZON = HORIZON_YEARS * 366 * DAY

/**
 * The working time in [from, to) as intervals in order, none touching the next. Lazy: an interval is worked out when it
 * is asked for.
 * @throws RangeError when `to` is before `from` or more than HORIZON_YEARS after it, or the calendar has faults.
 */
export function* workingIntervals(
  calendar: Calendar,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Generator<Interval> {
  let start: number | undefined
  let end = 0
  for (const shift of shiftsBetween(calendar, from, to)) {
    if (start !== undefined && shift.start > end) {
      yield interval(start, end)
      start = undefined
    }
    start ??= shift.start
    end = shift.end
  }
  if (start !== undefined) yield interval(start, end)
}

/**
 * Milliseconds of working time in [from, to).
 * @throws RangeError when `to` is before `from` or more than HORIZON_YEARS after it, or the calendar has faults.
 */
export function workingTime(calendar: Calendar, from: Temporal.Instant, to: Temporal.Instant): number {
  let elapsed = 0
  for (const { start, end } of shiftsBetween(calendar, from, to)) elapsed += end - start
  return elapsed
}

/**
 * Whether the calendar is open at that instant.
 * @throws RangeError when the calendar has faults.
 */
export function isWorkingTime(calendar: Calendar, at: Temporal.Instant): boolean {
  return !shifts(calendar, at.epochMilliseconds, at.epochMilliseconds + 1).next().done
}

/**
 * The earliest instant by which `milliseconds` of working time have passed since `start`: the closing time rather than
 * the next opening, and `start` itself for 0. `never` when the calendar holds too little of it within HORIZON_YEARS.
 * @throws RangeError when `milliseconds` is not a whole number from 0, or the calendar has faults.
 */
export function addWorkingTime(
  calendar: Calendar,
  start: Temporal.Instant,
  milliseconds: number,
): Temporal.Instant | 'never' {
  requireCount('milliseconds', milliseconds)
  if (milliseconds === 0) return start
  const from = start.epochMilliseconds
  let remaining = milliseconds
  for (const shift of shifts(calendar, from, from + HORIZON)) {
    const length = shift.end - shift.start
    if (length >= remaining) return Temporal.Instant.fromEpochMilliseconds(shift.start + remaining)
    remaining -= length
  }
  return 'never'
}

/**
 * The clock time of `start`, `days` working days later, whether or not it is working time then; `start` itself for 0. A
 * working day is a date after that of `start` with any working time. A clock time that is skipped on that date becomes
 * the instant of the jump, and of one that comes twice the first counts. `never` as in `addWorkingTime`.
 * @throws RangeError when `days` is not a whole number from 0, or the calendar has faults.
 */
export function addWorkingDays(
  calendar: Calendar,
  start: Temporal.Instant,
  days: number,
): Temporal.Instant | 'never' {
  requireCount('days', days)
  if (days === 0) return start
  const local = start.toZonedDateTimeISO(calendar.zone)
  let date = epochDay(local.toPlainDate())
  let remaining = days
  for (const shift of shifts(calendar, start.epochMilliseconds, start.epochMilliseconds + HORIZON)) {
    if (shift.day <= date) continue
    date = shift.day
    remaining -= 1
    if (remaining === 0) {
      return firstShowing(EPOCH.add({ days: date }).toPlainDateTime(local.toPlainTime()), calendar.zone)
    }
  }
  return 'never'
}

/** The first instant at which the clocks of the zone show `wall` or, where they skip it, have jumped over it. */
function firstShowing(wall: Temporal.PlainDateTime, zone: string): Temporal.Instant {
  const shown = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const jump = shown.toPlainDateTime().equals(wall) ? null : shown.getTimeZoneTransition('next')
  return (jump ?? shown).toInstant()
}

const EPOCH = Temporal.PlainDate.from('1970-01-01')
const epochDay = (date: Temporal.PlainDate) => EPOCH.until(date).days

/** Working time on one date with one offset from UTC. `day` is the local date in days since 1970-01-01, the rest milliseconds since the epoch. */
type Shift = { readonly day: number; readonly start: number; readonly end: number }

function shiftsBetween(calendar: Calendar, from: Temporal.Instant, to: Temporal.Instant): Generator<Shift> {
  const [start, end] = [from.epochMilliseconds, to.epochMilliseconds]
  const refused =
    (Temporal.Instant.compare(to, from) < 0 && 'ends before it starts') ||
    (end - start > HORIZON && `is over more than ${HORIZON_YEARS} years`)
  if (refused) throw new RangeError(`Working time from ${from.toString()} to ${to.toString()} ${refused}.`)
  return shifts(calendar, start, end)
}

/**
 * The shifts in [from, to), in order of time. That is not always the order of dates: where clocks go back over midnight,
 * the end of a date comes again after the start of the next.
 */
function* shifts(calendar: Calendar, from: number, to: number): Generator<Shift> {
  const hoursOn = scheduleOf(calendar)
  for (const stretch of stretches(calendar.zone, from, to)) {
    const lastDay = Math.floor((stretch.end - 1 + stretch.offset) / DAY)
    for (let day = Math.floor((stretch.start + stretch.offset) / DAY); day <= lastDay; day += 1) {
      const midnight = day * DAY - stretch.offset
      for (const hours of hoursOn(day)) {
        const start = Math.max(midnight + hours.from, stretch.start)
        const end = Math.min(midnight + hours.to, stretch.end)
        if (start < end) yield { day, start, end }
      }
    }
  }
}

/** Milliseconds after local midnight. */
type Opening = { readonly from: number; readonly to: number }
type Openings = readonly Opening[]
type Schedule = (day: number) => Openings

const schedules = new WeakMap<Calendar, Schedule>()

/** The openings of each date, in days since 1970-01-01. Holidays are worked out once per calendar and year. */
function scheduleOf(calendar: Calendar): Schedule {
  const known = schedules.get(calendar)
  if (known) return known

  const parsed = parseCalendar(calendar)
  if (!parsed.ok) {
    throw new RangeError(parsed.faults.map(({ path, reason }) => `${path}: ${reason}`).join(' '))
  }
  const { holidays, yearlyHolidays, week } = parsed.calendar
  const openingsOfHolidays = new Map(
    holidays.map(({ date, hours }) => [epochDay(Temporal.PlainDate.from(date)), hours.map(opening)]),
  )
  const openingsOfWeek = WEEKDAYS.map((weekday) => week[weekday].map(opening))
  const years = new Map<number, ReadonlyMap<number, Openings>>()
  const schedule = (day: number) => {
    const year = yearOf(day)
    const openingsOfYear = years.get(year) ?? openingsIn(year, yearlyHolidays)
    years.set(year, openingsOfYear)
    return openingsOfHolidays.get(day) ?? openingsOfYear.get(day) ?? openingsOfWeek[weekdayOf(day)] ?? []
  }
  schedules.set(calendar, schedule)
  return schedule
}

function openingsIn(year: number, holidays: readonly YearlyHoliday[]): ReadonlyMap<number, Openings> {
  const openings = new Map<number, Openings>()
  for (const { date, hours, firstYear = -Infinity, lastYear = Infinity } of holidays) {
    const [month = 0, day = 0] = date.split('-').map(Number)
    const thisYear = Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' })
    const exists = thisYear.day === day
    if (exists && firstYear <= year && year <= lastYear) openings.set(epochDay(thisYear), hours.map(opening))
  }
  return openings
}

// Asked of every day that passes, for which Temporal would be too slow.
const yearOf = (day: number) => new Date(day * DAY).getUTCFullYear()
// From 0 for Monday; the first day of 1970 was a Thursday.
const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7

const opening = ({ from, to }: Hours): Opening => ({ from: sinceMidnight(from), to: sinceMidnight(to) })
const sinceMidnight = (time: string) => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000

const interval = (start: number, end: number): Interval => ({
  start: Temporal.Instant.fromEpochMilliseconds(start),
  end: Temporal.Instant.fromEpochMilliseconds(end),
})

function requireCount(unit: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new RangeError(`The ${unit} to add are a whole number from 0, not ${count}.`)
  }
}
