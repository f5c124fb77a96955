import {
  type BulkAction,
  type BulkList,
  type BulkPreview,
  type BulkRecord,
  mostInBulk,
} from '@evenkeel/contract/bulk'
import type { Permission } from '@evenkeel/contract/permission'
import type { Reason } from '@evenkeel/contract/refusal'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { dryRun } from './record.dry-run.ts'
import { says } from './record.reasons.ts'

/** What a practice has to know of changing many of its records at once. */
export type BulkKind<Change> = {
  readonly kind: 'incident' | 'item'
  /** Whoever has it for everything sees, and takes back, what others changed: who sees the mistake is not always who made it. */
  readonly permission: Permission
  readonly undoableMinutes: number
  /** The kinds of changes, in order. */
  readonly words: (change: Change) => string[]
  /** @returns what changes one record in a transaction: the version it made, or null when it made none */
  readonly prepare: (
    database: Database,
    caller: Caller,
    change: Change,
  ) => Promise<(tx: Tx, id: string, cause?: string) => Promise<number | null>>
  /** Takes back what one version of a record changed. @throws Refusal where it cannot */
  readonly takeBack: (
    tx: Tx,
    caller: Caller,
    what: { readonly recordId: string; readonly version: number | null; readonly bulkId: string },
  ) => Promise<void>
  /** Of records that the reader may see. */
  readonly names: (
    q: Reader,
    caller: Caller,
    ids: readonly string[],
  ) => Promise<ReadonlyMap<string, { readonly number: string | null; readonly title: string }>>
  /** The first of a list. */
  readonly firstOf: (
    database: Database,
    caller: Caller,
    list: BulkList,
    most: number,
  ) => Promise<{ readonly ids: string[]; readonly found: BulkPreview['found'] }>
}

type Result = {
  readonly id: string
  readonly outcome: 'ready' | 'done' | 'refused' | 'not_found'
  readonly reasons: readonly Reason[]
}

/** What a bulk action would do, found out by doing it to each record and taking it back. */
export const previewBulk = async <Change>(
  bulk: BulkKind<Change>,
  database: Database,
  caller: Caller,
  about: { readonly ids?: readonly string[] | undefined; readonly list?: BulkList | undefined },
  change: Change,
): Promise<BulkPreview> => {
  const { ids, found } =
    about.list === undefined
      ? { ids: about.ids ?? [], found: { count: about.ids?.length ?? 0, capped: false } }
      : await bulk.firstOf(database, caller, about.list, mostInBulk)
  const apply = await bulk.prepare(database, caller, change)
  const results: Result[] = []
  for (const id of ids)
    results.push(
      await resultOf(caller, id, 'ready', () => dryRun(database, caller, (tx: Tx) => apply(tx, id))),
    )
  return read(database, caller.tenantId, async (q) => ({
    count: results.length,
    found,
    ready: results.filter((result) => result.outcome === 'ready').length,
    records: await withNames(bulk, q, caller, results.map(asRecord)),
  }))
}

/**
 * Changes many records, each in a transaction of its own, with its result in the same one: after a crash it is known what was done.
 * The answer is remembered first, so that repeating the request with its Idempotency-Key starts nothing twice.
 */
export const startBulk = async <Change>(
  bulk: BulkKind<Change>,
  database: Database,
  caller: Caller,
  ids: readonly string[],
  change: Change,
  once: OnceStore | null,
): Promise<{ id: string }> => {
  const bulkId = uuidv7()
  const kinds = bulk.words(change)
  const cause = await write(database, caller, async (tx) => {
    tx.insert('bulk_action', {
      tenant_id: tx.tenantId,
      id: bulkId,
      kind: bulk.kind,
      steps: kinds,
      count: ids.length,
      actor_id: caller.personId,
      created_at: caller.now,
    })
    once?.remember(tx, 201, { id: bulkId })
    return tx.journal({
      type: 'bulk.started',
      subject: { kind: 'bulk', id: bulkId },
      data: { steps: kinds, count: ids.length },
    })
  })
  const apply = await bulk.prepare(database, caller, change)
  const refused: (Result & { readonly position: number })[] = []
  for (const [position, id] of ids.entries()) {
    const work = async (tx: Tx): Promise<void> => {
      const version = await apply(tx, id, cause)
      keepResult(tx, bulkId, position, { id, outcome: 'done', reasons: [] }, version)
    }
    const result = await resultOf(caller, id, 'done', () => write(database, caller, work))
    if (result.outcome !== 'done') refused.push({ ...result, position })
  }
  await write(database, caller, async (tx) => {
    for (const result of refused) keepResult(tx, bulkId, result.position, result, null)
    tx.send({
      name: 'bulk_finish',
      text: 'update bulk_action set finished_at = $3 where tenant_id = $1 and id = $2',
      values: [tx.tenantId, bulkId, caller.now],
    })
    tx.journal({
      type: 'bulk.finished',
      subject: { kind: 'bulk', id: bulkId },
      data: { done: ids.length - refused.length, refused: refused.length },
      cause,
    })
  })
  return { id: bulkId }
}

