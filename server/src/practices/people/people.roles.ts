import type { Saying } from '../../kernel/language/saying.ts'
import type { CreateRole, EditRole, RoleRow } from '@evenkeel/contract/people'
import { scopes as scopeNames, type Permission, type Scope } from '@evenkeel/contract/permission'
import { isPermission } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { securityPolicy } from './people.security.ts'
import { personExists } from './people.sessions.ts'
import { rolesIn } from './people.role-words.ts'
import { says } from './people.reasons.ts'

type Ref = { readonly id: string; readonly version: number }
type Given = readonly { readonly permission: Permission; readonly scopes: readonly Scope[] }[]

/** Who changes who may administer takes turns: two administrators cannot remove each other at the same moment. */
export const lockAdministration = async (tx: Tx): Promise<void> => {
  await tx.rows({
    text: `select 1 from role where tenant_id = $1 and key = 'administrator' for update`,
    values: [tx.tenantId],
  })
}

/** Nobody locks everybody out: whatever was changed, an active person who may change roles remains. */
export const keepAnAdministrator = async (tx: Tx): Promise<void> => {
  const one = await tx.maybe({
    text: `select 1 from person_role pr
             join person p on p.tenant_id = pr.tenant_id and p.id = pr.person_id and p.is_active
             join role_permission rp on rp.tenant_id = pr.tenant_id and rp.role_id = pr.role_id and rp.permission = 'role.manage'
           where pr.tenant_id = $1 limit 1`,
    values: [tx.tenantId],
  })
  if (one === undefined) throw new Refusal('not_ready', says('role.lastAdministrator'))
}

const roleOf = (tx: Tx, roleId: string) =>
  tx.one<{ key: string; name: string; version: number }>({
    text: 'select key, name, version from role where tenant_id = $1 and id = $2 for update',
    values: [tx.tenantId, roleId],
  })

export const giveRole = (
  database: Database,
  caller: Caller,
  personId: string,
  roleId: string,
): Promise<void> =>
  write(database, caller, async (tx) => {
    await personExists(tx, personId)
    const role = await roleOf(tx, roleId)
    const given = await tx.maybe({
      text: 'insert into person_role (tenant_id, person_id, role_id) values ($1, $2, $3) on conflict do nothing returning 1',
      values: [tx.tenantId, personId, roleId],
    })
    if (given === undefined) return
    tx.journal({
      type: 'person.role_given',
      subject: { kind: 'person', id: personId },
      data: { role: role.key, roleId, self: personId === caller.personId },
    })
  })

export const takeRole = (
  database: Database,
  caller: Caller,
  personId: string,
  roleId: string,
): Promise<void> =>
  write(database, caller, async (tx) => {
    await lockAdministration(tx)
    await personExists(tx, personId)
    const role = await roleOf(tx, roleId)
    const taken = await tx.maybe({
      text: 'delete from person_role where tenant_id = $1 and person_id = $2 and role_id = $3 returning 1',
      values: [tx.tenantId, personId, roleId],
    })
    if (taken === undefined) return
    await keepAnAdministrator(tx)
    tx.journal({
      type: 'person.role_taken',
      subject: { kind: 'person', id: personId },
      data: { role: role.key, roleId },
    })
  })

/** Those of the product first, each by the name that its reader knows. */
const inOrder = <Role extends { readonly name: string; readonly isBuiltIn: boolean }>(
  roles: readonly Role[],
  language: string,
): Role[] =>
  roles.toSorted(
    (one, other) =>
      Number(other.isBuiltIn) - Number(one.isBuiltIn) || one.name.localeCompare(other.name, language),
  )

export const listRoles = (database: Database, caller: Caller): Promise<{ rows: RoleRow[] }> =>
  read(database, caller.tenantId, async (q) => {
    const [roles, permissions] = await Promise.all([
      q.rows<Omit<RoleRow, 'permissions'>>({
        text: `select r.id, r.key, r.name, r.description, r.is_built_in as "isBuiltIn", r.version,
                 (select count(*)::int from person_role pr join person p on p.tenant_id = pr.tenant_id and p.id = pr.person_id and p.is_active
                  where pr.tenant_id = r.tenant_id and pr.role_id = r.id) as people
               from role r where r.tenant_id = $1 order by r.is_built_in desc, r.name`,
        values: [q.tenantId],
      }),
      q.rows<{ role_id: string; permission: string; scope: Scope }>({
        text: 'select role_id, permission, scope from role_permission where tenant_id = $1 order by permission',
        values: [q.tenantId],
      }),
    ])
    return {
      rows: inOrder(rolesIn(caller.language, roles), caller.language).map((role) => ({
        ...role,
        permissions: grouped(permissions.filter((row) => row.role_id === role.id)),
      })),
    }
  })

/** One line per permission; what this version no longer knows is left out. */
const grouped = (rows: readonly { permission: string; scope: Scope }[]): RoleRow['permissions'] => {
  const byName = new Map<Permission, Scope[]>()
  for (const { permission, scope } of rows) {
    if (isPermission(permission)) byName.set(permission, [...(byName.get(permission) ?? []), scope])
  }
  return [...byName].map(([permission, held]) => ({
    permission,
    scopes: scopeNames.filter((scope) => held.includes(scope)),
  }))
}

