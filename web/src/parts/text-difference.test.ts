import { expect, test } from 'vitest'
import { differenceOf } from './text-difference.ts'

const told = (before: string, after: string): string =>
  differenceOf(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'gone' ? `[-${text}]` : `[+${text}]`))
    .join('')

test('only the words that changed are marked', () => {
  expect(told('The printer on ward 4 is slow', 'The printer on ward 5 is slow')).toBe(
    'The printer on ward [-4][+5] is slow',
  )
  expect(told('one two three', 'one three')).toBe('one [-two ]three')
  expect(told('', 'new')).toBe('[+new]')
  expect(told('old', '')).toBe('[-old]')
  expect(told('same', 'same')).toBe('same')
})

test('what is left and what came give back both texts', () => {
  const [before, after] = ['a b  c\nd e f', 'a x c\ne  f g']
  const pieces = differenceOf(before, after)
  const only = (...kinds: string[]) =>
    pieces.flatMap(({ kind, text }) => (kinds.includes(kind) ? [text] : [])).join('')
  expect(only('same', 'gone')).toBe(before)
  expect(only('same', 'new')).toBe(after)
})

test('two long texts with nothing in common are shown one after the other', () => {
  const words = (prefix: string) => Array.from({ length: 2000 }, (_, n) => `${prefix}${n}`).join(' ')
  expect(differenceOf(words('a'), words('b')).map(({ kind }) => kind)).toEqual(['gone', 'new'])
})
