import { Level, Priority } from '@evenkeel/contract/incident'
import { PriorityMatrix } from '@evenkeel/contract/policy'
import { definePolicy } from '../../platform/policy/policy.ts'

export const priorityPolicy = definePolicy<PriorityMatrix>({
  kind: 'priority_matrix',
  title: 'Priority matrix',
  schema: PriorityMatrix,
  initial: {
    // prettier-ignore
    matrix: {
      //        high     medium     low        <- urgency
      high:   { high: 1, medium: 2, low: 3 },
      medium: { high: 2, medium: 3, low: 4 },
      low:    { high: 3, medium: 4, low: 4 },
    },
    services: [],
  },
})

export const levelNames = { 1: 'high', 2: 'medium', 3: 'low' } as const satisfies Record<Level, string>
export const priorityNames = {
  1: 'critical',
  2: 'high',
  3: 'moderate',
  4: 'low',
  5: 'planning',
} as const satisfies Record<Priority, string>

/** The priority the matrix gives; pure. */
export const priorityOf = (
  policy: PriorityMatrix,
  serviceId: string | null,
  impact: Level,
  urgency: Level,
): Priority => {
  const own = policy.services.find((entry) => entry.serviceId === serviceId)
  return (own?.matrix ?? policy.matrix)[levelNames[impact]][levelNames[urgency]]
}

export type PriorityFacts = {
  readonly impact: Level
  readonly urgency: Level
  readonly urgencyRaisedFrom: Level | null
  readonly computed: Priority
  readonly priority: Priority
  readonly override: { readonly reason: string | null } | null
}

/** How a priority came about, in one sentence. The reason of an override is null for readers who may not see it. */
export const priorityReason = (facts: PriorityFacts, version: number): string => {
  const matrix = version === 0 ? 'the matrix that comes with the product' : `version ${version} of the matrix`
  const raised =
    facts.urgencyRaisedFrom === null
      ? ''
      : ` (raised from ${levelNames[facts.urgencyRaisedFrom]} for a very important person)`
  const computed = `impact ${levelNames[facts.impact]} and urgency ${levelNames[facts.urgency]}${raised} give ${facts.computed} ${priorityNames[facts.computed]} by ${matrix}`
  if (facts.override === null) return `${computed}.`
  const set = `Set to ${facts.priority} ${priorityNames[facts.priority]} by hand`
  return facts.override.reason === null
    ? `${set} (${computed}).`
    : `${set}: ${facts.override.reason} (${computed}).`
}
