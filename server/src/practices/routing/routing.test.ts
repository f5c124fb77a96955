import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RoutingPolicy } from '@evenkeel/contract/policy'
import { createWorld, type World } from '../../../test/world.ts'
import { pickPerson, type Candidate, type Claimed } from './routing.decide.ts'

const claimed: Claimed = {
  teamId: 't',
  rule: 'rule:x',
  sentence: 'Rule “X”: it holds.',
  version: 3,
  pick: 'round_robin',
}
const candidate = (personId: string, openWork: number, lastGivenAt: string | null): Candidate => ({
  personId,
  name: personId,
  openWork,
  lastGivenAt,
})

describe('picking a person', () => {
  const three = [
    candidate('ana', 4, '2026-03-02T08:00:00.000Z'),
    candidate('ben', 1, '2026-03-02T09:00:00.000Z'),
    candidate('cem', 9, null),
  ]

  test('round robin takes who got something longest ago, and somebody who never did first', () => {
    expect(pickPerson(claimed, three, true)).toMatchObject({
      personId: 'cem',
      sentence: 'Rule “X”: it holds. cem got something longest ago, of 3.',
    })
    expect(pickPerson(claimed, three.slice(0, 2), true).personId).toBe('ana')
  })
  test('least open work counts what is open by weight, not who waited', () => {
    expect(pickPerson({ ...claimed, pick: 'least_open_work' }, three, true)).toMatchObject({
      personId: 'ben',
      sentence: expect.stringContaining('the least open work (1)'),
    })
  })
  test('of two with the same work, who waited longer takes it', () => {
    const even = [
      candidate('ana', 2, '2026-03-02T09:00:00.000Z'),
      candidate('ben', 2, '2026-03-02T08:00:00.000Z'),
    ]
    expect(pickPerson({ ...claimed, pick: 'least_open_work' }, even, true).personId).toBe('ben')
  })
  test('nobody is picked outside working hours, in an empty team, or where the rule says none; the sentence says why', () => {
    expect(pickPerson(claimed, three, false)).toMatchObject({
      personId: null,
      sentence: expect.stringContaining('outside the working hours'),
    })
    expect(pickPerson(claimed, [], true)).toMatchObject({
      personId: null,
      sentence: expect.stringContaining('Nobody in the team'),
    })
    expect(pickPerson({ ...claimed, pick: 'none' }, three, true)).toMatchObject({
      personId: null,
      sentence: claimed.sentence,
    })
  })
})

