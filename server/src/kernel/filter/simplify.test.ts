import type { Filter } from '@evenkeel/contract/filter'
import { expect, test } from 'vitest'
import { simplify } from './simplify.ts'

const a: Filter = { field: 'cost', op: '=', value: 1 }
const b: Filter = { field: 'cost', op: '=', value: 2 }
const c: Filter = { field: 'cost', op: '=', value: 3 }

// prettier-ignore
test.each<[Filter, Filter]>([
  [a,                                                     a],
  [{ all: [a] },                                          a],
  [{ any: [{ all: [a] }] },                               a],
  [{ not: { not: a } },                                   a],
  [{ not: { all: [{ not: a }] } },                        a],
  [{ all: [a, { all: [b, { all: [c] }] }] },              { all: [a, b, c] }],
  [{ any: [{ any: [a, b] }, c] },                         { any: [a, b, c] }],
  [{ any: [a, { all: [b, c] }] },                         { any: [a, { all: [b, c] }] }],
  [{ all: [a, b, a] },                                    { all: [a, b] }],
  [{ all: [a, { all: [a] }] },                            a],
  [{ all: [a, { all: [] }] },                             a],
  [{ any: [a, { any: [] }] },                             a],
  [{ all: [a, { any: [] }] },                             { any: [] }],
  [{ any: [a, { all: [] }] },                             { all: [] }],
  [{ not: { all: [] } },                                  { any: [] }],
  [{ not: { any: [a, { not: { any: [] } }] } },           { any: [] }],
  [{ not: { any: [] } },                                  { all: [] }],
  [{ field: 'x', op: 'in', value: ['1'] },                { field: 'x', op: '=', value: '1' }],
  [{ field: 'x', op: 'not in', value: ['1', '1'] },       { field: 'x', op: '!=', value: '1' }],
  [{ field: 'x', op: 'in', value: ['1', '2', '1'] },      { field: 'x', op: 'in', value: ['1', '2'] }],
  [{ field: 'x', op: 'in', value: ['1', 1] },             { field: 'x', op: 'in', value: ['1', 1] }],
  [{ field: 'x', op: 'within', value: ['now', 'now'] },   { field: 'x', op: 'within', value: ['now', 'now'] }],
])('%j is simply %j', (filter, simple) => {
  expect(simplify(filter)).toEqual(simple)
})
