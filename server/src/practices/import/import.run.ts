import type { ImportMapping } from '@evenkeel/contract/import-mapping'
import { Refusal } from '../../kernel/refusal.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { nextNumber, type PastBatch, type PastKind } from '../record/index.ts'
import { routingPolicy } from '../routing/index.ts'
import { mostUpdates } from './import.bounds.ts'
import { paceOf } from './import.pace.ts'
import { knownRecords, pastKinds, recordsOf, wordsIn } from './import.past.ts'
import { says } from './import.reasons.ts'
import { keptBook, keyOf, makeMissing } from './import.references.ts'
import { insertFaults, nextRecords, rowsOfRecords, setBatch, type BatchRow } from './import.repo.ts'
import { makeReport } from './import.report.ts'
import type { Turn } from './import.turn.ts'

/**
 * The run: makes whom and what the records need, then brings the records in the order in which the file first names them. How far it is
 * commits with what it brought, so that it goes on behind the last whole record wherever it was stopped.
 */
export const runBatch = async (turn: Turn): Promise<void> => {
  const { batch, batchId, settings } = turn
  const mapping = batch.mapping
  if (mapping === null || batch.started_by === null)
    throw new Error('a batch that runs was examined and started')
  const kind = pastKinds[mapping.kind]
  const supportTeamId = await standInTeam(turn)
  while (await turn.step((tx) => makeMissing(tx, batchId, mapping, supportTeamId)));
  const past = (tx: Tx): PastBatch => ({
    id: batchId,
    source: mapping.source,
    standIns: { teamId: supportTeamId, personId: batch.started_by ?? batch.created_by },
    nextNumber: () => nextNumber(settings.database, tx.author, mapping.kind),
  })
  const book = keptBook(batchId)
  const pace = paceOf(50, 10, 150)
  for (;;) {
    const begun = performance.now()
    const rows = await turn.step((tx, now) =>
      bringSome(tx, now, mapping, kind, past(tx), book, pace.size, pace.rate),
    )
    if (rows === null) break
    pace.took(rows, performance.now() - begun)
  }
  const report = await turn.step((tx, now) => makeReport(tx, now, kind))
  const now = await turn.step(async (_, row) => row)
  await turn.end(
    'finish',
    { report, finished_at: settings.now(), failure: null },
    { records: now.records, updates: now.updates, known: now.known, refused: now.refused },
  )
}

/** Whoever routing sends everything else to looks after what the file gives to nobody. */
const standInTeam = async ({ settings, tenantId }: Turn): Promise<string> => {
  const { document } = await policyInForce(settings.database, tenantId, routingPolicy, settings.now())
  const teamId = document.catchAllTeamId
  if (teamId === null) throw new Refusal('not_ready', says('standIn.team'))
  return teamId
}

/** Brings the next records in one transaction. @returns how many rows they had, or null when there are none left */
const bringSome = async (
  tx: Tx,
  batch: BatchRow,
  mapping: ImportMapping,
  kind: PastKind,
  past: PastBatch,
  book: ReturnType<typeof keptBook>,
  most: number,
  rate: number,
): Promise<number | null> => {
  // Two batches of one source know of each other's records: one at a time looks and writes.
  const alone = tx.maybe({
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`import ${tx.tenantId} ${mapping.source}`],
  })
  const [next] = await Promise.all([nextRecords(tx, batch.id, batch.done_to, most, 600), alone])
  const last = next.at(-1)
  if (last === undefined) return null
  const coming = next.filter((record) => !record.refused && record.rows <= mostUpdates)
  const keys = coming.map(({ record_key }) => record_key)
  const [rows, known] = await Promise.all([
    rowsOfRecords(tx, batch.id, keys),
    knownRecords(tx, mapping.source, keys),
  ])
  const words = new Map(
    rows.flatMap((row) => wordsIn(kind, row.translated)).map((word) => [keyOf(word), word]),
  )
  const fates = await book.read(tx, words)
  const records = recordsOf(kind, keys, rows, fates, known).filter(({ updates }) => updates.length > 0)
  const brought = await kind.bring(tx, past, records)
  insertFaults(
    tx,
    batch.id,
    brought.refused.map(({ sourceKey, ...fault }) => ({ ...fault, record: sourceKey })),
    200,
  )
  const rowCount = next.reduce((sum, record) => sum + record.rows, 0)
  const refusedRecords = new Set(brought.refused.map(({ sourceKey }) => sourceKey))
  const refused =
    rows.filter((row) => row.refused || refusedRecords.has(row.record_key)).length +
    next.filter((record) => !coming.includes(record)).reduce((sum, record) => sum + record.rows, 0)
  setBatch(tx, batch.id, {
    done_to: last.place,
    rows_done: batch.rows_done + rowCount,
    records: batch.records + brought.records,
    updates: batch.updates + brought.updates,
    refused: batch.refused + refused,
    known: batch.known + rowCount - refused - brought.updates,
    rate,
  })
  return rowCount
}