describe('routing an incident', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.end())

  const setUp = async (slug: string) => {
    const tenant = await world.tenant(slug)
    const admin = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    const [ana, ben] = [await tenant.person('Ana', 'agent'), await tenant.person('Ben', 'agent')]
    const network = await tenant.team('Network', ana, ben)
    const policy = (change: Partial<RoutingPolicy>): RoutingPolicy => ({
      rules: [],
      servicePick: 'none',
      catchAllTeamId: tenant.deskId,
      ...change,
    })
    const publish = async (document: RoutingPolicy) => {
      const { version } = await admin.api.readPolicy({ params: { kind: 'routing' } })
      return admin.api.publishPolicy({
        params: { kind: 'routing' },
        body: { document, note: 'test', basedOn: version },
      })
    }
    const rule: RoutingPolicy['rules'][number] = {
      id: 'vpn',
      name: 'VPN',
      when: { field: 'title', op: 'contains', value: 'vpn' },
      teamId: network,
      pick: 'round_robin',
    }
    return { tenant, admin, rita, ana, ben, network, policy, publish, rule }
  }

  test('the first rule that holds decides, and the record says which, in words, with the version', async () => {
    const { rita, ana, ben, policy, publish, rule, admin } = await setUp('rules')
    const { version } = await publish(policy({ rules: [rule] }))
    const raise = async (title: string) =>
      admin.api.readIncident({ params: { id: (await rita.api.raiseIncident({ body: { title } })).id } })
    const first = await raise('The VPN drops')
    expect(first).toMatchObject({ team: { name: 'Network' }, routing: { rule: 'rule:vpn', version } })
    expect(first.routing?.sentence).toContain('Rule “VPN”: title contains “vpn”')
    world.clock.advance(1000)
    const second = await raise('vpn slow')
    expect(new Set([first.assignee?.id, second.assignee?.id])).toEqual(new Set([ana.id, ben.id]))
    world.clock.advance(1000)
    expect((await raise('VPN again')).assignee?.id).toBe(first.assignee?.id)
    expect(await raise('Mouse')).toMatchObject({
      team: { name: 'Service desk' },
      routing: { rule: 'catch_all' },
      assignee: null,
    })
  })

  test('without a rule, the team that supports the service gets it', async () => {
    const { tenant, rita, admin, network } = await setUp('services')
    const serviceId = await tenant.service('Ward network', network)
    const { id } = await rita.api.raiseIncident({ body: { title: 'No link', serviceId } })
    expect(await admin.api.readIncident({ params: { id } })).toMatchObject({
      team: { name: 'Network' },
      routing: { rule: 'service', sentence: 'Ward network is supported by this team.' },
    })
  })

  test('outside the working hours of the team nobody is picked', async () => {
    const { tenant, admin, rita, policy, publish, rule, network } = await setUp('hours')
    const week = Object.fromEntries(
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [
        day,
        [{ from: '08:00', to: '09:30' }],
      ]),
    )
    await admin.api.publishPolicy({
      params: { kind: 'calendar' },
      body: { name: 'early', document: { zone: 'Europe/Berlin', week }, note: 'early', basedOn: 0 },
    })
    await world.asAdmin(`update team set calendar = 'early' where id = '${network}'`)
    await publish(policy({ rules: [rule] }))
    // 10:00 in Berlin.
    const { id } = await rita.api.raiseIncident({ body: { title: 'vpn' } })
    const incident = await admin.api.readIncident({ params: { id } })
    expect(incident).toMatchObject({ team: { name: 'Network' }, assignee: null })
    expect(incident.routing?.sentence).toContain('outside the working hours')
    expect(tenant.id).toBeTruthy()
  })

  test('the back-test says how many of the last incidents a version would have sent elsewhere, and which', async () => {
    const { rita, admin, policy, rule } = await setUp('backtest')
    for (const title of ['vpn one', 'printer', 'VPN two']) await rita.api.raiseIncident({ body: { title } })
    const preview = await admin.api.previewPolicy({
      params: { kind: 'routing' },
      body: { document: policy({ rules: [rule] }) },
    })
    expect(preview).toMatchObject({
      examined: 3,
      changed: 2,
      sentence: 'On the last 3 incidents this version would have sent 2 elsewhere.',
    })
    expect(preview.examples.map((example) => example.title).sort()).toEqual(['VPN two', 'vpn one'])
    expect(preview.differences.map((one) => one.sentence)[0]).toContain('rules gets')
    const { document } = await admin.api.readPolicy({ params: { kind: 'routing' } })
    expect(await admin.api.previewPolicy({ params: { kind: 'routing' }, body: { document } })).toMatchObject({
      changed: 0,
      differences: [],
    })
  })

  test('what an incident was raised with is replayed, not what it became', async () => {
    const { rita, admin, policy, rule } = await setUp('replay')
    const ref = await rita.api.raiseIncident({ body: { title: 'Cannot connect' } })
    await admin.api.editIncident({
      params: { id: ref.id },
      body: { title: 'VPN certificate expired' },
      version: 1,
    })
    expect(
      await admin.api.previewPolicy({
        params: { kind: 'routing' },
        body: { document: policy({ rules: [rule] }) },
      }),
    ).toMatchObject({ changed: 0 })
  })

  test('a rule about something that does not exist, for a team that does not exist, or without a catch-all is refused by name', async () => {
    const { admin, policy, rule, publish } = await setUp('refused')
    const nowhere = '01900000-0000-7000-8000-000000000000'
    const bad: [string, RoutingPolicy][] = [
      ['unknown_field', policy({ rules: [{ ...rule, when: { field: 'shoe_size', op: '=', value: 44 } }] })],
      ['no active team', policy({ rules: [{ ...rule, teamId: nowhere }] })],
      ['claims', policy({ catchAllTeamId: null })],
      ['same id', policy({ rules: [rule, rule] })],
    ]
    for (const [, document] of bad)
      await expect(publish(document)).rejects.toMatchObject({ status: 422, body: { code: 'invalid' } })
    expect((await admin.api.readPolicy({ params: { kind: 'routing' } })).version).toBe(1)
  })

  test('two people who publish from the same version: the second is told, and nothing is lost', async () => {
    const { admin, policy } = await setUp('twice')
    const body = { document: policy({}), note: 'mine', basedOn: 1 }
    await admin.api.publishPolicy({ params: { kind: 'routing' }, body })
    await expect(admin.api.publishPolicy({ params: { kind: 'routing' }, body })).rejects.toMatchObject({
      status: 409,
    })
    const { versions } = await admin.api.policyVersions({ params: { kind: 'routing' } })
    expect(versions.map((one) => one.version)).toEqual([2, 1, 0])
    expect(versions[0]).toMatchObject({ note: 'mine', author: { name: 'Ada' } })
  })

  test('the matrix says how many open incidents would change rank, and an override keeps its own', async () => {
    const { admin, rita } = await setUp('matrix')
    const ids = [
      await rita.api.raiseIncident({ body: { title: 'One' } }),
      await rita.api.raiseIncident({ body: { title: 'Two' } }),
    ].map((ref) => ref.id)
    await admin.api.overrideIncidentPriority({
      params: { id: ids[1] ?? '' },
      body: { priority: 1, reason: 'the director' },
      version: 1,
    })
    const flat = { high: 1, medium: 1, low: 1 } as const
    const document = { matrix: { high: flat, medium: flat, low: flat }, services: [] }
    const preview = await admin.api.previewPolicy({ params: { kind: 'priority_matrix' }, body: { document } })
    expect(preview).toMatchObject({
      examined: 2,
      changed: 1,
      sentence: '1 of 2 open incidents would change rank.',
    })
    expect(preview.examples).toEqual([
      expect.objectContaining({ title: 'One', before: '4 low', after: '1 critical' }),
    ])
  })

  test('a requester reads no policy and an agent publishes none', async () => {
    const { rita, ana, policy } = await setUp('rights')
    await expect(rita.api.readPolicy({ params: { kind: 'routing' } })).rejects.toMatchObject({ status: 403 })
    await expect(
      ana.api.publishPolicy({
        params: { kind: 'routing' },
        body: { document: policy({}), note: 'x', basedOn: 1 },
      }),
    ).rejects.toMatchObject({ status: 403 })
    await expect(ana.api.readPolicy({ params: { kind: 'no_such' } })).rejects.toMatchObject({ status: 404 })
  })
})
