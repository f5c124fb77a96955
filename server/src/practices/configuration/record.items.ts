import type { ItemHealth } from '@evenkeel/contract/item'
import type { ItemEffect, NamedItem } from '@evenkeel/contract/record-item'
import { healthOf, type HealthOfAll } from '../../kernel/impact/health.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { nowIs } from './graph.times.ts'
import { itemsAt, refOf } from './item.at.ts'
import { rightsOn } from './item.commands.ts'
import { findingsAt, graphAbove, healthsAt, itemsAreUnwellBy, type Finding } from './item.healths.ts'
import { inForceAt, modelOf } from './item.model.ts'

// Records say what they do to items: an open incident takes one down, another one makes it worse.

itemsAreUnwellBy(async (q, times, except) =>
  // What records said once, the journal knows; the model is asked for now.
  times.isNow
    ? q.rows<Finding>({
        name: 'items_unwell_by_records',
        text: `select i.item_id as "itemId", i.effect as health, r.number as reason
               from record_item i join record r on r.tenant_id = i.tenant_id and r.id = i.record_id and r.is_open
               where i.tenant_id = $1 and i.effect <> 'involved' and ($2::uuid is null or i.record_id <> $2) limit 2000`,
        values: [q.tenantId, except],
      })
    : [],
)

/** Names of the items among these that the caller may see. */
export const itemNames = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map()
  const [rights, rows] = await Promise.all([
    rightsOn(q, caller, ids, 'item.read'),
    q.rows<{ id: string; name: string }>({
      name: 'item_names',
      text: 'select id, name from item where tenant_id = $1 and id = any($2::uuid[]) and merged_into_id is null',
      values: [q.tenantId, ids],
    }),
  ])
  return new Map(rows.filter(({ id }) => rights.get(id)?.read === true).map(({ id, name }) => [id, name]))
}

/** The items that a record names, as this reader may see them, with how each is now. Statements: 1 where it names none. */
export const recordItems = async (q: Reader, caller: Caller, recordId: string): Promise<NamedItem[]> => {
  const named = await q.rows<{ id: string; effect: ItemEffect }>({
    name: 'record_items',
    text: 'select item_id as id, effect from record_item where tenant_id = $1 and record_id = $2 order by named_at, item_id',
    values: [q.tenantId, recordId],
  })
  if (named.length === 0) return []
  const times = nowIs(caller.now)
  const force = await inForceAt(q, caller.now)
  const ids = named.map(({ id }) => id)
  const [rights, items, healths] = await Promise.all([
    rightsOn(q, caller, ids, 'item.read'),
    itemsAt(q, ids, times, force),
    healthsAt(q, caller, ids, times, force),
  ])
  return named.flatMap(({ id, effect }): NamedItem[] => {
    const row = items.get(id)
    if (row === undefined || rights.get(id)?.read !== true) return []
    const { name, classLabel } = refOf(row, force, caller.language)
    const { now, sentence } = healths(id)
    return [{ id, name, classLabel, effect, health: now, sentence }]
  })
}

/** A service that is worse because of what a record says of items. */
export type ReachedService = {
  readonly id: string
  readonly criticality: 1 | 2 | 3 | 4
  readonly health: 'down' | 'degraded'
}

const weight: Readonly<Record<ItemHealth, number>> = { up: 0, unknown: 0, degraded: 1, down: 2 }

/**
 * The services that are worse because of what a record says of items: by that alone, or because together with what else is not well it
 * takes what redundancy would have held. A service that is down for another reason is not among them unless this alone would take it down.
 */
export const servicesReached = async (
  q: Reader,
  recordId: string,
  now: string,
): Promise<readonly ReachedService[]> => {
  const own = await q.rows<{ id: string; health: 'down' | 'degraded' }>({
    name: 'record_items_unwell',
    text: `select item_id as id, effect as health from record_item where tenant_id = $1 and record_id = $2 and effect <> 'involved'`,
    values: [q.tenantId, recordId],
  })
  if (own.length === 0) return []
  const times = nowIs(now)
  const mine = new Map(own.map(({ id, health }) => [id, health]))
  const [force, rest] = await Promise.all([inForceAt(q, now), findingsAt(q, times, 'en', recordId)])
  const { graph } = await graphAbove(q, [...new Set([...mine.keys(), ...rest.keys()])], times, force)
  const ofRest = (id: string): ItemHealth => rest.get(id)?.health ?? 'up'
  const alone = healthOf(graph, (id) => mine.get(id) ?? 'up')
  const without = healthOf(graph, ofRest)
  const together = healthOf(graph, (id) => worse(mine.get(id) ?? 'up', ofRest(id)))
  const reached = new Map(
    graph.nodes.flatMap((id): [string, ItemHealth][] => {
      const [by, before, after] = [healthIn(alone, id), healthIn(without, id), healthIn(together, id)]
      const health = worse(by, weight[after] > weight[before] ? after : 'up')
      return weight[health] > 0 ? [[id, health]] : []
    }),
  )
  const items = await itemsAt(q, [...reached.keys()], times, force)
  return [...items.values()].flatMap((item): ReachedService[] => {
    const health = reached.get(item.id)
    if (!modelOf(force.models, item.class).isService || (health !== 'down' && health !== 'degraded'))
      return []
    return [{ id: item.id, criticality: criticalityOf(item), health }]
  })
}

const healthIn = (healths: HealthOfAll, id: string): ItemHealth => healths.of(id)?.health ?? 'up'

const worse = (one: ItemHealth, other: ItemHealth): ItemHealth => (weight[one] >= weight[other] ? one : other)

/** The database keeps it between 1 and 4. */
const criticalityOf = ({
  criticality,
}: {
  readonly criticality: number | null
}): ReachedService['criticality'] =>
  criticality === 1 || criticality === 2 || criticality === 4 ? criticality : 3
