/**
 * `node e2e/server.ts`: the real server with an empty database of its own, a few tenants and their people, for browser tests and for looking
 * at pages. Listens on EVENKEEL_TEST_PORT; everything it made is gone when it stops.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServiceLevels } from '@evenkeel/contract/service-level'
import { Client } from 'pg'
import { readConfig } from '../server/src/app/config.ts'
import { prepareDatabase } from '../server/src/app/prepare.ts'
import { startInstance } from '../server/src/app/start.ts'
import { write } from '../server/src/platform/journal/write.ts'
import { publishPolicy } from '../server/src/platform/policy/policy.ts'
import { openDatabase, type Database } from '../server/src/platform/postgres/database.ts'
import { startEmbeddedPostgres } from '../server/src/platform/postgres/embedded.ts'
import { appRole, databaseName, ownerRole, provision } from '../server/src/platform/postgres/provision.ts'
import { createPerson, createTeam, createTenant, setPassword } from '../server/src/practices/people/index.ts'
import { serviceLevelPolicy } from '../server/src/practices/service-level/index.ts'
import { routingPolicy } from '../server/src/practices/routing/index.ts'
import { databaseUrl } from '../server/test/database.ts'
import { buildWeb } from '../tools/build-web.ts'
import { port, type TenantCast, tenants } from './cast.ts'

const now = (): string => new Date().toISOString()

/** Long enough that nothing is missed while tests look on. */
const agreementOf = (language: string): ServiceLevels =>
  ServiceLevels.parse({
    agreements: [
      {
        id: 'standard',
        name: language === 'de' ? 'Standard für alle Häuser' : 'Standard for all houses',
        kind: 'sla',
        when: { all: [] },
        clocks: [
          {
            measures: 'response',
            start: { field: 'open', op: '=', value: true },
            stop: { any: [{ field: 'responded', op: '=', value: true }, over] },
            calendar: null,
            targets: [{ time: { workingMinutes: 8 * 60 } }],
          },
          {
            measures: 'resolution',
            start: { field: 'open', op: '=', value: true },
            pause: { field: 'hold_reason', op: '=', value: 'caller' },
            stop: over,
            calendar: null,
            targets: [{ time: { workingMinutes: 5 * 24 * 60 } }],
          },
        ],
      },
    ],
  })
const over = { field: 'state', op: 'in', value: ['resolved', 'closed'] }

/** A tenant, its people and teams; what they do, they do themselves, over HTTP. */
const createCast = async (database: Database, cast: TenantCast): Promise<void> => {
  const { language = 'en' } = cast
  const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'test' } as const
  const tenantId = await createTenant(
    database,
    { actor, request: null, now: now() },
    { slug: cast.slug, name: cast.name, language, timeZone: 'Europe/Berlin', isDemo: true },
  )
  const author = () => ({ tenantId, actor, request: null, now: now() })
  const ids = new Map<string, string>()
  for (const { name, title, role, password } of cast.people) {
    const id = await createPerson(database, author(), {
      name,
      title,
      email: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@${cast.slug}.example`,
      roles: [role],
      language,
      timeZone: 'Europe/Berlin',
    })
    ids.set(name, id)
    if (password !== undefined) await setPassword(database, author(), id, password)
  }
  const teams: string[] = []
  for (const team of cast.teams) {
    const members = team.members.map((name) => ({ personId: ids.get(name) ?? '' }))
    teams.push(await createTeam(database, author(), { name: team.name, members }))
  }
  await write(database, author(), (tx) =>
    publishPolicy(tx, routingPolicy, {
      document: { catchAllTeamId: teams[0] ?? '' },
      note: language === 'de' ? 'Erste Fassung' : 'first',
      basedOn: 0,
    }),
  )
  await write(database, author(), (tx) =>
    publishPolicy(tx, serviceLevelPolicy, {
      document: agreementOf(language),
      note: language === 'de' ? 'Erste Fassung' : 'first',
      basedOn: 0,
    }),
  )
}

await buildWeb()
const directory = await mkdtemp(join(tmpdir(), 'evenkeel-e2e-'))
// Run by root, the database has another account, which has to pass through here.
await chmod(directory, 0o755)
const postgres = await startEmbeddedPostgres({ dataDirectory: join(directory, 'database'), ephemeral: true })
const admin = new Client({ connectionString: postgres.adminUrl })
await admin.connect()
await provision(admin)
await admin.end()
const ownerUrl = databaseUrl(postgres.adminUrl, ownerRole, databaseName)
const appUrl = databaseUrl(postgres.adminUrl, appRole, databaseName)
await prepareDatabase(ownerUrl)
const database = await openDatabase({ url: appUrl, connections: 2 })
for (const cast of tenants) await createCast(database, cast)
await database.end()
const config = readConfig({
  EVENKEEL_MODE: 'demo',
  EVENKEEL_PORT: String(port),
  EVENKEEL_DATA: directory,
  EVENKEEL_LOG_LEVEL: 'error',
  // Every browser of a run comes from one address.
  EVENKEEL_RATE_LIMIT_PER_MINUTE: '1000000',
  DATABASE_URL: appUrl,
  DATABASE_MIGRATION_URL: ownerUrl,
})
// A database that has tenants is not seeded with the demo.
const instance = await startInstance(config, {
  web: { directory: join(import.meta.dirname, '../web/dist'), built: Promise.resolve() },
})
console.log(`http://localhost:${port}`)

const stop = async (): Promise<void> => {
  await instance.stop()
  await postgres.stop()
  await rm(directory, { recursive: true, force: true })
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
