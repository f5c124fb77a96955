import type { IncidentAction, IncidentState } from '@evenkeel/contract/incident'
import type { Permission } from '@evenkeel/contract/permission'
import type { Reason } from '@evenkeel/contract/refusal'
import { defineProcess } from '../../kernel/process.ts'
import type { IncidentEntryType } from './incident.entries.ts'

/** What the guards look at: the record as it would be if the move were made. */
export type IncidentFacts = {
  readonly assigned: boolean
  readonly holdReason: string | null
  /** The hold comes with a comment the caller can read. */
  readonly callerAsked: boolean
  /** The number of the change, problem or vendor case it waits for. */
  readonly waitsOn: string | null
  readonly waitsUntil: string | null
  readonly heldForCaller: boolean
  /** What it waited for has happened: the dependency closed or the date passed. */
  readonly waitOver: boolean
  readonly resolutionCode: string | null
  readonly resolutionNotes: string | null
  readonly openTasks: number
  readonly openChildren: number
  /** Open children that are neither resolved with the parent nor excepted by name. */
  readonly openChildrenUnexplained: number
  /** The parent it belongs to is being resolved. */
  readonly parentResolved: boolean
  /** Whoever makes the move is the person it happens to, not one of those who follow. */
  readonly byCaller: boolean
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
  | 'date_named'
  | 'held_for_caller'
  | 'wait_over'
  | 'resolution_code'
  | 'resolution_notes'
  | 'no_open_tasks'
  | 'children_handled'
  | 'no_open_children'
  | 'parent_resolved'
  | 'by_caller'
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

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

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
    hold:                { from: ['in_progress'],                   to: 'on_hold',     by: 'incident.work',      emits: 'incident.held',     label: 'Put on hold',  needs: ['hold_reason', 'caller_asked', 'dependency_named', 'date_named'] },
    resume:              { from: ['on_hold'],                       to: 'in_progress', by: 'incident.work',      emits: 'incident.resumed',  label: 'Resume' },
    caller_replied:      { from: ['on_hold'],                       to: 'in_progress', by: 'incident.answer',    emits: 'incident.resumed',                         needs: ['held_for_caller', 'by_caller'] },
    wait_ended:          { from: ['on_hold'],                       to: 'in_progress', by: 'incident.automatic', emits: 'incident.resumed',                         needs: ['wait_over'] },
    resolve:             { from: ['in_progress', 'on_hold'],        to: 'resolved',    by: 'incident.work',      emits: 'incident.resolved', label: 'Resolve',      needs: ['resolution_code', 'resolution_notes', 'no_open_tasks', 'children_handled'] },
    resolve_with_parent: { from: ['new', 'in_progress', 'on_hold'], to: 'resolved',    by: 'incident.automatic', emits: 'incident.resolved',                        needs: ['parent_resolved', 'resolution_code', 'resolution_notes', 'no_open_tasks'] },
    reopen:              { from: ['resolved'],                      to: 'in_progress', by: 'incident.reopen',    emits: 'incident.reopened', label: 'Reopen',       needs: ['reopen_reason'] },
    still_broken:        { from: ['resolved'],                      to: 'in_progress', by: 'incident.answer',    emits: 'incident.reopened', label: 'Still broken', needs: ['within_window'] },
    confirm:             { from: ['resolved'],                      to: 'closed',      by: 'incident.answer',    emits: 'incident.closed',   label: 'It works',     needs: ['by_caller'] },
    close:               { from: ['resolved'],                      to: 'closed',      by: 'incident.automatic', emits: 'incident.closed',                          needs: ['quiet_long_enough'] },
    cancel:              { from: ['new', 'in_progress', 'on_hold'], to: 'canceled',    by: 'incident.cancel',    emits: 'incident.canceled', label: 'Cancel',       needs: ['cancel_reason', 'duplicate_named', 'no_open_children'] },
    withdraw:            { from: ['new', 'in_progress', 'on_hold'], to: 'canceled',    by: 'incident.answer',    emits: 'incident.canceled',                        needs: ['by_caller', 'no_open_children'] },
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
    date_named: (f) =>
      f.holdReason !== 'user_scheduled' || f.waitsUntil !== null || 'say which date it is scheduled for',
    held_for_caller: (f) => f.heldForCaller || 'it does not wait for the caller',
    wait_over: (f) => f.waitOver || 'what it waits for has not happened yet',
    resolution_code: (f) => f.resolutionCode !== null || 'choose how it was resolved',
    resolution_notes: (f) =>
      (f.resolutionNotes !== null && f.resolutionNotes !== '') || 'write what was done',
    no_open_tasks: (f) =>
      f.openTasks === 0 || `finish or cancel ${counted(f.openTasks, 'open task', 'open tasks')} first`,
    children_handled: (f) =>
      f.openChildrenUnexplained === 0 ||
      `${counted(f.openChildrenUnexplained, 'open child is', 'open children are')} neither resolved with it nor excepted`,
    no_open_children: (f) =>
      f.openChildren === 0 ||
      `resolve or release ${counted(f.openChildren, 'open child', 'open children')} first`,
    parent_resolved: (f) => f.parentResolved || 'its parent is not being resolved',
    by_caller: (f) => f.byCaller || 'only the person it happened to can say this',
    reopen_reason: (f) => (f.reopenReason !== null && f.reopenReason !== '') || 'say why it is open again',
    within_window: (f) => f.withinReopenWindow || 'the time for reopening has passed; raise a new incident',
    quiet_long_enough: (f) => f.quietLongEnough || 'the caller still has time to object',
    cancel_reason: (f) => f.cancelReason !== null || 'say why it is canceled',
    duplicate_named: (f) =>
      f.cancelReason !== 'duplicate' || f.duplicateOf !== null || 'name the incident it is a duplicate of',
  },
})

