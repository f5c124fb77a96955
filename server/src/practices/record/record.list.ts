import { faultSaying } from '../../kernel/filter/language.ts'
import { issueSaying } from '../../kernel/language/issue.ts'
import { Filter } from '@evenkeel/contract/filter'
import type { ListQuery } from '@evenkeel/contract/record'
import { Temporal } from '../../kernel/time/temporal.ts'
import { bindFilter, type Bound } from '../../kernel/filter/bind.ts'
import type { FilterContext } from '../../kernel/filter/context.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import {
  cursorOf,
  parseSort,
  type Place,
  placeOf,
  sortSql,
  type Sort,
  type SortKey,
  type TieBreaker,
} from '../../kernel/filter/sort.ts'
import {
  columnOf,
  filterSql,
  parametersFrom,
  type Column,
  type Columns,
  type Parameters,
  type Sql,
} from '../../kernel/filter/sql.ts'
import { parseFilter } from '../../kernel/filter/text.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Written } from '../../platform/postgres/query.ts'
import { reachSql } from './record.scope.ts'
import type { Beginning, IdSet } from './record.list.sets.ts'
import type { Permission } from '@evenkeel/contract/permission'
import { says } from './record.reasons.ts'

/** What a kind of record offers its lists: the reader's fields, where they are in SQL, and what may be read. */
export type Listed = {
  readonly kind: string
  readonly permission: Permission
  readonly fields: Fields
  readonly columns: Columns
  /** By field: where its conditions are answered by an index of their own. */
  readonly sets?: Readonly<Record<string, IdSet>>
  /** The record and its own table as `r` and `i`, both from views (`…_in_force`) so that words find their index. */
  readonly from: string
  /** Where it is no record but something else with a list: what the reader may read of `r`, instead of kind and reach of records. */
  readonly reach?: (caller: Caller, parameters: Parameters) => string
  /** Newest first where nothing is said. */
  readonly sort?: string
  /** Rows that are alike stand in the direction of the order, as an index has them; the newest first where nothing is said. */
  readonly ties?: 'as ordered'
}

/** Conditions and order of a list, read once; pages, counts and exports are made from it. */
export type List = {
  readonly listed: Listed
  readonly caller: Caller
  readonly where: readonly Bound[]
  readonly sort: Sort
  /** Indexes that tell which rows there can be (record.list.sets.ts); the conditions stay in `where`. */
  readonly begins?: {
    /** The one with the fewest rows: counts begin there, and pages where they are few enough. */
    readonly at: Beginning
    /** Others that few rows meet: rows that are in both are the fewest. */
    readonly also: readonly Beginning[]
    readonly inPages: boolean
    /** Where pages do not, but have several such conditions. */
    readonly among: readonly Beginning[]
  }
}

// Newest first where nobody asked for an order; the key makes every order total.
const tie: TieBreaker = { sql: 'r.id', as: 'uuid', descending: true }
const tieOf = ({ listed, sort, begins }: List): TieBreaker => ({
  ...tie,
  ...(begins?.inPages === true ? { sql: 'f.id' } : {}),
  descending: listed.ties === undefined || sort[0]?.descending === true,
})
const defaultSort = '-created'

/**
 * Reads a list's query for one reader.
 * @throws Refusal `unknown_field` for everything a filter or sort names that this reader cannot see, alike for hidden and for unknown;
 *   `malformed` for what is not a filter at all. Faults of the search bar carry the offset in `field` as `q:<from>-<to>`.
 */
export const readList = (
  listed: Listed,
  caller: Caller,
  query: Pick<ListQuery, 'q' | 'filter' | 'sort'>,
): List => {
  const where: Bound[] = []
  if (query.q !== undefined && query.q.trim() !== '') where.push(searched(query.q, listed.fields))
  if (query.filter !== undefined) where.push(structured(query.filter, listed.fields))
  const sort = parseSort(query.sort ?? listed.sort ?? defaultSort, listed.fields)
  if (!sort.ok) {
    throw new Refusal(
      'unknown_field',
      sort.faults.map((fault) => ({ code: fault.code, field: 'sort', message: faultSaying(fault) })),
    )
  }
  return { listed, caller, where, sort: sort.sort }
}

