import type { IncidentState, Level, Priority } from '@evenkeel/contract/incident'
import type { PriorityMatrix } from '@evenkeel/contract/policy'
import type { Json } from '../../kernel/evidence/canonical-json.ts'
import type { PastUpdate } from '../record/index.ts'
import { asChannel, asCode, asEnd, asHold, type Values } from './incident.past.values.ts'
import { priorityOf } from './incident.priority.ts'
import { incidentProcess } from './incident.process.ts'
import type { IncidentRow } from './incident.repo.ts'

/** The columns that a line of a file can set. */
const columns = [
  'title',
  'description',
  'state',
  'is_open',
  'priority',
  'impact',
  'urgency',
  'service_id',
  'team_id',
  'assignee_id',
  'requester_id',
  'category',
  'channel',
  'hold_reason',
  'held_at',
  'resolution_code',
  'resolution_notes',
  'resolved_by',
  'resolved_at',
  'cancel_reason',
  'closed_at',
] as const
export type PastColumns = Pick<IncidentRow, (typeof columns)[number] | 'custom'>

/** The record as its history so far left it. */
export type PastRow = PastColumns &
  Pick<
    IncidentRow,
    | 'number'
    | 'computed_priority'
    | 'override_reason'
    | 'raised_by'
    | 'assigned_at'
    | 'team_since'
    | 'team_path'
    | 'reopen_count'
    | 'reassignment_count'
    | 'created_at'
    | 'updated_at'
    | 'last_public_at'
    | 'version'
  >

/** What the rules of this product add to what the file says. */
export type PastRules = {
  readonly source: string
  readonly matrix: PriorityMatrix
  readonly standIns: { readonly teamId: string; readonly personId: string }
  /** Types of the custom fields by key. */
  readonly custom: ReadonlyMap<string, 'text' | 'number' | 'choice' | 'date' | 'boolean'>
  /** For a record whose file gives none. */
  readonly number: string
}

export const isEnded = (state: IncidentState): boolean => !incidentProcess.states[state].open

const levels: Readonly<Record<string, Level>> = { '1': 1, '2': 2, '3': 3 }
const priorities: Readonly<Record<string, Priority>> = { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5 }

export const firstRow = (
  values: Values,
  update: PastUpdate,
  state: IncidentState,
  at: string,
  createdAt: string,
  rules: PastRules,
): PastRow => {
  const { standIns } = rules
  const requester = values.get('requester') ?? standIns.personId
  const blank: PastRow = {
    number: values.get('number') ?? rules.number,
    title: '',
    description: '',
    state: incidentProcess.initial,
    is_open: true,
    priority: 4,
    computed_priority: 4,
    override_reason: null,
    impact: 3,
    urgency: 3,
    service_id: null,
    team_id: values.get('team') ?? standIns.teamId,
    assignee_id: null,
    requester_id: requester,
    category: '',
    channel: 'desk',
    hold_reason: null,
    held_at: null,
    resolution_code: null,
    resolution_notes: null,
    resolved_by: null,
    resolved_at: null,
    cancel_reason: null,
    closed_at: null,
    custom: {},
    raised_by: values.get('raisedBy') ?? update.by ?? requester,
    assigned_at: null,
    team_since: createdAt,
    team_path: [values.get('team') ?? standIns.teamId],
    reopen_count: 0,
    reassignment_count: 0,
    created_at: createdAt,
    updated_at: at,
    last_public_at: null,
    version: 1,
  }
  const { row } = moved(blank, values, state, at, rules)
  return { ...row, reopen_count: 0, reassignment_count: 0 }
}