/**
 * What is done to an incident beside moves, who may, and in which states. What is closed or canceled is frozen: notes and links are
 * added to it, nothing in it changes.
 */
// prettier-ignore
export const incidentTasks = {
  edit:              { by: 'incident.edit',              in: ['new', 'in_progress', 'on_hold', 'resolved'] },
  assign:            { by: 'incident.assign',            in: ['new', 'in_progress', 'on_hold'] },
  override_priority: { by: 'incident.override_priority', in: ['new', 'in_progress', 'on_hold'] },
  comment:           { by: 'incident.comment',           in: ['new', 'in_progress', 'on_hold', 'resolved'] },
  note:              { by: 'incident.note',              in: ['new', 'in_progress', 'on_hold', 'resolved', 'closed', 'canceled'] },
  share:             { by: 'incident.edit',              in: ['new', 'in_progress', 'on_hold', 'resolved'] },
  join:              { by: 'incident.affected',          in: ['new', 'in_progress', 'on_hold'] },
  absorb:            { by: 'incident.cancel',            in: ['new', 'in_progress', 'on_hold', 'resolved'] },
  link:              { by: 'incident.link',              in: ['new', 'in_progress', 'on_hold', 'resolved', 'closed', 'canceled'] },
  change_parent:     { by: 'incident.link',              in: ['new', 'in_progress', 'on_hold'] },
  adopt:             { by: 'incident.link',              in: ['new', 'in_progress', 'on_hold'] },
} as const satisfies Record<string, { readonly by: Permission; readonly in: readonly IncidentState[] }>
export type IncidentTask = keyof typeof incidentTasks

/** True, or why not in this state. */
export const taskFits = (task: IncidentTask, state: IncidentState): true | Reason => {
  const states: readonly IncidentState[] = incidentTasks[task].in
  if (states.includes(state)) return true
  const { label, final } = incidentProcess.states[state]
  const instead =
    final === true
      ? 'it is a finished record; raise a new incident that follows it'
      : `it can be done while ${states.map((name) => incidentProcess.states[name].label).join(', ')}`
  return { code: 'state', message: `${label} does not allow this; ${instead}` }
}

/**
 * A bulk action may be taken back for a while: the records return to what they were, also from a final state. That is the correction
 * of a slip of the hand, not a move; both the slip and its correction are in the journal.
 */
export const takeBack = {
  by: 'incident.bulk',
  emits: 'incident.taken_back',
  withinMinutes: 15,
} as const satisfies {
  readonly by: Permission
  readonly emits: IncidentEntryType
  readonly withinMinutes: number
}
