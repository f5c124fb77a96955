import { expect, test } from 'vitest'
import { tokens, type Token } from './theme.ts'

const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2.2: 4.5 : 1 for text (1.4.3), 3 : 1 for what one has to see besides (1.4.11). */
const contrast = (one: string, other: string): number => {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (bright + 0.05) / (dim + 0.05)
}

const surfaces = ['page', 'panel', 'raised', 'sunken', 'hover', 'selected', 'fresh'] as const
const names = Object.keys(tokens) as Token[]
const tones = names.filter((name) => `${name}-soft` in tokens)
const schemes = [
  ['light', 0],
  ['dark', 1],
] as const

test.each(schemes)('every text reads on every surface, %s', (_, at) => {
  const faults = (['text', 'text-quiet', ...tones] as Token[]).flatMap((text) =>
    [...surfaces, ...(`${text}-soft` in tokens ? [`${text}-soft` as Token] : [])]
      .map((surface) => ({
        pair: `${text} on ${surface}`,
        ratio: contrast(tokens[text][at], tokens[surface][at]),
      }))
      .filter(({ ratio }) => ratio < 4.5),
  )
  expect(faults).toEqual([])
})

test.each(schemes)('the quiet text reads on the soft surfaces of notes and comments, %s', (_, at) => {
  for (const surface of ['note-soft', 'comment-soft'] as const) {
    expect(contrast(tokens['text-quiet'][at], tokens[surface][at])).toBeGreaterThanOrEqual(4.5)
  }
})

test.each(schemes)('a box to tick and a bar of a chart are seen, %s', (_, at) => {
  for (const surface of ['page', 'panel', 'raised', 'sunken'] as const) {
    expect(contrast(tokens['line-control'][at], tokens[surface][at])).toBeGreaterThanOrEqual(3)
  }
  for (const bar of ['bar', 'bar-rest'] as const) {
    expect(contrast(tokens[bar][at], tokens.sunken[at])).toBeGreaterThanOrEqual(3)
  }
})

test.each(schemes)('the borders that tell a note from a comment are seen, %s', (_, at) => {
  for (const line of ['note-line', 'comment-line'] as const) {
    expect(contrast(tokens[line][at], tokens.panel[at])).toBeGreaterThanOrEqual(3)
  }
})
