import { incidentActions, type IncidentAction, type IncidentState } from '@evenkeel/contract/incident'
import type { PastUpdate } from '../record/index.ts'
import type { PastFlag } from './incident.past.flags.ts'
import type { PastRow } from './incident.past.row.ts'
import { asCode, asEnd, inOrder, stateIn, valuesOf } from './incident.past.values.ts'
import { incidentProcess, type IncidentFacts, type IncidentGuard } from './incident.process.ts'

/** The moves that people make; of two that look alike, the one that whoever made it would have made. */
const actionBetween = (
  from: IncidentState,
  to: IncidentState,
  row: Pick<PastRow, 'resolution_code' | 'cancel_reason' | 'requester_id'>,
  by: string | null,
): IncidentAction | null => {
  const byCaller = by !== null && by === row.requester_id
  const passed = new Set<IncidentAction>(['wait_ended'])
  if (row.resolution_code !== 'with_parent') passed.add('resolve_with_parent')
  if (row.cancel_reason !== 'withdrawn') passed.add('withdraw')
  for (const action of ['caller_replied', 'still_broken', 'confirm'] as const)
    if (!byCaller) passed.add(action)
  const fits = incidentActions.filter((action) => {
    const move = incidentProcess.moves[action]
    const leaves: readonly IncidentState[] = move.from
    return move.to === to && leaves.includes(from) && !passed.has(action)
  })
  const theirs = fits.find((action) =>
    ['caller_replied', 'still_broken', 'confirm', 'withdraw', 'resolve_with_parent'].includes(action),
  )
  return theirs ?? fits[0] ?? null
}

/** The guards that a file can tell anything about. */
const tellable = {
  assigned: 'unassigned',
  hold_reason: 'no_hold_reason',
  resolution_code: 'no_code',
  resolution_notes: 'no_notes',
  cancel_reason: 'no_cancel_reason',
} as const satisfies { readonly [guard in IncidentGuard]?: PastFlag }
const isTellable = (guard: string): guard is keyof typeof tellable => Object.hasOwn(tellable, guard)

const factsFrom = (row: PastRow): IncidentFacts => ({
  assigned: row.assignee_id !== null,
  holdReason: row.hold_reason,
  callerAsked: true,
  waitsOn: null,
  waitsUntil: null,
  heldForCaller: row.hold_reason === 'caller',
  waitOver: true,
  resolutionCode: row.resolution_code,
  resolutionNotes: row.resolution_notes,
  openTasks: 0,
  openChildren: 0,
  openChildrenUnexplained: 0,
  parentResolved: true,
  byCaller: true,
  reopenReason: null,
  withinReopenWindow: true,
  quietLongEnough: true,
  cancelReason: row.cancel_reason,
  duplicateOf: null,
})

export const judged = (
  before: PastRow,
  row: PastRow,
  by: string | null,
): { readonly action: IncidentAction | null; readonly flags: readonly PastFlag[] } => {
  if (before.state === row.state) return { action: null, flags: [] }
  const action = actionBetween(before.state, row.state, row, by)
  const facts = factsFrom(row)
  const needs = action === null ? [] : (incidentProcess.moves[action].needs ?? [])
  const lacking = needs.flatMap((guard) =>
    isTellable(guard) && incidentProcess.guards[guard](facts) !== true ? [tellable[guard]] : [],
  )
  return { action, flags: action === null ? ['no_such_move'] : lacking }
}

/** What a record that began in this state lacks for being in it. */
export const lackingIn = (state: IncidentState, row: PastRow): PastFlag[] => {
  if (state === 'in_progress' && row.assignee_id === null) return ['unassigned']
  return state === 'on_hold' && row.hold_reason === null ? ['no_hold_reason'] : []
}

/** Pure: the moves in these lines that the process does not have; what only columns tell is no move. */
export const foreignMovesIn = (
  updates: readonly PastUpdate[],
): { readonly from: string; readonly to: string }[] => {
  const moves: { from: string; to: string }[] = []
  let state: IncidentState | null = null
  for (const update of inOrder(updates)) {
    const to: IncidentState = stateIn(valuesOf(update)) ?? state ?? incidentProcess.initial
    const row = {
      resolution_code: asCode(update.values['resolutionCode']),
      cancel_reason: asEnd(update.values['cancelReason']),
      requester_id: update.values['requester'] ?? '',
    }
    if (state !== null && state !== to && actionBetween(state, to, row, update.by) === null)
      moves.push({ from: state, to })
    state = to
  }
  return moves
}
