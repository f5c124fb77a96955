import { describe, expect, test } from 'vitest'
import { parseCalendar, roundTheClock } from './calendar.ts'

const office = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '17:00' },
]
const christmas = { date: '12-25', name: 'Christmas Day', hours: [] }
const document = {
  zone: 'Europe/Berlin',
  week: {
    monday: office,
    tuesday: office,
    wednesday: office,
    thursday: office,
    friday: [{ from: '08:00', to: '12:00' }],
    saturday: [],
    sunday: [],
  },
  holidays: [{ date: '2026-12-24', name: 'Christmas Eve', hours: [{ from: '08:00', to: '12:00' }] }],
  yearlyHolidays: [
    christmas,
    { date: '10-31', name: 'Reformation Day', hours: [], firstYear: 2017, lastYear: 2030 },
  ],
}

const faultsIn = (value: unknown) => {
  const parsed = parseCalendar(value)
  return parsed.ok ? [] : parsed.faults.map(({ path, reason }) => `${path} ${reason}`)
}

describe('a calendar', () => {
  test('is read back as it was written', () => {
    expect(parseCalendar(JSON.parse(JSON.stringify(document)))).toEqual({ ok: true, calendar: document })
  })

  test('is closed on days left out and has no holidays when none are listed', () => {
    expect(parseCalendar({ zone: 'UTC', week: { monday: office } })).toEqual({
      ok: true,
      calendar: {
        zone: 'UTC',
        week: {
          monday: office,
          tuesday: [],
          wednesday: [],
          thursday: [],
          friday: [],
          saturday: [],
          sunday: [],
        },
        holidays: [],
        yearlyHolidays: [],
      },
    })
  })

  test("has each day's hours in order", () => {
    const parsed = parseCalendar({ zone: 'UTC', week: { monday: office.toReversed() } })
    expect(parsed.ok && parsed.calendar.week.monday).toEqual(office)
  })

  test('cannot change once it is parsed, nor does the document it came from', () => {
    const parsed = parseCalendar(document)
    expect(parsed.ok && Object.isFrozen(parsed.calendar.week.monday[0])).toBe(true)
    expect(Object.isFrozen(office)).toBe(false)
  })

  test('may run round the clock', () => {
    expect(faultsIn(roundTheClock('Asia/Kathmandu'))).toEqual([])
  })

  test('may have hours that touch, and other hours from a year on for the same holiday', () => {
    const touching = [
      { from: '00:00', to: '12:00' },
      { from: '12:00', to: '24:00' },
    ]
    const yearlyHolidays = [
      { ...christmas, lastYear: 2025 },
      { ...christmas, firstYear: 2026, hours: touching },
    ]
    expect(faultsIn({ zone: 'UTC', week: {}, yearlyHolidays })).toEqual([])
    expect(faultsIn({ zone: 'UTC', week: {}, yearlyHolidays: yearlyHolidays.toReversed() })).toEqual([])
  })

  test('may name its zone by any name of the IANA database', () => {
    const names = [
      'UTC',
      'Etc/GMT+5',
      'America/Port-au-Prince',
      'America/Indiana/Tell_City',
      'Asia/Calcutta',
      'NZ-CHAT',
    ]
    for (const zone of [...names, ...Intl.supportedValuesOf('timeZone')]) {
      expect(faultsIn({ zone, week: {} })).toEqual([])
    }
  })
})

const EXAMPLE = 'Use an IANA name, such as "Europe/Berlin".'
const CALENDAR_FIELDS = 'zone, week, holidays, yearlyHolidays'
const TIME = 'Write the time as HH:MM, from 00:00 to 24:00.'
const ORDER = 'Hours end after they start. Split those that run over midnight between the two days.'
const LIST = 'Give a list, empty when there are none.'
const NAME = 'Name the holiday, in at most 200 characters.'
const YEAR = 'Give the year as a whole number from 1 to 9999.'

