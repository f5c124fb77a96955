import type { ItemEffect } from '@evenkeel/contract/record-item'
import { invalid } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { itemNames, itemsHaveRecords, itemsMatterBy } from '../configuration/index.ts'
import { hold, mustFit } from './incident.command.ts'
import { phrasesIn } from './incident.language.ts'
import { says } from './incident.reasons.ts'
import { mayRead, relativeColumns, type RelativeRow } from './incident.relatives.ts'

/** Of each item the most pressing ones; the list shows all. */
const mostOpen = 20

itemsHaveRecords(async (q, caller, itemIds) => {
  const rows = await q.rows<RelativeRow & { readonly item_id: string; readonly priority: number }>({
    name: 'incident_open_of_items',
    text: `select x.item_id, r.priority, ${relativeColumns('$3')}
           from unnest($2::uuid[]) as x (item_id) cross join lateral (
             select o.* from record o
             where o.tenant_id = $1 and o.kind = 'incident' and o.is_open
               and (o.service_id = x.item_id
                 or o.id in (select n.record_id from record_item n where n.tenant_id = $1 and n.item_id = x.item_id))
             order by o.priority, o.created_at desc limit $4) r`,
    values: [q.tenantId, itemIds, caller.personId, mostOpen],
  })
  const { states } = phrasesIn(caller.language)
  const readable = rows
    .filter((row) => mayRead(caller, row))
    .map(({ item_id, id, number, title, state, priority }) => ({
      itemId: item_id,
      record: { id, kind: 'incident', number, title, state: states[state], priority },
    }))
  const byItem = Map.groupBy(readable, ({ itemId }) => itemId)
  return new Map([...byItem].map(([itemId, found]) => [itemId, found.map(({ record }) => record)]))
})

itemsMatterBy(async (q, itemIds) => {
  const rows = await q.rows<{ item_id: string; count: number }>({
    name: 'incident_count_of_items',
    text: 'select item_id, count(*)::int as count from record_item where tenant_id = $1 and item_id = any($2::uuid[]) group by item_id',
    values: [q.tenantId, itemIds],
  })
  return new Map(rows.map(({ item_id, count }) => [item_id, count]))
})

/** As many items as somebody still looks through; what reaches more is said of what they stand on. */
const mostItems = 100

/** Says what the incident does to an item. One that the caller may not see is refused like one that does not exist. */
export const nameIncidentItem = (
  database: Database,
  caller: Caller,
  id: string,
  itemId: string,
  effect: ItemEffect,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.edit')
    mustFit(sheet, 'edit')
    const [names, named] = await Promise.all([
      itemNames(tx, caller, [itemId]),
      tx.rows<{ item_id: string; effect: string }>({
        name: 'incident_items_named',
        text: 'select item_id, effect from record_item where tenant_id = $1 and record_id = $2',
        values: [tx.tenantId, id],
      }),
    ])
    if (!names.has(itemId)) throw invalid('itemId', says('item.none'))
    const before = named.find((one) => one.item_id === itemId)
    if (before?.effect === effect) return
    if (before === undefined && named.length >= mostItems)
      throw invalid('itemId', says('item.most', { most: String(mostItems) }))
    tx.send({
      name: 'incident_item_name',
      text: `insert into record_item (tenant_id, record_id, item_id, effect, named_by, named_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (tenant_id, record_id, item_id) do update set effect = excluded.effect, named_by = excluded.named_by, named_at = excluded.named_at`,
      values: [tx.tenantId, id, itemId, effect, caller.personId, tx.author.now],
    })
    sheet.enter({
      type: 'incident.item_named',
      data: { itemId, effect, ...(before === undefined ? {} : { was: before.effect }) },
    })
    sheet.finish()
  })

/** Says that the incident has nothing to do with an item after all. */
export const dropIncidentItem = (
  database: Database,
  caller: Caller,
  id: string,
  itemId: string,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.edit')
    mustFit(sheet, 'edit')
    // What somebody may not see is not among the items for them, and not theirs to drop.
    if (!(await itemNames(tx, caller, [itemId])).has(itemId)) return
    const dropped = await tx.maybe<{ effect: ItemEffect }>({
      name: 'incident_item_drop',
      text: 'delete from record_item where tenant_id = $1 and record_id = $2 and item_id = $3 returning effect',
      values: [tx.tenantId, id, itemId],
    })
    if (dropped !== undefined)
      sheet.enter({ type: 'incident.item_dropped', data: { itemId, effect: dropped.effect } })
    sheet.finish()
  })
