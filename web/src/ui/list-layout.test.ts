import { expect, test } from 'vitest'
import {
  entriesOf,
  moveBy,
  pin,
  placeAt,
  pressSort,
  readColumns,
  readSort,
  wholeSort,
  writeColumns,
  writeSort,
} from './list-layout.ts'

const known = ['number', 'title', 'state', 'team']
const usual = ['number', 'title', 'state']
const columns = (text?: string) => readColumns(text, known, usual)
const written = (placed: ReturnType<typeof columns>) => writeColumns(placed, usual)

test('the columns of an address come in its order, pinned ones first, strangers and repetitions left out', () => {
  expect(written(columns('team,*title,number,team,secret'))).toBe('*title,team,number')
  expect(written(columns())).toBeUndefined()
  expect(written(columns('secret'))).toBeUndefined()
  expect(columns('number,title,state')).toEqual(columns())
})

test('a column moves among those that are pinned as it is', () => {
  const three = columns('*number,title,state,team')
  expect(written(moveBy(three, 'team', -1))).toBe('*number,title,team,state')
  expect(written(moveBy(three, 'title', -1))).toBe('*number,title,state,team')
  expect(written(placeAt(three, 'number', 3))).toBe('*number,title,state,team')
  expect(written(pin(three, 'team', true))).toBe('*number,*team,title,state')
  expect(written(pin(three, 'number', false))).toBe('number,title,state,team')
})

test('pressing a heading goes through its directions; with others it joins the sort', () => {
  const press = (text: string | undefined, field: string, among = false) =>
    writeSort(pressSort(readSort(text), field, among))
  expect(press(undefined, 'state')).toBe('state')
  expect(press('state', 'state')).toBe('-state')
  expect(press('-state', 'state')).toBeUndefined()
  expect(press('state', 'team')).toBe('team')
  expect(press('state', 'team', true)).toBe('state,team')
  expect(press('state,team', 'state', true)).toBe('-state,team')
  expect(press('-state,team', 'state', true)).toBe('team')
  expect(press('a,b,c', 'd', true)).toBe('b,c,d')
})

test('what divides a list is sorted by first', () => {
  expect(wholeSort('-updated', undefined)).toBe('-updated')
  expect(wholeSort(undefined, undefined)).toBeUndefined()
  expect(wholeSort('state,-updated,title,number', '-state')).toBe('-state,-updated,title')
  expect(wholeSort(undefined, 'team')).toBe('team,-created')
})

test('rows stand below their part; parts that may still get rows wait, folded ones show their heading', () => {
  const groups = ['a', 'b', 'c'].map((key) => ({ key, count: 2 }))
  const lines = (rows: string[], folded: string[], more: boolean) =>
    entriesOf(rows, groups, (row) => row.charAt(0), new Set(folded), more).map((entry) =>
      entry.kind === 'group' ? entry.group.key.toUpperCase() : entry.row,
    )
  expect(lines(['a1', 'a2', 'b1'], [], true)).toEqual(['A', 'a1', 'a2', 'B', 'b1'])
  expect(lines(['a1', 'a2', 'c1'], ['b'], false)).toEqual(['A', 'a1', 'a2', 'B', 'C', 'c1'])
  expect(lines(['a1', 'a2'], ['b'], true)).toEqual(['A', 'a1', 'a2', 'B'])
  expect(lines(['a1', 'x1'], [], false)).toEqual(['A', 'a1', 'B', 'C', 'x1'])
  expect(lines([], ['a', 'b', 'c'], false)).toEqual(['A', 'B', 'C'])
})
