import type { Field, Fields } from './fields.ts'
import { type Fault, faultOf, shortened } from './messages.ts'
import { columnOf, type Columns, foldedOf, parametersFrom, type Sql, type SqlType, typeOf } from './sql.ts'

/** The order of a list. Records without a value come last either way; the last word is the list's tie-breaker, its key. */
export type Sort = readonly SortKey[]
export type SortKey = { readonly field: Field; readonly descending: boolean }

export const sortLimits = { keys: 3 } as const

/** `from` and `to`: which part of the text the fault is about. */
export type SortFault = Fault & { readonly from: number; readonly to: number }
export type SortReading =
  | { readonly ok: true; readonly sort: Sort }
  | { readonly ok: false; readonly faults: readonly SortFault[] }

/** Reads `priority,-created`: names, `-` in front for descending. An empty text is no order beside the tie-breaker's. */
export const parseSort = (text: string, fields: Fields): SortReading => {
  const sort: SortKey[] = []
  const faults: SortFault[] = []
  let from = 0
  // One more than allowed is enough to refuse, however long the text.
  for (const part of text === '' ? [] : text.split(',', sortLimits.keys + 1)) {
    const to = from + part.length
    const descending = part.startsWith('-')
    const name = descending ? part.slice(1) : part
    const field = fields.named(name)
    const fault =
      sort.length === sortLimits.keys
        ? faultOf('too_many_sorts', { most: String(sortLimits.keys) })
        : field === undefined
          ? faultOf('unknown_field', { field: shortened(name) })
          : field.sortable !== true
            ? faultOf('not_sortable', { field: field.label })
            : sort.some((key) => key.field === field)
              ? faultOf('sorted_twice', { field: field.label })
              : undefined
    if (fault !== undefined) faults.push({ ...fault, from, to })
    else if (field !== undefined) sort.push({ field, descending })
    from = to + 1
  }
  return faults.length === 0 ? { ok: true, sort } : { ok: false, faults }
}

export const sortToText = (sort: Sort): string =>
  sort.map(({ field, descending }) => `${descending ? '-' : ''}${field.name}`).join(',')

/** A row's place in a list: what it is sorted by, then its tie-breaker; null where it has no value. */
export type Place = readonly (string | null)[]

/** What makes the order total: a unique column that is never null, ascending or descending. */
export type TieBreaker = { readonly sql: string; readonly as: SqlType; readonly descending?: boolean }

export type SortSql = {
  /** Expressions for the select list, as text: together they are a row's place. In the order of the keys, the tie-breaker last. */
  readonly place: readonly string[]
  /** What stands behind `order by`. */
  readonly orderBy: string
  /** Condition for the rows behind a place; absent for the first page. */
  readonly after: string | undefined
  /** Parameters of all three together. */
  readonly values: Sql['values']
}

/**
 * A list's order and its next page. No offset: a page costs the same wherever it starts, and rows that come or go in front of it
 * shift nothing.
 * @param first number of its first placeholder
 * @throws Error when a field of the sort has no column.
 */
export const sortSql = (
  sort: Sort,
  columns: Columns,
  tie: TieBreaker,
  { after, first = 1 }: { readonly after?: Place; readonly first?: number } = {},
): SortSql => {
  const parameters = parametersFrom(first)
  const keys: Key[] = sort.map(({ field, descending }) => {
    const column = columnOf(field, columns)
    const type = typeOf(field, column)
    const required = column.required === true
    if (column.order !== undefined)
      return { ...column.order, required: column.order.required === true, descending }
    if (field.type === 'ordered choice') {
      // A parameter, not literals: a custom field's choices are written by people.
      const ranks = parameters.next(
        field.choices.map((choice) => choice.value),
        `${type}[]`,
      )
      return { sql: `array_position(${ranks}, ${column.sql})`, as: 'integer', required: false, descending }
    }
    if (type === 'text') {
      // A cursor travels in a URL, so only so much of a text takes part; the tie-breaker orders the rest.
      const text = field.type === 'text' ? foldedOf(column) : column.sql
      return { sql: `left(${text}, ${sortedLength})`, as: type, required, descending }
    }
    return { sql: column.sql, as: type, required, descending }
  })
  keys.push({ sql: tie.sql, as: tie.as, required: true, descending: tie.descending === true })
  return {
    place: keys.map(({ sql, as }) => asText(sql, as)),
    orderBy: keys.map(ordering).join(', '),
    after: after === undefined ? undefined : behind(keys, after, parameters.next),
    values: parameters.values,
  }
}

/** Code points of a text that its sorting looks at. */
const sortedLength = 100

type Key = {
  readonly sql: string
  readonly as: SqlType
  readonly required: boolean
  readonly descending: boolean
}

// Null last is PostgreSQL's habit when ascending; where nothing is null, saying so would only keep an index from serving.
const ordering = ({ sql, required, descending }: Key): string =>
  `${sql}${descending ? ' desc' : ''}${descending && !required ? ' nulls last' : ''}`

