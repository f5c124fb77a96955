import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg'
import { sqlState } from './database.ts'
import { readMigrations } from './migrate.ts'
import { appRole } from './provision.ts'

export type GivenDatabase = { readonly appUrl: string; readonly ownerUrl: string }
export type SettingNames = { readonly app: string; readonly owner: string }

const oldestVersion = 15
const startPatienceMs = 60_000

/**
 * Whether a PostgreSQL server of somebody else's can be used as it is. The only thing it changes is that it creates the role the
 * server works as, where that is missing and the owner may.
 * @param names of the settings, for the sentences
 * @returns a sentence, naming the setting and what to do, or undefined when all is well
 */
export const faultOf = async (given: GivenDatabase, names: SettingNames): Promise<string | undefined> => {
  try {
    return await withClient(given.ownerUrl, async (owner) => {
      const fault = (await serverFault(owner, names.owner)) ?? (await roleFault(owner, given, names))
      return fault ?? (await appFault(given.appUrl, await placeOf(owner), names))
    })
  } catch (error) {
    return cannotConnect(names.owner, error)
  }
}

const serverFault = async (owner: Client, name: string): Promise<string | undefined> => {
  const { rows } = await owner.query<{
    version: number
    encoding: string
    role: string
    database: string
    may_create: boolean
    missing: string | null
  }>(
    `select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding,
       current_user as role, current_database() as database,
       has_database_privilege(current_database(), 'create') and has_schema_privilege('public', 'create') as may_create,
       (select string_agg(needed, ', ') from unnest(array['pg_trgm', 'btree_gin', 'btree_gist']) needed
        where not exists (select from pg_available_extensions where name = needed)) as missing`,
  )
  const [found] = rows
  if (found === undefined) return undefined
  if (found.version < oldestVersion)
    return `${name} leads to PostgreSQL ${found.version}; Evenkeel needs ${oldestVersion} or newer.`
  if (found.encoding !== 'UTF8')
    return `${name} leads to a database in ${found.encoding}; create it with encoding 'UTF8'.`
  if (found.missing !== null)
    return `${name} leads to a server without ${found.missing}; install PostgreSQL's contrib package there.`
  if (!found.may_create)
    return (
      `${name} connects as ${found.role}, who may not create tables in ${found.database}. As a superuser, run:\n` +
      `  alter database ${escapeIdentifier(found.database)} owner to ${escapeIdentifier(found.role)};`
    )
  return undefined
}

/** The role that migrations grant to: created when the owner may, with the password that the setting names. */
const roleFault = async (
  owner: Client,
  { appUrl }: GivenDatabase,
  names: SettingNames,
): Promise<string | undefined> => {
  const { rows } = await owner.query<{ known: boolean; may_create: boolean; role: string }>(
    `select exists (select from pg_roles where rolname = $1) as known, current_user as role,
       (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as may_create`,
    [appRole],
  )
  const [found] = rows
  if (found === undefined || found.known) return undefined
  const { user = '', password } = new Client({ connectionString: appUrl })
  if (!found.may_create || user !== appRole)
    return (
      `${names.app} needs the role ${appRole}, which does not exist, and ${found.role} may not create it. As a superuser, run:\n` +
      `  create role ${appRole} login password '…';`
    )
  const secret = typeof password === 'string' ? ` password ${escapeLiteral(verifierOf(password))}` : ''
  await owner.query(`create role ${appRole} login${secret}`)
  return undefined
}

type Place = { readonly place: string; readonly role: string }

const placeOf = async (client: Client): Promise<Place> => {
  const { rows } = await client.query<Place>(
    `select (select system_identifier from pg_control_system()) || '/' || current_database() as place, current_user as role`,
  )
  return rows[0] ?? { place: '', role: '' }
}

