import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/refusal.ts'
import { network } from '../auth/throttle.ts'
import type { Authenticate } from './serve.ts'
import { says } from '../platform.reasons.ts'

export type GuardSettings = {
  readonly perMinute: number
  readonly authenticate: Authenticate
  /** Milliseconds the event loop may be late before requests are turned away. */
  readonly latestMs?: number
}

/**
 * Keeps one caller from taking everybody's time: so many requests a minute for each session or key, and for each address together for
 * those who are nobody yet; and turns everybody away for a moment when the process itself is late. Counted in memory, by each process.
 */
export const guard = async (app: FastifyInstance, settings: GuardSettings): Promise<void> => {
  await app.register(underPressure, {
    maxEventLoopDelay: settings.latestMs ?? 1000,
    sampleInterval: 500,
    pressureHandler: (request) => {
      // Whether it is alive and ready is asked most of all now.
      if (isApi(request)) throw new Refusal('unavailable', says('busy'), { 'retry-after': '2' })
    },
  })
  // The busiest are remembered; with more callers than this the oldest are forgotten first.
  await app.register(rateLimit, { global: false, cache: 50_000 })
  const keys = new WeakMap<FastifyRequest, string>()
  const count = app.createRateLimit({
    max: settings.perMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => keys.get(request) ?? request.ip,
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!isApi(request)) return
    const caller = await settings.authenticate(request)
    const who = caller?.keyId ?? caller?.sessionId
    // An unproved credential counts for its address: making up new ones gains nothing.
    keys.set(request, who ?? `address ${network(request.ip)}`)
    const outcome = await count(request)
    // The plugin's type allows "let through without counting", which is not configured here.
    if (!('max' in outcome)) return
    void reply.headers({
      'ratelimit-limit': outcome.max,
      'ratelimit-remaining': outcome.remaining,
      'ratelimit-reset': outcome.ttlInSeconds,
    })
    if (outcome.isExceeded)
      throw new Refusal('too_many_requests', [], { 'retry-after': String(outcome.ttlInSeconds) })
  })
}

const isApi = (request: FastifyRequest): boolean => request.url.startsWith('/api/')
