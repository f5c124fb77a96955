import { faultSaying } from '../../kernel/filter/language.ts'
import { incidentChannels, type Level, type Priority } from '@evenkeel/contract/incident'
import type { ImpactRules, PolicyPreview, PriorityMatrix, RoutingPolicy } from '@evenkeel/contract/policy'
import { isJsonObject, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { restorePersonal, type PersonalValues } from '../../kernel/evidence/commitment.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { offerPolicy, type PolicyOffer } from '../../platform/policy/policy.routes.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { directory } from '../people/index.ts'
import { claim, routerOf, routingContext, routingFieldsOf, routingPolicy } from '../routing/index.ts'
import { serviceDirectory, servicesReached } from '../configuration/index.ts'
import { calendarPolicy, serviceLevelOffer } from '../service-level/index.ts'
import { measuredIncidents } from './incident.clocks.ts'
import { impactOf, impactRules } from './incident.impact.ts'
import { phrasesIn } from './incident.language.ts'
import { priorityOf, priorityPolicy } from './incident.priority.ts'
import { routingFacts } from './incident.routing.ts'
import { factsKept } from './incident.raise.items.ts'
import { incidentRules } from './incident.rules.ts'
import { says } from './incident.reasons.ts'

const mostExamples = 50

type Example = PolicyPreview['examples'][number]

const previewOf = (
  sentence: (changed: number, examined: number) => string,
  examined: number,
  changes: readonly Example[],
): PolicyPreview => ({
  sentence: sentence(changes.length, examined),
  examined,
  changed: changes.length,
  examples: changes.slice(0, mostExamples),
})

/** Open incidents whose rank the new matrix would change. Overridden ones keep what a person set. */
const previewMatrix = async (
  database: Database,
  caller: Caller,
  document: PriorityMatrix,
): Promise<PolicyPreview> => {
  await mustKnowServices(
    database,
    caller,
    document.services.map((entry) => entry.serviceId),
  )
  const rows = await read(database, caller.tenantId, (q) =>
    q.rows<{
      id: string
      number: string
      title: string
      service_id: string | null
      impact: Level
      urgency: Level
      priority: Priority
      overridden: boolean
    }>({
      text: `select r.id, r.number, r.title, r.service_id, i.impact, i.urgency, r.priority, i.override_reason is not null as overridden
             from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id
             where r.tenant_id = $1 and r.kind = 'incident' and r.is_open order by r.created_at desc limit 100000`,
      values: [caller.tenantId],
    }),
  )
  const { priorities } = phrasesIn(caller.language)
  const changes = rows.flatMap((row): Example[] => {
    const after = priorityOf(document, row.service_id, row.impact, row.urgency)
    if (row.overridden || after === row.priority) return []
    const named = (priority: Priority): string => `${priority} ${priorities[priority]}`
    return [
      { id: row.id, number: row.number, title: row.title, before: named(row.priority), after: named(after) },
    ]
  })
  return previewOf(
    (changed, examined) =>
      says('policy.priorities', { changed: String(changed), examined: String(examined) }).in(caller.language),
    rows.length,
    changes,
  )
}

/**
 * Replays routing over the last incidents with what was known when each was raised, as the journal has it: which of them this version
 * would have sent elsewhere.
 */
const previewRouting = async (
  database: Database,
  caller: Caller,
  document: RoutingPolicy,
  last: number,
): Promise<PolicyPreview> => {
  const { tenantId } = caller
  const [fields, services, { teams }] = await Promise.all([
    routingFieldsOf(database, tenantId, 'incident'),
    serviceDirectory(database, tenantId),
    directory(database, tenantId),
  ])
  const { router, faults } = routerOf(document, 0, fields)
  const reasons = [
    ...faults.map((fault) => ({
      code: 'filter',
      field: `document.rules.${fault.rule}`,
      message: faultSaying(fault.fault),
    })),
    ...[
      ...document.rules.map((rule) => rule.teamId),
      ...(document.catchAllTeamId === null ? [] : [document.catchAllTeamId]),
    ]
      .filter((id) => teams.get(id)?.isActive !== true)
      .map((id) => ({ code: 'team', field: 'document', message: says('policy.team', { id }) })),
    ...(document.catchAllTeamId === null
      ? [
          {
            code: 'catch_all',
            field: 'document.catchAllTeamId',
            message: says('policy.catchAll'),
          },
        ]
      : []),
    ...(new Set(document.rules.map((rule) => rule.id)).size < document.rules.length
      ? [{ code: 'id', field: 'document.rules', message: says('policy.sameId') }]
      : []),
  ]
  if (reasons.length > 0) throw new Refusal('invalid', reasons)
  const rows = await read(database, tenantId, (q) =>
    q.rows<{
      id: string
      number: string
      title: string
      at: string
      data: JsonObject
      personal: PersonalValues | null
      sent_to: string
      risen: JsonObject | null
    }>({
      text: `select r.id, r.number, r.title, j.at, j.data, p.personal,
               (select route.data->>'teamId' from journal route where route.tenant_id = $1 and route.subject_id = r.id and route.type = 'incident.routed' order by route.id limit 1) as sent_to,
               (select rise.data->'changes' from journal rise where rise.tenant_id = $1 and rise.subject_id = r.id and rise.type = 'incident.impact_raised' and rise.cause = j.id limit 1) as risen
             from (select * from record where tenant_id = $1 and kind = 'incident' order by created_at desc, id desc limit $2) r
             join journal j on j.tenant_id = $1 and j.subject_id = r.id and j.type = 'incident.raised'
             left join journal_personal p on p.tenant_id = $1 and p.entry_id = j.id`,
      values: [tenantId, last],
    }),
  )
  const nameOf = (teamId: string): string => teams.get(teamId)?.name ?? teamId
  const changes = rows.flatMap((row): Example[] => {
    const service = services.get(typeof row.data['serviceId'] === 'string' ? row.data['serviceId'] : '')
    const byItems = factsKept(row.data, service)
    const known = { ...restorePersonal(row.data, row.personal ?? {}), ...risenTo(row.risen) }
    const claimed = claim(
      router,
      { record: factsOf(known, byItems, row.at), service: service ?? null, items: byItems.support },
      routingContext(row.at),
    )
    if (claimed === null || claimed.teamId === row.sent_to) return []
    return [
      {
        id: row.id,
        number: row.number,
        title: row.title,
        before: nameOf(row.sent_to),
        after: `${nameOf(claimed.teamId)}: ${phrasesIn(caller.language).routed(claimed.sentence)}`,
      },
    ]
  })
  return previewOf(
    (changed, examined) =>
      says('policy.routes', { changed: String(changed), examined: String(examined) }).in(caller.language),
    rows.length,
    changes,
  )
}

/** What the journal says of a raised incident, in the form of the rules. Erased words are empty: they match nothing. */
const factsOf = (data: JsonObject, byItems: ReturnType<typeof factsKept>, at: string) => {
  const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '')
  const level = (key: string): Level => (data[key] === 1 || data[key] === 2 ? data[key] : 3)
  const priority = data['priority']
  const custom = data['custom']
  return routingFacts({
    title: text('title'),
    description: text('description'),
    serviceId: typeof data['serviceId'] === 'string' ? data['serviceId'] : null,
    requesterId: text('requesterId'),
    impact: level('impact'),
    urgency: level('urgency'),
    priority: priority === 1 || priority === 2 || priority === 3 || priority === 5 ? priority : 4,
    channel: channelOf(data),
    category: text('category'),
    confidential: data['confidential'] === true,
    custom: customOf(custom),
    ...byItems,
    createdAt: at,
  })
}

