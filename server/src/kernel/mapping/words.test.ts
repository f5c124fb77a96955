import { expect, test } from 'vitest'
import { withCells, wordsOf } from './words.ts'

const cells: Readonly<Record<string, string | null>> = {
  a: 'Network',
  b: 'WLAN',
  c: null,
  long: 'the printer on the third floor prints nothing but black pages',
}
const said = (text: string): string | null | undefined => {
  const words = wordsOf(text)
  return words && withCells(words, (column) => cells[column] ?? null)
}

test.each([
  ['{a}: {b}', 'Network: WLAN'],
  ['{a}: {c}', 'Network'],
  ['{c}: {b}', 'WLAN'],
  ['{a} · {c} · {b}', 'Network · WLAN'],
  ['{a} ({c})', 'Network'],
  ['{{{a}}} stays', '{Network} stays'],
  ['{c}', null],
  ['always', 'always'],
  ['{long|30}', 'the printer on the third…'],
  ['{a|30}', 'Network'],
  ['{open', undefined],
  ['close}', undefined],
  ['{}', undefined],
])('%s becomes %s', (text, becomes) => {
  expect(said(text)).toBe(becomes)
})
