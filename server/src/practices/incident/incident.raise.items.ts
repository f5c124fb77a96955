import type { IncidentWeight, Level, RaiseIncident, WeighIncident } from '@evenkeel/contract/incident'
import type { SaidOfItem } from '@evenkeel/contract/record-item'
import type { ImpactRules } from '@evenkeel/contract/policy'
import { z } from 'zod'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { policyInForce, type PolicyVersion } from '../../platform/policy/policy.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { itemNames, namedItems, type NamedItems, type ServiceEntry } from '../configuration/index.ts'
import { impactOf, impactRules, type WeighedImpact } from './incident.impact.ts'
import { phrasesIn } from './incident.language.ts'
import { priorityOf } from './incident.priority.ts'
import { says } from './incident.reasons.ts'
import { policiesAt } from './incident.rules.ts'

/** What the items make of an incident that is being raised. */
export type ByItems = {
  readonly named: readonly SaidOfItem[]
  /** Null where no item is said to be unwell: there is nothing to weigh. */
  readonly weighed: (WeighedImpact & { readonly rulesVersion: number }) | null
  /** What was said, or more. */
  readonly impact: Level
  readonly affects: readonly string[]
  readonly criticality: number | null
  readonly itemClasses: readonly string[]
  readonly support: { readonly teamId: string; readonly sentence: string } | null
}

type Services = ReadonlyMap<string, ServiceEntry>

/** Looks at what the caller says of items. @throws Refusal `invalid` when one is not theirs to name */
export const byItems = async (
  database: Database,
  caller: Caller,
  draft: Pick<RaiseIncident, 'items' | 'impact' | 'serviceId'>,
  services: Services,
  ownerId: string,
): Promise<ByItems> => {
  const named = [...new Map((draft.items ?? []).map((one) => [one.id, one])).values()]
  const service = services.get(draft.serviceId ?? '')
  if (named.length === 0)
    return {
      named,
      weighed: null,
      impact: draft.impact,
      affects: service === undefined ? [] : [service.id],
      criticality: service?.criticality ?? null,
      itemClasses: [],
      support: null,
    }
  const [rules, found] = await Promise.all([
    policyInForce(database, caller.tenantId, impactRules, caller.now),
    read(database, caller.tenantId, (q) => namedItems(q, caller, named, ownerId)),
  ])
  const unknown = named.findIndex(({ id }) => !found.items.has(id))
  if (unknown >= 0) throw invalid(`items.${unknown}.id`, says('item.none'))
  const weighed = named.every(({ effect }) => effect === 'involved') ? null : weighedBy(rules, found)
  const affects = [...new Set([...(service === undefined ? [] : [service.id]), ...found.above])]
  const known = affects.flatMap((id) => services.get(id) ?? [])
  return {
    named,
    weighed,
    impact: more(draft.impact, weighed),
    affects,
    criticality: known.length === 0 ? null : Math.min(...known.map(({ criticality }) => criticality)),
    itemClasses: found.classes,
    support: supportOf(found, services),
  }
}

const weighedBy = (
  rules: PolicyVersion<ImpactRules>,
  { reached }: NamedItems,
): WeighedImpact & { readonly rulesVersion: number } => ({
  ...impactOf(rules.document, { ...reached, people: 1 }),
  rulesVersion: rules.version,
})

/** Impact rises by itself and never falls. */
const more = (said: Level, weighed: WeighedImpact | null): Level =>
  weighed !== null && weighed.level < said ? weighed.level : said

/**
 * Whose it is where no service was named: the team of the service that suffers most, else of the nearest that stands on it, else the team that
 * supports the item itself. The sentence names services and no items: more people read where something went than may see each item.
 */
