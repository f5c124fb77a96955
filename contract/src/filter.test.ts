import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Filter, filterLimits, filterOperators, shapeFaults } from './filter.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 1000)

const one = { field: 'priority', op: '=', value: '1' }
const faultsIn = (filter: unknown) => {
  const parsed = Filter.safeParse(filter)
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}
const nested = (levels: number): unknown => {
  let filter: unknown = one
  for (let level = 1; level < levels; level++) filter = { not: filter }
  return filter
}

describe('a filter as JSON', () => {
  test.each([
    [one],
    [{ all: [] }],
    [{ any: [one, { not: { all: [one] } }] }],
    [{ field: 'team', op: 'is empty' }],
    [{ field: 'team', op: 'in', value: ['a', 1, true] }],
    [{ field: 'created', op: 'within', value: ['now-7d', 'now'] }],
  ])('is accepted as it is: %j', (filter) => {
    expect(Filter.parse(filter)).toEqual(filter)
  })

  // prettier-ignore
  test.each([
    [null,                                                ': expected a condition or a group, as an object'],
    ['priority:1',                                        ': expected a condition or a group, as an object'],
    [[one],                                               ': expected a condition or a group, as an object'],
    [{},                                                  ': expected one of: all, any, not; or field, op and value'],
    [{ op: '=', value: 1 },                               ': expected one of: all, any, not; or field, op and value'],
    [{ all: one },                                        'all: expected a list of conditions'],
    [{ all: [one, 7] },                                   'all.1: expected a condition or a group, as an object'],
    [{ all: [one], any: [one] },                          ': “any” has no place here; expected only all'],
    [{ ...one, because: 1 },                              ': “because” has no place here; expected only field, op, value'],
    [{ field: 'team', op: 'is set', value: 'x' },         ': “value” has no place here; expected only field, op'],
    [JSON.parse('{"__proto__":{"x":1},"all":[]}'),        ': “__proto__” has no place here; expected only all'],
    [JSON.parse('{"not":{"constructor":1,"any":[]}}'),    'not: “constructor” has no place here; expected only any'],
    [{ field: 7, op: '=', value: 1 },                     'field: expected the name of a field'],
    [{ field: '', op: '=', value: 1 },                    'field: the text is empty'],
    [{ field: 'a', value: 1 },                            `op: expected one of: ${filterOperators.join(', ')}`],
    [{ field: 'a', op: 'or 1=1', value: 1 },              `op: expected one of: ${filterOperators.join(', ')}`],
    [{ field: 'a', op: '=' },                             'value: expected a text, a number, true or false'],
    [{ field: 'a', op: '=', value: null },                'value: expected a text, a number, true or false'],
    [{ field: 'a', op: '=', value: { x: 1 } },            'value: expected a text, a number, true or false'],
    [{ field: 'a', op: '=', value: ['x'] },               'value: expected a text, a number, true or false'],
    [{ field: 'a', op: '<', value: Infinity },            'value: expected a finite number'],
    [{ field: 'a', op: '<', value: Number.NaN },          'value: expected a finite number'],
    [{ field: 'a', op: '=', value: '' },                  'value: the text is empty'],
    [{ field: 'a', op: '=', value: 'a\0b' },              'value: the text has characters that no text can have'],
    [{ field: 'a\0', op: '=', value: 'b' },               'field: the text has characters that no text can have'],
    [{ field: 'a', op: '=', value: 'a\ud800' },           'value: the text has characters that no text can have'],
    [{ field: 'a', op: 'in', value: 'x' },                'value: expected a list of values'],
    [{ field: 'a', op: 'in', value: [] },                 'value: the list has no values'],
    [{ field: 'a', op: 'in', value: ['x', null] },        'value.1: expected a text, a number, true or false'],
    [{ field: 'a', op: 'within', value: ['now'] },        'value: expected two times: from and to'],
    [{ field: 'a', op: 'within', value: [1, 2] },         'value: expected two times: from and to'],
    [{ field: 'a', op: 'within', value: 'now' },          'value: expected a list of values'],
  ])('is refused with its place and the reason: %j', (filter, fault) => {
    expect(faultsIn(filter)).toEqual([fault])
  })

  test('tells every fault in the order in which they stand, up to ten', () => {
    expect(faultsIn({ all: [{}, { any: [7, one] }, { field: 'a', op: '=', value: '' }] })).toEqual([
      'all.0: expected one of: all, any, not; or field, op and value',
      'all.1.any.0: expected a condition or a group, as an object',
      'all.2.value: the text is empty',
    ])
    expect(faultsIn({ all: Array.from({ length: 50 }, () => ({})) })).toHaveLength(10)
  })
})

