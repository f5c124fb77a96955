import { createServer } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { diskStore } from '../platform/files/disk-store.ts'
import { databaseProbe, serveHealth } from '../platform/http/health.ts'
import { createHttp, type HttpSettings } from '../platform/http/server.ts'
import { serveApplication } from '../platform/http/static-files.ts'
import { deadLetterQueue } from '../platform/jobs/jobs.ts'
import { createMetrics } from '../platform/observe/metrics.ts'
import { logRequests } from '../platform/observe/request-log.ts'
import { serveMetrics } from '../platform/observe/serve-metrics.ts'
import { startTraces } from '../platform/observe/traces.ts'
import { openDatabase, type Database } from '../platform/postgres/database.ts'
import { MigrationFault } from '../platform/postgres/migrate.ts'
import { createApi } from './api.ts'
import { ConfigurationFault, type Config } from './config.ts'
import { makeDataDirectory, reachDatabase } from './instance-database.ts'
import { fileExists, loadAccountKey, loadSigningKey } from './key-file.ts'
import { createLog } from './log.ts'
import type { Live } from './live.ts'
import { prepareDatabase, queues } from './prepare.ts'
import { seedOnce } from './seed.ts'
import { startWorker } from './worker.ts'

export type Instance = {
  /** Where it answers; a process that is only a worker answers about its health there. */
  readonly address: string
  readonly hasWeb: boolean
  readonly hasTenants: boolean
  /** Finishes what is under way, within bounds, and stops; the database last. Safe to repeat. */
  stop(): Promise<void>
  /** Stops the database as quickly as it can without losing what was committed, and leaves the rest to the end of the process. */
  abandon(): Promise<void>
}

export type StartSettings = {
  readonly log?: Logger
  /** Sentences for a person at the terminal. */
  readonly tell?: (sentence: string) => void
  /** Where the built web application is, once it is there. */
  readonly web?: { readonly directory: string; readonly built: Promise<unknown> }
}

/** Requests under way at a stop have this long to finish; then their connections are closed. */
const lastRequestsMs = 10_000

/**
 * Starts what the configuration asks for: database if embedded, migrations, demo on the first start, worker, API and web. What was begun
 * is stopped when a later step fails.
 * @throws ConfigurationFault when the settings, or what they lead to, do not allow it; nothing was changed then
 */
