import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, signingIn } from '../../../test/signing-in.ts'
import { createWorld, type World } from '../../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const { browserAt, somebody, journalOf } = signingIn(() => world)

describe('A49: nobody else makes a browser act', () => {
  const forms: readonly [string, Record<string, string>][] = [
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a page of a neighbouring host', { 'sec-fetch-site': 'same-site', origin: 'http://evil.localhost' }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a host that only begins alike', { origin: 'http://localhost:4600.evil.example' }],
  ]
  test.each(forms)(
    'A49: %s is refused, changes nothing, and the refusal is on record',
    async (name, headers) => {
      const slug = `forged-${forms.findIndex(([one]) => one === name)}`
      const tenant = await world.tenant(slug)
      const rita = await somebody(tenant, slug)
      await rita.signIn()
      const answer = await rita.browser.send('PATCH', '/me', { phone: '666' }, headers)
      expect(answer).toMatchObject({ status: 403, body: { code: 'cross_site' } })
      expect((await rita.browser.api.me()).person.phone).toBe('')
      // Signing somebody into the attacker's account is refused the same way.
      expect(
        (await browserAt().send('POST', '/session', { tenant: slug, email: rita.email, password }, headers))
          .status,
      ).toBe(403)
      expect(await journalOf(tenant.id, 'access.refused')).toMatchObject([
        { data: { route: 'editMe', code: 'cross_site' }, subject_id: rita.id },
      ])
    },
  )
  test('A49: the application itself, its own address behind a proxy, and programs pass', async () => {
    const tenant = await world.tenant('own-site')
    const rita = await somebody(tenant, 'own-site')
    await rita.signIn()
    for (const headers of [
      { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:4600' },
      { origin: 'http://localhost:4600', host: 'inner:8080' },
      { origin: 'http://localhost:8080', host: 'localhost:8080' },
      {},
    ] as Record<string, string>[]) {
      expect((await rita.browser.send('PATCH', '/me', { phone: '1' }, headers)).status).toBe(204)
    }
  })
  test('A49: a form cannot send what the API reads', async () => {
    const tenant = await world.tenant('forms')
    const rita = await somebody(tenant, 'forms')
    await rita.signIn()
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expect(
        (await rita.browser.send('PATCH', '/me', '{"phone":"666"}', { 'content-type': type })).status,
      ).toBe(415)
    }
  })
})

describe('A53: other origins get nothing', () => {
  test.each(['https://evil.example', 'null', 'http://localhost:4600.evil.example', 'http://localhost:4600'])(
    'A53: %s is given no leave to read or to ask with credentials',
    async (origin) => {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await browserAt().send(method, '/session/options', undefined, {
          origin,
          'access-control-request-method': 'POST',
        })
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
      }
    },
  )
  test('A53: there is no WebSocket to upgrade to', async () => {
    const answer = await browserAt().send('GET', '/session/options', undefined, {
      origin: 'https://evil.example',
      connection: 'Upgrade',
      upgrade: 'websocket',
    })
    expect(answer.status).not.toBe(101)
  })
})
