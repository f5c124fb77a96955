import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskStore } from '../platform/files/disk-store.ts'
import type { FileStore } from '../platform/files/file-store.ts'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'
import { instanceServed, serveApiDocs } from './api-docs.ts'
import { liveServed, startLive, type Live } from './live.ts'
import type { Caller } from '../platform/http/caller.ts'
import { guard } from '../platform/http/guard.ts'
import { createHttp, type HttpSettings } from '../platform/http/server.ts'
import { register, type Authenticate, type Served } from '../platform/http/serve.ts'
import { defaultSite, type Site } from '../platform/http/site.ts'
import { policyRoutes } from '../platform/policy/policy.routes.ts'
import type { Database } from '../platform/postgres/database.ts'
import {
  answerLinkRoutes,
  attachmentRoutes,
  homeRoutes,
  checklistRoutes,
  incidentBulkRoutes,
  incidentClockRoutes,
  incidentFieldRoutes,
  incidentListRoutes,
  incidentPolicies,
  incidentReportRoutes,
  incidentRoutes,
  incidentViewRoutes,
  templateRoutes,
} from '../practices/incident/index.ts'
import {
  authenticate,
  journalRefusal,
  peopleRoutes,
  securityOffer,
  credentialRoutes,
  sessionRoutes,
} from '../practices/people/index.ts'
import {
  noticeRuleRoutes,
  notificationPolicies,
  notificationRoutes,
} from '../practices/notification/index.ts'
import type { VerifierKey } from '../kernel/evidence/note.ts'
import { historyRoutes } from '../practices/history/index.ts'
import { insightRoutes } from '../practices/insight/index.ts'
import { importRoutes } from '../practices/import/index.ts'
import { instanceHealthServed, type HealthPlace } from './instance-health.ts'
import { routingRoutes } from '../practices/routing/index.ts'
import { itemPolicies, itemRoutes, serviceRoutes } from '../practices/configuration/index.ts'
import { assetRoutes, attestationsServed, auditsServed } from '../practices/asset/index.ts'
import { tellings } from './mail.ts'
import { retryableReactions } from './worker.ts'
import { organizationServed } from './organization.routes.ts'
import { findRecordForAccess } from './record-access.ts'
import './team-use.ts'

/** Every route of the product: the matrix of access tests, the API document and the server read the same list. */
export const served: readonly Served[] = [
  ...instanceServed,
  ...sessionRoutes,
  ...credentialRoutes,
  ...peopleRoutes(findRecordForAccess),
  ...serviceRoutes,
  ...itemRoutes,
  ...assetRoutes,
  ...attestationsServed,
  ...auditsServed,
  ...homeRoutes,
  ...incidentListRoutes,
  ...incidentFieldRoutes,
  ...incidentViewRoutes,
  ...incidentReportRoutes,
  ...incidentRoutes,
  ...incidentBulkRoutes,
  ...incidentClockRoutes,
  ...answerLinkRoutes,
  ...checklistRoutes,
  ...templateRoutes,
  ...routingRoutes,
  ...policyRoutes([...incidentPolicies, ...itemPolicies, ...notificationPolicies(tellings), securityOffer]),
  ...notificationRoutes(tellings, retryableReactions),
  ...noticeRuleRoutes,
  ...insightRoutes,
]

export type ApiSettings = Partial<HttpSettings & Site> & {
  readonly clock?: () => string
  readonly logger?: FastifyBaseLogger | false
  /** Where attachments are kept, and how large one may be. */
  readonly files?: FileStore
  readonly attachmentLimitBytes?: number
  /** How large a file may be that is imported. */
  readonly importLimitBytes?: number
  /** Requests a minute for each session, key or address; unlimited when absent. */
  readonly perMinute?: number
  /** The keys that sign a tenant's journal, or signed it; none when absent, and then signatures are not judged. */
  readonly journalKeys?: (tenantId: string) => Promise<readonly VerifierKey[]>
  readonly health?: HealthPlace
  /** Told of the live streams, for metrics. */
  readonly onLive?: (live: Live) => void
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
    accountKey: settings.accountKey ?? defaultSite.accountKey,
  }
  const live = await startLive(database)
  app.addHook('preClose', () => live.stop())
  settings.onLive?.(live)
  const known: Authenticate = (request) => authenticate(database, request, now(), site)
  // Who asks is looked up once a request; a stream asks anew for as long as it lasts.
  const callers = new WeakMap<FastifyRequest, Promise<Caller | null>>()
  const caller: Authenticate = (request) => {
    const held = callers.get(request) ?? known(request)
    callers.set(request, held)
    return held
  }
  if (settings.perMinute !== undefined)
    await guard(app, { perMinute: settings.perMinute, authenticate: caller })
  const files = settings.files ?? diskStore(join(tmpdir(), 'evenkeel-files'))
  const attachments = attachmentRoutes(files, settings.attachmentLimitBytes ?? 50 * 1_048_576)
  const imports = importRoutes(files, settings.importLimitBytes ?? 8192 * 1_048_576)
  const told = [
    ...historyRoutes(settings.journalKeys ?? (async () => [])),
    ...organizationServed(files),
    ...instanceHealthServed(settings.health ?? {}),
  ]
  for (const route of [...served, ...attachments, ...imports, ...told, ...liveServed(live, known)])
    register(app, route, {
      database,
      now,
      site,
      authenticate: caller,
      onRefusal: (caller, name, refusal) => journalRefusal(database, caller, name, refusal),
    })
  serveApiDocs(app, caller)
  return app
}
