import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { atLeast } from './availability.ts'

/** Every way in which some work and the others do not, one by one. */
const byEveryWay = (need: number, probabilities: readonly number[]): number => {
  let sum = 0
  for (let way = 0; way < 2 ** probabilities.length; way += 1) {
    const works = probabilities.map((_, at) => Math.floor(way / 2 ** at) % 2 === 1)
    if (works.filter(Boolean).length < need) continue
    sum += probabilities.reduce((product, one, at) => product * (works[at] === true ? one : 1 - one), 1)
  }
  return sum
}

test('two of three that work nine times out of ten: 97.2 %', () => {
  expect(atLeast(2, [0.9, 0.9, 0.9])).toBeCloseTo(0.972, 12)
})

test('none is always enough when none is needed, and never when more are needed than there are', () => {
  expect(atLeast(0, [])).toBe(1)
  expect(atLeast(1, [])).toBe(0)
  expect(atLeast(3, [1, 1])).toBe(0)
})

test('agrees with every way there is, for any probabilities', () => {
  const chance = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(chance, { maxLength: 9 }),
      fc.integer({ min: 0, max: 10 }),
      (probabilities, need) => {
        expect(atLeast(need, probabilities)).toBeCloseTo(byEveryWay(need, probabilities), 10)
      },
    ),
    { numRuns: 500 },
  )
})

test('refuses what is no probability', () => {
  expect(() => atLeast(1, [1.2])).toThrow(RangeError)
  expect(() => atLeast(1, [Number.NaN])).toThrow(RangeError)
})
