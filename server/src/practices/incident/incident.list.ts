import type { ListedIncident } from '@evenkeel/contract/incident'
import type { IncidentFilter, IncidentGroup } from '@evenkeel/contract/incident-list'
import type { Permission } from '@evenkeel/contract/permission'
import type { ListQuery } from '@evenkeel/contract/record'
import type { Field } from '../../kernel/filter/fields.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import {
  beginning,
  conditionOf,
  countQuery,
  filterInAllForms,
  groupsQuery,
  nextCursor,
  pageQuery,
  readList,
  type List,
  type ListCondition,
  type Listed,
} from '../record/index.ts'
import { groupable, incidentFields, type Spoken, listedIncidents } from './incident.fields.ts'
import { says } from './incident.reasons.ts'

/** A list's query, read for one reader. */
export const incidentList = async (
  database: Database,
  caller: Caller,
  query: Pick<ListQuery, 'q' | 'filter' | 'sort'>,
): Promise<List> => {
  const list = readList(await listedFor(database, caller, [query]), caller, query)
  return beginning(database, list)
}

/** What a list asks of incidents, as another practice's queries take it along: as far as a permission of theirs reaches. */
export const incidentsAsked = async (
  database: Database,
  caller: Caller,
  queries: readonly Asked[],
  permission: Permission,
): Promise<ListCondition> => {
  const listed = { ...(await listedFor(database, caller, queries)), permission }
  const lists = queries.map((query) => readList(listed, caller, query))
  const where = lists.flatMap((list) => list.where)
  const list = await beginning(database, { listed, caller, where, sort: [] })
  return conditionOf(list)
}

/** What lists of incidents offer one reader, with the names that these queries need. */
const listedFor = async (database: Database, caller: Caller, queries: readonly Asked[]): Promise<Listed> => ({
  kind: 'incident',
  permission: 'incident.read',
  ...(await incidentFields(database, caller, spokenIn(queries))),
  from: listedIncidents,
})

type Asked = Pick<ListQuery, 'q' | 'filter'>

/** What queries say about people, before they are read. */
const spokenIn = (queries: readonly Asked[]): Spoken => ({
  texts: queries.flatMap(({ q }) => q ?? []),
  filters: queries.flatMap(({ filter }) => (filter === undefined ? [] : [jsonOrNothing(filter)])),
})

const jsonOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const mostGroups = 200

/**
 * The values of a field within a list, each with the count of its records.
 * @throws Refusal `unknown_field` for a field that divides no list or that this reader cannot see.
 */
export const groupIncidents = async (
  database: Database,
  caller: Caller,
  { by, ...query }: Asked & { readonly by: string },
): Promise<{ groups: IncidentGroup[]; more: boolean }> => {
  const list = await incidentList(database, caller, { ...query, sort: by })
  const [key] = list.sort
  if (key === undefined || list.sort.length > 1 || !groupable.has(key.field.name))
    throw new Refusal('unknown_field', [
      { code: 'not_groupable', field: 'by', message: says('list.group', { name: by }) },
    ])
  const { field } = key
  const found = await read(database, caller.tenantId, (q) => q.rows(groupsQuery(list, key, mostGroups)))
  const shown = found.slice(0, mostGroups)
  const names = await namesOfReferences(database, caller, field.name, shown)
  return {
    groups: shown.map(({ value, count }) => ({
      value,
      count,
      label: value === null ? '' : (names.get(value) ?? labelOf(field, value)),
    })),
    more: found.length > mostGroups,
  }
}

const labelOf = (field: Field, value: string): string =>
  'choices' in field ? (field.choices.find((choice) => choice.value === value)?.label ?? value) : value

