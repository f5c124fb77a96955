import helmet from '@fastify/helmet'
import cookie from '@fastify/cookie'
import { type RefusalBody, refusals } from '@evenkeel/contract/refusal'
import type { z } from 'zod'
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyRequest,
  type FastifyInstance,
} from 'fastify'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { connectionLost, sqlState } from '../postgres/database.ts'
import { answerWriter } from './answer-writer.ts'
import { limitBodyTime } from './body-time.ts'
import { parseJsonBody } from './json-body.ts'
import { readerOf } from './reader.ts'
import { says } from '../platform.reasons.ts'

export type HttpSettings = {
  /** Bytes of a JSON body; larger ones are refused with `too_large`. */
  readonly bodyLimit: number
  readonly logger: FastifyBaseLogger | false
  /** Whether a reverse proxy in front sets X-Forwarded-For; otherwise such headers are ignored. */
  readonly trustProxy: boolean
  /** Served over TLS: adds Strict-Transport-Security and upgrades. */
  readonly secure: boolean
}

/** The HTTP edge: limits, headers, and one way to say no. Routes are registered by the composition root. */
export const createHttp = async (settings: HttpSettings): Promise<FastifyInstance> => {
  const app = Fastify({
    ...(settings.logger === false ? { logger: false } : { loggerInstance: settings.logger }),
    bodyLimit: settings.bodyLimit,
    trustProxy: settings.trustProxy,
    genReqId: () => uuidv7(),
    // How long a body may take depends on what it is: see `limitBodyTime`.
    requestTimeout: 0,
    // Without a look every few seconds, a request that trickles in would live until Node's own, every half minute.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2000 },
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    // A stop lets requests under way finish; whoever stops it sets the bound.
    forceCloseConnections: 'idle',
    // The framework's lines carry addresses with their queries; ours name the route.
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: {
      maxParamLength: 200,
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
    },
    exposeHeadRoutes: false,
  })
  // Validation is the contract's work (Zod, strict objects) and happens in one place, `serve`.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler<z.ZodType>(({ schema }) => answerWriter(schema))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      // parseAs 'buffer' gives a Buffer; the type allows both.
      done(null, typeof body === 'string' ? body : parseJsonBody(body, request.headers['content-type'] ?? ''))
    } catch (error) {
      done(error instanceof Error ? error : new Error('unreadable'))
    }
  })
  // Files come as they are and are streamed; only routes that say so take them (see `register`).
  app.addContentTypeParser('application/octet-stream', (_, payload, done) => done(null, payload))
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        // Mantine writes CSS variables into style elements and attributes; scripts stay strict.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'worker-src': ["'self'"],
        'manifest-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
        ...(settings.secure ? { 'upgrade-insecure-requests': [] } : {}),
      },
    },
    strictTransportSecurity: settings.secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
  })
  app.addHook('onRequest', async (request, reply) => {
    limitBodyTime(request.raw, isFile(request.headers['content-type']))
    void reply.header('x-request-id', request.id)
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store')
  })
  app.setErrorHandler((error: FastifyError | Refusal | Error, request, reply) => {
    const refusal = asRefusal(error)
    if (refusal.code === 'failed') request.log.error({ err: error }, 'a request failed')
    void reply.headers(refusal.headers)
    return reply
      .status(refusal.status)
      .header('content-type', 'application/problem+json')
      .serializer(JSON.stringify)
      .send(bodyOf(refusal, request))
  })
  app.setNotFoundHandler((request, reply) => {
    const refusal = new Refusal('not_found')
    return reply
      .status(refusal.status)
      .header('content-type', 'application/problem+json')
      .send(bodyOf(refusal, request))
  })
  return app
}

const isFile = (type: string | undefined): boolean => type?.startsWith('application/octet-stream') === true

const bodyOf = (refusal: Refusal, request: FastifyRequest): RefusalBody => ({
  type: `/refusals#${refusal.code}`,
  title: refusals[refusal.code].title,
  status: refusal.status,
  code: refusal.code,
  ...(refusal.grounds.length > 0 ? { reasons: refusal.reasonsIn(readerOf(request)) } : {}),
  request: request.id,
})

/** Failures of the framework and the database, in our words. */
const asRefusal = (error: FastifyError | Refusal | Error): Refusal => {
  if (error instanceof Refusal) return error
  if (connectionLost(error)) return new Refusal('unavailable', [], { 'retry-after': '2' })
  // The database holds the invariants; what reaches it and breaks one was invalid.
  const state = sqlState(error)
  if (state === '57014') return new Refusal('unavailable', says('slow'), { 'retry-after': '5' })
  if (state === '23505') return new Refusal('already_exists')
  if (state === '23503') return new Refusal('invalid', says('reference'))
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return new Refusal('too_large')
  if (status === 415) return new Refusal('wrong_media_type')
  if (status === 429) return new Refusal('too_many_requests')
  if (status === 503) return new Refusal('unavailable', [], { 'retry-after': '2' })
  if (status !== undefined && status >= 400 && status < 500) return new Refusal('malformed')
  return new Refusal('failed')
}
