import type { IncidentState } from '@evenkeel/contract/incident'
import { isJsonObject, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { deviates, flagsIn } from './incident.past.flags.ts'
import { incidentProcess, takeBack } from './incident.process.ts'

/** An entry of one incident, as the journal keeps it. */
export type Happened = { readonly id: string; readonly type: string; readonly data: JsonObject }

export type Fault = { readonly entryId: string; readonly message: string }

/**
 * What in an incident's journal the process table does not allow: pure, for the check that a journal holds no illegal move. A bulk
 * action that was taken back is allowed to return where the entries it names came from, and nowhere else. What another system did is held to
 * what its entries say of themselves: a move that the process does not have has to be flagged.
 */
export const illegalMovesIn = (entries: readonly Happened[]): Fault[] => {
  const faults: Fault[] = []
  let state: string | null = null
  const movedBy = new Map<string, { readonly from: string; readonly to: string }>()
  for (const { id, type, data } of entries) {
    const fault = (message: string): void => void faults.push({ entryId: id, message })
    if (type === 'incident.raised') {
      if (state !== null) fault('it was raised twice')
      state = typeof data['state'] === 'string' ? data['state'] : ''
      if (state !== incidentProcess.initial) fault(`it began as ${state}`)
      continue
    }
    if (type === 'incident.imported') {
      if (state !== null) fault('it was raised twice')
      state = typeof data['state'] === 'string' ? data['state'] : ''
      if (state !== incidentProcess.initial && !flagsIn(data).includes('began_elsewhere'))
        fault(`it began as ${state} and is not flagged`)
      continue
    }
    const change = stateChangeIn(data)
    if (change === null) continue
    if (state === null) fault('it moved before it was raised')
    else if (change.from !== state) fault(`it moved from ${change.from} while it was ${state}`)
    if (type === takeBack.emits) {
      const undone = undoneBy(data, movedBy)
      if (undone === null || undone.from !== change.to || undone.to !== change.from)
        fault(`it was taken back to ${change.to} without having come from there`)
    } else if (type !== 'incident.imported_update' || !isFlagged(data))
      faults.push(...faultsOf(id, type, data, change))
    movedBy.set(id, change)
    state = change.to
  }
  return faults
}

const isFlagged = (data: JsonObject): boolean =>
  flagsIn(data).some((flag) => flag === 'no_such_move' || flag === 'from_columns')

/** How many entries of the past tell of what our process would not have allowed. */
export const flaggedIn = (entries: readonly Happened[]): number =>
  entries.filter(({ type, data }) => type.startsWith('incident.imported') && deviates(data)).length

const stateChangeIn = (data: JsonObject): { readonly from: string; readonly to: string } | null => {
  const { changes } = data
  const change = isJsonObject(changes) ? changes['state'] : undefined
  if (!isJsonObject(change)) return null
  const { from, to } = change
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : null
}

/** The way that the entries taken back led, first to last. */
const undoneBy = (
  data: JsonObject,
  movedBy: ReadonlyMap<string, { readonly from: string; readonly to: string }>,
): { readonly from: string; readonly to: string } | null => {
  const { undoes } = data
  const moves = Array.isArray(undoes)
    ? undoes.flatMap((id) => (typeof id === 'string' ? (movedBy.get(id) ?? []) : []))
    : []
  const [first, last] = [moves[0], moves.at(-1)]
  return first === undefined || last === undefined ? null : { from: first.from, to: last.to }
}

const faultsOf = (
  entryId: string,
  type: string,
  data: JsonObject,
  { from, to }: { readonly from: string; readonly to: string },
): Fault[] => {
  const found = Object.entries(incidentProcess.moves).find(([action]) => action === data['action'])
  if (found === undefined) return [{ entryId, message: `${type} moved it without a move of the process` }]
  const [action, move] = found
  const leaves: readonly IncidentState[] = move.from
  const faults: string[] = []
  if (!leaves.some((state) => state === from)) faults.push(`${action} does not leave from ${from}`)
  if (move.to !== to) faults.push(`${action} does not lead to ${to}`)
  if (move.emits !== type && type !== 'incident.imported_update')
    faults.push(`${action} is not announced as ${type}`)
  return faults.map((message) => ({ entryId, message }))
}
