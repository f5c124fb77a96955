import { Temporal } from './temporal.ts'

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
export type Weekday = (typeof WEEKDAYS)[number]

/**
 * Working hours by the clock on the wall, `HH:MM` from `00:00` to `24:00`, `from` included, `to` not. They end on the day
 * on which they start: a night shift is `22:00`-`24:00` and, the day after, `00:00`-`06:00`.
 */
export type Hours = { readonly from: string; readonly to: string }

/** One date, `YYYY-MM-DD`, with hours of its own: none when closed, some for half days and for extra openings. */
export type Holiday = { readonly date: string; readonly name: string; readonly hours: readonly Hours[] }

/**
 * The same date every year, `MM-DD`, from `firstYear` to `lastYear`, both included, open-ended where absent. `02-29` falls
 * in leap years only.
 */
export type YearlyHoliday = {
  readonly date: string
  readonly name: string
  readonly hours: readonly Hours[]
  readonly firstYear?: number
  readonly lastYear?: number
}

/**
 * When people work, as a document: plain JSON, in the zone whose wall clock it speaks of. A date takes its hours from its
 * holiday, else from its yearly holiday, else from its weekday.
 */
export type Calendar = {
  readonly zone: string
  readonly week: Readonly<Record<Weekday, readonly Hours[]>>
  readonly holidays: readonly Holiday[]
  readonly yearlyHolidays: readonly YearlyHoliday[]
}

const ALL_DAY: readonly Hours[] = [{ from: '00:00', to: '24:00' }]

/** Open always. `zone` decides no instant here, only which date and clock time `addWorkingDays` keeps. */
export const roundTheClock = (zone: string): Calendar => ({
  zone,
  week: {
    monday: ALL_DAY,
    tuesday: ALL_DAY,
    wednesday: ALL_DAY,
    thursday: ALL_DAY,
    friday: ALL_DAY,
    saturday: ALL_DAY,
    sunday: ALL_DAY,
  },
  holidays: [],
  yearlyHolidays: [],
})

/** `path` is a JSON pointer (RFC 6901) into the document, `reason` a sentence for whoever edits it. */
export type CalendarFault = { readonly path: string; readonly reason: string }

export type ParsedCalendar =
  | { readonly ok: true; readonly calendar: Calendar }
  | { readonly ok: false; readonly faults: readonly CalendarFault[] }

type Report = (path: string, reason: string) => void

/**
 * The calendar that `document` describes, in its own frozen copy with each day's hours in order, or everything that is
 * wrong with it. Days of the week and lists of holidays may be left out: closed, and none.
 */
export function parseCalendar(document: unknown): ParsedCalendar {
  const faults: CalendarFault[] = []
  const faulty = new Set<string>()
  const report: Report = (path, reason) => {
    // What is wrong with a whole says enough about its parts.
    if (faulty.has(path.slice(0, path.lastIndexOf('/')))) return
    faulty.add(path)
    faults.push({ path, reason })
  }
  const { zone, week, holidays = [], yearlyHolidays = [] } = readObject(document, '', CALENDAR_FIELDS, report)
  const calendar = {
    zone: readZone(zone, '/zone', report),
    week: readWeek(week, '/week', report),
    holidays: readList(holidays, '/holidays', report, readHoliday),
    yearlyHolidays: readList(yearlyHolidays, '/yearlyHolidays', report, readYearlyHoliday),
  }
  reportRepeats(calendar.holidays, '/holidays', report)
  reportRepeats(calendar.yearlyHolidays, '/yearlyHolidays', report)
  return faults.length === 0 ? { ok: true, calendar: frozen(calendar) } : { ok: false, faults }
}

const CALENDAR_FIELDS = ['zone', 'week', 'holidays', 'yearlyHolidays']
const HOLIDAY_FIELDS = ['date', 'name', 'hours']
const YEARLY_HOLIDAY_FIELDS = [...HOLIDAY_FIELDS, 'firstYear', 'lastYear']
const HOURS_FIELDS = ['from', 'to']

function readZone(value: unknown, path: string, report: Report): string {
  if (typeof value !== 'string') {
    report(path, 'Name the time zone, such as "Europe/Berlin".')
    return ''
  }
  const known = knownZone(value)
  if (known === undefined) {
    report(path, `No time zone is called "${value}". Use an IANA name, such as "Europe/Berlin".`)
  } else if (known !== value) {
    report(path, `The time zone "${value}" is written "${known}".`)
  }
  return value
}

// Temporal takes more for a zone than names: offsets, which know no daylight saving, and whole timestamps with a zone inside.
const ZONE_NAME = /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/

function knownZone(name: string): string | undefined {
  if (!ZONE_NAME.test(name)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    return undefined
  }
}

function readWeek(value: unknown, path: string, report: Report): Record<Weekday, readonly Hours[]> {
  const week = readObject(value, path, WEEKDAYS, report)
  const day = (name: Weekday) => readHours(week[name] ?? [], `${path}/${name}`, report)
  return {
    monday: day('monday'),
    tuesday: day('tuesday'),
    wednesday: day('wednesday'),
    thursday: day('thursday'),
    friday: day('friday'),
    saturday: day('saturday'),
    sunday: day('sunday'),
  }
}