describe('a filter too large', () => {
  test.each([filterLimits.depth + 1, 10_000, 200_000])(
    'is refused when it is nested %i levels deep',
    (levels) => {
      expect(faultsIn(nested(levels))).toEqual([': the filter is nested more than 20 levels deep'])
      expect(faultsIn(nested(filterLimits.depth))).toEqual([])
    },
  )

  test('is refused when it has more conditions and groups than the limit, side by side or in one another', () => {
    const fault = [': the filter has more than 200 conditions and groups']
    expect(faultsIn({ all: Array.from({ length: filterLimits.nodes - 1 }, () => one) })).toEqual([])
    expect(faultsIn({ all: Array.from({ length: filterLimits.nodes }, () => one) })).toEqual(fault)
    expect(faultsIn({ any: Array.from({ length: 1_000_000 }, () => one) })).toEqual(fault)
    const group = { all: Array.from({ length: 90 }, () => one) }
    expect(faultsIn({ any: [group, group] })).toEqual([])
    expect(faultsIn({ any: [group, group, group] })).toEqual(fault)
  })

  test.each([filterLimits.list + 1, 10_000])('is refused when a list has %i values', (length) => {
    const listed = (count: number) => ({
      field: 'a',
      op: 'in',
      value: Array.from({ length: count }, () => 1),
    })
    expect(faultsIn(listed(length))).toEqual(['value: the list has more than 200 values'])
    expect(faultsIn(listed(filterLimits.list))).toEqual([])
  })

  test('is refused when a text or the whole is too long', () => {
    const saying = (length: number) => ({ field: 'a', op: '=', value: 'x'.repeat(length) })
    expect(faultsIn(saying(filterLimits.text))).toEqual([])
    expect(faultsIn(saying(filterLimits.text + 1))).toEqual(['value: the text is longer than 500 characters'])
    expect(faultsIn({ field: 'x'.repeat(501), op: '=', value: 1 })).toEqual([
      'field: the text is longer than 500 characters',
    ])
    expect(faultsIn({ all: Array.from({ length: 18 }, () => saying(500)) })).toEqual([])
    expect(faultsIn({ all: Array.from({ length: 20 }, () => saying(500)) })).toEqual([
      ': the filter is longer than 10240 characters of JSON',
    ])
  })
})

test('what the shape check lets pass, the published schema takes too', () => {
  const { filter: almost } = fc.letrec((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4 },
      fc.record(
        {
          field: fc.constantFrom('a', 1, ''),
          op: fc.constantFrom(...filterOperators, 'x'),
          value: tie('value'),
        },
        { requiredKeys: ['op'] },
      ),
      fc.array(tie('filter'), { maxLength: 3 }).map((all) => ({ all })),
      fc
        .array(tie('filter'), { maxLength: 3 })
        .map((any) => ({ any, ...(any.length === 2 ? { x: 1 } : {}) })),
      tie('filter').map((not) => ({ not })),
      fc.anything(),
    ),
    value: fc.oneof(fc.constantFrom('a', 1, true, null, '', ['a', 'b'], [1], []), fc.anything()),
  }))
  // The schema behind the shape check, as OpenAPI publishes it.
  const published = Filter.out
  fc.assert(
    fc.property(almost, (filter) => {
      if (shapeFaults(filter).length === 0) expect(published.parse(filter)).toEqual(filter)
    }),
    { numRuns },
  )
})

test('the schema can be published', () => {
  expect(z.toJSONSchema(Filter, { io: 'input' })).toMatchObject({ $ref: '#/$defs/Filter' })
})
