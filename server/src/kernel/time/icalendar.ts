import type { Holiday, YearlyHoliday } from './calendar.ts'
import { Temporal } from './temporal.ts'

/** Why a line of the file, or an event in it, gave no holiday. */
export type HolidayFault = {
  readonly line: number
  readonly why: 'no_date' | 'timed' | 'repeats' | 'too_long' | 'no_calendar'
}

export type Holidays = {
  readonly holidays: readonly Holiday[]
  readonly yearlyHolidays: readonly YearlyHoliday[]
  readonly faults: readonly HolidayFault[]
}

/** A holiday that lasts longer is a mistake in the file, or something else than a holiday. */
const mostDays = 60

/**
 * The holidays in an iCalendar file (RFC 5545), as those who publish them write them: events of whole days, one date each or several in a row,
 * or the same date every year. What is no holiday (an event with a time of day, another rhythm) is left out and named; what was canceled is left
 * out. The first event of a date gives it its name: a date has one set of hours.
 */
export const holidaysIn = (file: string): Holidays => {
  const lines = unfolded(file)
  if (!lines.some(({ text }) => /^BEGIN:VCALENDAR\s*$/i.test(text)))
    return { holidays: [], yearlyHolidays: [], faults: [{ line: 1, why: 'no_calendar' }] }
  const dates = new Map<string, Holiday>()
  const yearly = new Map<string, YearlyHoliday>()
  const faults: HolidayFault[] = []
  for (const event of eventsIn(lines)) {
    if (event.values.get('STATUS')?.value.toUpperCase() === 'CANCELLED') continue
    const found = holidayOf(event)
    if (typeof found === 'string') faults.push({ line: event.line, why: found })
    else if ('every' in found) {
      if (!yearly.has(found.every.date)) yearly.set(found.every.date, found.every)
    } else for (const holiday of found.once) if (!dates.has(holiday.date)) dates.set(holiday.date, holiday)
  }
  const byDate = (one: { readonly date: string }, other: { readonly date: string }) =>
    one.date < other.date ? -1 : 1
  return {
    holidays: [...dates.values()].toSorted(byDate),
    yearlyHolidays: [...yearly.values()].toSorted(byDate),
    faults,
  }
}

type Line = { readonly line: number; readonly text: string }
type Property = { readonly value: string; readonly parameters: string }
type CalendarEvent = { readonly line: number; readonly values: ReadonlyMap<string, Property> }

/** Long lines are folded: what begins with a space or a tab goes on. */
const unfolded = (file: string): readonly Line[] => {
  const lines: Line[] = []
  for (const [place, text] of file
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = lines.at(-1)
    if (/^[ \t]/.test(text) && last !== undefined)
      lines[lines.length - 1] = { ...last, text: last.text + text.slice(1) }
    else lines.push({ line: place + 1, text })
  }
  return lines
}

const eventsIn = (lines: readonly Line[]): readonly CalendarEvent[] => {
  const events: CalendarEvent[] = []
  let open: { line: number; values: Map<string, Property> } | null = null
  // Alarms and the like stand inside an event and have properties of the same names.
  let inside = 0
  for (const { line, text } of lines) {
    if (/^BEGIN:VEVENT\s*$/i.test(text)) {
      open = { line, values: new Map() }
      inside = 0
    } else if (/^END:VEVENT\s*$/i.test(text)) {
      if (open !== null) events.push(open)
      open = null
      inside = 0
    } else if (/^BEGIN:/i.test(text)) inside += 1
    else if (/^END:/i.test(text)) inside = Math.max(0, inside - 1)
    else if (open !== null && inside === 0) {
      const [, name = '', parameters = '', value = ''] =
        /^([A-Za-z0-9-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):(.*)$/.exec(text) ?? []
      if (name !== '' && !open.values.has(name.toUpperCase()))
        open.values.set(name.toUpperCase(), { parameters, value: value.trim() })
    }
  }
  return events
}

const holidayOf = ({
  values,
}: CalendarEvent):
  | HolidayFault['why']
  | { readonly once: readonly Holiday[] }
  | { readonly every: YearlyHoliday } => {
  const start = values.get('DTSTART')
  if (start === undefined) return 'no_date'
  if (!/^\d{8}$/.test(start.value)) return /T\d/.test(start.value) ? 'timed' : 'no_date'
  const first = dateOf(start.value)
  if (first === null) return 'no_date'
  const name = (unescaped(values.get('SUMMARY')?.value ?? '') || first.toString()).slice(0, 200)
  const end = dateOf(values.get('DTEND')?.value ?? '')
  // The end of an event of whole days is the day after it.
  const days = end === null ? 1 : first.until(end).days
  if (days < 1 || days > mostDays) return 'too_long'
  const rule = values.get('RRULE')
  if (rule === undefined)
    return {
      once: Array.from({ length: days }, (_, day) => ({
        date: first.add({ days: day }).toString(),
        name,
        hours: [],
      })),
    }
  const every = everyYear(rule.value, first)
  if (every === null || days > 1 || values.has('EXDATE')) return 'repeats'
  return { every: { date: first.toString().slice(5), name, hours: [], firstYear: first.year, ...every } }
}

/** Of a rule that says "the same date every year", the last year; null for any other rhythm. */
const everyYear = (rule: string, first: Temporal.PlainDate): { readonly lastYear?: number } | null => {
  const parts = new Map(
    rule.split(';').map((part) => {
      const [key = '', value = ''] = part.split('=')
      return [key.toUpperCase(), value.toUpperCase()] as const
    }),
  )
  const known = ['FREQ', 'INTERVAL', 'UNTIL', 'COUNT', 'BYMONTH', 'BYMONTHDAY', 'WKST']
  if (parts.get('FREQ') !== 'YEARLY' || [...parts.keys()].some((key) => !known.includes(key))) return null
  if ((parts.get('INTERVAL') ?? '1') !== '1') return null
  if ((parts.get('BYMONTH') ?? String(first.month)) !== String(first.month)) return null
  if ((parts.get('BYMONTHDAY') ?? String(first.day)) !== String(first.day)) return null
  const count = Number(parts.get('COUNT') ?? Number.NaN)
  if (parts.has('COUNT'))
    return Number.isInteger(count) && count > 0 ? { lastYear: first.year + count - 1 } : null
  const until = dateOf((parts.get('UNTIL') ?? '').slice(0, 8))
  if (!parts.has('UNTIL')) return {}
  if (until === null) return null
  const reached = until.toString().slice(5) >= first.toString().slice(5)
  return { lastYear: reached ? until.year : until.year - 1 }
}

const dateOf = (text: string): Temporal.PlainDate | null => {
  if (!/^\d{8}$/.test(text)) return null
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)].map(Number)
  try {
    return Temporal.PlainDate.from(
      { year: year ?? 0, month: month ?? 0, day: day ?? 0 },
      { overflow: 'reject' },
    )
  } catch {
    return null
  }
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\([nN,;\\])/g, (_, sign: string) => (sign === 'n' || sign === 'N' ? ' ' : sign)).trim()
