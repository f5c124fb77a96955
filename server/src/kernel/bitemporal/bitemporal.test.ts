import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Interval } from '../time/interval.ts'
import { Temporal } from '../time/temporal.ts'
import {
  asKnown,
  asOf,
  beginningOfTime,
  clashes,
  corrections,
  effectOf,
  endOfTime,
  merge,
  record,
  since,
  split,
  type History,
  type Statement,
} from './bitemporal.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 3000)

// All of time, for these tests, is twelve days.
const days = Array.from({ length: 12 }, (_, day) => day)
const day = (number: number) => Temporal.Instant.fromEpochMilliseconds(number * 86_400_000)
const from = (start: number, end?: number): Interval =>
  end === undefined ? since(day(start)) : { start: day(start), end: day(end) }
const said = <Value>(at: number, valid: Interval, value: Value | null): Statement<Value> => ({
  at: day(at),
  valid,
  value,
})
const historyOf = (statements: readonly Statement<string>[]) =>
  statements.reduce<History<string>>((history, statement) => record(history, statement), [])

describe('a history', () => {
  const moved = historyOf([said(1, from(1), 'rack 4'), said(6, from(3), 'rack 9')])

  test('answers with what is true by what is known now', () => {
    expect(asOf(moved, day(2), day(7))).toBe('rack 4')
    expect(asOf(moved, day(4), day(7))).toBe('rack 9')
    expect(asOf(moved, day(0), day(7))).toBeNull()
  })

  test('leaves yesterday’s answer as it was when something is discovered late', () => {
    expect(asOf(moved, day(4), day(5))).toBe('rack 4')
  })

  test('splits what was known where only a part of it was wrong', () => {
    const corrected = record(moved, said(8, from(1, 2), 'rack 1'))
    expect(asKnown(corrected, day(8)).map(({ valid, value }) => [valid, value])).toEqual([
      [from(1, 2), 'rack 1'],
      [from(2, 3), 'rack 4'],
      [from(3), 'rack 9'],
    ])
    expect(asOf(corrected, day(1), day(7))).toBe('rack 4')
  })

  test('grows by nothing when it is told what it knows', () => {
    expect(record(moved, said(8, from(4, 6), 'rack 9'))).toEqual(moved)
    expect(effectOf(moved, said(8, from(2, 6), 'rack 9'))).toMatchObject({
      opened: [
        { valid: from(1, 2), value: 'rack 4' },
        { valid: from(2, 3), value: 'rack 9' },
      ],
    })
  })

  test('compares values as it is told to', () => {
    const [one, same] = [record([], said(1, from(1), { rack: 4 })), said(2, from(1), { rack: 4 })]
    expect(record(one, same)).toHaveLength(2)
    expect(record(one, same, (a, b) => a.rack === b.rack)).toEqual(one)
  })

  test('can be told that there is no value, from a day on or at all', () => {
    const gone = record(moved, said(8, from(5), null))
    expect([day(4), day(5)].map((at) => asOf(gone, at, day(9)))).toEqual(['rack 9', null])
  })

  test('lets the later of two statements at the same instant hold', () => {
    const twice = record(moved, said(6, from(3), 'rack 5'))
    expect(asOf(twice, day(4), day(6))).toBe('rack 5')
    expect(asOf(twice, day(4), day(5))).toBe('rack 4')
    expect(twice.some(({ value }) => value === 'rack 9')).toBe(false)
  })

  test('refuses to have known something earlier than it did', () => {
    expect(() => record(moved, said(5, from(3), 'rack 5'))).toThrow(
      'Something was learned at 1970-01-07T00:00:00Z; 1970-01-06T00:00:00Z cannot be said to have known it differently.',
    )
  })

  test('hands back the very rows to close', () => {
    const rows = [{ id: 7, valid: from(1), known: from(1), value: 'rack 4' }]
    expect(effectOf(rows, said(6, from(3), 'rack 9')).closed.map(({ id }) => id)).toEqual([7])
  })

  test('tells what a decision could not know', () => {
    expect(corrections(moved, from(0, 12), { earlier: day(5), later: day(7) })).toEqual([
      { valid: from(3, 12), was: 'rack 4', is: 'rack 9' },
    ])
    expect(corrections(moved, from(0, 3), { earlier: day(5), later: day(7) })).toEqual([])
  })
})

