import type { ImportMapping, ImportShape } from '@evenkeel/contract/import-mapping'
import { Refusal } from '../../kernel/refusal.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { routingPolicy } from '../routing/index.ts'
import { mostUpdates } from './import.bounds.ts'
import { paceOf } from './import.pace.ts'
import { importKindOf, type BroughtSome, type ImportKind } from './import.kind.ts'
import { added } from './import.outcomes.ts'
import { wordsIn } from './import.past.ts'
import { says } from './import.reasons.ts'
import { keptBook, keyOf, makeMissing } from './import.references.ts'
import {
  insertFaults,
  laterRecords,
  nextRecords,
  rowsOfRecords,
  setBatch,
  type BatchRow,
  type StoredRow,
} from './import.repo.ts'
import type { Turn } from './import.turn.ts'

/**
 * The run: makes whom and what the records need, then brings the records in the order in which the file first names them. How far it is
 * commits with what it brought, so that it goes on behind the last whole record wherever it was stopped.
 */
export const runBatch = async (turn: Turn): Promise<void> => {
  const { batch, batchId, settings, tenantId } = turn
  const mapping = batch.mapping
  if (mapping === null || batch.started_by === null)
    throw new Error('a batch that runs was examined and started')
  const kind = importKindOf[mapping.kind]
  const shape = await kind.shape(settings.database, tenantId, settings.now(), null)
  const supportTeamId = await standInTeam(turn, shape)
  while (await turn.step((tx) => makeMissing(tx, batchId, mapping, supportTeamId)));
  const coming: Coming = { turn, mapping, shape, kind, supportTeamId, book: keptBook(batchId) }
  const pace = shape.isDated ? paceOf(50, 10, 150) : paceOf(200, 50, 500)
  let brought = 0
  let countAt = firstCount
  for (;;) {
    const begun = performance.now()
    const rows = await turn.step((tx, now) => bringSome(tx, now, coming, pace.size, pace.rate))
    if (rows === null) break
    pace.took(rows, performance.now() - begun)
    brought += rows
    if (brought < countAt) continue
    while (await turn.step((tx) => kind.count(tx)));
    countAt = brought * 2
  }
  while (await turn.step((tx, now) => bringAgain(tx, now, coming)));
  const report = await turn.step((tx, now) => kind.report(tx, now))
  await turn.step((tx, now) => kind.finish(tx, now))
  const now = await turn.step(async (_, row) => row)
  await turn.end(
    'finish',
    { report, finished_at: settings.now(), failure: null },
    { records: now.records, updates: now.updates, known: now.known, refused: now.refused },
  )
}

// Below that it does not matter which way the planner takes.
const firstCount = 500

/** Whoever routing sends everything else to looks after what the file gives to nobody. */
const standInTeam = async ({ settings, tenantId }: Turn, { isDated }: ImportShape): Promise<string> => {
  const { document } = await policyInForce(settings.database, tenantId, routingPolicy, settings.now())
  const teamId = document.catchAllTeamId
  // Items have no such stand-in: a service without a team is refused by name.
  if (teamId === null && !isDated) return ''
  if (teamId === null) throw new Refusal('not_ready', says('standIn.team'))
  return teamId
}

type Coming = {
  readonly turn: Turn
  readonly mapping: ImportMapping
  readonly shape: ImportShape
  readonly kind: ImportKind
  readonly supportTeamId: string
  readonly book: ReturnType<typeof keptBook>
}

/** Records with all that is needed to bring them. */
const bring = async (
  tx: Tx,
  batch: BatchRow,
  { turn, mapping, shape, kind, supportTeamId, book }: Coming,
  keys: readonly string[],
): Promise<{ rows: readonly StoredRow[]; brought: BroughtSome }> => {
  const rows = await rowsOfRecords(tx, batch.id, keys)
  const words = new Map(
    rows.flatMap((row) => wordsIn(shape, row.translated)).map((word) => [keyOf(word), word]),
  )
  const fates = await book.read(tx, words)
  const some = { mapping, shape, keys, rows, fates, standInTeamId: supportTeamId }
  return { rows, brought: await kind.bring(tx, turn, some) }
}

/** Two batches of one source know of each other's records: one at a time looks and writes. */
const alone = (tx: Tx, { mapping: { source } }: Coming): Promise<unknown> =>
  tx.maybe({
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`import ${tx.tenantId} ${source}`],
  })

/** Brings the next records in one transaction. @returns how many rows they had, or null when there are none left */
const bringSome = async (
  tx: Tx,
  batch: BatchRow,
  coming: Coming,
  most: number,
  rate: number,
): Promise<number | null> => {
  const [next] = await Promise.all([nextRecords(tx, batch.id, batch.done_to, most, 600), alone(tx, coming)])
  const last = next.at(-1)
  if (last === undefined) return null
  const { kind, mapping } = coming
  const fit = next.filter((record) => !record.refused && record.rows <= mostUpdates)
  const unfit = next.filter((record) => !fit.includes(record))
  const keys = fit.map(({ record_key }) => record_key)
  const { rows, brought } = await bring(tx, batch, coming, keys)
  await kind.heard(tx, mapping, [
    ...unfit,
    ...fit.filter(({ record_key }) => rows.some((row) => row.refused && row.record_key === record_key)),
  ])
  insertFaults(tx, batch.id, brought.faults, 200)
  if (brought.later.length > 0)
    tx.send({
      name: 'import_records_later',
      text: 'update import_record set later = true where tenant_id = $1 and batch_id = $2 and record_key = any($3)',
      values: [tx.tenantId, batch.id, brought.later],
    })
  const rowCount = next.reduce((sum, record) => sum + record.rows, 0)
  const refusedRecords = new Set(brought.faults.map(({ record }) => record))
  const refused =
    rows.filter((row) => row.refused || refusedRecords.has(row.record_key)).length +
    unfit.reduce((sum, record) => sum + record.rows, 0)
  setBatch(tx, batch.id, {
    done_to: last.place,
    rows_done: batch.rows_done + rowCount,
    records: batch.records + brought.records,
    updates: batch.updates + brought.updates,
    refused: batch.refused + refused,
    known: batch.known + rowCount - refused - brought.updates,
    outcomes: added(batch.outcomes, brought.outcomes),
    rate,
  })
  return rowCount
}

/**
 * What a record names may have come behind it: those that named something unknown are brought once more, which changes nothing but that.
 * @returns whether there are more
 */
const bringAgain = async (tx: Tx, batch: BatchRow, coming: Coming): Promise<boolean> => {
  const [next] = await Promise.all([laterRecords(tx, batch.id, batch.later_to, 300), alone(tx, coming)])
  const last = next.at(-1)
  if (last === undefined) return false
  await bring(
    tx,
    batch,
    coming,
    next.map(({ record_key }) => record_key),
  )
  setBatch(tx, batch.id, { later_to: last.place })
  return true
}