/** Row-level security is worth nothing to a role that it does not bind. */
const appFault = async (appUrl: string, owner: Place, names: SettingNames): Promise<string | undefined> => {
  try {
    return await withClient(appUrl, async (app) => {
      const here = await placeOf(app)
      if (here.place !== owner.place) return `${names.app} and ${names.owner} lead to different databases.`
      const { rows } = await app.query<{ works: boolean; unbound: boolean; owns: boolean }>(
        `select pg_has_role($1, 'usage') as works, rolsuper or rolbypassrls as unbound, pg_has_role($2, 'member') as owns
         from pg_roles where rolname = current_user`,
        [appRole, owner.role],
      )
      const [found] = rows
      if (found?.unbound === true || found?.owns === true)
        return (
          `${names.app} connects as ${here.role}, whom row-level security does not bind. ` +
          `It names a role that is no superuser, does not bypass row-level security and owns nothing: ${appRole}.`
        )
      if (found?.works !== true)
        return `${names.app} connects as ${here.role}, who is not ${appRole}. As a superuser, run:\n  grant ${appRole} to ${escapeIdentifier(here.role)};`
      return undefined
    })
  } catch (error) {
    return cannotConnect(names.app, error)
  }
}

export type Contents = {
  /** The newest migration it has; 0 when it is new. */
  readonly newestMigration: number
  readonly tenants: number
  readonly isDemo: boolean
}

/** What is in a database, without changing it; a table that is not there yet counts as empty. */
export const contentsOf = (ownerUrl: string): Promise<Contents> =>
  withClient(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ migrated: boolean; filled: boolean }>(
      `select to_regclass('public.evenkeel_migration') is not null as migrated, to_regclass('public.tenant') is not null as filled`,
    )
    const [{ migrated, filled } = { migrated: false, filled: false }] = rows
    const newest = migrated
      ? await owner.query<{ number: number }>(
          'select coalesce(max(number), 0) as number from evenkeel_migration',
        )
      : undefined
    const tenants = filled
      ? await owner.query<{ count: number; demo: boolean }>(
          'select count(*)::int as count, coalesce(bool_or(is_demo), false) as demo from tenant',
        )
      : undefined
    return {
      newestMigration: newest?.rows[0]?.number ?? 0,
      tenants: tenants?.rows[0]?.count ?? 0,
      isDemo: tenants?.rows[0]?.demo ?? false,
    }
  })

/** The number of the newest migration of this version of the code. */
export const newestMigration = async (): Promise<number> => (await readMigrations()).at(-1)?.number ?? 0

const withClient = async <T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const giveUpAt = Date.now() + startPatienceMs
  for (;;) {
    const client = new Client({
      connectionString,
      connectionTimeoutMillis: 10_000,
      application_name: 'evenkeel',
    })
    client.on('error', () => {})
    try {
      await client.connect()
      return await work(client)
    } catch (error) {
      // Starting up or recovering: it will answer soon.
      if (sqlState(error) !== '57P03' || Date.now() > giveUpAt) throw error
      await sleep(500)
    } finally {
      await client.end().catch(() => {})
    }
  }
}

const cannotConnect = (name: string, error: unknown): string => {
  const state = sqlState(error)
  const words = error instanceof Error ? error.message : String(error)
  if (['28P01', '28000'].includes(state)) return `${name} is refused by the server: ${words}.`
  if (state === '3D000') return `${name} names a database that does not exist: ${words}.`
  if (state === '42501') return `${name} leads to a database that it may not use: ${words}.`
  // Anything else from the server, or a fault of ours, is not the setting's.
  if (error instanceof DatabaseError || error instanceof TypeError) throw error
  return `${name} leads to no PostgreSQL server that answers (${words || state}).`
}

/**
 * What PostgreSQL stores of a password (SCRAM-SHA-256, RFC 5803). Sent instead of the password itself, which then stands in no log of
 * the server's. Passwords beyond ASCII go as they are: the server prepares those its own way (RFC 4013).
 */
const verifierOf = (password: string): string => {
  if (!/^[\x20-\x7e]+$/.test(password)) return password
  const salt = randomBytes(16)
  const iterations = 4096
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyed = (text: string): Buffer => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${keyed('Server Key').toString('base64')}`
}
