import { uuidv7 } from '../../kernel/uuid.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { builtInRoles, type RoleKey } from './people.access.ts'

export type NewTenant = {
  readonly slug: string
  readonly name: string
  readonly timeZone: string
  readonly language?: string
  readonly isDemo?: boolean
  /** The host name under which its people sign in without naming the tenant. */
  readonly hostName?: string
}

/** A tenant with its built-in roles. Run by the command line or a seed, never over the API. */
export const createTenant = async (
  database: Database,
  by: Omit<Author, 'tenantId'>,
  tenant: NewTenant,
): Promise<string> => {
  const id = uuidv7()
  const author: Author = { ...by, tenantId: id }
  await write(database, author, async (tx) => {
    tx.send({
      text: 'insert into tenant (id, slug, name, time_zone, language, is_demo, created_at, host_name) values ($1,$2,$3,$4,$5,$6,$7,$8)',
      values: [
        id,
        tenant.slug,
        tenant.name,
        tenant.timeZone,
        tenant.language ?? 'en',
        tenant.isDemo ?? false,
        author.now,
        tenant.hostName?.toLowerCase() ?? null,
      ],
    })
    tx.journal({
      type: 'tenant.created',
      subject: { kind: 'tenant', id },
      data: { slug: tenant.slug, name: tenant.name },
    })
    for (const [key, role] of Object.entries(builtInRoles)) {
      const roleId = uuidv7()
      tx.send({
        text: 'insert into role (tenant_id, id, key, name, description, is_built_in) values ($1,$2,$3,$4,$5,true)',
        values: [id, roleId, key, role.name, role.description],
      })
      for (const [permission, scopes] of Object.entries(role.permissions)) {
        for (const scope of scopes) {
          tx.send({
            text: 'insert into role_permission (tenant_id, role_id, permission, scope) values ($1,$2,$3,$4)',
            values: [id, roleId, permission, scope],
          })
        }
      }
      tx.journal({
        type: 'role.created',
        subject: { kind: 'role', id: roleId },
        data: { key, permissions: role.permissions },
      })
    }
  })
  return id
}

export type NewPerson = {
  readonly name: string
  readonly email: string
  readonly title?: string
  readonly timeZone?: string
  readonly language?: string
  readonly isVip?: boolean
  readonly roles: readonly RoleKey[]
}

/** A person with roles; how they sign in is set separately (password, passkey, invitation). */
export const createPerson = (database: Database, author: Author, person: NewPerson): Promise<string> =>
  write(database, author, async (tx) => {
    const id = uuidv7()
    tx.send({
      text: 'insert into person (tenant_id, id, name, email, title, language, time_zone, created_at, is_vip) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)',
      values: [
        tx.tenantId,
        id,
        person.name,
        person.email,
        person.title ?? '',
        person.language ?? 'en',
        person.timeZone ?? 'UTC',
        author.now,
        person.isVip ?? false,
      ],
    })
    giveRoles(tx, id, person.roles)
    tx.journal({
      type: 'person.created',
      subject: { kind: 'person', id },
      data: { name: person.name, email: person.email, title: person.title ?? '', roles: person.roles },
      personal: ['/name', '/email', '/title'],
    })
    return id
  })

const giveRoles = (tx: Tx, personId: string, roles: readonly RoleKey[]): void => {
  tx.send({
    text: 'insert into person_role (tenant_id, person_id, role_id) select tenant_id, $2, id from role where tenant_id = $1 and key = any($3)',
    values: [tx.tenantId, personId, roles],
  })
}

export type NewTeam = {
  readonly name: string
  readonly description?: string
  /** Name of its working hours; empty means always. */
  readonly calendar?: string
  readonly members: readonly { readonly personId: string; readonly isLead?: boolean }[]
}

export const createTeam = (database: Database, author: Author, team: NewTeam): Promise<string> =>
  write(database, author, async (tx) => {
    const id = uuidv7()
    tx.send({
      text: 'insert into team (tenant_id, id, name, description, calendar, created_at) values ($1,$2,$3,$4,$5,$6)',
      values: [tx.tenantId, id, team.name, team.description ?? '', team.calendar ?? '', author.now],
    })
    for (const member of team.members) {
      tx.send({
        text: 'insert into team_member (tenant_id, team_id, person_id, is_lead) values ($1,$2,$3,$4)',
        values: [tx.tenantId, id, member.personId, member.isLead ?? false],
      })
    }
    tx.journal({
      type: 'team.created',
      subject: { kind: 'team', id },
      data: { name: team.name, members: team.members.map((member) => ({ ...member })) },
    })
    return id
  })
