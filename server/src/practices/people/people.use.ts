import type { PersonUse } from '@evenkeel/contract/people'
import type { Saying } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { says } from './people.reasons.ts'
import { keyEndSql, openSessionSql, openSessionValues, securityOf } from './people.security.ts'

/** What hangs on a person: said by the practices that give work to people. */
type Use = (q: Reader, personId: string) => Promise<Saying | null>
const uses: Use[] = []

/** Practices above say what others have to take over when somebody is deactivated. It refuses nothing: somebody who leaves, leaves. */
export const peopleAreUsedBy = (use: Use): void => {
  uses.push(use)
}

peopleAreUsedBy(async (q, personId) => {
  const teams = await q.rows<{ name: string }>({
    text: `select t.name from team_member m join team t on t.tenant_id = m.tenant_id and t.id = m.team_id and t.is_active
           where m.tenant_id = $1 and m.person_id = $2 and m.is_lead
             and not exists (select 1 from team_member o join person p on p.tenant_id = o.tenant_id and p.id = o.person_id and p.is_active
               where o.tenant_id = m.tenant_id and o.team_id = m.team_id and o.is_lead and o.person_id <> m.person_id)
           order by lower(t.name) limit 20`,
    values: [q.tenantId, personId],
  })
  return teams.length === 0 ? null : says('use.leads', { teams: teams.map(({ name }) => name).join(', ') })
})

/** What ends at once, and what others have to take over, when this person is deactivated. */
export const readPersonUse = async (
  database: Database,
  caller: Caller,
  personId: string,
): Promise<PersonUse> => {
  const policy = await securityOf(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const ends = await q.one<{ sessions: number; keys: number }>({
      text: `select (select count(*)::int from session s where s.tenant_id = p.tenant_id and s.person_id = p.id
                 and ${openSessionSql(3)}) as sessions,
               (select count(*)::int from api_key k where k.tenant_id = p.tenant_id and k.person_id = p.id and k.revoked_at is null
                 and ${keyEndSql(6)} > $3) as keys
             from person p where p.tenant_id = $1 and p.id = $2`,
      values: [q.tenantId, personId, ...openSessionValues(policy, caller.now), policy.keys.longestDays],
    })
    const reasons = await Promise.all(uses.map((use) => use(q, personId)))
    return { ...ends, reasons: reasons.flatMap((reason) => reason?.in(caller.language) ?? []) }
  })
}
