import { Writable } from 'node:stream'
import { api } from '@evenkeel/contract/api'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../test/world.ts'
import { logRequests } from '../platform/observe/request-log.ts'
import { createApi } from './api.ts'
import { createLog, describeError } from './log.ts'

// A70: what people send, and what errors repeat of it, never reaches the log: not through a header, a query, a path or a body.
const canary = 'kanari7vogel'

let world: World
let app: FastifyInstance
let person: TestPerson
let logged = ''
const sink = new Writable({
  write: (chunk: Buffer, _, done) => {
    logged += chunk.toString()
    done()
  },
})

beforeAll(async () => {
  world = await createWorld()
  const tenant = await world.tenant('acme')
  person = await tenant.person('Ada', 'administrator')
  app = await createApi(world.database, {
    clock: world.clock.now,
    logger: createLog('trace', sink),
    perMinute: 1e6,
  })
  logRequests(app)
})
afterAll(async () => {
  await app.close()
  await world.end()
})

const headers = {
  authorization: `Bearer ek_${canary}`,
  'x-forwarded-for': canary,
  'user-agent': canary,
  referer: `https://desk.example/?q=${canary}`,
  'idempotency-key': canary,
  'if-match': `"${canary}"`,
  'last-event-id': canary,
  'accept-language': canary,
  traceparent: canary,
  'x-custom': canary,
  origin: `https://${canary}.example`,
}
const uuid = '01a2029b-eb0d-73e3-acc6-a32ff4fdb78a'
const routes = Object.entries(api).filter(([name]) => name !== 'live')

/** The strings of a body that a route may take, each replaced by the canary: right shapes reach deeper than wrong ones. */
const bodies = (): unknown[] => [
  canary,
  { [canary]: canary },
  {
    title: canary,
    description: canary,
    body: canary,
    name: canary,
    email: `${canary}@acme.test`,
    password: canary,
    code: canary,
    reason: canary,
  },
  [{ a: [canary] }],
]

test('every route, with a canary in its path, its query, its headers and its body, as a stranger and as an administrator', async () => {
  for (const [, route] of routes) {
    for (const signedIn of [false, true]) {
      for (const [index, id] of [canary, uuid].entries()) {
        const { authorization: _, ...rest } = headers
        const url = `/api/v1${route.path.replaceAll(/\{\w+\}/g, id)}?q=${canary}&filter=${canary}&cursor=${canary}&${canary}=1`
        const body = bodies()[(index + Number(signedIn)) % bodies().length]
        await app.inject({
          method: route.method,
          url,
          headers: signedIn
            ? { ...rest, origin: 'http://localhost:4600', cookie: `${person.cookie}; other=${canary}` }
            : { ...headers, cookie: `evenkeel=${canary}` },
          ...(route.method === 'GET'
            ? {}
            : {
                payload: JSON.stringify(body),
                headers: { ...rest, cookie: person.cookie, 'content-type': 'application/json' },
              }),
        })
      }
    }
  }
  await app.inject({
    method: 'POST',
    url: `/${canary}`,
    payload: canary,
    headers: { 'content-type': canary },
  })
  await app.inject({
    method: 'POST',
    url: '/api/v1/incidents',
    payload: `{"${canary}"`,
    headers: { 'content-type': 'application/json' },
  })
  expect(logged.split('\n').length).toBeGreaterThan(routes.length)
  expect(logged).toContain('"route":"raiseIncident"')
  expect(logged).not.toContain(canary)
  expect(logged).not.toContain(person.cookie.split('=')[1])
  expect(logged).not.toMatch(/203\.0\.113|127\.0\.0\.1/)
}, 120_000)

test('a database that repeats values in its complaints does not get them into the log', async () => {
  await world.asAdmin(
    `create function complain() returns trigger language plpgsql as $$ begin raise exception 'no good: "%"', new.title using detail = new.title; end $$;
     create trigger complain before insert on record for each row execute function complain()`,
  )
  const { length } = logged
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/incidents',
    payload: { title: canary },
    headers: { cookie: person.cookie },
  })
  expect(answer.statusCode).toBe(500)
  expect(answer.body).not.toContain(canary)
  const lines = logged.slice(length)
  expect(lines).toMatch(
    /"level":"error".*"code":"P0001".*"message":"no good: …"|"level":"error".*"message":"no good: …".*"code":"P0001"/,
  )
  expect(lines).not.toContain(canary)
})

test('errors keep what helps and lose what they repeat', () => {
  const database = Object.assign(new Error(`invalid input syntax for type uuid: "${canary} "x" ${canary}"`), {
    code: '22P02',
    detail: `Key (email)=(${canary}) exists`,
    hint: canary,
    where: canary,
    table: 'person',
    parameters: [canary],
  })
  expect(describeError(database)).toEqual({
    name: 'Error',
    message: 'invalid input syntax for type uuid: …',
    code: '22P02',
    about: { table: 'person' },
    stack: expect.any(Array),
  })
  const parser = Object.assign(new Error('Parse Error: Invalid header'), { rawPacket: Buffer.from(canary) })
  const failures: unknown[] = [
    database,
    parser,
    new Error('outer', { cause: database }),
    new SyntaxError(`Unexpected token 'k', "${canary}" is not valid JSON`),
    `Key (email)=(${canary}) is there`,
    { message: canary },
  ]
  for (const failure of failures) expect(JSON.stringify(describeError(failure))).not.toContain(canary)
})
