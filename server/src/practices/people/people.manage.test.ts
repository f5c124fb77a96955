import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { createPerson } from './index.ts'
import { sweepAccess } from './people.sweep.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const entries = (tenantId: string, type: string) =>
  read(world.database, tenantId, (q) =>
    q.rows<{ data: Record<string, unknown>; personal: Record<string, unknown> | null }>({
      text: `select j.data, p.personal from journal j left join journal_personal p on p.tenant_id = j.tenant_id and p.entry_id = j.id
             where j.tenant_id = $1 and j.type = $2 order by j.id`,
      values: [tenantId, type],
    }),
  )
const roleId = async (admin: TestPerson, key: string): Promise<string> =>
  (await admin.api.listRoles()).rows.find((role) => role.key === key)?.id ?? ''

describe('adding and changing people', () => {
  test("a new person gets the requester role, the tenant's language and time zone, and an invitation", async () => {
    const tenant = await world.tenant('adding')
    const ada = await tenant.person('Ada', 'administrator')
    const { id } = await ada.api.createPerson({
      body: { name: 'Nils Neu', email: 'nils@adding.test', title: 'Nurse' },
    })
    expect(await ada.api.readPerson({ params: { id } })).toMatchObject({
      name: 'Nils Neu',
      timeZone: 'Europe/Berlin',
      language: 'en',
      roles: [{ key: 'requester' }],
      account: { hasPassword: false, invitedUntil: '2026-03-05T09:00:00.000Z' },
      allowed: ['person.manage', 'role.manage', 'act_as'],
    })
    // What tells about the person can be erased from the journal.
    const [created] = (await entries(tenant.id, 'person.created')).slice(-1)
    expect(JSON.stringify(created?.data)).not.toContain('Nils')
    expect(JSON.stringify(created?.personal)).toContain('nils@adding.test')
  })
  test('the same Idempotency-Key adds one person and sends one invitation', async () => {
    const tenant = await world.tenant('adding-once')
    const ada = await tenant.person('Ada', 'administrator')
    const body = { name: 'Nils', email: 'nils@adding-once.test' }
    const [one, two] = [
      await ada.api.createPerson({ body, idempotencyKey: 'k' }),
      await ada.api.createPerson({ body, idempotencyKey: 'k' }),
    ]
    expect(two).toEqual(one)
    expect(await entries(tenant.id, 'person.invited')).toHaveLength(1)
  })
  test('who manages people but not roles cannot name roles', async () => {
    const tenant = await world.tenant('desk-only')
    const ada = await tenant.person('Ada', 'administrator')
    const desk = await tenant.person('Dan', 'agent')
    const role = await ada.api.createRole({
      body: {
        key: 'people_desk',
        name: 'People desk',
        permissions: [{ permission: 'person.manage', scopes: ['all'] }],
      },
    })
    await ada.api.giveRole({ params: { id: desk.id, roleId: role.id } })
    const administrator = await roleId(ada, 'administrator')
    await expect(
      desk.api.createPerson({
        body: { name: 'Mole', email: 'mole@desk-only.test', roleIds: [administrator] },
      }),
    ).rejects.toMatchObject({ status: 403, body: { reasons: [{ code: 'role.manage' }] } })
    await desk.api.createPerson({ body: { name: 'Mole', email: 'mole@desk-only.test' } })
    await expect(
      ada.api.createPerson({ body: { name: 'X', email: 'x@desk-only.test', roleIds: [ada.id] } }),
    ).rejects.toMatchObject({ status: 422, body: { reasons: [{ field: 'roleIds' }] } })
  })
  test('who manages people but not roles cannot take over the account of somebody who may more', async () => {
    const tenant = await world.tenant('takeover')
    const ada = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    const desk = await tenant.person('Dan', 'agent')
    const role = await ada.api.createRole({
      body: {
        key: 'people_desk',
        name: 'People desk',
        permissions: [{ permission: 'person.manage', scopes: ['all'] }],
      },
    })
    await ada.api.giveRole({ params: { id: desk.id, roleId: role.id } })
    await expect(
      desk.api.editPerson({ params: { id: ada.id }, body: { email: 'dan2@takeover.test' }, version: 1 }),
    ).rejects.toMatchObject({ status: 403, body: { reasons: [{ code: 'role.manage' }] } })
    await expect(desk.api.removeSecondFactor({ params: { id: ada.id } })).rejects.toMatchObject({
      status: 403,
      body: { reasons: [{ code: 'role.manage' }] },
    })
    // What opens nothing is theirs to change, and so are the accounts of those who may less.
    await desk.api.editPerson({ params: { id: ada.id }, body: { title: 'Head of IT' }, version: 1 })
    await desk.api.editPerson({
      params: { id: rita.id },
      body: { email: 'rita.new@takeover.test' },
      version: 1,
    })
  })
  test.each([
    ['a list of addresses', { email: 'a@b.test,c@d.test' }],
    ['an address with a header in it', { email: 'a@b.test\r\nBcc:c@d.test' }],
    ['a quoted address', { email: '"a@evil x"@corp.test' }],
    ['a quoted address of one', { email: '"a"@corp.test' }],
    ['an address on no host', { email: 'nils@localhost' }],
    ['a name of two lines', { name: 'Nils\r\nBcc: x@y.test' }],
    ['an empty name', { name: '  ' }],
    ['a field nobody knows', { is_admin: true }],
    ['a tenant', { tenantId: '00000000-0000-7000-8000-000000000000' }],
    ['a time zone of nowhere', { timeZone: 'Mars/Olympus' }],
  ])('%s is refused', async (name, change) => {
    const tenant = await world.tenant(`bad-${name.replaceAll(/[^a-z]+/g, '-')}`)
    const ada = await tenant.person('Ada', 'administrator')
    const body = { name: 'Nils', email: 'nils@bad.test', ...change }
    await expect(ada.api.createPerson({ body })).rejects.toMatchObject({ status: 422 })
    expect((await ada.api.listPeople()).rows).toHaveLength(1)
  })
  test('two who change the same person: the second is told', async () => {
    const tenant = await world.tenant('both')
    const ada = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    const edits = await Promise.allSettled(
      ['Nurse', 'Doctor'].map((title) =>
        ada.api.editPerson({ params: { id: rita.id }, body: { title }, version: 1 }),
      ),
    )
    expect(edits.map((edit) => edit.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(edits.find((edit) => edit.status === 'rejected')).toMatchObject({
      reason: { body: { code: 'changed_meanwhile' } },
    })
  })
  test('an address has one owner, however it is written', async () => {
    const tenant = await world.tenant('taken')
    const ada = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    await expect(
      ada.api.editPerson({ params: { id: ada.id }, body: { email: 'RITA@taken.test' }, version: 1 }),
    ).rejects.toMatchObject({ status: 409, body: { reasons: [{ field: 'email' }] } })
    // Another case of one's own address is a change, not a conflict.
    await ada.api.editPerson({ params: { id: rita.id }, body: { email: 'Rita@taken.test' }, version: 1 })
  })
  test('preferences are merged, null forgets, and too many are refused', async () => {
    const tenant = await world.tenant('preferences')
    const rita = await tenant.person('Rita', 'requester')
    await rita.api.editMe({ body: { preferences: { theme: 'dark', density: 2 } } })
    await rita.api.editMe({ body: { preferences: { density: null, 'list.columns': 'a,b' } } })
    expect((await rita.api.me()).preferences).toEqual({ theme: 'dark', 'list.columns': 'a,b' })
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, 'x'.repeat(2000)]))
    await expect(rita.api.editMe({ body: { preferences: many } })).rejects.toMatchObject({ status: 422 })
    await rita.api.editMe({ body: { language: 'de', timeZone: 'Asia/Tokyo', phone: '112' } })
    expect((await rita.api.me()).person).toMatchObject({
      language: 'de',
      timeZone: 'Asia/Tokyo',
      phone: '112',
    })
  })
})

