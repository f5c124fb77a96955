import { RoutingPolicy } from '@evenkeel/contract/policy'
import { definePolicy } from '../../platform/policy/policy.ts'

export const routingPolicy = definePolicy<RoutingPolicy>({
  kind: 'routing',
  title: 'Routing',
  schema: RoutingPolicy,
  initial: { rules: [], servicePick: 'none', catchAllTeamId: null },
})