describe('two things that turn out to be one', () => {
  const [one, other] = [
    historyOf([said(1, from(4, 8), 'rack 4')]),
    historyOf([said(2, from(2, 6), 'rack 9'), said(3, from(6), 'rack 4')]),
  ]
  const { survivor, absorbed, overruled } = merge(one, other, day(9))

  test('go on as the survivor, with what it did not know from the other', () => {
    expect(days.map((at) => asOf(survivor, day(at), day(10)))).toEqual([
      null,
      null,
      'rack 9',
      'rack 9',
      'rack 4',
      'rack 4',
      'rack 4',
      'rack 4',
      'rack 4',
      'rack 4',
      'rack 4',
      'rack 4',
    ])
  })

  test('hand back what was overruled, where they differed', () => {
    expect(overruled).toEqual([{ valid: from(4, 6), was: 'rack 9', is: 'rack 4' }])
  })

  test('were two until then', () => {
    expect(asOf(survivor, day(2), day(8))).toBeNull()
    expect(asOf(absorbed, day(2), day(8))).toBe('rack 9')
    expect(asOf(absorbed, day(2), day(9))).toBeNull()
  })
})

describe('one thing that turns out to be two', () => {
  const whole = historyOf([said(1, from(1, 5), 'rack 4'), said(2, from(5), 'rack 9')])
  const { first, second } = split(whole, day(7), ({ value }) => (value === 'rack 9' ? 'second' : 'both'))

  test('gives each what is decided to be its own, from then on', () => {
    expect([day(2), day(6)].map((at) => asOf(first, at, day(8)))).toEqual(['rack 4', null])
    expect([day(2), day(6)].map((at) => asOf(second, at, day(8)))).toEqual(['rack 4', 'rack 9'])
  })

  test('leaves with the first what was held of it, and the second without a past', () => {
    expect(asOf(first, day(6), day(6))).toBe('rack 9')
    expect(asOf(second, day(6), day(6))).toBeNull()
  })
})

const anInterval = fc.oneof(
  fc
    .tuple(fc.nat({ max: 10 }), fc.nat({ max: 11 }))
    .map(([a, b]) => from(Math.min(a, b), Math.max(a, b) + 1)),
  fc.nat({ max: 11 }).map((start) => from(start)),
  fc.nat({ max: 11 }).map((end) => ({ start: beginningOfTime, end: day(end) })),
)
const someStatements = fc
  .array(
    fc.record({ at: fc.nat({ max: 11 }), valid: anInterval, value: fc.constantFrom('x', 'y', 'z', null) }),
    { maxLength: 12 },
  )
  .map((list) => list.toSorted((a, b) => a.at - b.at).map(({ at, valid, value }) => said(at, valid, value)))

/** The rule itself: of the statements made by then, the last that covers the moment. */
const replayed = (statements: readonly Statement<string>[], validAt: number, knownAt: number) =>
  statements.findLast(
    ({ at, valid }) =>
      at.epochMilliseconds <= day(knownAt).epochMilliseconds &&
      valid.start.epochMilliseconds <= day(validAt).epochMilliseconds &&
      day(validAt).epochMilliseconds < valid.end.epochMilliseconds,
  )?.value ?? null

const everyPair = (answer: (validAt: number, knownAt: number) => unknown) =>
  days.map((validAt) => days.map((knownAt) => answer(validAt, knownAt)))
const table = (history: History<string>) =>
  everyPair((validAt, knownAt) => asOf(history, day(validAt), day(knownAt)))

