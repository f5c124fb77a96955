import type { IncidentRow as RowView } from '@evenkeel/contract/incident'
import type { ListQuery } from '@evenkeel/contract/record'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { countQuery, nextCursor, pageQuery, readList, type List } from '../record/index.ts'
import { incidentFields } from './incident.fields.ts'

/** A list's query, read for one reader. */
export const incidentList = async (
  database: Database,
  caller: Caller,
  query: Pick<ListQuery, 'q' | 'filter' | 'sort'>,
): Promise<List> => {
  const { fields, columns } = await incidentFields(database, caller)
  return readList(
    {
      kind: 'incident',
      permission: 'incident.read',
      fields,
      columns,
      from: 'record_in_force r join incident i on i.tenant_id = r.tenant_id and i.id = r.id',
    },
    caller,
    query,
  )
}

/** One page of incidents within reach. Statements: 2, the second reads the rows that the first one found. */
export const listIncidents = async (
  database: Database,
  caller: Caller,
  query: ListQuery,
): Promise<{ rows: RowView[]; next: string | null }> => {
  const list = await incidentList(database, caller, query)
  const page = pageQuery(list, query.cursor, query.limit)
  return read(database, caller.tenantId, async (q) => {
    const found = await q.rows(page)
    const shown = found.slice(0, query.limit)
    return {
      rows: await rowsOf(
        q,
        shown.map((row) => row.id),
      ),
      next: nextCursor(list, found, query.limit),
    }
  })
}

const mostCounted = 10_000

/** How many incidents within reach there are, up to ten thousand. */
export const countIncidents = async (
  database: Database,
  caller: Caller,
  query: Pick<ListQuery, 'q' | 'filter'>,
): Promise<{ count: number; capped: boolean }> => {
  const list = await incidentList(database, caller, query)
  const { count } = await read(database, caller.tenantId, (q) => q.one(countQuery(list, mostCounted)))
  return { count: Math.min(count, mostCounted), capped: count > mostCounted }
}

const rowSelect = `select r.id, r.number, r.title, r.state, r.priority, r.created_at as "createdAt", r.updated_at as "updatedAt",
    r.resolved_at as "resolvedAt", r.last_public_at as "lastPublicAt", r.version,
    r.service_id, s.name as service_name, r.team_id, t.name as team_name, r.assignee_id, a.name as assignee_name,
    r.requester_id, p.name as requester_name
  from unnest($2::uuid[]) with ordinality as wanted (id, place)
  join record r on r.tenant_id = $1 and r.id = wanted.id
  join team t on t.tenant_id = $1 and t.id = r.team_id
  join person p on p.tenant_id = $1 and p.id = r.requester_id
  left join person a on a.tenant_id = $1 and a.id = r.assignee_id
  left join service s on s.tenant_id = $1 and s.id = r.service_id
  order by wanted.place`

type Flat = Omit<RowView, 'service' | 'team' | 'assignee' | 'requester'> & {
  readonly service_id: string | null
  readonly service_name: string | null
  readonly team_id: string
  readonly team_name: string
  readonly assignee_id: string | null
  readonly assignee_name: string | null
  readonly requester_id: string
  readonly requester_name: string
}

/** Rows by id, in the order of the ids. */
export const rowsOf = async (q: Reader, ids: readonly string[]): Promise<RowView[]> => {
  const rows = await q.rows<Flat>({ name: 'incident_rows', text: rowSelect, values: [q.tenantId, ids] })
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
