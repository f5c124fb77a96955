import { columnNames } from '../../kernel/mapping/columns.ts'
import { csvScanner, type CsvFault } from './csv-scanner.ts'
import { resumed } from './source.ts'
import { FileFault, limits, type Row, type Table } from './table.ts'
import { says } from './tabular.reasons.ts'
import type { TextPiece } from './text.ts'

/** The rows of a CSV text. Its first row is the header. */
export const csvTable = async (text: AsyncIterable<TextPiece>, delimiter: string): Promise<Table> => {
  const rows = csvRows(text, delimiter)
  const first = await rows.next()
  const header = first.done === true ? undefined : first.value[0]
  if (header === undefined || first.done === true) throw new FileFault(says('file.empty'))
  const rest = first.value.slice(1)
  return {
    header: columnNames(header.cells),
    rows: resumed(rest.length > 0 ? [rest] : [], rows),
  }
}

async function* csvRows(text: AsyncIterable<TextPiece>, delimiter: string): AsyncGenerator<Row[]> {
  const scanner = csvScanner(delimiter, limits)
  let chunk: Row[] = []
  let characters = 0
  let bytesRead = 0
  for await (const piece of text) {
    bytesRead = piece.bytesRead
    const { rows, fault } = scanner.read(piece.text)
    for (const { line, cells } of rows) chunk.push({ line, cells, bytesRead })
    characters += piece.text.length
    if (fault !== null) throw csvFault(fault)
    if (chunk.length >= limits.chunkRows || (chunk.length > 0 && characters >= limits.chunkCharacters)) {
      yield chunk
      chunk = []
      characters = 0
    }
  }
  const { rows, fault } = scanner.end()
  if (fault !== null) throw csvFault(fault)
  for (const { line, cells } of rows) chunk.push({ line, cells, bytesRead })
  if (chunk.length > 0) yield chunk
}

const csvFault = ({ code, line }: CsvFault): FileFault => {
  switch (code) {
    case 'after quote':
      return new FileFault(says('file.afterQuote', { line }), line)
    case 'open quote':
      return new FileFault(says('file.openQuote', { line }), line)
    case 'too long':
      return new FileFault(says('file.rowTooLong', { line, most: limits.row }), line)
    case 'too many columns':
      return new FileFault(says('file.tooManyColumns', { line, most: limits.columns }), line)
  }
}
