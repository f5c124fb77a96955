import type { FastifyRequest } from 'fastify'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../../../test/browser.ts'
import { password, signingIn } from '../../../test/signing-in.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { defaultSite } from '../../platform/http/site.ts'
import { openDatabase } from '../../platform/postgres/database.ts'
import { authenticate, setPassword, suspendTenant } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const { browserAt, somebody, totpOf, withTotp } = signingIn(() => world)

describe('A48: a session cannot be fixed, kept or shared', () => {
  test('A48: the cookie is __Host-, Secure, HttpOnly and SameSite where there is TLS, and the plain name means nothing there', async () => {
    const secure = await createWorld({ secure: true, publicUrl: 'https://desk.example.org' })
    try {
      const tenant = await secure.tenant('tls')
      const person = await tenant.person('Rita', 'requester')
      await setPassword(secure.database, tenant.author(), person.id, password)
      const browser = openBrowser(secure.app)
      const answer = await browser.send('POST', '/session', {
        tenant: 'tls',
        email: 'rita@tls.test',
        password,
      })
      expect(answer.status).toBe(200)
      expect(browser.setCookies).toHaveLength(1)
      const [name, ...attributes] = browser.setCookies[0]?.split('; ') ?? []
      expect(name).toMatch(/^__Host-evenkeel=[A-Za-z0-9_-]{86}$/)
      expect(attributes.map((one) => one.replace(/^Expires=.*/, 'Expires'))).toEqual(
        expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax', 'Expires']),
      )
      expect(attributes.some((one) => one.startsWith('Domain'))).toBe(false)
      const value = browser.cookies.get('__Host-evenkeel') ?? ''
      expect((await browser.send('GET', '/me')).status).toBe(200)
      // A cookie that a neighbouring host or an http page could have set is not a session.
      const planted = openBrowser(secure.app)
      planted.cookies.set('evenkeel', value)
      expect((await planted.send('GET', '/me')).status).toBe(401)
    } finally {
      await secure.end()
    }
  })
  test('A48: signing in makes a new session and ends the one the browser held', async () => {
    const tenant = await world.tenant('fixed')
    const rita = await somebody(tenant, 'fixed')
    await rita.signIn()
    const before = rita.browser.cookies.get('evenkeel') ?? ''
    await rita.signIn()
    expect(rita.browser.cookies.get('evenkeel')).not.toBe(before)
    const old = browserAt()
    old.cookies.set('evenkeel', before)
    expect((await old.send('GET', '/me')).status).toBe(401)
  })
  test('A48: a session that was made up before, or another one with a wrong secret, opens and ends nothing', async () => {
    const tenant = await world.tenant('planted')
    const rita = await somebody(tenant, 'planted')
    const otto = await somebody(tenant, 'planted', 'Otto')
    await otto.signIn()
    const ottos = Buffer.from(otto.browser.cookies.get('evenkeel') ?? '', 'base64url')
    const forged = Buffer.from(ottos)
    forged.writeUInt8(forged.readUInt8(40) ^ 1, 40)
    rita.browser.cookies.set('evenkeel', forged.toString('base64url'))
    expect((await rita.browser.send('GET', '/me')).status).toBe(401)
    await rita.signIn()
    expect(rita.browser.cookies.get('evenkeel')).not.toBe(forged.toString('base64url'))
    expect((await otto.browser.send('GET', '/me')).status).toBe(200)
  })
  test('A48: a new password ends every other session and the old secret of this one', async () => {
    const tenant = await world.tenant('changed')
    const rita = await somebody(tenant, 'changed')
    const elsewhere = browserAt()
    await rita.signIn({}, elsewhere)
    await rita.signIn()
    const before = rita.browser.cookies.get('evenkeel') ?? ''
    await rita.browser.api.changePassword({
      body: { current: password, password: 'eleven lanterns in the fog' },
    })
    expect((await elsewhere.send('GET', '/me')).status).toBe(401)
    expect((await rita.browser.send('GET', '/me')).status).toBe(200)
    const old = browserAt()
    old.cookies.set('evenkeel', before)
    expect((await old.send('GET', '/me')).status).toBe(401)
    expect((await rita.signIn({}, browserAt())).status).toBe(401)
    expect((await rita.signIn({ password: 'eleven lanterns in the fog' }, browserAt())).status).toBe(200)
  })
  test('A48: setting up and removing one-time codes ends every other session', async () => {
    const tenant = await world.tenant('factors')
    const rita = await somebody(tenant, 'factors')
    await rita.signIn()
    const elsewhere = browserAt()
    await rita.signIn({}, elsewhere)
    const { secret } = await withTotp(rita.browser)
    expect((await elsewhere.send('GET', '/me')).status).toBe(401)
    await rita.signIn({ totp: await totpOf(secret) }, elsewhere)
    await rita.browser.api.removeTotp()
    expect((await elsewhere.send('GET', '/me')).status).toBe(401)
    expect((await rita.browser.send('GET', '/me')).status).toBe(200)
  })
  test('A48: sessions are listed, and each can be ended from another, at once', async () => {
    const tenant = await world.tenant('listed')
    const rita = await somebody(tenant, 'listed')
    await rita.signIn()
    const elsewhere = browserAt({ 'user-agent': 'A Phone' })
    await rita.signIn({}, elsewhere)
    const { rows } = await rita.browser.api.listSessions()
    const other = rows.find((row) => row.userAgent === 'A Phone')
    expect(rows.filter((row) => row.isThis)).toHaveLength(1)
    expect(other).toMatchObject({ signedInBy: 'password', isThis: false, actor: null })
    await rita.browser.api.endSession({ params: { id: other?.id ?? '' } })
    expect((await elsewhere.send('GET', '/me')).status).toBe(401)
    await rita.signIn({}, browserAt())
    await rita.signIn({}, browserAt())
    expect((await rita.browser.api.endOtherSessions()).ended).toBe(2)
    expect((await rita.browser.api.listSessions()).rows).toHaveLength(1)
  })
  test('A48: nobody ends the sessions of somebody else', async () => {
    const tenant = await world.tenant('others')
    const rita = await somebody(tenant, 'others')
    const otto = await somebody(tenant, 'others', 'Otto')
    await rita.signIn()
    await otto.signIn()
    const { rows } = await rita.browser.api.listSessions()
    await expect(otto.browser.api.endSession({ params: { id: rows[0]?.id ?? '' } })).rejects.toMatchObject({
      status: 404,
    })
    expect((await rita.browser.send('GET', '/me')).status).toBe(200)
  })
})

