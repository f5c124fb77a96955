import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '@evenkeel/contract/api'
import type { Route } from '@evenkeel/contract/route'
import { knocker, type Request } from './knock.ts'
import { hashOfTenant, setStage, type Stage } from './stage.ts'

// Attack test A15: what a route does not name, it does not take: not beside the fields it knows, not inside them, not in the address. The
// requests are the smallest ones of the matrix, so that nothing but the addition can be what is refused.

let stage: Stage
let before: Record<string, string>
const requests = new Map<string, Request>()
beforeAll(async () => {
  stage = await setStage()
  const requestOf = await knocker(stage)
  // Everything the requests name is made first: what changes after the hash was changed by an attack.
  for (const [name, route] of [...withBody, ...withQuery]) requests.set(name, await requestOf(name, route))
  before = await hashOfTenant(stage.world, stage.harbor.id)
})
afterAll(() => stage.end())

const additions: readonly string[] = [
  'id',
  'tenantId',
  'tenant_id',
  'createdAt',
  'created_at',
  'number',
  'state',
  'approved',
  'roles',
  'isAdmin',
  'is_internal',
  'isBuiltIn',
  'sla_due',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
]
const withBody = Object.entries<Route>(api).filter(([, route]) => route.body !== undefined)
const withQuery = Object.entries<Route>(api).filter(([, route]) => route.query !== undefined)

/** Values inside which anything may stand: named by the person or by the class of an item, or made by the browser. */
const open = new Set(['custom', 'values', 'preferences', 'credential', 'response', 'kinds'])
/** The body with one more field in each object it holds, one at a time. */
const enlarged = (body: Record<string, unknown>, name: string): Record<string, unknown>[] => [
  // An own property, also where the name is one that every object inherits.
  { ...body, [name]: 'x' },
  ...Object.entries(body).flatMap(([key, value]) => {
    if (open.has(key) || key === 'document') return []
    if (Array.isArray(value))
      return value.flatMap((item: unknown, at) =>
        isObject(item) ? enlarged(item, name).map((more) => ({ ...body, [key]: value.with(at, more) })) : [],
      )
    return isObject(value) ? enlarged(value, name).map((more) => ({ ...body, [key]: more })) : []
  }),
]
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

describe('A15: more than a route takes', () => {
  test.each(withBody)('A15: %s takes no field that it does not name', async (name) => {
    const request = requests.get(name)
    expect(request?.body, `route-matrix.ts has no body for ${name}`).toBeDefined()
    if (request === undefined) return
    for (const addition of additions) {
      for (const body of enlarged(request.body ?? {}, addition)) {
        const answer = await stage.send(stage.visitors.admin, { ...request, body })
        expect([addition, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
          addition,
          422,
          'invalid',
        ])
      }
    }
  })
  test.each(withQuery)('A15: %s takes no parameter that it does not name, and none twice', async (name) => {
    const { method = '', url = '', headers = {} } = requests.get(name) ?? {}
    if (method !== 'GET') return
    const mark = url.includes('?') ? '&' : '?'
    for (const more of [
      'tenantId=x',
      'tenant_id=x',
      'fields=*',
      'include=journal',
      'constructor=x',
      '__proto__=x',
      '__proto__[limit]=1',
      'limit[$gt]=1',
      'q[]=x',
      'q=a&q=b',
      'limit=1&limit=2',
      'name=a&name=b',
    ]) {
      const answer = await stage.send(stage.visitors.admin, {
        method,
        url: `${url}${mark}${more}`,
        headers,
      })
      expect([more, answer.statusCode]).toEqual([more, 400])
    }
  })
  test('A15: and nothing was changed by any of it', async () => {
    expect(await hashOfTenant(stage.world, stage.harbor.id)).toEqual(before)
  })
})