/** Names as the rows show them: also of people who left, and of teams and services that share a name. */
const namesOfReferences = async (
  database: Database,
  caller: Caller,
  field: string,
  groups: readonly { readonly value: string | null }[],
): Promise<ReadonlyMap<string, string>> => {
  const table = tableOf.get(field)
  if (table === undefined) return new Map()
  const ids = groups.flatMap(({ value }) => (value === null ? [] : [value]))
  const rows = await read(database, caller.tenantId, (q) =>
    q.rows<{ id: string; name: string }>({
      name: `names_of_${table}`,
      text: `select id, name from ${table} where tenant_id = $1 and id = any($2::uuid[])`,
      values: [q.tenantId, ids],
    }),
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

const tableOf: ReadonlyMap<string, 'service' | 'team' | 'person'> = new Map([
  ['service', 'service'],
  ['team', 'team'],
  ['assignee', 'person'],
])

/** A filter in all its forms. */
export const readIncidentFilter = async (
  database: Database,
  caller: Caller,
  query: Asked,
): Promise<IncidentFilter> => {
  const { where, listed } = await incidentList(database, caller, query)
  return filterInAllForms(where, listed.fields, caller.language)
}

/** The first ids of a list in its order, and how many there are in all. */
export const firstOf = async (
  database: Database,
  caller: Caller,
  query: Pick<ListQuery, 'q' | 'filter' | 'sort'>,
  most: number,
): Promise<{ ids: string[]; found: Count }> => {
  const list = await incidentList(database, caller, query)
  const [rows, { count }] = await read(database, caller.tenantId, (q) =>
    Promise.all([q.rows(pageQuery(list, undefined, most)), q.one(countQuery(list, mostCounted))]),
  )
  return {
    ids: rows.slice(0, most).map(({ id }) => id),
    found: counted(count),
  }
}

/**
 * Keys of custom fields that a reader asks for.
 * @throws Refusal `unknown_field` for each that this reader cannot see, whether it exists for others or not.
 */
export const customKeys = (
  { listed: { fields } }: List,
  keys: readonly string[],
  source: string,
): string[] => {
  const unknown = keys.filter((key) => fields.named(`custom.${key}`) === undefined)
  if (unknown.length > 0)
    throw new Refusal(
      'unknown_field',
      unknown.slice(0, 20).map((key) => ({
        code: 'unknown_column',
        field: source,
        message: says('export.column', { name: `custom.${key.slice(0, 40)}` }),
      })),
    )
  return [...new Set(keys)]
}

/** Clocks are for those who may ask for them in a filter. */
export const showsClocks = ({ listed: { fields } }: List): boolean => fields.named('deadline') !== undefined

/** One page of incidents within reach. Statements: 2, the second reads the rows that the first one found. */
export const listIncidents = async (
  database: Database,
  caller: Caller,
  query: ListQuery & { readonly custom?: string | undefined },
): Promise<{ rows: ListedIncident[]; next: string | null }> => {
  const list = await incidentList(database, caller, query)
  const keys =
    query.custom === undefined || query.custom === ''
      ? []
      : customKeys(list, query.custom.split(','), 'custom')
  const page = pageQuery(list, query.cursor, query.limit)
  return read(database, caller.tenantId, async (q) => {
    const found = await q.rows(page)
    const shown = found.slice(0, query.limit)
    return {
      rows: await rowsOf(
        q,
        shown.map((row) => row.id),
        keys,
        showsClocks(list),
      ),
      next: nextCursor(list, found, query.limit),
    }
  })
}

const mostCounted = 10_000

type Count = { count: number; capped: boolean }

/** How many incidents within reach there are, up to ten thousand. */
export const countIncidents = async (
  database: Database,
  caller: Caller,
  query: Pick<ListQuery, 'q' | 'filter'>,
): Promise<Count> => {
  const list = await incidentList(database, caller, query)
  const { count } = await read(database, caller.tenantId, (q) => q.one(countQuery(list, mostCounted)))
  return counted(count)
}

const counted = (found: number): Count => ({
  count: Math.min(found, mostCounted),
  capped: found > mostCounted,
})

/** The same for several lists, at one moment and in one round trip. A list that cannot be read has no count; the others have theirs. */
export const countLists = async (
  database: Database,
  caller: Caller,
  queries: readonly Asked[],
): Promise<(Count | null)[]> => {
  const listed = await listedFor(database, caller, queries)
  const lists = await Promise.all(
    queries.map(async (query) => {
      const list = listOrNothing(listed, caller, query)
      return list === null ? null : beginning(database, list)
    }),
  )
  return read(database, caller.tenantId, (q) =>
    Promise.all(
      lists.map(async (list) =>
        list === null ? null : counted((await q.one(countQuery(list, mostCounted))).count),
      ),
    ),
  )
}

const listOrNothing = (listed: Listed, caller: Caller, query: Asked): List | null => {
  try {
    return readList(listed, caller, query)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

const rowSelect = `select r.id, r.number, r.title, r.state, r.priority, r.created_at as "createdAt", r.updated_at as "updatedAt",
    r.resolved_at as "resolvedAt", r.last_public_at as "lastPublicAt", r.version,
    r.service_id, s.name as service_name, r.team_id, t.name as team_name, r.assignee_id, a.name as assignee_name,
    r.requester_id, p.name as requester_name, to_jsonb(c) as clock,
    case when cardinality($3::text[]) = 0 then '{}'
      else coalesce((select jsonb_object_agg(k, r.custom->k) from unnest($3::text[]) k where jsonb_typeof(r.custom->k) <> 'null'), '{}') end as custom
  from unnest($2::uuid[]) with ordinality as wanted (id, place)
  join record r on r.tenant_id = $1 and r.id = wanted.id
  join team t on t.tenant_id = $1 and t.id = r.team_id
  join person p on p.tenant_id = $1 and p.id = r.requester_id
  left join person a on a.tenant_id = $1 and a.id = r.assignee_id
  left join service s on s.tenant_id = $1 and s.id = r.service_id
  left join lateral (
    select split_part(k.slot, '/', 2) as measures, k.phase,
      to_char(k.deadline_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as deadline
    from clock k
    where k.tenant_id = $1 and k.record_id = r.id and (k.deadline_at is not null or k.phase = 'paused')
    order by k.deadline_at, k.phase_since limit 1
  ) as c on $4
  order by wanted.place`

type Flat = Omit<ListedIncident, 'service' | 'team' | 'assignee' | 'requester'> & {
  readonly service_id: string | null
  readonly service_name: string | null
  readonly team_id: string
  readonly team_name: string
  readonly assignee_id: string | null
  readonly assignee_name: string | null
  readonly requester_id: string
  readonly requester_name: string
}

/** Rows by id, in the order of the ids, with the values of these custom fields and, where the reader may know, what runs out next. */
export const rowsOf = async (
  q: Reader,
  ids: readonly string[],
  custom: readonly string[] = [],
  withClocks = false,
): Promise<ListedIncident[]> => {
  const rows = await q.rows<Flat>({
    name: 'incident_rows',
    text: rowSelect,
    values: [q.tenantId, ids, custom, withClocks],
  })
  return rows.map(
    ({
      service_id,
      service_name,
      team_id,
      team_name,
      assignee_id,
      assignee_name,
      requester_id,
      requester_name,
      ...row
    }) => ({
      ...row,
      service: service_id === null ? null : { id: service_id, name: service_name ?? '' },
      team: { id: team_id, name: team_name },
      assignee: assignee_id === null ? null : { id: assignee_id, name: assignee_name ?? '' },
      requester: { id: requester_id, name: requester_name },
    }),
  )
}
