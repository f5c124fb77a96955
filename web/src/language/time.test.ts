import { describe, expect, test } from 'vitest'
import { absolute, instantOf, lasting, relative, stretch, wallOf, type Zone } from './time.ts'

const berlin: Zone = { language: 'en', timeZone: 'Europe/Berlin' }
const now = Date.parse('2026-03-02T09:00:00.000Z')
const ago = (milliseconds: number) => new Date(now - milliseconds).toISOString()
const minute = 60_000

test('recent times are relative, older ones are dates', () => {
  expect(relative(ago(20_000), now, berlin)).toBe('now')
  expect(relative(ago(4 * minute), now, berlin)).toBe('4 min. ago')
  expect(relative(ago(-2 * 60 * minute), now, berlin)).toBe('in 2 hr.')
  expect(relative(ago(3 * 24 * 60 * minute), now, berlin)).toBe('3 days ago')
  expect(relative(ago(10 * 24 * 60 * minute), now, berlin)).toBe('Feb 20')
  expect(relative('2024-02-20T09:00:00.000Z', now, berlin)).toBe('Feb 20, 2024')
})

test('a time a little ahead of the browser’s clock is now, not the future', () => {
  expect(relative(ago(-3000), now, berlin)).toBe('now')
})

test('the zone is named when the browser is in another one', () => {
  expect(absolute('2026-03-02T09:00:00.000Z', berlin, 'Europe/Berlin')).toBe('Mon, Mar 2, 2026, 10:00 AM')
  expect(absolute('2026-03-02T08:05:00.000Z', berlin, 'Europe/Berlin')).toBe('Mon, Mar 2, 2026, 9:05 AM')
  expect(absolute('2026-03-02T08:05:00.000Z', { ...berlin, language: 'de' }, 'Europe/Berlin')).toBe(
    'Mo., 2. März 2026, 09:05',
  )
  expect(absolute('2026-03-02T09:00:00.000Z', berlin, 'Asia/Tokyo')).toContain('GMT+1')
})

test('a duration shows its two largest units', () => {
  expect(lasting(35 * minute, 'en')).toBe('35m')
  expect(lasting((2 * 1440 + 4 * 60 + 5) * minute, 'en')).toBe('2d 4h')
  expect(lasting(120 * minute, 'en')).toBe('2h')
  expect(lasting(108 * minute, 'de')).toBe('1 Std. 48 Min.')
  expect(lasting(-5, 'en')).toBe('0m')
})

describe('a wall clock time becomes an instant', () => {
  test.each([
    ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
    ['2026-01-01T09:00', 'Europe/Berlin', '2026-01-01T08:00:00.000Z'],
    // Skipped: clocks go from 2:00 to 3:00.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    // Twice: the first of them.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T03:30', 'Europe/Berlin', '2026-10-25T02:30:00.000Z'],
    ['2026-06-01T12:00', 'Pacific/Kiritimati', '2026-05-31T22:00:00.000Z'],
    ['2026-06-01T12:00', 'Asia/Kathmandu', '2026-06-01T06:15:00.000Z'],
  ])('%s in %s', (wall, zone, instant) => {
    expect(instantOf(wall, zone)).toBe(instant)
  })

  test('and back', () => {
    expect(wallOf('2026-07-01T07:00:00.000Z', 'Europe/Berlin')).toBe('2026-07-01T09:00')
    expect(wallOf('2026-06-01T06:15:00.000Z', 'Asia/Kathmandu')).toBe('2026-06-01T12:00')
  })
})

test('a stretch of time says the day once when it ends on the day it began', () => {
  const of = (until: string): string =>
    stretch('2030-01-06T02:00:00.000Z', until, berlin, 'Europe/Berlin').replaceAll(/\s/g, ' ')
  expect(of('2030-01-06T05:00:00.000Z')).toBe('Sun, Jan 6, 2030, 3:00 – 6:00 AM')
  expect(of('2030-01-07T05:00:00.000Z')).toBe('Sun, Jan 6, 2030, 3:00 AM – Mon, Jan 7, 2030, 6:00 AM')
})