describe('A54: rights that end, end at once', () => {
  test('A54: a deactivated person: sessions, keys and links', async () => {
    const tenant = await world.tenant('ended')
    const rita = await somebody(tenant, 'ended', 'Rita', 'agent')
    const admin = await tenant.person('Ada', 'administrator')
    await rita.signIn()
    const expiresAt = new Date(Date.parse(world.clock.now()) + 86_400_000).toISOString()
    const { secret } = await rita.browser.api.createApiKey({
      body: { name: 'k', permissions: ['incident.read'], expiresAt },
    })
    const byKey = () =>
      browserAt().send('GET', '/incidents', undefined, { authorization: `Bearer ${secret}` })
    expect((await byKey()).status).toBe(200)
    const { version } = await admin.api.readPerson({ params: { id: rita.id } })
    await admin.api.editPerson({ params: { id: rita.id }, body: { isActive: false }, version })
    expect((await rita.browser.send('GET', '/me')).status).toBe(401)
    expect((await byKey()).status).toBe(401)
    expect((await rita.signIn({}, browserAt())).status).toBe(401)
    // Coming back brings back neither.
    await admin.api.editPerson({ params: { id: rita.id }, body: { isActive: true }, version: version + 1 })
    expect((await rita.browser.send('GET', '/me')).status).toBe(401)
    expect((await byKey()).status).toBe(401)
  })
  test('A54: a suspended tenant: sessions, keys, sign-in and links, and all but the links come back', async () => {
    const tenant = await world.tenant('suspended')
    const rita = await somebody(tenant, 'suspended', 'Rita', 'agent')
    await rita.signIn()
    const expiresAt = new Date(Date.parse(world.clock.now()) + 86_400_000).toISOString()
    const { secret } = await rita.browser.api.createApiKey({
      body: { name: 'k', permissions: ['incident.read'], expiresAt },
    })
    const byKey = () =>
      browserAt().send('GET', '/incidents', undefined, { authorization: `Bearer ${secret}` })
    await suspendTenant(world.database, tenant.author(), true)
    expect((await rita.browser.send('GET', '/me')).status).toBe(401)
    expect((await byKey()).status).toBe(401)
    expect(await rita.signIn({}, browserAt())).toMatchObject({
      status: 401,
      body: { code: 'wrong_credentials' },
    })
    await suspendTenant(world.database, tenant.author(), false)
    expect((await rita.browser.send('GET', '/me')).status).toBe(200)
    expect((await byKey()).status).toBe(200)
  })
  test('A54: a role that is taken away or loses a permission', async () => {
    const tenant = await world.tenant('dropped')
    const rita = await tenant.person('Rita', 'requester', 'agent')
    const admin = await tenant.person('Ada', 'administrator')
    await rita.api.suggestPeople({ query: { q: 'ada' } })
    const { rows } = await admin.api.listRoles()
    const role = (key: string) => rows.find((row) => row.key === key) ?? rows[0]
    await admin.api.takeRole({ params: { id: rita.id, roleId: role('agent')?.id ?? '' } })
    await expect(rita.api.suggestPeople({ query: { q: 'ada' } })).rejects.toMatchObject({ status: 403 })
    expect(await rita.api.me()).toMatchObject({ roles: [{ key: 'requester' }] })
    const requester = role('requester')
    await admin.api.editRole({
      params: { id: requester?.id ?? '' },
      body: { permissions: [{ permission: 'service.read', scopes: ['all'] }] },
      version: requester?.version ?? 1,
    })
    expect((await rita.api.me()).permissions).toEqual([{ permission: 'service.read', scopes: ['all'] }])
    await expect(rita.api.raiseIncident({ body: { title: 'x' } })).rejects.toMatchObject({ status: 403 })
  })
  test.each([
    ['session-ended', 'update session set ended_at = now() where person_id = $1'],
    ['person-deactivated', 'update person set is_active = false where id = $1'],
  ])('A54: what another process changed (%s) is seen soon without being told', async (slug, change) => {
    const tenant = await world.tenant(slug)
    const rita = await tenant.person('Rita', 'requester')
    // A process of its own as far as caches go, with nobody who tells it of entries; and a change that makes none.
    const elsewhere = await openDatabase({ url: world.test.appUrl, connections: 2 })
    const admin = new Client({ connectionString: world.test.adminUrl })
    await admin.connect()
    try {
      const request = {
        url: '/api/v1/me',
        headers: {},
        cookies: { evenkeel: rita.cookie.replace('evenkeel=', '') },
      } as unknown as FastifyRequest
      const caller = () => authenticate(elsewhere, request, world.clock.now(), defaultSite)
      expect((await caller())?.personId).toBe(rita.id)
      await admin.query(change, [rita.id])
      // Four seconds, and room for a busy machine.
      await expect.poll(caller, { timeout: 20_000, interval: 250 }).toBeNull()
    } finally {
      await admin.end()
      await elsewhere.end()
    }
  })
})
