import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bookValue, monthsBetween } from './asset.value.ts'

const euro = (amount: string) => ({ amount, currency: 'EUR' })

test('a cost is written off in equal parts, to the cent, and never below nothing', () => {
  expect(bookValue(euro('1200'), 48, 0)).toEqual(euro('1200.00'))
  expect(bookValue(euro('1200'), 48, 12)).toEqual(euro('900.00'))
  expect(bookValue(euro('1000'), 36, 1)).toEqual(euro('972.22'))
  expect(bookValue(euro('0.01'), 2, 1)).toEqual(euro('0.01'))
  expect(bookValue(euro('999999999999999.9999'), 3, 1).amount).toBe('666666666666666.67')
  expect(bookValue(euro('1200'), 48, 48)).toEqual(euro('0.00'))
  expect(bookValue(euro('1200'), 48, 500)).toEqual(euro('0.00'))
})

test('what is left only falls, and lies within half a cent of the exact share', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.integer({ min: 1, max: 240 }), fc.nat(300), (cents, life, passed) => {
      const cost = euro((cents / 100).toFixed(2))
      const left = Number(bookValue(cost, life, passed).amount)
      expect(Number(bookValue(cost, life, passed + 1).amount)).toBeLessThanOrEqual(left)
      expect(Math.abs(left - (cents / 100) * Math.max(0, 1 - passed / life))).toBeLessThanOrEqual(0.0051)
    }),
  )
})

test('a month is over on its day, or on the last day of a month that has no such day', () => {
  expect(monthsBetween('2026-01-15', '2026-02-14')).toBe(0)
  expect(monthsBetween('2026-01-15', '2026-02-15')).toBe(1)
  expect(monthsBetween('2024-02-29', '2025-02-28')).toBe(11)
  expect(monthsBetween('2026-05-01', '2026-01-01')).toBe(0)
})
