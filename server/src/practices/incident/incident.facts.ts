import type { IncidentFacts } from './incident.process.ts'
import type { IncidentRow } from './incident.repo.ts'

/** What the facts need beside the row. */
export type Around = {
  readonly openChildren: number
  readonly byCaller: boolean
  /** RFC 3339 with milliseconds in UTC, so that instants compare as text. */
  readonly now: string
}

/** Pure: the facts of the record as it stands, before anybody filled in a form: what the buttons show as missing. */
export const standingFacts = (row: IncidentRow, { openChildren, byCaller, now }: Around): IncidentFacts => ({
  assigned: row.assignee_id !== null,
  holdReason: row.hold_reason,
  callerAsked: false,
  waitsOn: row.hold_on,
  waitsUntil: row.hold_until,
  heldForCaller: row.hold_reason === 'caller',
  waitOver: row.hold_until !== null && row.hold_until <= now,
  resolutionCode: row.resolution_code,
  resolutionNotes: row.resolution_notes,
  openTasks: 0,
  openChildren,
  openChildrenUnexplained: openChildren,
  parentResolved: false,
  byCaller,
  reopenReason: null,
  withinReopenWindow: row.auto_close_at === null || now < row.auto_close_at,
  quietLongEnough: row.auto_close_at !== null && row.auto_close_at <= now,
  cancelReason: row.cancel_reason,
  duplicateOf: null,
})
