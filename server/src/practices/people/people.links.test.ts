import { generate } from 'otplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type Answer } from '../../../test/browser.ts'
import { accountKey } from '../../../test/mail-room.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { openLink, setPassword, suspendTenant } from './index.ts'

const password = 'nine lanterns over the harbor'
const other = 'eleven lanterns in the fog'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

type Tenant = Awaited<ReturnType<World['tenant']>>
type Mail = { id: string; kind: string; to_address: string; secret: Buffer | null; facts: unknown }

const mailOf = (tenant: Tenant, personId: string): Promise<Mail[]> =>
  read(world.database, tenant.id, (q) =>
    q.rows<Mail>({
      text: 'select id, kind, to_address, secret, facts from outbound_mail where tenant_id = $1 and person_id = $2 order by id',
      values: [tenant.id, personId],
    }),
  )
const linkOf = ({ id, secret }: Mail): string => (secret === null ? '' : openLink(accountKey, id, secret))
const lastToken = async (tenant: Tenant, personId: string): Promise<string> => {
  const mail = (await mailOf(tenant, personId)).findLast(({ secret }) => secret !== null)
  return mail === undefined ? '' : (linkOf(mail).split('#')[1] ?? '')
}
const essence = ({ status, body }: Answer) => ({ status, body: { ...body, request: undefined } })
const accept = (where: 'invitations' | 'resets', body: unknown, headers: Record<string, string> = {}) =>
  openBrowser(world.app).send('POST', `/session/${where}`, body, headers)
const askReset = (slug: string, email: string, headers: Record<string, string> = {}) =>
  openBrowser(world.app).send('POST', '/session/reset-requests', { tenant: slug, email }, headers)
const signIn = (slug: string, email: string, secret: string) =>
  openBrowser(world.app).send('POST', '/session', { tenant: slug, email, password: secret })

const invited = async (slug: string) => {
  const tenant = await world.tenant(slug)
  const admin = await tenant.person('Ada', 'administrator')
  const { id } = await admin.api.createPerson({ body: { name: 'Nils Neu', email: `nils@${slug}.test` } })
  return { tenant, admin, id, email: `nils@${slug}.test`, token: await lastToken(tenant, id) }
}
const forgetful = async (slug: string) => {
  const tenant = await world.tenant(slug)
  const rita = await tenant.person('Rita', 'requester')
  await setPassword(world.database, tenant.author(), rita.id, password)
  await askReset(slug, `rita@${slug}.test`)
  return { tenant, rita, email: `rita@${slug}.test`, token: await lastToken(tenant, rita.id) }
}

describe('an invitation', () => {
  test('lets a new person set a password once, and tells where to sign in', async () => {
    const { tenant, id, email, token } = await invited('welcome')
    expect(await accept('invitations', { token, password })).toMatchObject({
      status: 200,
      body: { tenant: { slug: 'welcome' }, email },
    })
    expect(await signIn('welcome', email, password)).toMatchObject({ status: 200, body: { person: { id } } })
    expect((await mailOf(tenant, id)).map((mail) => mail.kind)).toEqual(['invitation'])
  })
  test('A42: signs nobody in, whoever opens it: its answer carries no cookie', async () => {
    const { token } = await invited('no-cookie')
    const answer = await accept('invitations', { token, password })
    expect(answer.headers['set-cookie']).toBeUndefined()
  })
  test('is sent again on request, and the earlier one stops working', async () => {
    const { tenant, admin, id, token } = await invited('again')
    await admin.api.invitePerson({ params: { id } })
    const second = await lastToken(tenant, id)
    expect(second).not.toBe(token)
    expect(await accept('invitations', { token, password })).toMatchObject({ status: 410 })
    expect(await accept('invitations', { token: second, password })).toMatchObject({ status: 200 })
    await expect(admin.api.invitePerson({ params: { id } })).rejects.toMatchObject({
      body: { code: 'not_ready' },
    })
  })
  test('with a password that is not good enough says why and still works afterwards', async () => {
    const { token } = await invited('weak')
    expect(await accept('invitations', { token, password: 'Password2026!' })).toMatchObject({
      status: 422,
      body: { code: 'invalid', reasons: [{ code: 'too_common', field: 'password' }] },
    })
    expect(await accept('invitations', { token, password: 'nils@weak.test' })).toMatchObject({
      body: { reasons: [{ code: 'about_you' }] },
    })
    expect((await accept('invitations', { token, password })).status).toBe(200)
  })
  test('does not reach the old address after the address was corrected', async () => {
    const { admin, id, token } = await invited('typo')
    await admin.api.editPerson({ params: { id }, body: { email: 'nils.neu@typo.test' }, version: 1 })
    expect((await accept('invitations', { token, password })).status).toBe(410)
  })
})

