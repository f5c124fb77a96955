import type { FilterField, IncidentFilter, IncidentGroup } from '@evenkeel/contract/incident-list'
import type { ListedItem } from '@evenkeel/contract/item'
import type { ListQuery } from '@evenkeel/contract/record'
import type { Bound } from '../../kernel/filter/bind.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import {
  countQuery,
  filterInAllForms,
  groupsQuery,
  nextCursor,
  offeredFields,
  readList,
  type List,
  type Listed,
} from '../record/index.ts'
import { nowIs } from './graph.times.ts'
import { itemReachSql } from './item.access.ts'
import { refOf, itemRows } from './item.at.ts'
import { rightsOn } from './item.commands.ts'
import { itemFields, withinClasses, type ItemFields } from './item.fields.ts'
import { healthsAt } from './item.healths.ts'
import { byValueSql, itemPage, partsOf, type ByValue } from './item.list.index.ts'
import { inForce, modelOf, type InForce } from './item.model.ts'
import { says } from './item.reasons.ts'
import { idsIn, textOf, type WriteValue } from './item.value.ts'

type Asked = Pick<ListQuery, 'q' | 'filter'>
export type Reading = {
  readonly list: List
  readonly plain: readonly Bound[]
  readonly byValue: readonly ByValue[]
  readonly offered: ItemFields
  readonly force: InForce
}

/** A list's query, read for one reader. */
export const itemList = async (
  database: Database,
  caller: Caller,
  query: Asked & { readonly sort?: string | undefined },
): Promise<Reading> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const offered = await itemFields(database, caller, force)
  const listed: Listed = {
    kind: 'item',
    permission: 'item.read',
    fields: offered.fields,
    columns: offered.columns,
    from: 'item_in_force r',
    sort: 'name',
    ties: 'as ordered',
  }
  const read = readList(listed, caller, { ...query, sort: query.sort === '' ? undefined : query.sort })
  const { byValue, rest } = partsOf(
    read.where.map((bound) => withinClasses(bound, force.models)),
    offered.attributes,
  )
  const list: List = {
    ...read,
    where: rest,
    listed: {
      ...listed,
      reach: (who, parameters) =>
        [
          'r.merged_into_id is null',
          itemReachSql(who, 'item.read', parameters),
          ...byValueSql(byValue, offered.attributes, who, parameters),
        ].join(' and '),
    },
  }
  return { list, plain: read.where, byValue, offered, force }
}

/** One page of items within reach. */
export const listItems = async (
  database: Database,
  caller: Caller,
  query: ListQuery & { readonly attributes?: string | undefined },
): Promise<{ rows: ListedItem[]; next: string | null }> => {
  const reading = await itemList(database, caller, query)
  const keys = attributesAsked(
    (query.attributes ?? '').split(',').filter((key) => key !== ''),
    reading,
    'attributes',
  )
  return read(database, caller.tenantId, async (q) => {
    const found = await itemPage(q, reading, query.cursor, query.limit)
    const ids = found.slice(0, query.limit).map(({ id }) => id)
    return {
      rows: await listedItems(q, caller, ids, keys, reading),
      next: nextCursor(reading.list, found, query.limit),
    }
  })
}

/** @throws Refusal `unknown_field` for attributes that lists do not tell this reader */
export const attributesAsked = (
  keys: readonly string[],
  { offered }: Reading,
  field: string,
): readonly string[] => {
  const unknown = keys.filter((key) => !offered.attributes.has(key))
  if (unknown.length > 0)
    throw new Refusal(
      'unknown_field',
      unknown.slice(0, 20).map((key) => ({
        code: 'unknown_column',
        field,
        message: says('list.attribute', { key: key.slice(0, 40) }),
      })),
    )
  return keys
}

