import { isPermission } from '../kernel/access.ts'
import { Refusal } from '../kernel/refusal.ts'
import { write, type Author } from '../platform/journal/write.ts'
import { publishPolicy } from '../platform/policy/policy.ts'
import { openDatabase, read, sqlState, type Database } from '../platform/postgres/database.ts'
import { newestMigration } from '../platform/postgres/examine.ts'
import {
  builtInRoles,
  createApiKeyFor,
  createPerson,
  createTeam,
  createTenant,
  findTenant,
  setPassword,
  type RoleKey,
  type Tenant,
} from '../practices/people/index.ts'
import { routingPolicy } from '../practices/routing/index.ts'
import { ConfigurationFault, type Config } from './config.ts'
import { reachDatabase, type InstanceDatabase } from './instance-database.ts'

// What is done at the command line beside the API: with the rights of whoever holds the database's settings, and journalled as that.

/** The database of the instance, open for one command: beside a running instance, or with the embedded server started for it. */
export type Opened = InstanceDatabase & { readonly database: Database }

/**
 * Runs `work` on the instance's database, and leaves it as it was found: running or stopped.
 * @throws ConfigurationFault when the database is not on this version's migrations
 */
export const withInstance = async <T>(config: Config, work: (opened: Opened) => Promise<T>): Promise<T> => {
  const reached = await reachDatabase(config, () => {})
  try {
    if (reached.contents.newestMigration < (await newestMigration()))
      throw new ConfigurationFault([
        'The database is not migrated to this version. Run: npx evenkeel migrate',
      ])
    const database = await openDatabase({ url: reached.appUrl, connections: 4 })
    try {
      return await work({ ...reached, database })
    } finally {
      await database.end()
    }
  } finally {
    await reached.leave()
  }
}

/** Whoever holds the database's settings, at the command line. */
export const asOperator = (tenantId: string): Author => ({
  tenantId,
  actor: { kind: 'system', id: null, onBehalfOf: null, via: 'cli' },
  request: null,
  now: new Date().toISOString(),
})

/** A command cannot be carried out as asked; one sentence. Nothing was changed. */
export class OperatorFault extends Error {
  override readonly name = 'OperatorFault'
}

/** The sentence a person at the terminal needs; other failures stay what they are. */
const said = async <T>(taken: string, work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (sqlState(error) === '23505' || (error instanceof Refusal && error.code === 'already_exists'))
      throw new OperatorFault(taken, { cause: error })
    if (error instanceof Refusal)
      throw new OperatorFault(
        error
          .reasonsIn('en')
          .map(({ message }) => message)
          .join('\n') || error.message,
        {
          cause: error,
        },
      )
    throw error
  }
}

/** @throws OperatorFault when there is none of that name; without a name, when there is not exactly one */
export const tenantNamed = async (database: Database, slug: string | undefined): Promise<Tenant> => {
  const tenant = await findTenant(database, slug, '')
  if (tenant !== undefined) return tenant
  const known = (await tenantsOf(database)).map((one) => one.slug).join(', ')
  throw new OperatorFault(
    slug === undefined
      ? `Name the tenant with --tenant: ${known === '' ? 'there is none yet, tenant add makes one' : known}.`
      : `There is no tenant ${slug}${known === '' ? '; tenant add makes one' : `; there are: ${known}`}.`,
  )
}

/** Every tenant, by name. */
export const tenantsOf = async (
  database: Database,
): Promise<{ id: string; slug: string; name: string }[]> => {
  const { rows } = await database.pool.query<{ id: string; slug: string; name: string }>(
    'select id, slug, name from tenant order by slug',
  )
  return rows
}

export type NewTenant = { readonly slug: string; readonly name: string; readonly timeZone: string }

/**
 * A tenant with what it cannot be without: its roles, and a service desk that everything arrives at which no rule sends elsewhere. One
 * whose making was cut off is completed.
 */
