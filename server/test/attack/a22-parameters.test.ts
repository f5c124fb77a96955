import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { api } from '@evenkeel/contract/api'
import type { Route } from '@evenkeel/contract/route'
import { foreignThings } from './foreign.ts'
import { knocker } from './knock.ts'
import { hashOfTenant, setStage, type Stage } from './stage.ts'

// Attack test A22: every parameter of every address and the headers that reach a statement, with what would end a string, a comment or a
// statement. Each is text or a refusal: nothing fails, nothing sleeps, nothing of another tenant comes along, nothing is changed.

let stage: Stage
let requestOf: Awaited<ReturnType<typeof knocker>>
let foreignId: string
let before: Record<string, string>[]
beforeAll(async () => {
  stage = await setStage()
  foreignId = (await foreignThings(stage)).tenantId
  requestOf = await knocker(stage)
  // What the requests are about is made first: only attacks come after the hash.
  for (const [name, route] of routes) await requestOf(name, route)
  before = await hashes()
})
afterAll(() => stage.end())

const hashes = async (): Promise<Record<string, string>[]> => [
  await hashOfTenant(stage.world, stage.harbor.id),
  await hashOfTenant(stage.world, foreignId),
]
const routes = Object.entries<Route>(api).filter(
  ([, route]) => route.method === 'GET' && route.media?.answer !== 'text/event-stream',
)
const payloads: readonly string[] = [
  "'",
  "''",
  "' or '1'='1",
  "' or 1=1 --",
  "') or ('1'='1",
  "'; update person set name = 'PWNED'; --",
  "'; drop table record cascade; --",
  "' union select null, title, null from record --",
  "' union all select secret_hash::text from session --",
  '1; select pg_sleep(20)',
  "' || pg_sleep(20) || '",
  '1) or pg_sleep(20) is not null --',
  '" or ""="',
  '"; select 1; --',
  '$1',
  '$$; select 1; $$',
  "E'\\'; select 1 --",
  "\\'; select 1; --",
  '/**/or/**/1=1',
  "x' and 1=cast((select title from record limit 1) as int) --",
  "set_config('evenkeel.tenant', '', false)",
  "', set_config('evenkeel.tenant', '00000000-0000-0000-0000-000000000000', true), '",
  '%27%20or%201=1',
  '%',
  '_',
  '\\',
  '\u0000',
  '\u02bc or 1=1',
  '\uff07 or 1=1',
  '{{7*7}}',
  '${7*7}',
  '1e309',
  '-1',
  '99999999999999999999',
  'NaN',
  'null',
  '../../x',
]
const parametersOf = (route: Route): string[] =>
  route.query instanceof z.ZodObject ? Object.keys(route.query.shape) : []

/** An attack may be answered with less, never with a failure; it may be taken as text, never as a statement. */
const judge = async (what: string, url: string, headers: Record<string, string> = {}): Promise<void> => {
  const answer = await stage.send(stage.visitors.admin, { method: 'GET', url, headers })
  expect([what, answer.statusCode < 500]).toEqual([what, true])
  expect([what, stage.leaks('admin', answer)]).toEqual([what, []])
  expect(answer.payload).not.toMatch(/syntax error|pg_catalog|invalid input syntax|relation ".*" does not/)
}

describe('A22: what looks like SQL', () => {
  test.each(routes.filter(([, route]) => parametersOf(route).length > 0))(
    'A22: in any parameter of %s',
    async (name, route) => {
      const { url } = await requestOf(name, route)
      for (const parameter of parametersOf(route)) {
        for (const payload of payloads) {
          const address = new URL(url, 'http://localhost')
          address.searchParams.set(parameter, payload)
          await judge(`${parameter}=${payload}`, address.pathname + address.search)
        }
      }
    },
  )
  test.each(routes.filter(([, route]) => route.path.includes('{')))(
    'A22: in the address of %s',
    async (name, route) => {
      const { url } = await requestOf(name, route)
      const [path = ''] = url.split('?')
      for (const payload of payloads)
        for (const [at, part] of path.split('/').entries())
          if (/^[0-9a-f-]{36}$/.test(part))
            await judge(payload, path.split('/').with(at, encodeURIComponent(payload)).join('/'))
    },
  )
  test('A22: in headers that reach a statement', async () => {
    const { id } = await stage.people.r1.api.raiseIncident({ body: { title: 'For headers' } })
    before = await hashes()
    for (const payload of payloads.filter((text) => /^[\x20-\x7e]*$/.test(text))) {
      for (const header of [
        'if-match',
        'idempotency-key',
        'last-event-id',
        'user-agent',
        'x-forwarded-for',
        'accept-language',
        'x-request-id',
      ])
        await judge(`${header}: ${payload}`, `/api/v1/incidents/${id}`, { [header]: payload })
      const answer = await stage.send(stage.visitors.admin, {
        method: 'PATCH',
        url: `/api/v1/incidents/${id}`,
        headers: { 'if-match': payload },
        body: { category: 'x' },
      })
      expect([payload, answer.statusCode]).toEqual([payload, 400])
    }
  })
  test('A22: in a filter as JSON: as a field, an operator, a value, an order', async () => {
    for (const payload of payloads) {
      for (const filter of [
        { field: payload, op: '=', value: 'x' },
        { field: `custom.${payload}`, op: '=', value: 'x' },
        { field: 'title', op: payload, value: 'x' },
        { field: 'title', op: 'contains', value: payload },
        { field: 'team', op: '=', value: payload },
        { field: 'priority', op: 'in', value: [payload] },
        { field: 'created', op: 'within', value: [payload, payload] },
        { [payload]: [] },
      ])
        await judge(
          JSON.stringify(filter),
          `/api/v1/incidents?filter=${encodeURIComponent(JSON.stringify(filter))}`,
        )
      await judge(`sort ${payload}`, `/api/v1/incidents?sort=${encodeURIComponent(`title,${payload}`)}`)
    }
  })
  test('A22: and nothing was changed or lost by any of it', async () => {
    expect(await hashes()).toEqual(before)
    const admin = new Client({ connectionString: stage.world.test.adminUrl })
    await admin.connect()
    const { rows } = await admin.query<{ n: string }>(
      "select count(*) as n from person where name like '%PWNED%'",
    )
    await admin.end()
    expect(rows[0]?.n).toBe('0')
  })
})
