import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { liveServed, startLive } from './live.ts'
import { createHttp, type HttpSettings } from '../platform/http/server.ts'
import { register, type Authenticate, type Served } from '../platform/http/serve.ts'
import type { Database } from '../platform/postgres/database.ts'
import { incidentRoutes } from '../practices/incident/index.ts'
import { authenticate } from '../practices/people/index.ts'

/** Every route of the product: the matrix of access tests, the API document and the server read the same list. */
export const served: readonly Served[] = [...incidentRoutes]

export type ApiSettings = Partial<HttpSettings> & {
  readonly clock?: () => string
  readonly logger?: FastifyBaseLogger | false
}

export const createApi = async (database: Database, settings: ApiSettings = {}): Promise<FastifyInstance> => {
  const now = settings.clock ?? (() => new Date().toISOString())
  const app = await createHttp({
    bodyLimit: 1_048_576,
    logger: false,
    trustProxy: false,
    secure: false,
    ...settings,
  })
  const live = await startLive(database)
  app.addHook('preClose', () => live.stop())
  const known: Authenticate = (request) => authenticate(database, request, now())
  for (const route of [...served, ...liveServed(live, known)])
    register(app, route, { database, now, authenticate: known })
  return app
}
