import { describe, expect, test } from 'vitest'
import { parseCalendar, roundTheClock, WEEKDAYS } from './calendar.ts'
import type { Calendar, Hours } from './calendar.ts'
import { intervalSet } from './interval.ts'
import { Temporal } from './temporal.ts'
import {
  addWorkingDays,
  addWorkingTime,
  isWorkingTime,
  workingIntervals,
  workingTime,
} from './working-time.ts'

const HOUR = 3_600_000

const hours = (...spans: readonly string[]): readonly Hours[] =>
  spans.map((span) => ({ from: span.slice(0, 5), to: span.slice(6) }))

function calendar(
  zone: string,
  week: Partial<Calendar['week']>,
  special: Partial<Pick<Calendar, 'holidays' | 'yearlyHolidays'>> = {},
): Calendar {
  const parsed = parseCalendar({ zone, week, ...special })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.calendar
}

const everyDay = (...spans: readonly string[]) =>
  Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, hours(...spans)]))

const day = hours('08:00-12:00', '13:00-17:00')
const weekdays = { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day }
const berlin = calendar('Europe/Berlin', weekdays, {
  holidays: [{ date: '2026-12-24', name: 'Christmas Eve', hours: hours('08:00-12:00') }],
  yearlyHolidays: [
    { date: '12-25', name: 'Christmas Day', hours: [] },
    { date: '10-30', name: 'Foundation Day', hours: [], firstYear: 2025, lastYear: 2026 },
  ],
})

/** The instant at which clocks of the zone show `wall`, written with its offset where they show it twice. */
const on = (wall: string, zone = 'Europe/Berlin') =>
  Temporal.ZonedDateTime.from(`${wall}[${zone}]`, { disambiguation: 'reject' }).toInstant()

/** Instants as their clocks show them, 2026 being a Thursday's year: 2 March 2026 is a Monday. */
const shown = (at: Temporal.Instant | 'never', zone = 'Europe/Berlin') =>
  at === 'never' ? at : at.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never' })

const listed = (set: Iterable<{ start: Temporal.Instant; end: Temporal.Instant }>, zone = 'Europe/Berlin') =>
  [...set].map(({ start, end }) => `${shown(start, zone)} ${shown(end, zone)}`)

