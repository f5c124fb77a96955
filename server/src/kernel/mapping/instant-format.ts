import { Temporal } from '../time/temporal.ts'
import { ownText } from './own-text.ts'
import { DAY, stretches } from '../time/zone.ts'

/** A text's instant in milliseconds since the epoch; undefined when it is none of this format. */
export type ReadInstant = (text: string) => number | undefined

export type InstantFormatFault =
  | { readonly code: 'zone' }
  | { readonly code: 'symbol'; readonly symbol: string }
  | { readonly code: 'incomplete'; readonly part: 'year' | 'month' | 'day' }
  | { readonly code: 'quote' }

/** What a date says of itself, as far as it was read. */
type Read = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  millisecond: number
  afternoon: boolean | undefined
  weekday: number | undefined
  /** Minutes ahead of UTC. */
  offset: number | undefined
}
/** Reads at a place of the text; the place behind what it read, or undefined. */
type Step = (text: string, at: number, read: Read) => number | undefined

const HOUR = 3_600_000
// Before and after these years a time is a slip or a way to say "never".
const [firstYear, lastYear] = [1900, 2199]

/**
 * A format in Unicode date field symbols (UTS 35), or `iso`, `unix-seconds`, `unix-milliseconds`. It is read strictly: a day that its month
 * does not have, a text that goes on, and two digits where the format says four are no instants. Month and weekday names are understood in
 * English and German. Two digits of a year (`yy`) are 1969 to 2068.
 *
 * A time that clocks showed twice is taken as the first of both, and one they skipped as if they had not been changed yet, as calendars do
 * (RFC 5545 3.3.5): a file whose zone was guessed loses no rows twice a year.
 */
export const instantFormat = (
  format: string,
  zone: string,
):
  | { readonly ok: true; readonly read: ReadInstant }
  | { readonly ok: false; readonly fault: InstantFormatFault } => {
  if (!isZone(zone)) return { ok: false, fault: { code: 'zone' } }
  if (format === 'iso') return { ok: true, read: remembered(isoIn(zone)) }
  if (format === 'unix-seconds') return { ok: true, read: unix(1000) }
  if (format === 'unix-milliseconds') return { ok: true, read: unix(1) }
  const steps = stepsOf(format)
  if ('code' in steps) return { ok: false, fault: steps }
  return { ok: true, read: remembered(inOrder(steps, zone)) }
}

const isZone = (zone: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return /[a-z]/i.test(zone)
  } catch {
    return false
  }
}

// Files name the same minute again and again.
const remembered = (read: ReadInstant): ReadInstant => {
  const known = new Map<string, number | undefined>()
  return (text) => {
    if (text.length > 80) return undefined
    if (known.has(text)) return known.get(text)
    if (known.size > 20_000) known.clear()
    const instant = read(text)
    known.set(ownText(text), instant)
    return instant
  }
}

const unix =
  (unit: number): ReadInstant =>
  (text) => {
    if (!/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text)) return undefined
    return withinYears(Math.floor(Number(text) * unit))
  }

const isoText =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

const isoIn =
  (zone: string): ReadInstant =>
  (text) => {
    const parts = isoText.exec(text)
    if (parts === null) return undefined
    const [, year, month, day, hour, minute, second, fraction, offset] = parts
    return instantOf(
      {
        ...nothingRead(),
        year: Number(year),
        month: Number(month),
        day: Number(day),
        hour: Number(hour ?? 0),
        minute: Number(minute ?? 0),
        second: Number(second ?? 0),
        millisecond: fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3)),
        offset: offset === undefined ? undefined : minutesOf(offset),
      },
      zone,
    )
  }

const inOrder =
  (steps: readonly Step[], zone: string): ReadInstant =>
  (text) => {
    const read = nothingRead()
    let at: number | undefined = 0
    for (const step of steps) {
      at = step(text, at, read)
      if (at === undefined) return undefined
    }
    return at === text.length ? instantOf(read, zone) : undefined
  }

