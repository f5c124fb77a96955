import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type Answer, type Browser } from '../../../test/browser.ts'
import { essence, password, signingIn } from '../../../test/signing-in.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { setPassword } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const { browserAt, somebody, journalOf } = signingIn(() => world)

describe('signing in', () => {
  test('with the right password gives a session that the browser keeps, and the answer says who it is', async () => {
    const tenant = await world.tenant('harbor')
    const rita = await somebody(tenant, 'harbor')
    expect(await rita.signIn()).toMatchObject({
      status: 200,
      body: { person: { id: rita.id, name: 'Rita' }, tenant: { slug: 'harbor' }, recoveryCodesLeft: null },
    })
    const me = await rita.browser.api.me()
    expect(me).toMatchObject({
      person: { id: rita.id, email: rita.email },
      session: { signedInBy: 'password', actor: null },
    })
    expect(me.permissions).toContainEqual({ permission: 'incident.raise', scopes: ['own'] })
    expect(await journalOf(tenant.id, 'session.started')).toContainEqual(
      expect.objectContaining({
        actor_kind: 'person',
        subject_id: rita.id,
        data: expect.objectContaining({ by: 'password' }),
      }),
    )
  })
  test('ends with signing out, at once', async () => {
    const tenant = await world.tenant('out')
    const rita = await somebody(tenant, 'out')
    await rita.signIn()
    const held = new Map(rita.browser.cookies)
    await rita.browser.api.signOut()
    expect(rita.browser.cookies.size).toBe(0)
    for (const [name, value] of held) rita.browser.cookies.set(name, value)
    expect(await rita.browser.send('GET', '/me')).toMatchObject({ status: 401 })
  })
  test('an account belongs to its tenant: the same address in another one is somebody else', async () => {
    const one = await world.tenant('north')
    await world.tenant('south')
    const rita = await somebody(one, 'north')
    expect(await rita.signIn({ tenant: 'south' })).toMatchObject({
      status: 401,
      body: { code: 'wrong_credentials' },
    })
  })
  test('who signs in is asked for by host name or tenant, and an unknown tenant is not there', async () => {
    await world.tenant('asked')
    await world.tenant('asked-too')
    const browser = browserAt()
    expect(await browser.send('GET', '/session/options?tenant=asked')).toMatchObject({
      status: 200,
      body: { tenant: { slug: 'asked', name: 'asked' }, ways: ['password', 'passkey'], demo: [] },
    })
    expect(await browser.send('GET', '/session/options')).toMatchObject({
      status: 200,
      body: { tenant: null },
    })
    expect(await browser.send('GET', '/session/options?tenant=nobody')).toMatchObject({ status: 404 })
  })
  test('an instance with one tenant does not ask for it', async () => {
    const small = await createWorld()
    try {
      const tenant = await small.tenant('only')
      const { id } = await tenant.person('Rita', 'requester')
      await setPassword(small.database, tenant.author(), id, password)
      const browser = openBrowser(small.app)
      expect((await browser.api.signInOptions()).tenant).toMatchObject({ slug: 'only' })
      expect((await browser.send('POST', '/session', { email: 'rita@only.test', password })).status).toBe(200)
    } finally {
      await small.end()
    }
  })
  test('the host name tells the tenant where it has one', async () => {
    const tenant = await world.tenant('hosted', { hostName: 'desk.hosted.localhost' })
    const rita = await somebody(tenant, 'hosted')
    const browser = browserAt({ host: 'Desk.Hosted.localhost:4600' })
    expect((await browser.api.signInOptions()).tenant).toMatchObject({ slug: 'hosted' })
    expect((await browser.send('POST', '/session', { email: rita.email, password })).status).toBe(200)
    expect((await browserAt().send('POST', '/session', { email: rita.email, password })).status).toBe(401)
  })
  test('over plain http works on the machine itself only', async () => {
    const tenant = await world.tenant('plain')
    const rita = await somebody(tenant, 'plain')
    const remote = browserAt({ host: 'desk.example.org' })
    expect(await rita.signIn({}, remote)).toMatchObject({ status: 501, body: { code: 'not_available_here' } })
    expect(remote.setCookies).toEqual([])
  })
  test('a session ends after eight hours without a request, and a page that asks by itself does not keep it awake', async () => {
    const tenant = await world.tenant('idle')
    const rita = await somebody(tenant, 'idle')
    await rita.signIn()
    const eight = 8 * 3_600_000
    world.clock.advance(eight - 1000)
    expect((await rita.browser.send('GET', '/me')).status).toBe(200)
    world.clock.advance(eight - 1000)
    expect((await rita.browser.send('GET', '/me', undefined, { 'evenkeel-background': '1' })).status).toBe(
      200,
    )
    world.clock.advance(1000)
    expect((await rita.browser.send('GET', '/me')).status).toBe(401)
  })
  test('a session that is used all the time ends after seven days', async () => {
    const tenant = await world.tenant('week')
    const rita = await somebody(tenant, 'week')
    await rita.signIn()
    for (let hours = 7; hours < 7 * 24; hours += 7) {
      world.clock.advance(7 * 3_600_000)
      expect((await rita.browser.send('GET', '/me')).status).toBe(200)
    }
    world.clock.advance(8 * 3_600_000 - 1)
    expect((await rita.browser.send('GET', '/me')).status).toBe(401)
  })
  test('when somebody was last seen is written once a minute, not with every request', async () => {
    const tenant = await world.tenant('seen')
    const rita = await somebody(tenant, 'seen')
    await rita.signIn()
    const seen = () =>
      read(world.database, tenant.id, (q) =>
        q.one<{ at: string }>({
          text: `select max(last_seen_at) as at from session where tenant_id = $1 and person_id = $2 and signed_in_by = 'password'`,
          values: [tenant.id, rita.id],
        }),
      )
    const first = await seen()
    world.clock.advance(59_000)
    await rita.browser.api.me()
    expect(await seen()).toEqual(first)
    world.clock.advance(1000)
    await rita.browser.api.me()
    expect((await seen()).at).toBe(world.clock.now())
  })
})

