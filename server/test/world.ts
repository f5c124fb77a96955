import { Client } from 'pg'
import type { FastifyInstance } from 'fastify'
import { createClient } from '@evenkeel/contract/client'
import { api } from '@evenkeel/contract/api'
import { createApi, type ApiSettings } from '../src/app/api.ts'
import { uuidv7 } from '../src/kernel/uuid.ts'
import { newCredential } from '../src/platform/http/credential.ts'
import { write, type Author } from '../src/platform/journal/write.ts'
import { publishPolicy } from '../src/platform/policy/policy.ts'
import { openDatabase, type Database } from '../src/platform/postgres/database.ts'
import {
  cookieNames,
  createPerson,
  createTeam,
  createTenant,
  type RoleKey,
} from '../src/practices/people/index.ts'
import { createService } from '../src/practices/configuration/index.ts'
import { routingPolicy } from '../src/practices/routing/index.ts'
import { cloneDatabase, type TestDatabase } from './database.ts'

/** A settable clock: rules take time as an argument, tests move it. */
export type TestClock = { now: () => string; set(at: string): void; advance(milliseconds: number): void }

const clockAt = (start: string): TestClock => {
  let at = Date.parse(start)
  return {
    now: () => new Date(at).toISOString(),
    set: (to) => {
      at = Date.parse(to)
    },
    advance: (milliseconds) => {
      at += milliseconds
    },
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** A database of one's own with an API in front, at a time of the test's choosing. */
export const createWorld = async (settings: ApiSettings = {}) => {
  const test: TestDatabase = await cloneDatabase()
  const database = await openDatabase({ url: test.appUrl, connections: 8 })
  // Not the real time: nothing may quietly depend on it.
  const clock = clockAt('2026-03-02T09:00:00.000Z')
  const app = await createApi(database, { clock: clock.now, accountKey: Buffer.alloc(32, 7), ...settings })
  const end = async (): Promise<void> => {
    await app.close()
    await database.end()
    await test.drop()
  }
  /** What only a superuser can do to the database, behind the product's back. */
  const asAdmin = async (sql: string): Promise<void> => {
    const admin = new Client({ connectionString: test.adminUrl })
    await admin.connect()
    try {
      await admin.query(sql)
    } finally {
      await admin.end()
    }
  }
  return {
    asAdmin,
    test,
    database,
    clock,
    app,
    end,
    tenant: (name: string, more: { isDemo?: boolean; hostName?: string } = {}) =>
      createTestTenant(database, app, clock, name, more),
  }
}

/** Calls as one person, through the real HTTP edge. */
export const clientFor = (app: FastifyInstance, headers: Record<string, string>) =>
  createClient(api, {
    baseUrl: '',
    headers: () => headers,
    fetch: async (input, init) => {
      const answer = await app.inject({
        method: (init?.method ?? 'GET') as 'GET',
        url: String(input),
        headers: { ...(init?.headers as Record<string, string>) },
        ...(typeof init?.body === 'string' ? { payload: init.body } : {}),
      })
      const body = answer.statusCode === 204 ? null : answer.rawPayload
      return new Response(body === null ? null : new Uint8Array(body), {
        status: answer.statusCode,
        headers: answer.headers as Record<string, string>,
      })
    },
  })

export type TestPerson = {
  readonly id: string
  readonly name: string
  readonly cookie: string
  readonly api: ReturnType<typeof clientFor>
}

/** A tenant with a service desk and one person per role asked for; more teams and services as the case needs. */
const createTestTenant = async (
  database: Database,
  app: FastifyInstance,
  clock: TestClock,
  slug: string,
  more: { isDemo?: boolean; hostName?: string },
) => {
  const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'test' } as const
  const tenantId = await createTenant(
    database,
    { actor, request: null, now: clock.now() },
    { slug, name: slug, timeZone: 'Europe/Berlin', ...more },
  )
  const author = (): Author => ({ tenantId, actor, request: null, now: clock.now() })

  const signIn = async (personId: string): Promise<string> => {
    const id = uuidv7()
    const { text, hash } = newCredential(tenantId, id)
    await write(database, author(), async (tx) => {
      tx.send({
        // Begun and seen in the far future: a test that moves the clock by weeks is not about sessions. Proved now, as by a sign-in.
        text: `insert into session (tenant_id, id, person_id, secret_hash, signed_in_by, proved_at, created_at, last_seen_at, expires_at)
               values ($1,$2,$3,$4,'test',$5,$6,$6,$6)`,
        values: [tenantId, id, personId, hash, clock.now(), '2100-01-01T00:00:00.000Z'],
      })
      tx.journal({
        type: 'session.started',
        subject: { kind: 'person', id: personId },
        data: { sessionId: id },
      })
    })
    return `${cookieNames.plain}=${text}`
  }
  const person = async (name: string, ...roles: RoleKey[]): Promise<TestPerson> => {
    const id = await createPerson(database, author(), {
      name,
      email: `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@${slug}.test`,
      roles,
    })
    const cookie = await signIn(id)
    return { id, name, cookie, api: clientFor(app, { cookie }) }
  }
  const team = (name: string, ...members: TestPerson[]): Promise<string> =>
    createTeam(database, author(), { name, members: members.map((member) => ({ personId: member.id })) })
  const service = async (name: string, supportTeamId: string): Promise<string> => {
    const draft = { name, supportTeamId, description: '', ownerId: null, criticality: 3 as const }
    return (await createService(database, author(), draft, null)).id
  }
  const deskId = await team('Service desk')
  await write(database, author(), (tx) =>
    publishPolicy(tx, routingPolicy, { document: { catchAllTeamId: deskId }, note: 'first', basedOn: 0 }),
  )
  return { id: tenantId, author, deskId, person, team, service, signIn }
}
