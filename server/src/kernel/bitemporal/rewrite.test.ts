import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rewrite, type Held } from './rewrite.ts'

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString()
const same = (one: string, other: string): boolean => one === other

const apply = (
  known: readonly Held<string>[],
  from: number,
  to: number | null,
  change: (document: string | undefined) => string | null,
): Held<string>[] => {
  const stretch = { from: day(from), to: to === null ? null : day(to) }
  const { close, add } = rewrite(known, stretch, change, same)
  return [
    ...known.filter(({ id }) => !close.includes(id)),
    ...add.map((row, at) => ({ ...row, id: `${known.length}-${at}-${Math.random()}` })),
  ]
}
const at = (rows: readonly Held<string>[], n: number): string | undefined =>
  rows.find((row) => row.from <= day(n) && (row.to === null || day(n) < row.to))?.document

describe('a change of what is known', () => {
  test('cuts what it overlaps and leaves the rest', () => {
    const first = apply([], 0, null, () => 'a')
    const second = apply(first, 3, 5, (was) => `${was ?? ''}b`)
    expect([0, 2, 3, 4, 5, 9].map((n) => at(second, n))).toEqual(['a', 'a', 'ab', 'ab', 'a', 'a'])
  })

  test('fills the gaps, before, between and behind', () => {
    const islands = apply(
      apply([], 2, 3, () => 'a'),
      5,
      6,
      () => 'b',
    )
    const all = apply(islands, 0, 9, (was) => `${was ?? '-'}!`)
    expect([0, 2, 3, 5, 6, 8, 9].map((n) => at(all, n))).toEqual([
      '-!',
      'a!',
      '-!',
      'b!',
      '-!',
      '-!',
      undefined,
    ])
  })

  test('that changes nothing closes nothing', () => {
    const rows = apply([], 0, null, () => 'a')
    expect(rewrite(rows, { from: day(4), to: day(6) }, (was) => was ?? null, same)).toEqual({
      close: [],
      add: [],
    })
  })

  test('any series of changes is as a naive day-by-day account has it, and no two rows overlap', () => {
    const step = fc.record({
      from: fc.nat(12),
      length: fc.option(fc.integer({ min: 1, max: 8 }), { nil: null }),
      word: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let rows: Held<string>[] = []
        const days = new Map<number, string>()
        for (const { from, length, word } of steps) {
          const to = length === null ? null : from + length
          const change = (was: string | undefined): string | null =>
            word === null ? null : `${(was ?? '').slice(-3)}${word}`
          rows = apply(rows, from, to, change)
          for (let n = from; n < (to ?? 30); n += 1) {
            const next = change(days.get(n))
            if (next === null) days.delete(n)
            else days.set(n, next)
          }
        }
        for (let n = 0; n < 30; n += 1) {
          const here = rows.filter((row) => row.from <= day(n) && (row.to === null || day(n) < row.to))
          expect(here.map(({ document }) => document)).toEqual(days.has(n) ? [days.get(n)] : [])
        }
      }),
    )
  })
})

/** Rows as a table keeps them: nothing is changed but the end of what was known. */
type Kept = Held<string> & { readonly knownFrom: number; readonly knownTo: number | null }
type Said = { readonly from: number; readonly to: number | null; readonly word: string | null }

const learn = (table: readonly Kept[], now: number, { from, to, word }: Said): Kept[] => {
  const stretch = { from: day(from), to: to === null ? null : day(to) }
  const { close, add } = rewrite(
    table.filter(({ knownTo }) => knownTo === null),
    stretch,
    () => word,
    same,
  )
  return [
    ...table.map((row) => (close.includes(row.id) ? { ...row, knownTo: now } : row)),
    ...add.map((row, place) => ({ ...row, id: `${now}-${place}`, knownFrom: now, knownTo: null })),
  ]
}
const asOf = (table: readonly Kept[], valid: number, known: number): string | undefined =>
  at(
    table.filter((row) => row.knownFrom <= known && (row.knownTo === null || known < row.knownTo)),
    valid,
  )

describe('two times', () => {
  test('what is found out late leaves yesterday’s answer as it was', () => {
    const table = learn(learn([], 1, { from: 1, to: null, word: 'rack 4' }), 6, {
      from: 3,
      to: null,
      word: 'rack 9',
    })
    expect([asOf(table, 4, 5), asOf(table, 4, 6), asOf(table, 2, 6)]).toEqual(['rack 4', 'rack 9', 'rack 4'])
  })

  test('what is said again writes nothing', () => {
    const table = learn([], 1, { from: 1, to: null, word: 'rack 4' })
    expect(learn(table, 2, { from: 3, to: 5, word: 'rack 4' })).toEqual(table)
  })

  test('every pair of times is answered as a naive replay of what was said answers it', () => {
    const said = fc.record({
      from: fc.nat(10),
      length: fc.option(fc.integer({ min: 1, max: 8 }), { nil: null }),
      word: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }),
    })
    fc.assert(
      fc.property(fc.array(said, { maxLength: 10 }), (statements) => {
        const told = statements.map(({ from, length, word }): Said => {
          return { from, to: length === null ? null : from + length, word }
        })
        const table = told.reduce<Kept[]>((rows, one, now) => learn(rows, now, one), [])
        for (let known = 0; known < told.length; known += 1)
          for (let valid = 0; valid < 20; valid += 1) {
            // The latest that had been said by then and speaks of that day.
            const last = told
              .slice(0, known + 1)
              .findLast(({ from, to }) => from <= valid && (to === null || valid < to))
            expect(asOf(table, valid, known)).toBe(last?.word ?? undefined)
          }
      }),
      { numRuns: Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 1000) },
    )
  })
})
