import type { SheetEntry } from './incident.command.ts'
import type { IncidentRow } from './incident.repo.ts'

type ChangeAndData = Required<Pick<SheetEntry, 'change' | 'data'>>

/**
 * Pure: what ends a wait, whoever ends it. The entry keeps how long it was and why, as facts for the clocks: they pause by the service
 * target's definition, not by the state alone.
 */
export const endedWait = (row: IncidentRow, now: string): ChangeAndData =>
  row.hold_reason === null || row.held_at === null
    ? { change: {}, data: {} }
    : {
        change: { hold_reason: null, hold_on: null, hold_until: null, held_at: null },
        data: { held: { reason: row.hold_reason, from: row.held_at, to: now } },
      }

/**
 * Pure: what ends a resolution that did not hold. The same resolution clock goes on without the interval that the incident was
 * resolved, which the entry keeps.
 */
export const endedResolution = (row: IncidentRow, now: string): ChangeAndData => ({
  change: {
    resolved_at: null,
    resolution_code: null,
    resolution_notes: null,
    resolved_by: null,
    auto_close_at: null,
    reopen_count: row.reopen_count + 1,
  },
  data: { resolved: { from: row.resolved_at, to: now } },
})
