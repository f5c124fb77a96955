import type { Bound, Comparison, Test } from './bind.ts'
import { type FilterContext, idsFor } from './context.ts'
import type { Field, FieldType } from './fields.ts'
import { daysOf, isDays, type Moment, spanOf } from './moment.ts'
import type { SoughtWord } from './words.ts'

/** SQL with numbered parameters. No value is ever in the text. */
export type Sql = { readonly text: string; readonly values: readonly SqlValue[] }
export type SqlValue = string | readonly string[]

/** Types that parameters are cast to, and that columns are compared as. */
export type SqlType =
  | 'text'
  | 'uuid'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'double precision'
  | 'boolean'
  | 'date'
  | 'timestamptz'

/**
 * Where a field's value is, as SQL that the practice writes by hand. Text of a custom field's key comes in as a literal that the
 * practice quotes: the compiler trusts every string in here.
 */
export type Column = {
  /** An expression for the value; of words, for their `tsvector`; of a list of references, for a `uuid[]`. */
  readonly sql: string
  /** How it is compared, when not as its field's type is by default. A whole number fits every integer column as `bigint`. */
  readonly as?: SqlType
  /** Never null and, as a text, never empty. Saves the clauses that see to it. */
  readonly required?: boolean
  /** How a word is written in the `tsvector`, when not as it is. Letters and digits only. */
  readonly lexeme?: (word: string) => string
  /** That there is one, of a list: where an index tells. */
  readonly set?: string
  /** Text, folded: a stored or indexed expression. By default `text_fold(sql)`. */
  readonly folded?: string
  /** Conditions that reach an index in a way of their own, from a placeholder: */
  /** folded text like this pattern; */
  readonly like?: (pattern: string) => string
  /** a list that has one of this `uuid[]`. */
  readonly overlaps?: (ids: string) => string
  /** What lists are sorted by, when not by the value itself: a name instead of an id, a rank instead of a word. */
  readonly order?: { readonly sql: string; readonly as: SqlType; readonly required?: boolean }
}

/** Columns by field name; a string is short for `{ sql }`. */
export type Columns = { readonly [field: string]: Column | string }

/** Collects parameters; `next` gives the placeholder of one more. */
export type Parameters = {
  readonly values: SqlValue[]
  readonly next: (value: SqlValue, type: string) => string
}

/** @param first number of the first placeholder, when the statement has parameters before it */
export const parametersFrom = (first: number): Parameters => {
  const values: SqlValue[] = []
  return { values, next: (value, type) => `$${first - 1 + values.push(value)}::${type}` }
}

/**
 * The filter as a condition for `where`: true for exactly the rows whose record satisfies the predicate; for the others false or
 * null. Put `is true` behind it to use it elsewhere. Conditions that stand under no `not` are bare comparisons, which
 * indexes serve; under one they become `is not true`, because our `not` has two values and SQL's has three.
 * @param first number of its first placeholder
 * @throws Error when a field of the filter has no column: then the reader's fields and the columns do not fit each other.
 */
export const filterSql = (bound: Bound, columns: Columns, context: FilterContext, first = 1): Sql => {
  const parameters = parametersFrom(first)
  return { text: clause(bound, true, { columns, context, parameters }), values: parameters.values }
}

type Writing = { readonly columns: Columns; readonly context: FilterContext; readonly parameters: Parameters }

const clause = (bound: Bound, holds: boolean, writing: Writing): string => {
  if ('not' in bound) return clause(bound.not, !holds, writing)
  if ('all' in bound) return joined(bound.all, holds ? 'and' : 'or', holds, writing)
  if ('any' in bound) return joined(bound.any, holds ? 'or' : 'and', holds, writing)
  const { field, test } = bound
  const column = columnOf(field, writing.columns)
  if (test.is === 'set') return emptiness(field, column, test.holds === holds)
  const text = comparison(field, column, test, writing)
  return holds ? text : `(${text}) is not true`
}

const joined = (parts: readonly Bound[], word: 'and' | 'or', holds: boolean, writing: Writing): string => {
  if (parts.length === 0) return word === 'and' ? 'true' : 'false'
  return `(${parts.map((part) => clause(part, holds, writing)).join(` ${word} `)})`
}

/** @throws Error when there is none. */
export const columnOf = (field: Field, columns: Columns): Column => {
  const column = Object.hasOwn(columns, field.name) ? columns[field.name] : undefined
  if (column === undefined) throw new Error(`there is no column for the field ${field.name}`)
  return typeof column === 'string' ? { sql: column } : column
}

const typeByField: Readonly<Record<FieldType, SqlType>> = {
  text: 'text',
  words: 'text',
  keyword: 'text',
  number: 'numeric',
  choice: 'text',
  'ordered choice': 'text',
  reference: 'uuid',
  'list of references': 'uuid',
  instant: 'timestamptz',
  date: 'date',
  boolean: 'boolean',
}

export const typeOf = (field: Field, column: Column): SqlType =>
  column.as ?? (field.type === 'number' && field.whole === true ? 'bigint' : typeByField[field.type])

const isText = (field: Field): boolean => field.type === 'text' || field.type === 'keyword'

