import { expect, test } from 'vitest'
import { leftInDigits, warnedBefore } from './idle-warning.tsx'

test.each([
  [480, 120_000],
  [15, 120_000],
  [4, 120_000],
  // Where two minutes are all there is, half of them.
  [2, 60_000],
])('before a session of %i minutes ends it is said %i ms before', (minutes, before) => {
  expect(warnedBefore(minutes)).toBe(before)
})

test.each([
  [120_000, '2:00'],
  [61_000, '1:01'],
  [59_001, '1:00'],
  [900, '0:01'],
  [0, '0:00'],
  [-5000, '0:00'],
])('%i ms left are shown as %s', (left, digits) => {
  expect(leftInDigits(left)).toBe(digits)
})
