import type { ArrivalOutcomes, ImportFindings, ImportState } from '@evenkeel/contract/import'
import type { ImportMapping } from '@evenkeel/contract/import-mapping'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { StoredReport } from './import.report.ts'

/** A sentence for readers who come later, in both languages. */
export type Kept = { readonly en: string; readonly de: string }

export type Thing = 'person' | 'team' | 'service'

export type TakenBack = {
  readonly reason: string
  readonly deactivated: { readonly people: number; readonly teams: number; readonly services: number }
  readonly ended?: { readonly items: number; readonly relations: number }
  readonly kept: readonly { readonly kind: Thing; readonly id: string; readonly name: string }[]
  readonly more: number
  readonly done: boolean
}

export type BatchRow = {
  readonly id: string
  readonly file_name: string
  readonly size_bytes: number
  readonly sha256: Buffer
  readonly storage_key: string
  readonly file_removed: boolean
  readonly state: ImportState
  readonly mapping: ImportMapping | null
  readonly mapping_name: string | null
  readonly mapping_version: number | null
  readonly failure: Kept | null
  readonly findings: ImportFindings | null
  readonly report: StoredReport | null
  readonly rows_read: number
  readonly bytes_read: number
  readonly rows_done: number
  readonly records: number
  readonly updates: number
  readonly refused: number
  readonly known: number
  readonly done_to: number
  readonly checked_to: number
  readonly rate: number
  readonly turn: number
  readonly worker: string | null
  readonly tidied: boolean
  readonly outcomes: ArrivalOutcomes | null
  readonly later_to: number
  readonly taken_back: TakenBack | null
  readonly created_by: string
  readonly created_by_name: string
  readonly created_at: string
  readonly started_by: string | null
  readonly started_at: string | null
  readonly finished_at: string | null
  readonly voided_at: string | null
}

const columns = `b.id, b.file_name, b.size_bytes, b.sha256, b.storage_key, b.file_removed, b.state, b.mapping, b.mapping_name,
  b.mapping_version, b.failure, b.findings, b.report, b.rows_read, b.bytes_read, b.rows_done, b.records, b.updates, b.refused, b.known,
  b.done_to, b.checked_to, b.rate, b.turn, b.worker, b.tidied, b.outcomes, b.later_to, b.taken_back, b.created_by, p.name as created_by_name, b.created_at,
  b.started_by, b.started_at, b.finished_at, b.voided_at`
const from = 'import_batch b join person p on p.tenant_id = b.tenant_id and p.id = b.created_by'

export const findBatch = (q: Reader, id: string): Promise<BatchRow> =>
  q.one({
    text: `select ${columns} from ${from} where b.tenant_id = $1 and b.id = $2`,
    values: [q.tenantId, id],
  })

export const lockBatch = (tx: Tx, id: string): Promise<BatchRow> =>
  tx.one({
    text: `select ${columns} from ${from} where b.tenant_id = $1 and b.id = $2 for update of b`,
    values: [tx.tenantId, id],
  })

export const listBatches = (q: Reader, most: number): Promise<BatchRow[]> =>
  q.rows({
    text: `select ${columns} from ${from} where b.tenant_id = $1 order by b.created_at desc, b.id desc limit $2`,
    values: [q.tenantId, most],
  })

type Column = Exclude<keyof BatchRow, 'id' | 'created_by_name'> | 'seen_at'

/** Sets columns of a batch; JSON values are passed as they are. */
export const setBatch = (tx: Tx, id: string, set: Readonly<Partial<Record<Column, unknown>>>): void => {
  const entries = Object.entries(set)
  const json = new Set(['mapping', 'failure', 'findings', 'report', 'taken_back', 'outcomes'])
  tx.send({
    text: `update import_batch set ${entries.map(([name], index) => `${name} = $${index + 3}`).join(', ')} where tenant_id = $1 and id = $2`,
    values: [
      tx.tenantId,
      id,
      ...entries.map(([name, value]) => (json.has(name) && value !== null ? JSON.stringify(value) : value)),
    ],
  })
}