const searched = (text: string, fields: Fields): Bound => {
  const reading = parseFilter(text, fields)
  if (!reading.ok) {
    throw new Refusal(
      'unknown_field',
      reading.faults.slice(0, mostFaults).map((fault) => ({
        code: fault.code,
        field: `q:${fault.from}-${fault.to}`,
        message: faultSaying(fault),
      })),
    )
  }
  return bound(reading.filter, fields, 'q')
}

const bound = (filter: Filter, fields: Fields, source: string): Bound => {
  const binding = bindFilter(filter, fields)
  if (binding.ok) return binding.bound
  throw new Refusal(
    'unknown_field',
    binding.faults.slice(0, mostFaults).map((fault) => ({
      code: fault.code,
      field: [source, ...fault.path].join('.'),
      message: faultSaying(fault),
    })),
  )
}

const mostFaults = 20

const structured = (text: string, fields: Fields): Bound => {
  const parsed = Filter.safeParse(jsonOf(text))
  if (!parsed.success) {
    throw new Refusal(
      'malformed',
      parsed.error.issues.slice(0, 20).map((issue) => ({
        code: 'filter',
        field: ['filter', ...issue.path].join('.'),
        message: issueSaying(issue),
      })),
    )
  }
  return bound(parsed.data, fields, 'filter')
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('malformed', [{ code: 'filter', field: 'filter', message: says('filter.noJson') }])
  }
}

export const filterContext = (caller: Caller): FilterContext => ({
  me: caller.personId,
  myTeams: [...caller.reach.teamIds],
  now: Temporal.Instant.from(caller.now),
  zone: caller.timeZone,
})

/** The words of a record: each carries the end of its tenant's id (migration 0040). */
export const searchColumn = (tenantId: string): Column => ({
  sql: 'r.search',
  lexeme: (word) => tenantId.slice(-4) + word,
})

export type ListCondition = {
  readonly from: string
  readonly text: string
  readonly values: readonly unknown[]
}

/** What a list asks of its rows and where they are: `$1` is the tenant; kind, the reader's reach and the filter follow. */
export const conditionOf = (list: List, purpose: 'page' | 'count' = 'count'): ListCondition => {
  const { listed, caller, where, begins } = list
  const reach = parametersFrom(2)
  const parts = [
    `r.tenant_id = $1`,
    ...(listed.reach === undefined
      ? [
          `r.kind = ${reach.next(listed.kind, 'text')}`,
          reachSql(caller.grants, listed.permission, caller.reach, reach),
        ]
      : [listed.reach(caller, reach)]),
  ]
  const values: unknown[] = [caller.tenantId, ...reach.values]
  const taken = ({ text, values: more }: Sql): string => {
    values.push(...more)
    return text
  }
  const columns = columnsOf(list, purpose)
  for (const bound of where)
    parts.push(taken(filterSql(bound, columns, filterContext(caller), values.length + 1)))
  if (begins !== undefined && beginsThere(list, purpose)) {
    const at = taken(begins.at.write(values.length + 1, true))
    const also = begins.also.map(
      (set) => `a.id in (select b.id from (${taken(set.write(values.length + 1, false))}) as b)`,
    )
    // In order before a record is read, whatever is thought of how many will be left: a page reads no more than it shows.
    const set =
      begins.at.isInOrder && also.length === 0
        ? at
        : `select a.id, a.at from (${at}) as a where ${['true', ...also].join(' and ')} order by a.at ${ascending(list) ? '' : 'desc'}, a.id desc offset 0`
    return { from: `(${set}) as f join (${listed.from}) on r.id = f.id`, text: parts.join(' and '), values }
  }
  for (const set of begins?.among ?? [])
    parts.push(`r.id in (select f.id from (${taken(set.write(values.length + 1, false))}) as f)`)
  return { from: listed.from, text: parts.join(' and '), values }
}