export const addTenant = async (database: Database, tenant: NewTenant): Promise<{ id: string }> => {
  if (!/^[a-z0-9][a-z0-9-]{1,39}$/.test(tenant.slug))
    throw new OperatorFault(
      '--slug is 2 to 40 small letters, digits and dashes, beginning with a letter or digit: it is what people type to sign in.',
    )
  if (!isTimeZone(tenant.timeZone))
    throw new OperatorFault('--time-zone is a name from the IANA database, such as Europe/Berlin.')
  const taken = `There is a tenant ${tenant.slug} already.`
  const before = await findTenant(database, tenant.slug, '')
  const { tenantId: _, ...by } = asOperator('')
  const id = before?.id ?? (await said(taken, createTenant(database, by, tenant)))
  const desk = await deskOf(database, id)
  if (before !== undefined && desk !== undefined) throw new OperatorFault(taken)
  const catchAllTeamId = await createTeam(database, asOperator(id), { name: 'Service desk', members: [] })
  await write(database, asOperator(id), (tx) =>
    publishPolicy(tx, routingPolicy, {
      document: { ...routingPolicy.initial, catchAllTeamId },
      note: 'Everything goes to the service desk until somebody says otherwise.',
      basedOn: 0,
    }),
  )
  return { id }
}

const deskOf = (database: Database, tenantId: string): Promise<{ id: string } | undefined> =>
  read(database, tenantId, (q) =>
    q.maybe<{ id: string }>({ text: 'select id from team where tenant_id = $1 limit 1', values: [tenantId] }),
  )

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const roleKeys = Object.keys(builtInRoles)
const isRole = (key: string): key is RoleKey => Object.hasOwn(builtInRoles, key)

export type NewUser = {
  readonly tenant: Tenant
  readonly name: string
  readonly email: string
  readonly roles: readonly string[]
  readonly password: string
}

/** A person who can sign in with a password. */
export const addUser = async (database: Database, user: NewUser): Promise<{ id: string }> => {
  const roles = user.roles.filter(isRole)
  const unknown = user.roles.filter((role) => !isRole(role))
  if (unknown.length > 0)
    throw new OperatorFault(`There is no role ${unknown.join(', ')}; there are: ${roleKeys.join(', ')}.`)
  if (!/^[^\s@]+@[^\s@]+$/.test(user.email) || user.email.length > 254)
    throw new OperatorFault('--email is not an e-mail address.')
  if (user.name.trim() === '' || user.name.length > 120)
    throw new OperatorFault('--name has 1 to 120 characters.')
  const author = asOperator(user.tenant.id)
  const { name, email } = user
  const id = await said(
    `${email} belongs to somebody in ${user.tenant.slug} already.`,
    createPerson(database, author, { name: name.trim(), email, roles, timeZone: user.tenant.timeZone }),
  )
  await said('', setPassword(database, author, id, user.password))
  return { id }
}

/** A person who is there already signs in with this password from now on. */
export const givePassword = async (
  database: Database,
  { tenant, email, password }: { readonly tenant: Tenant; readonly email: string; readonly password: string },
): Promise<void> => {
  const { id } = await personWith(database, tenant, email)
  await said('', setPassword(database, asOperator(tenant.id), id, password))
}

const personWith = async (database: Database, tenant: Tenant, email: string): Promise<{ id: string }> => {
  const person = await read(database, tenant.id, (q) =>
    q.maybe<{ id: string }>({
      text: 'select id from person where tenant_id = $1 and lower(email) = lower($2) and is_active',
      values: [q.tenantId, email],
    }),
  )
  if (person === undefined) throw new OperatorFault(`Nobody in ${tenant.slug} has the address ${email}.`)
  return person
}

export type NewKey = {
  readonly tenant: Tenant
  readonly email: string
  readonly name: string
  readonly permissions: readonly string[]
  readonly days: number
}

/** An API key that acts as a person, with a part of what they may do. The secret exists only in what is returned. */
export const addKey = async (
  database: Database,
  key: NewKey,
): Promise<{ id: string; secret: string; expiresAt: string }> => {
  const author = asOperator(key.tenant.id)
  const person = await personWith(database, key.tenant, key.email)
  const wrong = key.permissions.filter((name) => !isPermission(name))
  if (wrong.length > 0)
    throw new OperatorFault(`${wrong.join(', ')} is no permission; docs/generated/permissions.md lists them.`)
  const expiresAt = new Date(Date.parse(author.now) + key.days * 86_400_000).toISOString()
  const { id, secret } = await said(
    '',
    createApiKeyFor(database, author, person.id, {
      name: key.name,
      permissions: key.permissions.filter(isPermission),
      expiresAt,
    }),
  )
  return { id, secret, expiresAt }
}

/** Something an operator took out of the instance is on record like everything else. */
export const journalAsOperator = (
  database: Database,
  tenantId: string,
  type: string,
  data: Record<string, string | number>,
): Promise<void> =>
  write(database, asOperator(tenantId), async (tx) => {
    tx.journal({ type, subject: { kind: 'tenant', id: tenantId }, data })
  })
