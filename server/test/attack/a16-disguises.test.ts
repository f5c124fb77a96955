import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { Route } from '@evenkeel/contract/route'
import { hashOfTenant, setStage, type Stage } from './stage.ts'
import { nobody } from './things.ts'

// Attack test A16: a route has one address and one method. A requester who asks for an administrator's route in disguise gets nowhere,
// and neither does a stranger.

let stage: Stage
let before: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  before = await hashOfTenant(stage.world, stage.harbor.id)
})
afterAll(() => stage.end())

const guarded: readonly (readonly [string, Route])[] = Object.entries(api).filter(
  ([, { access }]) => access !== 'anyone',
)
const params = (): Record<string, string> => ({
  id: stage.people.third.id,
  personId: stage.people.third.id,
  roleId: nobody,
  keyId: nobody,
  toId: nobody,
  type: 'related',
  kind: 'routing',
  macroId: nobody,
  replyId: nobody,
  reaction: 'tell_people',
  entryId: nobody,
})

/** `gone`: the address is none at all, whoever asks. The others may mean the route, which then answers as it always does. */
type Disguise = { method: string; url: string; headers?: Record<string, string>; gone?: true }
/** Below this address live things by id, so that a slash at its end asks for the thing whose id is empty. */
const emptyId = ({ method, path }: Route): boolean =>
  Object.values<Route>(api).some(
    (other) =>
      other.method === method &&
      /^\/\{\w+\}$/.test(other.path.slice(path.length)) &&
      other.path.startsWith(path),
  )

const disguisesOf = (route: Route): Disguise[] => {
  const url = addressOf(route, params())
  const { method } = route
  const last = url.at(-1) ?? ''
  const overridden = (header: string): Disguise => ({
    method: method === 'GET' ? 'POST' : 'GET',
    url,
    headers: { [header]: method },
  })
  return [
    overridden('x-http-method-override'),
    overridden('x-http-method'),
    overridden('x-method-override'),
    { method: method === 'GET' ? 'POST' : 'GET', url: `${url}?_method=${method}` },
    { method, url: `${url}/`, ...(emptyId(route) ? {} : { gone: true }) },
    { method, url: `/${url}`, gone: true },
    { method, url: url.replace('/v1/', '//v1/'), gone: true },
    { method, url: url.replace('/api/', '/api/./') },
    { method, url: url.replace('/api/v1/', '/api/v1/x/../') },
    { method, url: url.replace('/api/v1/', '/api/v1/%2e/') },
    { method, url: url.replace('/api/', '/API/'), gone: true },
    { method, url: url.replace('/v1/', '/V1/'), gone: true },
    { method, url: url.replace('/v1/', '%2Fv1%2F'), gone: true },
    { method, url: `${url.slice(0, -1)}%${last.charCodeAt(0).toString(16)}` },
    { method, url: `${url}%00` },
    { method, url: `${url};a=b` },
    { method, url: `${url}.json` },
    { method, url: `${url}%20` },
    { method, url: url.replace('/api/v1', '/api/v1\\') },
    { method: 'HEAD', url },
    { method: 'OPTIONS', url },
    { method: 'TRACE', url },
  ]
}

describe('A16: an address in disguise', () => {
  test.each(guarded)('A16: %s answers to one method at one address', async (_, route) => {
    const plain: Partial<Record<'r1' | 'stranger', number>> = {}
    for (const name of ['r1', 'stranger'] as const) {
      const visitor = stage.visitors[name]
      // What this person may do anyway is no escalation; changing calls would end the visit, and the stream never ends.
      const mayAnyway = name === 'r1' && (route.access === 'signed in' || mayRita.has(route.access))
      if (mayAnyway && (route.method !== 'GET' || route.media?.answer === 'text/event-stream')) continue
      const answer = await stage.send(visitor, { method: 'OPTIONS', url: addressOf(route, params()) })
      plain[name] = answer.statusCode
      for (const disguise of disguisesOf(route)) {
        const answered = await stage.send(visitor, disguise)
        const told = [
          disguise.method,
          disguise.url,
          JSON.stringify(disguise.headers ?? {}),
          answered.statusCode,
        ]
        const expected = (status: number): boolean =>
          disguise.gone === true
            ? status === 404
            : // A GET under which another route of hers lives answers as that route.
              status < 500 && (status >= 400 || mayAnyway || sameAddress(disguise))
        expect(told).toEqual([...told.slice(0, 3), expect.toSatisfy(expected)])
        expect(stage.leaks(name, answered)).toEqual([])
      }
    }
    // No method is told of that is not there, and no other site is invited.
    for (const status of Object.values(plain)) expect(status).toBe(404)
  })
  test('A16: and nothing was changed by any of it', async () => {
    expect(withoutRefusals(await hashOfTenant(stage.world, stage.harbor.id))).toEqual(withoutRefusals(before))
  })
})

const mayRita = new Set<string>([
  'incident.read',
  'incident.raise',
  'incident.comment',
  'incident.affected',
  'incident.watch',
  'view.save',
  'service.read',
])

/** Whether the disguise is the true address of another route that the requester may call. */
const sameAddress = ({ method, url }: Disguise): boolean =>
  method === 'GET' &&
  Object.values(api as Record<string, Route>).some(
    (route) =>
      route.method === 'GET' &&
      (route.access === 'signed in' || route.access === 'anyone' || mayRita.has(route.access)) &&
      addressOf(route, params()) === url.split('?')[0],
  )

/** Refusals are journalled and sessions are seen; what anybody could have gained is everything else. */
const withoutRefusals = (hashes: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(hashes).filter(([table]) => !/^(journal|session|refus)/.test(table)))
