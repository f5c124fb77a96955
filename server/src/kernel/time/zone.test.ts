import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY, stretches } from './zone.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 250)

/** What local clocks are ahead of UTC, in milliseconds, as Intl has it. */
function offsetAt(timeZone: string, at: number): number {
  const written = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).format(at)
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)$/.exec(written) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
}

const anInstant = fc.integer({ min: Date.UTC(1973, 0), max: Date.UTC(2060, 0) })
const aZone = fc.constantFrom(
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/St_Johns',
  'Europe/Dublin',
  'UTC',
)

test('stretches fill the time asked for, end to end, none empty', () => {
  fc.assert(
    fc.property(aZone, anInstant, fc.integer({ min: 1, max: 900 * DAY }), (zone, from, length) => {
      let end = from
      for (const stretch of stretches(zone, from, from + length)) {
        expect(stretch.start).toBe(end)
        expect(stretch.end).toBeGreaterThan(stretch.start)
        end = stretch.end
      }
      expect(end).toBe(from + length)
    }),
    { numRuns },
  )
})

test('the offset of a stretch holds from its first to its last instant', () => {
  fc.assert(
    fc.property(aZone, anInstant, (zone, from) => {
      for (const { start, end, offset } of stretches(zone, from, from + 400 * DAY)) {
        expect([start, (start + end) / 2, end - 1].map((at) => offsetAt(zone, at))).toEqual([
          offset,
          offset,
          offset,
        ])
      }
    }),
    { numRuns },
  )
})

test('no time has no stretches', () => {
  expect([...stretches('UTC', DAY, DAY)]).toEqual([])
  expect([...stretches('UTC', DAY, 0)]).toEqual([])
})

test('an unknown zone is refused', () => {
  expect(() => [...stretches('Mars/Olympus', 0, DAY)]).toThrow(RangeError)
})
