import { Filter } from '@evenkeel/contract/filter'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditions, contexts, context, fields, filters, rows, texts } from '../../../test/filters.ts'
import { bindFilter } from './bind.ts'
import { completions } from './complete.ts'
import { describeFilter } from './describe.ts'
import { fold } from './fold.ts'
import { predicateOf } from './predicate.ts'
import { filterToText } from './print.ts'
import { simplify } from './simplify.ts'
import { parseFilter } from './text.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 1000)

const bound = (filter: Filter) => {
  const binding = bindFilter(filter, fields)
  if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
  return binding.bound
}
const factsOf = ({ title, ...row }: { readonly title: string | null }) => ({ ...row, title, search: title })

describe('a filter', () => {
  test('survives being written as text, whatever its shape and values', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(parseFilter(filterToText(bound(filter), fields), fields)).toEqual({ ok: true, filter })
      }),
      { numRuns },
    )
  })

  test('that was read from text is one that the contract accepts', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(Filter.safeParse(filter).data).toEqual(filter)
      }),
      { numRuns },
    )
  })

  test('means the same when it is simplified, and is then as simple as it gets', () => {
    fc.assert(
      fc.property(filters, rows, contexts, (filter, row, someone) => {
        const simple = simplify(filter)
        expect(simplify(simple)).toEqual(simple)
        expect(predicateOf(bound(simple))(factsOf(row), someone)).toBe(
          predicateOf(bound(filter))(factsOf(row), someone),
        )
      }),
      { numRuns },
    )
  })

  test('says of a record the opposite of what its negation says', () => {
    fc.assert(
      fc.property(filters, rows, (filter, row) => {
        expect(predicateOf(bound({ not: filter }))(factsOf(row), context)).toBe(
          !predicateOf(bound(filter))(factsOf(row), context),
        )
      }),
      { numRuns },
    )
  })

  test('is described in words, also when it says nothing', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(describeFilter(bound(filter))).toMatch(/\S/)
      }),
      { numRuns },
    )
  })
})

describe('any text at all', () => {
  const typed = fc
    .array(
      fc.oneof(
        texts,
        conditions.map((condition) => filterToText(bound(condition), fields)),
        fc.constantFrom(
          '(',
          ')',
          '-',
          ' or ',
          ' and ',
          ',',
          '"',
          '\\',
          ':',
          'priority:<=',
          'created:now..',
          'x:',
          '\0',
          '\ud800',
        ),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''))

  test('is read as a filter that the contract and the fields accept, or refused with places inside the text', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const reading = parseFilter(text, fields)
        if (reading.ok) {
          expect(Filter.safeParse(reading.filter).success).toBe(true)
          expect(bindFilter(reading.filter, fields).ok).toBe(true)
          return
        }
        expect(reading.faults.length).toBeGreaterThan(0)
        for (const { from, to, message } of reading.faults) {
          expect(message).not.toBe('')
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeGreaterThanOrEqual(from)
          expect(to).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns },
    )
  })

  test('can be completed anywhere, in place of what is around the cursor', () => {
    fc.assert(
      fc.property(typed, fc.nat(), (text, place) => {
        const cursor = place % (text.length + 1)
        const { from, to, options } = completions(text, cursor, fields)
        expect(from).toBeLessThanOrEqual(cursor)
        expect(to).toBeGreaterThanOrEqual(cursor)
        expect(options.length).toBeLessThanOrEqual(20)
      }),
      { numRuns },
    )
  })

  test('keeps its length when capitals are folded, and folding twice changes nothing more', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(fold(text)).toHaveLength(text.length)
        expect(fold(fold(text))).toBe(fold(text))
      }),
      { numRuns },
    )
  })
})
