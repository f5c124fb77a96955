import type { Permission } from '@evenkeel/contract/permission'
import type { Parameters } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { ItemRow } from './item.repo.ts'

/**
 * The items (alias `r`) that a permission reaches, as a condition. `own`: those one owns; `team`: also those one's teams support;
 * `service`: services one's teams support and what stands directly below them. The tenant is `$1`.
 */
export const itemReachSql = (
  { grants, reach }: Pick<Caller, 'grants' | 'reach'>,
  permission: Permission,
  { next }: Parameters,
): string => {
  const scopes = grants.get(permission)
  if (scopes === undefined || scopes.size === 0) return 'false'
  if (scopes.has('all')) return 'true'
  const parts: string[] = []
  if (scopes.has('own')) parts.push(`r.owner_id = ${next(reach.personId, 'uuid')}`)
  if ((scopes.has('team') || scopes.has('service')) && reach.teamIds.size > 0)
    parts.push(`r.support_team_id = any(${next([...reach.teamIds], 'uuid[]')})`)
  if (scopes.has('service') && reach.serviceIds.size > 0) {
    const services = next([...reach.serviceIds], 'uuid[]')
    parts.push(
      `r.id = any(${services})`,
      `exists (select from item_relation x where x.tenant_id = $1 and x.below_id = r.id and x.above_id = any(${services})
         and x.known_to is null and x.valid_to is null)`,
    )
  }
  return parts.length === 0 ? 'false' : `(${parts.join(' or ')})`
}

/** Whether a permission reaches an item that is about to be made, or that only a plan has so far. */
export const reachesNew = (
  { grants, reach }: Pick<Caller, 'grants' | 'reach'>,
  permission: Permission,
  { ownerId, supportTeamId }: Pick<ItemRow, 'ownerId' | 'supportTeamId'>,
): boolean => {
  const scopes = grants.get(permission)
  if (scopes === undefined) return false
  if (scopes.has('all')) return true
  return (
    (scopes.has('own') && ownerId === reach.personId) ||
    ((scopes.has('team') || scopes.has('service')) &&
      supportTeamId !== null &&
      reach.teamIds.has(supportTeamId))
  )
}
