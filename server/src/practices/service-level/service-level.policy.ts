import { ServiceLevels } from '@evenkeel/contract/service-level'
import { definePolicy } from '../../platform/policy/policy.ts'

/** Nothing is promised before somebody publishes what is. */
export const serviceLevelPolicy = definePolicy<ServiceLevels>({
  kind: 'service_levels',
  title: 'Service levels',
  schema: ServiceLevels,
  initial: { agreements: [] },
})
