import type { Permission, Scope } from '@evenkeel/contract/permission'
import { isPermission, type Grants, type Reach } from '../../kernel/access.ts'
import type { Reader } from '../../platform/postgres/database.ts'

/** A person with what they may do now: for work that is done for people who are not there, such as telling them something. */
export type PersonRights = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly language: string
  readonly timeZone: string
  readonly isActive: boolean
  readonly grants: Grants
  readonly reach: Reach
}

/** Rights of many people in one flush of three statements; ids of nobody are left out. */
export const rightsOf = async (
  q: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PersonRights>> => {
  if (ids.length === 0) return new Map()
  const values = [q.tenantId, ids]
  const [people, roles, permissions] = await Promise.all([
    q.rows<Omit<PersonRights, 'grants' | 'reach'> & { teams: string[]; services: string[] }>({
      name: 'rights_people',
      text: `select p.id, p.name, p.email, p.language, p.time_zone as "timeZone", p.is_active as "isActive",
               array(select m.team_id from team_member m where m.tenant_id = p.tenant_id and m.person_id = p.id) as teams,
               array(select s.id from service s join team_member m on m.tenant_id = s.tenant_id and m.team_id = s.support_team_id
                 where m.tenant_id = p.tenant_id and m.person_id = p.id) as services
             from person p where p.tenant_id = $1 and p.id = any($2)`,
      values,
    }),
    q.rows<{ person_id: string; role_id: string }>({
      name: 'rights_roles',
      text: 'select person_id, role_id from person_role where tenant_id = $1 and person_id = any($2)',
      values,
    }),
    q.rows<{ role_id: string; permission: string; scope: Scope }>({
      name: 'rights_permissions',
      text: 'select role_id, permission, scope from role_permission where tenant_id = $1',
      values: [q.tenantId],
    }),
  ])
  const ofRole = Map.groupBy(permissions, (row) => row.role_id)
  const ofPerson = Map.groupBy(roles, (row) => row.person_id)
  return new Map(
    people.map(({ teams, services, ...person }) => {
      const held = (ofPerson.get(person.id) ?? []).flatMap((row) => ofRole.get(row.role_id) ?? [])
      const reach = { personId: person.id, teamIds: new Set(teams), serviceIds: new Set(services) }
      return [person.id, { ...person, grants: grantsOf(held), reach }]
    }),
  )
}

const grantsOf = (rows: readonly { readonly permission: string; readonly scope: Scope }[]): Grants => {
  const grants = new Map<Permission, Set<Scope>>()
  for (const { permission, scope } of rows) {
    // A permission that this version no longer knows gives nothing.
    if (isPermission(permission)) grants.set(permission, (grants.get(permission) ?? new Set()).add(scope))
  }
  return grants
}