describe('a deadline', () => {
  test('skips the night', () => {
    expect(shown(addWorkingTime(berlin, on('2026-03-02T16:00'), 2 * HOUR))).toBe('2026-03-03T09:00:00+01:00')
  })

  test('skips the weekend from Friday evening', () => {
    expect(shown(addWorkingTime(berlin, on('2026-03-06T18:30'), HOUR))).toBe('2026-03-09T09:00:00+01:00')
  })

  test('is at the end of the shift and not at the start of the next', () => {
    expect(shown(addWorkingTime(berlin, on('2026-03-06T16:00'), HOUR))).toBe('2026-03-06T17:00:00+01:00')
    expect(shown(addWorkingTime(berlin, on('2026-03-06T10:00'), 2 * HOUR))).toBe('2026-03-06T12:00:00+01:00')
  })

  test('is the start itself when there is nothing to wait for, even while closed', () => {
    const start = on('2026-03-07T10:00').add({ nanoseconds: 1 })
    expect(addWorkingTime(berlin, start, 0)).toBe(start)
  })

  test('counts half a day on Christmas Eve and none on Christmas Day', () => {
    // Thursday morning, then Monday: Friday is the 25th.
    expect(shown(addWorkingTime(berlin, on('2026-12-24T08:00'), 5 * HOUR))).toBe('2026-12-28T09:00:00+01:00')
  })

  test('is exact to the millisecond', () => {
    const start = on('2026-03-02T16:59:59.998')
    expect(shown(addWorkingTime(berlin, start, 3))).toBe('2026-03-03T08:00:00.001+01:00')
    expect(workingTime(berlin, start, on('2026-03-03T08:00:00.001'))).toBe(3)
  })

  test('never comes on a calendar that is always closed, or closes for good', () => {
    expect(addWorkingTime(calendar('UTC', {}), on('2026-03-02T08:00'), 1)).toBe('never')
    const once = calendar(
      'UTC',
      {},
      { holidays: [{ date: '2026-03-03', name: 'Open day', hours: hours('08:00-09:00') }] },
    )
    expect(addWorkingTime(once, on('2026-03-02T08:00'), HOUR)).not.toBe('never')
    expect(addWorkingTime(once, on('2026-03-02T08:00'), HOUR + 1)).toBe('never')
  })

  test('never comes for a duration beyond the horizon', () => {
    expect(addWorkingTime(roundTheClock('UTC'), on('2026-03-02T08:00'), 49 * 366 * 24 * HOUR)).not.toBe(
      'never',
    )
    expect(addWorkingTime(roundTheClock('UTC'), on('2026-03-02T08:00'), Number.MAX_SAFE_INTEGER)).toBe(
      'never',
    )
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    '%d milliseconds away is refused',
    (milliseconds) => {
      expect(() => addWorkingTime(berlin, on('2026-03-02T08:00'), milliseconds)).toThrow(
        `The milliseconds to add are a whole number from 0, not ${milliseconds}.`,
      )
    },
  )
})

describe('holidays', () => {
  const opensOn = (date: string) => workingTime(berlin, on(`${date}T00:00`), on(`${date}T23:59`)) / HOUR

  test('that come every year keep to their first and last year', () => {
    // A working Wednesday, Thursday, Friday, Friday and, in 2028, Monday.
    expect(['2024-10-30', '2025-10-30', '2026-10-30', '2028-10-30'].map(opensOn)).toEqual([8, 0, 0, 8])
    expect(['2023-12-25', '2025-12-25', '2028-12-25'].map(opensOn)).toEqual([0, 0, 0])
  })

  test('on a date win over yearly ones, and may open a Sunday', () => {
    const open = calendar(
      'UTC',
      {},
      {
        holidays: [{ date: '2027-12-26', name: 'Stocktaking', hours: hours('10:00-11:00') }],
        yearlyHolidays: [{ date: '12-26', name: 'Boxing Day', hours: [] }],
      },
    )
    expect(listed(workingIntervals(open, on('2025-01-01T00:00'), on('2030-01-01T00:00')), 'UTC')).toEqual([
      '2027-12-26T10:00:00+00:00 2027-12-26T11:00:00+00:00',
    ])
  })

  test('on 29 February come in leap years only', () => {
    const closed = calendar('UTC', everyDay('00:00-24:00'), {
      yearlyHolidays: [{ date: '02-29', name: 'Leap day', hours: [] }],
    })
    const february = (year: number) =>
      workingTime(closed, on(`${year}-02-01T00:00`, 'UTC'), on(`${year}-03-01T00:00`, 'UTC')) / HOUR / 24
    expect([2000, 2023, 2024, 2100].map(february)).toEqual([28, 28, 28, 28])
  })
})

describe('on the nights the clocks change', () => {
  const night = (from: string, to: string, zone = 'Europe/Berlin') =>
    calendar(zone, everyDay(`${from}-${to}`))
  const workedOn = (date: string, from: string, to: string) => {
    const noon = on(`${date}T12:00`)
    return listed(workingIntervals(night(from, to), noon.subtract({ hours: 14 }), noon))
  }

  test('hours from 02:30, which does not exist, start at 03:00', () => {
    expect(workedOn('2026-03-29', '02:30', '05:00')).toEqual([
      '2026-03-29T03:00:00+02:00 2026-03-29T05:00:00+02:00',
    ])
  })

  test('hours that do not exist at all are no working time', () => {
    expect(workedOn('2026-03-29', '02:00', '03:00')).toEqual([])
  })

  test('01:00 to 03:00 lasts one hour in spring and three in autumn', () => {
    expect(workedOn('2026-03-29', '01:00', '03:00')).toEqual([
      '2026-03-29T01:00:00+01:00 2026-03-29T03:00:00+02:00',
    ])
    expect(workingTime(night('01:00', '03:00'), on('2026-03-29T00:00'), on('2026-03-29T12:00'))).toBe(HOUR)
    expect(workedOn('2026-10-25', '01:00', '03:00')).toEqual([
      '2026-10-25T01:00:00+02:00 2026-10-25T03:00:00+01:00',
    ])
    expect(workingTime(night('01:00', '03:00'), on('2026-10-25T00:00'), on('2026-10-25T12:00'))).toBe(
      3 * HOUR,
    )
  })

  test('hours that end within the doubled hour are worked whenever the clock shows them', () => {
    expect(workedOn('2026-10-25', '01:00', '02:30')).toEqual([
      '2026-10-25T01:00:00+02:00 2026-10-25T02:30:00+02:00',
      '2026-10-25T02:00:00+01:00 2026-10-25T02:30:00+01:00',
    ])
  })

  test('a deadline in the doubled hour is found in its second half', () => {
    const start = on('2026-10-25T01:00')
    expect(shown(addWorkingTime(night('01:00', '03:00'), start, 2.5 * HOUR))).toBe(
      '2026-10-25T02:30:00+01:00',
    )
  })

  test('half an hour is skipped and doubled on Lord Howe Island', () => {
    const zone = 'Australia/Lord_Howe'
    const worked = (date: string) =>
      workingTime(night('01:00', '03:00', zone), on(`${date}T00:00`, zone), on(`${date}T12:00`, zone)) / HOUR
    expect([worked('2025-10-05'), worked('2025-04-06')]).toEqual([1.5, 2.5])
  })

  test('a day without midnight starts an hour late in São Paulo', () => {
    const zone = 'America/Sao_Paulo'
    const from = on('2018-11-03T12:00', zone)
    expect(
      listed(workingIntervals(night('00:00', '02:00', zone), from, from.add({ hours: 24 })), zone),
    ).toEqual(['2018-11-04T01:00:00-02:00 2018-11-04T02:00:00-02:00'])
  })

  test('the day that Samoa skipped has no working time', () => {
    const zone = 'Pacific/Apia'
    const open = night('09:00', '17:00', zone)
    expect(
      listed(workingIntervals(open, on('2011-12-29T00:00', zone), on('2012-01-01T00:00', zone)), zone),
    ).toEqual([
      '2011-12-29T09:00:00-10:00 2011-12-29T17:00:00-10:00',
      '2011-12-31T09:00:00+14:00 2011-12-31T17:00:00+14:00',
    ])
    expect(shown(addWorkingDays(open, on('2011-12-29T11:00', zone), 1), zone)).toBe(
      '2011-12-31T11:00:00+14:00',
    )
  })

  test('the end of a Saturday comes again after the start of the Sunday in Newfoundland', () => {
    const zone = 'America/St_Johns'
    const saturday = calendar(zone, { saturday: hours('23:00-24:00') })
    // Clocks went back from 00:01 on Sunday to 23:01 on Saturday.
    expect(
      listed(workingIntervals(saturday, on('2010-11-06T12:00', zone), on('2010-11-07T12:00', zone)), zone),
    ).toEqual([
      '2010-11-06T23:00:00-02:30 2010-11-07T00:00:00-02:30',
      '2010-11-06T23:01:00-03:30 2010-11-07T00:00:00-03:30',
    ])
  })
})

describe('working intervals', () => {
  test('are cut at both ends of the question', () => {
    expect(listed(workingIntervals(berlin, on('2026-03-02T09:30'), on('2026-03-02T13:30')))).toEqual([
      '2026-03-02T09:30:00+01:00 2026-03-02T12:00:00+01:00',
      '2026-03-02T13:00:00+01:00 2026-03-02T13:30:00+01:00',
    ])
  })

  test('run over midnight and over a change of clocks without a seam', () => {
    const nights = calendar('Europe/Berlin', everyDay('00:00-06:00', '22:00-24:00'))
    expect(listed(workingIntervals(nights, on('2026-03-28T12:00'), on('2026-03-29T12:00')))).toEqual([
      '2026-03-28T22:00:00+01:00 2026-03-29T06:00:00+02:00',
    ])
    const always = roundTheClock('Europe/Berlin')
    expect([...workingIntervals(always, on('2026-01-01T00:00'), on('2029-01-01T00:00'))]).toHaveLength(1)
  })

  test('are a set as they come', () => {
    const worked = [...workingIntervals(berlin, on('2026-01-01T00:00'), on('2027-01-01T00:00'))]
    expect(intervalSet(worked)).toEqual(worked)
  })

  test('are worked out one by one', () => {
    const intervals = workingIntervals(berlin, on('2026-03-07T00:00'), on('2066-03-07T00:00'))
    const first = intervals.next()
    expect(first.done ? [] : listed([first.value])).toEqual([
      '2026-03-09T08:00:00+01:00 2026-03-09T12:00:00+01:00',
    ])
  })

  test('are not counted over more than the horizon', () => {
    const start = on('2026-03-02T08:00', 'UTC')
    const horizon = start.add({ hours: 50 * 366 * 24 })
    expect(workingTime(roundTheClock('UTC'), start, horizon)).toBe(50 * 366 * 24 * HOUR)
    expect(() => workingTime(roundTheClock('UTC'), start, horizon.add({ milliseconds: 1 }))).toThrow(
      'Working time from 2026-03-02T08:00:00Z to 2076-04-08T08:00:00.001Z is over more than 50 years.',
    )
  })

  test('do not exist where the question is empty, and a reversed question is refused', () => {
    const [early, late] = [on('2026-03-02T08:00'), on('2026-03-02T09:00')]
    expect([...workingIntervals(berlin, early, early)]).toEqual([])
    expect(workingTime(berlin, early, early)).toBe(0)
    const refusal = 'Working time from 2026-03-02T08:00:00Z to 2026-03-02T07:00:00Z ends before it starts.'
    expect(() => workingTime(berlin, late, early)).toThrow(refusal)
    expect(() => [...workingIntervals(berlin, late, early)]).toThrow(refusal)
  })
})

test('weekdays and holidays are where they belong before 1970 too', () => {
  // From Monday, 22 December 1969: three full days, no Thursday, a Friday.
  const worked = [22, 23, 24, 25, 26, 27, 28].map(
    (date) => workingTime(berlin, on(`1969-12-${date}T00:00`), on(`1969-12-${date}T23:59`)) / HOUR,
  )
  expect(worked).toEqual([8, 8, 8, 0, 8, 0, 0])
})

test('working time includes the opening and not the closing', () => {
  const wall = ['07:59:59.999', '08:00', '11:59:59.999', '12:00', '13:00', '17:00']
  expect(wall.map((time) => isWorkingTime(berlin, on(`2026-03-02T${time}`)))).toEqual([
    false,
    true,
    true,
    false,
    true,
    false,
  ])
})

describe('a number of working days', () => {
  test('keeps the clock time and skips the weekend', () => {
    expect(shown(addWorkingDays(berlin, on('2026-03-06T16:20'), 1))).toBe('2026-03-09T16:20:00+01:00')
    expect(shown(addWorkingDays(berlin, on('2026-03-06T16:20'), 6))).toBe('2026-03-16T16:20:00+01:00')
  })

  test('keeps a clock time outside the hours', () => {
    expect(shown(addWorkingDays(berlin, on('2026-03-05T22:15'), 1))).toBe('2026-03-06T22:15:00+01:00')
    expect(shown(addWorkingDays(berlin, on('2026-03-05T06:15'), 1))).toBe('2026-03-06T06:15:00+01:00')
  })

  test('counts from the date of the start, open or closed', () => {
    expect(shown(addWorkingDays(berlin, on('2026-03-07T10:00'), 1))).toBe('2026-03-09T10:00:00+01:00')
  })

  test('counts half a day as a day and a holiday not at all', () => {
    expect(shown(addWorkingDays(berlin, on('2026-12-23T10:00'), 2))).toBe('2026-12-28T10:00:00+01:00')
  })

  test('counts a date with two shifts once', () => {
    expect(shown(addWorkingDays(berlin, on('2026-03-02T10:00'), 2))).toBe('2026-03-04T10:00:00+01:00')
  })

  test('is the start itself for none', () => {
    const start = on('2026-10-25T02:30+01:00')
    expect(addWorkingDays(berlin, start, 0)).toBe(start)
  })

  test('is another thing than the same number of working hours', () => {
    const start = on('2026-12-24T09:00')
    expect(shown(addWorkingDays(berlin, start, 1))).toBe('2026-12-28T09:00:00+01:00')
    expect(shown(addWorkingTime(berlin, start, 8 * HOUR))).toBe('2026-12-28T14:00:00+01:00')
  })

  test('keeps the clock time over a change of clocks, where a day has not 24 hours', () => {
    const always = roundTheClock('Europe/Berlin')
    expect(shown(addWorkingDays(always, on('2026-03-28T12:00'), 1))).toBe('2026-03-29T12:00:00+02:00')
    expect(shown(addWorkingTime(always, on('2026-03-28T12:00'), 24 * HOUR))).toBe('2026-03-29T13:00:00+02:00')
  })

  test('ends at the jump where the clock time is skipped, and at its first coming where it is doubled', () => {
    const always = roundTheClock('Europe/Berlin')
    expect(shown(addWorkingDays(always, on('2026-03-28T02:30'), 1))).toBe('2026-03-29T03:00:00+02:00')
    expect(shown(addWorkingDays(always, on('2026-10-24T02:30'), 1))).toBe('2026-10-25T02:30:00+02:00')
  })

  test('counts no date whose only hours are skipped', () => {
    const sundays = calendar('Europe/Berlin', { sunday: hours('02:00-03:00') })
    expect(shown(addWorkingDays(sundays, on('2026-03-28T10:00'), 1))).toBe('2026-04-05T10:00:00+02:00')
  })

  test('waits for a date far ahead, and never ends on a calendar that is always closed', () => {
    const holidays = [{ date: '2046-03-05', name: 'Open day', hours: hours('08:00-09:00') }]
    const once = calendar('Europe/Berlin', {}, { holidays })
    expect(shown(addWorkingDays(once, on('2026-03-02T08:30'), 1))).toBe('2046-03-05T08:30:00+01:00')
    expect(addWorkingDays(once, on('2026-03-02T08:30'), 2)).toBe('never')
    expect(addWorkingDays(calendar('UTC', {}), on('2026-03-02T08:00'), 1)).toBe('never')
  })

  test.each([-1, 1.5, Number.NaN])('%d is refused', (days) => {
    expect(() => addWorkingDays(berlin, on('2026-03-02T08:00'), days)).toThrow(
      `The days to add are a whole number from 0, not ${days}.`,
    )
  })
})

test('a calendar that was never parsed is refused with its faults', () => {
  const faulty = {
    ...roundTheClock('UTC'),
    zone: 'Mars/Olympus',
    holidays: [{ date: '2026-02-30', name: 'x', hours: [] }],
  }
  expect(() => workingTime(faulty, on('2026-03-02T08:00'), on('2026-03-02T09:00'))).toThrow(
    '/zone: No time zone is called "Mars/Olympus". Use an IANA name, such as "Europe/Berlin". /holidays/0/date: There is no 2026-02-30.',
  )
})
