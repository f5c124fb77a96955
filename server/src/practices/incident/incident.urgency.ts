import type { Level } from '@evenkeel/contract/incident'
import { tenantCache } from '../../platform/cache/tenant-cache.ts'

/** How urgent an incident is, and what was said when that is something else. */
export type Urgency = { readonly urgency: Level; readonly raisedFrom: Level | null }

/**
 * Pure: a very important person's standing shortens how long a resolution can wait, so it raises the urgency by one step when the
 * incident is raised. It never touches the matrix, and somebody who sets the urgency by hand afterwards has the last word.
 */
export const urgencyOf = (stated: Level, callerIsVip: boolean, vipRaisesUrgency: boolean): Urgency => {
  if (!callerIsVip || !vipRaisesUrgency || stated === 1) return { urgency: stated, raisedFrom: null }
  return { urgency: stated === 3 ? 2 : 1, raisedFrom: stated }
}

/** The very important people of a tenant: few, and asked about with every incident raised. */
export const vipPeople = tenantCache<ReadonlySet<string>>(['person.'], async (q) => {
  const rows = await q.rows<{ id: string }>({
    text: 'select id from person where tenant_id = $1 and is_vip and is_active',
    values: [q.tenantId],
  })
  return new Set(rows.map((row) => row.id))
})
