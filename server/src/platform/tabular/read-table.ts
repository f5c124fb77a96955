import type { FileFormat } from '@evenkeel/contract/import-mapping'
import { csvTable } from './csv.ts'
import { bytesOf } from './source.ts'
import { FileFault, type Row, type Table, type TabularSource } from './table.ts'
import { says } from './tabular.reasons.ts'
import { decoded } from './text.ts'

/**
 * A file as a table, read once from its start. Nothing is held but the rows under way. The rows are read to their end, or `return` is called
 * on them, as `for await` does.
 * @param inside the file inside a zip; null takes the only one
 * @throws FileFault here or while its rows are read
 */
export const openTable = async (
  source: TabularSource,
  format: FileFormat,
  inside: string | null,
  signal?: AbortSignal,
): Promise<Table> => {
  if (source.sizeBytes === 0) throw new FileFault(says('file.empty'))
  const bytes = await bytesOf(source, signal)
  if (format.type !== 'csv' || inside !== null) throw new Error('coming')
  return csvTable(decoded(bytes.pieces, format.encoding, bytes.bytesRead), format.delimiter)
}

/** The rows of a file in chunks of about a thousand, without its header. */
export async function* rowsOf(
  source: TabularSource,
  format: FileFormat,
  inside: string | null,
  signal?: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  const { rows } = await openTable(source, format, inside, signal)
  yield* rows
}

/** The names of a file's columns. */
export const headerOf = async (
  source: TabularSource,
  format: FileFormat,
  inside: string | null,
): Promise<readonly string[]> => {
  const { header, rows } = await openTable(source, format, inside)
  await rows[Symbol.asyncIterator]().return?.(undefined)
  return header
}
