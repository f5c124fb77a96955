import { Readable } from 'node:stream'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { workbookOf, type SheetCell } from '../../platform/tabular/write-xlsx.ts'
import { csvLine } from './record.csv.ts'

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

type Pages<Row> = AsyncIterable<readonly Row[]>

/** A list as a file, page by page: neither the server nor the database holds it whole. */
export const fileOf = <Row>(
  pages: Pages<Row>,
  columns: readonly FileColumn<Row>[],
  {
    format = 'csv',
    sheet,
    caller,
  }: { readonly format: FileFormat | undefined; readonly sheet: string; readonly caller: Caller },
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
