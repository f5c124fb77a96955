import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCalendar, roundTheClock, WEEKDAYS } from './calendar.ts'
import type { Calendar, Hours } from './calendar.ts'
import { Temporal } from './temporal.ts'
import {
  addWorkingDays,
  addWorkingTime,
  isWorkingTime,
  workingIntervals,
  workingTime,
} from './working-time.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 250)

const MINUTE = 60_000
const DAY = 1440 // minutes, as all of this file counts

const ZONES = [
  'Africa/Cairo', // changes at midnight, and four times in 2010 and 2014
  'Africa/Casablanca', // puts clocks back for Ramadan
  'America/Caracas', // moved by half an hour in 2007 and 2016
  'America/Havana',
  'America/New_York',
  'America/Santiago', // has no midnight in spring
  'America/Sao_Paulo', // had none until 2018
  'America/St_Johns', // changed one minute after midnight until 2011
  'Antarctica/Troll', // changes by two hours
  'Asia/Gaza',
  'Asia/Kathmandu', // UTC+5:45
  'Asia/Kolkata',
  'Asia/Pyongyang', // moved by half an hour in 2015 and 2018
  'Asia/Tehran',
  'Asia/Tokyo',
  'Australia/Lord_Howe', // changes by half an hour
  'Australia/Sydney',
  'Europe/Berlin',
  'Europe/Dublin', // its standard time is that of summer
  'Europe/London',
  'Pacific/Apia', // skipped 30 December 2011
  'Pacific/Chatham', // UTC+12:45
  'Pacific/Kiritimati', // skipped a day at the end of 1994
  'Pacific/Kwajalein', // skipped 21 August 1993
  'UTC',
]

/** What the clocks of a zone show. Asked of Intl, so that nothing here leans on Temporal's own idea of zones. */
type Wall = { readonly date: string; readonly time: string; readonly weekday: number }

const formats = new Map(
  ZONES.map((timeZone) => {
    const twoDigits = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
    // Sweden writes 2026-03-29 03:00.
    return [timeZone, new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', ...twoDigits })]
  }),
)

function wallAt(zone: string, minute: number): Wall {
  const [date = '', time = ''] =
    formats
      .get(zone)
      ?.format(minute * MINUTE)
      .split(' ') ?? []
  return { date, time, weekday: (new Date(date).getUTCDay() + 6) % 7 }
}

/** The rule itself: a minute is working time when the clock shows a time within the hours of the date it shows. */
function isWorked(calendar: Calendar, { date, time, weekday }: Wall): boolean {
  const year = Number(date.slice(0, 4))
  const hours =
    calendar.holidays.find((holiday) => holiday.date === date)?.hours ??
    calendar.yearlyHolidays.find(
      (holiday) =>
        date.endsWith(`-${holiday.date}`) &&
        (holiday.firstYear === undefined || year >= holiday.firstYear) &&
        (holiday.lastYear === undefined || year <= holiday.lastYear),
    )?.hours ??
    calendar.week[WEEKDAYS[weekday] ?? 'monday']
  return hours.some(({ from, to }) => from <= time && time < to)
}

const minuteByMinute = (calendar: Calendar, from: number, to: number) =>
  Array.from({ length: to - from }, (_, passed) => isWorked(calendar, wallAt(calendar.zone, from + passed)))

const count = (worked: readonly boolean[]) => worked.filter(Boolean).length

const at = (minute: number) => Temporal.Instant.fromEpochMilliseconds(minute * MINUTE)
const minuteOf = (instant: Temporal.Instant | 'never') =>
  instant === 'never' ? instant : instant.epochMilliseconds / MINUTE

/** Where it gets interesting: every change of clocks from 1973 to 2040, leap days and years' ends. */
const CHANGES = ZONES.map((zone) => {
  const minutes: number[] = []
  let local = Temporal.Instant.from('1973-01-01T00:00Z')
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next')
  while (local && local.year < 2040) {
    minutes.push(local.epochMilliseconds / MINUTE)
    local = local.getTimeZoneTransition('next')
  }
  return { zone, minutes }
})
const DATES = [
  '1999-12-31',
  '2000-02-28',
  '2000-02-29',
  '2011-12-30',
  '2023-02-28',
  '2024-02-29',
  '2024-12-31',
  '2100-02-28',
].map((date) => Date.parse(date) / MINUTE)

const someHours: fc.Arbitrary<readonly Hours[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constant([{ from: '00:00', to: '24:00' }]) },
  {
    weight: 4,
    arbitrary: fc
      // Half of the edges lie in the small hours, where clocks change.
      .uniqueArray(fc.oneof(fc.integer({ min: 0, max: DAY }), fc.integer({ min: 0, max: 240 })), {
        minLength: 2,
        maxLength: 6,
      })
      .map((edges) => hoursBetween(edges.sort((a, b) => a - b))),
  },
)