/** A refusal about one record is that record's result; anything else ends the whole. */
const resultOf = async (
  { language }: Caller,
  id: string,
  outcome: 'ready' | 'done',
  work: () => Promise<unknown>,
): Promise<Result> => {
  try {
    await work()
    return { id, outcome, reasons: [] }
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'unavailable') throw error
    if (error.code === 'not_found') return { id, outcome: 'not_found', reasons: [] }
    return { id, outcome: 'refused', reasons: error.reasonsIn(language) }
  }
}

const keepResult = (
  tx: Tx,
  bulkId: string,
  position: number,
  { id, outcome, reasons }: Result,
  version: number | null,
): void => {
  tx.insert('bulk_result', {
    tenant_id: tx.tenantId,
    bulk_id: bulkId,
    record_id: id,
    position,
    outcome,
    version,
    reasons: JSON.stringify(reasons),
  })
}

const asRecord = ({ id, outcome, reasons }: Result): Omit<BulkRecord, 'number' | 'title'> => ({
  id,
  outcome,
  reasons: [...reasons],
  undo: null,
})

/** With number and title where the reader may see the record; a foreign id looks like one that does not exist (A3). */
const withNames = async <Change>(
  bulk: BulkKind<Change>,
  q: Reader,
  caller: Caller,
  records: readonly Omit<BulkRecord, 'number' | 'title'>[],
): Promise<BulkRecord[]> => {
  const readable = await bulk.names(
    q,
    caller,
    records.map((record) => record.id),
  )
  return records.map((record) => {
    const row = readable.get(record.id)
    return { ...record, number: row?.number ?? null, title: row?.title ?? null }
  })
}

type ActionRow = {
  readonly id: string
  readonly steps: string[]
  readonly count: number
  readonly done: number
  readonly actor_id: string
  readonly actor_name: string
  readonly created_at: string
  readonly finished_at: string | null
  readonly undone_at: string | null
}

const selectAction = `select b.id, b.steps, b.count, b.actor_id, p.name as actor_name, b.created_at, b.finished_at, b.undone_at,
    (select count(*)::int from bulk_result r where r.tenant_id = b.tenant_id and r.bulk_id = b.id and r.outcome = 'done') as done
  from bulk_action b join person p on p.tenant_id = b.tenant_id and p.id = b.actor_id`

const undoableUntil = (row: ActionRow, minutes: number): string =>
  new Date(Date.parse(row.created_at) + minutes * 60_000).toISOString()

const actionView = (row: ActionRow, minutes: number): BulkAction => ({
  id: row.id,
  at: row.created_at,
  by: { id: row.actor_id, name: row.actor_name },
  steps: row.steps,
  count: row.count,
  done: row.done,
  finishedAt: row.finished_at,
  undoableUntil: undoableUntil(row, minutes),
  undoneAt: row.undone_at,
})

export const listBulk = <Change>(
  { kind, undoableMinutes }: BulkKind<Change>,
  database: Database,
  caller: Caller,
): Promise<{ rows: BulkAction[] }> =>
  read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<ActionRow>({
      name: 'bulk_list',
      text: `${selectAction} where b.tenant_id = $1 and b.actor_id = $2 and b.created_at > $3 and b.kind = $4 order by b.created_at desc, b.id desc limit 100`,
      values: [
        q.tenantId,
        caller.personId,
        new Date(Date.parse(caller.now) - 86_400_000).toISOString(),
        kind,
      ],
    })
    return { rows: rows.map((row) => actionView(row, undoableMinutes)) }
  })

/** One's own, or anybody's for who may change everything in bulk: the one who sees the mistake is not always the one who made it. */
const findAction = async <Change>(
  { kind, permission }: BulkKind<Change>,
  q: Reader,
  caller: Caller,
  id: string,
): Promise<ActionRow> => {
  const row = await q.maybe<ActionRow>({
    name: 'bulk_find',
    text: `${selectAction} where b.tenant_id = $1 and b.id = $2 and b.kind = $3`,
    values: [q.tenantId, id, kind],
  })
  const all = caller.grants.get(permission)?.has('all') === true
  if (row === undefined || !(row.actor_id === caller.personId || all)) throw new Refusal('not_found')
  return row
}

