import { createServer } from 'node:net'
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
import { earlierKeysFile, filesDirectory } from './backup.ts'
import { ConfigurationFault, type Config } from './config.ts'
import { instanceKeys } from './evidence.ts'
import { makeDataDirectory, reachDatabase } from './instance-database.ts'
import { fileExists, loadAccountKey, loadSigningKey } from './key-file.ts'
import { createLog } from './log.ts'
import type { Live } from './live.ts'
import { prepareDatabase, queues } from './prepare.ts'
import { productVersion } from './product.ts'
import { seedOnce } from './seed.ts'
import { startWorker, type Worker } from './worker.ts'

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
  /** Ends the start, or the instance; `startInstance` then fails. */
  readonly signal?: AbortSignal
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
  const begun: (() => Promise<unknown>)[] = []
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= stopAll(begun, log))
  // What is being done at that moment fails when the ground it stands on is taken away, and so ends the start.
  settings.signal?.addEventListener('abort', () => void stop())
  try {
    await requireFreePort(config)
    await makeDataDirectory(config.dataDirectory)
    const reached = await reachDatabase(config, (line) => log.info({ postgres: line }))
    const abandon = (): Promise<void> => reached.leave()
    begun.push(abandon)
    settings.signal?.throwIfAborted()
    await prepare(reached.ownerUrl, log)
    const database = await openDatabase({ url: reached.appUrl, connections: config.databaseConnections })
    begun.push(() => database.end())
    const hasTenants =
      (await seeded(config, database, reached.ownerUrl, settings)) || reached.contents.tenants > 0
    const place: Place = { config, log, database, databaseUrl: reached.appUrl }
    if (config.role !== 'api') {
      if (reached.contents.tenants > 0) await noticeMissingKey(place)
      const worker = await workFor(place)
      begun.push(() => worker.stop())
    }
    const { app, hasWeb } = await serveFor(place, settings)
    begun.push(() => closeWithin(app, lastRequestsMs))
    settings.signal?.throwIfAborted()
    return { address: await listen(app, config), hasWeb, hasTenants, stop, abandon }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Where an instance stands once its database is open. */
type Place = {
  readonly config: Config
  readonly log: Logger
  readonly database: Database
  readonly databaseUrl: string
}

/** Whether the demo was put in now. */
const seeded = async (
  config: Config,
  database: Database,
  ownerUrl: string,
  { tell = () => {} }: StartSettings,
): Promise<boolean> => {
  if (config.mode !== 'demo' || config.role === 'worker') return false
  const begins = (): void => tell('Preparing the demo: a hospital and a bank.')
  return (await seedOnce('demo', database, ownerUrl, begins)) === 'seeded'
}

const noticeMissingKey = async ({ config, log }: Place): Promise<void> => {
  if (!(await fileExists(config.signingKeyFile)))
    log.warn(
      'EVENKEEL_SIGNING_KEY_FILE is missing: a new key signs the journal from now on, and verifying what was signed before needs the public half of the earlier one',
    )
}

const workFor = async ({ config, log, database, databaseUrl }: Place): Promise<Worker> =>
  startWorker({
    database,
    databaseUrl,
    files: diskStore(filesDirectory(config)),
    signingKey: await loadSigningKey(config.signingKeyFile),
    mail: {
      smtpUrl: config.smtpUrl,
      from: config.mailFrom,
      publicUrl: publicUrlOf(config),
      accountKey: await loadAccountKey(config.accountKeyFile),
    },
    now: () => new Date().toISOString(),
    log: (message, details) => log.error(details, message),
  })

/** Everything that answers over HTTP, not yet listening. A worker answers about its health only. */
const serveFor = async (
  place: Place,
  { web }: StartSettings,
): Promise<{ app: FastifyInstance; hasWeb: boolean }> => {
  const { config, log, databaseUrl } = place
  let live: Live | undefined
  const app =
    config.role === 'worker'
      ? await createHttp(httpOf(config, log))
      : await api(place, (started) => {
          live = started
        })
  try {
    const probe = databaseProbe(databaseUrl)
    app.addHook('onClose', () => probe.end())
    serveHealth(app, {
      notReady: async () => ((await probe.answers()) ? null : 'the database does not answer'),
    })
    await observe(app, place, live)
    await web?.built
    const hasWeb =
      config.role !== 'worker' && web !== undefined && (await serveApplication(app, web.directory))
    return { app, hasWeb }
  } catch (error) {
    await app.close()
    throw error
  }
}

const observe = async (
  app: FastifyInstance,
  { config, database }: Place,
  live: Live | undefined,
): Promise<void> => {
  const metrics = createMetrics({
    database,
    ...(live === undefined ? {} : { live: measuredLive(live) }),
    ...(config.role === 'api'
      ? {}
      : { queues: queues.flatMap((queue) => [queue.name, deadLetterQueue(queue)]) }),
  })
  metrics.attach(app)
  logRequests(app)
  serveMetrics(app, metrics, {
    token: config.metricsToken,
    hasPublicAddress: config.publicUrl !== undefined,
  })
  if (config.telemetryUrl === undefined) return
  const traces = await startTraces(config.telemetryUrl, productVersion)
  traces.attach(app)
  app.addHook('onClose', () => traces.stop())
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
  { config, database, log }: Place,
  onLive: (live: Live) => void,
): Promise<FastifyInstance> =>
  createApi(database, {
    ...httpOf(config, log),
    publicUrl: publicUrlOf(config),
    demo: config.mode === 'demo',
    files: diskStore(filesDirectory(config)),
    attachmentLimitBytes: config.attachmentLimitBytes,
    importLimitBytes: config.importLimitBytes,
    perMinute: config.rateLimitPerMinute,
    onLive,
    accountKey: await loadAccountKey(config.accountKeyFile),
    journalKeys: (tenantId) => instanceKeys(tenantId, [config.signingKeyFile, earlierKeysFile(config)]),
    health: {
      version: productVersion,
      directory: config.dataDirectory,
      mail: config.smtpUrl === undefined ? 'kept' : 'smtp',
    },
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
