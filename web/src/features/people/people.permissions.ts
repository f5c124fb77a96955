import { type Permission, permissions, type Scope } from '@evenkeel/contract/permission'
import { say } from '../../language/say.ts'

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant are its keys
export const permissionNames = Object.keys(permissions) as readonly Permission[]

export const isPermission = (name: string): name is Permission => Object.hasOwn(permissions, name)

/** A permission in words; what this version does not know keeps its name. */
export const meaningOf = (name: string): string => (isPermission(name) ? say(`permission.${name}`) : name)

export const areas = ['incident', 'people', 'service', 'administration'] as const
export type Area = (typeof areas)[number]

/** Where a permission stands in tables of them: what it is about, by its name. */
export const areaOf = (permission: Permission): Area => {
  const [first = ''] = permission.split('.')
  if (first === 'incident') return 'incident'
  if (['person', 'team', 'role', 'access', 'impersonate'].includes(first)) return 'people'
  if (first === 'service') return 'service'
  return 'administration'
}

export const byArea = (): readonly { readonly area: Area; readonly permissions: readonly Permission[] }[] =>
  areas.map((area) => ({
    area,
    permissions: permissionNames.filter((permission) => areaOf(permission) === area),
  }))

type Given = readonly { readonly permission: Permission; readonly scopes: readonly Scope[] }[]

/** What a draft of a role would give and take, one line for each permission that differs. */
export const changesBetween = (
  before: Given,
  after: Given,
): readonly {
  readonly permission: Permission
  readonly from: readonly Scope[]
  readonly to: readonly Scope[]
}[] => {
  const scopesIn = (given: Given, permission: Permission): readonly Scope[] =>
    given.find((one) => one.permission === permission)?.scopes ?? []
  return permissionNames.flatMap((permission) => {
    const [from, to] = [scopesIn(before, permission), scopesIn(after, permission)]
    const same = from.length === to.length && from.every((scope) => to.includes(scope))
    return same ? [] : [{ permission, from, to }]
  })
}
