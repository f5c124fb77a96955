import type { Author } from '../../platform/journal/write.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { inForceAt } from './item.model.ts'
import { derived, lockItems, noChanges, storeItems } from './item.repo.ts'

// What is kept of items for lists follows the facts, and becomes wrong by nothing but time: a source that falls silent loses its turn.

const day = 86_400_000
const atOnce = 500

/** Works out again what items are whose sources lost their turn since it was last done. @returns how many were looked at */
export const settleItems = async (database: Database, author: Author): Promise<number> => {
  let looked = 0
  for (;;) {
    const done = await write(database, author, settleSome)
    looked += done
    if (done < atOnce) return looked
  }
}

const settleSome = async (tx: Tx): Promise<number> => {
  const { now } = tx.author
  const force = await inForceAt(tx, now)
  let looked = 0
  for (const { name, staleAfterDays } of force.sources.sources) {
    if (staleAfterDays === null) continue
    const before = new Date(Date.parse(now) - staleAfterDays * day).toISOString()
    // One at a time; another process goes on behind it.
    const [state] = await tx.rows<{ settledTo: string }>({
      text: `insert into item_source_state as t (tenant_id, source, settled_to) values ($1, $2, '-infinity')
             on conflict (tenant_id, source) do update set settled_to = t.settled_to returning settled_to::text as "settledTo"`,
      values: [tx.tenantId, name],
    })
    const rows = await tx.rows<{ id: string; at: string }>({
      text: `select s.item_id as id, s.seen_at::text as at from item_source_seen s
             where s.tenant_id = $1 and s.source = $2 and s.seen_at > $3::timestamptz and s.seen_at < $4::timestamptz
             order by s.seen_at fetch first ${atOnce - looked} rows with ties`,
      values: [tx.tenantId, name, state?.settledTo ?? '-infinity', before],
    })
    if (rows.length === 0) continue
    const known = await lockItems(tx, [...new Set(rows.map(({ id }) => id))])
    const changes = noChanges()
    for (const item of known.values()) {
      if (item.row.mergedIntoId !== null) continue
      const result = derived(item, item.facts, force, now)
      if (JSON.stringify(result.row) !== JSON.stringify(item.row))
        changes.rows.push({ ...result, isNew: false })
    }
    storeItems(tx, changes)
    looked += rows.length
    const isMore = looked >= atOnce
    tx.send({
      text: 'update item_source_state set settled_to = $3::timestamptz where tenant_id = $1 and source = $2',
      values: [tx.tenantId, name, isMore ? (rows.at(-1)?.at ?? before) : before],
    })
    if (isMore) return looked
  }
  return looked
}