/** The row as one line says it is, at its time; what the line says nothing about stays, what it says is unknown becomes so. */
export const moved = (
  before: PastRow,
  values: Values,
  state: IncidentState,
  at: string,
  rules: PastRules,
): { readonly row: PastRow; readonly codeStandsIn: boolean } => {
  const orElse = <V>(field: string, absent: V, read: (value: string | null) => V): V => {
    const value = values.get(field)
    return value === undefined ? absent : read(value)
  }
  const impact = levels[values.get('impact') ?? ''] ?? before.impact
  const urgency = levels[values.get('urgency') ?? ''] ?? before.urgency
  const service_id = orElse('service', before.service_id, (id) => id)
  const computed = priorityOf(rules.matrix, service_id, impact, urgency)
  const priority =
    priorities[values.get('priority') ?? ''] ??
    (values.has('priority') && before.override_reason !== null ? before.priority : computed)
  const team_id = values.get('team') ?? before.team_id
  const assignee_id = orElse('assignee', before.assignee_id, (id) => id)
  const isNewTeam = team_id !== before.team_id
  const isNewPerson = assignee_id !== before.assignee_id
  const handedOver = isNewPerson && before.assignee_id !== null && assignee_id !== null
  const isHeld = state === 'on_hold'
  const wasHeld = before.state === 'on_hold'
  const hold_reason = isHeld ? orElse('holdReason', wasHeld ? before.hold_reason : null, asHold) : null
  const ended = endOf(before, values, state, at)
  const row: PastRow = {
    ...before,
    title: (values.get('title') ?? '').trim() === '' ? before.title : (values.get('title') ?? ''),
    description: orElse('description', before.description, (text) => text ?? ''),
    state,
    is_open: incidentProcess.states[state].open,
    priority,
    computed_priority: computed,
    // In no language: the name of the system that says so.
    override_reason: priority === computed ? null : rules.source,
    impact,
    urgency,
    service_id,
    team_id,
    assignee_id,
    requester_id: values.get('requester') ?? before.requester_id,
    category: orElse('category', before.category, (text) => text ?? ''),
    channel: asChannel(values.get('channel')) ?? before.channel,
    hold_reason,
    held_at:
      hold_reason === null ? null : hold_reason === before.hold_reason && wasHeld ? before.held_at : at,
    ...ended.columns,
    custom: customIn(before.custom, values, rules),
    assigned_at: assignee_id === null ? null : isNewPerson ? at : before.assigned_at,
    team_since: isNewTeam ? at : before.team_since,
    team_path: isNewTeam ? [...before.team_path, team_id].slice(-longestPath) : before.team_path,
    reopen_count: before.reopen_count + (isEnded(before.state) && !isEnded(state) ? 1 : 0),
    reassignment_count: before.reassignment_count + (isNewTeam || handedOver ? 1 : 0),
    updated_at: at,
  }
  return { row, codeStandsIn: ended.codeStandsIn }
}

// As long as what commands keep.
const longestPath = 50

type Ended = Pick<
  PastRow,
  'resolution_code' | 'resolution_notes' | 'resolved_by' | 'resolved_at' | 'cancel_reason' | 'closed_at'
>
const notEnded: Ended = {
  resolution_code: null,
  resolution_notes: null,
  resolved_by: null,
  resolved_at: null,
  cancel_reason: null,
  closed_at: null,
}

/** How it ended: from the columns, or else from when it came to that state. What is open has not ended, whatever its columns foresee. */
const endOf = (
  before: PastRow,
  values: Values,
  state: IncidentState,
  at: string,
): { readonly columns: Ended; readonly codeStandsIn: boolean } => {
  if (!isEnded(state)) return { columns: notEnded, codeStandsIn: false }
  const was = isEnded(before.state) ? before : notEnded
  const closed_at = state === 'resolved' ? null : (values.get('closedAt') ?? was.closed_at ?? at)
  if (state === 'canceled')
    return {
      columns: {
        ...notEnded,
        closed_at,
        cancel_reason: asEnd(values.get('cancelReason')) ?? was.cancel_reason,
      },
      codeStandsIn: false,
    }
  const code = asCode(values.get('resolutionCode')) ?? was.resolution_code
  const notes = values.get('resolutionNotes') ?? was.resolution_notes
  const codeStandsIn = code === null && notes !== null
  return {
    columns: {
      ...notEnded,
      // The two are kept together or not at all.
      resolution_code: codeStandsIn ? 'fixed' : code,
      resolution_notes: code === null && notes === null ? null : (notes ?? ''),
      resolved_by: values.get('resolvedBy') ?? was.resolved_by,
      resolved_at: values.get('resolvedAt') ?? was.resolved_at ?? (state === 'resolved' ? at : null),
      closed_at,
    },
    codeStandsIn,
  }
}

const customIn = (before: PastRow['custom'], values: Values, { custom }: PastRules): PastRow['custom'] => {
  const result = new Map(Object.entries(before))
  for (const [field, value] of values) {
    if (!field.startsWith('custom.')) continue
    const key = field.slice('custom.'.length)
    const type = custom.get(key)
    if (type === undefined) continue
    if (value === null) result.delete(key)
    else if (type === 'number') result.set(key, Number.isFinite(Number(value)) ? Number(value) : value)
    else if (type === 'boolean') result.set(key, value === 'true')
    else result.set(key, value)
  }
  return Object.fromEntries(result)
}

export type Changes = Readonly<Record<string, { readonly from: Json; readonly to: Json }>>

export const changesBetween = (before: PastRow, after: PastRow): Changes => {
  const changes: Record<string, { from: Json; to: Json }> = {}
  for (const column of columns)
    if (before[column] !== after[column]) changes[column] = { from: before[column], to: after[column] }
  for (const key of new Set([...Object.keys(before.custom), ...Object.keys(after.custom)])) {
    const [from, to] = [before.custom[key] ?? null, after.custom[key] ?? null]
    if (from !== to) changes[`custom.${key}`] = { from, to }
  }
  return changes
}
