import type { Permission } from '@evenkeel/contract/permission'
import type { Grants, Reach } from '../../kernel/access.ts'
import type { Parameters } from '../../kernel/filter/sql.ts'

/**
 * The rows of `record` (alias `r`) that a permission reaches, as a condition: what `may` says of one row, for lists, counts, exports and
 * joins. A property test holds the two together.
 */
export const reachSql = (
  grants: Grants,
  permission: Permission,
  reach: Reach,
  { next }: Parameters,
): string => {
  const scopes = grants.get(permission)
  if (scopes === undefined || scopes.size === 0) return 'false'
  const open = `r.confidentiality = 'normal'`
  const wide = scopes.has('team') || scopes.has('service') || scopes.has('all')
  const parts: string[] = []
  if (scopes.has('all')) parts.push(open)
  const me = next(reach.personId, 'uuid')
  if (scopes.has('own') || scopes.has('all')) parts.push(...own(me, wide))
  if (wide) {
    parts.push(`r.assignee_id = ${me}`)
    if (reach.teamIds.size > 0) parts.push(`r.team_id = any(${next([...reach.teamIds], 'uuid[]')})`)
  }
  if (scopes.has('service') && !scopes.has('all') && reach.serviceIds.size > 0) {
    parts.push(`(${open} and r.service_id = any(${next([...reach.serviceIds], 'uuid[]')}))`)
  }
  const reached = parts.length === 0 ? 'false' : `(${parts.join(' or ')})`
  return reach.closedToConfidential === true ? `(${open} and ${reached})` : reached
}

/**
 * One's own. For somebody who has nothing else, ids first: they are few, and the union finds them by index whatever else the list asks.
 * Beside a wider scope a look at each row that nothing else let through: a subquery over all of one's own would be paid by every list.
 */
const own = (me: string, wide: boolean): string[] =>
  wide
    ? [
        `r.requester_id = ${me}`,
        `exists (select from affected_person fa where fa.tenant_id = $1 and fa.record_id = r.id and fa.person_id = ${me})`,
        `exists (select from watcher fw where fw.tenant_id = $1 and fw.record_id = r.id and fw.person_id = ${me} and fw.shared_by is not null)`,
      ]
    : [
        `r.id in (select o.id from record o where o.tenant_id = $1 and o.requester_id = ${me}
          union all select fa.record_id from affected_person fa where fa.tenant_id = $1 and fa.person_id = ${me}
          union all select fw.record_id from watcher fw where fw.tenant_id = $1 and fw.person_id = ${me} and fw.shared_by is not null)`,
      ]
