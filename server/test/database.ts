import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import type { Database } from '../src/platform/postgres/database.ts'
import { createDatabase } from '../src/platform/postgres/provision.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser on the run's server. */
    databaseAdminUrl: string
  }
}

export const templateName = 'evenkeel_template'

export interface TestDatabase {
  /** The role that owns the tables. */
  readonly ownerUrl: string
  /** The role the server logs in as. */
  readonly appUrl: string
  /** The superuser, in this database. */
  readonly adminUrl: string
  /** Ends whatever is still connected. Close pools first, or they report it. */
  readonly drop: () => Promise<void>
}

/** A migrated database of one's own; every test file, or every test, takes one. */
export async function cloneDatabase(): Promise<TestDatabase> {
  return newDatabase(templateName)
}

/** A database with the roles and nothing in it, for tests of the migrations themselves. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return newDatabase('template1')
}

async function newDatabase(template: string): Promise<TestDatabase> {
  const serverUrl = inject('databaseAdminUrl')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asAdmin(serverUrl, (admin) => createDatabase(admin, name, template))
  return {
    ownerUrl: databaseUrl(serverUrl, 'evenkeel_owner', name),
    appUrl: databaseUrl(serverUrl, 'evenkeel_app', name),
    adminUrl: databaseUrl(serverUrl, 'postgres', name),
    drop: () =>
      asAdmin(serverUrl, async (admin) => void (await admin.query(`drop database ${name} with (force)`))),
  }
}

/** The same server, as another role in another database. */
export function databaseUrl(serverUrl: string, role: string, database: string): string {
  return serverUrl.replace(/^postgres:\/\/[^@]*@\/[^?]*/, `postgres://${role}@/${database}`)
}

async function asAdmin(serverUrl: string, work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

/** The same database, counting what is sent to it. */
export const counting = (
  database: Database,
): { readonly database: Database; readonly count: () => number } => {
  let count = 0
  const connect = async () => {
    const client = await database.pool.connect()
    return new Proxy(client, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key)
        if (typeof member !== 'function') return member
        return (...given: unknown[]): unknown => {
          if (key === 'query') count += 1
          return member.apply(target, given)
        }
      },
    })
  }
  const pool = new Proxy(database.pool, {
    get: (target, key) => (key === 'connect' ? connect : Reflect.get(target, key)),
  })
  return { database: { ...database, pool }, count: () => count }
}
