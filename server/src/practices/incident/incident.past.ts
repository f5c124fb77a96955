import type { IncidentAction, IncidentState } from '@evenkeel/contract/incident'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { PastUpdate } from '../record/index.ts'
import type { PastFlag } from './incident.past.flags.ts'
import { judged, lackingIn } from './incident.past.moves.ts'
import {
  changesBetween,
  firstRow,
  isEnded,
  moved,
  type Changes,
  type PastRow,
  type PastRules,
} from './incident.past.row.ts'
import { inOrder, stateIn, titleIn, valuesOf, type Values } from './incident.past.values.ts'
import { incidentProcess } from './incident.process.ts'

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
export type PastHistory = {
  readonly row: PastRow
  readonly entries: readonly PastEntryDraft[]
  readonly recorded: JsonObject
}

/**
 * Pure: a record's whole history from what a file says of it, line by line. Nothing is bent to fit: what our process has no word for is
 * kept as it was, with a flag.
 */
export const historyOf = (updates: readonly PastUpdate[], rules: PastRules): PastHistory | null => {
  const [first, ...later] = inOrder(updates)
  if (first === undefined) return null
  const title = titleIn([first, ...later])
  const created = firstSaid([first, ...later], 'createdAt')
  const values = { ...first.values, title, ...(created === null ? {} : { createdAt: created }) }
  const begun = beginningOf({ ...first, values }, later.length === 0, rules)
  return furtherHistory(begun, [first], later, rules)
}

/** Pure: what later lines add to a record that is here already. */
export const continuedHistory = (
  row: PastRow,
  known: readonly PastUpdate[],
  updates: readonly PastUpdate[],
  rules: PastRules,
): PastHistory => furtherHistory({ row, entries: [] }, known, inOrder(updates), rules)

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

const firstSaid = (updates: readonly PastUpdate[], field: string): string | null =>
  updates.find(({ values }) => (values[field] ?? null) !== null)?.values[field] ?? null
const lastSaid = (updates: readonly PastUpdate[], field: string): string | null => {
  const told = updates.findLast(({ values }) => (values[field] ?? null) !== null)
  return told === undefined ? null : (valuesOf(told).get(field) ?? null)
}

/** What the other system counted goes before what its lines show; what a row of ours has no place for stays beside it. */
const withRecorded = (
  row: PastRow,
  entries: readonly PastEntryDraft[],
  updates: readonly PastUpdate[],
): PastHistory => {
  const reassignments = count(lastSaid(updates, 'recordedReassignments'))
  const reopens = count(lastSaid(updates, 'recordedReopens'))
  const missed = lastSaid(updates, 'recordedMissed')
  const places = {
    closedAt: row.closed_at,
    resolutionCode: row.resolution_code,
    resolutionNotes: row.resolution_notes,
    cancelReason: row.cancel_reason,
  }
  const placeless = Object.entries(places).flatMap(([field, place]) => {
    const said = lastSaid(updates, field)
    return said === null || said === place ? [] : [[field, said] as const]
  })
  const resolvedAt = lastSaid(updates, 'resolvedAt')
  return {
    row: {
      ...row,
      reassignment_count: reassignments ?? row.reassignment_count,
      reopen_count: reopens ?? row.reopen_count,
    },
    entries,
    recorded: {
      ...(missed === null ? {} : { missed: missed === 'true' }),
      ...(reassignments === null ? {} : { reassignments }),
      ...(reopens === null ? {} : { reopens }),
      ...Object.fromEntries(placeless),
      // Null as well: our own row may know better, from the history, than the file's column.
      ...(resolvedAt === row.resolved_at ? {} : { resolvedAt }),
    },
  }
}