const nothingRead = (): Read => ({
  year: 0,
  month: 0,
  day: 0,
  hour: 0,
  minute: 0,
  second: 0,
  millisecond: 0,
  afternoon: undefined,
  weekday: undefined,
  offset: undefined,
})

const instantOf = (read: Read, zone: string): number | undefined => {
  if (read.afternoon !== undefined && (read.hour < 1 || read.hour > 12)) return undefined
  const hour = read.afternoon === undefined ? read.hour : (read.hour % 12) + (read.afternoon ? 12 : 0)
  if (hour > 23 || read.minute > 59 || read.second > 59) return undefined
  const day = Date.UTC(read.year, read.month - 1, read.day)
  const date = new Date(day)
  if (date.getUTCFullYear() !== read.year || date.getUTCMonth() !== read.month - 1) return undefined
  if (read.weekday !== undefined && date.getUTCDay() !== read.weekday) return undefined
  const local = day + hour * HOUR + read.minute * 60_000 + read.second * 1000 + read.millisecond
  if (withinYears(local) === undefined) return undefined
  return read.offset === undefined ? inZone(local, zone) : local - read.offset * 60_000
}

const withinYears = (instant: number): number | undefined =>
  instant >= Date.UTC(firstYear, 0, 1) && instant < Date.UTC(lastYear + 1, 0, 1) ? instant : undefined

/** @param local what clocks show, as if it were UTC */
const inZone = (local: number, zone: string): number => {
  let before = 0
  for (const { start, end, offset } of stretches(zone, local - 2 * DAY, local + 2 * DAY)) {
    const instant = local - offset
    if (instant < start) break
    if (instant < end) return instant
    before = offset
  }
  return local - before
}

const months = [
  ['january', 'januar', 'jänner', 'jan'],
  ['february', 'februar', 'feb'],
  ['march', 'märz', 'maerz', 'mar', 'mär', 'mrz'],
  ['april', 'apr'],
  ['may', 'mai'],
  ['june', 'juni', 'jun'],
  ['july', 'juli', 'jul'],
  ['august', 'aug'],
  ['september', 'sept', 'sep'],
  ['october', 'oktober', 'oct', 'okt'],
  ['november', 'nov'],
  ['december', 'dezember', 'dec', 'dez'],
]
const weekdays = [
  ['sunday', 'sonntag', 'sun', 'so'],
  ['monday', 'montag', 'mon', 'mo'],
  ['tuesday', 'dienstag', 'tue', 'di'],
  ['wednesday', 'mittwoch', 'wed', 'mi'],
  ['thursday', 'donnerstag', 'thu', 'do'],
  ['friday', 'freitag', 'fri', 'fr'],
  ['saturday', 'samstag', 'sonnabend', 'sat', 'sa'],
]

const named = (names: readonly (readonly string[])[], put: (read: Read, place: number) => void): Step => {
  const places = new Map(names.flatMap((same, place) => same.map((name) => [name, place] as const)))
  return (text, at, read) => {
    const word = /^\p{L}+/u.exec(text.slice(at, at + 20))?.[0]
    const place = word === undefined ? undefined : places.get(word.toLowerCase())
    if (word === undefined || place === undefined) return undefined
    put(read, place)
    const end = at + word.length
    // German shortens with a point: `24. Dez. 2016`.
    return text.charAt(end) === '.' && word.length <= 4 ? end + 1 : end
  }
}