describe('a reset', () => {
  test('sets a new password, ends every session, opens the lock and tells the person by mail', async () => {
    const { tenant, rita, email, token } = await forgetful('forgot')
    const session = openBrowser(world.app)
    await session.send('POST', '/session', { tenant: 'forgot', email, password })
    for (let attempt = 0; attempt < 11; attempt += 1) await signIn('forgot', email, 'an evil guess')
    expect((await accept('resets', { token, password: other })).status).toBe(200)
    expect((await session.send('GET', '/me')).status).toBe(401)
    expect((await signIn('forgot', email, password)).status).toBe(401)
    expect((await signIn('forgot', email, other)).status).toBe(200)
    expect((await mailOf(tenant, rita.id)).map((mail) => mail.kind)).toEqual(['reset', 'password_changed'])
  })
  test('A42: does not get around the second factor, so that a forwarded mail opens no account that has one', async () => {
    const tenant = await world.tenant('factor')
    const rita = await tenant.person('Rita', 'requester')
    const browser = openBrowser(world.app)
    browser.cookies.set('evenkeel', rita.cookie.replace('evenkeel=', ''))
    const { secret } = await browser.api.enrolTotp()
    const code = (): Promise<string> =>
      generate({ secret, epoch: Math.floor(Date.parse(world.clock.now()) / 1000) })
    await browser.api.confirmTotp({ body: { totp: await code() } })
    await askReset('factor', 'rita@factor.test')
    const token = await lastToken(tenant, rita.id)
    const answer = await accept('resets', { token, password: other })
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect((await signIn('factor', 'rita@factor.test', other)).body).toMatchObject({
      code: 'second_factor_needed',
    })
  })
  test('is mailed three times an hour at most, whoever asks', async () => {
    const { tenant, rita, email } = await forgetful('mailbomb')
    for (let round = 0; round < 4; round += 1) expect((await askReset('mailbomb', email)).status).toBe(204)
    expect(await mailOf(tenant, rita.id)).toHaveLength(3)
    world.clock.advance(3_600_001)
    await askReset('mailbomb', email)
    expect(await mailOf(tenant, rita.id)).toHaveLength(4)
  })
})

