import { generate } from 'otplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressOf } from '@evenkeel/contract/client'
import { peopleRoutes } from '@evenkeel/contract/people'
import type { RefusalCode } from '@evenkeel/contract/refusal'
import type { Route } from '@evenkeel/contract/route'
import { serviceRoutes } from '@evenkeel/contract/service'
import { credentialRoutes } from '@evenkeel/contract/credential'
import { sessionRoutes } from '@evenkeel/contract/session'
import { createAuthenticator } from '../../../test/authenticator.ts'
import { openBrowser, type Browser } from '../../../test/browser.ts'
import { accountKey } from '../../../test/mail-room.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { openLink, setPassword } from './index.ts'

const password = 'nine lanterns over the harbor'
const other = 'eleven lanterns in the fog'
const routes = { ...sessionRoutes, ...credentialRoutes, ...peopleRoutes, ...serviceRoutes }
type Name = keyof typeof routes

let world: World
let count = 0
beforeAll(async () => {
  world = await createWorld({ demo: true })
})
afterAll(() => world.end())

/** Ada administers, Rita asks for things and has a password; both have a fresh session in a browser. */
const cast = async () => {
  const slug = `visited-${(count += 1)}`
  const tenant = await world.tenant(slug, { isDemo: true })
  const enter = async (name: string, ...roles: Parameters<typeof tenant.person>[1][]) => {
    const { id, cookie } = await tenant.person(name, ...roles)
    const browser = openBrowser(world.app)
    browser.cookies.set('evenkeel', cookie.replace('evenkeel=', ''))
    return { id, email: `${name.toLowerCase()}@${slug}.test`, browser, api: browser.api }
  }
  const ada = await enter('Ada', 'administrator')
  const rita = await enter('Rita', 'requester')
  await setPassword(world.database, tenant.author(), rita.id, password)
  rita.browser.cookies.set('evenkeel', (await tenant.signIn(rita.id)).replace('evenkeel=', ''))
  const { rows: roles } = await ada.api.listRoles()
  const role = (key: string) => roles.find((one) => one.key === key) ?? { id: '', version: 0 }
  const mail = (personId: string) =>
    read(world.database, tenant.id, (q) =>
      q.rows<{ id: string; secret: Buffer }>({
        text: 'select id, secret from outbound_mail where tenant_id = $1 and person_id = $2 and secret is not null order by id',
        values: [tenant.id, personId],
      }),
    )
  const token = async (personId: string): Promise<string> => {
    const last = (await mail(personId)).at(-1)
    return last === undefined ? '' : (openLink(accountKey, last.id, last.secret).split('#')[1] ?? '')
  }
  const stranger = openBrowser(world.app)
  const invited = () => ada.api.createPerson({ body: { name: 'Nils', email: `nils@${slug}.test` } })
  const inDays = (days: number): string =>
    new Date(Date.parse(world.clock.now()) + days * 86_400_000).toISOString()
  const key = () =>
    rita.api.createApiKey({ body: { name: 'k', permissions: ['incident.read'], expiresAt: inDays(1) } })
  const totp = async (): Promise<string> => {
    const { secret } = await rita.api.enrolTotp()
    return generate({ secret, epoch: Math.floor(Date.parse(world.clock.now()) / 1000) })
  }
  const withTotp = async () => {
    const { codes } = await rita.api.confirmTotp({ body: { totp: await totp() } })
    return codes
  }
  const authenticator = createAuthenticator('http://localhost:4600', 'localhost')
  const passkey = async () => {
    const { ceremony, options } = await rita.api.passkeyRegistrationOptions()
    const body = { ceremony, name: 'Phone', credential: authenticator.create(options) }
    return { body, id: (await rita.api.registerPasskey({ body })).id }
  }
  return {
    slug,
    tenant,
    ada,
    rita,
    role,
    token,
    stranger,
    invited,
    inDays,
    key,
    totp,
    withTotp,
    authenticator,
    passkey,
  }
}
type Cast = Awaited<ReturnType<typeof cast>>

