import { tenantCache } from '../../platform/cache/tenant-cache.ts'
import type { FilterContext } from '../../kernel/filter/context.ts'
import type { Fields, Names } from '../../kernel/filter/fields.ts'
import { Temporal } from '../../kernel/time/temporal.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { customFields, filterField, type RecordKind } from '../record/index.ts'
import { serviceDirectory } from '../configuration/index.ts'
import { candidatesOf } from './routing.candidates.ts'
import { claim, pickPerson, routerOf, type Routed, type Router, type RoutingFacts } from './routing.decide.ts'
import { routingFields } from './routing.fields.ts'
import { routingPolicy } from './routing.policy.ts'

const routers = tenantCache<Map<string, Router>>(['policy.', 'custom_field.', 'service.'], () =>
  Promise.resolve(new Map()),
)

/** The fields of a tenant that routing rules may name. */
export const routingFieldsOf = async (
  database: Database,
  tenantId: string,
  kind: RecordKind,
): Promise<Fields> => {
  const [services, custom] = await Promise.all([
    serviceDirectory(database, tenantId),
    customFields(database, tenantId),
  ])
  const names: Names = {
    idOf: (name) =>
      [...services.values()].find((service) => service.name.toLowerCase() === name.toLowerCase())?.id,
    nameOf: (id) => services.get(id)?.name,
  }
  return routingFields(
    names,
    custom.filter((field) => field.recordKind === kind && field.isActive).map(filterField),
  )
}

const routerInForce = async (
  database: Database,
  tenantId: string,
  kind: RecordKind,
  now: string,
): Promise<Router> => {
  const [held, policy] = await Promise.all([
    routers(database, tenantId),
    policyInForce(database, tenantId, routingPolicy, now),
  ])
  const key = `${kind}/${policy.version}`
  let router = held.get(key)
  if (router === undefined) {
    router = routerOf(policy.document, policy.version, await routingFieldsOf(database, tenantId, kind)).router
    held.set(key, router)
  }
  return router
}

/** Rules run on their own: nothing is anybody's, and days are those of UTC. */
export const routingContext = (now: string): FilterContext => ({
  me: undefined,
  myTeams: [],
  now: Temporal.Instant.from(now),
  zone: 'UTC',
})

/** Where a new record goes by the policy in force; null when not even a catch-all team is set. */
export const routeRecord = async (
  database: Database,
  tenantId: string,
  kind: RecordKind,
  now: string,
  facts: RoutingFacts,
): Promise<Routed | null> => {
  const router = await routerInForce(database, tenantId, kind, now)
  const claimed = claim(router, facts, routingContext(now))
  if (claimed === null) return null
  if (claimed.pick === 'none') return pickPerson(claimed, [], true)
  const { candidates, onDuty } = await candidatesOf(database, tenantId, claimed.teamId, now)
  return pickPerson(claimed, candidates, onDuty)
}
