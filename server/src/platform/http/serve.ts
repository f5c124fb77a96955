import { issueSaying } from '../../kernel/language/issue.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RefusalCode } from '@evenkeel/contract/refusal'
import type { Owed } from '@evenkeel/contract/security'
import type { Route, RouteAnswer, RouteRequest } from '@evenkeel/contract/route'
import type { z } from 'zod'
import { mayAtAll } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Database } from '../postgres/database.ts'
import { isCrossSite } from '../auth/cross-site.ts'
import { evenTime } from './even-time.ts'
import { isActing, type Caller } from './caller.ts'
import { isReadIn } from './reader.ts'
import { answerOnce, type OnceStore } from './idempotency.ts'
import type { Site } from './site.ts'
import { says } from '../platform.reasons.ts'

/** What a handler gets beside the parsed request: who calls, the database, and the raw request for the few that stream. */
export type Context = {
  readonly database: Database
  readonly caller: Caller
  readonly once: OnceStore | null
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly site: Site
}
export type StrangerContext = Omit<Context, 'caller' | 'once'> & { readonly now: string }

type ContextOf<R extends Route> = R['access'] extends 'anyone' ? StrangerContext : Context

export type Handlers<Routes extends Readonly<Record<string, Route>>> = {
  readonly [Name in keyof Routes]: (
    context: ContextOf<Routes[Name]>,
    input: RouteRequest<Routes[Name]>,
  ) => Promise<RouteAnswer<Routes[Name]> | FastifyReply>
}

/** The routes of a practice with what serves them; the names are the link, so a missing handler does not compile. */
export const serve = <const Routes extends Readonly<Record<string, Route>>>(
  routes: Routes,
  handlers: Handlers<Routes>,
): Served[] =>
  Object.entries(routes).map(([name, route]) => ({
    name,
    route,
    // The mapped type above ties each handler to its route; a list of different routes cannot carry that along.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    handle: handlers[name as keyof Routes] as unknown as Served['handle'],
  }))

export type Served = {
  readonly name: string
  readonly route: Route
  readonly handle: (context: Context | StrangerContext, input: Record<string, unknown>) => Promise<unknown>
}

export type Authenticate = (request: FastifyRequest) => Promise<Caller | null>

export type ServeSettings = {
  readonly database: Database
  readonly authenticate: Authenticate
  readonly now: () => string
  readonly site: Site
  /** Told of every refusal to somebody signed in that concerns access, before it is answered. */
  readonly onRefusal: (caller: Caller, route: string, refusal: Refusal) => Promise<void>
}

const concernsAccess = new Set<RefusalCode>([
  'forbidden',
  'cross_site',
  'recent_sign_in_needed',
  'second_factor_owed',
])