type Visit = {
  /** The right person at the right moment. */
  readonly right: (c: Cast) => Promise<unknown>
  /** The right person at the wrong moment, and the refusal; null where every moment is right. */
  readonly moment: readonly [RefusalCode, (c: Cast) => Promise<unknown>] | null
}

const nobody = '00000000-0000-7000-8000-000000000000'
const service = (c: Cast) =>
  c.ada.api.createService({ body: { name: 'Mail', supportTeamId: c.tenant.deskId } })
const stale = async (c: Cast): Promise<void> =>
  void (await Promise.resolve(world.clock.advance(16 * 60_000)).then(() => c))
const signInBody = (c: Cast, more: object = {}) => ({
  tenant: c.slug,
  email: c.rita.email,
  password,
  ...more,
})

// Every route has its visitors here, or this file does not compile.
const visits: { readonly [name in Name]: Visit } = {
  signInOptions: {
    right: (c) => c.stranger.api.signInOptions({ query: { tenant: c.slug } }),
    moment: ['not_found', (c) => c.stranger.api.signInOptions({ query: { tenant: 'nowhere' } })],
  },
  signIn: {
    right: (c) => c.stranger.api.signIn({ body: signInBody(c) }),
    moment: ['wrong_credentials', (c) => c.stranger.api.signIn({ body: signInBody(c, { password: other }) })],
  },
  demoSignIn: {
    right: (c) => c.stranger.api.demoSignIn({ body: { tenant: c.slug, personId: c.rita.id } }),
    moment: ['not_found', (c) => c.stranger.api.demoSignIn({ body: { tenant: c.slug, personId: nobody } })],
  },
  passkeySignInOptions: {
    right: (c) => c.stranger.api.passkeySignInOptions({ body: { tenant: c.slug } }),
    moment: ['not_found', (c) => c.stranger.api.passkeySignInOptions({ body: { tenant: 'nowhere' } })],
  },
  passkeySignIn: {
    right: async (c) => {
      await c.passkey()
      const { ceremony, options } = await c.stranger.api.passkeySignInOptions({ body: { tenant: c.slug } })
      return c.stranger.api.passkeySignIn({
        body: { tenant: c.slug, ceremony, credential: c.authenticator.get(options) },
      })
    },
    moment: [
      'wrong_credentials',
      (c) =>
        c.stranger.api.passkeySignIn({
          body: { tenant: c.slug, ceremony: nobody, credential: c.authenticator.get({}) },
        }),
    ],
  },
  signOut: { right: (c) => c.rita.api.signOut(), moment: null },
  requestReset: {
    right: (c) => c.stranger.api.requestReset({ body: { tenant: c.slug, email: c.rita.email } }),
    moment: null,
  },
  acceptReset: {
    right: async (c) => {
      await c.stranger.api.requestReset({ body: { tenant: c.slug, email: c.rita.email } })
      return c.stranger.api.acceptReset({ body: { token: await c.token(c.rita.id), password: other } })
    },
    moment: ['link_gone', (c) => c.stranger.api.acceptReset({ body: { token: 'x', password: other } })],
  },
  acceptInvitation: {
    right: async (c) => {
      const { id } = await c.invited()
      return c.stranger.api.acceptInvitation({ body: { token: await c.token(id), password: other } })
    },
    moment: ['link_gone', (c) => c.stranger.api.acceptInvitation({ body: { token: 'x', password: other } })],
  },
  me: { right: (c) => c.rita.api.me(), moment: null },
  editMe: {
    right: (c) => c.rita.api.editMe({ body: { language: 'de', preferences: { theme: 'dark' } } }),
    moment: ['invalid', (c) => c.rita.api.editMe({ body: { timeZone: 'Europe/Atlantis' } })],
  },
  confirmMe: {
    right: (c) => c.rita.api.confirmMe({ body: { password } }),
    moment: ['wrong_credentials', (c) => c.rita.api.confirmMe({ body: { password: other } })],
  },
  confirmMePasskeyOptions: {
    right: async (c) => {
      await c.passkey()
      return c.rita.api.confirmMePasskeyOptions()
    },
    moment: ['not_ready', (c) => c.rita.api.confirmMePasskeyOptions()],
  },
  confirmMeWithPasskey: {
    right: async (c) => {
      await c.passkey()
      const { ceremony, options } = await c.rita.api.confirmMePasskeyOptions()
      return c.rita.api.confirmMeWithPasskey({ body: { ceremony, credential: c.authenticator.get(options) } })
    },
    moment: [
      'wrong_credentials',
      (c) =>
        c.rita.api.confirmMeWithPasskey({ body: { ceremony: nobody, credential: c.authenticator.get({}) } }),
    ],
  },
  listSessions: { right: (c) => c.rita.api.listSessions(), moment: null },
  endSession: {
    right: async (c) => {
      await c.stranger.api.signIn({ body: signInBody(c) })
      const { rows } = await c.rita.api.listSessions()
      return c.rita.api.endSession({ params: { id: rows.find((row) => !row.isThis)?.id ?? '' } })
    },
    moment: ['not_found', (c) => c.rita.api.endSession({ params: { id: nobody } })],
  },
  endOtherSessions: { right: (c) => c.rita.api.endOtherSessions(), moment: null },
  changePassword: {
    right: (c) => c.rita.api.changePassword({ body: { current: password, password: other } }),
    moment: ['invalid', (c) => c.rita.api.changePassword({ body: { password: other } })],
  },
  enrolTotp: {
    right: (c) => c.rita.api.enrolTotp(),
    moment: [
      'already_exists',
      async (c) => {
        await c.withTotp()
        return c.rita.api.enrolTotp()
      },
    ],
  },
  confirmTotp: {
    right: async (c) => c.rita.api.confirmTotp({ body: { totp: await c.totp() } }),
    moment: ['not_ready', (c) => c.rita.api.confirmTotp({ body: { totp: '123456' } })],
  },
  removeTotp: {
    right: async (c) => {
      await c.withTotp()
      return c.rita.api.removeTotp()
    },
    moment: ['not_found', (c) => c.rita.api.removeTotp()],
  },
  renewRecoveryCodes: {
    right: async (c) => {
      await c.withTotp()
      return c.rita.api.renewRecoveryCodes()
    },
    moment: ['not_ready', (c) => c.rita.api.renewRecoveryCodes()],
  },
  listPasskeys: { right: (c) => c.rita.api.listPasskeys(), moment: null },
  passkeyRegistrationOptions: {
    right: (c) => c.rita.api.passkeyRegistrationOptions(),
    moment: [
      'recent_sign_in_needed',
      async (c) => {
        await stale(c)
        return c.rita.api.passkeyRegistrationOptions()
      },
    ],
  },
  registerPasskey: {
    right: (c) => c.passkey(),
    moment: [
      'invalid',
      async (c) => {
        const { body } = await c.passkey()
        return c.rita.api.registerPasskey({ body })
      },
    ],
  },
  renamePasskey: {
    right: async (c) =>
      c.rita.api.renamePasskey({ params: { id: (await c.passkey()).id }, body: { name: 'Key ring' } }),
    moment: [
      'not_found',
      (c) => c.rita.api.renamePasskey({ params: { id: nobody }, body: { name: 'Key ring' } }),
    ],
  },
  removePasskey: {
    right: async (c) => c.rita.api.removePasskey({ params: { id: (await c.passkey()).id } }),
    moment: ['not_found', (c) => c.rita.api.removePasskey({ params: { id: nobody } })],
  },
  listApiKeys: { right: (c) => c.rita.api.listApiKeys(), moment: null },
  createApiKey: {
    right: (c) => c.key(),
    moment: [
      'invalid',
      (c) =>
        c.rita.api.createApiKey({
          body: { name: 'k', permissions: ['incident.read'], expiresAt: c.inDays(-1) },
        }),
    ],
  },
  revokeApiKey: {
    right: async (c) => c.rita.api.revokeApiKey({ params: { id: (await c.key()).id } }),
    moment: ['not_found', (c) => c.rita.api.revokeApiKey({ params: { id: nobody } })],
  },
  stopActing: {
    right: async (c) => {
      await c.ada.api.actAs({ params: { id: c.rita.id }, body: { reason: 'to see it' } })
      return c.ada.api.stopActing()
    },
    moment: ['not_ready', (c) => c.ada.api.stopActing()],
  },
  listPeople: {
    right: (c) => c.ada.api.listPeople(),
    moment: ['malformed', (c) => c.ada.api.listPeople({ query: { cursor: 'made up' } })],
  },
  suggestPeople: { right: (c) => c.ada.api.suggestPeople({ query: { q: 'ri' } }), moment: null },
  readPerson: {
    right: (c) => c.ada.api.readPerson({ params: { id: c.rita.id } }),
    moment: ['not_found', (c) => c.ada.api.readPerson({ params: { id: nobody } })],
  },
  createPerson: {
    right: (c) => c.invited(),
    moment: [
      'already_exists',
      (c) => c.ada.api.createPerson({ body: { name: 'R', email: c.rita.email.toUpperCase() } }),
    ],
  },
  editPerson: {
    right: (c) => c.ada.api.editPerson({ params: { id: c.rita.id }, body: { title: 'Nurse' }, version: 1 }),
    moment: [
      'changed_meanwhile',
      (c) => c.ada.api.editPerson({ params: { id: c.rita.id }, body: { title: 'Nurse' }, version: 7 }),
    ],
  },
  invitePerson: {
    right: async (c) => c.ada.api.invitePerson({ params: { id: (await c.invited()).id } }),
    moment: ['not_ready', (c) => c.ada.api.invitePerson({ params: { id: c.rita.id } })],
  },
  unlockPerson: {
    right: (c) => c.ada.api.unlockPerson({ params: { id: c.rita.id } }),
    moment: ['not_found', (c) => c.ada.api.unlockPerson({ params: { id: nobody } })],
  },
  removeSecondFactor: {
    right: async (c) => {
      await c.withTotp()
      return c.ada.api.removeSecondFactor({ params: { id: c.rita.id } })
    },
    moment: ['not_found', (c) => c.ada.api.removeSecondFactor({ params: { id: c.rita.id } })],
  },
  listSessionsOf: {
    right: (c) => c.ada.api.listSessionsOf({ params: { id: c.rita.id } }),
    moment: ['not_found', (c) => c.ada.api.listSessionsOf({ params: { id: nobody } })],
  },
  endSessionsOf: {
    right: (c) => c.ada.api.endSessionsOf({ params: { id: c.rita.id } }),
    moment: ['not_found', (c) => c.ada.api.endSessionsOf({ params: { id: nobody } })],
  },
  listApiKeysOf: {
    right: (c) => c.ada.api.listApiKeysOf({ params: { id: c.rita.id } }),
    moment: ['not_found', (c) => c.ada.api.listApiKeysOf({ params: { id: nobody } })],
  },
  revokeApiKeyOf: {
    right: async (c) => c.ada.api.revokeApiKeyOf({ params: { id: c.rita.id, keyId: (await c.key()).id } }),
    moment: ['not_found', (c) => c.ada.api.revokeApiKeyOf({ params: { id: c.rita.id, keyId: nobody } })],
  },
  listAllApiKeys: { right: (c) => c.ada.api.listAllApiKeys(), moment: null },
  readPersonUse: {
    right: (c) => c.ada.api.readPersonUse({ params: { id: c.rita.id } }),
    moment: ['not_found', (c) => c.ada.api.readPersonUse({ params: { id: nobody } })],
  },
  actAs: {
    right: (c) => c.ada.api.actAs({ params: { id: c.rita.id }, body: { reason: 'to see it' } }),
    moment: [
      'not_ready',
      (c) => c.ada.api.actAs({ params: { id: c.ada.id }, body: { reason: 'to see it' } }),
    ],
  },
  giveRole: {
    right: (c) => c.ada.api.giveRole({ params: { id: c.rita.id, roleId: c.role('agent').id } }),
    moment: ['not_found', (c) => c.ada.api.giveRole({ params: { id: c.rita.id, roleId: nobody } })],
  },
  takeRole: {
    right: (c) => c.ada.api.takeRole({ params: { id: c.rita.id, roleId: c.role('requester').id } }),
    moment: [
      'not_ready',
      (c) => c.ada.api.takeRole({ params: { id: c.ada.id, roleId: c.role('administrator').id } }),
    ],
  },
  listRoles: { right: (c) => c.ada.api.listRoles(), moment: null },
  createRole: {
    right: (c) => c.ada.api.createRole({ body: { key: 'porter', name: 'Porter', permissions: [] } }),
    moment: [
      'already_exists',
      (c) => c.ada.api.createRole({ body: { key: 'agent', name: 'Agent', permissions: [] } }),
    ],
  },
  editRole: {
    right: (c) =>
      c.ada.api.editRole({ params: { id: c.role('agent').id }, body: { name: 'Agents' }, version: 1 }),
    moment: [
      'not_allowed_here',
      (c) =>
        c.ada.api.editRole({
          params: { id: c.role('administrator').id },
          body: { permissions: [] },
          version: 1,
        }),
    ],
  },
  deleteRole: {
    right: async (c) => {
      const { id } = await c.ada.api.createRole({ body: { key: 'porter', name: 'Porter', permissions: [] } })
      return c.ada.api.deleteRole({ params: { id } })
    },
    moment: ['not_allowed_here', (c) => c.ada.api.deleteRole({ params: { id: c.role('agent').id } })],
  },
  listTeams: { right: (c) => c.rita.api.listTeams(), moment: null },
  readTeam: {
    right: (c) => c.ada.api.readTeam({ params: { id: c.tenant.deskId } }),
    moment: ['not_found', (c) => c.ada.api.readTeam({ params: { id: nobody } })],
  },
  readTeamUse: {
    right: (c) => c.ada.api.readTeamUse({ params: { id: c.tenant.deskId } }),
    moment: ['not_found', (c) => c.ada.api.readTeamUse({ params: { id: nobody } })],
  },
  createTeam: {
    right: (c) => c.ada.api.createTeam({ body: { name: 'Network', members: [{ personId: c.rita.id }] } }),
    moment: ['already_exists', (c) => c.ada.api.createTeam({ body: { name: 'SERVICE desk' } })],
  },
  editTeam: {
    right: (c) => c.ada.api.editTeam({ params: { id: c.tenant.deskId }, body: { name: 'Desk' }, version: 1 }),
    moment: [
      'changed_meanwhile',
      (c) => c.ada.api.editTeam({ params: { id: c.tenant.deskId }, body: {}, version: 9 }),
    ],
  },
  setTeamMember: {
    right: (c) =>
      c.ada.api.setTeamMember({
        params: { id: c.tenant.deskId, personId: c.rita.id },
        body: { isLead: true },
      }),
    moment: [
      'not_found',
      (c) =>
        c.ada.api.setTeamMember({
          params: { id: c.tenant.deskId, personId: nobody },
          body: { isLead: true },
        }),
    ],
  },
  removeTeamMember: {
    right: async (c) => {
      const params = { id: c.tenant.deskId, personId: c.rita.id }
      await c.ada.api.setTeamMember({ params, body: { isLead: false } })
      return c.ada.api.removeTeamMember({ params })
    },
    moment: [
      'not_found',
      (c) => c.ada.api.removeTeamMember({ params: { id: c.tenant.deskId, personId: c.rita.id } }),
    ],
  },
  explainAccess: {
    right: (c) => c.rita.api.explainAccess({ query: { personId: c.rita.id, permission: 'incident.raise' } }),
    moment: [
      'forbidden',
      (c) => c.rita.api.explainAccess({ query: { personId: c.ada.id, permission: 'incident.raise' } }),
    ],
  },
  listServices: { right: (c) => c.rita.api.listServices(), moment: null },
  createService: {
    right: service,
    moment: [
      'already_exists',
      async (c) => {
        await service(c)
        return service(c)
      },
    ],
  },
  editService: {
    right: async (c) => {
      const { id, version } = await service(c)
      return c.ada.api.editService({ params: { id }, body: { criticality: 1, ownerId: c.rita.id }, version })
    },
    moment: [
      'changed_meanwhile',
      async (c) => {
        const { id } = await service(c)
        return c.ada.api.editService({ params: { id }, body: { criticality: 1 }, version: 4 })
      },
    ],
  },
}

