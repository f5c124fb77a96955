import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import { permissions, type Permission } from '@evenkeel/contract/permission'
import { openBrowser } from '../../../test/browser.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { createApiKeyFor } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const inDays = (days: number): string =>
  new Date(Date.parse(world.clock.now()) + days * 86_400_000).toISOString()
const keyOf = async (person: TestPerson, ...names: Permission[]) => {
  const { id, secret } = await person.api.createApiKey({
    body: { name: 'script', permissions: names, expiresAt: inDays(30) },
  })
  return { id, secret, by: openBrowser(world.app, { authorization: `Bearer ${secret}` }) }
}

describe('A17: an API key', () => {
  test('A17: does what it was made for, as its person, and the journal names both', async () => {
    const tenant = await world.tenant('keys')
    const rita = await tenant.person('Rita', 'agent')
    const { id, by } = await keyOf(rita, 'incident.raise', 'incident.read')
    const raised = await by.api.raiseIncident({ body: { title: 'Made by a script', channel: 'api' } })
    expect((await by.api.readIncident({ params: { id: raised.id } })).requester.id).toBe(rita.id)
    expect(await by.api.me()).toMatchObject({ person: { id: rita.id }, session: null })
    const entry = await read(world.database, tenant.id, (q) =>
      q.one<object>({
        text: `select actor_kind, actor_id, on_behalf_of, via from journal where tenant_id = $1 and type = 'incident.raised'`,
        values: [tenant.id],
      }),
    )
    expect(entry).toEqual({ actor_kind: 'key', actor_id: id, on_behalf_of: rita.id, via: 'key' })
  })
  test('A17: made for reading does not write, whatever its person may', async () => {
    const tenant = await world.tenant('reading')
    const ada = await tenant.person('Ada', 'administrator')
    const { by } = await keyOf(ada, 'incident.read', 'person.read')
    expect((await by.send('GET', '/people')).status).toBe(200)
    for (const [method, path, body] of [
      ['POST', '/incidents', { title: 'x' }],
      ['POST', '/people', { name: 'x', email: 'x@reading.test' }],
      ['POST', '/teams', { name: 'x' }],
      ['POST', '/services', { name: 'x', supportTeamId: tenant.deskId }],
    ] as const) {
      expect([path, await by.send(method, path, body)]).toEqual([
        path,
        expect.objectContaining({ status: 403, body: expect.objectContaining({ code: 'forbidden' }) }),
      ])
    }
  })
  test('A17: cannot be given more than its person has, and gives nothing any more when the person loses it', async () => {
    const tenant = await world.tenant('subset')
    const rita = await tenant.person('Rita', 'requester', 'agent')
    await expect(keyOf(rita, 'incident.read', 'person.manage', 'role.manage')).rejects.toMatchObject({
      status: 403,
      body: { reasons: [{ code: 'person.manage' }, { code: 'role.manage' }] },
    })
    const { by } = await keyOf(rita, 'person.read')
    const ada = await tenant.person('Ada', 'administrator')
    const { rows } = await ada.api.listRoles()
    await ada.api.takeRole({
      params: { id: rita.id, roleId: rows.find((role) => role.key === 'agent')?.id ?? '' },
    })
    expect((await by.send('GET', '/people')).status).toBe(403)
  })
  test('A17: of one tenant is a stranger in another', async () => {
    const [one, two] = [await world.tenant('key-a'), await world.tenant('key-b')]
    const ada = await one.person('Ada', 'administrator')
    const bert = await two.person('Bert', 'administrator')
    const { by } = await keyOf(ada, 'person.read', 'person.manage')
    expect((await by.send('GET', `/people/${bert.id}`)).status).toBe(404)
    // The same key claiming to be of the other tenant opens nothing.
    const bytes = Buffer.from((await keyOf(ada, 'person.read')).secret.slice(3), 'base64url')
    Buffer.from(two.id.replaceAll('-', ''), 'hex').copy(bytes)
    const forged = openBrowser(world.app, { authorization: `Bearer ek_${bytes.toString('base64url')}` })
    expect((await forged.send('GET', '/me')).status).toBe(401)
  })
  test('A17: makes no key, touches no credential, session or right: on every route that asks for a session', async () => {
    const tenant = await world.tenant('keyless')
    const ada = await tenant.person('Ada', 'administrator')
    const all = Object.keys(permissions).filter((name): name is Permission => name in permissions)
    const mine = (await ada.api.me()).permissions.map((one) => one.permission)
    const { by } = await keyOf(ada, ...all.filter((name) => mine.includes(name)))
    const closed = Object.values(api).filter((route) => 'recentSignIn' in route || 'sessionOnly' in route)
    expect(closed.length).toBeGreaterThan(20)
    for (const route of closed) {
      const path = addressOf(route, { id: ada.id, roleId: ada.id, personId: ada.id, keyId: ada.id }).replace(
        '/api/v1',
        '',
      )
      const answer = await by.send(route.method, path, 'body' in route ? {} : undefined, {
        'if-match': '"1"',
      })
      expect([route.summary, answer.status, answer.body['code']]).toEqual([route.summary, 403, 'forbidden'])
    }
  })
  test('A17: in an address is refused even if it is right, with a session beside it or not', async () => {
    const tenant = await world.tenant('address')
    const rita = await tenant.person('Rita', 'agent')
    const { secret } = await keyOf(rita, 'incident.read')
    for (const name of ['key', 'api_key', 'access_token', 'authorization']) {
      for (const headers of [{}, { cookie: rita.cookie }] as Record<string, string>[]) {
        const answer = await openBrowser(world.app).send('GET', `/me?${name}=${secret}`, undefined, headers)
        expect(answer).toMatchObject({ status: 400, body: { code: 'malformed' } })
      }
    }
  })
  test('A17: shows its secret once: no other answer, no journal entry and no row has it', async () => {
    const tenant = await world.tenant('shown')
    const rita = await tenant.person('Rita', 'agent')
    const { id, secret } = await keyOf(rita, 'incident.read')
    expect(secret).toMatch(/^ek_[A-Za-z0-9_-]{86}$/)
    const listed = await rita.api.listApiKeys()
    expect(listed.rows).toMatchObject([
      { id, name: 'script', permissions: ['incident.read'], lastUsedAt: null },
    ])
    const kept = await read(world.database, tenant.id, (q) =>
      q.one<{ text: string }>({
        text: `select (select json_agg(k) from api_key k where tenant_id = $1)::text || (select json_agg(j) from journal j where tenant_id = $1)::text as text`,
        values: [tenant.id],
      }),
    )
    const random = Buffer.from(secret.slice(3), 'base64url').subarray(32)
    for (const text of [JSON.stringify(listed), kept.text]) {
      for (const form of [secret.slice(46), random.toString('hex'), random.toString('base64')])
        expect(text).not.toContain(form)
    }
  })
  test('A17: revoked by its person or an administrator, or expired, ends at once', async () => {
    const tenant = await world.tenant('revoked')
    const rita = await tenant.person('Rita', 'agent')
    const ada = await tenant.person('Ada', 'administrator')
    const [one, two, three] = [
      await keyOf(rita, 'person.read'),
      await keyOf(rita, 'person.read'),
      await keyOf(rita, 'person.read'),
    ]
    const works = async () =>
      Promise.all([one, two, three].map(async ({ by }) => (await by.send('GET', '/people')).status))
    expect(await works()).toEqual([200, 200, 200])
    await rita.api.revokeApiKey({ params: { id: one.id } })
    expect(await works()).toEqual([401, 200, 200])
    await ada.api.revokeApiKeyOf({ params: { id: rita.id, keyId: two.id } })
    expect(await works()).toEqual([401, 401, 200])
    expect((await ada.api.listApiKeysOf({ params: { id: rita.id } })).rows.map((key) => key.id)).toEqual([
      three.id,
    ])
    world.clock.advance(30 * 86_400_000)
    expect(await works()).toEqual([401, 401, 401])
    await expect(ada.api.revokeApiKey({ params: { id: three.id } })).rejects.toMatchObject({ status: 404 })
  })
  test('A17: lasts a year at most and begins in the future', async () => {
    const tenant = await world.tenant('year')
    const rita = await tenant.person('Rita', 'agent')
    for (const expiresAt of [inDays(0), inDays(-1), inDays(367)]) {
      await expect(
        rita.api.createApiKey({ body: { name: 'k', permissions: ['incident.read'], expiresAt } }),
      ).rejects.toMatchObject({ status: 422, body: { reasons: [{ field: 'expiresAt' }] } })
    }
    // An operator's key is under the same rules.
    await expect(
      createApiKeyFor(world.database, tenant.author(), rita.id, {
        name: 'k',
        permissions: ['role.manage'],
        expiresAt: inDays(1),
      }),
    ).rejects.toMatchObject({ code: 'forbidden' })
  })
  test.each([
    'Bearer',
    'Bearer ek_',
    'Basic YWRtaW46YWRtaW4=',
    'Bearer null',
    'Bearer ek_%00',
    `Bearer ek_${'A'.repeat(86)}`,
  ])('A17: "%s" is nobody, even with a good session beside it', async (authorization) => {
    const tenant = await world.tenant(
      `nobody-${authorization.length}-${Buffer.from(authorization).toString('hex').slice(14, 20) || 'x'}`,
    )
    const rita = await tenant.person('Rita', 'agent')
    const answer = await openBrowser(world.app).send('GET', '/me', undefined, {
      authorization,
      cookie: rita.cookie,
    })
    expect(answer.status).toBe(401)
  })
})
