import type { ClassAttribute } from '@evenkeel/contract/item-class'
import type { Bound } from '../../kernel/filter/bind.ts'
import { filterSql, type Column, type Parameters } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { cursorAt, cursorPlace, filterContext, pageQuery, type List } from '../record/index.ts'

// Lists of items by what their attributes hold: asked the other way round, from the index of values to the items, where the filter allows it.

export type ByValue = Extract<Bound, { test: unknown }>

type Attributes = ReadonlyMap<string, ClassAttribute>

const attributeOf = (name: string, attributes: Attributes): ClassAttribute | undefined =>
  name.startsWith('attr.') ? attributes.get(name.slice(5)) : undefined

/** Where a value stands in the table of values (alias `v`), in the forms that its indexes hold; lists have several, and are not compared so. */
const storedOf = (
  { type }: ClassAttribute,
  alias: string,
): { column: Column; by: string; as: 'text' | 'date' | 'uuid' | 'double precision' } | undefined => {
  switch (type) {
    case 'number':
    case 'money':
      return {
        column: { sql: `${alias}.number`, as: 'double precision' },
        by: 'number',
        as: 'double precision',
      }
    case 'boolean':
      return { column: { sql: `(${alias}.number = 1)` }, by: 'number', as: 'double precision' }
    case 'date':
      return { column: { sql: `${alias}.day` }, by: 'day', as: 'date' }
    case 'reference':
      return { column: { sql: `${alias}.ref` }, by: 'ref', as: 'uuid' }
    // Choices are lower-case letters by the contract: folded they are what they were.
    case 'choice':
      return { column: { sql: `${alias}.folded` }, by: 'folded', as: 'text' }
    case 'text':
      return { column: { sql: `${alias}.text`, folded: `${alias}.folded` }, by: 'folded', as: 'text' }
    case 'list':
      return undefined
  }
}

const isNegated = (bound: ByValue): boolean => {
  const { test } = bound
  return (test.is === 'set' && !test.holds) || ('negated' in test && test.negated)
}

/** A filter in two parts: what every row has to have as a value of an attribute, and everything else. */
export const partsOf = (
  where: readonly Bound[],
  attributes: Attributes,
): { readonly byValue: readonly ByValue[]; readonly rest: readonly Bound[] } => {
  const parts = where.flatMap((bound): readonly Bound[] => ('all' in bound ? bound.all : [bound]))
  const nested = parts.some((bound) => 'all' in bound)
  if (nested) return partsOf(parts, attributes)
  const byValue: ByValue[] = []
  const rest: Bound[] = []
  for (const bound of parts) {
    const attribute = 'test' in bound ? attributeOf(bound.field.name, attributes) : undefined
    const isByValue = attribute !== undefined && storedOf(attribute, 'v') !== undefined
    if ('test' in bound && isByValue && !isNegated(bound)) byValue.push(bound)
    else rest.push(bound)
  }
  return { byValue, rest }
}

const conditionOn = (bound: ByValue, column: Column, caller: Caller, parameters: Parameters): string => {
  const { text, values } = filterSql(
    bound,
    { [bound.field.name]: column },
    filterContext(caller),
    parameters.values.length + 2,
  )
  parameters.values.push(...values)
  return text
}

/** Conditions on `r` for what has to be among its values. `$1` is the tenant, and `parameters` begin behind it. */
export const byValueSql = (
  byValue: readonly ByValue[],
  attributes: Attributes,
  caller: Caller,
  parameters: Parameters,
): string[] =>
  byValue.flatMap((bound) => {
    const attribute = attributeOf(bound.field.name, attributes)
    const stored = attribute === undefined ? undefined : storedOf(attribute, 'v')
    if (attribute === undefined || stored === undefined) return []
    const text = conditionOn(bound, stored.column, caller, parameters)
    return [
      `r.id in (select v.item_id from item_value v
         where v.tenant_id = $1 and v.attribute = '${attribute.key}' and v.place = 0 and v.${stored.by} is not null and ${text})`,
    ]
  })

type Ordered = {
  readonly list: List
  readonly byValue: readonly ByValue[]
  readonly offered: { readonly attributes: Attributes }
}
type Row = { readonly id: string; readonly place: (string | null)[] }

/**
 * A page of items. One in the order of an attribute is read along the index of its values; what has none comes last, and is asked for when
 * there is room for it.
 */
export const itemPage = async (
  q: Reader,
  { list, byValue, offered: { attributes } }: Ordered,
  cursor: string | undefined,
  limit: number,
): Promise<Row[]> => {
  const [first, ...others] = list.sort
  const attribute = first === undefined ? undefined : attributeOf(first.field.name, attributes)
  const stored = attribute === undefined ? undefined : storedOf(attribute, 's')
  if (first === undefined || attribute === undefined || stored === undefined)
    return q.rows(pageQuery(list, cursor, limit))
  const { listed } = list
  const value = `s.tenant_id = $1 and s.attribute = '${attribute.key}' and s.place = 0 and s.${stored.by} is not null`
  const reach = listed.reach ?? (() => 'true')
  // What is asked of the very attribute says where to begin.
  const alike = byValue.filter(({ field }) => field === first.field)
  const having: List = {
    ...list,
    listed: {
      ...listed,
      from: `item_value s join ${listed.from} on r.id = s.item_id`,
      reach: (who, parameters) =>
        [
          value,
          reach(who, parameters),
          ...alike.map((bound) => conditionOn(bound, stored.column, who, parameters)),
        ].join(' and '),
      columns: {
        ...listed.columns,
        [first.field.name]: {
          ...stored.column,
          order: { sql: `s.${stored.by}`, as: stored.as, required: true },
        },
      },
    },
  }
  // In the form that the index holds: a yes is a number there.
  const place = cursor === undefined ? undefined : cursorPlace(having, cursor)
  const lacking: List = {
    ...list,
    sort: others,
    listed: {
      ...listed,
      reach: (who, parameters) =>
        `not exists (select from item_value s where ${value} and s.item_id = r.id) and ${reach(who, parameters)}`,
    },
  }
  const rows: Row[] = place?.[0] === null ? [] : await q.rows(pageQuery(having, cursor, limit))
  if (rows.length > limit || alike.length > 0) return rows
  const after = place?.[0] === null ? cursorAt(lacking, place.slice(1)) : undefined
  const more = await q.rows(pageQuery(lacking, after, limit - rows.length))
  return [...rows, ...more.map(({ id, place: at }): Row => ({ id, place: [null, ...at] }))]
}
