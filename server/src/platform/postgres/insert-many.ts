import type { Json } from '../../kernel/evidence/canonical-json.ts'
import type { Written } from './query.ts'

/** A table's columns with their types, as PostgreSQL names them. */
export type ColumnTypes = Readonly<Record<string, string>>
export type ManyRow = Readonly<Record<string, Json | undefined>>

// One statement stays a few megabytes however long the texts are.
const mostRows = 1000
const mostCharacters = 4_000_000

/**
 * Inserts for many rows of one table: each statement takes its rows as one value, so that neither the number of parameters nor the time to
 * plan grows with them. A column that a row does not name is null in it.
 * @param known what becomes of rows that are there already: the end of the statement
 */
export const insertMany = (
  table: string,
  columns: ColumnTypes,
  rows: readonly ManyRow[],
  known = '',
): Written<unknown>[] => {
  const names = Object.keys(columns)
  const types = names.map((name) => `${name} ${columns[name] ?? ''}`)
  const text = `insert into ${table} (${names.join(', ')}) select ${names.join(', ')} from json_to_recordset($1::json) as r (${types.join(', ')})${known}`
  const statements: Written<unknown>[] = []
  let lines: string[] = []
  let characters = 0
  const flush = (): void => {
    if (lines.length > 0) statements.push({ text, values: [`[${lines.join(',')}]`] })
    lines = []
    characters = 0
  }
  for (const row of rows) {
    const line = JSON.stringify(row)
    if (lines.length === mostRows || characters + line.length > mostCharacters) flush()
    lines.push(line)
    characters += line.length
  }
  flush()
  return statements
}
