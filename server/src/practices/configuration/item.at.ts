import type { ItemRef, ItemState } from '@evenkeel/contract/item'
import type { Reader } from '../../platform/postgres/database.ts'
import { heldSql, withoutPlan, type Times } from './graph.times.ts'
import { carries } from './item.carries.ts'
import { labelIn } from './item-class.model.ts'
import { modelOf, type InForce } from './item.model.ts'
import { byItem, derived, factColumns, itemColumns, seenOf, type FactRow, type ItemRow } from './item.repo.ts'

export const itemRows = (q: Reader, ids: readonly string[]): Promise<ItemRow[]> =>
  q.rows({
    name: 'items_by_id',
    text: `select ${itemColumns} from item r where r.tenant_id = $1 and r.id = any($2::uuid[])`,
    values: [q.tenantId, ids],
  })

export const factsHeld = (q: Reader, ids: readonly string[], times: Times): Promise<FactRow[]> =>
  q.rows({
    name: times.isNow ? 'item_facts_held_now' : 'item_facts_held_then',
    text: `select ${factColumns} from item_fact f where f.tenant_id = $1 and f.item_id = any($2::uuid[]) and ${heldSql(times, 'f', '$3', '$4')}`,
    values: [q.tenantId, ids, times.validAt, times.knownAt],
  })

/**
 * Items as they were at two times. Now they are read as they are kept; then the same function that keeps them runs over the facts of
 * then. An item of which nothing was known is not among them.
 */
export const itemsAt = async (
  q: Reader,
  ids: readonly string[],
  times: Times,
  force: InForce,
): Promise<ReadonlyMap<string, ItemRow>> => {
  const { plan } = times
  if (ids.length === 0) return new Map()
  if (plan !== undefined) return plan.items(await itemsAt(q, ids, withoutPlan(times), force), ids)
  if (times.isNow) return new Map((await itemRows(q, ids)).map((row) => [row.id, row]))
  const [rows, facts, seen] = await Promise.all([itemRows(q, ids), factsHeld(q, ids, times), seenOf(q, ids)])
  const [factsOf, seenBy] = [byItem(facts), byItem(seen)]
  const then = new Map<string, ItemRow>()
  for (const row of rows) {
    const own = factsOf(row.id)
    if (own.length === 0) continue
    const known = { row, seen: seenBy(row.id).filter(({ seenAt }) => seenAt <= times.knownAt) }
    then.set(row.id, derived(known, own, force, times.validAt).row)
  }
  return then
}

/**
 * Which of these were there to fail, at two times: where all sources that spoke of the state said the same, without a look at what else they
 * said.
 */
export const carryingAt = async (
  q: Reader,
  ids: readonly string[],
  times: Times,
  force: InForce,
): Promise<ReadonlySet<string>> => {
  const said = await q.rows<{ id: string; least: ItemState | null; most: ItemState | null }>({
    name: times.isNow ? 'item_states_held_now' : 'item_states_held_then',
    text: `select f.item_id as id, min(f.values ->> 'state') as least, max(f.values ->> 'state') as most from item_fact f
           where f.tenant_id = $1 and f.item_id = any($2::uuid[]) and ${heldSql(times, 'f', '$3', '$4')} group by f.item_id`,
    values: [q.tenantId, ids, times.validAt, times.knownAt],
  })
  const unsure = said.filter(({ least, most }) => least === null || least !== most).map(({ id }) => id)
  const items = await itemsAt(q, unsure, times, force)
  return new Set(
    said.flatMap(({ id, least }) => {
      const state = items.get(id)?.state ?? least
      return state !== null && carries({ state }) ? [id] : []
    }),
  )
}

export const refOf = (row: ItemRow, { models }: InForce, language: string): ItemRef => ({
  id: row.id,
  name: row.name,
  class: row.class,
  classLabel: labelIn(modelOf(models, row.class).label, language),
  state: row.state,
})
