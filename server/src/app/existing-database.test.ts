import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  hasForeignPostgres,
  startForeignPostgres,
  type ForeignPostgres,
} from '../../test/foreign-postgres.ts'
import { cloneDatabase } from '../../test/database.ts'
import { scratchDirectory } from '../../test/instance-process.ts'
import { faultOf } from '../platform/postgres/examine.ts'
import { openDatabase } from '../platform/postgres/database.ts'
import { readConfig } from './config.ts'
import { reachDatabase } from './instance-database.ts'
import { prepareDatabase } from './prepare.ts'
import { createTenant } from '../practices/people/index.ts'

const names = { app: 'DATABASE_URL', owner: 'DATABASE_MIGRATION_URL' }
const by = {
  actor: { kind: 'system', id: null, onBehalfOf: null, via: 'test' },
  request: null,
  now: '2026-03-02T09:00:00.000Z',
} as const

describe.runIf(hasForeignPostgres)('a PostgreSQL 15 of somebody else', () => {
  let server: ForeignPostgres
  let counter = 0
  let database: string

  beforeAll(async () => {
    server = await startForeignPostgres()
    await server.asSuperuser(
      'postgres',
      `create role owner_plain login password 'owner_plain';
       create role owner_maker login createrole password 'owner_maker'`,
    )
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    database = `d${(counter += 1)}`
    await server.asSuperuser('postgres', 'drop role if exists evenkeel_app')
    await server.asSuperuser('postgres', `create database ${database} owner owner_plain`)
  })
  const fault = (owner: string, app = server.url('evenkeel_app', database, 'a pass/word')) =>
    faultOf({ ownerUrl: server.url(owner, database), appUrl: app }, names)
  const drop = () => server.asSuperuser('postgres', `drop database ${database} with (force)`)

  test('an owner who may not create roles is told the one statement that a superuser runs', async () => {
    expect(await fault('owner_plain')).toBe(
      'DATABASE_URL needs the role evenkeel_app, which does not exist, and owner_plain may not create it. As a superuser, run:\n' +
        "  create role evenkeel_app login password '…';",
    )
    await server.asSuperuser('postgres', `create role evenkeel_app login password 'a pass/word'`)
    expect(await fault('owner_plain')).toBeUndefined()
    await drop()
  })

  test('an owner who may create roles does, and the password stands in no log', async () => {
    await server.asSuperuser(database, `alter database ${database} owner to owner_maker`)
    expect(await fault('owner_maker', server.url('evenkeel_app', database, 'secret/word'))).toBeUndefined()
    expect(await fault('owner_maker', server.url('evenkeel_app', database, 'wrong'))).toMatch(
      /^DATABASE_URL is refused by the server: password authentication failed/,
    )
    expect(await server.log()).toMatch(/create role evenkeel_app login password 'SCRAM-SHA-256\$/)
    expect(await server.log()).not.toContain('secret/word')
    await drop()
  })

  test('an owner who may not create tables is told so', async () => {
    await server.asSuperuser('postgres', `create role evenkeel_app login password 'a pass/word'`)
    expect(await fault('owner_maker')).toBe(
      `DATABASE_MIGRATION_URL connects as owner_maker, who may not create tables in ${database}. As a superuser, run:\n` +
        `  alter database "${database}" owner to "owner_maker";`,
    )
    await drop()
  })

  test('a role that row-level security does not bind may not do the work', async () => {
    await server.asSuperuser('postgres', `create role evenkeel_app login password 'a pass/word'`)
    const unbound = /whom row-level security does not bind/
    expect(await fault('owner_plain', server.url('postgres', database))).toMatch(unbound)
    expect(await fault('owner_plain', server.url('owner_plain', database))).toMatch(unbound)
    await server.asSuperuser('postgres', 'alter role evenkeel_app bypassrls')
    expect(await fault('owner_plain')).toMatch(unbound)
    await server.asSuperuser(
      'postgres',
      'alter role evenkeel_app nobypassrls; grant owner_plain to evenkeel_app',
    )
    expect(await fault('owner_plain')).toMatch(unbound)
    await server.asSuperuser('postgres', 'revoke owner_plain from evenkeel_app')
    expect(await fault('owner_plain')).toBeUndefined()
    await drop()
  })

  test('a role beside evenkeel_app works when it is a member of it', async () => {
    await server.asSuperuser(
      'postgres',
      `create role evenkeel_app nologin; drop role if exists worker; create role worker login password 'worker'`,
    )
    const app = server.url('worker', database)
    expect(await fault('owner_plain', app)).toMatch(/grant evenkeel_app to "worker"/)
    await server.asSuperuser('postgres', 'grant evenkeel_app to worker')
    expect(await fault('owner_plain', app)).toBeUndefined()
    await drop()
  })

  test('two settings that lead to two databases are refused, and so is one that leads nowhere', async () => {
    await server.asSuperuser('postgres', `create role evenkeel_app login password 'a pass/word'`)
    expect(await fault('owner_plain', server.url('evenkeel_app', 'postgres', 'a pass/word'))).toBe(
      'DATABASE_URL and DATABASE_MIGRATION_URL lead to different databases.',
    )
    expect(await fault('owner_plain', server.url('evenkeel_app', 'nowhere', 'a pass/word'))).toMatch(
      /^DATABASE_URL names a database that does not exist/,
    )
    expect(
      await faultOf({ ownerUrl: 'postgres://x@127.0.0.1:1/x', appUrl: 'postgres://x@127.0.0.1:1/x' }, names),
    ).toMatch(/^DATABASE_MIGRATION_URL leads to no PostgreSQL server that answers \(.*ECONNREFUSED/)
    await drop()
  })

  test('a database in another encoding is refused', async () => {
    await server.asSuperuser(
      'postgres',
      `create database latin owner owner_plain encoding 'LATIN1' locale 'C' template template0`,
    )
    expect(
      await faultOf(
        { ownerUrl: server.url('owner_plain', 'latin'), appUrl: server.url('evenkeel_app', 'latin') },
        names,
      ),
    ).toMatch(/^DATABASE_MIGRATION_URL leads to a database in LATIN1/)
    await drop()
  })

  test('the tables, the queues and a first tenant fit into PostgreSQL 15', async () => {
    await server.asSuperuser('postgres', `create role evenkeel_app login password 'a pass/word'`)
    const scratch = await scratchDirectory()
    const config = readConfig({
      EVENKEEL_DATA: scratch.path,
      DATABASE_URL: server.url('evenkeel_app', database, 'a pass/word'),
      DATABASE_MIGRATION_URL: server.url('owner_plain', database),
    })
    const reached = await reachDatabase(config, () => {})
    expect(reached.contents).toEqual({ newestMigration: 0, tenants: 0, isDemo: false })
    await prepareDatabase(reached.ownerUrl)
    const opened = await openDatabase({ url: reached.appUrl })
    await createTenant(opened, by, { slug: 'acme', name: 'Acme', timeZone: 'UTC' })
    await opened.end()
    expect((await reachDatabase(config, () => {})).contents).toMatchObject({ tenants: 1, isDemo: false })
    await scratch.remove()
    await drop()
  })
})

test('production does not serve a database that was seeded as a demo, and a demo does', async () => {
  const given = await cloneDatabase()
  const opened = await openDatabase({ url: given.appUrl })
  await createTenant(opened, by, { slug: 'acme', name: 'Acme', timeZone: 'UTC', isDemo: true })
  await opened.end()
  const settings = { DATABASE_URL: given.appUrl, DATABASE_MIGRATION_URL: given.ownerUrl }
  const production = readConfig({
    ...settings,
    EVENKEEL_MODE: 'production',
    EVENKEEL_PUBLIC_URL: 'https://desk.example',
  })
  await expect(reachDatabase(production, () => {})).rejects.toThrow(
    /^EVENKEEL_MODE is production, and DATABASE_URL leads to a database seeded as a demo/,
  )
  await expect(reachDatabase(readConfig(settings), () => {})).resolves.toMatchObject({
    contents: { isDemo: true },
  })
  await given.drop()
})

test('a database that a newer version made is left alone', async () => {
  const given = await cloneDatabase()
  const { Client } = await import('pg')
  const owner = new Client({ connectionString: given.ownerUrl })
  await owner.connect()
  await owner.query(
    `insert into evenkeel_migration (number, file, checksum) values (9999, '9999_later.sql', '')`,
  )
  await owner.end()
  const config = readConfig({ DATABASE_URL: given.appUrl, DATABASE_MIGRATION_URL: given.ownerUrl })
  await expect(reachDatabase(config, () => {})).rejects.toThrow(
    /^DATABASE_URL leads to a database that a newer version of Evenkeel made \(migration 9999/,
  )
  await given.drop()
})
