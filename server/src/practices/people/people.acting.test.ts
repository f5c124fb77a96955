import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import { openBrowser } from '../../../test/browser.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

/** The administrator's browser, acting as somebody else. */
const acting = async (admin: TestPerson, as: TestPerson) => {
  const browser = openBrowser(world.app)
  browser.cookies.set('evenkeel', admin.cookie.replace('evenkeel=', ''))
  await browser.api.actAs({ params: { id: as.id }, body: { reason: 'cannot find a button' } })
  return browser
}
const cast = async (slug: string) => {
  const tenant = await world.tenant(slug)
  return {
    tenant,
    ada: await tenant.person('Ada', 'administrator'),
    rita: await tenant.person('Rita', 'requester'),
  }
}
const journal = (tenantId: string, where: string) =>
  read(world.database, tenantId, (q) =>
    q.rows<{ type: string; actor_id: string; on_behalf_of: string; data: Record<string, unknown> }>({
      text: `select type, actor_kind, actor_id, on_behalf_of, data from journal where tenant_id = $1 and ${where} order by id`,
      values: [tenantId],
    }),
  )

describe('A18: acting as somebody else', () => {
  test('A18: has the rights both have and no others', async () => {
    const { ada, rita } = await cast('both')
    const browser = await acting(ada, rita)
    const me = await browser.api.me()
    expect(me).toMatchObject({
      person: { id: rita.id },
      session: { actor: { id: ada.id, name: 'Ada' }, signedInBy: 'acting' },
    })
    // Answering as the caller and raising for oneself reach one's own rows in both roles: they are not the same rows.
    expect(me.permissions.map((one) => one.permission).sort()).toEqual([
      'incident.affected',
      'incident.comment',
      'incident.read',
      'incident.watch',
      'service.read',
    ])
    expect(me.permissions.find((one) => one.permission === 'incident.read')).toEqual({
      permission: 'incident.read',
      scopes: ['own'],
    })
    expect((await browser.send('GET', '/people')).status).toBe(403)
  })
  test('A18: what the one at the keyboard may do to their own rows only does not carry over', async () => {
    const tenant = await world.tenant('scoped')
    const ada = await tenant.person('Ada', 'administrator')
    const helper = await tenant.person('Hal', 'requester')
    const { id: roleId } = await ada.api.createRole({
      body: { key: 'helper', name: 'Helper', permissions: [{ permission: 'impersonate', scopes: ['all'] }] },
    })
    await ada.api.giveRole({ params: { id: helper.id, roleId } })
    const rita = await tenant.person('Rita', 'requester')
    const { id } = await rita.api.raiseIncident({ body: { title: 'About my salary' } })
    const browser = await acting(helper, rita)
    // Hal reads his own incidents, not Rita's: acting as her does not change that.
    expect((await browser.send('GET', `/incidents/${id}`)).status).toBeGreaterThanOrEqual(403)
    expect((await browser.api.me()).permissions.map((one) => one.permission)).not.toContain('incident.read')
  })
  test('A18: a confidential record stays closed, even if it is the own one of the person acted for', async () => {
    const { ada, rita } = await cast('confidential')
    const open = await rita.api.raiseIncident({ body: { title: 'Printer' } })
    const secret = await rita.api.raiseIncident({ body: { title: 'Harassment', confidential: true } })
    const browser = await acting(ada, rita)
    expect((await browser.send('GET', `/incidents/${open.id}`)).status).toBe(200)
    expect((await browser.send('GET', `/incidents/${secret.id}`)).status).toBe(404)
    expect((await rita.api.readIncident({ params: { id: secret.id } })).title).toBe('Harassment')
  })
  test('A18: both are on record with everything that is done, and the reason with the beginning', async () => {
    const { tenant, ada, rita } = await cast('recorded')
    const browser = await acting(ada, rita)
    const { id } = await rita.api.raiseIncident({ body: { title: 'No button' } })
    await browser.api.commentIncident({
      params: { id },
      body: { audience: 'public', body: 'It is below the fold.' },
    })
    expect(await journal(tenant.id, `type = 'incident.commented'`)).toMatchObject([
      { actor_kind: 'person', actor_id: ada.id, on_behalf_of: rita.id },
    ])
    expect(await journal(tenant.id, `type = 'session.started' and data->>'by' = 'acting'`)).toMatchObject([
      { actor_id: ada.id, on_behalf_of: null, data: { by: 'acting' } },
    ])
  })
  test('A18: changes no credential, ends no session, makes and revokes no key, exports nothing, manages nobody', async () => {
    const tenant = await world.tenant('careful')
    const ada = await tenant.person('Ada', 'administrator')
    const eve = await tenant.person('Eve', 'administrator')
    const browser = await acting(ada, eve)
    const names = (await browser.api.me()).permissions.map((one) => one.permission)
    for (const name of [
      'export',
      'impersonate',
      'person.manage',
      'team.manage',
      'role.manage',
      'policy.publish',
    ]) {
      expect(names).not.toContain(name)
    }
    expect(names).toContain('incident.work')
    const closed = Object.values(api).filter((route) => 'recentSignIn' in route)
    for (const route of closed) {
      const path = addressOf(route, { id: eve.id, roleId: eve.id }).replace('/api/v1', '')
      const answer = await browser.send(route.method, path, 'body' in route ? {} : undefined, {
        'if-match': '"1"',
      })
      expect([route.summary, answer.status, answer.body['code']]).toEqual([route.summary, 403, 'forbidden'])
    }
    for (const [method, path, body] of [
      ['PATCH', '/me', { phone: '666' }],
      ['DELETE', '/me/sessions', undefined],
      ['DELETE', `/me/sessions/${eve.id}`, undefined],
      ['DELETE', `/me/keys/${eve.id}`, undefined],
      ['POST', '/me/confirmation', { password: 'x' }],
      ['POST', '/me/confirmation/passkey/options', undefined],
    ] as const) {
      expect([path, (await browser.send(method, path, body)).status]).toEqual([path, 403])
    }
    expect((await journal(tenant.id, `type = 'access.refused'`)).length).toBe(20)
  })
  test('A18: ends after an hour, with the session it was begun from, and with the rights of the one at the keyboard', async () => {
    const { tenant, ada, rita } = await cast('hour')
    const hour = await acting(ada, rita)
    world.clock.advance(3_600_000 - 1)
    expect((await hour.send('GET', '/me')).status).toBe(200)
    world.clock.advance(1)
    expect((await hour.send('GET', '/me')).status).toBe(401)
    const fresh = { ...ada, cookie: await tenant.signIn(ada.id) }
    const ended = await acting(fresh, rita)
    const own = openBrowser(world.app, { cookie: fresh.cookie })
    await own.api.signOut()
    expect((await ended.send('GET', '/me')).status).toBe(401)
    const boss = await tenant.person('Boss', 'administrator')
    const third = { ...ada, cookie: await tenant.signIn(ada.id) }
    const fired = await acting(third, rita)
    const { version } = await boss.api.readPerson({ params: { id: ada.id } })
    await boss.api.editPerson({ params: { id: ada.id }, body: { isActive: false }, version })
    expect((await fired.send('GET', '/me')).status).toBe(401)
    // Rita herself never noticed.
    expect((await rita.api.me()).person.id).toBe(rita.id)
  })
  test('A18: stops on request, and one is oneself again under a new secret', async () => {
    const { ada, rita } = await cast('back')
    const browser = await acting(ada, rita)
    const held = browser.cookies.get('evenkeel') ?? ''
    expect(await browser.api.stopActing()).toMatchObject({ person: { id: ada.id, name: 'Ada' } })
    expect((await browser.api.me()).person.id).toBe(ada.id)
    expect(browser.cookies.get('evenkeel')).not.toBe(ada.cookie.replace('evenkeel=', ''))
    const old = openBrowser(world.app)
    old.cookies.set('evenkeel', held)
    expect((await old.send('GET', '/me')).status).toBe(401)
    await expect(browser.api.stopActing()).rejects.toMatchObject({ body: { code: 'not_ready' } })
  })
  test('A18: is shown to the person acted for, who can end it', async () => {
    const { ada, rita } = await cast('shown')
    const browser = await acting(ada, rita)
    const { rows } = await rita.api.listSessions()
    const theirs = rows.find((row) => row.actor !== null)
    expect(theirs).toMatchObject({ actor: { id: ada.id, name: 'Ada' }, signedInBy: 'acting' })
    await rita.api.endSession({ params: { id: theirs?.id ?? '' } })
    expect((await browser.send('GET', '/me')).status).toBe(401)
  })
  test('A18: not as oneself, not as somebody deactivated or of another tenant, not twice', async () => {
    const { ada, rita } = await cast('not')
    const foreign = await cast('not-here')
    await expect(
      ada.api.actAs({ params: { id: ada.id }, body: { reason: 'why not' } }),
    ).rejects.toMatchObject({ status: 422 })
    await expect(
      ada.api.actAs({ params: { id: foreign.rita.id }, body: { reason: 'why not' } }),
    ).rejects.toMatchObject({ status: 404 })
    await expect(ada.api.actAs({ params: { id: rita.id }, body: { reason: 'x' } })).rejects.toMatchObject({
      status: 422,
    })
    await ada.api.editPerson({ params: { id: rita.id }, body: { isActive: false }, version: 1 })
    await expect(
      ada.api.actAs({ params: { id: rita.id }, body: { reason: 'why not' } }),
    ).rejects.toMatchObject({ status: 422 })
  })
})
