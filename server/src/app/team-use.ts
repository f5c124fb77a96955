import { policyInForce } from '../platform/policy/policy.ts'
import { teamsAreUsedBy } from '../practices/people/index.ts'
import { routingPolicy } from '../practices/routing/index.ts'

// No record is ever without somebody: a team does not go while records wait for it or routing sends more.

teamsAreUsedBy(async (tx, teamId) => {
  const { count } = await tx.one<{ count: number }>({
    text: 'select count(*)::int as count from record where tenant_id = $1 and team_id = $2 and is_open',
    values: [tx.tenantId, teamId],
  })
  return count === 0 ? null : `the team has ${count} open ${count === 1 ? 'record' : 'records'}`
})

teamsAreUsedBy(async (tx, teamId, database) => {
  const { document } = await policyInForce(database, tx.tenantId, routingPolicy, tx.author.now)
  const used = document.catchAllTeamId === teamId || document.rules.some((rule) => rule.teamId === teamId)
  return used ? 'routing sends records to the team' : null
})