describe('a calendar is refused', () => {
  const withZone = (zone: unknown) => ({ ...document, zone })
  const withMonday = (monday: unknown) => ({ ...document, week: { monday } })
  const withHoliday = (change: object) => ({
    ...document,
    holidays: [{ date: '2026-05-01', name: 'May Day', hours: [], ...change }],
  })
  const withYearly = (...changes: readonly object[]) => ({
    ...document,
    yearlyHolidays: changes.map((change) => ({ ...christmas, ...change })),
  })

  test.each([
    ['that is nothing', undefined, ` Give an object with the fields ${CALENDAR_FIELDS}.`],
    ['that is null', null, ` Give an object with the fields ${CALENDAR_FIELDS}.`],
    ['that is a list', [], ` Give an object with the fields ${CALENDAR_FIELDS}.`],
    ['that is text', 'always', ` Give an object with the fields ${CALENDAR_FIELDS}.`],
    [
      'with an unknown field',
      { ...document, 'a/b~c': 1 },
      `/a~1b~0c Unknown field. Known here: ${CALENDAR_FIELDS}.`,
    ],
    ['without a zone', withZone(undefined), '/zone Name the time zone, such as "Europe/Berlin".'],
    [
      'with a zone nobody knows',
      withZone('Mars/Olympus'),
      `/zone No time zone is called "Mars/Olympus". ${EXAMPLE}`,
    ],
    ['with an offset for a zone', withZone('+02:00'), `/zone No time zone is called "+02:00". ${EXAMPLE}`],
    [
      'with a timestamp for a zone',
      withZone('2026-01-01T00:00Z'),
      `/zone No time zone is called "2026-01-01T00:00Z". ${EXAMPLE}`,
    ],
    [
      'with a zone in other letters',
      withZone('europe/berlin'),
      '/zone The time zone "europe/berlin" is written "Europe/Berlin".',
    ],
    [
      'without a week',
      { zone: 'UTC' },
      '/week Give an object with the fields monday, tuesday, wednesday, thursday, friday, saturday, sunday.',
    ],
    [
      'with a day nobody knows',
      { zone: 'UTC', week: { mon: [] } },
      '/week/mon Unknown field. Known here: monday, tuesday, wednesday, thursday, friday, saturday, sunday.',
    ],
    ['with hours that are no list', withMonday('8-5'), `/week/monday ${LIST}`],
    [
      'with hours that are text',
      withMonday(['8-5']),
      '/week/monday/0 Give an object with the fields from, to.',
    ],
    [
      'with an unknown field of hours',
      withMonday([{ from: '08:00', to: '09:00', break: 5 }]),
      '/week/monday/0/break Unknown field. Known here: from, to.',
    ],
    ['with a short time', withMonday([{ from: '8:00', to: '09:00' }]), `/week/monday/0/from ${TIME}`],
    ['with hour 25', withMonday([{ from: '08:00', to: '25:00' }]), `/week/monday/0/to ${TIME}`],
    ['with minute 60', withMonday([{ from: '08:60', to: '09:00' }]), `/week/monday/0/from ${TIME}`],
    ['with a time after midnight', withMonday([{ from: '08:00', to: '24:01' }]), `/week/monday/0/to ${TIME}`],
    ['with a time that is a number', withMonday([{ from: 8, to: '09:00' }]), `/week/monday/0/from ${TIME}`],
    ['with hours over midnight', withMonday([{ from: '22:00', to: '06:00' }]), `/week/monday/0 ${ORDER}`],
    ['with hours that are empty', withMonday([{ from: '24:00', to: '24:00' }]), `/week/monday/0 ${ORDER}`],
    [
      'with hours that overlap',
      withMonday([{ from: '11:59', to: '13:00' }, ...office.slice(0, 1)]),
      '/week/monday/0 11:59-13:00 overlaps 08:00-12:00.',
    ],
    ['with a list of holidays that is none', { ...document, holidays: {} }, `/holidays ${LIST}`],
    [
      'with a holiday on no date',
      withHoliday({ date: '1 May 2026' }),
      '/holidays/0/date Write the date as YYYY-MM-DD.',
    ],
    [
      'with a holiday on a date that is a number',
      withHoliday({ date: 20260501 }),
      '/holidays/0/date Write the date as YYYY-MM-DD.',
    ],
    [
      'with a holiday on 30 February',
      withHoliday({ date: '2026-02-30' }),
      '/holidays/0/date There is no 2026-02-30.',
    ],
    [
      'with a leap day in a common year',
      withHoliday({ date: '2026-02-29' }),
      '/holidays/0/date There is no 2026-02-29.',
    ],
    ['with a holiday without a name', withHoliday({ name: ' ' }), `/holidays/0/name ${NAME}`],
    ['with a holiday of a long name', withHoliday({ name: 'x'.repeat(201) }), `/holidays/0/name ${NAME}`],
    ['with a holiday without hours', withHoliday({ hours: undefined }), `/holidays/0/hours ${LIST}`],
    [
      'with an unknown field of a holiday',
      withHoliday({ firstYear: 2020 }),
      '/holidays/0/firstYear Unknown field. Known here: date, name, hours.',
    ],
    [
      'with two holidays on a date',
      { ...document, holidays: [document.holidays[0], document.holidays[0]] },
      '/holidays/1/date 2026-12-24 is already "Christmas Eve".',
    ],
    [
      'with a full date every year',
      withYearly({ date: '2026-12-25' }),
      '/yearlyHolidays/0/date Write the date as MM-DD.',
    ],
    ['with 31 April every year', withYearly({ date: '04-31' }), '/yearlyHolidays/0/date There is no 04-31.'],
    ['with a year that is text', withYearly({ firstYear: '2026' }), `/yearlyHolidays/0/firstYear ${YEAR}`],
    ['with year 0', withYearly({ firstYear: 0 }), `/yearlyHolidays/0/firstYear ${YEAR}`],
    ['with year 10000', withYearly({ lastYear: 10_000 }), `/yearlyHolidays/0/lastYear ${YEAR}`],
    ['with half a year', withYearly({ lastYear: 2026.5 }), `/yearlyHolidays/0/lastYear ${YEAR}`],
    [
      'with years in the wrong order',
      withYearly({ firstYear: 2027, lastYear: 2026 }),
      '/yearlyHolidays/0/lastYear The last year, 2026, is before the first, 2027.',
    ],
    [
      'with two yearly holidays in one year',
      withYearly({ lastYear: 2026 }, { firstYear: 2026 }),
      '/yearlyHolidays/1/date 12-25 is already "Christmas Day".',
    ],
    [
      'with two yearly holidays in one year, the later first',
      withYearly({ firstYear: 2026 }, { lastYear: 2026 }),
      '/yearlyHolidays/1/date 12-25 is already "Christmas Day".',
    ],
    [
      'with hours of a yearly holiday that overlap',
      withYearly({ hours: [{ from: '08:00', to: '18:00' }, ...office.slice(1)] }),
      '/yearlyHolidays/0/hours/1 13:00-17:00 overlaps 08:00-18:00.',
    ],
  ])('%s', (_, value, fault) => {
    expect(faultsIn(value)).toEqual([fault])
  })

  test('with all its faults at once', () => {
    const hours = [
      { from: '08:00', to: '18:00' },
      { from: '09:00', to: '10:00' },
      { from: '11:00', to: '12:00' },
    ]
    expect(faultsIn({ zone: 'utc', week: { monday: hours }, holidays: 0 })).toEqual([
      '/zone The time zone "utc" is written "UTC".',
      '/week/monday/1 09:00-10:00 overlaps 08:00-18:00.',
      '/week/monday/2 11:00-12:00 overlaps 08:00-18:00.',
      `/holidays ${LIST}`,
    ])
  })

  test('without calling dates the same that cannot be read', () => {
    const unreadable = { date: 'May Day', name: 'May Day', hours: [] }
    expect(faultsIn({ zone: 'UTC', week: {}, holidays: [unreadable, unreadable] })).toEqual([
      '/holidays/0/date Write the date as YYYY-MM-DD.',
      '/holidays/1/date Write the date as YYYY-MM-DD.',
    ])
  })

  test('without comparing times that cannot be read', () => {
    const hours = [{ from: '8', to: '9' }, { from: '08:00', to: '9' }, { from: '8', to: '09:00' }, ...office]
    expect(faultsIn({ zone: 'UTC', week: { monday: hours } })).toEqual(
      ['0/from', '0/to', '1/to', '2/from'].map((at) => `/week/monday/${at} ${TIME}`),
    )
  })

  test.each(['__proto__', 'constructor', 'toString'])('with a field called %s', (field) => {
    const value: unknown = JSON.parse(`{ "zone": "UTC", "week": {}, "${field}": {} }`)
    expect(faultsIn(value)).toEqual([`/${field} Unknown field. Known here: ${CALENDAR_FIELDS}.`])
  })
})
