import type { Readable } from 'node:stream'
import type { ImportBatch } from '@evenkeel/contract/import'
import type { ImportMapping } from '@evenkeel/contract/import-mapping'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { FileStore } from '../../platform/files/file-store.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { routingPolicy } from '../routing/index.ts'
import { keepMapping } from './import.mappings.ts'
import { enqueueBatch } from './import.queue.ts'
import { importKindOf } from './import.kind.ts'
import { fitsFile } from './import.reading.ts'
import { says } from './import.reasons.ts'
import { findBatch, listBatches, lockBatch, setBatch, type BatchRow } from './import.repo.ts'
import { mayMove, moved, type ImportMove } from './import.states.ts'
import { viewOf } from './import.view.ts'

const mostListed = 200

export const listImports = (database: Database, caller: Caller): Promise<{ imports: ImportBatch[] }> =>
  read(database, caller.tenantId, async (q) => ({
    imports: (await listBatches(q, mostListed)).map((row) => viewOf(row, caller.language)),
  }))

export const readImport = (database: Database, caller: Caller, id: string): Promise<ImportBatch> =>
  read(database, caller.tenantId, async (q) => viewOf(await findBatch(q, id), caller.language))

/** Keeps the file whole or not at all. A crash before its row is written leaves a file that nobody names, which is swept. */
export const createImport = async (
  database: Database,
  caller: Caller,
  files: FileStore,
  limitBytes: number,
  name: string,
  content: Readable,
): Promise<ImportBatch> => {
  const file = await files.put(caller.tenantId, content, limitBytes)
  const id = uuidv7()
  try {
    await write(database, caller, async (tx) => {
      tx.insert('import_batch', {
        tenant_id: tx.tenantId,
        id,
        file_name: name,
        size_bytes: file.sizeBytes,
        sha256: file.sha256,
        storage_key: file.key,
        state: 'waiting',
        created_by: caller.personId,
        created_at: caller.now,
      })
      tx.journal({
        type: 'import.uploaded',
        subject: { kind: 'import', id },
        data: { name, sizeBytes: file.sizeBytes, sha256: file.sha256.toString('hex') },
        personal: ['/name'],
      })
    })
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'unavailable') await files.remove(file.key)
    throw error
  }
  return readImport(database, caller, id)
}

/** One move of a person: lock, decide, store, journal, in one transaction; the answer is the batch as it is then. */
const move = async (
  database: Database,
  caller: Caller,
  id: string,
  wish: (batch: BatchRow) => ImportMove,
  more: (
    tx: Tx,
    batch: BatchRow,
  ) => Promise<{
    readonly set?: Readonly<Record<string, unknown>>
    readonly data?: Readonly<Record<string, string | number | null>>
    readonly personal?: readonly string[]
  }>,
): Promise<ImportBatch> => {
  await write(database, caller, async (tx) => {
    const batch = await lockBatch(tx, id)
    const { to, emits } = moved(batch.state, wish(batch))
    const { set = {}, data = {}, personal = [] } = await more(tx, batch)
    setBatch(tx, id, { ...set, state: to, worker: null, rate: 0 })
    tx.journal({
      type: emits,
      subject: { kind: 'import', id },
      data: { ...data, from: batch.state, state: to },
      personal,
    })
  })
  return readImport(database, caller, id)
}

/** Another job for the batch; its number makes it a new one. */
const queueTurn = (tx: Tx, batch: BatchRow): { turn: number; seen_at: string; tidied: boolean } => {
  enqueueBatch(tx, batch.id, batch.turn + 1)
  return { turn: batch.turn + 1, seen_at: tx.author.now, tidied: false }
}