describe('there is always an administrator', () => {
  test('the last one cannot lose the role, be deactivated by somebody else, or deactivate themselves', async () => {
    const tenant = await world.tenant('last')
    const ada = await tenant.person('Ada', 'administrator')
    const dan = await tenant.person('Dan', 'agent')
    const role = await ada.api.createRole({
      body: {
        key: 'people_desk',
        name: 'People desk',
        permissions: [{ permission: 'person.manage', scopes: ['all'] }],
      },
    })
    await ada.api.giveRole({ params: { id: dan.id, roleId: role.id } })
    const administrator = await roleId(ada, 'administrator')
    await expect(ada.api.takeRole({ params: { id: ada.id, roleId: administrator } })).rejects.toMatchObject({
      body: { code: 'not_ready' },
    })
    await expect(
      dan.api.editPerson({ params: { id: ada.id }, body: { isActive: false }, version: 1 }),
    ).rejects.toMatchObject({ body: { code: 'not_ready' } })
    await expect(
      ada.api.editPerson({ params: { id: ada.id }, body: { isActive: false }, version: 1 }),
    ).rejects.toMatchObject({ body: { code: 'not_ready' } })
    expect((await ada.api.me()).roles).toMatchObject([{ key: 'administrator' }])
    // With a second one it goes.
    await ada.api.giveRole({ params: { id: dan.id, roleId: administrator } })
    await ada.api.takeRole({ params: { id: ada.id, roleId: administrator } })
  })
  test('two administrators who remove each other at the same moment: one stays', async () => {
    const tenant = await world.tenant('mutual')
    const [ada, eve] = [
      await tenant.person('Ada', 'administrator'),
      await tenant.person('Eve', 'administrator'),
    ]
    const administrator = await roleId(ada, 'administrator')
    const referee = new Client({ connectionString: world.test.adminUrl })
    await referee.connect()
    try {
      // Nobody can journal, and so nobody commit, until both have done all they wanted to look at.
      await referee.query('begin; lock table journal in exclusive mode')
      const both = Promise.allSettled([
        ada.api.takeRole({ params: { id: eve.id, roleId: administrator } }),
        eve.api.editPerson({ params: { id: ada.id }, body: { isActive: false }, version: 1 }),
      ])
      const waiting = async (): Promise<number> => {
        const { rows } = await referee.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows[0]?.count ?? 0
      }
      await expect.poll(waiting, { timeout: 20_000, interval: 50 }).toBeGreaterThanOrEqual(2)
      await referee.query('commit')
      const outcomes = await both
      expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    } finally {
      await referee.end()
    }
    const left = await read(world.database, tenant.id, (q) =>
      q.rows({
        text: `select 1 from person p join person_role pr on pr.tenant_id = p.tenant_id and pr.person_id = p.id
               where p.tenant_id = $1 and p.is_active and pr.role_id = $2`,
        values: [tenant.id, administrator],
      }),
    )
    expect(left).toHaveLength(1)
  })
  test('a custom role that administers cannot lose that right while nobody else has it', async () => {
    const tenant = await world.tenant('custom')
    const ada = await tenant.person('Ada', 'administrator')
    const bob = await tenant.person('Bob', 'agent')
    const role = await ada.api.createRole({
      body: {
        key: 'owner',
        name: 'Owner',
        permissions: [
          { permission: 'role.manage', scopes: ['all'] },
          { permission: 'person.read', scopes: ['all'] },
        ],
      },
    })
    await ada.api.giveRole({ params: { id: bob.id, roleId: role.id } })
    await bob.api.takeRole({ params: { id: ada.id, roleId: await roleId(ada, 'administrator') } })
    await expect(
      bob.api.editRole({ params: { id: role.id }, body: { permissions: [] }, version: 1 }),
    ).rejects.toMatchObject({ body: { code: 'not_ready' } })
    expect((await bob.api.me()).permissions.map((one) => one.permission)).toContain('role.manage')
  })
})

