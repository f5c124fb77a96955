import type { ImportState } from '@evenkeel/contract/import'
import { Refusal } from '../../kernel/refusal.ts'
import { says } from './import.reasons.ts'

type Move = {
  readonly from: readonly ImportState[]
  readonly to: ImportState
  /** Who makes it: a person with `import.run`, or the worker. */
  readonly by: 'person' | 'worker'
  readonly emits: string
}

/** What may happen to a batch, and when. The worker's moves are made under its own name on the batch, so a stranger cannot. */
// prettier-ignore
export const importMoves = {
  examine: { from: ['waiting', 'examined', 'failed'],                       to: 'examining', by: 'person', emits: 'import.examining' },
  cancel:  { from: ['examining'],                                           to: 'waiting',   by: 'person', emits: 'import.canceled' },
  found:   { from: ['examining'],                                           to: 'examined',  by: 'worker', emits: 'import.examined' },
  fail:    { from: ['examining'],                                           to: 'failed',    by: 'worker', emits: 'import.failed' },
  run:     { from: ['examined', 'paused'],                                  to: 'importing', by: 'person', emits: 'import.started' },
  pause:   { from: ['importing'],                                           to: 'paused',    by: 'person', emits: 'import.paused' },
  halt:    { from: ['importing'],                                           to: 'paused',    by: 'worker', emits: 'import.paused' },
  finish:  { from: ['importing'],                                           to: 'imported',  by: 'worker', emits: 'import.finished' },
  void:    { from: ['waiting', 'examined', 'paused', 'imported', 'failed'], to: 'voided',    by: 'person', emits: 'import.voided' },
} as const satisfies Readonly<Record<string, Move>>
export type ImportMove = keyof typeof importMoves

export const mayMove = (state: ImportState, move: ImportMove): boolean =>
  importMoves[move].from.some((from) => from === state)

/**
 * Where a move leads.
 * @throws Refusal `not_allowed_here` with the sentence for this state
 */
export const moved = (state: ImportState, move: ImportMove): { to: ImportState; emits: string } => {
  const { to, emits } = importMoves[move]
  if (!mayMove(state, move)) throw new Refusal('not_allowed_here', says(`state.${asked(move)}`, { state }))
  return { to, emits }
}

/** Stopping is one wish: of a dry run it is canceled, of a run paused. */
const asked = (move: ImportMove): 'examine' | 'run' | 'pause' | 'void' | 'worker' => {
  switch (move) {
    case 'examine':
    case 'run':
    case 'void':
      return move
    case 'pause':
    case 'cancel':
      return 'pause'
    default:
      return 'worker'
  }
}