type ResultRow = {
  readonly record_id: string
  readonly outcome: 'done' | 'refused' | 'not_found'
  readonly version: number | null
  readonly reasons: Reason[]
  readonly undo_outcome: 'done' | 'refused' | null
  readonly undo_reasons: Reason[]
}

const resultsOf = (q: Reader, id: string): Promise<ResultRow[]> =>
  q.rows<ResultRow>({
    name: 'bulk_results',
    text: `select record_id, outcome, version, reasons, undo_outcome, undo_reasons from bulk_result
           where tenant_id = $1 and bulk_id = $2 order by position`,
    values: [q.tenantId, id],
  })

export const readBulk = <Change>(
  bulk: BulkKind<Change>,
  database: Database,
  caller: Caller,
  id: string,
): Promise<BulkAction & { records: BulkRecord[] }> =>
  read(database, caller.tenantId, async (q) => {
    const [row, results] = await Promise.all([findAction(bulk, q, caller, id), resultsOf(q, id)])
    const records = results.map((result) => ({
      id: result.record_id,
      outcome: result.outcome,
      reasons: result.reasons,
      undo:
        result.undo_outcome === null ? null : { outcome: result.undo_outcome, reasons: result.undo_reasons },
    }))
    return {
      ...actionView(row, bulk.undoableMinutes),
      records: await withNames(bulk, q, caller, records),
    }
  })

/**
 * Takes a bulk action back: each record returns to what it was, the last one first, unless somebody changed the same fields since.
 * What was cut short goes on where it stopped when it is asked for again; a record is never taken back twice.
 */
export const undoBulk = async <Change>(
  bulk: BulkKind<Change>,
  database: Database,
  caller: Caller,
  id: string,
): Promise<{ done: number; refused: number }> => {
  const [row, results] = await read(database, caller.tenantId, (q) =>
    Promise.all([findAction(bulk, q, caller, id), resultsOf(q, id)]),
  )
  if (row.undone_at !== null) throw new Refusal('not_allowed_here', says('bulk.already'))
  if (caller.now > undoableUntil(row, bulk.undoableMinutes))
    throw new Refusal('not_ready', says('bulk.late', { minutes: bulk.undoableMinutes }))
  for (const result of results.toReversed())
    if (result.outcome === 'done' && result.undo_outcome === null)
      await undoOne(bulk, database, caller, id, result)
  return write(database, caller, async (tx) => {
    const { done, refused } = await tx.one<{ done: number; refused: number }>({
      name: 'bulk_undo_count',
      text: `select count(*) filter (where undo_outcome = 'done')::int as done,
               count(*) filter (where undo_outcome = 'refused')::int as refused
             from bulk_result where tenant_id = $1 and bulk_id = $2`,
      values: [tx.tenantId, id],
    })
    tx.send({
      name: 'bulk_undo_finish',
      text: 'update bulk_action set undone_at = $3 where tenant_id = $1 and id = $2',
      values: [tx.tenantId, id, caller.now],
    })
    tx.journal({ type: 'bulk.undone', subject: { kind: 'bulk', id }, data: { done, refused } })
    return { done, refused }
  })
}

const undoOne = async <Change>(
  bulk: BulkKind<Change>,
  database: Database,
  caller: Caller,
  bulkId: string,
  { record_id: recordId, version }: ResultRow,
): Promise<void> => {
  const settle = (tx: Tx, outcome: 'done' | 'refused', reasons: readonly Reason[]): void =>
    tx.send({
      name: 'bulk_undo_settle',
      text: 'update bulk_result set undo_outcome = $4, undo_reasons = $5 where tenant_id = $1 and bulk_id = $2 and record_id = $3',
      values: [tx.tenantId, bulkId, recordId, outcome, JSON.stringify(reasons)],
    })
  try {
    await write(database, caller, async (tx) => {
      const open = await tx.maybe<{ record_id: string }>({
        name: 'bulk_undo_claim',
        text: `select record_id from bulk_result
               where tenant_id = $1 and bulk_id = $2 and record_id = $3 and undo_outcome is null for update`,
        values: [tx.tenantId, bulkId, recordId],
      })
      if (open === undefined) return
      await bulk.takeBack(tx, caller, { recordId, version, bulkId })
      settle(tx, 'done', [])
    })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'unavailable') throw error
    const reasons =
      error.code === 'not_found'
        ? [{ code: 'not_found', message: says('bulk.reach').in(caller.language) }]
        : error.reasonsIn(caller.language)
    await write(database, caller, async (tx) => settle(tx, 'refused', reasons))
  }
}