function hoursBetween(edges: readonly number[]): readonly Hours[] {
  const time = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  const hours: Hours[] = []
  for (let i = 0; i + 1 < edges.length; i += 2) {
    hours.push({ from: time(edges[i] ?? 0), to: time(edges[i + 1] ?? 0) })
  }
  return hours
}

const aWeek = fc
  .tuple(...WEEKDAYS.map(() => someHours))
  .map((days) => Object.fromEntries(WEEKDAYS.map((weekday, i) => [weekday, days[i]])))

/** A calendar, and a stretch of up to two days around an interesting instant or any other, in minutes. */
const aScene = fc
  .record({
    place: fc.constantFrom(...CHANGES),
    pick: fc.nat(),
    kind: fc.constantFrom('change', 'change', 'change', 'date', 'any'),
    week: aWeek,
    before: fc.integer({ min: 0, max: DAY }),
    length: fc.integer({ min: 0, max: 2 * DAY }),
    holidays: fc.array(fc.record({ days: fc.integer({ min: -2, max: 2 }), hours: someHours }), {
      maxLength: 2,
    }),
    yearly: fc.array(
      fc.record({
        days: fc.integer({ min: -2, max: 2 }),
        hours: someHours,
        first: fc.integer({ min: -1, max: 1 }),
        years: fc.nat(1),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ place, pick, kind, week, before, length, holidays, yearly }) => {
    const places = kind === 'change' && place.minutes.length > 0 ? place.minutes : DATES
    const anchor =
      kind === 'any' ? Math.floor((pick / 2 ** 31) * 70 * 365 * DAY) : (places[pick % places.length] ?? 0)
    const dateAfter = (days: number) => wallAt(place.zone, anchor + days * DAY).date
    const uniqueByDate = <T extends { date: string }>(list: readonly T[]) => [
      ...new Map(list.map((one) => [one.date, one])).values(),
    ]
    const parsed = parseCalendar({
      zone: place.zone,
      week,
      holidays: uniqueByDate(
        holidays.map(({ days, hours }) => ({ date: dateAfter(days), name: 'Holiday', hours })),
      ),
      yearlyHolidays: uniqueByDate(
        yearly.map(({ days, hours, first, years }) => {
          const firstYear = Number(dateAfter(days).slice(0, 4)) + first
          return {
            date: dateAfter(days).slice(5),
            name: 'Yearly',
            hours,
            firstYear,
            lastYear: firstYear + years,
          }
        }),
      ),
    })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
    return { calendar: parsed.calendar, from: anchor - before, to: anchor - before + length }
  })

const holds = <T>(scene: fc.Arbitrary<T>, check: (scene: T) => void) => {
  fc.assert(fc.property(scene, check), { numRuns })
}

describe('against a count of every minute', () => {
  test('working time is the number of working minutes', () => {
    holds(aScene, ({ calendar, from, to }) => {
      expect(workingTime(calendar, at(from), at(to))).toBe(count(minuteByMinute(calendar, from, to)) * MINUTE)
    })
  })

  test('working intervals cover the working minutes and no other, and none touches the next', () => {
    holds(aScene, ({ calendar, from, to }) => {
      const expected: [number, number][] = []
      for (const [passed, worked] of minuteByMinute(calendar, from, to).entries()) {
        const last = expected.at(-1)
        if (worked && last?.[1] === from + passed) last[1] += 1
        else if (worked) expected.push([from + passed, from + passed + 1])
      }
      const intervals = [...workingIntervals(calendar, at(from), at(to))]
      expect(intervals.map(({ start, end }) => [minuteOf(start), minuteOf(end)])).toEqual(expected)
    })
  })

  test('an instant is working time when its minute is', () => {
    holds(aScene, ({ calendar, from }) => {
      const worked = isWorked(calendar, wallAt(calendar.zone, from))
      expect([at(from), at(from).add({ seconds: 59 })].map((one) => isWorkingTime(calendar, one))).toEqual([
        worked,
        worked,
      ])
    })
  })

  test('R4: a deadline is at the end of its last working minute, and not a moment later', () => {
    holds(
      fc.record({ scene: aScene, share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      ({ scene, share }) => {
        const { calendar, from, to } = scene
        const worked = minuteByMinute(calendar, from, to)
        const target = Math.round(count(worked) * share)
        let counted = 0
        let deadline = from
        while (counted < target) {
          if (worked[deadline - from]) counted += 1
          deadline += 1
        }
        expect(minuteOf(addWorkingTime(calendar, at(from), target * MINUTE))).toBe(deadline)
      },
    )
  })

  test('R10: working days later is the same clock time on the date on which that many dates with working time have come', () => {
    holds(fc.record({ scene: aScene, days: fc.integer({ min: 1, max: 2 }) }), ({ scene, days }) => {
      const { calendar, from } = scene
      // Calendars that stay closed for long drop out here.
      const walls = Array.from({ length: 3 * DAY }, (_, passed) => wallAt(calendar.zone, from + passed))
      const [start] = walls
      const dates = new Set(
        walls
          .filter((wall) => start && wall.date > start.date && isWorked(calendar, wall))
          .map(({ date }) => date),
      )
      const date = [...dates].sort()[days - 1]
      fc.pre(start !== undefined && date !== undefined)
      const wanted = `${date} ${start?.time}`
      const passed = walls.findIndex((wall) => `${wall.date} ${wall.time}` >= wanted)
      // The clock time may lie beyond the three days that were looked at.
      fc.pre(passed !== -1)
      expect(minuteOf(addWorkingDays(calendar, at(from), days))).toBe(from + passed)
    })
  })

  test.each(CHANGES)('both changes of clocks in $zone, and the days around them', ({ zone, minutes }) => {
    // Every half hour of the night starts or ends a shift in one of these.
    const nights: readonly (readonly Hours[])[] = [
      hoursBetween([0, 30, 60, 90, 120, 150, 180, 210]),
      hoursBetween([30, 60, 90, 120, 150, 180, 210, 240]),
      hoursBetween([60, 180, 1380, 1440]),
      hoursBetween([150, 300]),
      hoursBetween([0, 1440]),
    ]
    for (const change of [...minutes.slice(-2), ...minutes.slice(0, 2), ...DATES.slice(-2)]) {
      const [from, to] = [change - DAY, change + DAY]
      const walls = Array.from({ length: to - from }, (_, passed) => wallAt(zone, from + passed))
      for (const hours of nights) {
        const calendar = { ...roundTheClock(zone), week: everyDay(hours) }
        const expected = count(walls.map((wall) => isWorked(calendar, wall)))
        expect(workingTime(calendar, at(from), at(to))).toBe(expected * MINUTE)
      }
    }
  })
})

const everyDay = (hours: readonly Hours[]): Calendar['week'] => ({
  monday: hours,
  tuesday: hours,
  wednesday: hours,
  thursday: hours,
  friday: hours,
  saturday: hours,
  sunday: hours,
})

/** The same scene with instants to the millisecond and up to four months, where a count of minutes would not do. */
const aLongScene = aScene.chain(({ calendar, from }) =>
  fc
    .array(fc.integer({ min: 0, max: 120 * DAY * MINUTE }), { minLength: 3, maxLength: 3 })
    .map((offsets) => offsets.sort((a, b) => a - b).map((offset) => from * MINUTE + offset))
    .map(([a = 0, b = 0, c = 0]) => ({
      calendar,
      a: Temporal.Instant.fromEpochMilliseconds(a),
      b: Temporal.Instant.fromEpochMilliseconds(b),
      c: Temporal.Instant.fromEpochMilliseconds(c),
    })),
)

describe('at any instant', () => {
  test('R1: working time adds up', () => {
    holds(aLongScene, ({ calendar, a, b, c }) => {
      expect(workingTime(calendar, a, c)).toBe(workingTime(calendar, a, b) + workingTime(calendar, b, c))
    })
  })

  test('R1: working time adds up where instants are finer than a millisecond', () => {
    const finer = fc.record({ scene: aLongScene, by: fc.integer({ min: 1, max: 999_999 }) })
    holds(finer, ({ scene: { calendar, a, b, c }, by }) => {
      const fine = b.add({ nanoseconds: by })
      fc.pre(Temporal.Instant.compare(fine, c) <= 0)
      expect(workingTime(calendar, a, c)).toBe(
        workingTime(calendar, a, fine) + workingTime(calendar, fine, c),
      )
    })
  })

  test('R2: working time never shrinks as its end moves on, nor exceeds real time', () => {
    holds(aLongScene, ({ calendar, a, b, c }) => {
      const [shorter, longer] = [workingTime(calendar, a, b), workingTime(calendar, a, c)]
      expect(shorter).toBeGreaterThanOrEqual(0)
      expect(longer).toBeGreaterThanOrEqual(shorter)
      expect(longer - shorter).toBeLessThanOrEqual(c.epochMilliseconds - b.epochMilliseconds)
    })
  })

  test('R2: a deadline never moves back as its start or its duration moves on', () => {
    holds(aLongScene, ({ calendar, a, b, c }) => {
      const duration = workingTime(calendar, b, c)
      const less = Math.floor(duration / 2)
      const [early, late, sooner] = [
        addWorkingTime(calendar, a, duration),
        addWorkingTime(calendar, b, duration),
        addWorkingTime(calendar, b, less),
      ]
      expect(early !== 'never' && late !== 'never' && sooner !== 'never').toBe(true)
      if (early === 'never' || late === 'never' || sooner === 'never') return
      expect(Temporal.Instant.compare(early, late)).toBeLessThanOrEqual(0)
      expect(Temporal.Instant.compare(sooner, late)).toBeLessThanOrEqual(0)
    })
  })

  test('R3: round the clock, working time is real time, across every change of clocks', () => {
    holds(aLongScene, ({ calendar: { zone }, a, b }) => {
      const elapsed = b.epochMilliseconds - a.epochMilliseconds
      expect(workingTime(roundTheClock(zone), a, b)).toBe(elapsed)
      expect(minuteOf(addWorkingTime(roundTheClock(zone), a, elapsed))).toBe(minuteOf(b))
    })
  })

  test('R4: the working time up to the deadline is the duration, and a millisecond earlier it is not', () => {
    holds(aLongScene, ({ calendar, a, c }) => {
      const duration = workingTime(calendar, a, c)
      const deadline = addWorkingTime(calendar, a, duration)
      expect(deadline).not.toBe('never')
      if (deadline === 'never') return
      expect(workingTime(calendar, a, deadline)).toBe(duration)
      if (duration === 0) expect(deadline).toBe(a)
      else expect(workingTime(calendar, a, deadline.subtract({ milliseconds: 1 }))).toBe(duration - 1)
    })
  })

  test('R5: a pause moves a deadline by the working time it took, and not at all while closed', () => {
    holds(aLongScene, ({ calendar, a, b, c }) => {
      // Paused from b to c: what had been worked by then stays worked, the rest is worked from c on.
      const worked = workingTime(calendar, a, b)
      const pause = workingTime(calendar, b, c)
      const rest = 480 * MINUTE
      const resumed = addWorkingTime(calendar, c, rest)
      expect(resumed).toEqual(addWorkingTime(calendar, a, worked + pause + rest))
    })
  })
})
