import { Readable } from 'node:stream'
import type { ListQuery } from '@evenkeel/contract/record'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { workbookOf, type SheetCell } from '../../platform/tabular/write-xlsx.ts'
import { csvLine } from './record.csv.ts'
import { nextCursor, pageQuery, type List } from './record.list.ts'

export type FileColumn<Row> = {
  readonly head: string
  readonly value: (row: Row) => string | number | boolean | null
  /** Its text says when: in a sheet it is a date. */
  readonly when?: 'at' | 'day'
}

export type FileFormat = 'csv' | 'xlsx'

export const fileMedia = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const satisfies Record<FileFormat, string>

export type ExportQuery = Pick<ListQuery, 'q' | 'filter' | 'sort'> & {
  readonly columns?: string | undefined
  readonly format?: FileFormat | undefined
}

const pageSize = 1000

/**
 * A list as a file: the same rows in the same order under the same rights, to the last one, page by page, so that neither the server nor
 * the database holds it whole. Exports are journalled: who took what out.
 * @param rowsOf the rows of a page, in its order
 */
export const exportList = async <Row>(
  database: Database,
  list: List,
  query: ExportQuery,
  {
    type,
    rowsOf,
    ...file
  }: {
    readonly type: 'incident.exported' | 'item.exported'
    readonly columns: readonly FileColumn<Row>[]
    readonly sheet: string
    readonly rowsOf: (q: Reader, ids: readonly string[]) => Promise<readonly Row[]>
  },
): Promise<Readable> => {
  const { caller } = list
  await write(database, caller, async (tx) => {
    tx.journal({
      type,
      subject: { kind: 'person', id: caller.personId },
      data: {
        q: query.q ?? null,
        filter: query.filter ?? null,
        sort: query.sort ?? null,
        columns: query.columns ?? null,
        ...(query.format === undefined ? {} : { format: query.format }),
      },
      personal: ['/q', '/filter'],
    })
  })
  const pages = async function* (): Pages<Row> {
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = pageQuery(list, cursor, pageSize)
      const { rows, next } = await read(database, caller.tenantId, async (q) => {
        const found = await q.rows(page)
        const ids = found.slice(0, pageSize).map(({ id }) => id)
        return { rows: await rowsOf(q, ids), next: nextCursor(list, found, pageSize) }
      })
      yield rows
      cursor = next
    }
  }
  return fileOf(pages(), { ...file, caller, format: query.format })
}

type Pages<Row> = AsyncGenerator<readonly Row[]>

const fileOf = <Row>(
  pages: Pages<Row>,
  {
    columns,
    format = 'csv',
    sheet,
    caller,
  }: {
    readonly columns: readonly FileColumn<Row>[]
    readonly format: FileFormat | undefined
    readonly sheet: string
    readonly caller: Caller
  },
): Readable =>
  Readable.from(format === 'xlsx' ? sheetOf(pages, columns, sheet, caller) : csvOf(pages, columns, caller))

async function* csvOf<Row>(
  pages: Pages<Row>,
  columns: readonly FileColumn<Row>[],
  { language }: Caller,
): AsyncGenerator<string> {
  const [yes, no] = isGerman(language) ? ['ja', 'nein'] : ['yes', 'no']
  const word = (value: string | number | boolean | null): string | number | null =>
    typeof value === 'boolean' ? (value ? yes : no) : value
  yield `\uFEFF${csvLine(columns.map(({ head }) => head))}`
  for await (const rows of pages)
    yield rows.map((row) => csvLine(columns.map(({ value }) => word(value(row))))).join('')
}

/** Times are those of the reader's clocks, and the head of their column says so: a sheet knows no zone. */
const sheetOf = <Row>(
  pages: Pages<Row>,
  columns: readonly FileColumn<Row>[],
  name: string,
  { timeZone }: Caller,
): AsyncIterable<Buffer> => {
  const rows = async function* (): AsyncGenerator<SheetCell[][]> {
    for await (const page of pages)
      yield page.map((row) =>
        columns.map(({ value, when }): SheetCell => {
          const cell = value(row)
          if (typeof cell !== 'string' || when === undefined) return cell
          return when === 'at' ? { at: cell } : { day: cell }
        }),
      )
  }
  return workbookOf({
    name,
    header: columns.map(({ head, when }) => (when === 'at' ? `${head} (${timeZone})` : head)),
    pages: rows(),
    zone: timeZone,
  })
}
