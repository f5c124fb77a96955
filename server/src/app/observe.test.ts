import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'
import { databaseProbe, serveHealth } from '../platform/http/health.ts'
import { createHttp } from '../platform/http/server.ts'
import { sealerWith } from '../platform/journal/sealer.ts'
import { reactionRunner } from '../platform/journal/reactions.ts'
import { newSigningKey, signingKey } from '../kernel/evidence/note.ts'
import { createMetrics } from '../platform/observe/metrics.ts'
import { serveMetrics } from '../platform/observe/serve-metrics.ts'
import { startTraces } from '../platform/observe/traces.ts'
import { createApi } from './api.ts'
import { prepareDatabase } from './prepare.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let rita: Awaited<ReturnType<typeof tenant.person>>
beforeAll(async () => {
  world = await createWorld()
  await prepareDatabase(world.test.ownerUrl)
  tenant = await world.tenant('acme')
  rita = await tenant.person('Rita', 'requester')
})
afterAll(() => world.end())

const plainHttp = (): Promise<FastifyInstance> =>
  createHttp({ bodyLimit: 1024, logger: false, trustProxy: false, secure: false })

describe('metrics', () => {
  let app: FastifyInstance
  beforeAll(async () => {
    app = await createApi(world.database, { clock: world.clock.now })
    const live = { streams: () => 3, caughtUpAt: () => -10_000 }
    const metrics = createMetrics({ database: world.database, live, queues: ['mail', 'mail_dead'] })
    metrics.attach(app)
    serveMetrics(app, metrics, { token: undefined, hasPublicAddress: false })
  })
  afterAll(() => app.close())
  const text = async (): Promise<string> => {
    const answer = await app.inject({ url: '/metrics' })
    expect(answer.statusCode).toBe(200)
    return answer.body
  }

  test('requests are counted by route and status, and no address, search or id is in them', async () => {
    await app.inject({ url: '/api/v1/incidents?q=canary', headers: { cookie: rita.cookie } })
    await app.inject({
      url: '/api/v1/incidents/01a2029b-eb0d-73e3-acc6-a32ff4fdb78a',
      headers: { cookie: rita.cookie },
    })
    await app.inject({ url: '/no/such/canary' })
    const metrics = await text()
    expect(metrics).toMatch(
      /evenkeel_http_request_seconds_count\{method="GET",route="listIncidents",status="200"\} 1/,
    )
    expect(metrics).toMatch(/route="readIncident",status="404"\} 1/)
    expect(metrics).toMatch(/route="none",status="404"/)
    expect(metrics).not.toMatch(/canary|01a2029b/)
  })

  test('what is behind is told: entries that are not sealed yet, jobs that wait, the event loop, the memory', async () => {
    const key = signingKey(newSigningKey().privateKeyPem)
    const sealer = reactionRunner(sealerWith(key), { database: world.database, now: world.clock.now })
    while (await sealer.run());
    expect(await text()).toMatch(/evenkeel_reaction_lag_entries\{reaction="seal"\} 0/)
    await rita.api.raiseIncident({ body: { title: 'No heating' } })
    // Behind is what could be read: a transaction elsewhere in the cluster holds that back for a moment.
    await expect.poll(text).toMatch(/evenkeel_reaction_lag_entries\{reaction="seal"\} [1-9]/)
    const metrics = await text()
    expect(metrics).toMatch(/evenkeel_reaction_lag_seconds\{reaction="seal"\} \d/)
    expect(metrics).toMatch(/evenkeel_reaction_set_aside\{reaction="seal"\} 0/)
    expect(metrics).toMatch(/evenkeel_jobs\{queue="mail_dead",state="created"\} 0/)
    expect(metrics).toMatch(/evenkeel_live_streams 3/)
    expect(metrics).toMatch(/evenkeel_journal_follow_lag_seconds \d{2,}/)
    expect(metrics).toMatch(/evenkeel_database_connections\{state="waiting"\} 0/)
    expect(metrics).toMatch(/nodejs_eventloop_lag_p99_seconds /)
    expect(metrics).toMatch(/process_resident_memory_bytes /)
  })

  test('strangers find no such address: not from elsewhere, not through a proxy, not under another name', async () => {
    for (const visitor of [
      { remoteAddress: '203.0.113.7' },
      { headers: { 'x-forwarded-for': '203.0.113.7' } },
      { headers: { host: 'desk.example' } },
    ])
      expect((await app.inject({ url: '/metrics', ...visitor })).statusCode).toBe(404)
  })

  test('with a public address or a token, only the token opens them', async () => {
    const metrics = createMetrics({ database: world.database })
    for (const [token, hasPublicAddress, authorization, status] of [
      [undefined, true, undefined, 404],
      ['a-long-enough-token', true, undefined, 404],
      ['a-long-enough-token', false, 'Bearer another', 404],
      ['a-long-enough-token', true, 'Bearer a-long-enough-token', 200],
    ] as const) {
      const guarded = await plainHttp()
      serveMetrics(guarded, metrics, { token, hasPublicAddress })
      const headers = authorization === undefined ? {} : { authorization }
      expect((await guarded.inject({ url: '/metrics', headers })).statusCode).toBe(status)
      await guarded.close()
    }
  })

  test('a database that does not answer takes only its own numbers along', async () => {
    const gone = {
      ...world.database,
      pool: { totalCount: 0, idleCount: 0, waitingCount: 0, query: () => Promise.reject(new Error('gone')) },
    }
    const metrics = createMetrics({ database: gone as unknown as World['database'], queues: ['mail'] })
    expect(await metrics.text()).toMatch(/process_resident_memory_bytes \d/)
  })
})

