import { columnNames } from '../../kernel/mapping/columns.ts'
import { resumed } from './source.ts'
import { FileFault, limits, type Row, type Table } from './table.ts'
import { says } from './tabular.reasons.ts'
import type { TextPiece } from './text.ts'

type Line = {
  readonly line: number
  readonly values: ReadonlyMap<string, string>
  readonly bytesRead: number
}

const deepest = 6

/**
 * The rows of JSON Lines. Objects inside objects become columns as `caller.name`, lists become texts. The header is what the first rows
 * have; a later row's key that none of them had is named with the row.
 */
export const jsonTable = async (text: AsyncIterable<TextPiece>): Promise<Table> => {
  const lines = jsonLines(text)
  const first: Line[] = []
  let characters = 0
  while (first.length < limits.lookRows && characters < limits.row) {
    const next = await lines.next()
    if (next.done === true) break
    first.push(next.value)
    for (const value of next.value.values.values()) characters += value.length
  }
  if (first.length === 0) throw new FileFault(says('file.empty'))
  const keys = [...new Set(first.flatMap(({ values }) => [...values.keys()]))]
  if (keys.length > limits.columns) {
    await lines.return(undefined)
    throw new FileFault(says('file.tooManyColumns', { line: first.at(-1)?.line ?? 1, most: limits.columns }))
  }
  const known = new Set(keys)
  const rowOf = ({ line, values, bytesRead }: Line): Row => {
    const beyond = [...values.keys()].filter((key) => !known.has(key))
    const row = { line, cells: keys.map((key) => values.get(key) ?? ''), bytesRead }
    return beyond.length === 0 ? row : { ...row, beyond }
  }
  const head: Row[][] = []
  for (let at = 0; at < first.length; at += limits.chunkRows)
    head.push(first.slice(at, at + limits.chunkRows).map(rowOf))
  return {
    header: columnNames(keys),
    rows: resumed(head, jsonRows(lines, rowOf), () => lines.return(undefined)),
  }
}

async function* jsonRows(lines: AsyncGenerator<Line>, rowOf: (line: Line) => Row): AsyncGenerator<Row[]> {
  let chunk: Row[] = []
  let size = 0
  for await (const line of lines) {
    const row = rowOf(line)
    chunk.push(row)
    for (const cell of row.cells) size += cell.length
    if (chunk.length < limits.chunkRows && size < limits.chunkCharacters) continue
    yield chunk
    chunk = []
    size = 0
  }
  if (chunk.length > 0) yield chunk
}

async function* jsonLines(text: AsyncIterable<TextPiece>): AsyncGenerator<Line> {
  let line = 1
  let rest = ''
  let bytesRead = 0
  for await (const piece of text) {
    bytesRead = piece.bytesRead
    let start = 0
    for (let end = piece.text.indexOf('\n'); end !== -1; end = piece.text.indexOf('\n', start)) {
      const whole = rest + piece.text.slice(start, end)
      rest = ''
      start = end + 1
      const values = valuesIn(whole, line)
      if (values !== undefined) yield { line, values, bytesRead }
      line += 1
    }
    rest += piece.text.slice(start)
    if (rest.length > limits.row)
      throw new FileFault(says('file.rowTooLong', { line, most: limits.row }), line)
  }
  const values = valuesIn(rest, line)
  if (values !== undefined) yield { line, values, bytesRead }
}

const valuesIn = (text: string, line: number): ReadonlyMap<string, string> | undefined => {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const value = parsed(trimmed)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (line === 1 && trimmed.startsWith('['))
      throw new FileFault(says('file.notATable', { what: says('file.aJsonList') }), line)
    if (line === 1 && trimmed === '{')
      throw new FileFault(says('file.notATable', { what: says('file.aJsonDocument') }), line)
    throw new FileFault(says('file.jsonLine', { line }), line)
  }
  const found = new Map<string, string>()
  flatten(value, '', 0, found)
  if (found.size > limits.columns)
    throw new FileFault(says('file.tooManyColumns', { line, most: limits.columns }), line)
  return found
}

const parsed = (text: string): unknown => {
  try {
    // A number beyond what a double keeps is its digits: identities are numbers in many systems.
    return /\d{16}/.test(text)
      ? JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) =>
          typeof value === 'number' && !Number.isSafeInteger(value) ? (context?.source ?? value) : value,
        )
      : JSON.parse(text)
  } catch {
    return undefined
  }
}

const flatten = (value: object, prefix: string, depth: number, found: Map<string, string>): void => {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const name = prefix === '' ? key : `${prefix}.${key}`
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner) && depth < deepest)
      flatten(inner, name, depth + 1, found)
    else found.set(name, written(inner))
  }
}

const written = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null))
    return value.map(written).join(', ')
  return JSON.stringify(value)
}
