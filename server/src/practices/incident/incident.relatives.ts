import type { IncidentState } from '@evenkeel/contract/incident'
import { may } from '../../kernel/access.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { followsSql } from '../record/index.ts'

/** An incident mentioned on another one's page, with whether this reader may know more than that it is there. */
export type RelativeRow = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly state: IncidentState
  readonly is_open: boolean
  readonly requester_id: string
  readonly requester_name: string
  readonly team_id: string
  readonly assignee_id: string | null
  readonly service_id: string | null
  readonly confidentiality: string
  readonly follows: boolean
}

/** Columns of a RelativeRow; `r` is the record, and `person` the placeholder of the reader's id. */
export const relativeColumns = (person: string): string =>
  `r.id, r.number, r.title, r.state, r.is_open, r.requester_id, r.team_id, r.assignee_id, r.service_id, r.confidentiality,
   (select p.name from person p where p.tenant_id = r.tenant_id and p.id = r.requester_id) as requester_name,
   ${followsSql('r', person)} as follows`

export const mayRead = (
  caller: Pick<Caller, 'personId' | 'grants' | 'reach'>,
  row: Omit<RelativeRow, 'number' | 'title' | 'state' | 'is_open' | 'requester_name'>,
): boolean =>
  may(caller.grants, 'incident.read', caller.reach, {
    requesterId: row.requester_id,
    followers: new Set(row.follows ? [caller.personId] : []),
    assigneeId: row.assignee_id,
    teamId: row.team_id,
    serviceId: row.service_id,
    confidential: row.confidentiality === 'confidential',
  })

/** Of these incidents, the ones the caller may read, by id. */
export const readableIncidents = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RelativeRow>> => {
  if (ids.length === 0) return new Map()
  const rows = await q.rows<RelativeRow>({
    name: 'incident_relatives_by_id',
    text: `select ${relativeColumns('$3')} from record r where r.tenant_id = $1 and r.id = any($2) and r.kind = 'incident'`,
    values: [q.tenantId, ids, caller.personId],
  })
  return new Map(rows.filter((row) => mayRead(caller, row)).map((row) => [row.id, row]))
}
