import type { Written } from './query.ts'

/** Rows for one table; every row has a value for every column. JSON values are passed as text. */
export type Insert = {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

const prepared = new Map<string, { readonly name: string; readonly text: string }>()
const mostRowsPrepared = 12
const mostShapes = 200

/**
 * Inserts into several tables as one statement: one round trip, one plan. Foreign keys between the rows hold, because PostgreSQL checks
 * them at the end of the statement. Prepared under a name by its shape (tables, columns, numbers of rows), which repeats with every
 * command of a kind.
 */
export const insertTogether = (inserts: readonly Insert[]): Written<unknown> => {
  const merged = mergedByTable(inserts)
  const values = merged.flatMap((insert) => insert.rows.flat())
  const rowCount = merged.reduce((sum, insert) => sum + insert.rows.length, 0)
  if (rowCount > mostRowsPrepared) return { text: textOf(merged), values }
  const shape = merged.map(({ table, columns, rows }) => `${table}(${columns.join()})${rows.length}`).join()
  let statement = prepared.get(shape)
  if (statement === undefined) {
    statement = { name: `insert_${prepared.size}`, text: textOf(merged) }
    if (prepared.size < mostShapes) prepared.set(shape, statement)
    else return { text: statement.text, values }
  }
  return { ...statement, values }
}

const mergedByTable = (inserts: readonly Insert[]): Insert[] => {
  const byShape = new Map<
    string,
    { table: string; columns: readonly string[]; rows: (readonly unknown[])[] }
  >()
  for (const { table, columns, rows } of inserts) {
    const key = `${table}(${columns.join()})`
    const held = byShape.get(key)
    if (held === undefined) byShape.set(key, { table, columns, rows: [...rows] })
    else held.rows.push(...rows)
  }
  return [...byShape.values()]
}

const textOf = (inserts: readonly Insert[]): string => {
  let parameter = 0
  const parts = inserts.map(({ table, columns, rows }) => {
    const lines = rows.map((row) => `(${row.map(() => `$${(parameter += 1)}`).join(',')})`)
    return `insert into ${table} (${columns.join(',')}) values ${lines.join(',')}`
  })
  const last = parts.pop() ?? ''
  return parts.length === 0
    ? last
    : `with ${parts.map((part, index) => `i${index} as (${part})`).join(', ')} ${last}`
}
