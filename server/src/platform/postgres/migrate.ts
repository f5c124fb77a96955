import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'

const migrationsDirectory = join(import.meta.dirname, '../../../migrations')

/** One `NNNN_name.sql`. */
export interface Migration {
  readonly number: number
  readonly file: string
  readonly sql: string
  /** SHA-256 of the text, the same whatever a checkout made of its line ends. */
  readonly checksum: string
}

export interface MigrateOptions {
  readonly directory?: string
  /** Goes no further than this file's number: for a restore, which brings rows of an older version. */
  readonly upTo?: number
  readonly log?: (line: string) => void
}

/** The files and the database do not fit together; one sentence, and nothing was changed. */
export class MigrationFault extends Error {
  override readonly name = 'MigrationFault'
}

interface Applied {
  readonly number: number
  readonly file: string
  readonly checksum: string
}

/** Somebody else migrating is waited for this long; their longest file should take less. */
const lockPatienceMs = 600_000
/** A migration queues behind a busy table's transactions, and every later statement queues behind the migration. */
const tableLockTimeout = '2s'
const tableLockAttempts = 30

/**
 * Brings the database forward to the newest file, and returns the files it applied. Each file and its record are one
 * transaction, so that a crash leaves either both or neither; two starts at once take turns.
 *
 * A file whose first line is `-- no-transaction` (for `create index concurrently`) is recorded after its last statement
 * instead and has to be repeatable; each of its statements ends with a semicolon at the end of a line.
 *
 * @param ownerUrl of the role that owns the database
 * @throws when an applied file was changed or removed, when a file was added below an applied one, when the database is
 *   newer than the code, and when a file fails, naming the file and the line
 */
export async function migrate(ownerUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const { directory = migrationsDirectory, upTo = Infinity, log = () => {} } = options
  const migrations = (await readMigrations(directory)).filter(({ number }) => number <= upTo)
  const client = new Client({ connectionString: ownerUrl, application_name: 'evenkeel migrate' })
  await client.connect()
  try {
    await client.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
    await takeTurn(client, log)
    const pending = await pendingAmong(client, migrations)
    for (const migration of pending) {
      const started = Date.now()
      await (isTransactional(migration)
        ? applyInTransaction(client, migration)
        : applyBare(client, migration))
      log(`migrated ${migration.file} in ${Date.now() - started} ms`)
    }
    return pending.map(({ file }) => file)
  } finally {
    await client.end()
  }
}

/**
 * The files in order of their number.
 * @throws when a file is not called `NNNN_name.sql`, or two have one number
 */
export async function readMigrations(directory: string = migrationsDirectory): Promise<Migration[]> {
  const migrations: Migration[] = []
  for (const file of (await readdir(directory)).toSorted()) {
    if (file.startsWith('.')) continue
    const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1])
    if (Number.isNaN(number))
      throw new Error(`The migration ${file} is not named like 0042_what_it_does.sql.`)
    const previous = migrations.at(-1)
    if (previous?.number === number) {
      throw new Error(
        `The migrations ${previous.file} and ${file} have one number; renumber the younger one.`,
      )
    }
    const sql = (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n')
    migrations.push({ number, file, sql, checksum: createHash('sha256').update(sql).digest('hex') })
  }
  return migrations
}

