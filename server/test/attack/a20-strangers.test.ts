import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { Route } from '@evenkeel/contract/route'
import { createApi } from '../../src/app/api.ts'
import { serveHealth } from '../../src/platform/http/health.ts'
import { serveApplication } from '../../src/platform/http/static-files.ts'
import { setStage, type Stage } from './stage.ts'
import { nobody } from './things.ts'

// Attack test A20: everything the edge answers somebody who is not signed in, in a file that is read when it changes.

let stage: Stage
let directory: string
let app: FastifyInstance
beforeAll(async () => {
  stage = await setStage()
  directory = await mkdtemp(join(tmpdir(), 'evenkeel-strangers-'))
  await writeFile(join(directory, 'index.html'), '<title>Evenkeel</title>')
  await writeFile(join(directory, '.env'), 'SECRET=zzownzz')
  app = await createApi(stage.world.database, { clock: stage.world.clock.now })
  serveHealth(app, { notReady: async () => null })
  await serveApplication(app, directory)
})
afterAll(async () => {
  await app.close()
  await stage.end()
  await rm(directory, { recursive: true, force: true })
})

const ids: Record<string, string> = {
  id: nobody,
  personId: nobody,
  roleId: nobody,
  keyId: nobody,
  toId: nobody,
  macroId: nobody,
  replyId: nobody,
  entryId: nobody,
  type: 'related',
  kind: 'routing',
  reaction: 'tell_people',
}

/** What scanners ask for first, and what other products leave open. */
const guesses = [
  '/',
  '/index.html',
  '/incidents/1',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/api',
  '/api/',
  '/api/v1',
  '/api/v1/',
  '/api/v2/incidents',
  '/api/docs',
  '/api/docs/page.js',
  '/api/docs/page.css',
  '/api/openapi.json',
  '/docs',
  '/openapi.json',
  '/swagger.json',
  '/graphql',
  '/.env',
  '/.git/config',
  '/.git/HEAD',
  '/package.json',
  '/server/src/app/api.ts',
  '/backup.sql',
  '/debug',
  '/status',
  '/server-status',
  '/actuator/env',
  '/robots.txt',
  '/sitemap.xml',
  '/.well-known/security.txt',
]

const knock = (method: string, url: string, body?: unknown) =>
  app.inject({
    method: method as 'GET',
    url,
    ...(body === undefined ? {} : { payload: body as object }),
  })

const lineOf = async (method: string, url: string, body?: unknown): Promise<string> => {
  const answer = await knock(method, url, body)
  expect(stage.leaks('stranger', answer)).toEqual([])
  expect(answer.headers['server']).toBeUndefined()
  expect(answer.headers['x-powered-by']).toBeUndefined()
  expect(answer.payload).not.toMatch(/node_modules|\bat \S+ \(|\.ts:\d|postgres|fastify/i)
  const type = (answer.headers['content-type'] ?? '-').split(';')[0] ?? ''
  const code = type.includes('problem') ? ` ${answer.json<{ code: string }>().code}` : ''
  return `${method.padEnd(8)}${url.replaceAll(nobody, '{id}')} ${answer.statusCode} ${type}${code}`
}

describe('A20: the anonymous surface', () => {
  test('A20: is what the checked-in file says, route by route and guess by guess', async () => {
    const lines: string[] = []
    for (const route of Object.values(api as Record<string, Route>)) {
      const body = route.body === undefined ? undefined : {}
      const line = await lineOf(route.method, addressOf(route, ids), body)
      // The list is of what strangers get; that they get nothing is said once.
      if (!line.endsWith(' 401 application/problem+json not_signed_in')) lines.push(line)
    }
    for (const guess of guesses) lines.push(await lineOf('GET', guess))
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      for (const guess of ['/', '/health/ready', '/api/docs']) lines.push(await lineOf(method, guess))
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('strangers.txt')
  })
  test('A20: what is not there looks the same under every address of the API', async () => {
    const bodies = new Set<string>()
    for (const url of ['/api/v1/nothing', '/api/v1/people/x/y/z', '/api/v9/people', '/api/docs/../nothing']) {
      const answer = await knock('GET', url)
      bodies.add(answer.payload.replaceAll(String(answer.headers['x-request-id']), ''))
    }
    expect(bodies.size).toBe(1)
  })
  test.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/..\\..\\..\\etc\\passwd',
    '/assets/..%5c..%5c..%5cetc%5cpasswd',
    '/%252e%252e/%252e%252e/etc/passwd',
    '/index.html%00.js',
    '//etc/passwd',
    '/%c0%ae%c0%ae/etc/passwd',
    '/%ff',
    `/${'../'.repeat(500)}etc/passwd.js`,
  ])('A31: %.60s leads to no file outside the application', async (url) => {
    const answer = await knock('GET', url)
    expect(answer.payload).not.toContain('root:')
    expect(answer.payload).not.toContain('SECRET')
    // An address without a dot is a page of the application; the page is the only file it can be.
    if (answer.statusCode === 200) expect(answer.payload).toBe('<title>Evenkeel</title>')
    else expect(answer.statusCode).toBeLessThan(500)
  })
})
