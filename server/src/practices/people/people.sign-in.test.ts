import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate } from 'otplib'
import { createAuthenticator } from '../../../test/authenticator.ts'
import { openBrowser, type Answer, type Browser } from '../../../test/browser.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { base32 } from '../../platform/auth/totp.ts'
import { read } from '../../platform/postgres/database.ts'
import { setPassword, suspendTenant } from './index.ts'

const password = 'nine lanterns over the harbor'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

type Tenant = Awaited<ReturnType<World['tenant']>>

/** Somebody with a password, and a browser at an address of their own that is not signed in yet. */
const somebody = async (
  tenant: Tenant,
  slug: string,
  name = 'Rita',
  ...roles: Parameters<Tenant['person']>[1][]
) => {
  const person = await tenant.person(name, ...(roles.length === 0 ? (['requester'] as const) : roles))
  await setPassword(world.database, tenant.author(), person.id, password)
  const email = `${name.toLowerCase()}@${slug}.test`
  const browser = browserAt()
  return {
    ...person,
    email,
    browser,
    signIn: (more: Record<string, unknown> = {}, from: Browser = browser): Promise<Answer> =>
      from.send('POST', '/session', { tenant: slug, email, password, ...more }),
  }
}

const browserAt = (headers: Record<string, string> = {}): Browser => openBrowser(world.app, headers)

const journalOf = (tenantId: string, type: string) =>
  read(world.database, tenantId, (q) =>
    q.rows<{ type: string; data: Record<string, unknown>; actor_kind: string; subject_id: string }>({
      text: 'select type, data, actor_kind, subject_id from journal where tenant_id = $1 and type = $2 order by id',
      values: [tenantId, type],
    }),
  )
const essence = ({ status, body }: Answer) => ({ status, body: { ...body, request: undefined } })
const totpOf = (secret: string): Promise<string> =>
  generate({ secret, epoch: Math.floor(Date.parse(world.clock.now()) / 1000) })

/** Sets up one-time codes through the API; answers the seed and the recovery codes. */
const withTotp = async (browser: Browser) => {
  const { secret } = await browser.api.enrolTotp()
  const { codes } = await browser.api.confirmTotp({ body: { totp: await totpOf(secret) } })
  world.clock.advance(30_000)
  return { secret, codes }
}

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
  test('A51: thirty guesses side by side are ten guesses', async () => {
    const tenant = await world.tenant('parallel')
    const rita = await somebody(tenant, 'parallel')
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => rita.signIn({ password: `guess number ${index}` })),
    )
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10)
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(20)
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