/** Registers one route: authenticate, authorise, parse, call, answer. The same steps for every route of the product. */
export const register = (app: FastifyInstance, served: Served, settings: ServeSettings): void => {
  const { route } = served
  app.route({
    method: route.method,
    url: `/api/v1${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
    // A compiled serialiser writes the contract's fields and no others: a column that slipped into a view does not leave.
    schema: route.answer === undefined ? {} : { response: { [route.status ?? 200]: route.answer } },
    config: { route: served.name, access: route.access },
    handler: async (request, reply) => {
      const began = performance.now()
      const caller = await settings.authenticate(request)
      if (caller !== null) isReadIn(request, caller.language)
      try {
        if (isCrossSite(request, settings.site.publicUrl)) throw new Refusal('cross_site')
        return await respond(served, settings, caller, request, reply)
      } catch (error) {
        if (caller !== null && error instanceof Refusal && concernsAccess.has(error.code)) {
          await settings.onRefusal(caller, served.name, error)
        }
        if (error instanceof Refusal && error.code === 'not_found') await evenTime(began)
        throw error
      }
    },
  })
}

const respond = async (
  { route, handle }: Served,
  { database, now, site }: ServeSettings,
  caller: Caller | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const status = route.status ?? 200
  if (route.access === 'anyone') {
    const context = { database, request, reply, site, now: now() }
    return answer(reply, status, await handle(context, parse(route, request)))
  }
  if (caller === null) throw new Refusal('not_signed_in')
  authorise(route, caller)
  const once = route.idempotent === true ? answerOnce(request, caller) : null
  const context = { database, caller, once, request, reply, site }
  try {
    return answer(reply, status, await handle(context, parse(route, request)))
  } catch (error) {
    // Repeated, or side by side with its twin: the answer that was given first is the answer.
    const first = once === null ? undefined : await once.earlier(database, error)
    if (first === undefined) throw error
    return answer(reply.header('idempotency-replayed', 'true'), first.status, first.answer)
  }
}

const recentMilliseconds = 15 * 60_000

/** The part of the decision that needs no record; which rows it reaches is decided with the record in hand. */
const authorise = (route: Route, caller: Caller): void => {
  if (caller.owes !== null && route.whileOwing?.includes(caller.owes) !== true) refuseOwing(caller.owes)
  if ((route.sessionOnly === true || route.recentSignIn === true) && caller.keyId !== null) {
    throw new Refusal('forbidden', says('key.signIn'))
  }
  // What needs no permission is in no key's scope, so that reading is all a key gets of it.
  if (caller.keyId !== null && route.access === 'signed in' && route.method !== 'GET') {
    throw new Refusal('forbidden', says('key.namedOnly'))
  }
  if (route.recentSignIn === true && isActing(caller)) {
    throw new Refusal('forbidden', says('acting'))
  }
  if (route.access !== 'signed in' && route.access !== 'anyone' && !mayAtAll(caller.grants, route.access)) {
    throw new Refusal('forbidden', [
      { code: route.access, message: says('permission', { permission: route.access }) },
    ])
  }
  if (route.recentSignIn === true) mustBeRecent(caller)
}

const mustBeRecent = (caller: Caller): void => {
  const proved = caller.provedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(caller.provedAt)
  if (Date.parse(caller.now) - proved > recentMilliseconds) throw new Refusal('recent_sign_in_needed')
}

/** For what changes how safe a tenant is, where the route alone does not tell: as if it were marked `recentSignIn`. */
export const mustBeThere = (caller: Caller): void => {
  if (caller.keyId !== null) throw new Refusal('forbidden', says('key.signIn'))
  if (isActing(caller)) throw new Refusal('forbidden', says('acting'))
  mustBeRecent(caller)
}

/** Says which way out there is. */
export const refuseOwing = (owes: Owed): never => {
  throw new Refusal('second_factor_owed', [
    {
      code: owes,
      message: says(owes === 'set_up' ? 'factor.setUp' : 'factor.prove'),
    },
  ])
}

const answer = (reply: FastifyReply, status: number, body: unknown): FastifyReply => {
  if (reply.sent || body === reply) return reply
  if (body !== null && typeof body === 'object' && 'version' in body && typeof body.version === 'number') {
    void reply.header('etag', `"${body.version}"`)
  }
  return reply.status(body === undefined ? 204 : status).send(body)
}

/** Files go to the routes that take files, and JSON to the others. */
const mustBeMediaOf = (route: Route, request: FastifyRequest): void => {
  const isFile = request.headers['content-type']?.startsWith('application/octet-stream') === true
  const wanted = route.media?.request
  if (isFile !== (wanted === 'application/octet-stream')) throw new Refusal('wrong_media_type')
}

const parse = (route: Route, request: FastifyRequest): Record<string, unknown> => {
  mustBeMediaOf(route, request)
  const input: Record<string, unknown> = {}
  if (route.params !== undefined) input['params'] = parsed(route.params, request.params, 'not_found')
  // PostgreSQL holds no NUL; in bodies the parser refuses it.
  if (/\?.*%00/.test(request.url)) throw new Refusal('malformed', says('address.nul'))
  if (route.query !== undefined) input['query'] = parsed(route.query, request.query, 'malformed')
  if (route.body !== undefined) input['body'] = parsed(route.body, request.body, 'invalid')
  if (route.versioned === true) input['version'] = versionOf(request.headers['if-match'])
  return input
}

const parsed = (schema: z.ZodType, value: unknown, code: 'not_found' | 'malformed' | 'invalid'): unknown => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  // An id that is no id and an id that does not exist get the same answer.
  if (code === 'not_found') throw new Refusal('not_found')
  throw new Refusal(
    code,
    result.error.issues
      .slice(0, 20)
      .map((issue) => ({ code: issue.code, field: issue.path.join('.'), message: issueSaying(issue) })),
  )
}

const versionOf = (header: string | undefined): number => {
  if (header === undefined) throw new Refusal('version_needed')
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(header)
  if (match === null) throw new Refusal('malformed', says('version.quotes'))
  return Number(match[1])
}
