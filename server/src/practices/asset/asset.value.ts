import type { Money } from '@evenkeel/contract/item'
import { Temporal } from '../../kernel/time/temporal.ts'

/** Whole months between two days; a month is over on its day, or on the last one where there is no such day. */
export const monthsBetween = (from: string, to: string): number => {
  const months = Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), {
    largestUnit: 'months',
  }).months
  return Math.max(0, months)
}

/** Amounts have at most four decimals: reckoned in ten-thousandths, without ever being a float. */
const parts = ({ amount }: Money): bigint => {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.')
  const value = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'))
  return amount.startsWith('-') ? -value : value
}

/**
 * What is left of a cost after some of its months, in equal parts (straight line), to the cent and never below nothing. Before it was
 * bought it is worth what it cost.
 */
export const bookValue = (cost: Money, usefulMonths: number, passedMonths: number): Money => {
  const life = BigInt(Math.trunc(usefulMonths))
  const left = BigInt(Math.max(0, Math.trunc(usefulMonths) - passedMonths))
  // Half a cent counts as one.
  const cents = life <= 0n ? 0n : (parts(cost) * left * 2n + life * 100n) / (life * 200n)
  return { amount: `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`, currency: cost.currency }
}
