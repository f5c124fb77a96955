import { expect, test } from 'vitest'
import { settableClock, systemClock } from './clock.ts'
import { Temporal } from './temporal.ts'

test('the system clock tells the time of the machine', () => {
  const before = Date.now()
  const now = systemClock().epochMilliseconds
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

test('a settable clock stands still until it is set or advanced', () => {
  const clock = settableClock('2026-03-02T09:00:00Z')
  expect(clock().toString()).toBe('2026-03-02T09:00:00Z')
  clock.advance({ minutes: 90 })
  expect(clock().toString()).toBe('2026-03-02T10:30:00Z')
  clock.set(Temporal.Instant.from('2026-03-01T00:00:00Z'))
  expect(clock().toString()).toBe('2026-03-01T00:00:00Z')
})
