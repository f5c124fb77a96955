import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/**
 * Serves a built single-page application beside the API: its files by name, and its page for every address that a person may open
 * or reload. What is not in the directory at the start is never served.
 * @returns false when the directory holds no application
 */
export const serveApplication = async (app: FastifyInstance, directory: string): Promise<boolean> => {
  const files = await filesIn(directory)
  if (!files.has('index.html')) return false
  await app.register(fastifyStatic, {
    root: directory,
    serve: false,
    preCompressed: true,
    cacheControl: false,
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    handler: async (request, reply) => {
      const path = decodedPath(request.url)
      if (path === undefined || /^(?:api|health|metrics)(?:\/|$)/.test(path)) return reply.callNotFound()
      if (files.has(path) && path !== 'index.html') {
        // The bundler puts a hash of the content into these names.
        const forever = path.startsWith('assets/')
        void reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
        return reply.sendFile(path)
      }
      // A missing picture or script is missing; only pages belong to the application's own router.
      if (path.includes('.') && path !== 'index.html') return reply.callNotFound()
      void reply.header('cache-control', 'no-cache')
      return reply.sendFile('index.html')
    },
  })
  return true
}

const filesIn = async (directory: string): Promise<Set<string>> => {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    return new Set(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
        // A build has none; what was left there by hand (.env, .git) is nobody's business.
        .filter((path) => !/(?:^|\/)\./.test(path))
        // Compressed copies are sent under the name of what they are copies of.
        .filter((path, _, all) => !/\.(?:br|gz)$/.test(path) || !all.includes(path.slice(0, -3))),
    )
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Set()
    throw error
  }
}

const decodedPath = (url: string): string | undefined => {
  try {
    return decodeURIComponent(url.slice(1).split('?', 1)[0] ?? '')
  } catch {
    return undefined
  }
}
