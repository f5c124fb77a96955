import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopbackName } from '../auth/cookie.ts'
import type { Metrics } from './metrics.ts'

export type MetricsAccess = {
  /** Whoever sends it as a bearer token reads the metrics from anywhere. */
  readonly token: string | undefined
  /** Whether people reach the instance by a public address: then a request from this machine may be anybody's, through the proxy. */
  readonly hasPublicAddress: boolean
}

/** `/metrics` for Prometheus. To everybody else there is no such address. */
export const serveMetrics = (app: FastifyInstance, metrics: Metrics, access: MetricsAccess): void => {
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request, access)) return reply.callNotFound()
    return reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.text())
  })
}

const mayRead = (request: FastifyRequest, { token, hasPublicAddress }: MetricsAccess): boolean => {
  const { authorization } = request.headers
  if (token !== undefined) return authorization !== undefined && isSame(authorization, `Bearer ${token}`)
  return !hasPublicAddress && isFromThisMachine(request)
}

/** By the connection itself, with nobody in between, asked under a name of this machine (a page elsewhere could resolve its own to it). */
const isFromThisMachine = (request: FastifyRequest): boolean => {
  const address = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  const between = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in request.headers)
  return (
    (address === '::1' || address.startsWith('127.')) &&
    !between &&
    isLoopbackName(request.hostname.replace(/:\d+$/, ''))
  )
}

/** Hashed first, so that neither length nor content shows in the time it takes. */
const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest())
