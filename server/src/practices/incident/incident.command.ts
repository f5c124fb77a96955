import type { IncidentAction, IncidentRef } from '@evenkeel/contract/incident'
import type { Permission } from '@evenkeel/contract/permission'
import { may, type Row } from '../../kernel/access.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { decide } from '../../kernel/process.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { updateRecord, type RecordChange } from '../record/index.ts'
import { incidentProcess, type IncidentFacts } from './incident.process.ts'
import { lockIncident, updateIncident, type IncidentChange, type IncidentRow } from './incident.repo.ts'
import { accessRow } from './incident.view.ts'

/** An incident under lock, with what decides who may do what to it. */
export type Held = { readonly row: IncidentRow; readonly access: Row }

/**
 * Locks the incident for a command. Who may not read it gets the same answer as for one that does not exist; who may read it but not
 * do this gets `forbidden`.
 */
export const hold = async (tx: Tx, caller: Caller, id: string, permission: Permission): Promise<Held> => {
  const [row, followers] = await Promise.all([lockIncident(tx, id), followersAmong(tx, id, caller.personId)])
  if (row === undefined) throw new Refusal('not_found')
  const access = accessRow(row, followers)
  if (!may(caller.grants, 'incident.read', caller.reach, access)) throw new Refusal('not_found')
  if (!may(caller.grants, permission, caller.reach, access)) {
    throw new Refusal('forbidden', [
      { code: permission, message: `this needs the permission ${permission} for this incident` },
    ])
  }
  return { row, access }
}

/** Of the people who follow a record (watchers, affected), those that matter: the one who asks. */
export const followersAmong = async (
  q: Pick<Tx, 'rows' | 'tenantId'>,
  recordId: string,
  personId: string,
): Promise<ReadonlySet<string>> => {
  const rows = await q.rows<{ person_id: string }>({
    name: 'record_followers_among',
    text: `select person_id from watcher where tenant_id = $1 and record_id = $2 and person_id = $3
           union select person_id from affected_person where tenant_id = $1 and record_id = $2 and person_id = $3`,
    values: [q.tenantId, recordId, personId],
  })
  return new Set(rows.map((row) => row.person_id))
}

export type Outcome = {
  readonly record?: RecordChange
  readonly incident?: IncidentChange
  /** What the entry tells beside the changes. */
  readonly data?: JsonObject
  readonly personal?: readonly string[]
}

/** Stores what a command decided and journals it: changed fields from what to what, and the version they made. */
export const store = (tx: Tx, row: IncidentRow, type: string, outcome: Outcome, cause?: string): string => {
  const changes = { ...changesOf(row, outcome.record ?? {}), ...changesOf(row, outcome.incident ?? {}) }
  updateRecord(tx, row.id, outcome.record ?? {})
  updateIncident(tx, row.id, outcome.incident ?? {})
  const personalChanges = Object.keys(changes).filter((column) => personalColumns.has(column))
  return tx.journal({
    type,
    subject: { kind: 'incident', id: row.id },
    data: { ...outcome.data, version: row.version + 1, changes },
    personal: [...(outcome.personal ?? []), ...personalChanges.map((column) => `/changes/${column}`)],
    ...(cause === undefined ? {} : { cause }),
  })
}

const personalColumns = new Set([
  'title',
  'description',
  'custom',
  'resolution_notes',
  'hold_on',
  'override_reason',
])

const changesOf = (row: IncidentRow, change: RecordChange | IncidentChange): JsonObject => {
  const before = new Map<string, unknown>(Object.entries(row))
  const changed = Object.entries(change).filter(
    ([column, value]) => value !== undefined && JSON.stringify(before.get(column)) !== JSON.stringify(value),
  )
  // Row values are JSON by the database's types (text, numbers, booleans, json, RFC 3339 strings, null).
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(
    changed.map(([column, to]) => [column, { from: before.get(column) ?? null, to }]),
  ) as JsonObject
}

/** Makes a move if the process allows it. Refusals about rights are journalled by the HTTP edge. */
export const makeMove = (
  tx: Tx,
  caller: Caller,
  held: Held,
  action: IncidentAction,
  facts: IncidentFacts,
  outcome: Outcome,
  cause?: string,
): IncidentRef => {
  const { row, access } = held
  const verdict = decide(incidentProcess, row.state, action, facts, (permission) =>
    may(caller.grants, permission, caller.reach, access),
  )
  if (!verdict.go) throw new Refusal(verdict.refusal, verdict.reasons)
  const { open } = incidentProcess.states[verdict.to]
  store(
    tx,
    row,
    verdict.emits,
    {
      ...outcome,
      record: { ...outcome.record, state: verdict.to, is_open: open },
      data: { action, ...outcome.data },
    },
    cause,
  )
  return { id: row.id, number: row.number, version: row.version + 1 }
}

/** One command on one incident, in one transaction. */
export const onIncident = (
  database: Database,
  caller: Caller,
  id: string,
  permission: Permission,
  command: (tx: Tx, held: Held) => Promise<IncidentRef>,
): Promise<IncidentRef> =>
  write(database, caller, async (tx) => command(tx, await hold(tx, caller, id, permission)))
