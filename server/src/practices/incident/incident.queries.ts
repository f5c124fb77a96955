import type { IncidentRow as RowView, IncidentView } from '@evenkeel/contract/incident'
import type { IncidentState } from '@evenkeel/contract/incident'
import { may } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { followersAmong } from './incident.command.ts'
import type { IncidentRow } from './incident.repo.ts'
import { incidentSelect } from './incident.repo.ts'
import { accessRow, incidentView, rowView, type Names } from './incident.view.ts'

const withNames = incidentSelect.replace(
  'select',
  'select s.name as service_name, t.name as team_name, a.name as assignee_name, p.name as requester_name, rb.name as resolver_name,',
).concat(` join team t on t.tenant_id = r.tenant_id and t.id = r.team_id
    join person p on p.tenant_id = r.tenant_id and p.id = r.requester_id
    left join person a on a.tenant_id = r.tenant_id and a.id = r.assignee_id
    left join person rb on rb.tenant_id = r.tenant_id and rb.id = i.resolved_by
    left join service s on s.tenant_id = r.tenant_id and s.id = r.service_id`)

type Row = IncidentRow & Names & { readonly resolver_name: string | null }
type Relative = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly state: IncidentState
}

/** One incident as its page shows it. Statements: 5, sent in one flush. */
export const readIncident = (database: Database, caller: Caller, id: string): Promise<IncidentView> =>
  read(database, caller.tenantId, async (q) => {
    const values = [q.tenantId, id]
    const relative = 'r.id, r.number, r.title, r.state'
    const [row, followers, children, parent, watchers, affected] = await Promise.all([
      q.maybe<Row>({
        name: 'incident_page',
        text: `${withNames} where r.tenant_id = $1 and r.id = $2 and r.kind = 'incident'`,
        values,
      }),
      followersAmong(q, id, caller.personId),
      q.rows<Relative>({
        text: `select ${relative} from incident i join record r using (tenant_id, id) where i.tenant_id = $1 and i.parent_id = $2 order by r.number limit 200`,
        values,
      }),
      q.maybe<Relative>({
        text: `select ${relative} from incident i join record r on r.tenant_id = i.tenant_id and r.id = i.parent_id where i.tenant_id = $1 and i.id = $2`,
        values,
      }),
      q.rows<{ id: string; name: string }>({
        text: 'select p.id, p.name from watcher w join person p on p.tenant_id = w.tenant_id and p.id = w.person_id where w.tenant_id = $1 and w.record_id = $2 order by p.name limit 200',
        values,
      }),
      q.one<{ count: number; mine: boolean }>({
        text: 'select count(*)::int as count, coalesce(bool_or(person_id = $3), false) as mine from affected_person where tenant_id = $1 and record_id = $2',
        values: [...values, caller.personId],
      }),
    ])
    if (row === undefined) throw new Refusal('not_found')
    const access = accessRow(row, followers)
    if (!may(caller.grants, 'incident.read', caller.reach, access)) throw new Refusal('not_found')
    return incidentView(caller, row, access, {
      parent: parent ?? null,
      children,
      links: [],
      watchers,
      affected: { count: affected.count, includesMe: affected.mine },
    })
  })

/** The newest incidents within reach. */
export const listIncidents = (
  database: Database,
  caller: Caller,
  limit: number,
): Promise<{ rows: RowView[]; next: string | null }> =>
  read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<Row>({
      text: `${withNames} where r.tenant_id = $1 and r.kind = 'incident' order by r.created_at desc, r.id desc limit $2`,
      values: [q.tenantId, limit],
    })
    return {
      rows: rows
        .filter((row) => may(caller.grants, 'incident.read', caller.reach, accessRow(row, new Set())))
        .map(rowView),
      next: null,
    }
  })