describe('A43: nothing tells who has an account', () => {
  test('A43: unknown tenant, unknown account, no password, wrong password, deactivated: one answer', async () => {
    const tenant = await world.tenant('enumerated')
    const rita = await somebody(tenant, 'enumerated')
    await tenant.person('Otto', 'requester')
    const gone = await somebody(tenant, 'enumerated', 'Gone')
    const admin = await tenant.person('Ada', 'administrator')
    await admin.api.editPerson({ params: { id: gone.id }, body: { isActive: false }, version: 1 })
    const answers = [
      await rita.signIn({ tenant: 'nowhere' }),
      await rita.signIn({ email: 'nobody@enumerated.test' }),
      await rita.signIn({ email: 'otto@enumerated.test' }),
      await rita.signIn({ password: 'not the password at all' }),
      await gone.signIn(),
    ]
    for (const answer of answers) expect(essence(answer)).toEqual(essence(answers[0] as Answer))
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } })
    expect(rita.browser.setCookies).toEqual([])
  })
  test('A43: an unknown account is locked like a known one', async () => {
    const tenant = await world.tenant('locked-alike')
    const rita = await somebody(tenant, 'locked-alike')
    const answersFor = async (email: string) => {
      const browser = browserAt()
      const answers = []
      for (let attempt = 0; attempt < 11; attempt += 1)
        answers.push(essence(await rita.signIn({ email, password: 'x' }, browser)))
      return answers
    }
    expect(await answersFor('nobody@locked-alike.test')).toEqual(await answersFor(rita.email))
  })
  test('A43: asking for a reset answers the same for known, unknown and deactivated people, and for tenants that are not there', async () => {
    const tenant = await world.tenant('reset-alike')
    const rita = await somebody(tenant, 'reset-alike')
    const answers = []
    for (const [slug, email] of [
      ['reset-alike', rita.email],
      ['reset-alike', 'nobody@reset-alike.test'],
      ['nowhere', rita.email],
    ]) {
      const started = performance.now()
      answers.push(
        essence(await browserAt().send('POST', '/session/reset-requests', { tenant: slug, email })),
      )
      // A floor under the time it takes, not a limit above it.
      expect(performance.now() - started).toBeGreaterThan(240)
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"status":204,"body":{}}']),
    )
  })
  test('A43: passkey options tell nothing: they name no credential', async () => {
    await world.tenant('options-alike')
    const { options } = await browserAt().api.passkeySignInOptions({ body: { tenant: 'options-alike' } })
    expect(options).not.toHaveProperty('allowCredentials')
    expect(options).toMatchObject({ userVerification: 'required', rpId: 'localhost' })
  })
})