/** What its items made of it while it was raised. */
const risenTo = (changes: JsonObject | null): JsonObject =>
  Object.fromEntries(
    ['impact', 'priority'].flatMap((key) => {
      const change = changes?.[key]
      return isJsonObject(change) && change['to'] !== undefined ? [[key, change['to']]] : []
    }),
  )

const channelOf = (data: JsonObject): (typeof incidentChannels)[number] =>
  incidentChannels.find((channel) => channel === data['channel']) ?? 'portal'

const customOf = (
  custom: JsonObject[string] | undefined,
): Record<string, string | number | boolean | null> => {
  if (typeof custom !== 'object' || custom === null || Array.isArray(custom)) return {}
  return Object.fromEntries(
    Object.entries(custom).filter(
      (entry): entry is [string, string | number | boolean | null] =>
        typeof entry[1] !== 'object' || entry[1] === null,
    ),
  )
}

/** As many open incidents as a look at new rules weighs again. */
const mostWeighed = 500

/** What the rules would make of open incidents that name items or concern several people, beside what those in force make of them. */
const previewImpact = (database: Database, caller: Caller, document: ImpactRules): Promise<PolicyPreview> =>
  read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<{
      id: string
      number: string
      title: string
      impact_computed: Level | null
      people: number
    }>({
      text: `select r.id, r.number, r.title, i.impact_computed,
               (select count(*)::int from affected_person a where a.tenant_id = r.tenant_id and a.record_id = r.id) + 1 as people
             from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id
             where r.tenant_id = $1 and r.kind = 'incident' and r.is_open and i.impact_computed is not null
             order by r.created_at desc limit $2`,
      values: [q.tenantId, mostWeighed],
    })
    const { levels } = phrasesIn(caller.language)
    const reached = await servicesReached(
      q,
      rows.map(({ id }) => id),
      caller.now,
    )
    const changes: Example[] = []
    for (const { people, impact_computed: before, ...row } of rows) {
      const { level } = impactOf(document, { people, ...(reached.get(row.id) ?? { services: [] }) })
      if (before !== null && level !== before)
        changes.push({ ...row, before: levels[before], after: levels[level] })
    }
    return previewOf(
      (changed, examined) =>
        says('policy.impacts', { changed: String(changed), examined: String(examined) }).in(caller.language),
      rows.length,
      changes,
    )
  })

const mustKnowServices = async (
  database: Database,
  caller: Caller,
  ids: readonly string[],
): Promise<void> => {
  const services = await serviceDirectory(database, caller.tenantId)
  const unknown = ids.filter((id) => !services.has(id))
  if (unknown.length > 0) {
    throw new Refusal(
      'invalid',
      unknown.map((id) => ({
        code: 'service',
        field: 'document.services',
        message: says('policy.service', { id }),
      })),
    )
  }
}

const nothingReplayed = async (_: Database, caller: Caller): Promise<PolicyPreview> => ({
  sentence: says('policy.kept').in(caller.language),
  examined: 0,
  changed: 0,
  examples: [],
})

/** The policies that decide about incidents, as administration offers them. */
export const incidentPolicies: readonly PolicyOffer[] = [
  offerPolicy(priorityPolicy, previewMatrix),
  offerPolicy(routingPolicy, previewRouting),
  offerPolicy(incidentRules, nothingReplayed),
  offerPolicy(impactRules, previewImpact),
  offerPolicy(calendarPolicy, nothingReplayed, { named: true }),
  serviceLevelOffer(measuredIncidents),
]
