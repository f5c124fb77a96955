import type { Level } from '@evenkeel/contract/incident'
import type { PriorityMatrix } from '@evenkeel/contract/policy'
import { isJsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { StoredEntry } from '../../platform/journal/position.ts'
import type { Reaction } from '../../platform/journal/reactions.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { servicesReached } from '../configuration/index.ts'
import { bySystem, openSheet, type Sheet } from './incident.command.ts'
import { impactOf, impactRises, impactRules, type WeighedImpact } from './incident.impact.ts'
import { priorityOf, priorityPolicy } from './incident.priority.ts'
import { lockIncident } from './incident.repo.ts'

/** As many incidents are weighed in one transaction; then what was written is kept, and the others follow. */
export const weighedTogether = 200

const ofPeople = ['incident.affected_added', 'incident.affected_removed']
const ofItems = ['incident.item_named', 'incident.item_dropped']
const ofWeighing = ['impact_rules', 'item_classes']

/** Whether items may be otherwise than before because of this entry; for some that hangs on what the incident says of items. */
const movesTheModel = ({ type, data }: StoredEntry): boolean | 'if it says so' => {
  if (type.startsWith('item.') || type.startsWith('service.')) return true
  if (type === 'policy.published') return ofWeighing.some((kind) => kind === data['kind'])
  // An item that only has to do with it is as well as it was.
  if (ofItems.includes(type))
    return data['effect'] !== 'involved' || (data['was'] ?? 'involved') !== 'involved'
  const { changes } = data
  const beginsOrEnds =
    type.startsWith('incident.') && isJsonObject(changes) && Object.hasOwn(changes, 'is_open')
  return beginsOrEnds && 'if it says so'
}

/**
 * Weighs impact again when people or items are added, and when the items of open incidents are otherwise than before (INC-07). It rises by
 * itself and says why; it never falls by itself: what the items and people make of it now stands beside what is in force.
 */
export const impactReaction: Reaction = {
  name: 'weigh_impact',
  to: ['incident.', 'item.', 'service.', 'policy.published'],
  react: async (tx, entries) => {
    const causes = new Map<string, string>()
    for (const { id, type, subject_id } of entries)
      if ([...ofPeople, ...ofItems].includes(type)) causes.set(subject_id, id)
    const moved = await lastMove(tx, entries)
    const { ids, more } = moved === undefined ? { ids: [], more: false } : await nextToWeigh(tx, moved)
    for (const id of ids) if (moved !== undefined && !causes.has(id)) causes.set(id, moved)
    if (causes.size > 0) await weighAgain(tx, causes)
    return more ? 'again' : undefined
  },
}

/** The last of these entries after which items may be otherwise. */
const lastMove = async (tx: Tx, entries: readonly StoredEntry[]): Promise<string | undefined> => {
  const asked = entries.flatMap((entry) => {
    const moves = movesTheModel(entry)
    return moves === false ? [] : [{ entry, moves }]
  })
  const unsure = asked.flatMap(({ entry, moves }) => (moves === true ? [] : [entry.subject_id]))
  const saying = unsure.length === 0 ? new Set<string>() : await sayOfItems(tx, [...new Set(unsure)])
  return asked.findLast(({ entry, moves }) => moves === true || saying.has(entry.subject_id))?.entry.id
}

/** Which of these incidents take items down or make them worse. */
const sayOfItems = async (tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await tx.rows<{ id: string }>({
    name: 'incidents_that_say_of_items',
    text: `select distinct record_id as id from record_item
           where tenant_id = $1 and record_id = any($2::uuid[]) and effect <> 'involved'`,
    values: [tx.tenantId, ids],
  })
  return new Set(rows.map(({ id }) => id))
}

/** The open incidents whose turn it is after a move of the model, and whether others come after them. */
const nextToWeigh = async (
  tx: Tx,
  cause: string,
): Promise<{ readonly ids: readonly string[]; readonly more: boolean }> => {
  const reached = await tx.maybe<{ after_id: string | null; is_done: boolean }>({
    name: 'impact_weighing_reached',
    text: 'select after_id, is_done from impact_weighing where tenant_id = $1 and cause = $2',
    values: [tx.tenantId, cause],
  })
  if (reached?.is_done === true) return { ids: [], more: false }
  const rows = await tx.rows<{ id: string }>({
    name: 'incident_open_and_weighed',
    text: `select r.id from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id
           where r.tenant_id = $1 and r.kind = 'incident' and r.is_open and ($2::uuid is null or r.id > $2)
             and (i.impact_computed is not null
               or exists (select from record_item x where x.tenant_id = r.tenant_id and x.record_id = r.id and x.effect <> 'involved'))
           order by r.id limit $3`,
    values: [tx.tenantId, reached?.after_id ?? null, weighedTogether + 1],
  })
  const ids = rows.slice(0, weighedTogether).map(({ id }) => id)
  const more = rows.length > weighedTogether
  tx.send({
    name: 'impact_weighing_reach',
    text: `insert into impact_weighing (tenant_id, cause, after_id, is_done) values ($1, $2, $3, $4)
           on conflict (tenant_id) do update set cause = excluded.cause, after_id = excluded.after_id, is_done = excluded.is_done`,
    values: [tx.tenantId, cause, ids.at(-1) ?? null, !more],
  })
  return { ids, more }
}

/** What an incident was weighed at, and how many people it happens to: the caller and whoever said "me too". */
type Standing = { readonly id: string; readonly impact_computed: Level | null; readonly people: number }

/** Weighs incidents, from one look at the model, and locks those that weigh otherwise than before. @param causes the entry that made it necessary, by incident */
const weighAgain = async (tx: Tx, causes: ReadonlyMap<string, string>): Promise<void> => {
  const { now } = tx.author
  const ids = [...causes.keys()]
  const [rules, matrix, standing, reached] = await Promise.all([
    policyAt(tx, impactRules, now),
    policyAt(tx, priorityPolicy, now),
    tx.rows<Standing>({
      name: 'incidents_to_weigh',
      // In the order of their ids, as every command that locks several does.
      text: `select r.id, i.impact_computed,
               (select count(*)::int from affected_person a where a.tenant_id = r.tenant_id and a.record_id = r.id) + 1 as people
             from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id
             where r.tenant_id = $1 and r.id = any($2::uuid[]) and r.is_open order by r.id`,
      values: [tx.tenantId, ids],
    }),
    servicesReached(tx, ids, now),
  ])
  for (const { id, people, ...before } of standing) {
    const weighed = impactOf(rules.document, { ...(reached.get(id) ?? { services: [] }), people })
    if (!isNews(before.impact_computed, weighed)) continue
    const row = await lockIncident(tx, id)
    if (row?.is_open === true && isNews(row.impact_computed, weighed))
      enterWeighed(openSheet(tx, bySystem, row, causes.get(id)), weighed, rules.version, matrix)
  }
}

/** Low impact is news where nothing was weighed before only if it may be more, for something was not followed. */
const isNews = (before: Level | null, { level, grounds }: WeighedImpact): boolean =>
  before !== level && (before !== null || level !== 3 || grounds.length > 0)

const enterWeighed = (
  sheet: Sheet,
  { level, grounds }: WeighedImpact,
  rulesVersion: number,
  matrix: { readonly document: PriorityMatrix; readonly version: number },
): void => {
  const { row } = sheet
  const found = { impact_computed: level, impact_grounds: grounds }
  const data = { grounds: grounds.map((ground) => ({ ...ground })), rulesVersion }
  if (impactRises(row, level)) {
    const computed = priorityOf(matrix.document, row.service_id, level, row.urgency)
    sheet.enter({
      type: 'incident.impact_raised',
      change: {
        ...found,
        impact: level,
        computed_priority: computed,
        matrix_version: matrix.version,
        ...(row.override_reason === null ? { priority: computed } : {}),
      },
      data,
    })
  } else sheet.enter({ type: 'incident.impact_weighed', change: found, data })
  sheet.finish()
}