describe('A51: guessing is stopped', () => {
  test('A51: the eleventh attempt finds the account locked for thirty minutes, even with the right password', async () => {
    const tenant = await world.tenant('guessed')
    const rita = await somebody(tenant, 'guessed')
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      expect((await rita.signIn({ password: `guess number ${attempt}` })).status).toBe(401)
    }
    const locked = await rita.signIn()
    expect(locked).toMatchObject({ status: 429, body: { code: 'locked' } })
    expect(locked.headers['retry-after']).toBe('1800')
    world.clock.advance(29 * 60_000 + 59_000)
    // Trying does not make it longer.
    expect((await rita.signIn()).status).toBe(429)
    world.clock.advance(1000)
    expect((await rita.signIn()).status).toBe(200)
    expect((await journalOf(tenant.id, 'session.refused')).map((entry) => entry.data['reason'])).toEqual([
      ...Array.from({ length: 10 }, () => 'wrong_password'),
      'locked',
      'locked',
    ])
  })
  test('A51: sixteen guesses side by side are ten guesses', async () => {
    const tenant = await world.tenant('parallel')
    const rita = await somebody(tenant, 'parallel')
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => rita.signIn({ password: `guess number ${index}` })),
    )
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10)
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(6)
    expect((await rita.signIn()).status).toBe(429)
  })
  test('A51: the right password forgets earlier slips', async () => {
    const tenant = await world.tenant('slips')
    const rita = await somebody(tenant, 'slips')
    for (let round = 0; round < 3; round += 1) {
      for (let attempt = 0; attempt < 9; attempt += 1) await rita.signIn({ password: 'a slip of the hand' })
      expect((await rita.signIn()).status).toBe(200)
    }
  })
  test('A51: one address that tries many accounts is stopped, whatever X-Forwarded-For it makes up', async () => {
    const tenant = await world.tenant('sprayed')
    const spray = (index: number, browser: Browser) =>
      browser.send(
        'POST',
        '/session',
        { tenant: 'sprayed', email: `person${index}@sprayed.test`, password: 'Summer in 2026' },
        { 'x-forwarded-for': `203.0.113.${index}` },
      )
    const attacker = browserAt()
    for (let index = 0; index < 50; index += 1) expect((await spray(index, attacker)).status).toBe(401)
    const stopped = await spray(50, attacker)
    expect(stopped).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(800)
    expect((await spray(51, browserAt())).status).toBe(401)
    expect((await journalOf(tenant.id, 'session.refused')).at(-2)?.data).toMatchObject({
      reason: 'too_many_from_address',
    })
  })
  test('A51: locking somebody out leaves their open session alone, and an administrator or a reset opens the lock', async () => {
    const tenant = await world.tenant('victim')
    const rita = await somebody(tenant, 'victim')
    await rita.signIn()
    const attacker = browserAt()
    const lock = async () => {
      for (let attempt = 0; attempt < 11; attempt += 1)
        await rita.signIn({ password: 'an evil guess' }, attacker)
    }
    await lock()
    expect((await rita.browser.send('GET', '/me')).status).toBe(200)
    expect((await rita.signIn({}, browserAt())).status).toBe(429)
    const admin = await tenant.person('Ada', 'administrator')
    expect((await admin.api.readPerson({ params: { id: rita.id } })).account?.lockedUntil).not.toBeNull()
    await admin.api.unlockPerson({ params: { id: rita.id } })
    expect((await rita.signIn({}, browserAt())).status).toBe(200)
  })
  test('A51: refusals are journalled up to a number, then counted', async () => {
    const tenant = await world.tenant('flood')
    const rita = await somebody(tenant, 'flood')
    for (let attempt = 0; attempt < 40; attempt += 1)
      await rita.signIn({ password: 'an evil guess' }, browserAt())
    expect(await journalOf(tenant.id, 'session.refused')).toHaveLength(20)
    world.clock.advance(10 * 60_000)
    await rita.signIn()
    expect((await journalOf(tenant.id, 'session.refused')).at(-1)?.data).toMatchObject({
      reason: 'locked',
      leftOut: 20,
    })
  })
})

describe('the demo', () => {
  test('is one click where the instance runs as a demo and the tenant was seeded as one, and nowhere else', async () => {
    const demo = await createWorld({ demo: true })
    try {
      const tenant = await demo.tenant('real')
      const real = await tenant.person('Rita', 'requester')
      const seeded = await demo.tenant('story', { isDemo: true })
      const nia = await seeded.person('Nia', 'agent')
      const browser = openBrowser(demo.app)
      const { demo: offered, ways } = await browser.api.signInOptions()
      expect(ways).toContain('demo')
      expect(offered).toMatchObject([
        { tenant: { slug: 'story' }, people: [{ id: nia.id, name: 'Nia', roles: ['Agent'] }] },
      ])
      await browser.api.demoSignIn({ body: { tenant: 'story', personId: nia.id } })
      expect((await browser.api.me()).person.name).toBe('Nia')
      // A click proves nothing: credentials stay as they are.
      expect(await browser.send('POST', '/me/totp')).toMatchObject({
        status: 403,
        body: { code: 'recent_sign_in_needed' },
      })
      expect(
        (await openBrowser(demo.app).send('POST', '/session/demo', { tenant: 'real', personId: real.id }))
          .status,
      ).toBe(404)
      const remote = openBrowser(demo.app, { host: 'rebound.example' })
      expect((await remote.send('POST', '/session/demo', { tenant: 'story', personId: nia.id })).status).toBe(
        501,
      )
    } finally {
      await demo.end()
    }
  })
  test('is not there in production, even for a tenant that was seeded as one', async () => {
    const tenant = await world.tenant('seeded-demo', { isDemo: true })
    const nia = await tenant.person('Nia', 'agent')
    const browser = browserAt()
    expect(
      (await browser.send('POST', '/session/demo', { tenant: 'seeded-demo', personId: nia.id })).status,
    ).toBe(404)
    expect(await browser.api.signInOptions({ query: { tenant: 'seeded-demo' } })).toMatchObject({
      demo: [],
      ways: ['password', 'passkey'],
    })
  })
})
