import type { Fault } from '../../kernel/filter/messages.ts'
import type { Pick, RoutingPolicy, RoutingRule } from '@evenkeel/contract/policy'
import { bindFilter } from '../../kernel/filter/bind.ts'
import { describeFilter } from '../../kernel/filter/describe.ts'
import type { FilterContext } from '../../kernel/filter/context.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import { predicateOf, type Facts, type Predicate } from '../../kernel/filter/predicate.ts'

/** Where a record goes and why, kept with it. */
export type Routed = {
  readonly teamId: string
  readonly personId: string | null
  /** `rule:<id>`, `service`, `items` or `catch_all`. */
  readonly rule: string
  readonly sentence: string
  readonly version: number
}

/** The team, before a person is picked. */
export type Claimed = Omit<Routed, 'personId'> & { readonly pick: Pick }

export type RoutingFacts = {
  readonly record: Facts
  readonly service: { readonly name: string; readonly supportTeamId: string } | null
  /** Who supports what it happens to, and why they do: where no service was named. */
  readonly items?: { readonly teamId: string; readonly sentence: string } | null
}

/** A policy with its filters understood, ready to decide many times. */
export type Router = {
  readonly policy: RoutingPolicy
  readonly version: number
  readonly rules: readonly { readonly rule: RoutingRule; readonly holds: Predicate; readonly words: string }[]
}

/**
 * Understands the rules for a tenant's fields. A rule whose filter names a field that no longer exists holds for nothing: it is listed
 * in `faults`, which publishing refuses.
 */
export const routerOf = (
  policy: RoutingPolicy,
  version: number,
  fields: Fields,
): {
  readonly router: Router
  readonly faults: readonly { readonly rule: string; readonly fault: Fault }[]
} => {
  const faults: { rule: string; fault: Fault }[] = []
  const rules = policy.rules.flatMap((rule) => {
    const binding = bindFilter(rule.when, fields)
    if (binding.ok) return [{ rule, holds: predicateOf(binding.bound), words: describeFilter(binding.bound) }]
    faults.push(...binding.faults.map((fault) => ({ rule: rule.id, fault })))
    return []
  })
  return { router: { policy, version, rules }, faults }
}

/** Pure: the first rule that holds, else the support team of the service or of what it happens to, else the catch-all. Null when not even that is set. */
export const claim = (router: Router, facts: RoutingFacts, context: FilterContext): Claimed | null => {
  const { policy, version } = router
  const found = router.rules.find(({ holds }) => holds(facts.record, context))
  if (found !== undefined) {
    const { rule, words } = found
    return {
      teamId: rule.teamId,
      rule: `rule:${rule.id}`,
      sentence: `Rule “${rule.name}”: ${words}.`,
      version,
      pick: rule.pick,
    }
  }
  if (facts.service !== null) {
    const sentence = `${facts.service.name} is supported by this team.`
    return {
      teamId: facts.service.supportTeamId,
      rule: 'service',
      sentence,
      version,
      pick: policy.servicePick,
    }
  }
  if (facts.items != null) return { ...facts.items, rule: 'items', version, pick: policy.servicePick }
  if (policy.catchAllTeamId === null) return null
  return {
    teamId: policy.catchAllTeamId,
    rule: 'catch_all',
    sentence: 'No rule and no service claims it.',
    version,
    pick: 'none',
  }
}

/** Somebody who could take it, as far as choosing needs to know. */
export type Candidate = {
  readonly personId: string
  readonly name: string
  /** Open work, weighted by priority: 8, 4, 2, 1, 1 from critical to planning. */
  readonly openWork: number
  /** When something was last given to them; null when never. */
  readonly lastGivenAt: string | null
}

/** Pure: who of the team takes it. Nobody outside the team's working hours, or where nobody is in the team. */
export const pickPerson = (claimed: Claimed, candidates: readonly Candidate[], onDuty: boolean): Routed => {
  const { pick, ...rest } = claimed
  const nobody = (why: string): Routed => ({ ...rest, personId: null, sentence: `${rest.sentence}${why}` })
  if (pick === 'none') return nobody('')
  if (!onDuty) return nobody(' Nobody is picked outside the working hours of the team.')
  const byName = (one: Candidate, other: Candidate): number => (one.personId < other.personId ? -1 : 1)
  const waiting = (one: Candidate): string => one.lastGivenAt ?? ''
  const longestFirst = (one: Candidate, other: Candidate): number =>
    waiting(one) === waiting(other) ? byName(one, other) : waiting(one) < waiting(other) ? -1 : 1
  const order =
    pick === 'round_robin'
      ? longestFirst
      : (one: Candidate, other: Candidate): number =>
          one.openWork - other.openWork || longestFirst(one, other)
  const [first] = candidates.toSorted(order)
  if (first === undefined) return nobody(' Nobody in the team could be picked.')
  const why =
    pick === 'round_robin'
      ? `${first.name} got something longest ago, of ${candidates.length}.`
      : `${first.name} has the least open work (${first.openWork}), of ${candidates.length}.`
  return { ...rest, personId: first.personId, sentence: `${rest.sentence} ${why}` }
}