export const startInstance = async (config: Config, settings: StartSettings = {}): Promise<Instance> => {
  const log = settings.log ?? createLog(config.logLevel)
  const tell = settings.tell ?? (() => {})
  const begun: (() => Promise<unknown>)[] = []
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= stopAll(begun, log))
  const now = (): string => new Date().toISOString()
  await requireFreePort(config)
  await makeDataDirectory(config.dataDirectory)
  const reached = await reachDatabase(config, (line) => log.info({ postgres: line }))
  const abandon = (): Promise<void> => reached.leave()
  begun.push(abandon)
  try {
    await prepare(reached.ownerUrl, log)
    const database = await openDatabase({ url: reached.appUrl, connections: config.databaseConnections })
    begun.push(() => database.end())
    const seeded =
      config.mode === 'demo' && config.role !== 'worker'
        ? await seedOnce('demo', database, reached.ownerUrl, () =>
            tell('Preparing the demo: a hospital and a bank.'),
          )
        : 'kept'
    const hasTenants = reached.contents.tenants > 0 || seeded === 'seeded'
    const workerIsHere = config.role !== 'api'
    if (workerIsHere) {
      if (reached.contents.tenants > 0 && !(await fileExists(config.signingKeyFile)))
        log.warn(
          'EVENKEEL_SIGNING_KEY_FILE is missing: a new key signs the journal from now on, and verifying what was signed before needs the public half of the earlier one',
        )
      const worker = await startWorker({
        database,
        databaseUrl: reached.appUrl,
        files: diskStore(join(config.dataDirectory, 'files')),
        signingKey: await loadSigningKey(config.signingKeyFile),
        mail: {
          smtpUrl: config.smtpUrl,
          from: config.mailFrom,
          publicUrl: publicUrlOf(config),
          accountKey: await loadAccountKey(config.accountKeyFile),
        },
        now,
        log: (message, details) => log.error(details, message),
      })
      begun.push(() => worker.stop())
    }
    let live: Live | undefined
    const app = await (config.role === 'worker'
      ? createHttp(httpOf(config, log))
      : api(config, database, log, (started) => {
          live = started
        }))
    begun.push(() => closeWithin(app, lastRequestsMs))
    const probe = databaseProbe(reached.appUrl)
    app.addHook('onClose', () => probe.end())
    serveHealth(app, {
      notReady: async () => ((await probe.answers()) ? null : 'the database does not answer'),
    })
    const metrics = createMetrics({
      database,
      ...(live === undefined ? {} : { live: measuredLive(live) }),
      ...(workerIsHere ? { queues: queues.flatMap((queue) => [queue.name, deadLetterQueue(queue)]) } : {}),
    })
    metrics.attach(app)
    logRequests(app)
    serveMetrics(app, metrics, {
      token: config.metricsToken,
      hasPublicAddress: config.publicUrl !== undefined,
    })
    if (config.telemetryUrl !== undefined) {
      const traces = await startTraces(config.telemetryUrl, '0.1.0')
      traces.attach(app)
      app.addHook('onClose', () => traces.stop())
    }
    await settings.web?.built
    const hasWeb =
      config.role !== 'worker' &&
      settings.web !== undefined &&
      (await serveApplication(app, settings.web.directory))
    const address = await listen(app, config)
    return { address, hasWeb, hasTenants, stop, abandon }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Links in mail and the origin of passkeys come from here, never from a request. */
const publicUrlOf = (config: Config): string => config.publicUrl ?? `http://localhost:${config.port}`

const httpOf = (config: Config, log: Logger): HttpSettings => ({
  bodyLimit: 1_048_576,
  logger: log,
  trustProxy: config.trustProxy,
  secure: config.publicUrl?.startsWith('https://') ?? false,
})

const measuredLive = ({ hub, follower }: Live) => ({
  streams: () => hub.listeners,
  caughtUpAt: () => follower.state.caughtUpAt,
})

const api = async (
  config: Config,
  database: Database,
  log: Logger,
  onLive: (live: Live) => void,
): Promise<FastifyInstance> =>
  createApi(database, {
    ...httpOf(config, log),
    publicUrl: publicUrlOf(config),
    demo: config.mode === 'demo',
    sessionIdleMinutes: config.sessionIdleMinutes,
    files: diskStore(join(config.dataDirectory, 'files')),
    attachmentLimitBytes: config.attachmentLimitBytes,
    perMinute: config.rateLimitPerMinute,
    onLive,
    accountKey: await loadAccountKey(config.accountKeyFile),
  })

const prepare = async (ownerUrl: string, log: Logger): Promise<void> => {
  try {
    await prepareDatabase(ownerUrl, (line) => log.info({ migrate: line }))
  } catch (error) {
    if (error instanceof MigrationFault) throw new ConfigurationFault([error.message])
    throw error
  }
}

/** The last begun is the first to stop, and the database the last of all. */
const stopAll = async (begun: (() => Promise<unknown>)[], log: Logger): Promise<void> => {
  for (const end of begun.splice(0).toReversed()) {
    try {
      await end()
    } catch (error) {
      log.error({ err: error }, 'something did not stop as it should')
    }
  }
}

/** Before anything is changed: of two instances on one port, the second one leaves everything as it is. */
const requireFreePort = async ({ host, port }: Config): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const probe = createServer()
  probe.once('error', reject)
  probe.listen({ host, port }, () => probe.close(() => resolve()))
  await promise.catch((error: unknown) => {
    throw cannotListen(error, { host, port })
  })
}

const listen = async (app: FastifyInstance, config: Config): Promise<string> => {
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    throw cannotListen(error, config)
  }
  const bound = app.server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : config.port
  // Browsers give some things, passkeys among them, to the name and not to the number.
  const anywhere = ['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'].includes(config.host)
  return `http://${anywhere ? 'localhost' : hostInAddress(config.host)}:${port}`
}

const hostInAddress = (host: string): string => (host.includes(':') ? `[${host}]` : host)

const cannotListen = (error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new ConfigurationFault([
      `EVENKEEL_PORT is ${port}, where another program answers already. Stop that one, or choose another port.`,
    ])
  if (code === 'EACCES')
    return new ConfigurationFault([
      `EVENKEEL_PORT is ${port}, which this user may not listen on. Choose one from 1024.`,
    ])
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new ConfigurationFault([`EVENKEEL_HOST is ${host}, which is no address of this machine.`])
  return error
}

const closeWithin = async (app: FastifyInstance, milliseconds: number): Promise<void> => {
  // A connection whose last request was under way when closing began is idle only now.
  const sweeping = setInterval(() => app.server.closeIdleConnections(), 50)
  const impatient = setTimeout(() => app.server.closeAllConnections(), milliseconds)
  try {
    await app.close()
  } finally {
    clearInterval(sweeping)
    clearTimeout(impatient)
  }
}
