import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client, escapeIdentifier } from 'pg'
import type { Database } from '../platform/postgres/database.ts'

export const seeds = ['base', 'demo'] as const
export type Seed = (typeof seeds)[number]

export type Seeded =
  | 'seeded'
  /** It was complete already. */
  | 'kept'
  /** There are tenants that it did not make. */
  | 'in use'
  /** This installation does not come with it. */
  | 'missing'

type Fill = (database: Database) => Promise<unknown>

/** Fills a new instance with a seed that comes with this installation: see `fillOnce`. */
export const seedOnce = async (
  seed: Seed,
  database: Database,
  ownerUrl: string,
  begins?: () => void,
): Promise<Seeded> => {
  const fill = await seedFunction(seed)
  return fill === undefined ? 'missing' : await fillOnce(seed, fill, database, ownerUrl, begins)
}

/**
 * Fills a new instance, once and whole: a seed that was cut off is emptied out and begun anew, one that is complete is left alone, and
 * so is whatever somebody else put into the database. Two starts at once take turns.
 * @param begins told before the work, which takes some seconds
 */
export const fillOnce = async (
  seed: Seed,
  fill: Fill,
  database: Database,
  ownerUrl: string,
  begins: () => void = () => {},
): Promise<Exclude<Seeded, 'missing'>> => {
  const owner = new Client({ connectionString: ownerUrl, application_name: 'evenkeel seed' })
  owner.on('error', () => {})
  await owner.connect()
  try {
    await owner.query(`select pg_advisory_lock(hashtextextended('evenkeel seeding', 0))`)
    const { rows } = await owner.query<{ complete: boolean | null; tenants: number }>(
      `select (select ended_at is not null from seeding where name = $1) as complete, (select count(*)::int from tenant) as tenants`,
      [seed],
    )
    const { complete, tenants } = rows[0] ?? { complete: null, tenants: 0 }
    if (complete === true) return 'kept'
    if (complete === null && tenants > 0) return 'in use'
    begins()
    if (complete === false) await emptyOut(owner)
    await owner.query('insert into seeding (name) values ($1) on conflict do nothing', [seed])
    await fill(database)
    await owner.query('update seeding set ended_at = now() where name = $1', [seed])
    return 'seeded'
  } finally {
    await owner.end()
  }
}

/** Emptied by the owner: the role that works may not delete, least of all from the journal. */
const emptyOut = async (owner: Client): Promise<void> => {
  const { rows } = await owner.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not in ('evenkeel_migration', 'journal_era', 'seeding')`,
  )
  await owner.query(`truncate ${rows.map(({ name }) => escapeIdentifier(name)).join(', ')}`)
  await owner.query('truncate pgboss.job')
}

const exported = { base: 'seedBase', demo: 'seedDemo' } as const satisfies Record<Seed, string>

/** Loaded by its path and only when wanted: an installation may leave the demo's story out. */
const seedFunction = async (seed: Seed): Promise<Fill | undefined> => {
  const file = join(import.meta.dirname, '../../seeds', seed, 'seed.ts')
  if (!existsSync(file)) return undefined
  const loaded: Record<string, unknown> = await import(pathToFileURL(file).href)
  const fill = loaded[exported[seed]]
  if (typeof fill !== 'function') throw new TypeError(`${file} does not export ${exported[seed]}`)
  return async (database) => fill(database)
}
