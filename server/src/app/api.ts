import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { createHttp, type HttpSettings } from '../platform/http/server.ts'
import { register, type Served } from '../platform/http/serve.ts'
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
  for (const route of served) {
    register(app, route, { database, now, authenticate: (request) => authenticate(database, request, now()) })
  }
  return app
}
