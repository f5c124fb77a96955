/** Instants (RFC 3339) as a reader sees them: in their language and time zone, always explicit. */
export type Zone = { readonly language: string; readonly timeZone: string }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Older than this, a date says more than "3 weeks ago". */
const recent = 7 * day

// Formatters are costly to make and lists ask for thousands.
const relatives = new Map<string, Intl.RelativeTimeFormat>()
const relativeWords = (language: string): Intl.RelativeTimeFormat => {
  let words = relatives.get(language)
  if (words === undefined) {
    words = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
    relatives.set(language, words)
  }
  return words
}

const made = new Map<string, Intl.DateTimeFormat>()
const formatter = (
  { language, timeZone }: Zone,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat => {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`
  let format = made.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { ...options, timeZone })
    made.set(key, format)
  }
  return format
}

const hours = new Map<string, '2-digit' | 'numeric'>()
/** Clocks of 24 hours write 09:05, those of twelve 9:05 AM. */
export const hourDigits = (language: string): '2-digit' | 'numeric' => {
  let digits = hours.get(language)
  if (digits === undefined) {
    const { hour12 } = new Intl.DateTimeFormat(language, { hour: 'numeric' }).resolvedOptions()
    digits = hour12 === true ? 'numeric' : '2-digit'
    hours.set(language, digits)
  }
  return digits
}

/** `4 min ago`, `in 2 hr`; a date once it is older or further away than a week. */
export const relative = (at: string, now: number, zone: Zone): string => {
  const distance = Date.parse(at) - now
  const size = Math.abs(distance)
  if (size >= recent)
    return formatter(
      zone,
      sameYear(at, now, zone) ? { day: 'numeric', month: 'short' } : { dateStyle: 'medium' },
    ).format(Date.parse(at))
  const words = relativeWords(zone.language)
  // Clocks of server and browser differ by seconds; nothing has happened in the future because of that.
  if (size < minute) return words.format(0, 'second')
  if (size < hour) return words.format(Math.trunc(distance / minute), 'minute')
  if (size < day) return words.format(Math.trunc(distance / hour), 'hour')
  return words.format(Math.trunc(distance / day), 'day')
}

const sameYear = (at: string, now: number, zone: Zone): boolean => {
  const year = formatter(zone, { year: 'numeric' })
  return year.format(Date.parse(at)) === year.format(now)
}

/** From one instant to another: what both have together is said once. */
export const stretch = (from: string, until: string, zone: Zone, browserZone = ownZone()): string =>
  formatter(zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: hourDigits(zone.language),
    minute: '2-digit',
    ...(zone.timeZone === browserZone ? {} : { timeZoneName: 'short' }),
  }).formatRange(Date.parse(from), Date.parse(until))

/** The whole truth, for hovering: day, time, and the zone when it is not the one the browser is in. */
export const absolute = (at: string, zone: Zone, browserZone = ownZone()): string =>
  formatter(zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: hourDigits(zone.language),
    minute: '2-digit',
    ...(zone.timeZone === browserZone ? {} : { timeZoneName: 'short' }),
  }).format(Date.parse(at))

/** An hour of any day, as a clock shows it: `07:00`, `7:00 AM`. */
export const hourOfDay = (hour: number, { language }: Zone): string =>
  formatter({ language, timeZone: 'UTC' }, { hour: hourDigits(language), minute: '2-digit' }).format(
    Date.UTC(2026, 0, 1, hour),
  )

/** `Monday, 2 March`: the heading of a day in a timeline. */
export const dayHeading = (at: string, zone: Zone): string =>
  formatter(zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(Date.parse(at))

/**
 * How long something has lasted, in its two largest units: `2d 4h`, `35m`; for people who read it as a sentence `35 minutes`. German has no
 * narrow word for a minute, so its hours are not narrow either: `1 Std. 48 Min.`
 */
export const lasting = (
  milliseconds: number,
  language: string,
  unitDisplay: 'narrow' | 'long' = 'narrow',
): string => {
  const total = Math.max(0, Math.floor(milliseconds / minute))
  const parts: [number, Intl.NumberFormatOptions['unit']][] = [
    [Math.floor(total / 1440), 'day'],
    [Math.floor((total % 1440) / 60), 'hour'],
    [total % 60, 'minute'],
  ]
  const width = unitDisplay === 'narrow' && language.startsWith('de') ? 'short' : unitDisplay
  const first = parts.findIndex(([amount]) => amount > 0)
  const shown = first === -1 ? parts.slice(2) : parts.slice(first, first + 2).filter(([amount]) => amount > 0)
  return shown
    .map(([amount, unit]) =>
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit: unit ?? 'minute',
        unitDisplay: width,
      }).format(amount),
    )
    .join(' ')
}

let own: string | undefined
/** Asked once: the answer takes longer than drawing a row. */
export const ownZone = (): string => (own ??= new Intl.DateTimeFormat().resolvedOptions().timeZone)

/**
 * The instant at which the clocks of a zone show `wall` (`2026-03-29T02:30`, as a datetime-local field gives it). An hour that daylight saving
 * skips begins when clocks move on; of an hour that comes twice, it is the first.
 */
export const instantOf = (wall: string, timeZone: string): string => {
  const asUtc = Date.parse(`${wall}Z`)
  const offsets = [asUtc - day, asUtc + day].map((around) => offsetAt(around, timeZone))
  const fits = offsets.map((offset) => asUtc - offset).filter((at) => at + offsetAt(at, timeZone) === asUtc)
  const [before = 0] = offsets
  return new Date(fits.length > 0 ? Math.min(...fits) : asUtc - before).toISOString()
}

/** What the clocks of a zone show at an instant, as a datetime-local field takes it. */
export const wallOf = (at: string | number, timeZone: string): string => {
  const instant = typeof at === 'number' ? at : Date.parse(at)
  return new Date(instant + offsetAt(instant, timeZone)).toISOString().slice(0, 16)
}

const offsetAt = (instant: number, timeZone: string): number => {
  const parts = new Map<string, number>(
    formatter(
      { language: 'en-US', timeZone },
      {
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      },
    )
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const get = (type: string): number => parts.get(type) ?? 0
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'))
  return wall - Math.floor(instant / 1000) * 1000
}
