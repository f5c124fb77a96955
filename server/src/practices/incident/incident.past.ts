import type { IncidentAction, IncidentState, Level, Priority } from '@evenkeel/contract/incident'
import { holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import { endReasons, incidentActions, incidentChannels, incidentStates } from '@evenkeel/contract/incident'
import type { PriorityMatrix } from '@evenkeel/contract/policy'
import type { Json, JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { PastFault, PastRecord, PastUpdate } from '../record/index.ts'
import type { PastFlag } from './incident.past.flags.ts'
import { priorityOf } from './incident.priority.ts'
import { incidentProcess, type IncidentFacts, type IncidentGuard } from './incident.process.ts'
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

type Origin = {
  readonly line: number
  readonly at: string
  /** One of our people, or null when the file names nobody. */
  readonly by: string | null
}
/** One entry of the journal, before it has an id. */
export type PastEntryDraft = Origin & {
  readonly flags: readonly PastFlag[]
} & (
    | { readonly kind: 'beginning'; readonly row: PastRow; readonly updateKey: string | null }
    | {
        readonly kind: 'update'
        readonly version: number | null
        readonly changes: Changes
        readonly action: IncidentAction | null
        /** Null for what is told by columns beside a line of its own. */
        readonly updateKey: string | null
      }
    | { readonly kind: 'comment'; readonly body: string }
    | { readonly kind: 'note'; readonly body: string }
  )
type Changes = Readonly<Record<string, { readonly from: Json; readonly to: Json }>>

export type PastHistory = {
  readonly row: PastRow
  readonly entries: readonly PastEntryDraft[]
  readonly recorded: JsonObject
}

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

/** In the order in which it was: by time, then as the file has it. Each update once. */
export const inOrder = (updates: readonly PastUpdate[]): PastUpdate[] => {
  const seen = new Set<string>()
  return updates
    .toSorted((one, other) => (one.at === other.at ? one.line - other.line : one.at < other.at ? -1 : 1))
    .filter(({ updateKey }) => !seen.has(updateKey) && seen.add(updateKey))
}

/**
 * Pure: a record's whole history from what a file says of it, line by line. Nothing is bent to fit: what our process has no word for is
 * kept as it was, with a flag.
 */
export const historyOf = (updates: readonly PastUpdate[], rules: PastRules): PastHistory | null => {
  const [first, ...later] = inOrder(updates)
  if (first === undefined) return null
  // Nothing is without a title: one that comes later is its title from the beginning.
  const title = titleIn([first, ...later])
  const begun = beginningOf({ ...first, values: { ...first.values, title } }, later.length === 0, rules)
  return furtherHistory(begun, [first], later, rules)
}

/** Pure: what later lines add to a record that is here already. */
export const continuedHistory = (
  row: PastRow,
  known: readonly PastUpdate[],
  updates: readonly PastUpdate[],
  rules: PastRules,
): PastHistory => furtherHistory({ row, entries: [] }, known, inOrder(updates), rules)

const titleIn = (updates: readonly PastUpdate[]): string | null =>
  updates.map(({ values }) => values['title'] ?? '').find((title) => title.trim() !== '') ?? null

type Told = { readonly row: PastRow; readonly entries: readonly PastEntryDraft[] }

const furtherHistory = (
  begun: Told,
  before: readonly PastUpdate[],
  later: readonly PastUpdate[],
  rules: PastRules,
): PastHistory => {
  let { row } = begun
  const entries = [...begun.entries]
  for (const update of later) {
    const told = updated(row, update, update.at, valuesOf(update), rules)
    entries.push({ ...told.entry, updateKey: update.updateKey }, ...saidIn(update))
    row = heard(told.row, update)
  }
  return withRecorded(row, entries, [...before, ...later])
}

const isEnded = (state: IncidentState): boolean => !incidentProcess.states[state].open

/**
 * How the first line begins a record. One that says only how it ended, or that is the only one, has columns that tell when what it passed
 * through was: each becomes an entry at its own time, flagged as that.
 */
const beginningOf = (update: PastUpdate, isOnly: boolean, rules: PastRules): Told => {
  const values = valuesOf(update)
  const state = stateIn(values) ?? incidentProcess.initial
  const createdAt = values.get('createdAt') ?? update.at
  const raisedBy = values.get('raisedBy') ?? update.by
  const lacks: PastFlag[] = [
    ...(values.get('team') == null ? (['team_stands_in'] as const) : []),
    ...(values.get('requester') == null ? (['caller_stands_in'] as const) : []),
  ]
  const origin = { line: update.line, by: raisedBy }
  const told = isEnded(state) || (isOnly && createdAt < update.at && state !== incidentProcess.initial)
  if (!told) {
    const at = isOnly && createdAt < update.at ? createdAt : update.at
    const row = firstRow(values, update, state, at, createdAt, rules)
    return {
      row: heard(row, update),
      entries: [
        {
          ...origin,
          kind: 'beginning',
          at,
          row,
          updateKey: update.updateKey,
          flags: [
            ...(state === incidentProcess.initial
              ? []
              : (['began_elsewhere', ...lackingIn(state, row)] as const)),
            ...lacks,
          ],
        },
        ...saidIn(update),
      ],
    }
  }
  const begun = firstRow(values, update, incidentProcess.initial, createdAt, createdAt, rules)
  const steps: { readonly state: IncidentState; readonly at: string }[] = []
  const resolvedAt = values.get('resolvedAt') ?? null
  if (state === 'closed' && resolvedAt !== null) steps.push({ state: 'resolved', at: resolvedAt })
  if (state === 'resolved') steps.push({ state, at: resolvedAt ?? update.at })
  else if (isEnded(state)) steps.push({ state, at: values.get('closedAt') ?? update.at })
  else steps.push({ state, at: update.at })
  let row = begun
  const entries: PastEntryDraft[] = [
    {
      ...origin,
      kind: 'beginning',
      at: createdAt,
      row,
      updateKey: null,
      flags: ['from_columns', ...lacks],
    },
  ]
  for (const [index, step] of steps.entries()) {
    const here = new Map([...values, ['state', step.state] as const])
    const step1 = updated(row, update, step.at, here, rules)
    row = step1.row
    entries.push({
      ...step1.entry,
      action: null,
      updateKey: index === steps.length - 1 ? update.updateKey : null,
      flags: ['from_columns', ...step1.entry.flags.filter((flag) => flag !== 'no_such_move')],
    })
  }
  return { row: heard(row, update), entries: [...entries, ...saidIn(update)] }
}

type Values = ReadonlyMap<string, string | null>

/** Texts without what no database keeps: half characters and the sign that ends strings. */
const valuesOf = ({ values }: PastUpdate): Values =>
  new Map(Object.entries(values).map(([field, value]) => [field, value === null ? null : cleaned(value)]))
const cleaned = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

const oneOf =
  <const V extends string>(choices: readonly V[]) =>
  (value: string | null | undefined): V | null =>
    choices.find((choice) => choice === value) ?? null
const asState = oneOf(incidentStates)
const asHold = oneOf(holdReasons)
const asCode = oneOf(resolutionCodes)
const asEnd = oneOf(endReasons)
const asChannel = oneOf(incidentChannels)
const stateIn = (values: Values): IncidentState | null => asState(values.get('state'))

const levels: Readonly<Record<string, Level>> = { '1': 1, '2': 2, '3': 3 }
const priorities: Readonly<Record<string, Priority>> = { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5 }

const firstRow = (
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
const moved = (
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

/** One line after the first: what it changed, the move it made, and what the process misses in it. */
const updated = (
  before: PastRow,
  update: PastUpdate,
  at: string,
  values: Values,
  rules: PastRules,
): {
  readonly row: PastRow
  readonly entry: Extract<PastEntryDraft, { readonly kind: 'update' }>
} => {
  const state = stateIn(values) ?? before.state
  const { row, codeStandsIn } = moved(before, values, state, at, rules)
  const changes = changesBetween(before, row)
  const isChanged = Object.keys(changes).length > 0
  const { action, flags } = judged(before, row, update.by)
  const version = before.version + (isChanged ? 1 : 0)
  return {
    row: { ...row, version },
    entry: {
      kind: 'update',
      line: update.line,
      at,
      by: update.by,
      version: isChanged ? version : null,
      changes,
      action,
      updateKey: update.updateKey,
      flags: codeStandsIn && before.resolution_code === null ? [...flags, 'code_stands_in'] : flags,
    },
  }
}

const changesBetween = (before: PastRow, after: PastRow): Changes => {
  const changes: Record<string, { from: Json; to: Json }> = {}
  for (const column of columns)
    if (before[column] !== after[column]) changes[column] = { from: before[column], to: after[column] }
  for (const key of new Set([...Object.keys(before.custom), ...Object.keys(after.custom)])) {
    const [from, to] = [before.custom[key] ?? null, after.custom[key] ?? null]
    if (from !== to) changes[`custom.${key}`] = { from, to }
  }
  return changes
}

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

const judged = (
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
const lackingIn = (state: IncidentState, row: PastRow): PastFlag[] => {
  if (state === 'in_progress' && row.assignee_id === null) return ['unassigned']
  return state === 'on_hold' && row.hold_reason === null ? ['no_hold_reason'] : []
}

const saidIn = (update: PastUpdate): PastEntryDraft[] => {
  const values = valuesOf(update)
  return (['comment', 'note'] as const).flatMap((kind) => {
    const body = values.get(kind)?.trim() ?? ''
    const { line, at, by } = update
    return body === '' ? [] : [{ kind, line, at, by, body, flags: [] }]
  })
}

/** The caller heard from us when somebody else than they wrote. */
const heard = (row: PastRow, { values, by, at }: PastUpdate): PastRow =>
  (values['comment'] ?? '').trim() === '' || by === row.requester_id ? row : { ...row, last_public_at: at }

const count = (text: string | null | undefined): number | null =>
  text != null && /^\d{1,6}$/.test(text) ? Number(text) : null

const lastSaid = (updates: readonly PastUpdate[], field: string): string | null | undefined =>
  updates.findLast(({ values }) => values[field] != null)?.values[field]

/** What the other system counted goes before what its lines show; what a row of ours has no place for stays beside it. */
const withRecorded = (
  row: PastRow,
  entries: readonly PastEntryDraft[],
  updates: readonly PastUpdate[],
): PastHistory => {
  const reassignments = count(lastSaid(updates, 'recordedReassignments'))
  const reopens = count(lastSaid(updates, 'recordedReopens'))
  const missed = lastSaid(updates, 'recordedMissed')
  const final = updates.at(-1)
  const last = final === undefined ? new Map<string, string | null>() : valuesOf(final)
  const kept = ['resolvedAt', 'closedAt', 'resolutionCode', 'resolutionNotes', 'cancelReason'].flatMap(
    (field) => {
      const said = last.get(field)
      return said === undefined || said === placeOf(row, field) ? [] : [[field, said] as const]
    },
  )
  return {
    row: {
      ...row,
      reassignment_count: reassignments ?? row.reassignment_count,
      reopen_count: reopens ?? row.reopen_count,
    },
    entries,
    recorded: {
      ...(missed == null ? {} : { missed: missed === 'true' }),
      ...(reassignments === null ? {} : { reassignments }),
      ...(reopens === null ? {} : { reopens }),
      ...Object.fromEntries(kept),
    },
  }
}

const placeOf = (row: PastRow, field: string): string | null => {
  switch (field) {
    case 'resolvedAt':
      return row.resolved_at
    case 'closedAt':
      return row.closed_at
    case 'resolutionCode':
      return row.resolution_code
    case 'resolutionNotes':
      return row.resolution_notes
    default:
      return row.cancel_reason
  }
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

const longestNumber = 40
const longestTitle = 200
const longestText = 65_536
const instants = ['createdAt', 'resolvedAt', 'closedAt'] as const
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Pure: what refuses a whole record. */
export const faultsIn = (record: PastRecord): PastFault[] => {
  const updates = inOrder(record.updates)
  const faults: PastFault[] = []
  const fault = (line: number, code: PastFault['code'], value: string | null): void => {
    faults.push({ line, column: null, value: value === null ? null : value.slice(0, 200), code })
  }
  const [first] = updates
  if (first === undefined) return []
  if (record.known === null && titleIn(updates) === null) fault(first.line, 'missing', null)
  let number: string | null = null
  for (const { line, at, values } of updates) {
    if (!instant.test(at)) fault(line, 'not_an_instant', at)
    for (const field of instants) {
      const value = values[field] ?? null
      if (value !== null && !instant.test(value)) fault(line, 'not_an_instant', value)
    }
    for (const [field, longest] of [
      ['number', longestNumber],
      ['title', longestTitle],
      ['description', longestText],
      ['comment', longestText],
      ['note', longestText],
      ['resolutionNotes', longestText],
    ] as const) {
      const value = values[field] ?? null
      if (value !== null && value.length > longest) fault(line, 'too_long', value)
    }
    const said = values['number'] ?? null
    if (said !== null && number !== null && said !== number) fault(line, 'contradiction', said)
    number = said ?? number
  }
  return faults
}
