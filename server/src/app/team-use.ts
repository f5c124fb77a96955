import { policyInForce } from '../platform/policy/policy.ts'
import { peopleAreUsedBy, teamsAreUsedBy } from '../practices/people/index.ts'
import { routingPolicy } from '../practices/routing/index.ts'
import { says } from './use.reasons.ts'

// No record is ever without somebody: a team does not go while records wait for it or routing sends more.

teamsAreUsedBy(async (q, teamId) => {
  const { count } = await q.one<{ count: number }>({
    text: 'select count(*)::int as count from record where tenant_id = $1 and team_id = $2 and is_open',
    values: [q.tenantId, teamId],
  })
  return count === 0 ? null : says('team.open', { count })
})

teamsAreUsedBy(async (q, teamId, { database, now }) => {
  const { document } = await policyInForce(database, q.tenantId, routingPolicy, now)
  const used = document.catchAllTeamId === teamId || document.rules.some((rule) => rule.teamId === teamId)
  return used ? says('team.routing') : null
})

// Somebody who leaves holds up no work: who deactivates them reads what has to be given to others.

peopleAreUsedBy(async (q, personId) => {
  const { count } = await q.one<{ count: number }>({
    text: 'select count(*)::int as count from record where tenant_id = $1 and assignee_id = $2 and is_open',
    values: [q.tenantId, personId],
  })
  return count === 0 ? null : says('person.open', { count })
})
