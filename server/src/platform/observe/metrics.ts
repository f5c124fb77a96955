import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry, type GaugeConfiguration } from 'prom-client'
import type { Database } from '../postgres/database.ts'

/** Everything that can be measured in this process; what a process does not have (a worker has no streams) is left out. */
export type Measured = {
  readonly database: Database
  readonly live?: { readonly streams: () => number; readonly caughtUpAt: () => number }
  readonly queues?: readonly string[]
}

export type Metrics = {
  /** Measures every request of this server. */
  readonly attach: (app: FastifyInstance) => void
  /** In Prometheus' text format. */
  readonly text: () => Promise<string>
  readonly contentType: string
}

/** Counting what a reader has not read stops here: beyond it, how much is not the question any more. */
const mostCounted = 10_000

export const createMetrics = (measured: Measured): Metrics => {
  const registry = new Registry()
  // Event loop delay, resident memory, garbage collection, open files: under the names that ready-made dashboards know.
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Histogram({
    name: 'evenkeel_http_request_seconds',
    help: 'How long requests took, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  poolGauge(measured.database, registers)
  readersGauges(measured.database, registers)
  if (measured.queues !== undefined) queuesGauge(measured.database, measured.queues, registers)
  if (measured.live !== undefined) liveGauges(measured.live, registers)
  return {
    attach: (app) =>
      app.addHook('onResponse', async (request, reply) => {
        const route = routeOf(request)
        // A stream lasts as long as its page: no duration worth counting.
        if (route === 'live') return
        const { method } = request
        requests.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
      }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** The route's name, or its pattern; never the address that was asked for, which holds ids and searches. */
export const routeOf = ({
  routeOptions,
}: {
  readonly routeOptions: { url?: string | undefined; config: object }
}): string =>
  'route' in routeOptions.config && typeof routeOptions.config.route === 'string'
    ? routeOptions.config.route
    : (routeOptions.url ?? 'none')

type Registers = Registry[]

/** A gauge whose value is asked for when the metrics are read; it belongs to the registry from then on. */
const gauge = <Label extends string>(configuration: GaugeConfiguration<Label>): Gauge<Label> =>
  new Gauge(configuration)

const poolGauge = ({ pool }: Database, registers: Registers): void => {
  gauge({
    name: 'evenkeel_database_connections',
    help: 'Connections of this process: open, idle, and requests that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'open' }, pool.totalCount)
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
}

type Progress = { name: string; behind: number; oldest: string | null; set_aside: number }

/** Readers of the journal: the sealer is one of them, and its backlog is what is not sealed yet. */
const readersGauges = ({ pool }: Database, registers: Registers): void => {
  const labelNames = ['reaction']
  const seconds = gauge({
    name: 'evenkeel_reaction_lag_seconds',
    help: 'Age of the oldest journal entry that a reaction has not read; seal is the sealing of the journal.',
    labelNames,
    registers,
  })
  const setAside = gauge({
    name: 'evenkeel_reaction_set_aside',
    help: 'Entries that a reaction could not handle after repeated tries.',
    labelNames,
    registers,
  })
  gauge({
    name: 'evenkeel_reaction_lag_entries',
    help: `Journal entries that a reaction has not read, counted up to ${mostCounted}; seal is the sealing of the journal.`,
    labelNames,
    registers,
    async collect() {
      const rows = await asked<Progress>(pool, 'select * from reaction_progress($1)', [mostCounted])
      for (const { name: reaction, behind, oldest, set_aside } of rows) {
        this.set({ reaction }, behind)
        seconds.set({ reaction }, oldest === null ? 0 : Math.max(0, (Date.now() - writtenAt(oldest)) / 1000))
        setAside.set({ reaction }, set_aside)
      }
    },
  })
}

/** A UUIDv7 begins with the milliseconds of its making. */
const writtenAt = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

const queuesGauge = ({ pool }: Database, queues: readonly string[], registers: Registers): void => {
  gauge({
    name: 'evenkeel_jobs',
    help: 'Jobs by queue and state; a queue that ends in _dead holds those that never worked.',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      const rows = await asked<{ name: string; state: string; count: number }>(
        pool,
        `select name, state::text as state, count(*)::int as count from pgboss.job
         where state < 'completed' group by name, state`,
        [],
      )
      this.reset()
      for (const queue of queues) this.set({ queue, state: 'created' }, 0)
      for (const { name: queue, state, count } of rows) this.set({ queue, state }, count)
    },
  })
}

const liveGauges = (live: NonNullable<Measured['live']>, registers: Registers): void => {
  gauge({
    name: 'evenkeel_live_streams',
    help: 'Browsers that are told of changes as they happen.',
    registers,
    collect() {
      this.set(live.streams())
    },
  })
  gauge({
    name: 'evenkeel_journal_follow_lag_seconds',
    help: 'How long ago this process last reached the end of the journal.',
    registers,
    collect() {
      this.set(Math.max(0, (performance.now() - live.caughtUpAt()) / 1000))
    },
  })
}

/** Metrics are read most eagerly when the database is in trouble: what it does not tell is missing, and the rest is still told. */
const asked = async <Row extends object>(
  pool: Database['pool'],
  text: string,
  values: unknown[],
): Promise<Row[]> => {
  try {
    const { rows } = await pool.query<Row>({ text, values, query_timeout: 2000 } as {
      text: string
      values: unknown[]
    })
    return rows
  } catch {
    return []
  }
}
