import type { FileFormat } from '@evenkeel/contract/import-mapping'
import { csvScanner } from './csv-scanner.ts'
import { encodingOf, kindOf } from './kind.ts'
import { openTable, textIn } from './read-table.ts'
import { bytesOf, leave, peeked } from './source.ts'
import { FileFault, limits, type Look, type TabularSource } from './table.ts'
import { says } from './tabular.reasons.ts'
import { isWorkbook, sheetNames } from './xlsx.ts'
import { openZip } from './zip.ts'

/**
 * What a file is and how it begins, by its content: names lie. Of several files in a zip the first that is named like a table is looked at,
 * of several sheets the first that is one; the others are told, to be chosen by name.
 * @param part the file or sheet to look at instead
 * @throws FileFault when it is nothing with rows
 */
export const lookAt = async (
  source: TabularSource,
  { part = null, signal }: { readonly part?: string | null; readonly signal?: AbortSignal } = {},
): Promise<Look> => {
  if (source.sizeBytes === 0) throw new FileFault(says('file.empty'))
  const stored = await peeked(await bytesOf(source, signal), 512)
  await leave(stored.bytes.pieces)
  const files = kindOf(stored.start) === 'zip' ? await filesIn(source, signal) : []
  if (isWorkbook(files)) return lookAtSheet(source, await sheetNames(source, signal), part, signal)
  const inside =
    part ??
    (files.length < 2
      ? null
      : (files.find((name) => /\.(?:csv|tsv|txt|jsonl|ndjson|json)$/i.test(name)) ?? files[0] ?? null))
  const format = await formatOf(source, inside, signal)
  return look(source, format, inside, files, signal)
}

// A workbook of reports, one a sheet, is no table in any of them.
const mostSheetsTried = 20

/** A cover sheet is no table: one has two columns and a row. Where none has, the first says what is wrong. */
const lookAtSheet = async (
  source: TabularSource,
  sheets: readonly string[],
  part: string | null,
  signal: AbortSignal | undefined,
): Promise<Look> => {
  const at = (sheet: string | null): Promise<Look> =>
    look(source, { type: 'xlsx', sheet }, null, sheets, signal)
  if (part !== null || sheets.length < 2) return at(part)
  for (const sheet of sheets.slice(0, mostSheetsTried)) {
    const found = await at(sheet).catch((error: unknown) => {
      if (error instanceof FileFault) return null
      throw error
    })
    if (found !== null && found.header.length > 1) return found
  }
  return at(sheets[0] ?? null)
}

const filesIn = async (source: TabularSource, signal?: AbortSignal): Promise<readonly string[]> => {
  const zip = await openZip(source, signal)
  zip.close()
  return zip.files
}

const look = async (
  source: TabularSource,
  format: FileFormat,
  inside: string | null,
  parts: readonly string[],
  signal?: AbortSignal,
): Promise<Look> => {
  const table = await openTable(source, format, inside, signal)
  const rows: (readonly string[])[] = []
  for await (const chunk of table.rows) {
    rows.push(...chunk.slice(0, limits.lookRows - rows.length).map(({ cells }) => cells))
    if (rows.length >= limits.lookRows) break
  }
  if (rows.length === 0) throw new FileFault(says('file.headerOnly'))
  return { format, inside, parts, header: table.header, rows }
}

const formatOf = async (
  source: TabularSource,
  inside: string | null,
  signal?: AbortSignal,
): Promise<FileFormat> => {
  const { bytes } = await textIn(source, inside, signal)
  const { start, bytes: all } = await peeked(bytes, limits.look)
  await leave(all.pieces)
  if (start.length === 0) throw new FileFault(says('file.empty'))
  const encoding = encodingOf(start)
  const text = new TextDecoder(encoding).decode(start)
  // A list of objects is refused by the reader, which knows how to say so.
  if (encoding === 'utf-8' && /^\s*(?:\{|\[\s*\{)/.test(text)) return { type: 'jsonl' }
  return { type: 'csv', delimiter: delimiterOf(text), encoding }
}

const delimiters = [',', ';', '\t', '|'] as const

/** The one that cuts most rows into the same number of cells, and at least two. */
const delimiterOf = (text: string): (typeof delimiters)[number] => {
  let best: { readonly delimiter: (typeof delimiters)[number]; readonly score: number } = {
    delimiter: ',',
    score: 0,
  }
  for (const delimiter of delimiters) {
    const rows = csvScanner(delimiter, limits).read(text.slice(0, 200_000)).rows.slice(0, 500)
    const header = rows[0]?.cells ?? text.split(/[\r\n]/, 1)[0]?.split(delimiter) ?? []
    if (header.length < 2) continue
    const even = rows.filter(({ cells }) => cells.length === header.length).length
    const score = (even + 1) / (rows.length + 1) + Math.min(header.length, 100) / 1000
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}