export const examineImport = async (
  database: Database,
  caller: Caller,
  files: FileStore,
  id: string,
  { mapping, name }: { readonly mapping: ImportMapping; readonly name: string | null },
): Promise<ImportBatch> => {
  const batch = await read(database, caller.tenantId, (q) => findBatch(q, id))
  moved(batch.state, 'examine')
  importKindOf[mapping.kind].mayBring(caller, mapping)
  await Promise.all([
    fitsFile(database, files, caller, batch, mapping),
    standInsExist(database, caller, mapping),
  ])
  return move(
    database,
    caller,
    id,
    () => 'examine',
    async (tx, locked) => {
      const version = name === null ? null : await keepMapping(tx, caller.personId, name, mapping, '')
      return {
        set: {
          ...queueTurn(tx, locked),
          mapping,
          mapping_name: name,
          mapping_version: version,
          failure: null,
          findings: null,
          rows_read: 0,
          bytes_read: 0,
          rows_done: 0,
          checked_to: 0,
          outcomes: null,
          later_to: 0,
        },
        data: { source: mapping.source, mapping: name, mappingVersion: version },
      }
    },
  )
}

/** Whoever stands in for people, teams and services that nobody knows is there. */
const standInsExist = (database: Database, caller: Caller, mapping: ImportMapping): Promise<void> =>
  read(database, caller.tenantId, async (q) => {
    for (const [part, table] of [
      ['people', 'person'],
      ['teams', 'team'],
      ['services', 'service'],
    ] as const) {
      const { missing } = mapping[part]
      if (missing.do !== 'use') continue
      const found = await q.maybe({
        text: `select 1 from ${table} where tenant_id = $1 and id = $2 and is_active`,
        values: [q.tenantId, missing.id],
      })
      if (found === undefined) throw invalid(`mapping.${part}.missing.id`, says('standIn.gone'))
    }
  })

export const runImport = async (database: Database, caller: Caller, id: string): Promise<ImportBatch> => {
  const { document } = await policyInForce(database, caller.tenantId, routingPolicy, caller.now)
  return move(
    database,
    caller,
    id,
    () => 'run',
    async (tx, batch) => {
      if (batch.mapping !== null) importKindOf[batch.mapping.kind].mayBring(caller, batch.mapping)
      if (document.catchAllTeamId === null && (batch.mapping?.kind ?? 'incident') === 'incident')
        throw new Refusal('not_ready', says('standIn.team'))
      return {
        set: {
          ...queueTurn(tx, batch),
          failure: null,
          started_by: caller.personId,
          started_at: batch.started_at ?? caller.now,
          // The dry run counted its way through the same rows.
          ...(batch.state === 'examined' ? { rows_done: 0, outcomes: null, later_to: 0 } : {}),
        },
        data: { rows: batch.findings?.rows ?? null, done: batch.state === 'paused' ? batch.rows_done : 0 },
      }
    },
  )
}

export const pauseImport = (database: Database, caller: Caller, id: string): Promise<ImportBatch> =>
  move(
    database,
    caller,
    id,
    ({ state }) => (mayMove(state, 'cancel') ? 'cancel' : 'pause'),
    async (_, batch) => ({ data: { rows: batch.rows_done } }),
  )

/** One row hides all the batch brought; what it made beside records goes behind the answer. */
export const voidImport = (
  database: Database,
  caller: Caller,
  id: string,
  reason: string,
): Promise<ImportBatch> =>
  move(
    database,
    caller,
    id,
    () => 'void',
    async (tx, batch) => {
      if (batch.mapping !== null && batch.started_at !== null)
        importKindOf[batch.mapping.kind].mayBring(caller, batch.mapping)
      const continued = await importKindOf[batch.mapping?.kind ?? 'incident'].continued(tx, id)
      if (continued > 0)
        throw new Refusal('not_allowed_here', [
          { code: 'continued', message: says('void.continued', { count: continued }) },
        ])
      return {
        set: {
          ...queueTurn(tx, batch),
          voided_at: caller.now,
          taken_back: {
            reason,
            deactivated: { people: 0, teams: 0, services: 0 },
            ended: { items: 0, relations: 0 },
            kept: [],
            more: 0,
            done: false,
          },
        },
        data: { reason, records: batch.records, updates: batch.updates },
        personal: ['/reason'],
      }
    },
  )