describe('A50: the second factor', () => {
  test('A50: is asked for once the password was right, and cannot be skipped', async () => {
    const tenant = await world.tenant('second')
    const rita = await somebody(tenant, 'second')
    await rita.signIn()
    const { secret } = await withTotp(rita.browser)
    const browser = browserAt()
    expect(await rita.signIn({ password: 'wrong one entirely' }, browser)).toMatchObject({
      body: { code: 'wrong_credentials' },
    })
    expect(await rita.signIn({}, browser)).toMatchObject({
      status: 401,
      body: { code: 'second_factor_needed' },
    })
    expect(browser.setCookies).toEqual([])
    expect((await browser.send('GET', '/me')).status).toBe(401)
    expect(await rita.signIn({ totp: '000000' }, browser)).toMatchObject({
      body: { code: 'wrong_credentials' },
    })
    expect(await rita.signIn({ totp: await totpOf(secret) }, browser)).toMatchObject({
      status: 200,
      body: { recoveryCodesLeft: 10 },
    })
    expect((await browser.api.me()).session?.signedInBy).toBe('password+totp')
  })
  test('A50: a code works once, also for two who send it at the same moment', async () => {
    const tenant = await world.tenant('replay')
    const rita = await somebody(tenant, 'replay')
    await rita.signIn()
    const { secret } = await withTotp(rita.browser)
    const totp = await totpOf(secret)
    const answers = await Promise.all([1, 2, 3, 4].map(() => rita.signIn({ totp }, browserAt())))
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([200, 401, 401, 401])
    expect((await rita.signIn({ totp }, browserAt())).status).toBe(401)
    world.clock.advance(30_000)
    // The step before this one is still in the window, but it is used up.
    expect((await rita.signIn({ totp }, browserAt())).status).toBe(401)
    expect((await rita.signIn({ totp: await totpOf(secret) }, browserAt())).status).toBe(200)
  })
  test('A50: codes cannot be guessed side by side: ten attempts, then the lock', async () => {
    const tenant = await world.tenant('brute')
    const rita = await somebody(tenant, 'brute')
    await rita.signIn()
    const { secret } = await withTotp(rita.browser)
    const right = await totpOf(secret)
    const guesses = Array.from({ length: 40 }, (_, index) => String(index).padStart(6, '0')).filter(
      (code) => code !== right,
    )
    const answers = await Promise.all(guesses.map((totp) => rita.signIn({ totp }, browserAt())))
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10)
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(guesses.length - 10)
    expect((await rita.signIn({ totp: right }, browserAt())).status).toBe(429)
  })
  test('A50: asking for the second factor again and again does not give attempts back that were used up', async () => {
    const tenant = await world.tenant('refill')
    const rita = await somebody(tenant, 'refill')
    await rita.signIn()
    await withTotp(rita.browser)
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await rita.signIn({ totp: '000000' }, browserAt())
      expect((await rita.signIn({}, browserAt())).body).toMatchObject({ code: 'second_factor_needed' })
    }
    expect((await rita.signIn({ totp: '000000' }, browserAt())).status).toBe(401)
    expect((await rita.signIn({}, browserAt())).status).toBe(429)
  })
  test('A50: a recovery code works once, however it is typed, and renewing ends the old ones', async () => {
    const tenant = await world.tenant('recovery')
    const rita = await somebody(tenant, 'recovery')
    await rita.signIn()
    const { codes } = await withTotp(rita.browser)
    expect(codes).toHaveLength(10)
    const [one = '', two = ''] = codes
    const answers = await Promise.all(
      [1, 2, 3].map(() => rita.signIn({ recoveryCode: one.toUpperCase() }, browserAt())),
    )
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([200, 401, 401])
    expect(answers.find((answer) => answer.status === 200)?.body).toMatchObject({ recoveryCodesLeft: 9 })
    expect((await rita.signIn({ recoveryCode: one }, browserAt())).status).toBe(401)
    const renewed = await rita.browser.api.renewRecoveryCodes()
    expect((await rita.signIn({ recoveryCode: two }, browserAt())).status).toBe(401)
    expect((await rita.signIn({ recoveryCode: renewed.codes[0] ?? '' }, browserAt())).status).toBe(200)
  })
  test('A50: a stolen session that is not fresh changes no credential and makes no key', async () => {
    const tenant = await world.tenant('stolen')
    const rita = await somebody(tenant, 'stolen', 'Rita', 'administrator')
    await rita.signIn()
    world.clock.advance(15 * 60_000 + 1000)
    const expiresAt = new Date(Date.parse(world.clock.now()) + 86_400_000).toISOString()
    for (const [method, path, body] of [
      ['POST', '/me/totp'],
      ['POST', '/me/totp/confirmation', { totp: '000000' }],
      ['DELETE', '/me/totp'],
      ['POST', '/me/recovery-codes'],
      ['PUT', '/me/password', { current: password, password: 'eleven lanterns in the fog' }],
      ['POST', '/me/passkeys/options'],
      ['POST', '/me/keys', { name: 'k', permissions: ['incident.read'], expiresAt }],
      ['DELETE', `/me/passkeys/${rita.id}`],
      ['PUT', `/people/${rita.id}/roles/${rita.id}`],
      ['POST', `/people/${rita.id}/acting`, { reason: 'because' }],
    ] as const) {
      expect([method, path, await rita.browser.send(method, path, body)]).toEqual([
        method,
        path,
        expect.objectContaining({
          status: 403,
          body: expect.objectContaining({ code: 'recent_sign_in_needed' }),
        }),
      ])
    }
    // Guessing at the password from inside is counted like guessing from outside.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await rita.browser.send('POST', '/me/confirmation', { password: 'evil guess' })).status).toBe(
        401,
      )
    }
    expect((await rita.browser.send('POST', '/me/confirmation', { password })).status).toBe(429)
    world.clock.advance(30 * 60_000)
    await rita.browser.api.confirmMe({ body: { password } })
    expect((await rita.browser.send('POST', '/me/totp')).status).toBe(201)
  })
  test('A50: proving it again asks for the second factor too', async () => {
    const tenant = await world.tenant('prove')
    const rita = await somebody(tenant, 'prove')
    await rita.signIn()
    const { secret } = await withTotp(rita.browser)
    world.clock.advance(16 * 60_000)
    expect(await rita.browser.send('POST', '/me/confirmation', { password })).toMatchObject({
      status: 401,
      body: { code: 'second_factor_needed' },
    })
    await rita.browser.api.confirmMe({ body: { password, totp: await totpOf(secret) } })
    await rita.browser.api.removeTotp()
  })
  test('A50: the seed is not in the database as it is, and a second set-up does not replace the first', async () => {
    const tenant = await world.tenant('seed')
    const rita = await somebody(tenant, 'seed')
    await rita.signIn()
    const { secret } = await withTotp(rita.browser)
    const row = await read(world.database, tenant.id, (q) =>
      q.one<{ secret: Buffer }>({
        text: 'select secret from totp where tenant_id = $1',
        values: [tenant.id],
      }),
    )
    // Sealed: twelve bytes of nonce before, sixteen of tag after.
    expect(row.secret).toHaveLength(12 + 20 + 16)
    expect(base32(row.secret)).not.toContain(secret.slice(2, -2))
    expect(await rita.browser.send('POST', '/me/totp')).toMatchObject({
      status: 409,
      body: { code: 'already_exists' },
    })
  })
  test('A50: without an account key one-time codes cannot be set up, and the answer says so', async () => {
    const bare = await createWorld({ accountKey: null })
    try {
      const tenant = await bare.tenant('bare')
      const rita = await tenant.person('Rita', 'requester')
      await expect(rita.api.enrolTotp()).rejects.toMatchObject({ status: 501 })
    } finally {
      await bare.end()
    }
  })
  test('A50: a wrong code does not finish the set-up', async () => {
    const tenant = await world.tenant('unfinished')
    const rita = await somebody(tenant, 'unfinished')
    await rita.signIn()
    await expect(rita.browser.api.confirmTotp({ body: { totp: '123456' } })).rejects.toMatchObject({
      body: { code: 'not_ready' },
    })
    await rita.browser.api.enrolTotp()
    await expect(rita.browser.api.confirmTotp({ body: { totp: '000000' } })).rejects.toMatchObject({
      status: 422,
    })
    expect((await rita.signIn({}, browserAt())).status).toBe(200)
  })
})

