import type { Reaction } from '../../platform/journal/reactions.ts'
import { inForceAt } from './item.model.ts'
import { derived, lockItems, noChanges, storeItems } from './item.repo.ts'

const atOnce = 500

/**
 * What is kept of items for lists follows the classes and sources: an attribute that became restricted is found by nobody's words any
 * more, one that became indexed can be filtered by, one that became required is missed. The facts stay as they are.
 */
export const itemsFollowPolicies: Reaction = {
  name: 'items_follow_policies',
  to: ['policy.published'],
  react: async (tx, entries) => {
    if (!entries.some(({ data }) => data['kind'] === 'item_classes' || data['kind'] === 'item_sources'))
      return
    const force = await inForceAt(tx, tx.author.now)
    for (let after: string | null = null; ;) {
      const rows: { id: string }[] = await tx.rows({
        text: `select id from item where tenant_id = $1 and ($2::uuid is null or id > $2) and merged_into_id is null order by id limit $3`,
        values: [tx.tenantId, after, atOnce],
      })
      const known = await lockItems(
        tx,
        rows.map(({ id }) => id),
      )
      const changes = noChanges()
      for (const item of known.values()) {
        const result = derived(item, item.facts, force, tx.author.now)
        changes.rows.push({ ...result, isNew: false })
      }
      storeItems(tx, changes)
      const last = rows.at(-1)
      if (last === undefined || rows.length < atOnce) return
      after = last.id
    }
  },
}