const storePermissions = (tx: Tx, roleId: string, given: Given): void => {
  tx.send({
    text: 'delete from role_permission where tenant_id = $1 and role_id = $2',
    values: [tx.tenantId, roleId],
  })
  const pairs = given.flatMap(({ permission, scopes }) => scopes.map((scope) => ({ permission, scope })))
  tx.send({
    text: `insert into role_permission (tenant_id, role_id, permission, scope)
           select $1, $2, * from unnest($3::text[], $4::text[]) on conflict do nothing`,
    values: [tx.tenantId, roleId, pairs.map((pair) => pair.permission), pairs.map((pair) => pair.scope)],
  })
}

const journalled = (given: Given) =>
  Object.fromEntries(given.map(({ permission, scopes }) => [permission, [...scopes]]))

export const createRole = (
  database: Database,
  caller: Caller,
  draft: CreateRole,
  once: OnceStore | null,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const id = uuidv7()
    const made = await tx.maybe({
      text: `insert into role (tenant_id, id, key, name, description) values ($1, $2, $3, $4, $5)
             on conflict (tenant_id, key) do nothing returning 1`,
      values: [tx.tenantId, id, draft.key, draft.name, draft.description],
    })
    if (made === undefined) {
      throw new Refusal('already_exists', [{ code: 'taken', field: 'key', message: says('role.taken') }])
    }
    storePermissions(tx, id, draft.permissions)
    tx.journal({
      type: 'role.created',
      subject: { kind: 'role', id },
      data: { key: draft.key, name: draft.name, permissions: journalled(draft.permissions) },
    })
    const ref = { id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })

/** Removes a role of the tenant's own making; not while somebody has it, and the refusal names who. */
export const deleteRole = (database: Database, caller: Caller, roleId: string): Promise<void> =>
  write(database, caller, async (tx) => {
    await lockAdministration(tx)
    const role = await tx.one<{ key: string; name: string; is_built_in: boolean }>({
      text: 'select key, name, is_built_in from role where tenant_id = $1 and id = $2 for update',
      values: [tx.tenantId, roleId],
    })
    if (role.is_built_in) throw new Refusal('not_allowed_here', says('role.builtIn'))
    // Deactivated people count: reactivated, they would come back with less than they had.
    const holders = await tx.rows<{ name: string }>({
      text: `select p.name from person_role pr join person p on p.tenant_id = pr.tenant_id and p.id = pr.person_id
             where pr.tenant_id = $1 and pr.role_id = $2 order by lower(p.name)`,
      values: [tx.tenantId, roleId],
    })
    if (holders.length > 0) throw new Refusal('not_ready', [{ code: 'in_use', message: heldBy(holders) }])
    const { document } = await policyAt(tx, securityPolicy, caller.now)
    if (document.secondFactor.roleIds.includes(roleId)) {
      throw new Refusal('not_ready', [{ code: 'in_use', message: says('role.required') }])
    }
    for (const table of ['role_permission', 'role'] as const) {
      tx.send({
        text: `delete from ${table} where tenant_id = $1 and ${table === 'role' ? 'id' : 'role_id'} = $2`,
        values: [tx.tenantId, roleId],
      })
    }
    tx.journal({
      type: 'role.removed',
      subject: { kind: 'role', id: roleId },
      data: { key: role.key, name: role.name },
    })
  })

const namedHolders = 5
const heldBy = (holders: readonly { readonly name: string }[]): Saying => {
  const names = holders.slice(0, namedHolders).map(({ name }) => name)
  const more = holders.length - names.length
  return says('role.held', { holders: names.join(', '), more, count: holders.length })
}

/** Changes a role. The administrator's permissions stay as they are, so that there is always a way back. */
export const editRole = (
  database: Database,
  caller: Caller,
  roleId: string,
  version: number,
  edit: EditRole,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    await lockAdministration(tx)
    const role = await roleOf(tx, roleId)
    if (role.version !== version) throw new Refusal('changed_meanwhile', says('role.changed'))
    if (role.key === 'administrator' && edit.permissions !== undefined) {
      throw new Refusal('not_allowed_here', says('role.administrator'))
    }
    tx.send({
      text: 'update role set name = coalesce($3, name), description = coalesce($4, description), version = version + 1 where tenant_id = $1 and id = $2',
      values: [tx.tenantId, roleId, edit.name ?? null, edit.description ?? null],
    })
    if (edit.permissions !== undefined) {
      storePermissions(tx, roleId, edit.permissions)
      await keepAnAdministrator(tx)
    }
    tx.journal({
      type: 'role.edited',
      subject: { kind: 'role', id: roleId },
      data: {
        key: role.key,
        version: version + 1,
        ...(edit.name === undefined ? {} : { name: edit.name }),
        ...(edit.permissions === undefined ? {} : { permissions: journalled(edit.permissions) }),
      },
    })
    return { id: roleId, version: version + 1 }
  })
