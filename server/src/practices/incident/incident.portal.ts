import type { Portal, PortalThing } from '@evenkeel/contract/home'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { reachSql } from '../record/index.ts'

const shownThings = 200
const shownDown = 20

/** What somebody asked for help with, and what is known to be down. Statements: 2 in one flush. */
export const readPortal = (database: Database, caller: Caller): Promise<Portal> =>
  read(database, caller.tenantId, async (q) => {
    const [things, down] = await Promise.all([ownThings(q, caller), knownDown(q, caller)])
    return { things, down }
  })

/** One's own, what affects one too and what was shared; also for people whose roles let them see more. */
const own = (caller: Caller, first: number) => {
  const parameters = parametersFrom(first)
  const grants = new Map([['incident.read', new Set(['own'] as const)]] as const)
  return { text: reachSql(grants, 'incident.read', caller.reach, parameters), values: parameters.values }
}

const ownThings = async (q: Reader, caller: Caller): Promise<PortalThing[]> => {
  const reach = own(caller, 3)
  return q.rows<PortalThing>({
    text: `with thing as (
             select r.id, r.number, r.title, r.state, i.hold_reason as "holdReason", r.requester_id = $2 as mine,
               r.assignee_id is not null as taken, r.created_at as "createdAt", r.updated_at as "updatedAt",
               r.last_public_at as "lastPublicAt", r.is_open,
               case when s.id is null then null else jsonb_build_object('id', s.id, 'name', s.name) end as service,
               case when r.requester_id <> $2 then null
                    when r.state = 'on_hold' and i.hold_reason = 'caller' then 'answer'
                    when r.state = 'resolved' then 'confirm' end as "waitsForMe"
             from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id
             left join service s on s.tenant_id = r.tenant_id and s.id = r.service_id
             where r.tenant_id = $1 and r.kind = 'incident' and ${reach.text})
           select * from thing
           order by ("waitsForMe" is null), not is_open, case when is_open then "createdAt" else "updatedAt" end desc, id desc
           limit ${shownThings}`,
    values: [q.tenantId, caller.personId, ...reach.values],
  })
}

/**
 * Services that are known to be in serious trouble: with an open critical incident that somebody has begun to work on. So that this is
 * honest and tells nothing about anybody:
 * - one person's call that nobody has looked at yet is not news for everybody, so `new` does not count;
 * - no word of the incident leaves: a title or a comment may name a patient. The service and since when is all that everybody learns;
 *   whose own incident it is gets its id to follow it.
 * - a confidential incident says nothing, not even that there is one.
 */
const knownDown = (q: Reader, caller: Caller): Promise<Portal['down']> => {
  const reach = own(caller, 2)
  return q.rows<Portal['down'][number]>({
    text: `select jsonb_build_object('id', s.id, 'name', s.name) as service, min(r.created_at) as since,
             (array_agg(r.id order by r.created_at, r.id) filter (where ${reach.text}))[1] as mine
           from record r join service s on s.tenant_id = r.tenant_id and s.id = r.service_id and s.is_active
           where r.tenant_id = $1 and r.kind = 'incident' and r.is_open and r.priority = 1
             and r.state in ('in_progress', 'on_hold') and r.confidentiality = 'normal'
           group by s.id, s.name order by min(r.created_at) desc, s.name limit ${shownDown}`,
    values: [q.tenantId, ...reach.values],
  })
}
