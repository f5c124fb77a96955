import type { FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SecurityPolicy } from '@evenkeel/contract/security'
import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import { createAuthenticator } from '../../../test/authenticator.ts'
import type { Browser } from '../../../test/browser.ts'
import { password, signingIn } from '../../../test/signing-in.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { defaultSite } from '../../platform/http/site.ts'
import { write } from '../../platform/journal/write.ts'
import { publishPolicy } from '../../platform/policy/policy.ts'
import { openDatabase, read } from '../../platform/postgres/database.ts'
import { authenticate } from './people.principal.ts'
import { securityPolicy } from './people.security.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const { browserAt, somebody, journalOf, withTotp } = signingIn(() => world)
type Tenant = Awaited<ReturnType<World['tenant']>>

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

type Change = (policy: SecurityPolicy) => SecurityPolicy

/** Publishes on top of what is in force, behind the API's back: publishing itself has tests of its own. */
const publish = (tenant: Tenant, change: Change): Promise<number> =>
  write(world.database, tenant.author(), async (tx) => {
    const held = await tx.maybe<{ version: number; document: SecurityPolicy }>({
      text: `select version, document from policy_version where tenant_id = $1 and kind = 'security' order by version desc limit 1`,
      values: [tenant.id],
    })
    return publishPolicy(tx, securityPolicy, {
      document: change(held?.document ?? securityPolicy.initial),
      note: 'test',
      basedOn: held?.version ?? 0,
    })
  })

const roleIdOf = async (tenant: Tenant, key: string): Promise<string> => {
  const row = await read(world.database, tenant.id, (q) =>
    q.one<{ id: string }>({
      text: 'select id from role where tenant_id = $1 and key = $2',
      values: [tenant.id, key],
    }),
  )
  return row.id
}

const idle =
  (idleMinutes: number): Change =>
  (policy) => ({ ...policy, sessions: { ...policy.sessions, idleMinutes } })
const longest =
  (longestHours: number): Change =>
  (policy) => ({ ...policy, sessions: { ...policy.sessions, longestHours } })

const require = async (
  tenant: Tenant,
  role: string,
  counts: SecurityPolicy['secondFactor']['counts'] = ['totp', 'passkey'],
): Promise<void> => {
  const roleIds = [await roleIdOf(tenant, role)]
  await publish(tenant, (policy) => ({ ...policy, secondFactor: { roleIds, counts } }))
}

const statusOf = async (browser: Browser, path = '/me'): Promise<number> =>
  (await browser.send('GET', path)).status

const addPasskey = async (browser: Browser) => {
  const authenticator = createAuthenticator('http://localhost:4600', 'localhost')
  const { ceremony, options } = await browser.api.passkeyRegistrationOptions()
  const { id } = await browser.api.registerPasskey({
    body: { ceremony, name: 'Phone', credential: authenticator.create(options) },
  })
  return { authenticator, id }
}

const mailsTo = (tenant: Tenant, personId: string) =>
  read(world.database, tenant.id, (q) =>
    q.rows<{ kind: string; expires_at: string | null; facts: { accounts?: { name: string }[] } }>({
      text: 'select kind, expires_at, facts from outbound_mail where tenant_id = $1 and person_id = $2 order by id',
      values: [tenant.id, personId],
    }),
  )

