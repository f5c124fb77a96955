import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthenticator } from '../../../test/authenticator.ts'
import { type Answer } from '../../../test/browser.ts'
import { essence, password, signingIn } from '../../../test/signing-in.ts'
import { createWorld, type World } from '../../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const { browserAt, somebody } = signingIn(() => world)

describe('passkeys', () => {
  const withPasskey = async (slug: string, counts = true) => {
    const tenant = await world.tenant(slug)
    const rita = await somebody(tenant, slug)
    await rita.signIn()
    const authenticator = createAuthenticator('http://localhost:4600', 'localhost')
    authenticator.settings.counts = counts
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
  test('are called what their person calls them, and nobody else renames them', async () => {
    const { tenant, rita, id } = await withPasskey('keyed-name')
    await rita.browser.api.renamePasskey({ params: { id }, body: { name: ' Key ring ' } })
    expect((await rita.browser.api.listPasskeys()).rows).toMatchObject([{ id, name: 'Key ring' }])
    const other = await somebody(tenant, 'keyed-name', 'Otto')
    await other.signIn()
    await expect(
      other.browser.api.renamePasskey({ params: { id }, body: { name: 'Mine' } }),
    ).rejects.toMatchObject({ status: 404 })
    expect((await rita.browser.api.listPasskeys()).rows).toMatchObject([{ name: 'Key ring' }])
  })
  test('work while the password is locked', async () => {
    const { rita, signInWith } = await withPasskey('keyed-locked')
    for (let attempt = 0; attempt < 11; attempt += 1)
      await rita.signIn({ password: 'an evil guess' }, browserAt())
    expect((await signInWith()).answer.status).toBe(200)
  })
  test('answer each challenge once, and within five minutes', async () => {
    // One that is synchronised between devices and does not count: nothing but the challenge tells the second answer from the first.
    const { signInWith, authenticator } = await withPasskey('keyed-once', false)
    const { ceremony, credential, answer } = await signInWith()
    expect(answer.status).toBe(200)
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
    const { tenant, rita, authenticator } = await withPasskey('keyed-proof')
    const otto = await somebody(tenant, 'keyed-proof', 'Otto')
    await otto.signIn()
    const ottos = createAuthenticator('http://localhost:4600', 'localhost')
    const registering = await otto.browser.api.passkeyRegistrationOptions()
    await otto.browser.api.registerPasskey({
      body: { ceremony: registering.ceremony, name: 'Key', credential: ottos.create(registering.options) },
    })
    world.clock.advance(16 * 60_000)
    const confirm = async (key: typeof authenticator) => {
      const begun = await rita.browser.api.confirmMePasskeyOptions()
      return rita.browser.send('POST', '/me/confirmation/passkey', {
        ceremony: begun.ceremony,
        credential: key.get(begun.options),
      })
    }
    expect((await confirm(ottos)).status).toBe(401)
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
