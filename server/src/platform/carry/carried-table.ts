import type { Json } from '../../kernel/evidence/canonical-json.ts'

// How a table is written into an organisation's archive and read back: each column by name, each with the form of its values. Nothing
// is taken along by itself: what is not named here is left out, and says why.

/** The forms a value has in an archive, with what each means; made into the archive's documentation. */
export const fieldKinds = {
  id: 'a UUID, in small letters',
  'id or organization':
    'a UUID; null for the organization itself, which gets another identity wherever it is put',
  text: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  instant: 'an instant, RFC 3339 in UTC with milliseconds: 2026-03-02T09:00:00.000Z',
  date: 'a day: 2026-03-02',
  json: 'any JSON, members of objects in the order of their names',
  ids: 'an array of UUIDs',
  texts: 'an array of texts',
  sha256: 'SHA-256, 64 hexadecimal digits',
} as const
export type FieldKind = keyof typeof fieldKinds

/** A kind, with a question mark where it may be null; or the only values there are. */
export type Field =
  | FieldKind
  | `${FieldKind}?`
  | { readonly oneOf: readonly string[]; readonly orNull?: true }

export type CarriedTable = {
  /** Of the table; its file is called so too. */
  readonly name: string
  /** What a row is, in a sentence. */
  readonly about: string
  /** Columns of the primary key without the tenant: rows stand in their order. */
  readonly key: readonly string[]
  /** Columns in the order in which they are written. */
  readonly fields: Readonly<Record<string, Field>>
  /** Columns that do not come along, and why. */
  readonly leftOut?: Readonly<Record<string, string>>
  /** Which rows come along, where it is not all of them: a condition on `t`, and in words. */
  readonly only?: { readonly sql: string; readonly words: string }
  /** One column of another table with at most one row for each of these, written as a field of this one. */
  readonly beside?: {
    readonly table: string
    readonly key: string
    readonly of: string
    readonly column: string
  }
}

/** A row as it stands in an archive: values by field name. */
export type CarriedRow = Readonly<Record<string, Json>>

/** A text of a row; '' where the field holds none. */
export const textIn = (row: CarriedRow, field: string): string => {
  const value = row[field]
  return typeof value === 'string' ? value : ''
}

export type ReadField = {
  readonly column: string
  readonly field: string
  readonly kind: FieldKind
  readonly orNull: boolean
  readonly oneOf: readonly string[] | null
}

const camel = (column: string): string =>
  column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const isKind = (kind: string): kind is FieldKind => Object.hasOwn(fieldKinds, kind)

const readField = (column: string, declared: Field): ReadField => {
  const field = camel(column)
  if (typeof declared === 'object')
    return { column, field, kind: 'text', orNull: declared.orNull === true, oneOf: declared.oneOf }
  const kind = declared.replace(/\?$/, '')
  if (!isKind(kind)) throw new TypeError(`${column} is declared as ${declared}, which is no kind of field`)
  return { column, field, kind, orNull: declared.endsWith('?') || kind === 'id or organization', oneOf: null }
}

/** The fields of the table's own rows, then the one that another table adds. */
export const fieldsOf = (table: CarriedTable): readonly ReadField[] => [
  ...Object.entries(table.fields).map(([column, field]) => readField(column, field)),
  ...(table.beside === undefined ? [] : [readField(table.beside.column, 'json?')]),
]

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const isText = (value: Json): value is string => typeof value === 'string'
const isId = (value: Json): boolean => isText(value) && uuid.test(value)

const fits: Readonly<Record<FieldKind, (value: Json) => boolean>> = {
  id: isId,
  'id or organization': isId,
  text: isText,
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  // Written by the same rule as it is read: 31 February is refused, not moved.
  instant: (value) =>
    isText(value) &&
    instant.test(value) &&
    !Number.isNaN(Date.parse(value)) &&
    new Date(value).toISOString() === value,
  date: (value) => isText(value) && /^\d{4}-\d\d-\d\d$/.test(value),
  json: () => true,
  ids: (value) => Array.isArray(value) && value.every((item: Json) => isId(item)),
  texts: (value) => Array.isArray(value) && value.every((item: Json) => isText(item)),
  sha256: (value) => isText(value) && /^[0-9a-f]{64}$/.test(value),
}

