import { expect, test } from 'vitest'
import { keyFrom, moved } from './field.order.ts'

const at = (...positions: number[]) =>
  positions.map((position, index) => ({ id: 'abcd'.charAt(index), position }))
const after = (fields: ReturnType<typeof at>, id: string, by: -1 | 1) =>
  moved(fields, id, by).map(({ field, position }) => [field.id, position])

test('two fields change places by their positions', () => {
  expect(after(at(10, 20, 30), 'b', -1)).toEqual([
    ['b', 10],
    ['a', 20],
  ])
  expect(after(at(10, 20, 30), 'b', 1)).toEqual([
    ['c', 20],
    ['b', 30],
  ])
})

test('where positions were equal, all get one of their own', () => {
  expect(after(at(0, 0, 0), 'c', -1)).toEqual([
    ['a', 10],
    ['c', 20],
    ['b', 30],
  ])
})

test('nothing moves beyond the ends', () => {
  expect(after(at(10, 20), 'a', -1)).toEqual([])
  expect(after(at(10, 20), 'b', 1)).toEqual([])
})

test.each([
  ['Cost centre', 'cost_centre'],
  ['Größe (cm)', 'gro_e_cm'],
  ['2nd phone', 'nd_phone'],
  ['…', ''],
])('“%s” is called %s', (label, key) => {
  expect(keyFrom(label)).toBe(key)
})
