import type { Home } from '@evenkeel/contract/home'
import type { IncidentRow as RowView, IncidentState, Priority } from '@evenkeel/contract/incident'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { unreadMentions } from '../notification/index.ts'
import { reachSql } from '../record/index.ts'
import { inOrder, reasonsFor, type Standing } from './incident.home.order.ts'
import { rowsOf } from './incident.list.ts'

const shownCritical = 3
const shownNow = 50
const shownOther = 8
const mostCounted = 1000
const followedDays = 2

/** When one of those it happens to wrote last. */
const callerSaid = `left join lateral (
    select c.created_at as at from comment c
    where c.tenant_id = $1 and c.record_id = r.id and c.audience = 'public'
      and (c.author_id = r.requester_id
        or exists (select from affected_person f where f.tenant_id = $1 and f.record_id = r.id and f.person_id = c.author_id))
    order by c.created_at desc limit 1) said on true`

/** Everything somebody's home shows, in one request. Statements: 6 in one flush, then 1 for the rows. */
export const readHome = (database: Database, caller: Caller): Promise<Home> =>
  read(database, caller.tenantId, async (q) => {
    const [critical, mine, mentions, replies, unassigned, followed] = await Promise.all([
      openWithin(q, caller, 'r.priority = 1', [], shownCritical),
      myOpen(q, caller),
      unreadMentions(q, caller.personId),
      unanswered(q, caller),
      openWithin(
        q,
        caller,
        'r.assignee_id is null and r.team_id = any($2::uuid[])',
        [[...caller.reach.teamIds]],
        shownOther,
      ),
      changedByOthers(q, caller),
    ])
    const standings = new Map(mine.map((row) => [row.id, row]))
    for (const one of await mentioned(
      q,
      caller,
      [...mentions.keys()].filter((id) => !standings.has(id)),
    ))
      standings.set(one.id, one)
    const lines = [...standings.values()]
      .map((row) => ({
        id: row.id,
        priority: row.priority,
        because: reasonsFor({ ...row, mentionedAt: mentions.get(row.id)?.at ?? null }, caller.now),
        notices: mentions.get(row.id)?.notices ?? [],
      }))
      .filter(({ because }) => because.length > 0)
      .toSorted(inOrder)
      .slice(0, shownNow)
    const rows = await byId(q, [
      ...critical.ids,
      ...unassigned.ids,
      ...[...lines, ...replies, ...followed].map(({ id }) => id),
    ])
    const row = (id: string): RowView[] => rows.get(id) ?? []
    return {
      critical: { rows: critical.ids.flatMap(row), count: critical.count },
      now: lines.flatMap(({ id, because, notices }) =>
        row(id).map((incident) => ({ incident, because, notices })),
      ),
      mine: mine.length,
      replies: replies.flatMap(({ id, at }) => row(id).map((incident) => ({ incident, at }))),
      unassigned: { rows: unassigned.ids.flatMap(row), count: unassigned.count },
      followed: followed.flatMap(({ id, type, at, actor_id, actor_name }) =>
        row(id).map((incident) => ({
          incident,
          type,
          at,
          actor: actor_id === null ? null : { id: actor_id, name: actor_name ?? '' },
        })),
      ),
    }
  })

/** Rows by id, each as a list of one: what is gone in the meantime is a list of none. */
export const byId = async (q: Reader, ids: readonly string[]): Promise<Map<string, RowView[]>> =>
  new Map((await rowsOf(q, [...new Set(ids)])).map((row) => [row.id, [row]]))

/** The most urgent of those that fit, and how many there are. */
const openWithin = async (
  q: Reader,
  caller: Caller,
  condition: string,
  values: readonly (readonly string[])[],
  limit: number,
): Promise<{ ids: string[]; count: number }> => {
  const parameters = parametersFrom(2 + values.length)
  const reach = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  const rows = await q.rows<{ id: string; count: number }>({
    text: `with found as (
             select r.id, r.priority, r.created_at from record r
             where r.tenant_id = $1 and r.kind = 'incident' and r.is_open and ${condition} and ${reach} limit ${mostCounted})
           select id, count(*) over ()::int as count from found order by priority, created_at, id limit ${limit}`,
    values: [q.tenantId, ...values, ...parameters.values],
  })
  return { ids: rows.map(({ id }) => id), count: rows[0]?.count ?? 0 }
}