describe('for any statements', () => {
  test('every pair of times has the answer that a replay gives, and no other', () => {
    fc.assert(
      fc.property(someStatements, (statements) => {
        const history = historyOf(statements)
        expect(table(history)).toEqual(
          everyPair((validAt, knownAt) => replayed(statements, validAt, knownAt)),
        )
        expect(clashes(history)).toEqual([])
      }),
      { numRuns },
    )
  })

  test('a further one changes nothing of what was known before it', () => {
    fc.assert(
      fc.property(someStatements, anInterval, (statements, valid) => {
        const history = historyOf(statements)
        const last = statements.at(-1)?.at ?? day(0)
        const later = record(history, { at: last, valid, value: 'new' })
        for (const knownAt of days.filter((known) => day(known).epochMilliseconds < last.epochMilliseconds))
          expect(days.map((at) => asOf(later, day(at), day(knownAt)))).toEqual(
            days.map((at) => asOf(history, day(at), day(knownAt))),
          )
        expect(later.every(({ known }) => known.start.epochMilliseconds < known.end.epochMilliseconds)).toBe(
          true,
        )
      }),
      { numRuns },
    )
  })

  test('corrections are exactly the moments that were known otherwise', () => {
    fc.assert(
      fc.property(someStatements, fc.nat({ max: 11 }), fc.nat({ max: 11 }), (statements, earlier, later) => {
        const history = historyOf(statements)
        const found = corrections(
          history,
          { start: beginningOfTime, end: endOfTime },
          { earlier: day(earlier), later: day(later) },
        )
        const at = (moment: number) =>
          found.find(
            ({ valid }) =>
              valid.start.epochMilliseconds <= day(moment).epochMilliseconds &&
              day(moment).epochMilliseconds < valid.end.epochMilliseconds,
          )
        for (const moment of days) {
          const [was, is] = [asOf(history, day(moment), day(earlier)), asOf(history, day(moment), day(later))]
          if (was === is) expect(at(moment)).toBeUndefined()
          else expect(at(moment)).toMatchObject({ was, is })
        }
      }),
      { numRuns },
    )
  })

  test('a merge keeps both pasts, goes on as the survivor first and the other second, and names each difference', () => {
    fc.assert(
      fc.property(someStatements, someStatements, (mine, theirs) => {
        const [one, other] = [historyOf(mine), historyOf(theirs)]
        const { survivor, absorbed, overruled } = merge(one, other, day(12))
        expect([table(survivor), table(absorbed)]).toEqual([table(one), table(other)])
        expect([clashes(survivor), clashes(absorbed)]).toEqual([[], []])
        for (const moment of days) {
          const [a, b] = [asOf(one, day(moment), day(11)), asOf(other, day(moment), day(11))]
          expect(asOf(survivor, day(moment), day(12))).toBe(a ?? b)
          expect(asOf(absorbed, day(moment), day(12))).toBeNull()
          const told = overruled.filter(
            ({ valid }) =>
              valid.start.epochMilliseconds <= day(moment).epochMilliseconds &&
              day(moment).epochMilliseconds < valid.end.epochMilliseconds,
          )
          expect(told.map(({ was, is }) => [was, is])).toEqual(
            a !== null && b !== null && a !== b ? [[b, a]] : [],
          )
        }
      }),
      { numRuns },
    )
  })

  test('a split keeps the past, and gives every fact to somebody; a merge of the two gives the whole again', () => {
    fc.assert(
      fc.property(
        someStatements,
        fc.func(fc.constantFrom('first', 'second', 'both')),
        (statements, whose) => {
          const whole = historyOf(statements)
          const { first, second } = split(whole, day(12), ({ valid }) => whose(valid.start.epochMilliseconds))
          expect(table(first)).toEqual(table(whole))
          expect(second.every(({ known }) => known.start.equals(day(12)))).toBe(true)
          expect([clashes(first), clashes(second)]).toEqual([[], []])
          const again = merge(first, second, day(13))
          expect(again.overruled).toEqual([])
          for (const moment of days)
            expect(asOf(again.survivor, day(moment), day(13))).toBe(asOf(whole, day(moment), day(11)))
        },
      ),
      { numRuns },
    )
  })
})
