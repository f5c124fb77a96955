import type { Row } from '../../kernel/access.ts'
import type { Reader } from '../../platform/postgres/database.ts'

/** What decides who may see these records, all followers included: for telling many readers at once. */
export const accessRows = async (
  q: Reader,
  ids: readonly string[],
): Promise<Map<string, Row & { version: number }>> => {
  const rows = await q.rows<{
    id: string
    requester_id: string
    assignee_id: string | null
    team_id: string
    service_id: string | null
    confidentiality: string
    version: number
    followers: string[]
  }>({
    name: 'record_access_rows',
    text: `select r.id, r.requester_id, r.assignee_id, r.team_id, r.service_id, r.confidentiality, r.version,
             array(select w.person_id from watcher w where w.tenant_id = r.tenant_id and w.record_id = r.id and w.shared_by is not null
                   union select a.person_id from affected_person a where a.tenant_id = r.tenant_id and a.record_id = r.id) as followers
           from record r where r.tenant_id = $1 and r.id = any($2)`,
    values: [q.tenantId, ids],
  })
  return new Map(
    rows.map((row) => [
      row.id,
      {
        requesterId: row.requester_id,
        assigneeId: row.assignee_id,
        teamId: row.team_id,
        serviceId: row.service_id,
        confidential: row.confidentiality === 'confidential',
        followers: new Set(row.followers),
        version: row.version,
      },
    ]),
  )
}
