import { z } from 'zod'
import { definePolicy } from '../../platform/policy/policy.ts'

export const RoutingPolicy = z.strictObject({
  /** Where everything goes that no rule and no service claims. Null only before a tenant is set up. */
  catchAllTeamId: z.guid().nullable(),
})
export type RoutingPolicy = z.infer<typeof RoutingPolicy>

export const routingPolicy = definePolicy<RoutingPolicy>({
  kind: 'routing',
  title: 'Routing',
  schema: RoutingPolicy,
  initial: { catchAllTeamId: null },
})
