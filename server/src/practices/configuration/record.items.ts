import type { ItemHealth } from '@evenkeel/contract/item'
import type { ItemEffect, NamedItem } from '@evenkeel/contract/record-item'
import { conesOf } from '../../kernel/impact/cone.ts'
import { healthOf, type HealthOfAll } from '../../kernel/impact/health.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { nowIs } from './graph.times.ts'
import { itemsAt, refOf } from './item.at.ts'
import { rightsOn } from './item.commands.ts'
import {
  allFindingsAt,
  graphAbove,
  healthsAt,
  itemsAreUnwellBy,
  upTo,
  worstOf,
  type Finding,
  type HealthCut,
} from './item.healths.ts'
import { inForceAt, modelOf } from './item.model.ts'

// Records say what they do to items: an open incident takes one down, another one makes it worse.

/** As many things as open records say of items in one answer. */
const mostSaid = 20_000

itemsAreUnwellBy(async (q, times) => {
  // What records said once, the journal knows; the model is asked for now.
  if (!times.isNow) return { findings: [], cut: null }
  const rows = await q.rows<Finding>({
    name: 'items_unwell_by_records',
    text: `select i.item_id as "itemId", i.effect as health, r.number as reason, i.record_id as "recordId"
               from record_item i join record r on r.tenant_id = i.tenant_id and r.id = i.record_id and r.is_open
               where i.tenant_id = $1 and i.effect <> 'involved' order by i.named_at desc limit $2`,
    values: [q.tenantId, mostSaid + 1],
  })
  const { kept, cut } = upTo(mostSaid, rows)
  return { findings: kept, cut }
})

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

/** The services that one record reaches, and where it was stopped to follow what is not well. */
export type Reached = { readonly services: readonly ReachedService[]; readonly cut: HealthCut | null }

const weight: Readonly<Record<ItemHealth, number>> = { up: 0, unknown: 0, degraded: 1, down: 2 }

/** What a record says of items, by the item. */
export type Effects = ReadonlyMap<string, 'down' | 'degraded'>

/**
 * The services that are worse because of what each of these open records says of items: by that alone, or because together with what else
 * is not well it takes what redundancy would have held. A service that is down for another reason is not among them unless this alone would
 * take it down. One graph is loaded for all of them; a record that says nothing of items is not in the answer.
 */
export const servicesReached = async (
  q: Reader,
  recordIds: readonly string[],
  now: string,
): Promise<ReadonlyMap<string, Reached>> => {
  const said = await q.rows<{ recordId: string; itemId: string; health: 'down' | 'degraded' }>({
    name: 'record_items_unwell',
    text: `select record_id as "recordId", item_id as "itemId", effect as health from record_item
           where tenant_id = $1 and record_id = any($2::uuid[]) and effect <> 'involved'`,
    values: [q.tenantId, recordIds],
  })
  const byRecord = Map.groupBy(said, ({ recordId }) => recordId)
  return servicesReachedBy(
    q,
    new Map(
      [...byRecord].map(([id, ofIt]) => [id, new Map(ofIt.map(({ itemId, health }) => [itemId, health]))]),
    ),
    now,
  )
}

/** The same for what records say or would say, by a key of each; the key of a record that is there is its id. */
export const servicesReachedBy = async (
  q: Reader,
  asked: ReadonlyMap<string, Effects>,
  now: string,
): Promise<ReadonlyMap<string, Reached>> => {
  if (asked.size === 0) return new Map()
  const times = nowIs(now)
  const [force, { findings: found, cut: foundCut }] = await Promise.all([
    inForceAt(q, now),
    allFindingsAt(q, times, 'en'),
  ])
  const theirs = [...asked].flatMap(([recordId, effects]): Finding[] =>
    [...effects].map(([itemId, health]) => ({ itemId, health, reason: '', recordId })),
  )
  const all = [...found.filter(({ recordId }) => recordId === undefined || !asked.has(recordId)), ...theirs]
  const worst = worstOf(all)
  const byItem = Map.groupBy(all, ({ itemId }) => itemId)
  const { graph, cut, cutAt } = await graphAbove(q, [...worst.keys()], times, force)
  const together = healthOf(graph, (id) => worst.get(id)?.health ?? 'up')
  const coneAbove = conesOf(graph)
  const reachedOf = (recordId: string, effects: Effects): readonly (readonly [string, ItemHealth])[] => {
    const { graph: cone, within } = coneAbove(effects.keys())
    const ofRest = (id: string): ItemHealth =>
      (byItem.get(id) ?? []).reduce<ItemHealth>(
        (sum, one) => (one.recordId === recordId ? sum : worse(sum, one.health)),
        'up',
      )
    const alone = healthOf(cone, (id) => effects.get(id) ?? 'up')
    const without = healthOf(cone, (id) => (within.has(id) ? ofRest(id) : together.passedOn(id)))
    return [...within].flatMap((id) => {
      const [by, before, after] = [healthIn(alone, id), healthIn(without, id), healthIn(together, id)]
      const health = worse(by, weight[after] > weight[before] ? after : 'up')
      return weight[health] > 0 ? [[id, health] as const] : []
    })
  }
  // Where another one's trouble was not followed is nothing to this one.
  const cutOf = (recordId: string): HealthCut | null => {
    if (foundCut !== null || cut === null) return foundCut
    const { within } = coneAbove((asked.get(recordId) ?? new Map<string, never>()).keys())
    return [...within].some((id) => cutAt.has(id)) ? cut : null
  }
  const reached = new Map([...asked].map(([id, effects]) => [id, reachedOf(id, effects)]))
  const ids = new Set([...reached.values()].flatMap((ofOne) => ofOne.map(([id]) => id)))
  const items = await itemsAt(q, [...ids], times, force)
  const serviceIn = ([id, health]: readonly [string, ItemHealth]): ReachedService[] => {
    const item = items.get(id)
    if (item === undefined || !modelOf(force.models, item.class).isService) return []
    return health === 'down' || health === 'degraded'
      ? [{ id, criticality: criticalityOf(item), health }]
      : []
  }
  return new Map(
    [...reached].map(([id, ofOne]) => [id, { services: ofOne.flatMap(serviceIn), cut: cutOf(id) }]),
  )
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