function readHoliday(value: unknown, path: string, report: Report): Holiday {
  const { date, name, hours } = readObject(value, path, HOLIDAY_FIELDS, report)
  return {
    date: readDate(date, `${path}/date`, report, 'YYYY-MM-DD'),
    name: readName(name, `${path}/name`, report),
    hours: readHours(hours, `${path}/hours`, report),
  }
}

function readYearlyHoliday(value: unknown, path: string, report: Report): YearlyHoliday {
  const { date, name, hours, ...years } = readObject(value, path, YEARLY_HOLIDAY_FIELDS, report)
  const firstYear = readYear(years['firstYear'], `${path}/firstYear`, report)
  const lastYear = readYear(years['lastYear'], `${path}/lastYear`, report)
  if (firstYear !== undefined && lastYear !== undefined && lastYear < firstYear) {
    report(`${path}/lastYear`, `The last year, ${lastYear}, is before the first, ${firstYear}.`)
  }
  return {
    date: readDate(date, `${path}/date`, report, 'MM-DD'),
    name: readName(name, `${path}/name`, report),
    hours: readHours(hours, `${path}/hours`, report),
    ...(firstYear !== undefined && { firstYear }),
    ...(lastYear !== undefined && { lastYear }),
  }
}

function readHours(value: unknown, path: string, report: Report): readonly Hours[] {
  const entries = readList(value, path, report, (entry, at) => {
    const { from, to } = readObject(entry, at, HOURS_FIELDS, report)
    return { at, from: readTime(from, `${at}/from`, report), to: readTime(to, `${at}/to`, report) }
  })
  // Times of this form compare as text.
  const inOrder = entries
    .filter(({ from, to }) => from !== '' && to !== '')
    .sort((a, b) => (a.from < b.from ? -1 : 1))
  let last: Hours | undefined
  for (const { at, from, to } of inOrder) {
    if (to <= from) {
      report(at, 'Hours end after they start. Split those that run over midnight between the two days.')
    } else if (last && from < last.to) {
      report(at, `${from}-${to} overlaps ${last.from}-${last.to}.`)
    }
    if (!last || to > last.to) last = { from, to }
  }
  return inOrder.map(({ from, to }) => ({ from, to }))
}

function readTime(value: unknown, path: string, report: Report): string {
  if (typeof value === 'string' && /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(value)) return value
  report(path, 'Write the time as HH:MM, from 00:00 to 24:00.')
  return ''
}

function readDate(value: unknown, path: string, report: Report, form: 'YYYY-MM-DD' | 'MM-DD'): string {
  const pattern = form === 'MM-DD' ? /^\d\d-\d\d$/ : /^\d{4}-\d\d-\d\d$/
  if (typeof value === 'string' && pattern.test(value)) {
    // Every day of the year exists in a leap year.
    if (isDate(form === 'MM-DD' ? `2000-${value}` : value)) return value
    report(path, `There is no ${value}.`)
  } else {
    report(path, `Write the date as ${form}.`)
  }
  return ''
}

function isDate(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}

function readName(value: unknown, path: string, report: Report): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 200) return value
  report(path, 'Name the holiday, in at most 200 characters.')
  return ''
}

function readYear(value: unknown, path: string, report: Report): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 9999) return value
  report(path, 'Give the year as a whole number from 1 to 9999.')
  return undefined
}

function readList<T>(
  value: unknown,
  path: string,
  report: Report,
  read: (entry: unknown, path: string, report: Report) => T,
): T[] {
  if (Array.isArray(value)) {
    return value.map((entry: unknown, index) => read(entry, `${path}/${index}`, report))
  }
  report(path, 'Give a list, empty when there are none.')
  return []
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readObject(
  value: unknown,
  path: string,
  fields: readonly string[],
  report: Report,
): Record<string, unknown> {
  if (!isObject(value)) {
    report(path, `Give an object with the fields ${fields.join(', ')}.`)
    return {}
  }
  for (const field of Object.keys(value)) {
    if (!fields.includes(field)) {
      const pointer = field.replaceAll('~', '~0').replaceAll('/', '~1')
      report(`${path}/${pointer}`, `Unknown field. Known here: ${fields.join(', ')}.`)
    }
  }
  return value
}

/** Two holidays on one date would leave its hours to the order of the list. */
function reportRepeats(holidays: readonly YearlyHoliday[], path: string, report: Report): void {
  const dated = holidays
    .map((holiday, index) => ({ holiday, index }))
    .filter(({ holiday }) => holiday.date !== '')
  for (const sameDate of Map.groupBy(dated, ({ holiday }) => holiday.date).values()) {
    for (const { holiday, index } of sameDate) {
      const first = sameDate.find((other) => other.index < index && yearsMeet(other.holiday, holiday))
      if (first) report(`${path}/${index}/date`, `${holiday.date} is already "${first.holiday.name}".`)
    }
  }
}

const yearsMeet = (a: YearlyHoliday, b: YearlyHoliday) =>
  (a.firstYear ?? -Infinity) <= (b.lastYear ?? Infinity) &&
  (b.firstYear ?? -Infinity) <= (a.lastYear ?? Infinity)

// What is worked out from a calendar is kept with it, so it may not change afterwards.
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) frozen(part)
  }
  return Object.freeze(value)
}
