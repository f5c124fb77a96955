import type { z } from 'zod'
import type { Permission } from './permission.ts'
import type { Owed } from './security.ts'

/**
 * One line of the API: what the server serves, the client calls, the OpenAPI document lists and the access matrix tests.
 * Paths are below /api/v1 and name parameters as `{id}`.
 */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: `/${string}`
  readonly summary: string
  /** Who may call it: one permission, `signed in` for everybody with a session or key, `anyone` for strangers too. */
  readonly access: Permission | 'signed in' | 'anyone'
  readonly params?: z.ZodType<Record<string, unknown>>
  readonly query?: z.ZodType<Record<string, unknown>>
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  readonly status?: 200 | 201 | 202 | 204
  /** Creating calls take an Idempotency-Key. */
  readonly idempotent?: true
  /** Writes to a versioned thing name the version they saw in If-Match. */
  readonly versioned?: true
  /** Only a session may call it, never an API key (credentials, administration of access). */
  readonly sessionOnly?: true
  /**
   * Changes a credential, or who may do what: only in a session that proved its person within the last 15 minutes, never by an API key
   * and never while acting as somebody else (refusal `recent_sign_in_needed`; `confirmMe` renews the proof).
   */
  readonly recentSignIn?: true
  /**
   * May be called by a session that still owes this: setting up a second factor that its person's role asks for, or proving it.
   * Every other route refuses with `second_factor_owed`.
   */
  readonly whileOwing?: readonly Owed[]
  /** Sent or answered as something other than JSON. */
  readonly media?: { readonly request?: string; readonly answer?: string | readonly string[] }
}

export const defineRoutes = <const R extends Readonly<Record<string, Route>>>(routes: R): R => routes

type In<T> = T extends z.ZodType ? z.input<T> : never
type Out<T> = T extends z.ZodType ? z.output<T> : never
type Part<R, K extends string, V> = R extends Readonly<Record<K, z.ZodType>> ? V : unknown

/** What a caller of the route sends. */
export type RouteInput<R extends Route> = Part<R, 'params', { params: In<R['params']> }> &
  Part<R, 'query', { query?: In<R['query']> }> &
  Part<R, 'body', { body: In<R['body']> }> &
  (R extends { idempotent: true } ? { idempotencyKey?: string } : unknown) &
  (R extends { versioned: true } ? { version: number } : unknown)

/** What the handler of the route receives, parsed. */
export type RouteRequest<R extends Route> = Part<R, 'params', { params: Out<R['params']> }> &
  Part<R, 'query', { query: Out<R['query']> }> &
  Part<R, 'body', { body: Out<R['body']> }> &
  (R extends { versioned: true } ? { version: number } : unknown)

export type RouteAnswer<R extends Route> = R extends { answer: z.ZodType } ? z.output<R['answer']> : undefined
