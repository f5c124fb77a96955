import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differences } from './difference.ts'

describe('the difference of two documents', () => {
  test('there is none between a document and itself, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value))
        expect(differences(json, structuredClone(json))).toEqual([])
      }),
    )
  })

  test('there is one between documents that differ', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [before, after] = [JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other))]
        fc.pre(JSON.stringify(sorted(before)) !== JSON.stringify(sorted(after)))
        expect(differences(before, after).length).toBeGreaterThan(0)
      }),
    )
  })

  test('a value that changed is named with what it was and is', () => {
    expect(differences({ matrix: { high: { low: 3 } } }, { matrix: { high: { low: 2 } } })).toEqual([
      { path: '/matrix/high/low', sentence: 'matrix › high › low changes from 3 to 2' },
    ])
  })

  test('rules are matched by their id: one that moved has moved, and the ones behind it have not changed', () => {
    const rule = (id: string, teamId: string) => ({ id, name: id.toUpperCase(), teamId })
    const [a, b, c] = [rule('a', '1'), rule('b', '2'), rule('c', '3')]
    expect(differences({ rules: [a, b, c] }, { rules: [c, a, b] }).map((one) => one.sentence)).toContain(
      '“C” moves from place 3 to 1',
    )
    expect(differences({ rules: [a, b, c] }, { rules: [a, c] })).toEqual([
      { path: '/rules/b', sentence: 'rules loses “B”' },
    ])
    expect(differences({ rules: [a] }, { rules: [a, { ...b, teamId: '9' }] })[0]?.sentence).toContain(
      'rules gets “B”',
    )
    expect(differences({ rules: [a, b] }, { rules: [a, { ...b, teamId: '9' }] })).toEqual([
      { path: '/rules/b/teamId', sentence: 'rules › b › teamId changes from "2" to "9"' },
    ])
  })
})

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}