describe('A48: a session ends when the policy in force says so', () => {
  test('A48: 14:59 without a request is well, 15:00 is not (PCI DSS 8.2.8, HIPAA 164.312(a)(2)(iii))', async () => {
    const tenant = await world.tenant('idle-fifteen')
    await publish(tenant, idle(15))
    const rita = await somebody(tenant, 'idle-fifteen')
    await rita.signIn()
    world.clock.advance(15 * minute - 1000)
    expect(await statusOf(rita.browser)).toBe(200)
    world.clock.advance(15 * minute)
    expect(await statusOf(rita.browser)).toBe(401)
  })
  test('A48: what a page asks for by itself, and a stream, keep nobody signed in, and tell when it ends', async () => {
    const tenant = await world.tenant('idle-stream')
    await publish(tenant, idle(15))
    const rita = await somebody(tenant, 'idle-stream')
    await rita.signIn()
    const begun = Date.parse(world.clock.now())
    const asking = { url: '/api/v1/live', cookies: { evenkeel: rita.browser.cookies.get('evenkeel') } }
    const stream = { ...asking, headers: { accept: 'text/event-stream' } } as unknown as FastifyRequest
    const recheck = () => authenticate(world.database, stream, world.clock.now(), defaultSite)
    world.clock.advance(10 * minute)
    expect((await recheck())?.personId).toBe(rita.id)
    const background = { 'evenkeel-background': '1' }
    const me = await rita.browser.send('GET', '/me', undefined, background)
    expect(me.body).toMatchObject({
      session: { idleMinutes: 15, idleUntil: new Date(begun + 15 * minute).toISOString() },
    })
    world.clock.advance(5 * minute + 1000)
    expect(await recheck()).toBeNull()
    expect((await rita.browser.send('GET', '/me', undefined, background)).status).toBe(401)
  })
  test('A48: a stricter policy ends sessions that are idle for longer than it allows, at once', async () => {
    const tenant = await world.tenant('idle-stricter')
    const rita = await somebody(tenant, 'idle-stricter')
    await rita.signIn()
    world.clock.advance(20 * minute)
    await publish(tenant, idle(15))
    expect(await statusOf(rita.browser)).toBe(401)
  })
  test('A48: however busy, a session ends after the longest time; what began earlier ends by the stricter one', async () => {
    const tenant = await world.tenant('longest')
    const rita = await somebody(tenant, 'longest')
    await rita.signIn()
    world.clock.advance(5 * hour)
    expect(await statusOf(rita.browser)).toBe(200)
    await publish(tenant, longest(8))
    expect((await rita.browser.api.me()).session?.expiresAt).toBe(
      new Date(Date.parse(world.clock.now()) + 3 * hour).toISOString(),
    )
    world.clock.advance(3 * hour - 1000)
    expect(await statusOf(rita.browser)).toBe(200)
    world.clock.advance(1000)
    expect(await statusOf(rita.browser)).toBe(401)
    await rita.signIn()
    // Allowed more later, a session that began under eight hours keeps to them.
    await publish(tenant, longest(100))
    world.clock.advance(7 * hour)
    expect(await statusOf(rita.browser)).toBe(200)
    world.clock.advance(hour)
    expect(await statusOf(rita.browser)).toBe(401)
  })
  test('A48: sessions that are over by the policy are not listed as open', async () => {
    const tenant = await world.tenant('listed-open')
    const rita = await somebody(tenant, 'listed-open')
    await rita.signIn()
    await rita.signIn({}, browserAt())
    world.clock.advance(30 * minute)
    expect(await statusOf(rita.browser)).toBe(200)
    expect((await rita.browser.api.listSessions()).rows).toHaveLength(2)
    await publish(tenant, idle(15))
    expect((await rita.browser.api.listSessions()).rows).toMatchObject([{ isThis: true }])
  })
  test('A48: acting as somebody ends with the session below it', async () => {
    const tenant = await world.tenant('acting-longest')
    const ada = await somebody(tenant, 'acting-longest', 'Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    await ada.signIn()
    world.clock.advance(7.5 * hour)
    await ada.browser.api.confirmMe({ body: { password } })
    await ada.browser.api.actAs({ params: { id: rita.id }, body: { reason: 'to look' } })
    await publish(tenant, longest(8))
    expect((await ada.browser.api.me()).person.id).toBe(rita.id)
    world.clock.advance(hour / 2)
    expect(await statusOf(ada.browser)).toBe(401)
  })
  test('A48: another process holds to a new version within five seconds, without being told', async () => {
    const tenant = await world.tenant('elsewhere-idle')
    const rita = await somebody(tenant, 'elsewhere-idle')
    await rita.signIn()
    world.clock.advance(20 * minute)
    const elsewhere = await openDatabase({ url: world.test.appUrl, connections: 2 })
    try {
      const request = {
        url: '/api/v1/me',
        headers: { 'evenkeel-background': '1' },
        cookies: { evenkeel: rita.browser.cookies.get('evenkeel') },
      } as unknown as FastifyRequest
      const caller = () => authenticate(elsewhere, request, world.clock.now(), defaultSite)
      expect((await caller())?.personId).toBe(rita.id)
      await publish(tenant, idle(15))
      await expect.poll(caller, { timeout: 20_000, interval: 250 }).toBeNull()
    } finally {
      await elsewhere.end()
    }
  })
})

/** Everything a session may call while it owes a second factor; the rest of the API is closed. */
const opensWhileOwing = new Set(
  Object.entries(api).flatMap(([name, route]) =>
    route.access === 'anyone' || ('whileOwing' in route && route.whileOwing !== undefined) ? [name] : [],
  ),
)

describe('A50: a role that asks for a second factor', () => {
  const agentOf = async (slug: string, counts?: SecurityPolicy['secondFactor']['counts']) => {
    const tenant = await world.tenant(slug)
    const anna = await somebody(tenant, slug, 'Anna', 'agent')
    await require(tenant, 'agent', counts)
    return { tenant, anna }
  }

  test('A50: without one, its people sign in as far as setting one up, and go on once they did (PCI DSS 8.4.2)', async () => {
    const { tenant, anna } = await agentOf('must-set-up')
    expect((await anna.signIn()).status).toBe(200)
    const me = await anna.browser.api.me()
    expect(me).toMatchObject({
      person: { id: anna.id },
      permissions: [],
      session: { owes: 'set_up' },
      rules: { secondFactorRequired: true, secondFactors: ['totp', 'passkey'] },
    })
    expect(await anna.browser.send('GET', '/incidents')).toMatchObject({
      status: 403,
      body: { code: 'second_factor_owed', reasons: [{ code: 'set_up' }] },
    })
    await withTotp(anna.browser)
    expect((await anna.browser.api.me()).session?.owes).toBeNull()
    expect(await statusOf(anna.browser, '/incidents')).toBe(200)
    // And the person hears of it, should it have been somebody else.
    expect((await mailsTo(tenant, anna.id)).map((mail) => mail.kind)).toContain('second_factor_added')
  })
  test('A50: no other route opens to a session that owes one, whatever it is called with', async () => {
    const { tenant, anna } = await agentOf('all-closed')
    await anna.signIn()
    const incident = await anna.api.raiseIncident({ body: { title: 'x' } }).catch(() => undefined)
    const id = incident?.id ?? '018f0000-0000-7000-8000-000000000000'
    const opened: string[] = []
    for (const [name, route] of Object.entries(api)) {
      if (opensWhileOwing.has(name)) continue
      const params = Object.fromEntries(
        [...route.path.matchAll(/\{(\w+)\}/g)].map(([, key = '']) => [key, id]),
      )
      const path = addressOf(route, params).replace(/^\/api\/v1/, '')
      const body = route.method === 'GET' || route.method === 'DELETE' ? undefined : {}
      const answer = await anna.browser.send(route.method, path, body)
      if (answer.status !== 403 || answer.body['code'] !== 'second_factor_owed')
        opened.push(`${name} ${answer.status} ${String(answer.body['code'])}`)
    }
    expect(opened).toEqual([])
    const cookie = `evenkeel=${anna.browser.cookies.get('evenkeel') ?? ''}`
    for (const url of ['/api/docs', '/api/docs/page.js']) {
      const answer = await world.app.inject({ method: 'GET', url, headers: { cookie } })
      expect(answer.json()).toMatchObject({ code: 'second_factor_owed' })
    }
    // Tried one after the other, it is on record.
    expect((await journalOf(tenant.id, 'access.refused')).length).toBeGreaterThan(0)
  })
  test('A50: what stays open is who one is, the way out, and setting one up; a new route is closed until somebody decides', () => {
    const open = [...opensWhileOwing].filter((name) =>
      Object.entries(api).some(([key, route]) => key === name && route.access !== 'anyone'),
    )
    expect(open.sort()).toEqual([
      'confirmMe',
      'confirmMePasskeyOptions',
      'confirmMeWithPasskey',
      'confirmTotp',
      'enrolTotp',
      'me',
      'passkeyRegistrationOptions',
      'registerPasskey',
      'signOut',
      'stopActing',
    ])
  })
  test('A50: with a stolen password nobody adds a factor beside the one there is', async () => {
    const { anna } = await agentOf('no-second-own')
    await anna.signIn()
    const { authenticator } = await addPasskey(anna.browser)
    expect(await statusOf(anna.browser, '/incidents')).toBe(200)
    const thief = browserAt()
    await anna.signIn({}, thief)
    expect((await thief.api.me()).session?.owes).toBe('prove')
    for (const path of ['/me/totp', '/me/passkeys/options'])
      expect(await thief.send('POST', path)).toMatchObject({
        status: 403,
        body: { code: 'second_factor_owed', reasons: [{ code: 'prove' }] },
      })
    // The password again proves nothing new; the passkey does.
    await thief.api.confirmMe({ body: { password } })
    expect((await thief.api.me()).session?.owes).toBe('prove')
    const { ceremony, options } = await thief.api.confirmMePasskeyOptions()
    await thief.api.confirmMeWithPasskey({ body: { ceremony, credential: authenticator.get(options) } })
    expect((await thief.api.me()).session?.owes).toBeNull()
    expect(await statusOf(thief, '/incidents')).toBe(200)
  })
  test('A50: only the factors that count do', async () => {
    const { anna } = await agentOf('only-passkeys', ['passkey'])
    await anna.signIn()
    await withTotp(anna.browser)
    expect((await anna.browser.api.me()).session?.owes).toBe('set_up')
    await addPasskey(anna.browser)
    expect((await anna.browser.api.me()).session?.owes).toBeNull()
  })
  test('A50: a recovery code stands in for one-time codes', async () => {
    const { anna } = await agentOf('recovery-counts')
    await anna.signIn()
    const { codes } = await withTotp(anna.browser)
    const browser = browserAt()
    await anna.signIn({ recoveryCode: codes[0] }, browser)
    expect((await browser.api.me()).session?.owes).toBeNull()
  })
  test('A50: publishing and being given the role reach sessions that are open', async () => {
    const tenant = await world.tenant('reaches-open')
    const anna = await somebody(tenant, 'reaches-open', 'Anna', 'agent')
    const rita = await somebody(tenant, 'reaches-open', 'Rita', 'requester')
    const ada = await tenant.person('Ada', 'administrator')
    await anna.signIn()
    await rita.signIn()
    expect(await statusOf(anna.browser, '/incidents')).toBe(200)
    await require(tenant, 'agent')
    expect(await statusOf(anna.browser, '/incidents')).toBe(403)
    expect(await statusOf(rita.browser, '/incidents')).toBe(200)
    await ada.api.giveRole({ params: { id: rita.id, roleId: await roleIdOf(tenant, 'agent') } })
    expect(await statusOf(rita.browser, '/incidents')).toBe(403)
    // Long after the sign-in the set-up asks for the password first.
    world.clock.advance(hour)
    expect(await rita.browser.send('POST', '/me/totp')).toMatchObject({
      body: { code: 'recent_sign_in_needed' },
    })
    await rita.browser.api.confirmMe({ body: { password } })
    await withTotp(rita.browser)
    expect(await statusOf(rita.browser, '/incidents')).toBe(200)
  })
  test('A50: the last one stays while it is required, and goes when it is not', async () => {
    const { tenant, anna } = await agentOf('keeps-last')
    await anna.signIn()
    await withTotp(anna.browser)
    const refused = { status: 422, body: { reasons: [{ code: 'second_factor_required' }] } }
    expect(await anna.browser.send('DELETE', '/me/totp')).toMatchObject(refused)
    expect((await anna.browser.api.me()).credentials.hasTotp).toBe(true)
    const { id } = await addPasskey(anna.browser)
    await anna.browser.api.removeTotp()
    expect(await anna.browser.send('DELETE', `/me/passkeys/${id}`)).toMatchObject(refused)
    await publish(tenant, (policy) => ({
      ...policy,
      secondFactor: { ...policy.secondFactor, roleIds: [] },
    }))
    await anna.browser.api.removePasskey({ params: { id } })
  })
  test('A50: an administrator takes lost factors away, passkeys too, and the person sets one up again', async () => {
    const { tenant, anna } = await agentOf('lost-phone')
    const ada = await tenant.person('Ada', 'administrator')
    await anna.signIn()
    await addPasskey(anna.browser)
    await ada.api.removeSecondFactor({ params: { id: anna.id } })
    await anna.signIn()
    expect((await anna.browser.api.me()).session?.owes).toBe('set_up')
  })
  test('A50: one click in the demo and API keys go on; a key is not made before', async () => {
    const demo = await createWorld({ demo: true })
    try {
      const tenant = await demo.tenant('shown', { isDemo: true })
      const anna = await tenant.person('Anna', 'agent')
      const { secret } = await anna.api.createApiKey({
        body: {
          name: 'Reader',
          permissions: ['incident.read'],
          expiresAt: new Date(Date.parse(demo.clock.now()) + day).toISOString(),
        },
      })
      const role = await read(demo.database, tenant.id, (q) =>
        q.one<{ id: string }>({
          text: `select id from role where tenant_id = $1 and key = 'agent'`,
          values: [tenant.id],
        }),
      )
      await write(demo.database, tenant.author(), (tx) =>
        publishPolicy(tx, securityPolicy, {
          document: {
            ...securityPolicy.initial,
            secondFactor: { roleIds: [role.id], counts: ['totp'] },
          },
          note: 'test',
          basedOn: 0,
        }),
      )
      const click = await demo.app.inject({
        method: 'POST',
        url: '/api/v1/session/demo',
        payload: { tenant: 'shown', personId: anna.id },
      })
      const cookie = String(click.headers['set-cookie']).split(';')[0] ?? ''
      const list = (headers: Record<string, string>) =>
        demo.app.inject({ method: 'GET', url: '/api/v1/incidents', headers })
      expect((await list({ cookie })).statusCode).toBe(200)
      expect((await list({ authorization: `Bearer ${secret}` })).statusCode).toBe(200)
      await expect(
        anna.api.createApiKey({
          body: { name: 'Another', permissions: ['incident.read'], expiresAt: '2026-03-03T09:00:00.000Z' },
        }),
      ).rejects.toMatchObject({ body: { code: 'second_factor_owed' } })
    } finally {
      await demo.end()
    }
  })
  test('A50: who acts as somebody is asked for their own factor, not for that of the other', async () => {
    const tenant = await world.tenant('acting-factor')
    const ada = await somebody(tenant, 'acting-factor', 'Ada', 'administrator')
    const anna = await tenant.person('Anna', 'agent')
    await ada.signIn()
    await ada.browser.api.actAs({ params: { id: anna.id }, body: { reason: 'to look' } })
    await require(tenant, 'agent')
    expect(await statusOf(ada.browser, '/incidents')).toBe(200)
    await require(tenant, 'administrator')
    expect(await statusOf(ada.browser, '/incidents')).toBe(403)
    await ada.browser.api.stopActing()
    await withTotp(ada.browser)
    expect(await statusOf(ada.browser, '/incidents')).toBe(200)
  })
  test('a role that the policy names is not removed from under it', async () => {
    const tenant = await world.tenant('named-role')
    const ada = await tenant.person('Ada', 'administrator')
    const { id } = await ada.api.createRole({
      body: { key: 'night', name: 'Night', description: '', permissions: [] },
    })
    await publish(tenant, (policy) => ({
      ...policy,
      secondFactor: { ...policy.secondFactor, roleIds: [id] },
    }))
    await expect(ada.api.deleteRole({ params: { id } })).rejects.toMatchObject({
      body: { code: 'not_ready' },
    })
  })
})

describe('A51: passwords and the lock', () => {
  test('A51: the policy says how many wrong attempts lock, and for how long (PCI DSS 8.3.4)', async () => {
    const tenant = await world.tenant('lock-three')
    await publish(tenant, (policy) => ({
      ...policy,
      passwords: { ...policy.passwords, attempts: 3, lockMinutes: 60 },
    }))
    const rita = await somebody(tenant, 'lock-three')
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect((await rita.signIn({ password: 'not this one' }, browserAt())).status).toBe(401)
    expect(await rita.signIn({}, browserAt())).toMatchObject({
      status: 429,
      headers: { 'retry-after': '3600' },
    })
    world.clock.advance(31 * minute)
    expect((await rita.signIn({}, browserAt())).status).toBe(429)
    world.clock.advance(29 * minute + 1000)
    expect((await rita.signIn({}, browserAt())).status).toBe(200)
  })
  test('A51: neither more than ten attempts nor less than half an hour can be published, nor shorter passwords', async () => {
    const tenant = await world.tenant('lock-bounds')
    const ada = await tenant.person('Ada', 'administrator')
    const base = securityPolicy.initial
    const tooLax: Partial<SecurityPolicy>[] = [
      { passwords: { ...base.passwords, attempts: 11 } },
      { passwords: { ...base.passwords, lockMinutes: 29 } },
      { passwords: { ...base.passwords, shortest: 11 } },
      { sessions: { ...base.sessions, idleMinutes: 1441 } },
      { sessions: { ...base.sessions, longestHours: 169 } },
      { keys: { longestDays: 367 } },
      { secondFactor: { roleIds: [], counts: [] } },
    ]
    for (const part of tooLax)
      await expect(
        ada.api.publishPolicy({
          params: { kind: 'security' },
          body: { document: { ...base, ...part }, note: 'laxer', basedOn: 0 },
        }),
      ).rejects.toMatchObject({ status: 422, body: { code: 'invalid' } })
  })
  test('A51: a password that is chosen is as long as the policy asks, by every way in', async () => {
    const tenant = await world.tenant('longer')
    const rita = await somebody(tenant, 'longer')
    await publish(tenant, (policy) => ({ ...policy, passwords: { ...policy.passwords, shortest: 20 } }))
    await rita.signIn()
    const nineteen = 'seventeen tin boats'
    expect(
      await rita.browser.send('PUT', '/me/password', { current: password, password: nineteen }),
    ).toMatchObject({
      status: 422,
      body: { reasons: [{ code: 'too_short', message: 'at least 20 characters' }] },
    })
    await rita.browser.api.changePassword({ body: { current: password, password: `${nineteen}!` } })
    expect((await rita.browser.api.me()).rules.shortestPassword).toBe(20)
  })
})

describe('A54: API keys', () => {
  test('A54: live no longer than the policy allows, those that exist too', async () => {
    const tenant = await world.tenant('key-life')
    const anna = await tenant.person('Anna', 'agent')
    const body = (days: number) => ({
      name: `For ${days}`,
      permissions: ['incident.read' as const],
      expiresAt: new Date(Date.parse(world.clock.now()) + days * day).toISOString(),
    })
    const { secret } = await anna.api.createApiKey({ body: body(300) })
    await publish(tenant, (policy) => ({ ...policy, keys: { longestDays: 200 } }))
    await expect(anna.api.createApiKey({ body: body(201) })).rejects.toMatchObject({ status: 422 })
    const call = () =>
      browserAt({ authorization: `Bearer ${secret}` })
        .send('GET', '/me')
        .then(({ status }) => status)
    world.clock.advance(60 * day)
    await publish(tenant, (policy) => ({ ...policy, keys: { longestDays: 90 } }))
    expect(await call()).toBe(200)
    expect((await anna.api.listApiKeys()).rows).toMatchObject([
      { expiresAt: new Date(Date.parse(world.clock.now()) + 30 * day).toISOString() },
    ])
    world.clock.advance(30 * day)
    expect(await call()).toBe(401)
    expect((await anna.api.listApiKeys()).rows).toEqual([])
  })
})

describe('publishing', () => {
  const readyAdmin = async (slug: string): Promise<{ tenant: Tenant; ada: TestPerson }> => {
    const tenant = await world.tenant(slug)
    return { tenant, ada: await tenant.person('Ada', 'administrator') }
  }
  const initial = securityPolicy.initial

  test('says before whom it would reach: by name to those who manage people, to nobody else', async () => {
    const { tenant, ada } = await readyAdmin('foretold')
    const anna = await somebody(tenant, 'foretold', 'Anna', 'agent')
    const bert = await somebody(tenant, 'foretold', 'Bert', 'agent')
    await anna.signIn()
    await withTotp(anna.browser)
    await bert.signIn()
    world.clock.advance(20 * minute)
    const document = {
      ...initial,
      sessions: { ...initial.sessions, idleMinutes: 15 },
      secondFactor: { roleIds: [await roleIdOf(tenant, 'agent')], counts: ['totp'] },
    }
    const ask = (person: TestPerson) =>
      person.api.previewPolicy({ params: { kind: 'security' }, body: { document } })
    const preview = await ask(ada)
    expect(preview.effects).toMatchObject([
      { what: 'set_up', count: 1, people: [{ id: bert.id, name: 'Bert' }] },
      {
        what: 'sessions',
        count: 2,
        people: [
          { id: anna.id, detail: '1' },
          { id: bert.id, detail: '1' },
        ],
      },
    ])
    expect(preview.differences.map(({ sentence }) => sentence).join('\n')).toContain('“Agent”')
    const auditor = await tenant.person('Iris', 'auditor')
    expect((await ask(auditor)).effects).toBeUndefined()
    expect(await ask(auditor)).toMatchObject({ changed: 0, examined: 0 })
  })
  test('says which keys stop', async () => {
    const { ada } = await readyAdmin('foretold-keys')
    await ada.api.createApiKey({
      body: {
        name: 'Old one',
        permissions: ['incident.read'],
        expiresAt: new Date(Date.parse(world.clock.now()) + 300 * day).toISOString(),
      },
    })
    world.clock.advance(100 * day)
    const { effects } = await ada.api.previewPolicy({
      params: { kind: 'security' },
      body: { document: { ...initial, keys: { longestDays: 90 } } },
    })
    expect(effects).toMatchObject([{ what: 'keys', count: 1, people: [{ id: ada.id, detail: 'Old one' }] }])
  })
  test('needs somebody who proved to be there, in person; a key or a click does not publish it', async () => {
    const { ada } = await readyAdmin('present')
    const body = { document: { ...initial, keys: { longestDays: 100 } }, note: 'shorter', basedOn: 0 }
    const { secret } = await ada.api.createApiKey({
      body: {
        name: 'Publisher',
        permissions: ['policy.publish', 'policy.read'],
        expiresAt: new Date(Date.parse(world.clock.now()) + day).toISOString(),
      },
    })
    const key = browserAt({ authorization: `Bearer ${secret}` })
    expect(await key.send('POST', '/policies/security/versions', body)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    world.clock.advance(16 * minute)
    await expect(ada.api.publishPolicy({ params: { kind: 'security' }, body })).rejects.toMatchObject({
      body: { code: 'recent_sign_in_needed' },
    })
  })
  test('refuses roles of others and what nobody here could set up', async () => {
    const { ada } = await readyAdmin('own-roles')
    const other = await world.tenant('other-roles')
    const foreign = await roleIdOf(other, 'agent')
    const ask = (roleIds: string[], counts: string[], person = ada) =>
      person.api.previewPolicy({
        params: { kind: 'security' },
        body: { document: { ...initial, secondFactor: { roleIds, counts } } },
      })
    await expect(ask([foreign], ['totp'])).rejects.toMatchObject({ status: 422 })
    const keyless = await createWorld({ accountKey: null })
    try {
      const tenant = await keyless.tenant('keyless')
      const admin = await tenant.person('Ada', 'administrator')
      const role = (await admin.api.listRoles()).rows[0]?.id ?? ''
      await expect(ask([role], ['totp'], admin)).rejects.toMatchObject({
        body: { code: 'not_available_here' },
      })
    } finally {
      await keyless.end()
    }
  })
  test('takes versions, with author and note, like every policy', async () => {
    const { ada } = await readyAdmin('versions')
    const published = await ada.api.publishPolicy({
      params: { kind: 'security' },
      body: { document: { ...initial, accounts: { unusedDays: 90 } }, note: 'PCI DSS', basedOn: 0 },
    })
    expect(published.version).toBe(1)
    expect((await ada.api.policyVersions({ params: { kind: 'security' } })).versions).toMatchObject([
      { version: 1, note: 'PCI DSS', author: { id: ada.id } },
      { version: 0 },
    ])
    expect((await ada.api.listPolicies()).policies.find(({ kind }) => kind === 'security')).toMatchObject({
      version: 1,
    })
  })
})