const supportOf = (
  { items, reached, above }: NamedItems,
  services: Services,
): { readonly teamId: string; readonly sentence: string } | null => {
  const worst = reached.services.toSorted(
    (one, other) =>
      Number(one.health !== 'down') - Number(other.health !== 'down') ||
      one.criticality - other.criticality ||
      above.indexOf(one.id) - above.indexOf(other.id),
  )
  const order = [...worst.map(({ id }) => id), ...above]
  const service = order.map((id) => services.get(id)).find((one) => one?.isActive === true)
  if (service !== undefined) {
    const { name, supportTeamId: teamId } = service
    return items.has(service.id)
      ? { teamId, sentence: `${name} is supported by this team.` }
      : { teamId, sentence: `This team supports ${name}, which stands on what it happens to.` }
  }
  const teamId = [...items.values()].find((item) => item.supportTeamId !== null)?.supportTeamId
  return teamId == null ? null : { teamId, sentence: 'This team supports what it happens to.' }
}

/** What the journal keeps of it, so that routing can be tried again with what was known then. */
export const factsByItems = ({ affects, criticality, itemClasses, support }: ByItems): JsonObject => ({
  ...(criticality === null ? {} : { criticality }),
  ...(affects.length === 0 ? {} : { affects: [...affects] }),
  ...(itemClasses.length === 0 ? {} : { itemClasses: [...itemClasses] }),
  ...(support === null ? {} : { support: { ...support } }),
})

/** What was kept by `factsByItems`; of what was raised before there was any, the service says it. */
export const factsKept = (
  data: JsonObject,
  service: ServiceEntry | undefined,
): Pick<ByItems, 'affects' | 'criticality' | 'itemClasses' | 'support'> => {
  const kept = Kept.safeParse(data).data ?? {}
  return {
    affects: kept.affects ?? (service === undefined ? [] : [service.id]),
    criticality: kept.criticality ?? service?.criticality ?? null,
    itemClasses: kept.itemClasses ?? [],
    support: kept.support ?? null,
  }
}

const Kept = z.object({
  criticality: z.number().optional(),
  affects: z.array(z.string()).optional(),
  itemClasses: z.array(z.string()).optional(),
  support: z.object({ teamId: z.string(), sentence: z.string() }).optional(),
})

/** Without the right to edit one names what is one's own, and does not say what became of it. */
export const mustNameOnlyOwn = (named: readonly SaidOfItem[], mayEdit: boolean): void => {
  const at = named.findIndex(({ effect }) => effect !== 'involved')
  if (mayEdit || at < 0) return
  throw new Refusal('forbidden', [
    { code: 'incident.edit', field: `items.${at}.effect`, message: says('item.effectByTeam') },
  ])
}

/** Names the items of a new incident, and says so for each. */
export const insertItems = (
  tx: Tx,
  id: string,
  personId: string,
  named: readonly SaidOfItem[],
  cause: string,
): void => {
  for (const { id: itemId, effect } of named) {
    tx.insert('record_item', {
      tenant_id: tx.tenantId,
      record_id: id,
      item_id: itemId,
      effect,
      named_by: personId,
      named_at: tx.author.now,
    })
    tx.journal({
      type: 'incident.item_named',
      subject: { kind: 'incident', id },
      data: { itemId, effect },
      cause,
    })
  }
}

/** What an incident with these items would be, for whoever is about to raise it. */
export const weighIncident = async (
  database: Database,
  caller: Caller,
  draft: WeighIncident,
): Promise<IncidentWeight> => {
  const { matrix, services } = await policiesAt(database, caller.tenantId, caller.now)
  const { weighed, impact } = await byItems(database, caller, draft, services, caller.personId)
  const grounds = weighed?.grounds ?? []
  const names = await read(database, caller.tenantId, (q) =>
    itemNames(
      q,
      caller,
      grounds.flatMap((ground) => (ground.by === 'service' ? [ground.id] : [])),
    ),
  )
  const phrases = phrasesIn(caller.language)
  return {
    computed: weighed?.level ?? 3,
    sentences: grounds.map((ground) => phrases.ground(ground, (id) => names.get(id) ?? phrases.unseen)),
    impact,
    priority: priorityOf(matrix.document, draft.serviceId, impact, draft.urgency),
  }
}