describe('roles', () => {
  test('are data: a change of one changes what its people may do, and the journal has from when on', async () => {
    const tenant = await world.tenant('roles')
    const ada = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    const id = await roleId(ada, 'requester')
    await expect(rita.api.listPeople()).rejects.toMatchObject({ status: 403 })
    const before = (await ada.api.listRoles()).rows.find((role) => role.id === id)
    await ada.api.editRole({
      params: { id },
      body: { permissions: [...(before?.permissions ?? []), { permission: 'person.read', scopes: ['all'] }] },
      version: before?.version ?? 0,
    })
    expect((await rita.api.listPeople()).rows).toHaveLength(2)
    expect((await entries(tenant.id, 'role.edited')).at(-1)?.data).toMatchObject({
      key: 'requester',
      permissions: { 'person.read': ['all'] },
    })
  })
  test('a permission that does not exist cannot be given', async () => {
    const tenant = await world.tenant('unknown-permission')
    const ada = await tenant.person('Ada', 'administrator')
    await expect(
      ada.api.createRole({
        body: {
          key: 'root',
          name: 'Root',
          permissions: [{ permission: 'everything' as 'export', scopes: ['all'] }],
        },
      }),
    ).rejects.toMatchObject({ status: 422 })
  })
  test('who has which role is not for everybody to see', async () => {
    const tenant = await world.tenant('hidden-roles')
    const agent = await tenant.person('Amir', 'agent')
    const ada = await tenant.person('Ada', 'administrator')
    const { rows } = await agent.api.listPeople()
    expect(rows.every((row) => row.roles === null)).toBe(true)
    await expect(agent.api.listPeople({ query: { roleId: ada.id } })).rejects.toMatchObject({
      status: 400,
      body: { code: 'unknown_field' },
    })
    expect(await agent.api.readPerson({ params: { id: ada.id } })).toMatchObject({
      roles: null,
      account: null,
      allowed: [],
    })
    const filtered = await ada.api.listPeople({ query: { roleId: await roleId(ada, 'agent') } })
    expect(filtered.rows.map((row) => row.name)).toEqual(['Amir'])
  })
})

