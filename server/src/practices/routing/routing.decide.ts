import type { RoutingPolicy } from './routing.policy.ts'

/** Where a record goes and why, kept with it. */
export type Routed = {
  readonly teamId: string
  readonly personId: string | null
  readonly rule: string
  readonly sentence: string
  readonly version: number
}

export type RoutingFacts = {
  readonly service: { readonly name: string; readonly supportTeamId: string } | null
}

/** Pure: the first thing that claims the record gets it. Null when not even a catch-all team is set. */
export const routeRecord = (policy: RoutingPolicy, version: number, facts: RoutingFacts): Routed | null => {
  if (facts.service !== null) {
    return {
      teamId: facts.service.supportTeamId,
      personId: null,
      rule: 'service',
      sentence: `${facts.service.name} is supported by this team.`,
      version,
    }
  }
  if (policy.catchAllTeamId === null) return null
  return {
    teamId: policy.catchAllTeamId,
    personId: null,
    rule: 'catch_all',
    sentence: 'No rule and no service claims it.',
    version,
  }
}
