import { fieldsOf } from '@evenkeel/server/kernel/filter/fields'
import { parseFilter } from '@evenkeel/server/kernel/filter/text'
import { expect, test } from 'vitest'
import { filterFor, numberIn, quoted } from './palette.search.ts'

const fields = fieldsOf([
  { name: 'text', label: 'words', type: 'words' },
  { name: 'number', label: 'number', type: 'keyword' },
])

test('a number is found however it is written', () => {
  for (const typed of ['1042', 'inc1042', 'INC0001042', ' 0001042 '])
    expect(numberIn(typed)).toBe('INC0001042')
  expect(numberIn('ward 4')).toBeUndefined()
  expect(numberIn('12345678')).toBeUndefined()
})

test('whatever is typed is a filter that can be read', () => {
  for (const typed of [
    'printer',
    '503',
    'state:(',
    '"half a quote',
    'a* b\\',
    'colour:red -x',
    'Störung Süd',
  ])
    expect(parseFilter(filterFor(typed) ?? '', fields).ok).toBe(true)
  expect(filterFor('pri bla')).toBe('"pri* bla*"')
  expect(filterFor('503')).toBe('number:INC0000503 or "503*"')
  expect(filterFor(' -- ')).toBeUndefined()
})

test('names with quotes stay whole', () => {
  expect(quoted('The "new" desk')).toBe(String.raw`"The \"new\" desk"`)
})
