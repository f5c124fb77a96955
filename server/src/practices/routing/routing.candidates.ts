import { Temporal } from '../../kernel/time/temporal.ts'
import { isWorkingTime } from '../../kernel/time/working-time.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { calendarPolicy } from '../service-level/index.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Candidate, Routed } from './routing.decide.ts'

/** Active members of the team with their open work, and whether the team is at work now. */
export const candidatesOf = async (
  database: Database,
  tenantId: string,
  teamId: string,
  now: string,
): Promise<{ readonly candidates: Candidate[]; readonly onDuty: boolean }> => {
  const { candidates, calendar } = await read(database, tenantId, async (q) => {
    const [people, team] = await Promise.all([
      q.rows<Candidate>({
        name: 'routing_candidates',
        text: `select p.id as "personId", p.name,
                 coalesce((select sum(case r.priority when 1 then 8 when 2 then 4 when 3 then 2 else 1 end)::int from record r
                   where r.tenant_id = $1 and r.assignee_id = p.id and r.is_open), 0) as "openWork",
                 (select t.last_given_at from routing_turn t
                   where t.tenant_id = $1 and t.team_id = $2 and t.person_id = p.id) as "lastGivenAt"
               from team_member m join person p on p.tenant_id = m.tenant_id and p.id = m.person_id and p.is_active
               where m.tenant_id = $1 and m.team_id = $2`,
        values: [tenantId, teamId],
      }),
      q.maybe<{ calendar: string }>({
        text: 'select calendar from team where tenant_id = $1 and id = $2',
        values: [tenantId, teamId],
      }),
    ])
    return { candidates: people, calendar: team?.calendar ?? '' }
  })
  if (calendar === '') return { candidates, onDuty: true }
  const { document } = await policyInForce(database, tenantId, calendarPolicy, now, calendar)
  return { candidates, onDuty: isWorkingTime(document, Temporal.Instant.from(now)) }
}

/** Remembers that somebody got something, in the transaction that gave it to them. */
export const takeTurn = (tx: Tx, routed: Routed): void => {
  if (routed.personId === null) return
  tx.send({
    name: 'routing_take_turn',
    text: `insert into routing_turn (tenant_id, team_id, person_id, last_given_at) values ($1, $2, $3, $4)
           on conflict (tenant_id, team_id, person_id) do update set last_given_at = excluded.last_given_at`,
    values: [tx.tenantId, routed.teamId, routed.personId, tx.author.now],
  })
}
