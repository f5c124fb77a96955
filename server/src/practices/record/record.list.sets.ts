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
  /** A query for their `id`, and when they were created as `at`, under such a condition; `$1` is the tenant. `once`: each of them once. */
  readonly select: (condition: string, once: boolean) => string
  /** Whether records with one value stand there by when they were created. */
  readonly isByValue: boolean
}

/** Where a list begins. */
export type Beginning = {
  /** `first`: number of the first placeholder. `once`: each record once. */
  readonly write: (first: number, once: boolean) => Sql
  /** It stands for one value, behind which an index has records by when they were created. */
  readonly isInOrder: boolean
}

/** So many are put in order as fast as a page full of one in thirty is met along the order of a million. */
const fewToOrder = 30_000
/** Where each has to be read before it can be put in order, and the order has an index. */
const fewToRead = 3000

/** The conditions that every row of the list has to meet, and that say what there is rather than what there is not. */
const required = (where: readonly Bound[]): readonly Condition[] =>
  where.flatMap((bound) => {
    if ('all' in bound) return required(bound.all)
    return 'test' in bound && !isNegated(bound) ? [bound] : []
  })

const isNegated = ({ test }: Condition): boolean =>
  (test.is === 'set' && !test.holds) || ('negated' in test && test.negated)

const isOneValue = ({ test }: Condition): boolean =>
  test.is === 'boolean' ||
  (test.is === 'number' && test.values.length === 1) ||
  (test.is === 'one of' && test.values.length === 1 && test.relative.length === 0)

const setOf = ({ listed, caller }: List, condition: Condition): Beginning | undefined => {
  const set = listed.sets?.[condition.field.name]
  const asked = set?.ask(condition)
  if (set === undefined || asked === undefined) return undefined
  const isInOrder = set.isByValue && isOneValue(asked.bound)
  return {
    isInOrder,
    write: (first, once) => {
      const columns = { [condition.field.name]: asked.column }
      const { text, values } = filterSql(asked.bound, columns, filterContext(caller), first)
      return { text: set.select(text, once && !isInOrder), values }
    },
  }
}

/** The list with the index that it begins at, where it has conditions that one serves. Statements: one for each of them. */
export const beginning = async (database: Database, list: List, few = fewFor(list)): Promise<List> => {
  const sets = required(list.where).flatMap((condition) => setOf(list, condition) ?? [])
  if (sets.length === 0) return list
  const counted = await read(database, list.caller.tenantId, (q) =>
    Promise.all(
      sets.map(async (set) => {
        const { text, values } = set.write(2, false)
        const { count } = await q.one<{ count: number }>({
          text: `select count(*)::int as count from (select 1 from (${text}) as found limit ${few + 1}) as first`,
          values: [q.tenantId, ...values],
        })
        return { set, count }
      }),
    ),
  )
  const [fewest, ...others] = counted.toSorted((a, b) => a.count - b.count)
  if (fewest === undefined) return list
  const inPages = fewest.count <= few || (fewest.set.isInOrder && isByCreation(list))
  // One that many meet is met soon; several of them together may be met by none.
  const also = others.filter(({ count }) => count <= few).map(({ set }) => set)
  return {
    ...list,
    begins: { at: fewest.set, also, inPages, among: inPages || sets.length === 1 ? [] : sets },
  }
}

const isByCreation = ({ sort: [first] }: List): boolean => first?.field.name === 'created'

const fewFor = ({ sort: [first] }: List): number =>
  first?.field.name === 'priority' ? fewToRead : fewToOrder
