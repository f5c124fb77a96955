import { expect, test } from 'vitest'
import { fuzzyFit } from './fuzzy.ts'

const best = (typed: string, texts: readonly string[]): string | undefined =>
  texts
    .map((text) => ({ text, fit: fuzzyFit(typed, text) }))
    .filter(({ fit }) => fit !== undefined)
    .toSorted((a, b) => (b.fit ?? 0) - (a.fit ?? 0))[0]?.text

test('beginnings of words come before what is inside them, and shorter texts before longer', () => {
  expect(best('no', ['Write a work note', 'Notifications', 'Another'])).toBe('Notifications')
  expect(best('note', ['Write a work note to the team', 'Write a work note'])).toBe('Write a work note')
})

test('words are found in any order, whatever their capitals and accents', () => {
  expect(fuzzyFit('menü öffnen', 'Oeffne das Menü')).toBeUndefined()
  expect(fuzzyFit('MENU offnen', 'Menü öffnen')).toBeDefined()
  expect(fuzzyFit('hold put', 'Put on hold')).toBeDefined()
})

test('the letters that words begin with are enough', () => {
  expect(fuzzyFit('atm', 'Assign to me')).toBeDefined()
  expect(fuzzyFit('wrno', 'Write a note')).toBeDefined()
})

test('letters strewn over a text are not a find', () => {
  expect(fuzzyFit('printer', 'Put on hold until the engineer returns')).toBeUndefined()
  expect(fuzzyFit('xyz', 'Resolve')).toBeUndefined()
})