describe('health', () => {
  test('ready turns red while the database is away, refusing or silent, and green again; live stays green', async () => {
    let mode: 'open' | 'refusing' | 'silent' = 'open'
    const sockets = new Set<Socket>()
    const socketPath = decodeURIComponent(/host=([^&]+)/.exec(world.test.appUrl)?.[1] ?? '')
    const proxy = createServer((client) => {
      sockets.add(client)
      client.on('error', () => {})
      if (mode === 'refusing') client.destroy()
      if (mode !== 'open') return
      const server = connect(`${socketPath}/.s.PGSQL.5432`)
      server.on('error', () => client.destroy())
      client.on('close', () => server.destroy())
      client.on('data', (chunk) => mode === 'silent' || server.write(chunk))
      server.on('data', (chunk) => mode === 'silent' || client.write(chunk))
      server.on('close', () => client.destroy())
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const address = proxy.address()
    const port = typeof address === 'object' ? address?.port : 0
    const name = /@\/([^?]+)/.exec(world.test.appUrl)?.[1] ?? ''
    const probe = databaseProbe(`postgres://evenkeel_app@127.0.0.1:${port}/${name}`)
    const app = await plainHttp()
    serveHealth(app, {
      notReady: async () => ((await probe.answers()) ? null : 'the database does not answer'),
    })
    const status = async (path: string): Promise<number> => (await app.inject({ url: path })).statusCode

    expect(await status('/health/ready')).toBe(200)
    mode = 'silent'
    const red = await app.inject({ url: '/health/ready' })
    expect(red.statusCode).toBe(503)
    expect(red.headers['retry-after']).toBe('2')
    expect(red.json()).toEqual({ status: 'not ready', reason: 'the database does not answer' })
    expect(await status('/health/live')).toBe(200)
    mode = 'open'
    expect(await status('/health/ready')).toBe(200)
    mode = 'refusing'
    for (const socket of sockets) socket.destroy()
    expect(await status('/health/ready')).toBe(503)
    mode = 'open'
    expect(await status('/health/ready')).toBe(200)
    await app.close()
    await probe.end()
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
})

describe('limits', () => {
  let app: FastifyInstance
  beforeAll(async () => {
    app = await createApi(world.database, { clock: world.clock.now, perMinute: 5 })
    serveHealth(app, { notReady: async () => null })
  })
  afterAll(() => app.close())
  const ask = (headers: Record<string, string> = {}, remoteAddress = '203.0.113.7', url = '/api/v1/me') =>
    app.inject({ url, headers, remoteAddress })

  test('each session has its own allowance, told in headers, and the answer beyond it says when to come back', async () => {
    const [one, two] = [await tenant.person('Ona', 'requester'), await tenant.person('Dua', 'requester')]
    for (let count = 4; count >= 0; count -= 1) {
      const answer = await ask({ cookie: one.cookie })
      expect(answer.statusCode).toBe(200)
      expect(answer.headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': String(count) })
    }
    const refused = await ask({ cookie: one.cookie })
    expect(refused.statusCode).toBe(429)
    expect(refused.json()).toMatchObject({ code: 'too_many_requests' })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await ask({ cookie: two.cookie })).statusCode).toBe(200)
  })

  test('those who are nobody share the allowance of their address, and made-up credentials gain nothing', async () => {
    const { newCredential } = await import('../platform/http/credential.ts')
    const { uuidv7 } = await import('../kernel/uuid.ts')
    const from = '2001:db8:0:1::1'
    for (let count = 0; count < 5; count += 1) {
      const { text } = newCredential(tenant.id, uuidv7())
      expect((await ask({ authorization: `Bearer ek_${text}` }, from)).statusCode).toBe(401)
    }
    expect((await ask({}, '2001:db8:0:1::ffff')).statusCode).toBe(429)
    expect((await ask({}, '2001:db8:0:2::1')).statusCode).toBe(401)
    // Somebody who is signed in at that address goes on, and so do probes.
    const person = await tenant.person('Tri', 'requester')
    expect((await ask({ cookie: person.cookie }, from)).statusCode).toBe(200)
    expect((await ask({}, from, '/health/live')).statusCode).toBe(200)
  })

  test('forwarded addresses are believed from a proxy only', async () => {
    for (let count = 0; count < 5; count += 1)
      await ask({ 'x-forwarded-for': `198.51.100.${count}` }, '203.0.113.99')
    expect((await ask({ 'x-forwarded-for': '198.51.100.77' }, '203.0.113.99')).statusCode).toBe(429)
  })

  test('a process that is late turns the API away for a moment, and still says that it lives', async () => {
    const { guard } = await import('../platform/http/guard.ts')
    const late = await plainHttp()
    await guard(late, { perMinute: 1e6, authenticate: async () => null, latestMs: 1 })
    serveHealth(late, { notReady: async () => null })
    late.get('/api/v1/anything', async () => 'ok')
    await late.ready()
    for (;;) {
      const answer = await late.inject({ url: '/api/v1/anything' })
      if (answer.statusCode === 503) {
        expect(answer.json()).toMatchObject({ code: 'unavailable' })
        expect(answer.headers['retry-after']).toBe('2')
        break
      }
      const busyUntil = performance.now() + 50
      while (performance.now() < busyUntil);
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect((await late.inject({ url: '/health/live' })).statusCode).toBe(200)
    await late.close()
  })
})

test('traces go to the collector: the route and how it ended, as part of the trace of whoever asked', async () => {
  const received: Buffer[] = []
  const collector = createHttpServer((request, response) => {
    request.on('data', (chunk: Buffer) => received.push(Buffer.from(`${request.url ?? ''} `), chunk))
    request.on('end', () => response.end())
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const address = collector.address()
  const traces = await startTraces(
    `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`,
    '1.2.3',
  )
  const app = await plainHttp()
  traces.attach(app)
  app.get('/things/:id', { config: { route: 'readThing' } as object }, async () => 'ok')
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  await app.inject({
    url: '/things/canary?q=canary',
    headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01`, 'user-agent': 'canary', cookie: 'a=canary' },
  })
  await app.close()
  await traces.stop()
  collector.close()
  const sent = Buffer.concat(received)
  expect(sent.toString('latin1')).toMatch(/^\/v1\/traces /)
  expect(sent.includes('GET readThing')).toBe(true)
  expect(sent.includes(Buffer.from(trace, 'hex'))).toBe(true)
  expect(sent.includes('canary')).toBe(false)
})