// Asked again and again rather than waited for: a session that waits inside a statement holds a snapshot, and an index
// that is being built concurrently waits for every snapshot to end.
async function takeTurn(client: Client, log: (line: string) => void): Promise<void> {
  const giveUpAt = Date.now() + lockPatienceMs
  let told = false
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(hashtext('evenkeel_migration')) as taken`,
    )
    if (rows[0]?.taken === true) return
    if (Date.now() > giveUpAt)
      throw new Error('Another process has been migrating this database for ten minutes.')
    if (!told) log('waiting for another process that is migrating this database')
    told = true
    await sleep(100)
  }
}

async function pendingAmong(client: Client, migrations: readonly Migration[]): Promise<Migration[]> {
  await client.query(`
    create table if not exists evenkeel_migration (
      number integer primary key,
      file text not null,
      checksum text not null,
      applied_at timestamptz not null default clock_timestamp()
    )`)
  const { rows } = await client.query<Applied>(
    'select number, file, checksum from evenkeel_migration order by number',
  )
  const fault = migrationFault(rows, migrations)
  if (fault !== undefined) throw new MigrationFault(fault)
  const newest = rows.at(-1)?.number ?? 0
  return migrations.filter(({ number }) => number > newest)
}

/** Why these files cannot carry on from what was applied, or undefined when they can. */
function migrationFault(applied: readonly Applied[], migrations: readonly Migration[]): string | undefined {
  const files = new Map(migrations.map((migration) => [migration.number, migration]))
  const newestFile = migrations.at(-1)?.number ?? 0
  const newestApplied = applied.at(-1)
  if (newestApplied !== undefined && newestApplied.number > newestFile) {
    return `The database is newer than this version of Evenkeel: it has ${newestApplied.file}. Run the newer version.`
  }
  for (const { number, file, checksum } of applied) {
    const now = files.get(number)
    if (now === undefined)
      return `The migration ${file} was applied to this database and is missing from this version.`
    if (now.checksum !== checksum) {
      return `The migration ${now.file} was changed after it was applied as ${file}. Restore it, and write a new one.`
    }
  }
  const known = new Set(applied.map(({ number }) => number))
  const late = migrations.find(({ number }) => number <= (newestApplied?.number ?? 0) && !known.has(number))
  return (
    late &&
    `The migration ${late.file} was added below ${newestApplied?.file ?? ''}, which is applied. Renumber it.`
  )
}

function isTransactional({ sql }: Migration): boolean {
  return !/^-- no-transaction\s*$/.test(sql.slice(0, sql.indexOf('\n')))
}

async function applyInTransaction(client: Client, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(`begin; set local lock_timeout = '${tableLockTimeout}'`)
      await execute(client, migration, migration.sql, 0)
      await record(client, migration)
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback').catch(() => {})
      if (!isLockTimeout(error) || attempt === tableLockAttempts) throw error
      await sleep(1000 * Math.random())
    }
  }
}

async function applyBare(client: Client, migration: Migration): Promise<void> {
  for (const statement of statementsOf(migration.sql)) {
    await execute(client, migration, statement.sql, statement.offset)
  }
  await record(client, migration)
}

/** Several statements sent as one text are one transaction to PostgreSQL, so they are sent one by one. */
function statementsOf(sql: string): { sql: string; offset: number }[] {
  const ends = [...sql.matchAll(/;[ \t]*$/gm)].map(({ index }) => index + 1)
  return [...ends, sql.length]
    .map((end, i) => ({ sql: sql.slice(ends[i - 1] ?? 0, end), offset: ends[i - 1] ?? 0 }))
    .filter((statement) => statement.sql.replaceAll(/--.*$/gm, '').trim() !== '')
}

async function record(client: Client, { number, file, checksum }: Migration): Promise<void> {
  await client.query('insert into evenkeel_migration (number, file, checksum) values ($1, $2, $3)', [
    number,
    file,
    checksum,
  ])
}

async function execute(client: Client, migration: Migration, sql: string, offset: number): Promise<void> {
  try {
    await client.query(sql)
  } catch (cause) {
    const position = cause instanceof DatabaseError ? Number(cause.position) : Number.NaN
    const line = migration.sql.slice(0, offset + position - 1).split('\n').length
    const where = Number.isNaN(position) ? '' : ` line ${line}`
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `The migration ${migration.file}${where} failed: ${why}. The database is as it was before it.`,
      {
        cause,
      },
    )
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof DatabaseError && error.cause.code === '55P03'
}
