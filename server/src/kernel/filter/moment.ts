import { Temporal } from '../time/temporal.ts'

/**
 * A time as filters write it. Each stands for a stretch of time, and comparisons are with that stretch: `created:today` is any
 * time today, `created:>today` tomorrow and later, `created:<=2026-03` until the end of March.
 *
 * - `2026-03-01T09:00Z`, with seconds, fractions and offset as in RFC 3339: one millisecond, which is what we store;
 * - `2026-03-01T09:00`: the same, by the clock on the reader's wall;
 * - `2026-03-01`, `2026-03`: the day, the month, in the reader's zone;
 * - `now`, `now-90m`, `now+4h`, `now-2d`, `now-1w`, `now-3mo`, `now-1y`: hours and minutes are exact, the rest keep the clock
 *   on the wall across daylight saving;
 * - `today`, `yesterday`, `tomorrow`, `today-7d`, `this_week` (from Monday, ISO 8601), `last_month`, `next_year`, …
 */
export type Moment =
  | { readonly kind: 'instant'; readonly at: number }
  | { readonly kind: 'wall clock'; readonly at: string }
  | { readonly kind: 'days'; readonly from: string; readonly to: string }
  | { readonly kind: 'now'; readonly amount: number; readonly unit: Unit }
  | ({ readonly kind: 'around today' } & AroundToday)

/** Minutes and hours, which pass; days, weeks, months and years, which calendars count. */
export type Unit = 'm' | 'h' | CalendarUnit
type CalendarUnit = 'd' | 'w' | 'mo' | 'y'
/** The day, week, month or year (`period`) in which the day so far from today lies. */
type AroundToday = { readonly period: CalendarUnit; readonly amount: number; readonly unit: CalendarUnit }

/** Half-open: `from` is in it, `to` is not. Milliseconds since the epoch. */
export type Span = { readonly from: number; readonly to: number }
/** Half-open too. Dates as `YYYY-MM-DD`, which compare as text. */
export type Days = { readonly from: string; readonly to: string }

export type Now = { readonly now: Temporal.Instant; readonly zone: string }

// A century either way: far enough for every question, near enough for every calendar and column.
const mostOf: Readonly<Record<Unit, number>> = {
  m: 52_560_000,
  h: 876_000,
  d: 36_500,
  w: 5200,
  mo: 1200,
  y: 100,
}
const isUnit = (unit: string): unit is Unit => Object.hasOwn(mostOf, unit)

const around = new Map<string, AroundToday>([
  ['today', { period: 'd', amount: 0, unit: 'd' }],
  ['yesterday', { period: 'd', amount: -1, unit: 'd' }],
  ['tomorrow', { period: 'd', amount: 1, unit: 'd' }],
  ['this_week', { period: 'w', amount: 0, unit: 'w' }],
  ['last_week', { period: 'w', amount: -1, unit: 'w' }],
  ['next_week', { period: 'w', amount: 1, unit: 'w' }],
  ['this_month', { period: 'mo', amount: 0, unit: 'mo' }],
  ['last_month', { period: 'mo', amount: -1, unit: 'mo' }],
  ['next_month', { period: 'mo', amount: 1, unit: 'mo' }],
  ['this_year', { period: 'y', amount: 0, unit: 'y' }],
  ['last_year', { period: 'y', amount: -1, unit: 'y' }],
  ['next_year', { period: 'y', amount: 1, unit: 'y' }],
])

/** The words that stand for times, for completions: those without an amount. */
export const momentWords: readonly string[] = ['now', ...around.keys()]

const relativeForm = /^(now|today)([+-])(\d{1,8})(mo|[mhdwy])$/
const absoluteForm =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+-]\d\d:\d\d)?)?)?$/

/** Nothing when the text is no time, names a day that does not exist, or lies outside 1900 to 2999. */
export const momentOf = (text: string): Moment | undefined => {
  if (text === 'now') return { kind: 'now', amount: 0, unit: 'm' }
  const word = around.get(text)
  if (word !== undefined) return { kind: 'around today', ...word }
  const [, base, sign, digits = '', unit = ''] = relativeForm.exec(text) ?? []
  if (base !== undefined) {
    if (!isUnit(unit) || Number(digits) > mostOf[unit]) return undefined
    const amount = sign === '-' ? -Number(digits) : Number(digits)
    if (base === 'now') return { kind: 'now', amount, unit }
    return unit === 'm' || unit === 'h' ? undefined : { kind: 'around today', period: 'd', amount, unit }
  }
  return absoluteOf(text)
}

