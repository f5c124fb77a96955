import { importStates, type ImportState } from '@evenkeel/contract/import'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../kernel/refusal.ts'
import { importMoves, moved, type ImportMove } from './import.states.ts'

// What each move makes of each state, written down once more: a cell that changes in the table has to change here.
// prettier-ignore
const cells: Readonly<Record<ImportMove, Partial<Record<ImportState, ImportState>>>> = {
  examine: { waiting: 'examining', examined: 'examining', failed: 'examining' },
  cancel:  { examining: 'waiting' },
  found:   { examining: 'examined' },
  fail:    { examining: 'failed' },
  run:     { examined: 'importing', paused: 'importing' },
  pause:   { importing: 'paused' },
  halt:    { importing: 'paused' },
  finish:  { importing: 'imported' },
  void:    { waiting: 'voided', examined: 'voided', paused: 'voided', imported: 'voided', failed: 'voided' },
}
const moves = Object.keys(importMoves) as ImportMove[]

describe.each(moves)('%s', (move) => {
  test.each(importStates)('from %s', (state) => {
    const to = cells[move][state]
    if (to !== undefined) {
      expect(moved(state, move)).toEqual({ to, emits: importMoves[move].emits })
      return
    }
    const refused = (() => {
      try {
        moved(state, move)
      } catch (error) {
        return error
      }
      return undefined
    })()
    if (!(refused instanceof Refusal)) throw new Error('it was allowed')
    expect(refused.code).toBe('not_allowed_here')
    for (const language of ['en', 'de'])
      for (const { message } of refused.reasonsIn(language))
        expect(message).toMatch(/^\p{Ll}[^{}]{8,}[^.!]$/u)
  })
})

test('every state but the first is reached, and only a batch that was taken back has no way on', () => {
  const targets = new Set<string>(moves.map((move) => importMoves[move].to))
  expect(importStates.filter((state) => !targets.has(state))).toEqual([])
  const left = new Set<string>(moves.flatMap((move) => [...importMoves[move].from]))
  expect(importStates.filter((state) => !left.has(state))).toEqual(['voided'])
})

test('each refusal of a person says what this state is about', () => {
  const sentences = (['examine', 'run', 'pause', 'void'] as const).flatMap((move) =>
    importStates.flatMap((state) => {
      if (cells[move][state] !== undefined || (move === 'pause' && state === 'examining')) return []
      try {
        moved(state, move)
      } catch (error) {
        return error instanceof Refusal ? error.reasonsIn('en').map(({ message }) => message) : []
      }
      return []
    }),
  )
  expect(sentences.filter((sentence) => /^this cannot|^nothing is running$/.test(sentence))).toEqual([])
})
