import type { RefusalBody } from './refusal.ts'
import type { Route, RouteAnswer, RouteInput } from './route.ts'

/** What the client throws when the server says no. `body.reasons` says why, in words for people. */
export class Refused extends Error {
  readonly status: number
  readonly body: RefusalBody
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, body: RefusalBody, retryAfterSeconds?: number) {
    super(body.reasons?.[0]?.message ?? body.title)
    this.name = 'Refused'
    this.status = status
    this.body = body
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export type Client<Routes extends Readonly<Record<string, Route>>> = {
  readonly [Name in keyof Routes]: (
    ...input: Record<string, never> extends RouteInput<Routes[Name]>
      ? [RouteInput<Routes[Name]>?]
      : [RouteInput<Routes[Name]>]
  ) => Promise<RouteAnswer<Routes[Name]>>
}

export type ClientSettings = {
  /** Where the instance is, without /api/v1. */
  readonly baseUrl: string
  readonly fetch?: typeof globalThis.fetch
  /** Added to every request: an API key, or a session's cookie in tests. */
  readonly headers?: () => Record<string, string>
}

type AnyInput = {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  idempotencyKey?: string
  version?: number
}

/** The one typed client: web, CLI and tests call the API through it. */
export const createClient = <const Routes extends Readonly<Record<string, Route>>>(
  routes: Routes,
  settings: ClientSettings,
): Client<Routes> => {
  const call = async (route: Route, input: AnyInput = {}): Promise<unknown> => {
    const send = settings.fetch ?? globalThis.fetch
    const headers: Record<string, string> = { accept: 'application/json', ...settings.headers?.() }
    if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey
    if (input.version !== undefined) headers['if-match'] = `"${input.version}"`
    const init: RequestInit = { method: route.method, headers, credentials: 'same-origin' }
    if (input.body instanceof FormData) init.body = input.body
    else if (input.body !== undefined) {
      headers['content-type'] = 'application/json'
      init.body = JSON.stringify(input.body)
    }
    const response = await send(settings.baseUrl + addressOf(route, input.params, input.query), init)
    if (!response.ok) throw await refusalOf(response)
    if (response.status === 204 || route.answer === undefined) return undefined
    return response.json()
  }
  const entries = Object.entries(routes).map(([name, route]) => [
    name,
    (input?: AnyInput) => call(route, input),
  ])
  // The mapped type above is exactly this object; Object.fromEntries cannot say so.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(entries) as Client<Routes>
}

/** The address of a route with its parameters filled in, below the instance's address. */
export const addressOf = (
  route: Route,
  params: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string => {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return `/api/v1${path}${search.size > 0 ? `?${search.toString()}` : ''}`
}

const refusalOf = async (response: Response): Promise<Refused> => {
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new Refused(
    response.status,
    refusalIn(await response.text(), response.status),
    Number.isNaN(after) ? undefined : after,
  )
}

/** What an answer with a status of 400 and more says. */
export const refusalIn = (text: string, status: number): RefusalBody => {
  const fallback = { type: 'about:blank', title: `HTTP ${status}`, status, code: 'failed' }
  try {
    // The server answers refusals in this shape only; anything else comes from a proxy and falls back.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const body = JSON.parse(text) as RefusalBody
    return typeof body.code === 'string' ? body : fallback
  } catch {
    return fallback
  }
}
