import { says } from '../platform.reasons.ts'
import { Pool, types as builtIn, TypeOverrides, type PoolClient } from 'pg'
import { Refusal } from '../../kernel/refusal.ts'
import { written, type Query } from './query.ts'

/** A connection pool, and which stretch of journal history it writes in. */
export type Database = {
  readonly pool: Pool
  /** See `DatabaseSettings`. */
  readonly openingTimeout: number
  readonly era: number
  end(): Promise<void>
}

/** Reads inside one transaction, for one tenant: rows of other tenants do not exist here. */
export type Reader = {
  readonly tenantId: string
  rows<Row>(query: Query<Row>): Promise<Row[]>
  /** The only row, or undefined. */
  maybe<Row>(query: Query<Row>): Promise<Row | undefined>
  /** The only row; a refusal `not_found` when there is none. */
  one<Row>(query: Query<Row>): Promise<Row>
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

// Instants travel as RFC 3339 strings with milliseconds, the form the journal's leaves and the API use; 64-bit counts as numbers.
const types = new TypeOverrides()
types.setTypeParser(builtIn.builtins.TIMESTAMPTZ, (text) => {
  const withZone = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
  return new Date(withZone).toISOString()
})
types.setTypeParser(builtIn.builtins.INT8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a safe integer`)
  return value
})
types.setTypeParser(builtIn.builtins.DATE, (text) => text)

export type DatabaseSettings = {
  readonly url: string
  readonly connections?: number
  /** Milliseconds one statement may take; longer ones are ended by the server. */
  readonly statementTimeout?: number
  /** Milliseconds to wait for a free connection before the request is refused with `unavailable`. */
  readonly connectTimeout?: number
  /**
   * Milliseconds a transaction may take to open before the connection counts as leading nowhere. Opening waits for no lock and no disk: a
   * server that does not answer it answers nothing.
   */
  readonly openingTimeout?: number
}

/** Opens the pool and finds the era, beginning a new one when this is not the cluster that wrote the last. */
export const openDatabase = async (settings: DatabaseSettings): Promise<Database> => {
  const statementTimeout = settings.statementTimeout ?? 15_000
  const pool = new Pool({
    connectionString: settings.url,
    max: settings.connections ?? 16,
    types,
    // A transaction is a few flushes, not one round trip a statement: see `transaction` below.
    pipeline: true,
    statement_timeout: statementTimeout,
    // A server that still runs ends a long statement itself, and says so. This ends the wait for one that went silent half-way.
    query_timeout: statementTimeout + 2000,
    connectionTimeoutMillis: settings.connectTimeout ?? 4000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    options: '-c TimeZone=UTC',
  })
  // A connection that breaks while idle is replaced by the pool; without a listener Node would end the process.
  pool.on('error', () => {})
  const era = await currentEra(pool)
  return { pool, era, openingTimeout: settings.openingTimeout ?? 4000, end: () => pool.end() }
}

const currentEra = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ era: number }>(
    `with here as (select system_identifier::text as id from pg_control_system()),
          last as (select era, system_identifier from journal_era order by era desc limit 1),
          begun as (
            insert into journal_era (era, system_identifier)
            select coalesce((select era from last), 0) + 1, here.id from here
            where here.id is distinct from (select system_identifier from last)
            on conflict do nothing returning era)
     select coalesce((select era from begun), (select era from last)) as era`,
  )
  const era = rows[0]?.era
  // Two processes began the same era at once: the other one's row is visible to the next look.
  return era ?? currentEra(pool)
}

/**
 * Runs `work` in one transaction for one tenant. The opening statements are sent without waiting and travel in one flush with the
 * first query of `work`; `finish` (the journal of a writing transaction) travels in one flush with the commit.
 */
export const transaction = async <T>(
  database: Database,
  tenantId: string,
  mode: 'read only' | 'read write',
  work: (connection: PoolClient, reader: Reader) => Promise<T>,
  finish: (connection: PoolClient) => Promise<unknown>[] = () => [],
): Promise<T> => {
  if (!uuidPattern.test(tenantId)) throw new TypeError('a tenant id is a UUID')
  const client = await connect(database.pool)
  let broken: Error | undefined
  const onError = (error: Error): void => {
    broken = error
  }
  client.on('error', onError)
  try {
    inOneWrite(client)
    const opening = {
      text: `begin ${mode}; set local evenkeel.tenant = '${tenantId}'`,
      query_timeout: database.openingTimeout,
    }
    const opened = client.query(opening)
    opened.catch(() => {})
    const result = await work(client, readerOn(client, tenantId))
    inOneWrite(client)
    const last = finish(client)
    const committed = client.query('commit')
    const outcomes = await Promise.allSettled([opened, ...last, committed])
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw asError(outcome.reason)
    // A commit of a failed transaction succeeds as a rollback: PostgreSQL says so only in the command tag.
    if ((await committed).command !== 'COMMIT') throw new Error('the transaction was rolled back')
    return result
  } catch (error) {
    broken ??= connectionLost(error) ? asError(error) : undefined
    if (broken === undefined)
      await client.query('rollback').catch((lost: unknown) => (broken = asError(lost)))
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** Statements sent before the event loop turns leave in one write to the socket instead of one each. */
const inOneWrite = (client: PoolClient): void => {
  if (!('connection' in client)) return
  const stream = (client.connection as { stream: { cork(): void; uncork(): void } }).stream
  stream.cork()
  process.nextTick(() => stream.uncork())
}

const readerOn = (client: PoolClient, tenantId: string): Reader => {
  const rows = async <Row>(query: Query<Row>): Promise<Row[]> => {
    const { text, values, name } = written(query)
    // The row type is what the query builder derived, or what the author of written SQL declared; pg cannot know either.
    const result = await client.query(
      name === undefined ? { text, values: [...values] } : { text, values: [...values], name },
    )
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return result.rows as Row[]
  }
  const maybe = async <Row>(query: Query<Row>): Promise<Row | undefined> => {
    const found = await rows(query)
    if (found.length > 1) throw new Error(`expected one row, found ${found.length}`)
    return found[0]
  }
  const one = async <Row>(query: Query<Row>): Promise<Row> => {
    const row = await maybe(query)
    if (row === undefined) throw new Refusal('not_found')
    return row
  }
  return { tenantId, rows, maybe, one }
}

/** Reads for one tenant, at one moment. */
export const read = <T>(database: Database, tenantId: string, work: (q: Reader) => Promise<T>): Promise<T> =>
  transaction(database, tenantId, 'read only', (_, reader) => {
    readers.set(reader, database)
    return work(reader)
  })

const readers = new WeakMap<Reader, Database>()

/** Whose committed rows a reader sees; nothing for one that writes, which sees what is not there yet. */
export const committedBehind = (q: Reader): Database | undefined => readers.get(q)

const connect = async (pool: Pool): Promise<PoolClient> => {
  try {
    return await pool.connect()
  } catch (cause) {
    // What the driver says is for whoever runs the instance.
    throw Object.assign(new Refusal('unavailable', says('database.gone'), { 'retry-after': '2' }), { cause })
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

/** SQLSTATE of a database error, '' when it has none. */
export const sqlState = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''

/** Connection exceptions (class 08), operator intervention (57P0x) and sockets that closed: the database went away. */
export const connectionLost = (error: unknown): boolean => {
  const code = sqlState(error)
  if (code.startsWith('08') || code.startsWith('57P0') || code === '53300') return true
  if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(code)) return true
  return (
    error instanceof Error &&
    /Connection terminated|not queryable|Query read timeout|connection error|timeout exceeded when trying to connect/.test(
      error.message,
    )
  )
}
