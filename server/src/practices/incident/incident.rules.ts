import type { PriorityMatrix } from '@evenkeel/contract/policy'
import { z } from 'zod'
import { definePolicy, policyInForce, type PolicyVersion } from '../../platform/policy/policy.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { customFields, type CustomField } from '../record/index.ts'
import { serviceDirectory, type ServiceEntry } from '../service/index.ts'
import { priorityPolicy } from './incident.priority.ts'

const IncidentRules = z.strictObject({
  /** Days of 24 hours after resolution without objection until it closes by itself; until then the caller may say "still broken". */
  autoCloseDays: z.int().min(1).max(365),
  /** An incident of a very important person starts one step more urgent than was said, visibly; the matrix is never touched. */
  vipRaisesUrgency: z.boolean(),
})
export type IncidentRules = z.infer<typeof IncidentRules>

export const incidentRules = definePolicy<IncidentRules>({
  kind: 'incident_rules',
  title: 'Incident rules',
  schema: IncidentRules,
  initial: { autoCloseDays: 7, vipRaisesUrgency: true },
})

/** Everything that commands on incidents decide by, as it is in force at one instant. */
export type Policies = {
  readonly rules: PolicyVersion<IncidentRules>
  readonly matrix: PolicyVersion<PriorityMatrix>
  readonly services: ReadonlyMap<string, ServiceEntry>
  readonly custom: readonly CustomField[]
}

/** From memory, except the first time. */
export const policiesAt = async (database: Database, tenantId: string, now: string): Promise<Policies> => {
  const [rules, matrix, services, custom] = await Promise.all([
    policyInForce(database, tenantId, incidentRules, now),
    policyInForce(database, tenantId, priorityPolicy, now),
    serviceDirectory(database, tenantId),
    customFields(database, tenantId),
  ])
  return { rules, matrix, services, custom }
}
