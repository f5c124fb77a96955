import { IncidentRules, type PriorityMatrix } from '@evenkeel/contract/policy'
import { definePolicy, policyInForce, type PolicyVersion } from '../../platform/policy/policy.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { customFields, type CustomField } from '../record/index.ts'
import { serviceDirectory, type ServiceEntry } from '../configuration/index.ts'
import { priorityPolicy } from './incident.priority.ts'

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