/** What is wrong with a row, in a few words; undefined when it has every field, no other, and each of its kind. */
export const faultOf = (fields: readonly ReadField[], row: CarriedRow): string | undefined => {
  for (const { field, kind, orNull, oneOf } of fields) {
    const value = Object.hasOwn(row, field) ? row[field] : undefined
    if (value === undefined) return `has no ${field}`
    if (
      value === null
        ? orNull
        : fits[kind](value) && (oneOf === null || (isText(value) && oneOf.includes(value)))
    )
      continue
    return oneOf === null
      ? `has a ${field} that is not ${fieldKinds[kind]}`
      : `has a ${field} that is none of ${oneOf.join(', ')}`
  }
  const known = new Set(fields.map(({ field }) => field))
  const odd = Object.keys(row).find((name) => !known.has(name))
  return odd === undefined ? undefined : `has a field ${odd.slice(0, 60)} that nobody knows`
}

/** What a value is called in SQL when rows are read from JSON. */
const sqlTypes: Readonly<Record<FieldKind, string>> = {
  id: 'uuid',
  'id or organization': 'uuid',
  text: 'text',
  integer: 'bigint',
  number: 'double precision',
  boolean: 'boolean',
  instant: 'timestamptz',
  date: 'date',
  json: 'jsonb',
  ids: 'uuid[]',
  texts: 'text[]',
  sha256: 'text',
}

/** All rows of the tenant in force, `$1`, in the order of the key: texts by their bytes, the same on every server. */
export const rowsQuery = (table: CarriedTable): string => {
  const { beside } = table
  const columns = Object.keys(table.fields).map((column) => `t.${column}`)
  const order = table.key.map((column) => {
    const declared = table.fields[column]
    return typeof declared === 'object' || declared === 'text' ? `t.${column} collate "C"` : `t.${column}`
  })
  return `select ${[...columns, ...(beside === undefined ? [] : [`b.${beside.column}`])].join(', ')} from ${table.name} t
    ${beside === undefined ? '' : `left join ${beside.table} b on b.tenant_id = t.tenant_id and b.${beside.key} = t.${beside.of}`}
    where t.tenant_id = $1 ${table.only === undefined ? '' : `and (${table.only.sql})`} order by ${order.join(', ')}`
}

/** How many those are. */
export const countQuery = (table: CarriedTable): string =>
  `select count(*)::int as rows from ${table.name} t
   where t.tenant_id = $1 ${table.only === undefined ? '' : `and (${table.only.sql})`}`

/** Columns that are made where the archive is read, with their SQL types. */
export type MadeColumns = Readonly<Record<string, string>>

/** Adds the rows of `$2`, a JSON array of rows by field name with what was made under its column, to the tenant `$1`. */
export const insertQueries = (table: CarriedTable, made: MadeColumns): string[] => {
  const fields = fieldsOf(table)
  const { beside } = table
  const typed = [
    ...fields.map(({ field, kind }) => `"${field}" ${sqlTypes[kind]}`),
    ...Object.entries(made).map(([column, type]) => `"${column}" ${type}`),
  ]
  const from = `from json_to_recordset($2::json) as x(${typed.join(', ')})`
  const own = fields.filter(({ column }) => Object.hasOwn(table.fields, column))
  const values = own.map(({ field, kind }) => {
    if (kind === 'sha256') return `decode(x."${field}", 'hex')`
    return kind === 'id or organization' ? `coalesce(x."${field}", $1)` : `x."${field}"`
  })
  const columns = [...own.map(({ column }) => column), ...Object.keys(made)]
  const rows = `insert into ${table.name} (tenant_id, ${columns.join(', ')})
    select $1, ${[...values, ...Object.keys(made).map((column) => `x."${column}"`)].join(', ')} ${from}`
  if (beside === undefined) return [rows]
  const of = fields.find(({ column }) => column === beside.of)?.field ?? ''
  const field = camel(beside.column)
  return [
    rows,
    `insert into ${beside.table} (tenant_id, ${beside.key}, ${beside.column})
     select $1, x."${of}", x."${field}" ${from} where x."${field}" is not null`,
  ]
}