type StandingRow = Omit<Standing, 'mentionedAt'> & {
  readonly id: string
  readonly state: IncidentState
  readonly priority: Priority
}

const standing = (assignedAt: string): string =>
  `r.id, r.state, r.priority, r.created_at as "createdAt", ${assignedAt} as "assignedAt", r.requester_id = $2 as "ownCall",
   r.last_public_at as "lastPublicAt", said.at as "callerSaidAt", i.hold_reason as "holdReason", i.hold_until as "holdUntil",
   case when i.reopen_count > 0 then
     (select j.at from journal j where j.tenant_id = $1 and j.subject_id = r.id and j.type = 'incident.reopened' order by j.id desc limit 1)
   end as "reopenedAt"
  from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id ${callerSaid}`

const myOpen = (q: Reader, caller: Caller): Promise<StandingRow[]> => {
  const parameters = parametersFrom(3)
  // What is assigned to somebody is within their reach, unless somebody else is at the keyboard.
  const reach = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  return q.rows<StandingRow>({
    text: `select ${standing('coalesce(i.assigned_at, r.created_at)')}
           where r.tenant_id = $1 and r.kind = 'incident' and r.is_open and r.assignee_id = $2 and ${reach}
           order by r.priority, r.created_at limit ${mostCounted}`,
    values: [q.tenantId, caller.personId, ...parameters.values],
  })
}

/** What somebody was named in and has not looked at: also ended records, and those of others. */
const mentioned = async (q: Reader, caller: Caller, ids: readonly string[]): Promise<StandingRow[]> => {
  if (ids.length === 0) return []
  const parameters = parametersFrom(4)
  const reach = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  return q.rows<StandingRow>({
    text: `select ${standing('null::timestamptz')} where r.tenant_id = $1 and r.kind = 'incident' and r.id = any($3) and ${reach}`,
    values: [q.tenantId, caller.personId, ids, ...parameters.values],
  })
}

const unanswered = (q: Reader, caller: Caller): Promise<{ id: string; at: string }[]> => {
  const parameters = parametersFrom(4)
  const reach = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  return q.rows<{ id: string; at: string }>({
    text: `select r.id, said.at from record r ${callerSaid}
           where r.tenant_id = $1 and r.kind = 'incident' and r.is_open and r.team_id = any($3::uuid[])
             and r.assignee_id is distinct from $2 and said.at > coalesce(r.last_public_at, '-infinity') and ${reach}
           order by r.priority, said.at limit ${shownOther}`,
    values: [q.tenantId, caller.personId, [...caller.reach.teamIds], ...parameters.values],
  })
}

type Changed = {
  readonly id: string
  readonly type: string
  readonly at: string
  readonly actor_id: string | null
  readonly actor_name: string | null
}

const changedByOthers = (q: Reader, caller: Caller): Promise<Changed[]> => {
  const parameters = parametersFrom(4)
  const reach = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  const since = new Date(Date.parse(caller.now) - followedDays * 86_400_000).toISOString()
  return q.rows<Changed>({
    text: `select r.id, last.type, last.at, p.id as actor_id, p.name as actor_name
           from watcher w
           join record r on r.tenant_id = w.tenant_id and r.id = w.record_id and r.kind = 'incident'
           join lateral (
             select j.type, j.at, coalesce(j.on_behalf_of, j.actor_id) as actor_id from journal j
             where j.tenant_id = $1 and j.subject_id = r.id and j.type not in ('incident.watched', 'incident.unwatched')
             order by j.id desc limit 1) last on true
           left join person p on p.tenant_id = $1 and p.id = last.actor_id
           where w.tenant_id = $1 and w.person_id = $2 and r.updated_at > $3 and r.assignee_id is distinct from $2
             and last.actor_id is distinct from $2 and ${reach}
           order by last.at desc limit ${shownOther}`,
    values: [q.tenantId, caller.personId, since, ...parameters.values],
  })
}