describe('A40: links come from the configured address', () => {
  test('A40: whatever Host, X-Forwarded-Host, Forwarded or Origin a request claims', async () => {
    const tenant = await world.tenant('poisoned')
    const rita = await tenant.person('Rita', 'requester')
    const poisons: Record<string, string>[] = [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https', 'x-original-host': 'evil.example' },
    ]
    for (const headers of poisons) await askReset('poisoned', 'rita@poisoned.test', headers)
    const admin = await tenant.person('Ada', 'administrator')
    const answer = await openBrowser(world.app, { cookie: admin.cookie }).send(
      'POST',
      '/people',
      { name: 'Nils', email: 'nils@poisoned.test' },
      { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    )
    expect(answer.status).toBe(201)
    const mails = [...(await mailOf(tenant, rita.id)), ...(await mailOf(tenant, String(answer.body['id'])))]
    expect(mails).toHaveLength(4)
    for (const mail of mails)
      expect(linkOf(mail)).toMatch(/^http:\/\/localhost:4600\/(new-password|welcome)#[A-Za-z0-9_-]{86}$/)
  })
})

describe('A41: a link that stands for a person works once, for its purpose, in its time', () => {
  const wrong = (token: string, foreign: string): [string, unknown][] => [
    ['empty', ''],
    ['a space', ' '],
    ['an escaped space', '%20'],
    ['an escaped NUL', '%00'],
    ['truncated', token.slice(0, -1)],
    ['a prefix of it', token.slice(0, 43)],
    ['longer', `${token}A`],
    ['another case', token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase()],
    ['with a wrong secret', token.slice(0, 60) + (token.slice(60) === 'A'.repeat(26) ? 'B' : 'A').repeat(26)],
    ['with the id of another one', foreign.slice(0, 43) + token.slice(43)],
    ['padded', `${token}==`],
    ['a SQL wildcard', '%'.repeat(86)],
    ['the hash of nothing', Buffer.alloc(64).toString('base64url')],
  ]
  test('A41: whatever is wrong with it, the answer is one and the same, and nothing changed', async () => {
    const { tenant, rita, email, token } = await forgetful('tokens')
    const elsewhere = await forgetful('tokens-elsewhere')
    const gone = essence(await accept('resets', { token: 'x', password: other }))
    expect(gone).toMatchObject({ status: 410, body: { code: 'link_gone' } })
    for (const [name, text] of wrong(token, elsewhere.token)) {
      expect([name, essence(await accept('resets', { token: text, password: other }))]).toEqual([name, gone])
    }
    // The purpose is part of it: a reset is no invitation.
    expect(essence(await accept('invitations', { token, password: other }))).toEqual(gone)
    for (const text of [null, [token], { $ne: '' }, 7, true]) {
      expect((await accept('resets', { token: text, password: other })).status).toBe(422)
    }
    expect((await signIn('tokens', email, password)).status).toBe(200)
    expect(await mailOf(tenant, rita.id)).toHaveLength(1)
    expect((await accept('resets', { token, password: other })).status).toBe(200)
    expect(essence(await accept('resets', { token, password }))).toEqual(gone)
    expect((await signIn('tokens', email, other)).status).toBe(200)
  })
  test('A41: of twenty who send it at once, one sets the password', async () => {
    const { token } = await forgetful('race')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        accept('resets', { token, password: `lantern number ${index} of twenty` }),
      ),
    )
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 410),
    ])
  })
  test('A41: a reset works for an hour, an invitation for three days', async () => {
    const { token } = await forgetful('hour')
    world.clock.advance(60 * 60_000 - 1)
    const inTime = await forgetful('hour-2')
    world.clock.advance(1)
    expect((await accept('resets', { token, password: other })).status).toBe(410)
    expect((await accept('resets', { token: inTime.token, password: other })).status).toBe(200)
    const early = await invited('days')
    const late = await invited('days-2')
    world.clock.advance(72 * 3_600_000 - 1)
    expect((await accept('invitations', { token: early.token, password })).status).toBe(200)
    world.clock.advance(1)
    expect((await accept('invitations', { token: late.token, password })).status).toBe(410)
  })
  test('A41: one of a deactivated person or of a suspended tenant is gone', async () => {
    const { tenant, admin, id, token } = await invited('deactivated')
    await admin.api.editPerson({ params: { id }, body: { isActive: false }, version: 1 })
    expect((await accept('invitations', { token, password })).status).toBe(410)
    const one = await forgetful('suspended')
    await suspendTenant(world.database, one.tenant.author(), true)
    expect((await accept('resets', { token: one.token, password: other })).status).toBe(410)
    expect(await mailOf(tenant, id)).toHaveLength(1)
  })
  test('A41: a changed password makes a reset that was asked for before worthless', async () => {
    const { tenant, rita, token } = await forgetful('superseded')
    await setPassword(world.database, tenant.author(), rita.id, other)
    expect((await accept('resets', { token, password })).status).toBe(410)
  })
  test('A41: its secret is 256 random bits, stored as a hash, and in no journal entry', async () => {
    const { tenant, id, token } = await invited('hashed')
    const secret = Buffer.from(token, 'base64url').subarray(32)
    expect(secret).toHaveLength(32)
    const [stored, entries] = await read(world.database, tenant.id, (q) =>
      Promise.all([
        q.rows<{ secret_hash: Buffer }>({
          text: 'select secret_hash from one_time_token where tenant_id = $1 and person_id = $2',
          values: [tenant.id, id],
        }),
        q.rows<{ text: string }>({
          text: `select j.data::text || coalesce(p.personal::text, '') as text from journal j
                 left join journal_personal p on p.tenant_id = j.tenant_id and p.entry_id = j.id where j.tenant_id = $1`,
          values: [tenant.id],
        }),
      ]),
    )
    expect(stored).toHaveLength(1)
    expect(stored[0]?.secret_hash.equals(secret)).toBe(false)
    for (const { text } of entries) {
      expect(
        text.includes(token) ||
          text.includes(secret.toString('base64url')) ||
          text.includes(secret.toString('hex')),
      ).toBe(false)
    }
  })
  test('A41: every token differs', async () => {
    const { tenant, admin, id } = await invited('entropy')
    const tokens = new Set<string>()
    for (let round = 0; round < 5; round += 1) {
      await admin.api.invitePerson({ params: { id } })
      tokens.add((await lastToken(tenant, id)).slice(43))
    }
    expect(tokens.size).toBe(5)
  })
})
