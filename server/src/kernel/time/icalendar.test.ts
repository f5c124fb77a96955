import { describe, expect, test } from 'vitest'
import { parseCalendar } from './calendar.ts'
import { holidaysIn } from './icalendar.ts'

const file = (...events: readonly (readonly string[])[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
    '',
  ].join('\r\n')

const dates = (text: string) => holidaysIn(text).holidays.map(({ date, name }) => `${date} ${name}`)
const years = (text: string) =>
  holidaysIn(text).yearlyHolidays.map(
    ({ date, name, firstYear, lastYear }) => `${date} ${name} ${firstYear}-${lastYear ?? ''}`,
  )
const faults = (text: string) => holidaysIn(text).faults

describe('a file of holidays', () => {
  test('gives a date for an event of a whole day, and one for each day of a longer one', () => {
    const text = file(
      ['DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Christmas'],
      ['DTSTART;VALUE=DATE:20261003', 'SUMMARY:Unity Day'],
    )
    expect(dates(text)).toEqual(['2026-10-03 Unity Day', '2026-12-25 Christmas', '2026-12-26 Christmas'])
    const { holidays, yearlyHolidays } = holidaysIn(text)
    expect(parseCalendar({ zone: 'UTC', week: {}, holidays, yearlyHolidays }).ok).toBe(true)
  })

  test('gives the same date every year, as long as it says', () => {
    const every = (rule: string) =>
      file(['DTSTART;VALUE=DATE:20200501', 'SUMMARY:May Day', `RRULE:FREQ=YEARLY${rule}`])
    expect(years(every(''))).toEqual(['05-01 May Day 2020-'])
    expect(years(every(';BYMONTH=5;BYMONTHDAY=1'))).toEqual(['05-01 May Day 2020-'])
    expect(years(every(';COUNT=3'))).toEqual(['05-01 May Day 2020-2022'])
    expect(years(every(';UNTIL=20250501'))).toEqual(['05-01 May Day 2020-2025'])
    expect(years(every(';UNTIL=20250430T235959Z'))).toEqual(['05-01 May Day 2020-2024'])
  })

  test('is read with folded lines, escaped signs and properties of alarms left alone', () => {
    const text = file([
      'SUMMARY;LANGUAGE=en:Saints Peter\\, Paul',
      '  and all the others',
      'BEGIN:VALARM',
      'SUMMARY:Wake up',
      'END:VALARM',
      'DTSTART;VALUE=DATE:20260629',
    ])
    expect(dates(text)).toEqual(['2026-06-29 Saints Peter, Paul and all the others'])
  })

  test('names what gave no holiday, with its line', () => {
    const text = file(
      ['DTSTART:20261225T100000Z', 'SUMMARY:Party'],
      ['DTSTART;VALUE=DATE:20260230', 'SUMMARY:No such day'],
      ['SUMMARY:Some day'],
      ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY;BYDAY=4TH', 'SUMMARY:Thanksgiving'],
      ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=MONTHLY', 'SUMMARY:Each month'],
      ['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20270101', 'SUMMARY:A year off'],
    )
    expect(faults(text).map(({ line, why }) => `${line} ${why}`)).toEqual([
      '3 timed',
      '7 no_date',
      '11 no_date',
      '14 repeats',
      '19 repeats',
      '24 too_long',
    ])
    expect(holidaysIn(text).holidays).toEqual([])
  })

  test('leaves out what was canceled, and what comes a second time', () => {
    const text = file(
      ['DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas'],
      ['DTSTART;VALUE=DATE:20261225', 'SUMMARY:Again'],
      ['DTSTART;VALUE=DATE:20261226', 'STATUS:CANCELLED', 'SUMMARY:Moved'],
    )
    expect(dates(text)).toEqual(['2026-12-25 Christmas'])
  })

  test('that is none says so', () => {
    expect(faults('<html></html>')).toEqual([{ line: 1, why: 'no_calendar' }])
  })
})
