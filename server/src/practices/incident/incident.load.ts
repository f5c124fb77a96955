import type { PersonLoad, TeamHome, TeamLoad } from '@evenkeel/contract/home'
import { mayAtAll } from '../../kernel/access.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { reachSql } from '../record/index.ts'
import { byId } from './incident.home.ts'
import { isHeavy } from './incident.home.order.ts'

const manyTimes = 2
const shownPingPong = 20

type Member = {
  readonly team_id: string
  readonly team_name: string
  readonly person_id: string
  readonly person_name: string
}
type Count = {
  readonly team_id: string
  readonly person_id: string | null
  readonly person_name: string | null
  readonly open: number
  readonly critical: number
  readonly on_hold: number
  readonly quiet_id: string
  readonly quiet_number: string
  readonly quiet_since: string
}

/**
 * Who has how much in the teams somebody leads: those they are named lead of, or all of theirs when they may change many incidents at
 * once. Statements: 3 in one flush, then 1 for the rows.
 */
export const readTeamHome = (database: Database, caller: Caller): Promise<TeamHome> =>
  read(database, caller.tenantId, async (q) => {
    const leadsAll = mayAtAll(caller.grants, 'incident.bulk')
    const led = `(select m.team_id from team_member m where m.tenant_id = $1 and m.person_id = $2 and (m.is_lead or $3))`
    const values = [q.tenantId, caller.personId, leadsAll]
    const parameters = parametersFrom(4)
    const reach = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
    const [members, counts, pingPong] = await Promise.all([
      q.rows<Member>({
        text: `select t.id as team_id, t.name as team_name, p.id as person_id, p.name as person_name
               from team t join team_member m on m.tenant_id = t.tenant_id and m.team_id = t.id
               join person p on p.tenant_id = t.tenant_id and p.id = m.person_id and p.is_active
               where t.tenant_id = $1 and t.is_active and t.id in ${led} order by t.name, t.id, p.name, p.id`,
        values,
      }),
      q.rows<Count>({
        text: `select r.team_id, r.assignee_id as person_id, a.name as person_name, count(*)::int as open,
                 count(*) filter (where r.priority = 1)::int as critical, count(*) filter (where r.state = 'on_hold')::int as on_hold,
                 (array_agg(r.id order by coalesce(r.last_public_at, r.created_at), r.id))[1] as quiet_id,
                 (array_agg(r.number order by coalesce(r.last_public_at, r.created_at), r.id))[1] as quiet_number,
                 min(coalesce(r.last_public_at, r.created_at)) as quiet_since
               from record r left join person a on a.tenant_id = r.tenant_id and a.id = r.assignee_id
               where r.tenant_id = $1 and r.kind = 'incident' and r.is_open and r.team_id in ${led} and ${reach}
               group by r.team_id, r.assignee_id, a.name order by a.name, r.assignee_id`,
        values: [...values, ...parameters.values],
      }),
      q.rows<{ id: string; reassigned: number }>({
        text: `select r.id, i.reassignment_count as reassigned from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id
               where r.tenant_id = $1 and r.kind = 'incident' and r.is_open and r.team_id in ${led}
                 and i.reassignment_count > ${manyTimes} and ${reach}
               order by i.reassignment_count desc, r.priority, r.id limit ${shownPingPong}`,
        values: [...values, ...parameters.values],
      }),
    ])
    const rows = await byId(
      q,
      pingPong.map(({ id }) => id),
    )
    const teams = new Map(members.map((one) => [one.team_id, one.team_name]))
    return {
      teams: [...teams].map(([id, name]) =>
        teamLoad(
          { id, name },
          members.filter((one) => one.team_id === id),
          counts.filter((one) => one.team_id === id),
        ),
      ),
      pingPong: pingPong.flatMap(({ id, reassigned }) =>
        (rows.get(id) ?? []).map((incident) => ({ incident, reassigned })),
      ),
    }
  })

const teamLoad = (team: TeamLoad['team'], members: readonly Member[], counts: readonly Count[]): TeamLoad => {
  const assigned = counts.filter((one) => one.person_id !== null)
  const sum = (of: readonly Count[], what: 'open' | 'critical'): number =>
    of.reduce((total, one) => total + one[what], 0)
  const average = members.length === 0 ? 0 : sum(assigned, 'open') / members.length
  const load = (id: string, name: string, left: boolean): PersonLoad => {
    const count = assigned.find((one) => one.person_id === id)
    return {
      person: { id, name },
      left,
      open: count?.open ?? 0,
      critical: count?.critical ?? 0,
      onHold: count?.on_hold ?? 0,
      quietest:
        count === undefined
          ? null
          : { id: count.quiet_id, number: count.quiet_number, since: count.quiet_since },
      heavy: isHeavy(count?.open ?? 0, average),
    }
  }
  const here = new Set(members.map((one) => one.person_id))
  return {
    team,
    open: sum(counts, 'open'),
    critical: sum(counts, 'critical'),
    unassigned: sum(
      counts.filter((one) => one.person_id === null),
      'open',
    ),
    average: Math.round(average * 10) / 10,
    people: [
      ...members.map((one) => load(one.person_id, one.person_name, false)),
      ...assigned.flatMap(({ person_id, person_name }) =>
        person_id === null || here.has(person_id) ? [] : [load(person_id, person_name ?? '', true)],
      ),
    ],
  }
}
