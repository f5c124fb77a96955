import type { Filter } from '@evenkeel/contract/filter'
import { expect, test } from 'vitest'
import { changed, filterOf, isWhole, treeOf, withOperator } from './filter-tree.ts'

const again = (filter: Filter): Filter => filterOf(treeOf(filter)).filter

test.each<Filter>([
  { all: [] },
  { field: 'priority', op: '<=', value: '2' },
  { not: { field: 'assignee', op: 'is empty' } },
  {
    all: [
      { field: 'open', op: '=', value: true },
      {
        any: [
          { field: 'team', op: 'in', value: ['a', 'b'] },
          { not: { all: [{ field: 'created', op: 'within', value: ['now-7d', 'now'] }] } },
        ],
      },
    ],
  },
  {
    any: [
      { field: 'reopened', op: '>', value: 2 },
      { field: 'text', op: 'matches', value: 'disk full' },
    ],
  },
])('a filter that nobody touched comes out as it went in: %j', (filter) => {
  expect(again(filter)).toEqual(filter)
})

test('a negation of a negation keeps its meaning', () => {
  const inner: Filter = { field: 'open', op: '=', value: true }
  expect(again({ not: { not: inner } })).toEqual({ not: { all: [{ not: inner }] } })
})

test('a condition without its value is left out, and the others know where they are', () => {
  const root = treeOf({
    any: [
      { field: 'title', op: 'contains', value: 'x' },
      { field: 'team', op: '=', value: 'a' },
    ],
  })
  const [first, second] = root.parts
  const without = changed(root, first?.key ?? 0, (node) =>
    node.kind === 'condition' ? { ...node, values: [''] } : node,
  )
  const { filter, places } = filterOf(without)
  expect(filter).toEqual({ field: 'team', op: '=', value: 'a' })
  expect(places.get('filter')).toBe(second?.key)
  expect(filterOf(root).places.get('filter.any.1')).toBe(second?.key)
  expect(changed(root, second?.key ?? 0, () => undefined).parts).toHaveLength(1)
})

test('another operator keeps what it can take', () => {
  const [draft] = treeOf({ field: 'state', op: 'in', value: ['new', 'closed'] }).parts
  if (draft?.kind !== 'condition') throw new Error('expected a condition')
  expect(withOperator(draft, '=').values).toEqual(['new'])
  expect(withOperator(draft, 'not in').values).toEqual(['new', 'closed'])
  expect(isWhole(withOperator(draft, 'is set'))).toBe(true)
  expect(isWhole({ ...draft, op: 'within', values: ['today', ''] })).toBe(false)
})
