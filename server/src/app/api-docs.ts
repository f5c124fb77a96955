import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { instanceRoutes } from '@evenkeel/contract/instance'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../kernel/refusal.ts'
import { refuseOwing, serve, type Authenticate, type Served } from '../platform/http/serve.ts'

const description = join(import.meta.dirname, '../../../docs/generated/openapi.json')

/** The description of the API, as it was generated together with this code. */
export const instanceServed: readonly Served[] = serve(instanceRoutes, {
  readApiDescription: async ({ reply }) =>
    reply.type('application/json; charset=utf-8').send(await readFile(description)),
})

const files = [
  ['/api/docs', 'page.html', 'text/html; charset=utf-8'],
  ['/api/docs/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/api/docs/page.css', 'page.css', 'text/css; charset=utf-8'],
] as const

/** The description for people. Like everything that tells how the instance is built, for those who are signed in. */
export const serveApiDocs = (app: FastifyInstance, authenticate: Authenticate): void => {
  for (const [url, name, type] of files)
    app.get(url, async (request, reply) => {
      const caller = await authenticate(request)
      if (caller === null) throw new Refusal('not_signed_in')
      if (caller.owes !== null) refuseOwing(caller.owes)
      return reply.type(type).send(await readFile(join(import.meta.dirname, 'api-docs', name)))
    })
}
