import type { Stamp } from './device-barcode.ts'

/**
 * The year that two digits mean, so that it is at most 50 years ahead of this one and at most 49 behind (GS1 General Specifications, 7.12).
 * HIBCC has no rule of its own; the same is used.
 */
export const fullYear = (twoDigits: number, thisYear: number): number => {
  const century = thisYear - (thisYear % 100)
  const ahead = twoDigits - (thisYear % 100)
  if (ahead >= 51) return century - 100 + twoDigits
  return ahead <= -50 ? century + 100 + twoDigits : century + twoDigits
}

const digits = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN)

const written = (date: Date): string => date.toISOString().slice(0, 10)

const inTime = (stamp: Stamp | null, hour: string, minute = '00'): Stamp | null => {
  const valid = digits(hour) <= 23 && digits(minute) <= 59
  return stamp && valid ? { ...stamp, time: `${hour}:${minute}`, given: 'hour' } : null
}

/** A day that the calendar has; day 0 is the end of the month. */
export const dayStamp = (year: number, month: number, day: number): Stamp | null => {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 0)) return null
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, day === 0 ? month : month - 1, day)
  const fits = day === 0 || (date.getUTCMonth() === month - 1 && date.getUTCDate() === day)
  return fits ? { date: written(date), time: null, given: day === 0 ? 'month' : 'day' } : null
}

/** The nth day of a year. */
const ordinalStamp = (year: number, ordinal: number): Stamp | null => {
  if (!(ordinal >= 1)) return null
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, 0, ordinal)
  return date.getUTCFullYear() === year ? { date: written(date), time: null, given: 'day' } : null
}

/** How a date is written; H and m are hour and minute, J the day of the year, c the century since 2000 (9: the one before). */
export type DateForm =
  | 'YYMMDD'
  | 'YYMMDDHHmm'
  | 'MMYY'
  | 'MMDDYY'
  | 'YYMMDDHH'
  | 'YYJJJ'
  | 'YYJJJHH'
  | 'YYYYMMDD'
  | 'YYYYMM'
  | 'cYYJJJ'
  | 'cYYJJJHHmm'

/** The date that `text` gives, or null when it is no date of that form. */
export const stampOf = (text: string, form: DateForm, thisYear: number): Stamp | null => {
  if (text.length !== form.length || !/^\d+$/.test(text)) return null
  const part = (letters: string): string => {
    const at = form.indexOf(letters)
    return at < 0 ? '' : text.slice(at, at + letters.length)
  }
  const year = form.startsWith('YYYY')
    ? digits(part('YYYY'))
    : form.startsWith('c')
      ? (part('c') === '9' ? 1900 : 2000 + 100 * digits(part('c'))) + digits(part('YY'))
      : fullYear(digits(part('YY')), thisYear)
  const day = form.includes('JJJ')
    ? ordinalStamp(year, digits(part('JJJ')))
    : dayStamp(year, digits(part('MM')), form.includes('DD') ? digits(part('DD')) : 0)
  // Only GS1 writes day 00 for the end of the month.
  if (day?.given === 'month' && form.includes('DD') && form !== 'YYMMDD') return null
  if (form.endsWith('HHmm')) {
    const stamp = inTime(day, part('HH'), part('mm'))
    return stamp ? { ...stamp, given: 'minute' } : null
  }
  return form.endsWith('HH') ? inTime(day, part('HH')) : day
}

/** The same written again. The form has to have room for what is given. */
export const stampText = ({ date, time }: Stamp, form: DateForm): string => {
  const [year = '', month = '', day = ''] = date.split('-')
  const ordinal = Math.round((Date.parse(date) - Date.parse(`${year}-01-01`)) / 86_400_000) + 1
  const century = year.startsWith('19') ? '9' : year.charAt(1)
  return form
    .replace('YYYY', year)
    .replace('YY', year.slice(2))
    .replace('MM', month)
    .replace('DD', day)
    .replace('JJJ', String(ordinal).padStart(3, '0'))
    .replace('c', century)
    .replace('HH', time?.slice(0, 2) ?? '00')
    .replace('mm', time?.slice(3) ?? '00')
}
