import { expect, test } from 'vitest'
import { fitting } from './record-list.tsx'

const columns = [
  { id: 'number', width: 100 },
  { id: 'title', width: 200 },
  { id: 'team', width: 100, rank: 2 },
  { id: 'service', width: 100, rank: 1 },
]
const ids = (width: number) => fitting(columns, width).map(({ id }) => id)

test('columns that do not fit are left out, the least important first, and some never', () => {
  expect(ids(600)).toEqual(['number', 'title', 'team', 'service'])
  expect(ids(500)).toEqual(['number', 'title', 'service'])
  expect(ids(400)).toEqual(['number', 'title'])
  expect(ids(100)).toEqual(['number', 'title'])
})
