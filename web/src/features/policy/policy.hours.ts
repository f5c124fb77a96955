import type { CalendarForm } from '@evenkeel/contract/policy'

export type Hours = CalendarForm['holidays'][number]['hours']

/** Where a time of day lies, as part of the day; null for what is no time. */
export const partOfDay = (time: string): number | null => {
  const match = /^(\d{2}):(\d{2})$/.exec(time)
  if (match === null) return null
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes / 1440 : null
}

/** `08:00-12:00, 13:00-17:00`, as people write it; nothing is closed. */
export const hoursText = (hours: Hours): string => hours.map(({ from, to }) => `${from}-${to}`).join(', ')

/** What was written, or null when it is not hours. `8-17` is understood. */
export const hoursIn = (text: string): Hours | null => {
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const hours = parts.map((part) => {
    const match = /^(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?$/.exec(part)
    if (match === null) return null
    const [, fromHour = '', fromMinute = '00', toHour = '', toMinute = '00'] = match
    const [from, to] = [
      `${fromHour.padStart(2, '0')}:${fromMinute}`,
      `${toHour.padStart(2, '0')}:${toMinute}`,
    ]
    const [start, end] = [partOfDay(from), partOfDay(to)]
    return start === null || end === null || start >= end ? null : { from, to }
  })
  return hours.every((one) => one !== null) ? hours : null
}
