import type { IncidentAction, IncidentState } from '@evenkeel/contract/incident'
import type { Permission } from '@evenkeel/contract/permission'
import { defineProcess } from '../../kernel/process.ts'

/** What the guards look at: the record as it would be if the move were made. */
export type IncidentFacts = {
  readonly assigned: boolean
  readonly holdReason: string | null
  /** The hold comes with a comment the caller can read. */
  readonly callerAsked: boolean
  /** The number of the change, problem or vendor case it waits for. */
  readonly waitsOn: string | null
  readonly heldForCaller: boolean
  /** What it waited for has happened: the dependency closed or the date passed. */
  readonly waitOver: boolean
  readonly resolutionCode: string | null
  readonly resolutionNotes: string | null
  readonly openTasks: number
  /** Open children that are neither resolved with the parent nor excepted by name. */
  readonly openChildrenUnexplained: number
  readonly reopenReason: string | null
  readonly withinReopenWindow: boolean
  readonly quietLongEnough: boolean
  readonly cancelReason: string | null
  readonly duplicateOf: string | null
}

export type IncidentGuard =
  | 'assigned'
  | 'hold_reason'
  | 'caller_asked'
  | 'dependency_named'
  | 'held_for_caller'
  | 'wait_over'
  | 'resolution_code'
  | 'resolution_notes'
  | 'no_open_tasks'
  | 'children_handled'
  | 'reopen_reason'
  | 'within_window'
  | 'quiet_long_enough'
  | 'cancel_reason'
  | 'duplicate_named'

export type IncidentEntry =
  | 'incident.started'
  | 'incident.held'
  | 'incident.resumed'
  | 'incident.resolved'
  | 'incident.reopened'
  | 'incident.closed'
  | 'incident.canceled'

/** Incident management as ITIL 4 means it: restore service, not find the cause. The file an auditor reads. */
export const incidentProcess = defineProcess<
  IncidentState,
  IncidentAction,
  Permission,
  IncidentGuard,
  IncidentEntry,
  IncidentFacts
>({
  kind: 'incident',
  initial: 'new',
  states: {
    new: { label: 'New', open: true },
    in_progress: { label: 'In progress', open: true },
    on_hold: { label: 'On hold', open: true },
    resolved: { label: 'Resolved', open: false },
    closed: { label: 'Closed', open: false, final: true },
    canceled: { label: 'Canceled', open: false, final: true },
  },
  // prettier-ignore
  moves: {
    start:               { from: ['new'],                           to: 'in_progress', by: 'incident.work',      emits: 'incident.started',  label: 'Start work',   needs: ['assigned'] },
    hold:                { from: ['in_progress'],                   to: 'on_hold',     by: 'incident.work',      emits: 'incident.held',     label: 'Put on hold',  needs: ['hold_reason', 'caller_asked', 'dependency_named'] },
    resume:              { from: ['on_hold'],                       to: 'in_progress', by: 'incident.work',      emits: 'incident.resumed',  label: 'Resume' },
    caller_replied:      { from: ['on_hold'],                       to: 'in_progress', by: 'incident.answer',    emits: 'incident.resumed',                         needs: ['held_for_caller'] },
    wait_ended:          { from: ['on_hold'],                       to: 'in_progress', by: 'incident.automatic', emits: 'incident.resumed',                         needs: ['wait_over'] },
    resolve:             { from: ['in_progress', 'on_hold'],        to: 'resolved',    by: 'incident.work',      emits: 'incident.resolved', label: 'Resolve',      needs: ['resolution_code', 'resolution_notes', 'no_open_tasks', 'children_handled'] },
    resolve_with_parent: { from: ['new', 'in_progress', 'on_hold'], to: 'resolved',    by: 'incident.automatic', emits: 'incident.resolved',                        needs: ['resolution_code', 'resolution_notes'] },
    reopen:              { from: ['resolved'],                      to: 'in_progress', by: 'incident.reopen',    emits: 'incident.reopened', label: 'Reopen',       needs: ['reopen_reason'] },
    still_broken:        { from: ['resolved'],                      to: 'in_progress', by: 'incident.answer',    emits: 'incident.reopened', label: 'Still broken', needs: ['within_window'] },
    confirm:             { from: ['resolved'],                      to: 'closed',      by: 'incident.answer',    emits: 'incident.closed',   label: 'It works' },
    close:               { from: ['resolved'],                      to: 'closed',      by: 'incident.automatic', emits: 'incident.closed',                          needs: ['quiet_long_enough'] },
    cancel:              { from: ['new', 'in_progress', 'on_hold'], to: 'canceled',    by: 'incident.cancel',    emits: 'incident.canceled', label: 'Cancel',       needs: ['cancel_reason', 'duplicate_named'] },
  },
  guards: {
    assigned: (f) => f.assigned || 'give it to a person first',
    hold_reason: (f) => f.holdReason !== null || 'say what it waits for',
    caller_asked: (f) =>
      f.holdReason !== 'caller' || f.callerAsked || 'ask the caller something they can read',
    dependency_named: (f) =>
      !(f.holdReason === 'change' || f.holdReason === 'problem' || f.holdReason === 'vendor') ||
      f.waitsOn !== null ||
      `name the ${f.holdReason === 'vendor' ? 'vendor case' : f.holdReason} it waits for`,
    held_for_caller: (f) => f.heldForCaller || 'it does not wait for the caller',
    wait_over: (f) => f.waitOver || 'what it waits for has not happened yet',
    resolution_code: (f) => f.resolutionCode !== null || 'choose how it was resolved',
    resolution_notes: (f) =>
      (f.resolutionNotes !== null && f.resolutionNotes !== '') || 'write what was done',
    no_open_tasks: (f) => f.openTasks === 0 || `finish or cancel ${f.openTasks} open tasks`,
    children_handled: (f) =>
      f.openChildrenUnexplained === 0 ||
      `${f.openChildrenUnexplained} open children are neither resolved with it nor excepted`,
    reopen_reason: (f) => (f.reopenReason !== null && f.reopenReason !== '') || 'say why it is open again',
    within_window: (f) => f.withinReopenWindow || 'the time for reopening has passed; raise a new incident',
    quiet_long_enough: (f) => f.quietLongEnough || 'the caller still has time to object',
    cancel_reason: (f) => f.cancelReason !== null || 'say why it is canceled',
    duplicate_named: (f) =>
      f.cancelReason !== 'duplicate' || f.duplicateOf !== null || 'name the incident it is a duplicate of',
  },
})