// In UTC with microseconds, whatever the session's time zone and date style.
const asText = (sql: string, as: SqlType): string =>
  as === 'timestamptz'
    ? `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : as === 'date'
      ? `to_char(${sql}, 'YYYY-MM-DD')`
      : `(${sql})::text`

const behind = (
  keys: readonly Key[],
  place: Place,
  next: (value: string, type: string) => string,
): string => {
  const given = keys.map(({ as }, index) => {
    const value = place[index] ?? null
    return value === null ? null : next(value, as)
  })
  const sign = ({ descending }: Key): string => (descending ? '<' : '>')

  // One direction and no nulls: a row comparison, which is a single range of an index.
  const [first] = keys
  if (
    first !== undefined &&
    keys.every(({ required, descending }) => required && descending === first.descending)
  ) {
    return `(${keys.map(({ sql }) => sql).join(', ')}) ${sign(first)} (${given.join(', ')})`
  }

  let condition = 'false'
  for (const [index, key] of [...keys.entries()].toReversed()) {
    const value = given[index] ?? null
    const { sql, required } = key
    const past =
      value === null ? 'false' : `${sql} ${sign(key)} ${value}${required ? '' : ` or ${sql} is null`}`
    const level = value === null ? `${sql} is null` : `${sql} = ${value}`
    condition = `(${past} or (${level} and ${condition}))`
  }
  // What the condition implies already, in a form that tells an index where to begin.
  const begin = given[0] ?? null
  return first?.required === true && begin !== null
    ? `(${first.sql} ${sign(first)}= ${begin} and ${condition})`
    : condition
}

const cursorVersion = 1

/** A place as an opaque text for URLs, good for this order only. */
export const cursorOf = (sort: Sort, place: Place): string =>
  toBase64Url(JSON.stringify([cursorVersion, sortToText(sort), ...place]))

export type CursorReading =
  | { readonly ok: true; readonly place: Place }
  | { readonly ok: false; readonly fault: Fault }

/**
 * The place of a cursor that `cursorOf` made for the same order. Anything else is refused: not because it could show what the
 * list does not (it is only compared), but so that nobody pages through one order with another's place and misses rows.
 */
export const placeOf = (cursor: string, sort: Sort, columns: Columns, tie: TieBreaker): CursorReading => {
  const refused: CursorReading = { ok: false, fault: faultOf('wrong_cursor', {}) }
  if (cursor.length > 4000) return refused
  const parts = fromBase64Url(cursor)
  if (!Array.isArray(parts) || parts.length !== sort.length + 3) return refused
  const [version, order, ...values]: readonly unknown[] = parts
  if (version !== cursorVersion || order !== sortToText(sort)) return refused
  const place: (string | null)[] = []
  const last = values.length - 1
  for (const [index, value] of values.entries()) {
    const as = index === last ? tie.as : typeOfKey(sort[index]?.field, columns)
    if (value === null && index < last) place.push(null)
    else if (typeof value === 'string' && reads(value, as)) place.push(value)
    else return refused
  }
  return { ok: true, place }
}

const typeOfKey = (field: Field | undefined, columns: Columns): SqlType => {
  if (field === undefined) return 'text'
  const column = columnOf(field, columns)
  return column.order?.as ?? (field.type === 'ordered choice' ? 'integer' : typeOf(field, column))
}

const within = (least: bigint, most: bigint) => (text: string) =>
  /^-?\d{1,19}$/.test(text) && BigInt(text) >= least && BigInt(text) <= most

const isDay = (text: string): boolean => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) && text >= '0001'
}

/** Whether PostgreSQL will read it as this type: a forged cursor is refused here, not by an error of the database. */
const reads = (text: string, as: SqlType): boolean => {
  switch (as) {
    case 'text':
      return text.length <= 1000 && !text.includes('\0') && text.isWellFormed()
    case 'uuid':
      return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
    case 'smallint':
      return within(-32_768n, 32_767n)(text)
    case 'integer':
      return within(-2_147_483_648n, 2_147_483_647n)(text)
    case 'bigint':
      return within(-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n)(text)
    case 'numeric':
    case 'double precision':
      return (
        text.length <= 400 && /^-?\d+(?:\.\d+)?(?:e[+-]\d{1,3})?$/.test(text) && Number.isFinite(Number(text))
      )
    case 'boolean':
      return text === 'true' || text === 'false'
    case 'date':
      return isDay(text)
    case 'timestamptz':
      return isDay(text.slice(0, 10)) && /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/.test(text.slice(10))
  }
}

const toBase64Url = (text: string): string => {
  let bytes = ''
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte)
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** What the JSON inside says; nothing when there is none. */
const fromBase64Url = (text: string): unknown => {
  if (!/^[\w-]+$/.test(text)) return undefined
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (byte) =>
      byte.charCodeAt(0),
    )
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
