import { isJsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { StoredEntry } from '../../platform/journal/position.ts'
import type { Reaction } from '../../platform/journal/reactions.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { servicesReached } from '../configuration/index.ts'
import { bySystem, openSheet } from './incident.command.ts'
import { impactOf, impactRises, impactRules } from './incident.impact.ts'
import { priorityOf, priorityPolicy } from './incident.priority.ts'
import { lockIncident, type IncidentRow } from './incident.repo.ts'

/** Of so many incidents at once the impact is weighed again when the model changes; the others wait for the next change. */
const mostAtOnce = 200

const ofPeople = ['incident.affected_added', 'incident.affected_removed']
const ofItems = ['incident.item_named', 'incident.item_dropped']

/** Whether an item may be otherwise than before: something was said of it, or an incident that says so began or ended. */
const movesTheModel = ({ type, data: { changes } }: StoredEntry): boolean =>
  type.startsWith('item.') ||
  ofItems.includes(type) ||
  type === 'policy.published' ||
  type.startsWith('service.') ||
  (type.startsWith('incident.') && isJsonObject(changes) && Object.hasOwn(changes, 'is_open'))

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
    const moved = entries.findLast(movesTheModel)
    if (moved !== undefined)
      for (const id of await openAndWeighed(tx)) if (!causes.has(id)) causes.set(id, moved.id)
    if (causes.size > 0) await weighAgain(tx, causes)
  },
}

const openAndWeighed = async (tx: Tx): Promise<readonly string[]> => {
  const rows = await tx.rows<{ id: string }>({
    name: 'incident_open_and_weighed',
    text: `select r.id from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id
           where r.tenant_id = $1 and r.kind = 'incident' and r.is_open
             and (i.impact_computed is not null
               or exists (select from record_item x where x.tenant_id = r.tenant_id and x.record_id = r.id and x.effect <> 'involved'))
           order by r.id limit $2`,
    values: [tx.tenantId, mostAtOnce],
  })
  return rows.map(({ id }) => id)
}

/** @param causes the entry that made it necessary, by incident */
const weighAgain = async (tx: Tx, causes: ReadonlyMap<string, string>): Promise<void> => {
  const { now } = tx.author
  const [rules, matrix] = await Promise.all([
    policyAt(tx, impactRules, now),
    policyAt(tx, priorityPolicy, now),
  ])
  // In the order of their ids, as every command that locks several does.
  for (const [id, cause] of [...causes].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const row = await lockIncident(tx, id)
    if (row === undefined || !row.is_open) continue
    const [people, services] = await Promise.all([peopleOf(tx, row), servicesReached(tx, id, now)])
    const weighed = impactOf(rules.document, { services, people })
    const sheet = openSheet(tx, bySystem, row, cause)
    const found = { impact_computed: weighed.level, impact_grounds: weighed.grounds }
    const data = { grounds: weighed.grounds.map((ground) => ({ ...ground })), rulesVersion: rules.version }
    if (impactRises(row, weighed.level)) {
      const computed = priorityOf(matrix.document, row.service_id, weighed.level, row.urgency)
      sheet.enter({
        type: 'incident.impact_raised',
        change: {
          ...found,
          impact: weighed.level,
          computed_priority: computed,
          matrix_version: matrix.version,
          ...(row.override_reason === null ? { priority: computed } : {}),
        },
        data,
      })
    } else if (
      row.impact_computed !== weighed.level &&
      !(row.impact_computed === null && weighed.level === 3)
    )
      sheet.enter({ type: 'incident.impact_weighed', change: found, data })
    sheet.finish()
  }
}

/** How many people it happens to: the caller and whoever said "me too". */
const peopleOf = async (tx: Tx, { id }: IncidentRow): Promise<number> => {
  const { count } = await tx.one<{ count: number }>({
    name: 'incident_people_count',
    text: 'select count(*)::int as count from affected_person where tenant_id = $1 and record_id = $2',
    values: [tx.tenantId, id],
  })
  return count + 1
}