describe('passkeys', () => {
  const withPasskey = async (slug: string) => {
    const tenant = await world.tenant(slug)
    const rita = await somebody(tenant, slug)
    await rita.signIn()
    const authenticator = createAuthenticator('http://localhost:4600', 'localhost')
    const { ceremony, options } = await rita.browser.api.passkeyRegistrationOptions()
    const { id } = await rita.browser.api.registerPasskey({
      body: { ceremony, name: 'Phone', credential: authenticator.create(options) },
    })
    const signInWith = async (
      key = authenticator,
      change: (credential: ReturnType<typeof authenticator.get>) => object = (same) => same,
    ) => {
      const browser = browserAt()
      const begun = await browser.api.passkeySignInOptions({ body: { tenant: slug } })
      const credential = change(key.get(begun.options))
      const answer = await browser.send('POST', '/session/passkey', {
        tenant: slug,
        ceremony: begun.ceremony,
        credential,
      })
      return { browser, answer, ceremony: begun.ceremony, credential }
    }
    return { tenant, rita, authenticator, id, signInWith }
  }
  const userHandle = (personId: string) =>
    Buffer.from(personId.replaceAll('-', ''), 'hex').toString('base64url')

  test('sign in without a name, a password or a code', async () => {
    const { rita, signInWith } = await withPasskey('keyed')
    const { browser, answer } = await signInWith()
    expect(answer).toMatchObject({ status: 200, body: { person: { id: rita.id } } })
    expect((await browser.api.me()).session?.signedInBy).toBe('passkey')
    expect((await browser.api.listPasskeys()).rows).toMatchObject([
      { name: 'Phone', lastUsedAt: world.clock.now() },
    ])
  })
  test('work while the password is locked', async () => {
    const { rita, signInWith } = await withPasskey('keyed-locked')
    for (let attempt = 0; attempt < 11; attempt += 1)
      await rita.signIn({ password: 'an evil guess' }, browserAt())
    expect((await signInWith()).answer.status).toBe(200)
  })
  test('answer each challenge once, and within five minutes', async () => {
    const { signInWith, authenticator } = await withPasskey('keyed-once')
    const { ceremony, credential } = await signInWith()
    const again = () =>
      browserAt().send('POST', '/session/passkey', { tenant: 'keyed-once', ceremony, credential })
    expect(await again()).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } })
    const browser = browserAt()
    const begun = await browser.api.passkeySignInOptions({ body: { tenant: 'keyed-once' } })
    world.clock.advance(5 * 60_000)
    const late = {
      tenant: 'keyed-once',
      ceremony: begun.ceremony,
      credential: authenticator.get(begun.options),
    }
    expect((await browser.send('POST', '/session/passkey', late)).status).toBe(401)
  })
  test('of another site, without a fingerprint, of another person, cloned or unknown are refused alike', async () => {
    const { rita, signInWith, authenticator } = await withPasskey('keyed-wrong')
    const answers: Answer[] = []
    authenticator.settings.origin = 'http://evil.example'
    answers.push((await signInWith()).answer)
    authenticator.settings.origin = 'http://localhost:4600'
    authenticator.settings.userVerified = false
    answers.push((await signInWith()).answer)
    authenticator.settings.userVerified = true
    answers.push((await signInWith(createAuthenticator('http://localhost:4600', 'localhost'))).answer)
    answers.push(
      (
        await signInWith(authenticator, (one) => ({
          ...one,
          response: { ...one.response, userHandle: userHandle(crypto.randomUUID()) },
        }))
      ).answer,
    )
    answers.push(
      (
        await signInWith(authenticator, (one) => ({
          ...one,
          response: { ...one.response, signature: 'AAAA' },
        }))
      ).answer,
    )
    for (const answer of answers) expect(essence(answer)).toEqual(essence(answers[0] as Answer))
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } })
    expect(
      (
        await signInWith(authenticator, (one) => ({
          ...one,
          response: { ...one.response, userHandle: userHandle(rita.id) },
        }))
      ).answer.status,
    ).toBe(200)
    authenticator.rewind()
    expect((await signInWith()).answer.status).toBe(401)
  })
  test('of a deactivated person open nothing', async () => {
    const { tenant, rita, signInWith } = await withPasskey('keyed-gone')
    const admin = await tenant.person('Ada', 'administrator')
    await admin.api.editPerson({ params: { id: rita.id }, body: { isActive: false }, version: 1 })
    expect((await signInWith()).answer.status).toBe(401)
  })
  test('prove again that it is me, but only those of mine', async () => {
    const { rita, authenticator } = await withPasskey('keyed-proof')
    const other = await withPasskey('keyed-proof-2')
    world.clock.advance(16 * 60_000)
    const confirm = async (key: typeof authenticator) => {
      const begun = await rita.browser.api.confirmMePasskeyOptions()
      return rita.browser.send('POST', '/me/confirmation/passkey', {
        ceremony: begun.ceremony,
        credential: key.get(begun.options),
      })
    }
    expect((await confirm(other.authenticator)).status).toBe(401)
    expect((await rita.browser.send('POST', '/me/totp')).status).toBe(403)
    expect((await confirm(authenticator)).status).toBe(200)
    expect((await rita.browser.send('POST', '/me/totp')).status).toBe(201)
  })
  test('a challenge for signing in does not register, and one for registering is for its person', async () => {
    const { rita, authenticator } = await withPasskey('keyed-purpose')
    const begun = await rita.browser.api.passkeySignInOptions({ body: { tenant: 'keyed-purpose' } })
    const fresh = createAuthenticator('http://localhost:4600', 'localhost')
    await expect(
      rita.browser.api.registerPasskey({
        body: { ceremony: begun.ceremony, name: 'x', credential: fresh.create(begun.options) },
      }),
    ).rejects.toMatchObject({ status: 422 })
    const registering = await rita.browser.api.passkeyRegistrationOptions()
    expect(
      (
        await browserAt().send('POST', '/session/passkey', {
          tenant: 'keyed-purpose',
          ceremony: registering.ceremony,
          credential: authenticator.get(registering.options),
        })
      ).status,
    ).toBe(401)
  })
  test('the last one is not removed from somebody without a password', async () => {
    const tenant = await world.tenant('keyed-last')
    const rita = await tenant.person('Rita', 'requester')
    const authenticator = createAuthenticator('http://localhost:4600', 'localhost')
    const browser = browserAt()
    browser.cookies.set('evenkeel', rita.cookie.replace('evenkeel=', ''))
    const { ceremony, options } = await browser.api.passkeyRegistrationOptions()
    const { id } = await browser.api.registerPasskey({
      body: { ceremony, name: 'Phone', credential: authenticator.create(options) },
    })
    await expect(browser.api.removePasskey({ params: { id } })).rejects.toMatchObject({
      body: { code: 'not_ready' },
    })
    await browser.api.changePassword({ body: { password } })
    await browser.api.removePasskey({ params: { id } })
    expect((await browser.api.listPasskeys()).rows).toEqual([])
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
  test('A54: a change that another process made is seen within five seconds without being told', async () => {
    const tenant = await world.tenant('elsewhere')
    const rita = await tenant.person('Rita', 'requester')
    await rita.api.me()
    // Straight into the database: no entry that this process could hear of.
    const admin = new Client({ connectionString: world.test.adminUrl })
    await admin.connect()
    await admin.query('update session set ended_at = now() where person_id = $1', [rita.id])
    await admin.end()
    await expect
      .poll(
        () =>
          rita.api.me().then(
            () => 200,
            (error: { status: number }) => error.status,
          ),
        { timeout: 5000, interval: 250 },
      )
      .toBe(401)
  })
})

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
