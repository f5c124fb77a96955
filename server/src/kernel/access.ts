import { permissions, type Permission, type Scope } from '@evenkeel/contract/permission'

/** What somebody may do: each permission with the rows it reaches. */
export type Grants = ReadonlyMap<Permission, ReadonlySet<Scope>>

/** Who asks, as far as rows are concerned. */
export type Reach = {
  readonly personId: string
  readonly teamIds: ReadonlySet<string>
  /** Services supported by those teams. */
  readonly serviceIds: ReadonlySet<string>
  /** Somebody else is at the keyboard: confidential records do not open, not even this person's own. */
  readonly closedToConfidential?: boolean
}

/** What decides whether a row is within reach. */
export type Row = {
  readonly requesterId: string
  /** Watchers and affected people, as far as they matter to the one who asks. */
  readonly followers: ReadonlySet<string>
  readonly assigneeId: string | null
  readonly teamId: string
  readonly serviceId: string | null
  readonly confidential: boolean
}

export const isPermission = (name: string): name is Permission => Object.hasOwn(permissions, name)

/** May this person do it to at least some row? */
export const mayAtAll = (grants: Grants, permission: Permission): boolean =>
  (grants.get(permission)?.size ?? 0) > 0

/**
 * May this person do it to this row? `all` includes one's own. A confidential record is only within reach of the people on it and of
 * its team; the scopes `service` and `all` alone do not open it.
 */
export const may = (grants: Grants, permission: Permission, reach: Reach, row: Row): boolean => {
  const scopes = grants.get(permission)
  if (scopes === undefined) return false
  if (row.confidential && reach.closedToConfidential === true) return false
  if ((scopes.has('own') || scopes.has('all')) && isOwn(reach, row)) return true
  if (scopes.has('team') || scopes.has('service') || scopes.has('all')) {
    if (row.assigneeId === reach.personId || reach.teamIds.has(row.teamId)) return true
  }
  if (row.confidential) return false
  if (scopes.has('service') && row.serviceId !== null && reach.serviceIds.has(row.serviceId)) return true
  return scopes.has('all')
}

const isOwn = (reach: Reach, row: Row): boolean =>
  row.requesterId === reach.personId || row.followers.has(reach.personId)

/** The rights both have: what a key or somebody who acts as somebody else may do. */
export const intersect = (one: Grants, other: Grants): Grants => {
  const result = new Map<Permission, ReadonlySet<Scope>>()
  for (const [permission, scopes] of one) {
    const others = other.get(permission)
    if (others === undefined) continue
    const both = new Set(
      [...scopes]
        .filter((scope) => others.has(scope) || others.has('all'))
        .concat([...others].filter((scope) => scopes.has('all') && !scopes.has(scope))),
    )
    if (both.size > 0) result.set(permission, both)
  }
  return result
}

/** The part of the grants that a key was given. */
export const onlyPermissions = (grants: Grants, names: ReadonlySet<string>): Grants =>
  new Map([...grants].filter(([permission]) => names.has(permission)))

export const withoutPermissions = (grants: Grants, names: ReadonlySet<Permission>): Grants =>
  new Map([...grants].filter(([permission]) => !names.has(permission)))