/** Deletes what a batch keeps of its file, some thousand rows at a time; true once nothing is left. */
export const clearRows = async (
  tx: Tx,
  id: string,
  table: 'import_row' | 'import_record' | 'import_fault' | 'import_reference',
): Promise<boolean> => {
  const { count } = await tx.one<{ count: number }>({
    text: `with gone as (delete from ${table} where tenant_id = $1 and batch_id = $2
             and ctid = any(array(select ctid from ${table} where tenant_id = $1 and batch_id = $2 limit 20000)) returning 1)
           select count(*)::int as count from gone`,
    values: [tx.tenantId, id],
  })
  return count < 20_000
}

export type StoredRow = {
  readonly line: number
  readonly record_key: string
  readonly update_key: string
  readonly at: string | null
  readonly translated: Readonly<Record<string, string | null>>
  readonly refused: boolean
}

export type StoredRecord = {
  readonly record_key: string
  readonly place: number
  readonly rows: number
  readonly refused: boolean
}

/** The next records behind a place: as many as have together about so many rows, at least one. */
export const nextRecords = async (
  q: Reader,
  batchId: string,
  behind: number,
  mostRecords: number,
  mostRows: number,
): Promise<StoredRecord[]> => {
  const found = await q.rows<StoredRecord>({
    name: 'import_next_records',
    text: `select record_key, place, rows, refused from import_record
           where tenant_id = $1 and batch_id = $2 and place > $3 order by place limit $4`,
    values: [q.tenantId, batchId, behind, mostRecords],
  })
  let rows = 0
  const fit = found.findIndex((record) => (rows += Math.min(record.rows, mostRows)) > mostRows)
  return fit === -1 ? found : found.slice(0, Math.max(1, fit))
}

/** Records that name what may have come behind them. */
export const laterRecords = (
  q: Reader,
  batchId: string,
  behind: number,
  most: number,
): Promise<StoredRecord[]> =>
  q.rows({
    name: 'import_later_records',
    text: `select record_key, place, rows, refused from import_record
           where tenant_id = $1 and batch_id = $2 and place > $3 and later order by place limit $4`,
    values: [q.tenantId, batchId, behind, most],
  })

export const rowsOfRecords = (q: Reader, batchId: string, keys: readonly string[]): Promise<StoredRow[]> =>
  keys.length === 0
    ? Promise.resolve([])
    : q.rows({
        name: 'import_rows_of_records',
        text: `select line, record_key, update_key, at, translated, refused from import_row
               where tenant_id = $1 and batch_id = $2 and record_key = any($3) order by record_key, at, line`,
        values: [q.tenantId, batchId, keys],
      })

export type NewFault = {
  readonly line: number
  readonly record: string | null
  readonly column: string | null
  readonly value: string | null
  readonly code: string
}

/** Faults of a line keep their order; found once more, they are there already. */
export const insertFaults = (tx: Tx, batchId: string, faults: readonly NewFault[], firstPlace = 0): void => {
  if (faults.length === 0) return
  const places = new Map<number, number>()
  const placeOf = ({ line }: NewFault): number => {
    const place = places.get(line) ?? firstPlace
    places.set(line, place + 1)
    return place
  }
  tx.send({
    name: 'import_faults',
    text: `insert into import_fault (tenant_id, batch_id, line, place, record_key, col, value, code)
           select $1, $2, f.* from unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[]) f on conflict do nothing`,
    values: [
      tx.tenantId,
      batchId,
      faults.map((fault) => fault.line),
      faults.map(placeOf),
      faults.map((fault) => fault.record),
      faults.map((fault) => fault.column?.slice(0, 200) ?? null),
      faults.map((fault) => fault.value?.slice(0, 200) ?? null),
      faults.map((fault) => fault.code),
    ],
  })
}
