import type { FastifyInstance } from 'fastify'
import { routeOf } from './metrics.ts'

/** One line a request: which route, how it ended, how long it took. Who asked, and for what, is the journal's to tell. */
export const logRequests = (app: FastifyInstance): void => {
  app.addHook('onResponse', async (request, reply) => {
    const route = routeOf(request)
    const line = {
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    }
    // Probes ask every second and are not worth a line.
    if (route.startsWith('/health/') || route === '/metrics') request.log.debug(line, 'answered')
    else request.log.info(line, 'answered')
  })
}
