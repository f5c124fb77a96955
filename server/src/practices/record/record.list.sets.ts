import type { Bound } from '../../kernel/filter/bind.ts'
import { filterSql, type Column, type Sql } from '../../kernel/filter/sql.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { filterContext, type List } from './record.list.ts'

// Conditions that a record answers only when it is read, asked the other way round: an index of their own tells which records meet them.
// A list begins there when those are few. When they are many, it goes along its order and soon has a page full; which of both it is, is
// counted, because nothing else tells a rare value from a common one.

export type Condition = Extract<Bound, { test: unknown }>

/** The records that a condition finds: all that meet it, and perhaps some more. Each is looked at once more. */
export type IdSet = {
  /** How the condition is asked there; nothing when it cannot be. */
  readonly ask: (bound: Condition) => { readonly bound: Condition; readonly column: Column } | undefined
  /** A query for their `id` under such a condition; `$1` is the tenant. */
  readonly select: (condition: string) => string
}

/** Where a list begins. `first`: number of the first placeholder. */
export type Beginning = (first: number) => Sql

/** Looking up as many takes as long as going along the order of a million until a page is full of one in two hundred. */
const fewRecords = 5000

/** The conditions that every row of the list has to meet, and that say what there is rather than what there is not. */
const required = (where: readonly Bound[]): readonly Condition[] =>
  where.flatMap((bound) => {
    if ('all' in bound) return required(bound.all)
    return 'test' in bound && !isNegated(bound) ? [bound] : []
  })

const isNegated = ({ test }: Condition): boolean =>
  (test.is === 'set' && !test.holds) || ('negated' in test && test.negated)

const setOf = ({ listed, caller }: List, condition: Condition): Beginning | undefined => {
  const set = listed.sets?.[condition.field.name]
  const asked = set?.ask(condition)
  if (set === undefined || asked === undefined) return undefined
  return (first) => {
    const columns = { [condition.field.name]: asked.column }
    const { text, values } = filterSql(asked.bound, columns, filterContext(caller), first)
    return { text: set.select(text), values }
  }
}

const within =
  (set: Beginning, around: (ids: string) => string): Beginning =>
  (first) => {
    const { text, values } = set(first)
    return { text: around(text), values }
  }

/** The list with the index that it begins at, where it has conditions that one serves. Statements: one for each of them. */
export const beginning = async (database: Database, list: List, few = fewRecords): Promise<List> => {
  const sets = required(list.where).flatMap((condition) => setOf(list, condition) ?? [])
  if (sets.length === 0) return list
  const counted = await read(database, list.caller.tenantId, (q) =>
    Promise.all(
      sets.map(async (set) => {
        const { text, values } = set(2)
        const { count } = await q.one<{ count: number }>({
          text: `select count(*)::int as count from (select 1 from (${text}) as found limit ${few + 1}) as first`,
          values: [q.tenantId, ...values],
        })
        return { set, count }
      }),
    ),
  )
  const [fewest] = counted.toSorted((a, b) => a.count - b.count)
  if (fewest !== undefined && fewest.count <= few)
    return { ...list, begins: [within(fewest.set, (ids) => `r.id = any(array(${ids}))`)] }
  // One that many meet is met soon; several of them together may be met by none.
  if (sets.length === 1) return list
  return { ...list, begins: sets.map((set) => within(set, (ids) => `r.id in (${ids})`)) }
}
