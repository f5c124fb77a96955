import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cloneDatabase, emptyDatabase, type TestDatabase } from '../../../test/database.ts'
import { migrate, readMigrations } from './migrate.ts'

let database: TestDatabase
let directory: string
let client: Client

beforeEach(async () => {
  database = await emptyDatabase()
  directory = await mkdtemp(join(tmpdir(), 'evenkeel-migrations-'))
  client = new Client({ connectionString: database.ownerUrl })
  await client.connect()
})

afterEach(async () => {
  await client.end()
  await database.drop()
  await rm(directory, { recursive: true })
})

const write = (file: string, sql: string) => writeFile(join(directory, file), sql)
const tables = async () => {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'evenkeel_migration' order by 1`,
  )
  return rows.map(({ name }) => name)
}

test('files are applied once, in the order of their numbers', async () => {
  await write('0002_second.sql', 'create table second (id int references first)')
  await write('0001_first.sql', 'create table first (id int primary key)')
  expect(await migrate(database.ownerUrl, { directory })).toEqual(['0001_first.sql', '0002_second.sql'])
  await write('0003_third.sql', 'create table third ()')
  expect(await migrate(database.ownerUrl, { directory })).toEqual(['0003_third.sql'])
  expect(await migrate(database.ownerUrl, { directory })).toEqual([])
  expect(await tables()).toEqual(['first', 'second', 'third'])
})

test('a file that fails changes nothing and is named with its line; the files before it stay applied', async () => {
  await write('0001_good.sql', 'create table good ()')
  await write('0002_bad.sql', 'create table half ();\n\ncreate table bad (id intt);\n')
  await expect(migrate(database.ownerUrl, { directory })).rejects.toThrow(
    /0002_bad\.sql line 3 failed: .*intt/,
  )
  expect(await tables()).toEqual(['good'])
  await write('0002_bad.sql', 'create table half ();\n\ncreate table bad (id int);\n')
  expect(await migrate(database.ownerUrl, { directory })).toEqual(['0002_bad.sql'])
})

test('an applied file that was changed is refused, whatever the line ends of a checkout', async () => {
  await write('0001_first.sql', 'create table first (\n);\n')
  await migrate(database.ownerUrl, { directory })
  await write('0001_first.sql', 'create table first (\r\n);\r\n')
  await migrate(database.ownerUrl, { directory })
  await write('0001_first.sql', 'create table first (id int);\n')
  await write('0002_second.sql', 'create table second ()')
  await expect(migrate(database.ownerUrl, { directory })).rejects.toThrow('0001_first.sql was changed after')
  expect(await tables()).toEqual(['first'])
})

test('a database that is newer than the code is refused', async () => {
  await write('0001_first.sql', 'create table first ()')
  await write('0002_second.sql', 'create table second ()')
  await migrate(database.ownerUrl, { directory })
  await rm(join(directory, '0002_second.sql'))
  await expect(migrate(database.ownerUrl, { directory })).rejects.toThrow(
    /newer than this version.*0002_second\.sql/,
  )
})

test('an applied file that is missing is refused', async () => {
  await write('0001_first.sql', 'create table first ()')
  await write('0002_second.sql', 'create table second ()')
  await migrate(database.ownerUrl, { directory })
  await rm(join(directory, '0001_first.sql'))
  await expect(migrate(database.ownerUrl, { directory })).rejects.toThrow('0001_first.sql was applied')
})

test('a file added below an applied one is refused', async () => {
  await write('0001_first.sql', 'create table first ()')
  await write('0003_third.sql', 'create table third ()')
  await migrate(database.ownerUrl, { directory })
  await write('0002_second.sql', 'create table second ()')
  await expect(migrate(database.ownerUrl, { directory })).rejects.toThrow(
    /0002_second\.sql was added below 0003/,
  )
  expect(await tables()).toEqual(['first', 'third'])
})

test('a badly named file and a number used twice are refused', async () => {
  await write('0001_first.sql', '')
  await write('0001_other.sql', '')
  await expect(readMigrations(directory)).rejects.toThrow('0001_first.sql and 0001_other.sql have one number')
  await rm(join(directory, '0001_other.sql'))
  await write('2_second.sql', '')
  await expect(readMigrations(directory)).rejects.toThrow('2_second.sql is not named like')
})

test('an index is built concurrently outside a transaction, and its file is repeated after a failure', async () => {
  await write('0001_first.sql', 'create table first (id int)')
  await write(
    '0002_index.sql',
    `-- no-transaction
-- Dropped first; a failed attempt leaves an invalid one.
drop index concurrently if exists first_id;
create unique index concurrently first_id on first (id);
`,
  )
  await write('0003_last.sql', 'insert into first values (3)')
  await migrate(database.ownerUrl, { directory: await only(['0001_first.sql']) })
  await client.query('insert into first values (1), (1)')
  await expect(migrate(database.ownerUrl, { directory })).rejects.toThrow(
    '0002_index.sql failed: could not create',
  )
  await client.query('delete from first')
  expect(await migrate(database.ownerUrl, { directory })).toEqual(['0002_index.sql', '0003_last.sql'])
  const { rows } = await client.query(
    `select indisvalid from pg_index where indexrelid = 'first_id'::regclass`,
  )
  expect(rows).toEqual([{ indisvalid: true }])
})

test('the line of a fault in a file without transaction counts from the top of the file', async () => {
  await write('0001_bad.sql', '-- no-transaction\ncreate table first ();\n\ncreate table second (id intt);\n')
  await expect(migrate(database.ownerUrl, { directory })).rejects.toThrow('0001_bad.sql line 4 failed')
})

test('two starts at once apply every file once, also while an index is built concurrently', async () => {
  await write('0001_first.sql', 'create table first (id int)')
  await write('0002_index.sql', '-- no-transaction\ncreate index concurrently first_id on first (id);\n')
  await write('0003_slow.sql', 'select pg_sleep(0.3); create table third ()')
  const runs = await Promise.all([1, 2, 3].map(() => migrate(database.ownerUrl, { directory })))
  expect(runs.flat().toSorted()).toEqual(['0001_first.sql', '0002_index.sql', '0003_slow.sql'])
})

test('a table in use is not queued for: the migration steps back and comes again', async () => {
  await write('0001_first.sql', 'create table first (id int)')
  await migrate(database.ownerUrl, { directory })
  await write('0002_column.sql', 'alter table first add column name text')
  await client.query('begin; lock table first in access share mode')
  const migrated = migrate(database.ownerUrl, { directory })
  const admin = new Client({ connectionString: database.adminUrl })
  await admin.connect()
  const steppedBack = () =>
    admin.query(`select from pg_stat_activity where application_name = 'evenkeel migrate' and datname = current_database()
                 and query = 'rollback' and state = 'idle'`)
  await expect.poll(async () => (await steppedBack()).rowCount, { timeout: 20_000, interval: 20 }).toBe(1)
  await client.query('commit')
  expect(await migrated).toEqual(['0002_column.sql'])
  await admin.end()
})

test('the template is at the newest migration', async () => {
  const clone = await cloneDatabase()
  expect(await migrate(clone.ownerUrl)).toEqual([])
  await clone.drop()
})

async function only(files: readonly string[]): Promise<string> {
  const part = await mkdtemp(join(directory, '.part-'))
  for (const { file, sql } of await readMigrations(directory)) {
    if (files.includes(file)) await writeFile(join(part, file), sql)
  }
  return part
}
