import { Readable } from 'node:stream'
import { importFaultCodes, type ImportFault } from '@evenkeel/contract/import'
import { Refusal } from '../../kernel/refusal.ts'
import { rowFaultSaying } from '../../kernel/mapping/row-fault.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { csvLine } from '../record/index.ts'
import { says } from './import.reasons.ts'
import { findBatch } from './import.repo.ts'

type Row = {
  readonly line: number
  readonly place: number
  readonly record: string | null
  readonly column: string | null
  readonly value: string | null
  readonly code: string
}

export const faultIn = (
  {
    line,
    record,
    column,
    value,
    ...fault
  }: Omit<ImportFault, 'message' | 'code'> & {
    readonly field?: string | null
    readonly code: string
  },
  language: string,
): ImportFault => {
  const code = importFaultCodes.find((known) => known === fault.code) ?? 'contradiction'
  const message = rowFaultSaying({ field: fault.field ?? null, column, value, code }).in(language)
  return { line, record, column, value, code, message }
}

type Wanted = { readonly code?: string | undefined; readonly column?: string | undefined }

const page = (
  q: Reader,
  id: string,
  { code, column }: Wanted,
  behind: readonly [number, number],
  limit: number,
): Promise<Row[]> => {
  const named = column === '' ? [] : [['col', column] as const]
  const only = [['code', code] as const, ...named].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return q.rows({
    text: `select line, place, record_key as record, col as column, value, code from import_fault
           where tenant_id = $1 and batch_id = $2 and (line > $3 or (line = $3 and place > $4)) and line >= $3
             ${only.map(([name], at) => `and ${name} = $${at + 6}`).join(' ')} ${column === '' ? 'and col is null' : ''}
           order by line, place limit $5`,
    values: [q.tenantId, id, ...behind, limit, ...only.map(([, value]) => value)],
  })
}

const start = [0, -1] as const

const placeIn = (cursor: string | undefined): readonly [number, number] => {
  if (cursor === undefined) return start
  const match = /^(\d{1,15})\.(\d{1,9})$/.exec(cursor)
  if (match === null) throw new Refusal('malformed')
  return [Number(match[1]), Number(match[2])]
}

export const listFaults = (
  database: Database,
  caller: Caller,
  id: string,
  { cursor, limit, ...wanted }: Wanted & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ rows: ImportFault[]; next: string | null }> => {
  const behind = placeIn(cursor)
  return read(database, caller.tenantId, async (q) => {
    const [, found] = await Promise.all([findBatch(q, id), page(q, id, wanted, behind, limit + 1)])
    const rows = found.slice(0, limit)
    const last = rows.at(-1)
    return {
      rows: rows.map((row) => faultIn(row, caller.language)),
      next: found.length > limit && last !== undefined ? `${last.line}.${last.place}` : null,
    }
  })
}

const pageSize = 1000

/** All of them as CSV, page by page; who took them out is journalled. */
export const exportFaults = async (database: Database, caller: Caller, id: string): Promise<Readable> => {
  await write(database, caller, async (tx) => {
    await findBatch(tx, id)
    tx.journal({ type: 'import.faults_exported', subject: { kind: 'import', id }, data: {} })
  })
  const pages = async function* (): AsyncGenerator<string> {
    const heads = ['line', 'record', 'column', 'value', 'code', 'reason'] as const
    yield `\uFEFF${csvLine(heads.map((head) => says(`column.${head}`).in(caller.language)))}`
    let behind: readonly [number, number] = start
    for (;;) {
      const from = behind
      const rows = await read(database, caller.tenantId, (q) => page(q, id, {}, from, pageSize))
      yield rows
        .map((row) => faultIn(row, caller.language))
        .map((fault) =>
          csvLine([fault.line, fault.record, fault.column, fault.value, fault.code, fault.message]),
        )
        .join('')
      const last = rows.at(-1)
      if (last === undefined || rows.length < pageSize) return
      behind = [last.line, last.place]
    }
  }
  return Readable.from(pages())
}