const beginsThere = ({ begins }: List, purpose: 'page' | 'count'): boolean =>
  begins !== undefined && (purpose === 'count' || begins.inPages)

const ascending = ({ sort: [first] }: List): boolean => first?.field.name === 'created' && !first.descending

/** An index that a list begins at knows when its rows were created: they are in order before one of them is read. */
const columnsOf = (list: List, purpose: 'page' | 'count'): Columns =>
  beginsThere(list, purpose)
    ? { ...list.listed.columns, created: { sql: 'f.at', required: true } }
    : list.listed.columns

/**
 * One page: ids in order, each with its place, one more than asked to know whether there is a next page.
 * @throws Refusal `malformed` for a cursor that this order did not make.
 */
export const pageQuery = (
  list: List,
  cursor: string | undefined,
  limit: number,
): Written<{ id: string; place: (string | null)[] }> => {
  const { listed, sort } = list
  let after
  if (cursor !== undefined) {
    const reading = placeOf(cursor, sort, listed.columns, tieOf(list))
    if (!reading.ok)
      throw new Refusal('malformed', [
        { code: 'cursor', field: 'cursor', message: faultSaying(reading.fault) },
      ])
    after = reading.place
  }
  const where = conditionOf(list, 'page')
  const order = sortSql(sort, columnsOf(list, 'page'), tieOf(list), {
    ...(after === undefined ? {} : { after }),
    first: where.values.length + 1,
  })
  const values = [...where.values, ...order.values, limit + 1]
  return {
    text: `select r.id, array[${order.place.join(', ')}] as place from ${where.from}
           where ${where.text}${order.after === undefined ? '' : ` and ${order.after}`}
           order by ${order.orderBy} limit $${values.length}`,
    values,
  }
}

/** Where a cursor of this order goes on; nothing when it is none. */
export const cursorPlace = (list: List, cursor: string): Place | undefined => {
  const reading = placeOf(cursor, list.sort, list.listed.columns, tieOf(list))
  return reading.ok ? reading.place : undefined
}

/** The cursor of the row at a place. */
export const cursorAt = ({ sort }: List, place: Place): string => cursorOf(sort, place)

export const nextCursor = (
  list: List,
  rows: readonly { readonly place: (string | null)[] }[],
  limit: number,
): string | null => {
  const last = rows[limit - 1]
  return rows.length > limit && last !== undefined ? cursorOf(list.sort, last.place) : null
}

/**
 * The values of a field within a list with their counts, in the order of the list when it is sorted by the field. Counted by value first,
 * so that what the order needs, a name for an id, is looked up once for each value.
 */
export const groupsQuery = (
  list: List,
  key: SortKey,
  most: number,
): Written<{ value: string | null; count: number }> => {
  const { from, columns } = list.listed
  const where = conditionOf(list)
  const { sql } = columnOf(key.field, columns)
  const order = sortSql([key], columns, tie, { first: where.values.length + 1 })
  const values = [...where.values, ...order.values, most + 1]
  return {
    text: `select found.value, found.count from (
             select (${sql})::text as value, count(*)::int as count, min(r.id::text)::uuid as sample
             from ${where.from} where ${where.text} group by 1
           ) as found, ${from} where r.tenant_id = $1 and r.id = found.sample
           order by ${order.orderBy} limit $${values.length}`,
    values,
  }
}

/** Counts up to `most`: a reader's count is of the rows they may read, and no more precise than the list needs. */
export const countQuery = (list: List, most: number): Written<{ count: number }> => {
  const where = conditionOf(list)
  const values = [...where.values, most + 1]
  return {
    text: `select count(*)::int as count from (select 1 from ${where.from} where ${where.text} limit $${values.length}) as found`,
    values,
  }
}
