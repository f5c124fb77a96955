import { describe, expect, test } from 'vitest'
import { Temporal } from '../time/temporal.ts'
import { daysOf, isDays, momentOf, momentWords, spanOf } from './moment.ts'

const at = (now: string, zone: string) => ({ now: Temporal.Instant.from(now), zone })
const sunday = at('2026-03-29T10:00:00.123Z', 'Europe/Berlin')

const span = (text: string, when = sunday) => {
  const moment = momentOf(text)
  if (moment === undefined) throw new Error(`${text} was not read`)
  const { from, to } = spanOf(moment, when)
  return [new Date(from).toISOString(), new Date(to).toISOString()]
}
const instant = (text: string, when = sunday) => {
  const [from = '', to = ''] = span(text, when)
  expect(Date.parse(to) - Date.parse(from)).toBe(1)
  return from
}

describe('a time in a filter', () => {
  // prettier-ignore
  test.each([
    ['2026-03-01T09:00Z',                 '2026-03-01T09:00:00.000Z'],
    ['2026-03-01T09:00:07+05:30',         '2026-03-01T03:30:07.000Z'],
    ['2026-03-01t09:00:07.1z',            '2026-03-01T09:00:07.100Z'],
    ['2026-03-01T09:00:07.123999999-00:00', '2026-03-01T09:00:07.123Z'],
    ['2026-03-01T09:00',                  '2026-03-01T08:00:00.000Z'],
    ['2026-07-01T09:00:07',               '2026-07-01T07:00:07.000Z'],
    ['now',                               '2026-03-29T10:00:00.123Z'],
    ['now-90m',                           '2026-03-29T08:30:00.123Z'],
    ['now+4h',                            '2026-03-29T14:00:00.123Z'],
  ])('%s is the millisecond %s', (text, expected) => {
    expect(instant(text)).toBe(expected)
  })

  // prettier-ignore
  test.each([
    // Clocks went from 02:00 to 03:00 this day, so it has 23 hours and began at 23:00 in UTC.
    ['today',        '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-03-29',   '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['yesterday',    '2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z'],
    ['tomorrow',     '2026-03-29T22:00:00.000Z', '2026-03-30T22:00:00.000Z'],
    ['today-28d',    '2026-02-28T23:00:00.000Z', '2026-03-01T23:00:00.000Z'],
    ['today+1mo',    '2026-04-28T22:00:00.000Z', '2026-04-29T22:00:00.000Z'],
    ['this_week',    '2026-03-22T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['last_week',    '2026-03-15T23:00:00.000Z', '2026-03-22T23:00:00.000Z'],
    ['next_week',    '2026-03-29T22:00:00.000Z', '2026-04-05T22:00:00.000Z'],
    ['this_month',   '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    ['last_month',   '2026-01-31T23:00:00.000Z', '2026-02-28T23:00:00.000Z'],
    ['next_month',   '2026-03-31T22:00:00.000Z', '2026-04-30T22:00:00.000Z'],
    ['this_year',    '2025-12-31T23:00:00.000Z', '2026-12-31T23:00:00.000Z'],
    ['last_year',    '2024-12-31T23:00:00.000Z', '2025-12-31T23:00:00.000Z'],
    ['next_year',    '2026-12-31T23:00:00.000Z', '2027-12-31T23:00:00.000Z'],
    ['2026-02',      '2026-01-31T23:00:00.000Z', '2026-02-28T23:00:00.000Z'],
    ['2026-12',      '2026-11-30T23:00:00.000Z', '2026-12-31T23:00:00.000Z'],
  ])('%s lasts from %s to %s', (text, from, to) => {
    expect(span(text)).toEqual([from, to])
  })

  test('counts hours as they pass, and days by the clock on the wall', () => {
    expect(instant('now-24h')).toBe('2026-03-28T10:00:00.123Z')
    expect(instant('now-1d')).toBe('2026-03-28T11:00:00.123Z')
    expect(instant('now-1w')).toBe('2026-03-22T11:00:00.123Z')
    expect(instant('now+1mo')).toBe('2026-04-29T10:00:00.123Z')
    expect(instant('now-1y')).toBe('2025-03-29T11:00:00.123Z')
  })

  test('that daylight saving skips is an hour later; one that it repeats is the first', () => {
    expect(instant('2026-03-29T02:30')).toBe('2026-03-29T01:30:00.000Z')
    expect(instant('2026-10-25T02:30')).toBe('2026-10-25T00:30:00.000Z')
  })

  test('is a day of the reader, whose day may begin elsewhere than another, or not at midnight', () => {
    const late = '2026-03-28T23:30:00Z'
    expect(span('today', at(late, 'UTC'))[0]).toBe('2026-03-28T00:00:00.000Z')
    expect(span('today', at(late, 'Europe/Berlin'))[0]).toBe('2026-03-28T23:00:00.000Z')
    expect(span('2018-11-04', at(late, 'America/Sao_Paulo'))[0]).toBe('2018-11-04T03:00:00.000Z')
  })

  test('in the last hour of a month stays inside shorter months', () => {
    expect(instant('now+1mo', at('2026-01-31T12:00:00Z', 'UTC'))).toBe('2026-02-28T12:00:00.000Z')
  })

  test.each([
    '',
    'noon',
    'now-',
    'now-2',
    'now2d',
    'now-2s',
    'now-2D',
    'now--2d',
    'now-2d-2d',
    'NOW',
    ' now',
    'today-2h',
    'today+5m',
    'this_week-1w',
    'now-52560001m',
    'now-876001h',
    'now-36501d',
    'now-5201w',
    'now-1201mo',
    'now+101y',
    'now-99999999d',
    '2026',
    '2026-3-1',
    '2026-00',
    '2026-13',
    '2026-02-29',
    '2026-04-31',
    '2026-01-00',
    '1899-12-31',
    '3000-01-01',
    '0000-01-01',
    '2026-03-01T',
    '2026-03-01T9:00',
    '2026-03-01T24:00Z',
    '2026-03-01T23:60Z',
    '2026-03-01T23:59:60Z',
    '2026-03-01T09:00+24:00',
    '2026-03-01T09:00+01',
    '2026-03-01T09:00+01:60',
    '2026-03-01 09:00',
    '2026-03-01T09:00:00.Z',
    '2026-03T09:00Z',
    '12026-03-01',
    '2026-03-01T09:00:00.1234567890Z',
    'constructor',
    '__proto__',
  ])('is not read from “%s”', (text) => {
    expect(momentOf(text)).toBeUndefined()
  })

  test.each([
    'now-52560000m',
    'now-876000h',
    'now+36500d',
    'now-5200w',
    'now-1200mo',
    'now+100y',
    '1900-01',
    '2999-12-31',
    '2024-02-29',
  ])('is read as far as %s', (text) => {
    expect(span(text)).toHaveLength(2)
  })

  test('has a word for each that completions offer', () => {
    for (const word of momentWords) expect(momentOf(word)).toBeDefined()
  })
})

test('only times that are whole days are asked of a date', () => {
  expect(momentWords.filter((word) => isDays(momentOf(word) ?? { kind: 'instant', at: 0 }))).toEqual(
    momentWords.filter((word) => word !== 'now'),
  )
  const today = momentOf('today-1d') ?? { kind: 'instant', at: 0 }
  expect(isDays(today) && daysOf(today, sunday)).toEqual({ from: '2026-03-28', to: '2026-03-29' })
  const month = momentOf('2026-02') ?? { kind: 'instant', at: 0 }
  expect(isDays(month) && daysOf(month, sunday)).toMatchObject({ from: '2026-02-01', to: '2026-03-01' })
})