const emptiness = (field: Field, { sql, required, set }: Column, holds: boolean): string => {
  if (required === true) return String(holds)
  if (set !== undefined) return holds ? set : `(${set}) is not true`
  if (field.type === 'list of references') return `coalesce(cardinality(${sql}), 0) ${holds ? '>' : '='} 0`
  if (isText(field)) return holds ? `${sql} <> ''` : `(${sql} <> '') is not true`
  return `${sql} is ${holds ? 'not ' : ''}null`
}

const comparison = (
  field: Field,
  column: Column,
  test: Exclude<Test, { is: 'set' }>,
  writing: Writing,
): string => {
  const { sql } = column
  const { next } = writing.parameters
  const type = typeOf(field, column)
  switch (test.is) {
    case 'one of':
      return oneOf(field, column, test, writing)
    case 'number':
      return among(sql, test.values.map(String), type, test.negated, writing)
    case 'compared number':
      return `${sql} ${test.op} ${next(String(test.value), type)}`
    case 'boolean':
      return test.value ? sql : `not ${sql}`
    case 'containing':
      return like(field, column, `%${escaped(test.part)}%`, writing)
    case 'starting':
      return like(field, column, `${escaped(test.part)}%`, writing)
    case 'words': {
      const query = next(tsquery(test.words, column.lexeme), 'tsquery')
      return `${field.type === 'words' ? sql : `text_words(${sql})`} @@ ${query}`
    }
    case 'time':
    case 'compared time':
      return time(field, column, test, writing)
  }
}

const oneOf = (
  field: Field,
  column: Column,
  test: Extract<Test, { is: 'one of' }>,
  writing: Writing,
): string => {
  const { sql } = column
  const type = typeOf(field, column)
  const values = [...new Set([...test.values, ...idsFor(test.relative, writing.context)])]
  if (field.type === 'list of references') {
    const ids = writing.parameters.next(values, 'uuid[]')
    const overlaps = column.overlaps === undefined ? `${sql} && ${ids}` : column.overlaps(ids)
    return test.negated ? `(${emptiness(field, column, true)} and (${overlaps}) is not true)` : overlaps
  }
  const compared = among(field.type === 'text' ? foldedOf(column) : sql, values, type, test.negated, writing)
  return test.negated ? `(${emptiness(field, column, true)} and ${compared})` : compared
}

const among = (
  sql: string,
  values: readonly string[],
  type: SqlType,
  negated: boolean,
  { parameters }: Writing,
): string => {
  const [value] = values
  if (value === undefined) return String(negated)
  if (values.length === 1) return `${sql} ${negated ? '<>' : '='} ${parameters.next(value, type)}`
  return `${sql} ${negated ? '<> all' : '= any'}(${parameters.next(values, `${type}[]`)})`
}

export const foldedOf = ({ sql, folded }: Column): string => folded ?? `text_fold(${sql})`

const like = (field: Field, column: Column, pattern: string, { parameters }: Writing): string => {
  const placeholder = parameters.next(pattern, 'text')
  if (column.like !== undefined) return column.like(placeholder)
  return `${field.type === 'text' ? foldedOf(column) : column.sql} like ${placeholder}`
}

/** Backslash is what `like` escapes with by default. */
const escaped = (part: string): string => part.replace(/[\\%_]/g, (sign) => `\\${sign}`)

/** Words hold letters and digits only (words.ts), so nothing in them needs escaping inside the quotes. */
const tsquery = (words: readonly SoughtWord[], lexeme: (word: string) => string = (word) => word): string =>
  words.map(({ word, beginning }) => `'${lexeme(word)}'${beginning ? ':*' : ''}`).join(' & ')

type TimeTest = Extract<Test, { is: 'time' | 'compared time' }>

/**
 * Always `>=` and `<`, never `=` or `<=`: a span's end is outside it, and a column with microseconds then answers as its
 * milliseconds would.
 */
const time = (field: Field, column: Column, test: TimeTest, writing: Writing): string => {
  const { sql } = column
  const type = typeOf(field, column)
  const edge = (moment: Moment, end: 'from' | 'to'): string =>
    writing.parameters.next(edgeOf(field, moment, end, writing.context), type)
  if (test.is === 'compared time') {
    const [sign, end] = boundary[test.op]
    return `${sql} ${sign} ${edge(test.moment, end)}`
  }
  const from = edge(test.from, 'from')
  const to = edge(test.to, 'to')
  return test.negated ? `(${sql} < ${from} or ${sql} >= ${to})` : `(${sql} >= ${from} and ${sql} < ${to})`
}

const boundary: Readonly<Record<Comparison, readonly ['<' | '>=', 'from' | 'to']>> = {
  '<': ['<', 'from'],
  '<=': ['<', 'to'],
  '>': ['>=', 'to'],
  '>=': ['>=', 'from'],
}

const edgeOf = (field: Field, moment: Moment, end: 'from' | 'to', context: FilterContext): string => {
  if (field.type !== 'date') return new Date(spanOf(moment, context)[end]).toISOString()
  if (isDays(moment)) return daysOf(moment, context)[end]
  throw new TypeError(`${field.name} holds days; the filter was not made by bindFilter`)
}
