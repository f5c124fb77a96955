import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import { startEmbeddedPostgres } from '../platform/postgres/embedded.ts'
import { openDatabase } from '../platform/postgres/database.ts'
import { createApi } from './api.ts'
import type { Config } from './config.ts'
import { prepareDatabase } from './prepare.ts'
import { loadSigningKey } from './signing-key.ts'
import { startWorker } from './worker.ts'

export type Instance = {
  /** Where it answers; undefined for a process that is only a worker. */
  readonly address: string | undefined
  stop(): Promise<void>
}

/** Starts what the configuration asks for: database if embedded, migrations, API, worker. What was begun is stopped when a later step fails. */
export const startInstance = async (
  config: Config,
  log: Logger = pino({ level: config.logLevel }),
): Promise<Instance> => {
  const begun: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const end of begun.splice(0).reverse()) {
      await end().catch((error: unknown) => log.error({ err: error }, 'stopping'))
    }
  }
  const now = (): string => new Date().toISOString()
  try {
    const { appUrl, ownerUrl } = config.database ?? (await embedded(config, log, begun))
    await prepareDatabase(ownerUrl)
    const database = await openDatabase({ url: appUrl, connections: config.databaseConnections })
    begun.push(() => database.end())
    if (config.role !== 'api') {
      const worker = await startWorker({
        database,
        signingKey: await loadSigningKey(config.signingKeyFile),
        now,
        log: (message, details) => log.error(details, message),
      })
      begun.push(() => worker.stop())
    }
    if (config.role === 'worker') return { address: undefined, stop }
    const app = await createApi(database, {
      logger: log,
      trustProxy: config.trustProxy,
      secure: config.publicUrl?.startsWith('https://') ?? false,
    })
    begun.push(() => app.close())
    const address = await app.listen({ host: config.host, port: config.port })
    return { address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const embedded = async (
  config: Config,
  log: Logger,
  begun: (() => Promise<unknown>)[],
): Promise<{ appUrl: string; ownerUrl: string }> => {
  await mkdir(config.dataDirectory, { recursive: true })
  const server = await startEmbeddedPostgres({
    dataDirectory: join(config.dataDirectory, 'database'),
    log: (line) => log.debug({ postgres: line }),
  })
  begun.push(() => server.stop())
  return server
}