const all = Object.entries(routes).map(([name, route]): [Name, Route] => [name as Name, route])
const knock = (browser: Browser, route: Route, ids: Record<string, string> = {}) => {
  const params = { id: nobody, roleId: nobody, personId: nobody, keyId: nobody, ...ids }
  return browser.send(
    route.method,
    addressOf(route, params).replace('/api/v1', ''),
    route.body === undefined ? undefined : {},
    {
      'if-match': '"1"',
    },
  )
}

describe('the stranger', () => {
  const closed = all.filter(([, route]) => route.access !== 'anyone')
  test.each(closed)('is asked to sign in by %s', async (_, route) => {
    expect(await knock(openBrowser(world.app), route)).toMatchObject({
      status: 401,
      body: { code: 'not_signed_in' },
    })
  })
})

describe('the wrong role', () => {
  const guarded = all.filter(([, route]) => route.access !== 'anyone' && route.access !== 'signed in')
  let without: Browser
  beforeAll(async () => {
    const tenant = await world.tenant('without')
    const person = await tenant.person('Nobody')
    without = openBrowser(world.app)
    without.cookies.set('evenkeel', person.cookie.replace('evenkeel=', ''))
  })
  test.each(guarded)('is refused by %s, before anything is looked at', async (_, route) => {
    expect(await knock(without, route)).toMatchObject({
      status: 403,
      body: { code: 'forbidden', reasons: [{ code: route.access }] },
    })
  })
})