export const listedItems = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
  keys: readonly string[],
  { offered, force }: Reading,
  write: WriteValue = textOf,
): Promise<ListedItem[]> => {
  const { language } = caller
  const [rows, healths] = await Promise.all([
    itemRows(q, ids),
    healthsAt(q, caller, ids, nowIs(caller.now), force),
  ])
  const byId = new Map(rows.map((row) => [row.id, row]))
  const persons = rows.flatMap(({ ownerId }) => ownerId ?? [])
  const teams = rows.flatMap(({ supportTeamId }) => supportTeamId ?? [])
  const named = rows.flatMap((row) =>
    keys.flatMap((key) => {
      const attribute = offered.attributes.get(key)
      const value = row.values[key]
      return attribute === undefined || value === undefined ? [] : idsIn(attribute, value)
    }),
  )
  const [names, rights] = await Promise.all([
    q.rows<{ id: string; kind: string; name: string }>({
      name: 'names_in_items',
      text: `select id, 'person' as kind, name from person where tenant_id = $1 and id = any($2::uuid[])
             union all select id, 'team', name from team where tenant_id = $1 and id = any($2::uuid[])
             union all select id, 'item', name from item where tenant_id = $1 and id = any($3::uuid[])`,
      values: [q.tenantId, [...persons, ...teams, ...named], named],
    }),
    named.length === 0 ? new Map<string, { read: boolean }>() : rightsOn(q, caller, named, 'item.read'),
  ])
  const nameBy = new Map(names.map(({ id, kind, name }) => [`${kind} ${id}`, name]))
  const ref = (kind: 'person' | 'team', id: string | null) =>
    id === null ? null : { id, name: nameBy.get(`${kind} ${id}`) ?? '' }
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (row === undefined) return []
    const { criticality } = row
    return [
      {
        ...refOf(row, force, language),
        nature: modelOf(force.models, row.class).nature,
        health: healths(id),
        owner: ref('person', row.ownerId),
        supportTeam: ref('team', row.supportTeamId),
        criticality:
          criticality === 1 || criticality === 2 || criticality === 3 || criticality === 4
            ? criticality
            : null,
        missing: row.missing,
        updatedAt: row.updatedAt,
        version: row.version,
        attributes: Object.fromEntries(
          keys.flatMap((key) => {
            const attribute = modelOf(force.models, row.class).byKey.get(key)
            const value = row.values[key]
            if (attribute === undefined || value === undefined || !offered.attributes.has(key)) return []
            return [
              [
                key,
                write(attribute, value, language, (kind, one) =>
                  kind === 'item' && rights.get(one)?.read !== true
                    ? undefined
                    : nameBy.get(`${kind} ${one}`),
                ),
              ],
            ]
          }),
        ),
      },
    ]
  })
}

export const mostCounted = 10_000

export const countItems = async (
  database: Database,
  caller: Caller,
  query: Asked,
): Promise<{ count: number; capped: boolean }> => {
  const { list } = await itemList(database, caller, query)
  const { count } = await read(database, caller.tenantId, (q) => q.one(countQuery(list, mostCounted)))
  return { count: Math.min(count, mostCounted), capped: count > mostCounted }
}

export const itemFilterFields = async (
  database: Database,
  caller: Caller,
): Promise<{ fields: FilterField[] }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const { fields, groupable, namedBy } = await itemFields(database, caller, force)
  return { fields: offeredFields(fields, groupable, namedBy) }
}

const mostGroups = 200

export const groupItems = async (
  database: Database,
  caller: Caller,
  { by, ...query }: Asked & { readonly by: string },
): Promise<{ groups: IncidentGroup[]; more: boolean }> => {
  const { list, offered } = await itemList(database, caller, { ...query, sort: by })
  const [key] = list.sort
  if (key === undefined || list.sort.length > 1 || !offered.groupable.has(key.field.name))
    throw new Refusal('unknown_field', [
      { code: 'not_groupable', field: 'by', message: says('list.group', { name: by }) },
    ])
  const { field } = key
  return read(database, caller.tenantId, async (q) => {
    const found = await q.rows(groupsQuery(list, key, mostGroups))
    const shown = found.slice(0, mostGroups)
    const ids = field.type === 'reference' ? shown.flatMap(({ value }) => value ?? []) : []
    const names = await q.rows<{ id: string; name: string }>({
      name: 'names_of_item_groups',
      text: `select id, name from person where tenant_id = $1 and id = any($2::uuid[])
             union all select id, name from team where tenant_id = $1 and id = any($2::uuid[])`,
      values: [q.tenantId, ids],
    })
    const nameOf = new Map(names.map(({ id, name }) => [id, name]))
    const label = (value: string): string =>
      nameOf.get(value) ??
      ('choices' in field ? field.choices.find((choice) => choice.value === value)?.label : undefined) ??
      value
    return {
      groups: shown.map(({ value, count }) => ({ value, count, label: value === null ? '' : label(value) })),
      more: found.length > mostGroups,
    }
  })
}

export const readItemFilter = async (
  database: Database,
  caller: Caller,
  query: Asked,
): Promise<IncidentFilter> => {
  const { plain, offered } = await itemList(database, caller, query)
  return filterInAllForms(plain, offered.fields, caller.language)
}

/** Fields of lists of items for one reader. */
export const itemListFields = async (database: Database, caller: Caller): Promise<Fields> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return (await itemFields(database, caller, force)).fields
}
