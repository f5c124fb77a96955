import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnNames } from './columns.ts'

test('columns of one name get numbers, those without one their place, and others keep theirs', () => {
  expect(columnNames(['Key', 'Comment', 'Comment', '', 'Comment (2)', ' Labels\n of it '])).toEqual([
    'Key',
    'Comment',
    'Comment (3)',
    'column 4',
    'Comment (2)',
    'Labels of it',
  ])
})

test('every column has a name of its own, not longer than mappings hold, and naming again changes nothing', () => {
  const names = fc.array(
    fc.oneof(fc.constantFrom('', 'a', 'a (2)', 'column 2', 'x'.repeat(300)), fc.string()),
  )
  fc.assert(
    fc.property(names, (header) => {
      const named = columnNames(header)
      expect(new Set(named).size).toBe(header.length)
      expect(named.every((name) => name.length > 0 && name.length <= 200)).toBe(true)
      expect(columnNames(named)).toEqual(named)
    }),
  )
})