describe('somebody of another tenant', () => {
  const named = all.filter(([, route]) => route.path.includes('{') && route.access !== 'signed in')
  let mine: Cast
  let theirs: Cast
  let theirService: string
  beforeAll(async () => {
    // Nothing changes on either side, so these two serve for all.
    mine = await cast()
    theirs = await cast()
    theirService = (await service(theirs)).id
  })
  test.each(named)('finds nothing at %s', async (name, route) => {
    const ids: Record<string, string> = {
      id: route.path.startsWith('/teams') ? theirs.tenant.deskId : theirs.rita.id,
      personId: theirs.rita.id,
      roleId: theirs.role('agent').id,
    }
    if (route.path.startsWith('/roles')) ids['id'] = theirs.role('agent').id
    if (route.path.startsWith('/services')) ids['id'] = theirService
    const bodies: Partial<Record<Name, unknown>> = {
      actAs: { reason: 'to see it' },
      setTeamMember: { isLead: true },
    }
    const send = (params: Record<string, string>) =>
      mine.ada.browser.send(
        route.method,
        addressOf(route, { keyId: nobody, ...params }).replace('/api/v1', ''),
        route.body === undefined ? undefined : (bodies[name] ?? {}),
        { 'if-match': '"1"' },
      )
    const foreign = await send(ids)
    const missing = await send(Object.fromEntries(Object.keys(ids).map((key) => [key, nobody])))
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect({ ...foreign.body, request: '' }).toEqual({ ...missing.body, request: '' })
  })
})

describe('the wrong moment', () => {
  const moments = Object.entries(visits).flatMap(([name, { moment }]) =>
    moment === null ? [] : [[name, moment[0], moment[1]] as const],
  )
  test.each(moments)('at %s is told %s', async (_, code, ask) => {
    const c = await cast()
    await expect(ask(c)).rejects.toMatchObject({ body: { code } })
  })
})

describe('the right person', () => {
  test.each(Object.entries(visits))('is served by %s', async (_, { right }) => {
    const c = await cast()
    await expect(right(c)).resolves.toSatisfy(() => true)
  })
})