describe('finding people', () => {
  test('a page at a time, in order, none twice and none left out', async () => {
    const tenant = await world.tenant('pages')
    const ada = await tenant.person('Ada', 'administrator')
    const names = ['zoe', 'Bea', 'ätna', 'bea', 'Carl', "O'Neil", 'Bea', 'ünal', 'Émile', '_x', '100%']
    for (const [index, name] of names.entries()) {
      await createPerson(world.database, tenant.author(), {
        name,
        email: `p${index}@pages.test`,
        roles: ['requester'],
      })
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await ada.api.listPeople({
        query: { limit: 3, ...(cursor === undefined ? {} : { cursor }) },
      })
      seen.push(...page.rows.map((row) => row.id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toHaveLength(names.length + 1)
    expect(new Set(seen).size).toBe(seen.length)
  })
  test('by the beginning of any word of the name or address; wildcards are letters', async () => {
    const tenant = await world.tenant('words')
    const ada = await tenant.person('Ada Byron', 'administrator')
    await tenant.person('Rita van der Berg', 'requester')
    await tenant.person('Berta Ritter', 'agent')
    await createPerson(world.database, tenant.author(), {
      name: '100% Nils_Neu \\o/',
      email: 'nn@words.test',
      roles: [],
    })
    const find = async (q: string): Promise<string[]> =>
      (await ada.api.suggestPeople({ query: { q } })).rows.map((row) => row.name)
    expect(await find('rit')).toEqual(['Rita van der Berg', 'Berta Ritter'])
    expect(await find('BER')).toEqual(['Berta Ritter', 'Rita van der Berg'])
    expect(await find('van der')).toEqual(['Rita van der Berg'])
    expect(await find('ita')).toEqual([])
    expect(await find('berta.r')).toEqual(['Berta Ritter'])
    expect(await find('%')).toEqual([])
    expect(await find('_')).toEqual([])
    expect(await find('100%')).toEqual(['100% Nils_Neu \\o/'])
    expect(await find('\\')).toEqual(['100% Nils_Neu \\o/'])
    expect(await find('nils_')).toEqual(['100% Nils_Neu \\o/'])
    expect((await ada.api.listPeople({ query: { q: 'rit' } })).rows).toHaveLength(2)
  })
  test('for assignment: active members of the team who may do the work', async () => {
    const tenant = await world.tenant('assign')
    const ada = await tenant.person('Ada', 'administrator')
    const [amir, anna, rita] = [
      await tenant.person('Amir', 'agent'),
      await tenant.person('Anna', 'agent'),
      await tenant.person('Alma', 'requester'),
    ]
    const team = await tenant.team('Network', amir, anna, rita)
    const suggest = async () =>
      (await ada.api.suggestPeople({ query: { q: 'a', teamId: team, may: 'incident.work' } })).rows.map(
        (row) => row.name,
      )
    expect(await suggest()).toEqual(['Amir', 'Anna'])
    await ada.api.editPerson({ params: { id: anna.id }, body: { isActive: false }, version: 1 })
    expect(await suggest()).toEqual(['Amir'])
  })
  test('of another tenant finds nobody', async () => {
    const [one, two] = [await world.tenant('search-a'), await world.tenant('search-b')]
    const ada = await one.person('Ada', 'administrator')
    await two.person('Secret Sam', 'requester')
    expect((await ada.api.suggestPeople({ query: { q: 'sec' } })).rows).toEqual([])
    expect((await ada.api.listPeople({ query: { q: 'sam' } })).rows).toEqual([])
  })
})

describe('teams', () => {
  test('have members and leads, and one name each', async () => {
    const tenant = await world.tenant('teams')
    const ada = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'agent')
    const { id } = await ada.api.createTeam({
      body: { name: 'Network', members: [{ personId: rita.id, isLead: true }] },
    })
    expect((await ada.api.readTeam({ params: { id } })).members).toMatchObject([
      { name: 'Rita', isLead: true },
    ])
    await ada.api.setTeamMember({ params: { id, personId: rita.id }, body: { isLead: false } })
    await ada.api.setTeamMember({ params: { id, personId: ada.id }, body: { isLead: false } })
    expect((await ada.api.listTeams()).rows.find((team) => team.id === id)).toMatchObject({ members: 2 })
    expect((await rita.api.me()).teams).toMatchObject([{ name: 'Network', isLead: false }])
    await ada.api.removeTeamMember({ params: { id, personId: rita.id } })
    expect((await rita.api.me()).teams).toEqual([])
    await expect(
      ada.api.createTeam({ body: { name: 'Ghosts', members: [{ personId: tenant.deskId }] } }),
    ).rejects.toMatchObject({ status: 422, body: { reasons: [{ field: 'members' }] } })
    expect((await ada.api.listTeams()).rows.map((team) => team.name)).not.toContain('Ghosts')
  })
  test("are managed by those whose permission reaches them: one's own, or all", async () => {
    const tenant = await world.tenant('own-team')
    const ada = await tenant.person('Ada', 'administrator')
    const lead = await tenant.person('Lea', 'agent')
    const role = await ada.api.createRole({
      body: {
        key: 'team_owner',
        name: 'Team owner',
        permissions: [{ permission: 'team.manage', scopes: ['team'] }],
      },
    })
    await ada.api.giveRole({ params: { id: lead.id, roleId: role.id } })
    const own = await tenant.team('Network', lead)
    await lead.api.setTeamMember({ params: { id: own, personId: ada.id }, body: { isLead: false } })
    for (const attempt of [
      () =>
        lead.api.setTeamMember({ params: { id: tenant.deskId, personId: lead.id }, body: { isLead: true } }),
      () => lead.api.removeTeamMember({ params: { id: tenant.deskId, personId: lead.id } }),
      () => lead.api.editTeam({ params: { id: tenant.deskId }, body: { name: 'Mine' }, version: 1 }),
      () => lead.api.createTeam({ body: { name: 'Another' } }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ status: 403 })
    }
    expect(
      (await entries(tenant.id, 'access.refused')).map((entry) => String(entry.data['route'])).sort(),
    ).toEqual(['createTeam', 'editTeam', 'removeTeamMember', 'setTeamMember'])
  })
  test('with open records, or that routing sends to, are not closed', async () => {
    const tenant = await world.tenant('busy')
    const ada = await tenant.person('Ada', 'administrator')
    await ada.api.raiseIncident({ body: { title: 'Printer' } })
    await expect(
      ada.api.editTeam({ params: { id: tenant.deskId }, body: { isActive: false }, version: 1 }),
    ).rejects.toMatchObject({
      body: {
        code: 'not_ready',
        reasons: expect.arrayContaining([
          expect.objectContaining({ message: 'the team has 1 open record' }),
          expect.objectContaining({ message: 'routing sends records to the team' }),
        ]),
      },
    })
  })
  test('that support a service are not closed', async () => {
    const tenant = await world.tenant('in-use')
    const ada = await tenant.person('Ada', 'administrator')
    const team = await tenant.team('Network')
    const service = await ada.api.createService({ body: { name: 'Wi-Fi', supportTeamId: team } })
    await expect(
      ada.api.editTeam({ params: { id: team }, body: { isActive: false }, version: 1 }),
    ).rejects.toMatchObject({
      body: { code: 'not_ready', reasons: [{ message: 'the team supports the service Wi-Fi' }] },
    })
    await ada.api.editService({
      params: { id: service.id },
      body: { supportTeamId: tenant.deskId },
      version: 1,
    })
    await ada.api.editTeam({ params: { id: team }, body: { isActive: false }, version: 1 })
    await expect(ada.api.createService({ body: { name: 'LAN', supportTeamId: team } })).rejects.toMatchObject(
      {
        status: 422,
        body: { reasons: [{ field: 'supportTeamId' }] },
      },
    )
  })
})

describe('services', () => {
  test('are listed with team and owner, and change with a version', async () => {
    const tenant = await world.tenant('services')
    const ada = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    const { id } = await ada.api.createService({
      body: { name: 'Mail', supportTeamId: tenant.deskId, ownerId: ada.id, criticality: 1 },
    })
    expect((await rita.api.listServices()).rows).toMatchObject([
      {
        id,
        name: 'Mail',
        supportTeam: { name: 'Service desk' },
        owner: { name: 'Ada' },
        criticality: 1,
        version: 1,
      },
    ])
    await ada.api.editService({ params: { id }, body: { ownerId: null, isActive: false }, version: 1 })
    expect((await rita.api.listServices({ query: { active: 'true' } })).rows).toEqual([])
    expect((await rita.api.listServices()).rows).toMatchObject([{ owner: null, isActive: false, version: 2 }])
    expect((await entries(tenant.id, 'service.edited')).at(-1)?.data).toEqual({
      version: 2,
      changes: { ownerId: { from: ada.id, to: null }, isActive: { from: true, to: false } },
    })
    // Nothing to change is no change.
    expect(await ada.api.editService({ params: { id }, body: { isActive: false }, version: 2 })).toEqual({
      id,
      version: 2,
    })
    await expect(
      ada.api.createService({ body: { name: 'X', supportTeamId: tenant.deskId, ownerId: tenant.deskId } }),
    ).rejects.toMatchObject({ status: 422, body: { reasons: [{ field: 'ownerId' }] } })
  })
})

describe('why can this person (not) do this', () => {
  test('which role gives it, with which scope, and whether the record is within reach', async () => {
    const tenant = await world.tenant('why')
    const ada = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    const otto = await tenant.person('Otto', 'requester')
    const { id, number } = await rita.api.raiseIncident({ body: { title: 'Printer' } })
    const why = (personId: string, permission: 'incident.read' | 'incident.work', recordId?: string) =>
      ada.api.explainAccess({
        query: { personId, permission, ...(recordId === undefined ? {} : { recordId }) },
      })

    expect(await why(rita.id, 'incident.read', id)).toMatchObject({
      allowed: true,
      sentences: [
        `Rita may see incidents for ${number}.`,
        'The role Requester gives it for records they raised, follow or are affected by.',
        `Rita raised it, so ${number} is within reach.`,
      ],
      given: [{ role: { name: 'Requester' }, scope: 'own', reaches: true }],
    })
    expect(await why(otto.id, 'incident.read', id)).toMatchObject({
      allowed: false,
      sentences: [
        `Otto may not see incidents for ${number}.`,
        'The role Requester gives it for records they raised, follow or are affected by.',
        `Otto has no part in ${number}, so ${number} is out of reach.`,
      ],
      given: [{ reaches: false }],
    })
    expect(await why(otto.id, 'incident.work')).toMatchObject({
      allowed: false,
      sentences: [
        'Otto may not start, hold, resume and resolve incidents.',
        'No role of Otto gives the permission incident.work.',
      ],
      given: [],
    })
    await ada.api.editPerson({ params: { id: rita.id }, body: { isActive: false }, version: 1 })
    expect(await why(rita.id, 'incident.read', id)).toMatchObject({
      allowed: false,
      sentences: [
        `Rita may not see incidents for ${number}.`,
        'Rita is deactivated; nobody deactivated may do anything.',
        'The role Requester gives it for records they raised, follow or are affected by.',
        `Rita raised it, so ${number} is within reach.`,
      ],
    })
  })
  test('a confidential record is out of reach for those who otherwise read all, and the sentence says why', async () => {
    const tenant = await world.tenant('why-confidential')
    const ada = await tenant.person('Ada', 'administrator')
    const desk = await tenant.person('Dora', 'team_lead')
    await ada.api.setTeamMember({ params: { id: tenant.deskId, personId: desk.id }, body: { isLead: true } })
    const rita = await tenant.person('Rita', 'requester')
    const { id, number } = await rita.api.raiseIncident({ body: { title: 'Harassment', confidential: true } })
    const answer = await desk.api.explainAccess({
      query: { personId: ada.id, permission: 'incident.read', recordId: id },
    })
    expect(answer.allowed).toBe(false)
    expect(answer.sentences.at(-1)).toBe(
      `Ada has no part in ${number}, and ${number} is confidential: only the people on it and its team reach it.`,
    )
    // Who may not read the record is told that there is none.
    await expect(
      ada.api.explainAccess({ query: { personId: rita.id, permission: 'incident.read', recordId: id } }),
    ).rejects.toMatchObject({ status: 404 })
  })
  test('about oneself everybody may ask, about others who answers for access', async () => {
    const tenant = await world.tenant('why-me')
    const rita = await tenant.person('Rita', 'requester')
    const auditor = await tenant.person('Ursula', 'auditor')
    expect(
      (await rita.api.explainAccess({ query: { personId: rita.id, permission: 'export' } })).allowed,
    ).toBe(false)
    await expect(
      rita.api.explainAccess({ query: { personId: auditor.id, permission: 'export' } }),
    ).rejects.toMatchObject({ status: 403, body: { reasons: [{ code: 'access.explain' }] } })
    expect(
      (await auditor.api.explainAccess({ query: { personId: rita.id, permission: 'incident.raise' } }))
        .allowed,
    ).toBe(true)
  })
})

describe('refusals that concern access are on record', () => {
  test('each once, with route, code and missing permission, and no words of the request', async () => {
    const tenant = await world.tenant('refused')
    const rita = await tenant.person('Rita', 'requester')
    await expect(rita.api.createTeam({ body: { name: 'A secret name' } })).rejects.toMatchObject({
      status: 403,
    })
    const written = await entries(tenant.id, 'access.refused')
    expect(written).toEqual([
      { data: { route: 'createTeam', code: 'forbidden', reasons: ['team.manage'] }, personal: null },
    ])
  })
  test('what does not concern access is not', async () => {
    const tenant = await world.tenant('not-refused')
    const ada = await tenant.person('Ada', 'administrator')
    await expect(ada.api.readPerson({ params: { id: tenant.deskId } })).rejects.toMatchObject({ status: 404 })
    expect(await entries(tenant.id, 'access.refused')).toEqual([])
  })
})

test('what no longer stands for anything is swept away, what does stays', async () => {
  const tenant = await world.tenant('swept')
  const ada = await tenant.person('Ada', 'administrator')
  await ada.api.createPerson({ body: { name: 'Nils', email: 'nils@swept.test' } })
  await ada.api.passkeySignInOptions({ body: { tenant: 'swept' } })
  const old = await tenant.person('Rita', 'requester')
  await old.api.signOut()
  const counts = () =>
    read(world.database, tenant.id, (q) =>
      q.one<{ sessions: number; tokens: number; ceremonies: number }>({
        text: `select (select count(*)::int from session where tenant_id = $1) as sessions, (select count(*)::int from one_time_token where tenant_id = $1) as tokens,
                 (select count(*)::int from passkey_ceremony where tenant_id = $1) as ceremonies`,
        values: [tenant.id],
      }),
    )
  await sweepAccess(world.database, tenant.author())
  expect(await counts()).toEqual({ sessions: 2, tokens: 1, ceremonies: 1 })
  world.clock.advance(94 * 86_400_000)
  await sweepAccess(world.database, tenant.author())
  expect(await counts()).toEqual({ sessions: 1, tokens: 0, ceremonies: 0 })
  expect((await ada.api.me()).person.id).toBe(ada.id)
})
