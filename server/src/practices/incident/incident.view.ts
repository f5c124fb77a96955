import type { IncidentRow as RowView, IncidentView, OfferedMove } from '@evenkeel/contract/incident'
import type { Permission } from '@evenkeel/contract/permission'
import { may, type Row } from '../../kernel/access.ts'
import { offers } from '../../kernel/process.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { incidentProcess, type IncidentFacts } from './incident.process.ts'
import { priorityReason } from './incident.priority.ts'
import type { IncidentRow } from './incident.repo.ts'

/** What decides access to this incident, for this caller. */
export const accessRow = (row: IncidentRow, followers: ReadonlySet<string>): Row => ({
  requesterId: row.requester_id,
  followers,
  assigneeId: row.assignee_id,
  teamId: row.team_id,
  serviceId: row.service_id,
  confidential: row.confidentiality === 'confidential',
})

/** The facts of the record as it stands, before anybody filled in a form: what the buttons show as missing. */
export const standingFacts = (row: IncidentRow, openChildren: number, now: string): IncidentFacts => ({
  assigned: row.assignee_id !== null,
  holdReason: row.hold_reason,
  callerAsked: false,
  waitsOn: row.hold_on,
  heldForCaller: row.hold_reason === 'caller',
  waitOver: row.hold_until !== null && row.hold_until <= now,
  resolutionCode: row.resolution_code,
  resolutionNotes: row.resolution_notes,
  openTasks: 0,
  openChildrenUnexplained: openChildren,
  reopenReason: null,
  withinReopenWindow: row.auto_close_at === null || now < row.auto_close_at,
  quietLongEnough: row.auto_close_at !== null && row.auto_close_at <= now,
  cancelReason: row.cancel_reason,
  duplicateOf: null,
})

export const offeredMoves = (
  caller: Caller,
  row: IncidentRow,
  access: Row,
  openChildren: number,
): OfferedMove[] =>
  offers(incidentProcess, row.state, standingFacts(row, openChildren, caller.now), (permission) =>
    may(caller.grants, permission, caller.reach, access),
  ).map((offer) => ({ ...offer, reasons: [...offer.reasons] }))

const asked: readonly Permission[] = [
  'incident.comment',
  'incident.note',
  'incident.edit',
  'incident.assign',
  'incident.override_priority',
  'incident.affected',
  'incident.link',
  'incident.answer',
  'incident.read_internal',
]

export const allowedOn = (caller: Caller, access: Row): Permission[] =>
  asked.filter((permission) => may(caller.grants, permission, caller.reach, access))

/** Names beside ids, as the detail query brings them. */
export type Names = {
  readonly service_name: string | null
  readonly team_name: string
  readonly assignee_name: string | null
  readonly requester_name: string
}

export const rowView = (row: IncidentRow & Names): RowView => ({
  id: row.id,
  number: row.number,
  title: row.title,
  state: row.state,
  priority: row.priority,
  service: row.service_id === null ? null : { id: row.service_id, name: row.service_name ?? '' },
  team: { id: row.team_id, name: row.team_name },
  assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
  requester: { id: row.requester_id, name: row.requester_name },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  resolvedAt: row.resolved_at,
  lastPublicAt: row.last_public_at,
  version: row.version,
})

export type Around = Pick<IncidentView, 'parent' | 'children' | 'links' | 'watchers' | 'affected'>

export const incidentView = (
  caller: Caller,
  row: IncidentRow & Names & { resolver_name: string | null },
  access: Row,
  around: Around,
): IncidentView => {
  const internal = may(caller.grants, 'incident.read_internal', caller.reach, access)
  const openChildren = around.children.filter((child) => incidentProcess.states[child.state].open).length
  return {
    ...rowView(row),
    ...around,
    description: row.description,
    impact: row.impact,
    urgency: row.urgency,
    computedPriority: row.computed_priority,
    priorityReason: priorityReason(
      {
        impact: row.impact,
        urgency: row.urgency,
        computed: row.computed_priority,
        priority: row.priority,
        override: internal ? row.override_reason : null,
      },
      row.matrix_version,
    ),
    overrideReason: internal ? row.override_reason : null,
    routing: internal
      ? { sentence: row.routing.sentence, rule: row.routing.rule, version: row.routing.version }
      : null,
    channel: row.channel,
    category: row.category,
    confidential: row.confidentiality === 'confidential',
    hold:
      row.hold_reason === null || row.held_at === null
        ? null
        : {
            reason: row.hold_reason,
            until: row.hold_until,
            on: internal ? row.hold_on : null,
            since: row.held_at,
          },
    resolution:
      row.resolution_code === null || row.resolved_at === null
        ? null
        : {
            code: row.resolution_code,
            notes: row.resolution_notes ?? '',
            by: row.resolved_by === null ? null : { id: row.resolved_by, name: row.resolver_name ?? '' },
            at: row.resolved_at,
          },
    cancelReason: row.cancel_reason,
    closedAt: row.closed_at,
    autoCloseAt: row.auto_close_at,
    reopenCount: row.reopen_count,
    reassignmentCount: internal ? row.reassignment_count : null,
    custom: row.custom,
    moves: offeredMoves(caller, row, access, openChildren),
    allowed: allowedOn(caller, access),
  }
}
