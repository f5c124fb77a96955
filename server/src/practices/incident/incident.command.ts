import type { Reason } from '@evenkeel/contract/refusal'
import type { IncidentState, IncidentAction, IncidentRef } from '@evenkeel/contract/incident'
import type { Permission } from '@evenkeel/contract/permission'
import { may, type Row } from '../../kernel/access.ts'
import { jsonPointer, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { decide } from '../../kernel/process.ts'
import { invalid, Refusal, type Ground } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import {
  followingOf,
  type recordColumns,
  touchRecord,
  updateRecord,
  type Following,
} from '../record/index.ts'
import type { IncidentEntryType } from './incident.entries.ts'
import { phrased } from './incident.language.ts'
import {
  incidentProcess,
  incidentTasks,
  taskFits,
  type IncidentFacts,
  type IncidentTask,
} from './incident.process.ts'
import {
  type incidentColumns,
  lockIncident,
  lockInOrder,
  updateIncident,
  type IncidentRow,
} from './incident.repo.ts'
import { says } from './incident.reasons.ts'

/** Who acts on an incident, and what they may do to it. */
export type By = {
  /** Null for the system. */
  readonly personId: string | null
  readonly may: (permission: Permission) => boolean
  /** What they are told, and why something does not go, is said in it. */
  readonly language: string
}

/** What decides access to this incident, for this caller. */
const accessRow = (row: IncidentRow, caller: { readonly personId: string }, follows: boolean): Row => ({
  requesterId: row.requester_id,
  followers: new Set(follows ? [caller.personId] : []),
  assigneeId: row.assignee_id,
  teamId: row.team_id,
  serviceId: row.service_id,
  confidential: row.confidentiality === 'confidential',
})

/** A caller's rights on one incident. Answering as the caller takes being one: who only watches may read and comment. */
export const rightsOn = (
  row: IncidentRow,
  caller: Pick<Caller, 'personId' | 'grants' | 'reach' | 'language'>,
  following: Pick<Following, 'affected' | 'shared'>,
): By => {
  const reading = accessRow(row, caller, following.affected || following.shared)
  const answering = accessRow(row, caller, following.affected)
  return {
    personId: caller.personId,
    language: caller.language,
    may: (permission) =>
      may(caller.grants, permission, caller.reach, permission === 'incident.answer' ? answering : reading),
  }
}

/** The system: the moves that only it makes, and nothing else. */
export const bySystem: By = {
  personId: null,
  language: 'en',
  may: (permission) => permission === 'incident.automatic',
}

export type Change = {
  readonly [column in (typeof recordColumns)[number] | (typeof incidentColumns)[number]]?: IncidentRow[column]
}

export type SheetEntry = {
  readonly type: IncidentEntryType
  readonly change?: Change
  /** What the entry tells beside the changes. */
  readonly data?: JsonObject
  /** JSON pointers into `data`; personal columns among the changes are known. */
  readonly personal?: readonly string[]
  readonly cause?: string
}

export type EnteredEntry = { readonly type: IncidentEntryType; readonly data: JsonObject }

/**
 * One incident under lock while a command works on it. Each step enters what it changes and why; later steps see what earlier ones
 * left; `finish` stores the sum as one new version. So a macro of five steps is five entries and one version.
 */
export type Sheet = {
  readonly tx: Tx
  readonly by: By
  readonly id: string
  readonly before: IncidentRow
  /** The incident as the steps so far left it. */
  readonly row: IncidentRow
  readonly entries: readonly EnteredEntry[]
  /** Changes fields and says so with one journal entry, whose id it returns. */
  enter(entry: SheetEntry): string
  /** Enters what leads to everything entered after it. */
  enterCause(entry: SheetEntry): void
  /** The caller heard from us. */
  reachedCaller(): void
  /** Stores what was entered. */
  finish(): IncidentRef
}

/** @param cause the entry behind everything on this sheet, when something else led to it */
export const openSheet = (tx: Tx, by: By, before: IncidentRow, cause?: string): Sheet => {
  let row = before
  let total: Change = {}
  let version = before.version
  let lastPublicAt: string | null = null
  let leading = cause
  const entries: EnteredEntry[] = []
  const { id } = before
  const enter: Sheet['enter'] = (entry) => {
    const changes = changesBetween(row, entry.change ?? {})
    const names = Object.keys(changes)
    if (names.length > 0) {
      version = before.version + 1
      row = { ...row, ...entry.change }
      total = { ...total, ...entry.change }
    }
    const data: JsonObject = { ...entry.data, ...(names.length > 0 ? { version, changes } : {}) }
    const because = entry.cause ?? leading
    const entryId = tx.journal({
      type: entry.type,
      subject: { kind: 'incident', id },
      data,
      personal: [
        ...(entry.personal ?? []),
        ...names.filter(isPersonal).map((name) => jsonPointer(['changes', name])),
      ],
      ...(because === undefined ? {} : { cause: because }),
    })
    entries.push({ type: entry.type, data })
    return entryId
  }
  return {
    tx,
    by,
    id,
    before,
    entries,
    get row() {
      return row
    },
    enter,
    enterCause: (entry) => {
      leading = enter(entry)
    },
    reachedCaller: () => {
      lastPublicAt = tx.author.now
    },
    finish: () => {
      if (version > before.version) {
        updateRecord(tx, id, lastPublicAt === null ? total : { ...total, last_public_at: lastPublicAt })
        updateIncident(tx, id, total)
      } else if (entries.length > 0) touchRecord(tx, id, lastPublicAt)
      return { id, number: before.number, version }
    },
  }
}

const personalColumns = new Set(['title', 'description', 'resolution_notes', 'hold_on', 'override_reason'])
export const isPersonal = (column: string): boolean =>
  personalColumns.has(column) || column.startsWith('custom.')

/** Pure: what a change would alter, from what to what; custom fields one by one, so that they merge one by one. */
const changesBetween = (row: IncidentRow, change: Change): JsonObject => {
  const { custom, ...columns } = change
  const before = new Map<string, unknown>(Object.entries(row))
  const wanted = Object.entries(columns).map(([column, to]) => ({ column, from: before.get(column), to }))
  const keys = custom === undefined ? [] : [...new Set([...Object.keys(row.custom), ...Object.keys(custom)])]
  const wantedCustom = keys.map((key) => ({
    column: `custom.${key}`,
    from: row.custom[key],
    to: custom?.[key],
  }))
  const changed = [...wanted, ...wantedCustom].filter(
    ({ from, to }) => JSON.stringify(from ?? null) !== JSON.stringify(to ?? null),
  )
  // Row values are JSON by the database's types (text, numbers, booleans, json, RFC 3339 strings, null).
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(
    changed.map(({ column, from, to }) => [column, { from: from ?? null, to: to ?? null }]),
  ) as JsonObject
}

/** Pure: whether a change would alter anything. */
export const isChange = (row: IncidentRow, change: Change): boolean =>
  Object.keys(changesBetween(row, change)).length > 0

/**
 * Locks the incident for a command. Who may not read it gets the same answer as for one that does not exist; who may read it but not
 * do this gets `forbidden`.
 *
 * @param alongside incidents that the command locks too: all are locked in the order of their ids, so that no two commands wait for
 * each other
 */
export const hold = async (
  tx: Tx,
  caller: Caller,
  id: string,
  permission: Permission,
  { alongside = [], cause }: { readonly alongside?: readonly string[]; readonly cause?: string } = {},
): Promise<Sheet> => {
  if (alongside.length > 0) await lockInOrder(tx, [id, ...alongside])
  const [row, following] = await Promise.all([lockIncident(tx, id), followingOf(tx, id, caller.personId)])
  if (row === undefined) throw new Refusal('not_found')
  const by = rightsOn(row, caller, following)
  if (!by.may('incident.read')) throw new Refusal('not_found')
  mustBeAllowed(by, permission)
  return openSheet(tx, by, row, cause)
}

export const mustBeAllowed = (by: By, permission: Permission): void => {
  if (by.may(permission)) return
  throw new Refusal('forbidden', [
    { code: permission, message: phrased('permission', (phrases) => phrases.permission(permission)) },
  ])
}

/** Why a state does not allow a task. */
export const unfitFor = (task: IncidentTask, state: IncidentState, { code, message }: Reason): Ground => ({
  code,
  message: phrased(code, (phrases) => phrases.unfit(message, state, incidentTasks[task].in)),
})

/** Refuses a task that this person may not do, or that the incident's state does not allow. */
export const mustFit = ({ by, row }: Pick<Sheet, 'by' | 'row'>, task: IncidentTask): void => {
  mustBeAllowed(by, incidentTasks[task].by)
  const fits = taskFits(task, row.state)
  if (fits !== true) throw new Refusal('not_allowed_here', [unfitFor(task, row.state, fits)])
}

/** Makes a move if the process allows it; returns its entry. Refusals about rights are journalled by the HTTP edge. */
export const makeMove = (
  sheet: Sheet,
  action: IncidentAction,
  facts: IncidentFacts,
  entry: Omit<SheetEntry, 'type'> = {},
): string => {
  const verdict = decide(incidentProcess, sheet.row.state, action, facts, sheet.by.may)
  if (!verdict.go) {
    const grounds = verdict.reasons.map((reason) => ({
      code: reason.code,
      message: phrased(reason.code, ({ unfit, guarded }) =>
        verdict.refusal === 'not_allowed_here'
          ? unfit(reason.message, sheet.row.state, incidentProcess.moves[action].from)
          : (guarded([reason], facts)[0]?.message ?? reason.message),
      ),
    }))
    throw new Refusal(verdict.refusal, grounds)
  }
  return sheet.enter({
    ...entry,
    type: verdict.emits,
    change: { ...entry.change, state: verdict.to, is_open: incidentProcess.states[verdict.to].open },
    data: { action, ...entry.data },
  })
}

/** One command on one incident, in one transaction. */
export const onIncident = (
  database: Database,
  caller: Caller,
  id: string,
  permission: Permission,
  command: (sheet: Sheet) => Promise<void> | void,
  alongside: readonly string[] = [],
): Promise<IncidentRef> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, permission, { alongside })
    await command(sheet)
    return sheet.finish()
  })

/** Refuses people who do not exist, are of another tenant, or have left: one answer for all three. */
export const mustBeActive = async (tx: Tx, personId: string, field: string): Promise<void> => {
  const person = await tx.maybe<{ id: string }>({
    name: 'incident_active_person',
    text: 'select id from person where tenant_id = $1 and id = $2 and is_active',
    values: [tx.tenantId, personId],
  })
  if (person === undefined) throw invalid(field, says('person.none'))
}
