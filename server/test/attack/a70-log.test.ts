import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '@evenkeel/contract/api'
import type { Route } from '@evenkeel/contract/route'
import { createLog } from '../../src/app/log.ts'
import { knocker } from './knock.ts'
import { setStage, type Stage } from './stage.ts'

// Attack test A70: nothing that somebody sends is in the log: not what is accepted, not what is refused, not what breaks, at no level.

const canary = 'zzcanaryzz'
let stage: Stage
let log = ''
let requestOf: Awaited<ReturnType<typeof knocker>>
beforeAll(async () => {
  const destination = new Writable({
    write: (chunk: Buffer, _, done) => {
      log += chunk.toString()
      done()
    },
  })
  stage = await setStage({ logger: createLog('trace', destination) })
  requestOf = await knocker(stage)
})
afterAll(() => stage.end())

const routes = Object.entries<Route>(api).filter(([, route]) => route.media?.answer !== 'text/event-stream')

/** The body with the canary in every text, one after the other and all at once, and as a field. */
const planted = (body: Record<string, unknown>): Record<string, unknown>[] => {
  const all = JSON.parse(
    JSON.stringify(body, (_, value: unknown) => (typeof value === 'string' ? `${value} ${canary}` : value)),
  ) as Record<string, unknown>
  const single = Object.entries(body).flatMap(([key, value]) =>
    typeof value === 'string' ? [{ ...body, [key]: `${value} ${canary}` }] : [],
  )
  return [...single, all, { ...body, [canary]: canary }]
}
const headers = {
  'user-agent': canary,
  referer: `https://x.test/${canary}`,
  'x-forwarded-for': canary,
  'x-forwarded-host': canary,
  'x-request-id': canary,
  'accept-language': canary,
  'idempotency-key': canary,
}
const secrets = (): Record<string, string>[] => [
  { authorization: `Bearer ${canary}` },
  { authorization: `Bearer ek_${canary}` },
  { authorization: `Basic ${Buffer.from(canary).toString('base64')}` },
  { cookie: `evenkeel=${canary}` },
  { cookie: stage.people.maker.cookie, 'if-match': canary },
]

describe('A70: the log', () => {
  test('A70: holds nothing of what is asked for, accepted and refused, on any route', async () => {
    for (const [name, route] of routes) {
      const request = await requestOf(name, route)
      const mark = request.url.includes('?') ? '&' : '?'
      // Some of these end the session that they come with.
      await stage.visitors.admin.renew()
      const as = stage.visitors.admin.headers()
      const send = (url: string, body: unknown, more: Record<string, string> = {}) =>
        stage.send(stage.visitors.stranger, {
          method: route.method,
          url,
          body,
          headers: { ...request.headers, ...headers, ...more },
        })
      const bodies = request.body === undefined ? [undefined] : planted(request.body)
      // Passwords are slow to try on purpose: there, all texts at once have to do.
      for (const body of route.path.startsWith('/session') ? bodies.slice(-2) : bodies)
        await send(request.url, body, as)
      await send(`${request.url}${mark}${canary}=${canary}&q=${canary}`, request.body, as)
      await send(request.url.replace(/[0-9a-f-]{36}/, canary), request.body, as)
      await send(`${request.url}/${canary}`, undefined)
      if (route.body !== undefined)
        for (const broken of [
          `{"${canary}":`,
          `{"a":"${canary}\\u0000"}`,
          `["${canary}"]`,
          canary,
          `{"a":1e999,"b":"${canary}"}`,
        ])
          await send(request.url, broken, as)
    }
    for (const secret of secrets())
      await stage.send(stage.visitors.stranger, { method: 'GET', url: '/api/v1/me', headers: secret })
    for (const query of [`q=${canary}`, `q=title:`, `filter=${canary}`, `sort=${canary}`, `cursor=${canary}`])
      await stage.send(stage.visitors.admin, { method: 'GET', url: `/api/v1/incidents?${query}` })
    expect(log).not.toContain(canary)
  })
  test('A70: holds nothing of what a failure of the database repeats', async () => {
    // A trigger that repeats the row in its message, its detail and its hint, as types, checks and extensions do.
    await stage.world.asAdmin(`
      create function repeat_row() returns trigger language plpgsql as $$ begin
        raise exception 'broken by a trigger: "%"', new::text using detail = new::text, hint = new::text;
      end $$`)
    for (const table of ['record', 'comment', 'person', 'team', 'service', 'template', 'saved_view', 'role'])
      await stage.world.asAdmin(
        `create trigger repeat_row before insert or update on ${table} for each row execute function repeat_row()`,
      )
    const before = log.length
    for (const [name, route] of routes.filter(([, { method }]) => method !== 'GET')) {
      await stage.visitors.admin.renew().catch(() => {})
      const request = await requestOf(name, route).catch(() => undefined)
      for (const body of request?.body === undefined ? [] : planted(request.body))
        await stage.send(stage.visitors.stranger, {
          method: route.method,
          url: request?.url ?? '',
          headers: { ...stage.visitors.admin.headers(), ...request?.headers },
          body,
        })
    }
    // The failures were logged, which is what makes their silence worth something.
    expect(log.slice(before)).toContain('a request failed')
    expect(log.slice(before)).toContain('broken by a trigger')
    expect(log).not.toContain(canary)
    for (const person of Object.values(stage.people)) expect(log).not.toContain(person.cookie.split('=')[1])
  })
})
