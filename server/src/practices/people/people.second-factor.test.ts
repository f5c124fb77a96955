import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, signingIn } from '../../../test/signing-in.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { base32 } from '../../platform/auth/totp.ts'
import { read } from '../../platform/postgres/database.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const { browserAt, somebody, totpOf, withTotp } = signingIn(() => world)

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
    const guesses = Array.from({ length: 16 }, (_, index) => String(index).padStart(6, '0')).filter(
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