const digits =
  (least: number, most: number, put: (read: Read, value: number, text: string) => boolean | void): Step =>
  (text, at, read) => {
    let end = at
    while (end - at < most && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1
    if (end - at < least) return undefined
    const found = text.slice(at, end)
    return put(read, Number(found), found) === false ? undefined : end
  }

const twoDigits = (length: number, put: (read: Read, value: number) => boolean | void): Step =>
  digits(length >= 2 ? 2 : 1, 2, put)

const minutesOf = (offset: string): number | undefined => {
  if (/^z$/i.test(offset)) return 0
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? []
  const total = Number(hours) * 60 + Number(minutes ?? 0)
  return Number(minutes ?? 0) > 59 || total > 18 * 60 || Number.isNaN(total)
    ? undefined
    : total * (sign === '-' ? -1 : 1)
}

const matched =
  (pattern: RegExp, put: (read: Read, text: string) => boolean | void): Step =>
  (text, at, read) => {
    const found = pattern.exec(text.slice(at, at + 10))?.[0]
    return found === undefined || put(read, found) === false ? undefined : at + found.length
  }

const offsetStep = (pattern: RegExp): Step =>
  matched(pattern, (read, text) => {
    read.offset = minutesOf(/^(?:utc|gmt)$/i.test(text) ? 'z' : text)
    return read.offset !== undefined
  })

const exactly =
  (literal: string): Step =>
  (text, at) =>
    text.startsWith(literal, at) ? at + literal.length : undefined

/** A step by its symbol and how often it stands there; undefined for what this reader does not have. */
const stepOf = (symbol: string, length: number): Step | undefined => {
  switch (symbol) {
    case 'y':
    case 'u':
      return length === 2
        ? digits(2, 2, (read, value) => void (read.year = value + (value > 68 ? 1900 : 2000)))
        : digits(4, 4, (read, value) => void (read.year = value))
    case 'M':
    case 'L':
      return length > 2
        ? named(months, (read, place) => void (read.month = place + 1))
        : twoDigits(length, (read, value) => {
            read.month = value
            return value >= 1 && value <= 12
          })
    case 'd':
      return twoDigits(length, (read, value) => {
        read.day = value
        return value >= 1
      })
    case 'H':
    case 'h':
      return twoDigits(length, (read, value) => void (read.hour = value))
    case 'm':
      return twoDigits(length, (read, value) => void (read.minute = value))
    case 's':
      return twoDigits(length, (read, value) => void (read.second = value))
    case 'S':
      return digits(length, length, (read, _, text) => {
        read.millisecond = Number(text.padEnd(3, '0').slice(0, 3))
      })
    case 'a':
      return matched(/^(?:[ap]\.?m\.?)/i, (read, text) => void (read.afternoon = /^p/i.test(text)))
    case 'E':
      return named(weekdays, (read, place) => void (read.weekday = place))
    case 'X':
      return offsetStep(/^(?:Z|[+-]\d{2}(?::?\d{2})?)/)
    case 'x':
    case 'Z':
      return offsetStep(/^[+-]\d{2}(?::?\d{2})?/)
    case 'z':
      return offsetStep(/^(?:UTC|GMT|Z)/i)
    default:
      return undefined
  }
}

const stepsOf = (format: string): Step[] | InstantFormatFault => {
  const steps: Step[] = []
  const symbols = new Set<string>()
  for (let at = 0; at < format.length;) {
    const symbol = format.charAt(at)
    if (symbol === "'") {
      const end = format.indexOf("'", at + 1)
      if (end === -1) return { code: 'quote' }
      steps.push(exactly(end === at + 1 ? "'" : format.slice(at + 1, end)))
      at = end + 1
      continue
    }
    if (!/[A-Za-z]/.test(symbol)) {
      steps.push(exactly(symbol))
      at += 1
      continue
    }
    let end = at
    while (format.charAt(end) === symbol) end += 1
    const step = stepOf(symbol, end - at)
    if (step === undefined) return { code: 'symbol', symbol }
    steps.push(step)
    symbols.add(symbol === 'u' ? 'y' : symbol === 'L' ? 'M' : symbol)
    at = end
  }
  if (!symbols.has('y')) return { code: 'incomplete', part: 'year' }
  if (!symbols.has('M')) return { code: 'incomplete', part: 'month' }
  if (!symbols.has('d')) return { code: 'incomplete', part: 'day' }
  return symbols.has('h') && !symbols.has('a') ? { code: 'symbol', symbol: 'h' } : steps
}
