import type { IncidentView, Relative } from '@evenkeel/contract/incident'
import type { RecordLinkType } from '@evenkeel/contract/record'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { followingOf, customFields } from '../record/index.ts'
import { recordItems, serviceDirectory } from '../configuration/index.ts'
import { checklistOf } from './incident.checklist.ts'
import { rightsOn } from './incident.command.ts'
import { mayRead, relativeColumns, type RelativeRow } from './incident.relatives.ts'
import type { IncidentRow } from './incident.repo.ts'
import { incidentSelect } from './incident.repo.ts'
import { incidentView, type Names, type Origin } from './incident.view.ts'

const withNames = incidentSelect.replace(
  'select',
  'select s.name as service_name, t.name as team_name, a.name as assignee_name, p.name as requester_name, rb.name as resolver_name, m.source as import_source, m.source_key as import_key, b.id as import_batch, b.file_name as import_file, b.started_at as import_at, b.created_by as importer_id, ib.name as importer_name,',
).concat(` join team t on t.tenant_id = r.tenant_id and t.id = r.team_id
    join person p on p.tenant_id = r.tenant_id and p.id = r.requester_id
    left join person a on a.tenant_id = r.tenant_id and a.id = r.assignee_id
    left join person rb on rb.tenant_id = r.tenant_id and rb.id = i.resolved_by
    left join service s on s.tenant_id = r.tenant_id and s.id = r.service_id
    left join imported_record m on m.tenant_id = r.tenant_id and m.record_id = r.id
    left join import_batch b on b.tenant_id = r.tenant_id and b.id = m.batch_id
    left join person ib on ib.tenant_id = r.tenant_id and ib.id = b.created_by`)

type Row = IncidentRow & Names & Origin & { readonly resolver_name: string | null }
type Related = RelativeRow & {
  readonly relation: 'parent' | 'child' | (typeof RecordLinkType.options)[number]
  readonly direction: 'out' | 'in'
}

/** One incident as its page shows it. Statements: 6, sent in one flush. */
export const readIncident = async (database: Database, caller: Caller, id: string): Promise<IncidentView> => {
  const [fields, services] = await Promise.all([
    customFields(database, caller.tenantId),
    serviceDirectory(database, caller.tenantId),
  ])
  const publicFields = new Set(
    fields.flatMap((field) =>
      field.recordKind === 'incident' && field.isActive && !field.isInternal ? [field.key] : [],
    ),
  )
  return read(database, caller.tenantId, async (q) => {
    const values = [q.tenantId, id]
    const [row, following, related, watchers, affected, items, checklist] = await Promise.all([
      q.maybe<Row>({
        name: 'incident_page',
        text: `${withNames} where r.tenant_id = $1 and r.id = $2 and r.kind = 'incident'`,
        values,
      }),
      followingOf(q, id, caller.personId),
      q.rows<Related>({
        name: 'incident_page_related',
        text: `with related as (
                 select parent_id as id, 'parent' as relation, 'out' as direction from incident where tenant_id = $1 and id = $2 and parent_id is not null
                 union all select id, 'child', 'in' from incident where tenant_id = $1 and parent_id = $2
                 union all select to_id, type, 'out' from record_link where tenant_id = $1 and from_id = $2
                 union all select from_id, type, case type when 'related' then 'out' else 'in' end from record_link where tenant_id = $1 and to_id = $2)
               select related.relation, related.direction, ${relativeColumns('$3')}
               from related join record r on r.tenant_id = $1 and r.id = related.id and r.kind = 'incident'
               order by r.number limit 1500`,
        values: [...values, caller.personId],
      }),
      q.rows<{ id: string; name: string }>({
        name: 'incident_page_watchers',
        text: 'select p.id, p.name from watcher w join person p on p.tenant_id = w.tenant_id and p.id = w.person_id where w.tenant_id = $1 and w.record_id = $2 order by p.name limit 200',
        values,
      }),
      q.rows<{ id: string; name: string; count: number }>({
        name: 'incident_page_affected',
        text: `select p.id, p.name, count(*) over ()::int as count from affected_person a join person p on p.tenant_id = a.tenant_id and p.id = a.person_id
               where a.tenant_id = $1 and a.record_id = $2 order by p.id = $3 desc, p.name, p.id limit 200`,
        values: [...values, caller.personId],
      }),
      recordItems(q, caller, id),
      checklistOf(q, id),
    ])
    if (row === undefined) throw new Refusal('not_found')
    const by = rightsOn(row, caller, following)
    if (!by.may('incident.read')) throw new Refusal('not_found')
    const visible = related.filter((other) => mayRead(caller, other))
    return incidentView(by, row, {
      parent: visible.filter((other) => other.relation === 'parent').map(relativeView)[0] ?? null,
      children: visible.filter((other) => other.relation === 'child').map(relativeView),
      links: visible.flatMap(({ relation, direction, ...other }) =>
        relation === 'parent' || relation === 'child'
          ? []
          : [{ ...relativeView(other), type: relation, direction }],
      ),
      watchers,
      watching: following.watching,
      affected: {
        count: affected[0]?.count ?? 0,
        includesMe: following.affected,
        people: affected.map((person) => ({ id: person.id, name: person.name })),
      },
      items,
      checklist,
      openChildren: related.filter((other) => other.relation === 'child' && other.is_open).length,
      publicFields,
      serviceName: (serviceId) => services.get(serviceId)?.name ?? serviceId,
      now: caller.now,
    })
  })
}

const relativeView = ({ id, number, title, state }: Omit<RelativeRow, 'follows'>): Relative => ({
  id,
  number,
  title,
  state,
})
