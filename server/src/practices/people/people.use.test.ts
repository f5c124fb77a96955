import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

test("a role of one's own is removed when nobody has it; until then the refusal names who does", async () => {
  const tenant = await world.tenant('own-role')
  const ada = await tenant.person('Ada', 'administrator')
  const rita = await tenant.person('Rita', 'requester')
  const { id } = await ada.api.createRole({
    body: {
      key: 'porter',
      name: 'Porter',
      permissions: [{ permission: 'incident.raise', scopes: ['own'] }],
    },
  })
  await ada.api.giveRole({ params: { id: rita.id, roleId: id } })
  await expect(ada.api.deleteRole({ params: { id } })).rejects.toMatchObject({
    body: { code: 'not_ready', reasons: [{ message: 'Rita has this role; take it away first' }] },
  })
  // Somebody deactivated would come back with less than they had.
  await ada.api.editPerson({ params: { id: rita.id }, body: { isActive: false }, version: 1 })
  await expect(ada.api.deleteRole({ params: { id } })).rejects.toMatchObject({ body: { code: 'not_ready' } })
  await ada.api.takeRole({ params: { id: rita.id, roleId: id } })
  await ada.api.deleteRole({ params: { id } })
  expect((await ada.api.listRoles()).rows.map((role) => role.key)).not.toContain('porter')
  // The key is free again.
  await ada.api.createRole({ body: { key: 'porter', name: 'Porter', permissions: [] } })
})

test('a role that comes with the product stays, whoever has it', async () => {
  const tenant = await world.tenant('built-in')
  const ada = await tenant.person('Ada', 'administrator')
  const approver = (await ada.api.listRoles()).rows.find((role) => role.key === 'approver')
  await expect(ada.api.deleteRole({ params: { id: approver?.id ?? '' } })).rejects.toMatchObject({
    status: 409,
    body: { code: 'not_allowed_here' },
  })
})

test('before somebody leaves, what ends and what others take over is said', async () => {
  const tenant = await world.tenant('leaving')
  const ada = await tenant.person('Ada', 'administrator')
  const amir = await tenant.person('Amir', 'agent')
  await tenant.signIn(amir.id)
  await amir.api.createApiKey({
    body: { name: 'k', permissions: ['incident.read'], expiresAt: '2026-04-01T00:00:00.000Z' },
  })
  await ada.api.setTeamMember({ params: { id: tenant.deskId, personId: amir.id }, body: { isLead: true } })
  await ada.api.createService({
    body: { name: 'Wi-Fi', supportTeamId: tenant.deskId, ownerId: amir.id },
  })
  const { id, version } = await ada.api.raiseIncident({ body: { title: 'Printer' } })
  await ada.api.assignIncident({ params: { id }, body: { personId: amir.id }, version })
  const use = await ada.api.readPersonUse({ params: { id: amir.id } })
  expect(use).toMatchObject({ sessions: 2, keys: 1 })
  expect(use.reasons.toSorted()).toEqual([
    '1 open record is assigned to them and stays so until somebody takes over',
    'nobody else leads Service desk',
    'they own Wi-Fi',
  ])
  await ada.api.editPerson({ params: { id: amir.id }, body: { isActive: false }, version: 1 })
  expect(await ada.api.readPersonUse({ params: { id: amir.id } })).toMatchObject({ sessions: 0, keys: 0 })
  await expect(amir.api.me()).rejects.toMatchObject({ status: 401 })
})

test('what keeps a team is said before somebody tries to retire it', async () => {
  const tenant = await world.tenant('team-use')
  const ada = await tenant.person('Ada', 'administrator')
  const team = await tenant.team('Network')
  expect(await ada.api.readTeamUse({ params: { id: team } })).toEqual({ reasons: [] })
  await ada.api.createService({ body: { name: 'Wi-Fi', supportTeamId: team } })
  expect(await ada.api.readTeamUse({ params: { id: team } })).toEqual({
    reasons: ['the team supports the service Wi-Fi'],
  })
})

test('keys of everybody are listed with whose they are, and never their secret', async () => {
  const tenant = await world.tenant('all-keys')
  const ada = await tenant.person('Ada', 'administrator')
  const amir = await tenant.person('Amir', 'agent')
  const { id, secret } = await amir.api.createApiKey({
    body: { name: 'Monitoring', permissions: ['incident.read'], expiresAt: '2026-04-01T00:00:00.000Z' },
  })
  const answer = await ada.api.listAllApiKeys()
  expect(answer.rows).toMatchObject([
    { id, name: 'Monitoring', permissions: ['incident.read'], person: { name: 'Amir', isActive: true } },
  ])
  expect(JSON.stringify(answer)).not.toContain(secret.slice(3))
  await ada.api.revokeApiKeyOf({ params: { id: amir.id, keyId: id } })
  expect((await ada.api.listAllApiKeys()).rows).toEqual([])
})

test('people can be narrowed to those who are locked out, by those who manage people', async () => {
  const tenant = await world.tenant('locked')
  const ada = await tenant.person('Ada', 'administrator')
  const amir = await tenant.person('Amir', 'agent')
  const rita = await tenant.person('Rita', 'requester')
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await world.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { tenant: 'locked', email: 'RITA@locked.test', password: 'a guess' },
    })
  }
  expect((await ada.api.listPeople({ query: { locked: 'true' } })).rows.map(({ id }) => id)).toEqual([
    rita.id,
  ])
  await ada.api.unlockPerson({ params: { id: rita.id } })
  expect((await ada.api.listPeople({ query: { locked: 'true' } })).rows).toEqual([])
  await expect(amir.api.listPeople({ query: { locked: 'true' } })).rejects.toMatchObject({
    body: { code: 'unknown_field' },
  })
})