const absoluteOf = (text: string): Moment | undefined => {
  const found = absoluteForm.exec(text)
  if (found === null) return undefined
  const [, year = '', month = '', day, hour, minute = '', second = '00', fraction = '', offset] = found
  if (year < '1900' || year > '2999') return undefined
  const first = Temporal.PlainDate.from({ year: Number(year), month: clamp(month, 1, 12), day: 1 })
  if (Number(month) !== first.month) return undefined
  if (day === undefined)
    return { kind: 'days', from: first.toString(), to: first.add({ months: 1 }).toString() }
  if (Number(day) < 1 || Number(day) > first.daysInMonth) return undefined
  const date = first.with({ day: Number(day) })
  if (hour === undefined) return { kind: 'days', from: date.toString(), to: date.add({ days: 1 }).toString() }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const at = `${date.toString()}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`
  if (offset === undefined) return { kind: 'wall clock', at }
  if (offset.length > 1 && (Number(offset.slice(1, 3)) > 23 || Number(offset.slice(4)) > 59)) return undefined
  return { kind: 'instant', at: Date.parse(`${at}${offset.toUpperCase()}`) }
}

const clamp = (digits: string, least: number, most: number): number =>
  Math.min(Math.max(Number(digits), least), most)

/** @throws RangeError when the zone is unknown to this runtime. */
export const spanOf = (moment: Moment, { now, zone }: Now): Span => {
  if (moment.kind === 'instant') return { from: moment.at, to: moment.at + 1 }
  if (moment.kind === 'wall clock') {
    // A time that daylight saving skips is read as the time an hour later; one that it repeats as the first of the two.
    const at = Temporal.PlainDateTime.from(moment.at).toZonedDateTime(zone).epochMilliseconds
    return { from: at, to: at + 1 }
  }
  if (moment.kind === 'now') {
    const at = shifted(moment, { now, zone })
    return { from: at, to: at + 1 }
  }
  const { from, to } = daysOf(moment, { now, zone })
  return { from: startOf(from, zone), to: startOf(to, zone) }
}

type DayMoment = Extract<Moment, { kind: 'days' | 'around today' }>

/** For fields that are dates themselves: only those moments that are whole days can be asked about. */
export const isDays = (moment: Moment): moment is DayMoment =>
  moment.kind === 'days' || moment.kind === 'around today'

export const daysOf = (moment: DayMoment, { now, zone }: Now): Days => {
  if (moment.kind === 'days') return moment
  const { period, amount, unit } = moment
  const day = now.toZonedDateTimeISO(zone).toPlainDate()
  const start = beginning[period](day).add(durations[unit](amount))
  return { from: start.toString(), to: start.add(durations[period](1)).toString() }
}

const beginning: Readonly<Record<CalendarUnit, (day: Temporal.PlainDate) => Temporal.PlainDate>> = {
  d: (day) => day,
  w: (day) => day.subtract({ days: day.dayOfWeek - 1 }),
  mo: (day) => day.with({ day: 1 }),
  y: (day) => day.with({ day: 1, month: 1 }),
}

const durations: Readonly<Record<CalendarUnit, (amount: number) => Temporal.DurationLike>> = {
  d: (days) => ({ days }),
  w: (weeks) => ({ weeks }),
  mo: (months) => ({ months }),
  y: (years) => ({ years }),
}

const minute = 60_000
const shifted = (
  { amount, unit }: { readonly amount: number; readonly unit: Unit },
  { now, zone }: Now,
): number => {
  if (amount === 0) return now.epochMilliseconds
  if (unit === 'm') return now.epochMilliseconds + amount * minute
  if (unit === 'h') return now.epochMilliseconds + amount * 60 * minute
  return now.toZonedDateTimeISO(zone).add(durations[unit](amount)).epochMilliseconds
}

const startOf = (date: string, zone: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds
