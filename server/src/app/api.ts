import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { instanceServed, serveApiDocs } from './api-docs.ts'
import { liveServed, startLive } from './live.ts'
import { createHttp, type HttpSettings } from '../platform/http/server.ts'
import { register, type Authenticate, type Served } from '../platform/http/serve.ts'
import { defaultSite, type Site } from '../platform/http/site.ts'
import { policyRoutes } from '../platform/policy/policy.routes.ts'
import type { Database } from '../platform/postgres/database.ts'
import {
  incidentFieldRoutes,
  incidentListRoutes,
  incidentPolicies,
  incidentRoutes,
  incidentViewRoutes,
  templateRoutes,
} from '../practices/incident/index.ts'
import { authenticate, journalRefusal, peopleRoutes, sessionRoutes } from '../practices/people/index.ts'
import { serviceRoutes } from '../practices/service/index.ts'
import { findRecordForAccess } from './record-access.ts'

/** Every route of the product: the matrix of access tests, the API document and the server read the same list. */
export const served: readonly Served[] = [
  ...instanceServed,
  ...sessionRoutes,
  ...peopleRoutes(findRecordForAccess),
  ...serviceRoutes,
  ...incidentListRoutes,
  ...incidentFieldRoutes,
  ...incidentViewRoutes,
  ...incidentRoutes,
  ...templateRoutes,
  ...policyRoutes(incidentPolicies),
]

export type ApiSettings = Partial<HttpSettings & Site> & {
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
  const site: Site = {
    publicUrl: settings.publicUrl ?? defaultSite.publicUrl,
    secure: settings.secure ?? defaultSite.secure,
    demo: settings.demo ?? defaultSite.demo,
    sessionIdleMinutes: settings.sessionIdleMinutes ?? defaultSite.sessionIdleMinutes,
    accountKey: settings.accountKey ?? defaultSite.accountKey,
  }
  const live = await startLive(database)
  app.addHook('preClose', () => live.stop())
  const known: Authenticate = (request) => authenticate(database, request, now(), site)
  for (const route of [...served, ...liveServed(live, known)])
    register(app, route, {
      database,
      now,
      site,
      authenticate: known,
      onRefusal: (caller, name, refusal) => journalRefusal(database, caller, name, refusal),
    })
  serveApiDocs(app, known)
  return app
}
