import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BranchStepDraft } from '@evenkeel/contract/item-branch'
import { read } from '../../platform/postgres/database.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let cara: TestPerson
let chris: TestPerson
let amir: TestPerson

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('harbor')
  cara = await tenant.person('Cara', 'configuration_manager')
  chris = await tenant.person('Chris', 'change_manager')
  amir = await tenant.person('Amir', 'agent')
})
afterAll(() => world.end())

type Values = Record<string, string | number | boolean>
const make = async (klass: string, name: string, values: Values = {}): Promise<string> =>
  (await cara.api.createItem({ body: { class: klass, name, values } })).id
const relate = async (id: string, type: 'runs_on' | 'depends_on' | 'member_of', toId: string) =>
  (await cara.api.relateItem({ params: { id }, body: { type, toId } })).id

let count = 0
/** A service on a group of `size` nodes of which `need` have to be alive. */
const cluster = async (size: number, need: number, values: Values = {}) => {
  count += 1
  const word = `c${count}`
  const service = await make('business_service', `Billing ${word}`, {
    criticality: '1',
    support_team: tenant.deskId,
    users_served: 400,
  })
  const group = await make('group', `Nodes ${word}`, { members_needed: need })
  await relate(service, 'depends_on', group)
  const nodes: string[] = []
  const members: string[] = []
  for (let at = 1; at <= size; at += 1) {
    const node = await make('server', `db-${at} ${word}`, values)
    nodes.push(node)
    members.push(await relate(node, 'member_of', group))
  }
  return { word, service, group, nodes, members }
}

const [sunday, later, after] = [
  '2026-03-08T02:00:00.000Z',
  '2026-03-08T04:00:00.000Z',
  '2026-03-08T06:00:00.000Z',
]
const branch = async (
  name: string,
  steps: readonly BranchStepDraft[],
  [startsAt, endsAt]: readonly [string, string] = [sunday, later],
  by = chris,
): Promise<string> => {
  const { id } = await by.api.createBranch({ body: { name, startsAt, endsAt } })
  for (const body of steps) await by.api.addBranchStep({ params: { id }, body })
  return id
}
const down = (itemId: string | undefined, more: { from?: string; until?: string } = {}): BranchStepDraft => ({
  kind: 'down',
  itemId: itemId ?? '',
  effect: 'down',
  reason: '',
  ...more,
})
const outlook = (
  branchIds: string[],
  more: { at?: string; knownAt?: string; withCurrentOutages?: boolean } = {},
) => amir.api.readBranchOutlook({ body: { branchIds, ...more } })

describe('what branches would do', () => {
  test('two of them are harmless alone and take a service down together, for the time in which both run', async () => {
    const { service, group, nodes, word } = await cluster(3, 2)
    const first = await branch('Replace db-1', [down(nodes[0])])
    const second = await branch('Patch db-2', [down(nodes[1])], ['2026-03-08T03:00:00.000Z', after])

    const alone = await outlook([first])
    expect(alone.services).toEqual([])
    expect(
      alone.reserve.map(({ item, change, sentence, from, until }) => [
        item.id,
        change,
        sentence,
        from,
        until,
      ]),
    ).toEqual([[group, 'lost', 'from 3 of 3 down to 2 of 3, 2 needed: no reserve left', sunday, later]])
    expect(alone.sentence).toBe('no service would be worse than it is; 1 group would lose reserve')

    const both = await outlook([first, second])
    expect(both.services).toHaveLength(1)
    expect(both.services[0]).toMatchObject({
      item: { id: service },
      health: 'down',
      before: 'up',
      jointly: true,
      alone: [],
      usersServed: 400,
      stretches: [{ from: '2026-03-08T03:00:00.000Z', until: later, health: 'down' }],
      sentence: `Billing ${word} depends on Nodes ${word}, Nodes ${word} has as a member db-1 ${word}`,
    })
    expect(both.items.map(({ item, health, until }) => [item.id, health, until])).toEqual([
      [group, 'down', later],
    ])
    expect(both.usersServed).toBe(400)
    // Windows are half-open: at the very end of one, it is over.
    expect((await outlook([first, second], { at: later })).services).toEqual([])
    expect((await outlook([first, second], { at: '2026-03-08T03:59:59.999Z' })).services).toHaveLength(1)
  })

  test('the present model is not touched by planning and asking: the same rows, and no entry about an item', async () => {
    const { group, nodes, members } = await cluster(2, 1)
    const state = () =>
      read(world.database, tenant.id, (q) =>
        q.rows({
          text: `select (select md5(string_agg(t::text, '' order by t.id)) from item t where tenant_id = $1) as items,
            (select md5(string_agg(t::text, '' order by t.id)) from item_relation t where tenant_id = $1) as relations,
            (select md5(string_agg(t::text, '' order by t.id)) from item_fact t where tenant_id = $1) as facts,
            (select count(*) from journal where tenant_id = $1 and type like 'item.%') as entries`,
          values: [tenant.id],
        }),
      )
    const before = await state()
    const id = await branch('Everything', [
      down(nodes[0]),
      { kind: 'move', itemId: nodes[1] ?? '', action: 'retire' },
      { kind: 'quorum', itemId: group, need: { count: 2 } },
      { kind: 'unrelate', relationId: members[0] ?? '' },
      { kind: 'edit', itemId: nodes[0] ?? '', name: 'renamed', values: { os: 'North OS' } },
      { kind: 'make', class: 'server', name: 'db-9', values: {}, state: 'in_use' },
    ])
    await outlook([id])
    await amir.api.readItemMap({ query: { items: group, hops: 2 } })
    expect(await state()).toEqual(before)
  })

  test('a step may make an item, relate it, and give a group more to spare', async () => {
    const { group, nodes } = await cluster(2, 2)
    const id = await branch('A third node', [])
    const { itemId } = await chris.api.addBranchStep({
      params: { id },
      body: { kind: 'make', class: 'server', name: 'db-new', values: {}, state: 'in_use' },
    })
    await chris.api.addBranchStep({
      params: { id },
      body: { kind: 'relate', fromId: itemId, type: 'member_of', toId: group },
    })
    const found = await outlook([id])
    expect(found.reserve.map(({ change, sentence, until }) => [change, sentence, until])).toEqual([
      ['gained', 'from 2 of 2 up to 3 of 3, 2 needed: 1 to spare', null],
    ])
    const one = await branch('And one down', [down(nodes[0])])
    expect((await outlook([one])).services).toHaveLength(1)
    expect((await outlook([one, id])).services).toEqual([])
  })

  test('what is not well already counts when that is asked, and the answer names it with its end', async () => {
    const { service, nodes } = await cluster(3, 2)
    const week = ['2026-04-05T02:00:00.000Z', '2026-04-05T04:00:00.000Z'] as const
    const id = await branch('One down', [down(nodes[0])], week)
    await cara.api.sayItemHealth({
      params: { id: nodes[1] ?? '' },
      body: { health: 'down', reason: 'disk', until: '2026-04-05T03:00:00.000Z' },
    })
    expect((await outlook([id])).services).toEqual([])
    const now = await outlook([id], { withCurrentOutages: true })
    expect(now.services.map(({ item, stretches }) => [item.id, stretches[0]?.health])).toEqual([
      [service, 'down'],
    ])
    expect(now.outages.map(({ item, until }) => [item.id, until])).toEqual([
      [nodes[1], '2026-04-05T03:00:00.000Z'],
    ])
    const end = await outlook([id], { withCurrentOutages: true, at: '2026-04-05T03:30:00.000Z' })
    expect(end.services).toEqual([])
    const other = await branch('Another team', [down(nodes[2])], week)
    const meets = await outlook([id], { withCurrentOutages: true, at: '2026-04-05T03:30:00.000Z' })
    expect(meets.services.map(({ item }) => item.id)).toEqual([service])
    await chris.api.discardBranch({ params: { id: other }, version: 2, body: {} })
  })

  test('contradictions between branches, and drift against what is there, are said', async () => {
    const { nodes, members, group, word } = await cluster(3, 2)
    const retire: BranchStepDraft = { kind: 'move', itemId: nodes[0] ?? '', action: 'retire' }
    const first = await branch('Retire', [retire, { kind: 'unrelate', relationId: members[1] ?? '' }])
    const second = await branch('Renew', [
      down(nodes[0]),
      { kind: 'quorum', itemId: group, need: { count: 1 } },
    ])
    const { conflicts, drift } = await outlook([first, second])
    expect(conflicts.map(({ sentence }) => sentence)).toEqual([
      `Retire takes db-1 ${word} out of use, and Renew plans something else for it`,
    ])
    expect(drift).toEqual([])

    const { version } = await cara.api.readItem({ params: { id: group } })
    await cara.api.editItem({ params: { id: group }, version, body: { values: { members_needed: 3 } } })
    await cara.api.endItemRelation({
      params: { id: nodes[1] ?? '', relationId: members[1] ?? '' },
      body: {},
    })
    const node = await cara.api.readItem({ params: { id: nodes[0] ?? '' } })
    await cara.api.moveItem({ params: { id: node.id }, version: node.version, body: { action: 'retire' } })
    const now = await outlook([first, second])
    expect(now.drift.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        `db-1 ${word} was retired since`,
        'this relation ended since',
        `how many members Nodes ${word} needs was changed since`,
      ]),
    )
  })

  test('what was planned and believed at an earlier time is answered again, whatever was planned since', async () => {
    const { service, nodes } = await cluster(3, 2)
    const id = await branch('Two nodes', [down(nodes[0])])
    world.clock.advance(60_000)
    const approved = world.clock.now()
    world.clock.advance(60_000)
    await chris.api.addBranchStep({ params: { id }, body: down(nodes[1]) })
    const { version } = await chris.api.readBranch({ params: { id } })
    await chris.api.editBranch({
      params: { id },
      version,
      body: { startsAt: '2026-03-15T02:00:00Z', endsAt: '2026-03-15T04:00:00Z' },
    })
    world.clock.advance(60_000)
    expect((await outlook([id])).services.map(({ item }) => item.id)).toEqual([service])
    const then = await outlook([id], { knownAt: approved })
    expect(then.services).toEqual([])
    expect(then.branches).toMatchObject([{ startsAt: sunday, endsAt: later }])
    const page = await chris.api.readBranch({ params: { id }, query: { knownAt: approved } })
    expect([page.steps.length, page.startsAt, page.isNow, page.mayPlan]).toEqual([1, sunday, false, false])
  })

  test('which other branches run is told as it was known: what was planned, moved or closed since is left out', async () => {
    const { service, nodes } = await cluster(4, 1)
    const week = ['2026-04-12T02:00:00.000Z', '2026-04-12T04:00:00.000Z'] as const
    const nextWeek = ['2026-04-19T02:00:00.000Z', '2026-04-19T04:00:00.000Z'] as const
    const id = await branch('One of four', [down(nodes[0])], week)
    const closed = await branch('Closed later', [down(nodes[1])], week)
    const moved = await branch('Moved later', [down(nodes[2])], week)
    const shrunk = await branch('Loses its step later', [down(nodes[3])], week)
    const services = async (knownAt?: string): Promise<readonly string[]> => {
      const found = await outlook([id], { withCurrentOutages: true, ...(knownAt && { knownAt }) })
      return [
        ...found.services.map(({ item }) => item.id),
        ...found.outages.map(({ branchId }) => branchId ?? ''),
      ].filter((one) => [service, closed, moved, shrunk].includes(one))
    }
    world.clock.advance(60_000)
    const approved = world.clock.now()
    world.clock.advance(60_000)
    expect(await services()).toEqual(expect.arrayContaining([service, closed, moved, shrunk]))

    const versionOf = async (one: string): Promise<number> =>
      (await chris.api.readBranch({ params: { id: one } })).version
    await chris.api.discardBranch({ params: { id: closed }, version: await versionOf(closed), body: {} })
    await chris.api.editBranch({
      params: { id: moved },
      version: await versionOf(moved),
      body: { startsAt: nextWeek[0], endsAt: nextWeek[1] },
    })
    const [step] = (await chris.api.readBranch({ params: { id: shrunk } })).steps
    await chris.api.removeBranchStep({ params: { id: shrunk, stepId: step?.id ?? '' } })
    world.clock.advance(60_000)
    expect(await services()).toEqual([])
    expect(await services(approved)).toEqual(expect.arrayContaining([service, closed, moved, shrunk]))

    // What is planned later was unknown then.
    world.clock.advance(60_000)
    for (const node of nodes.slice(1)) await branch('Planned later', [down(node)], week)
    expect(await services()).toEqual([service])
    expect((await services(approved)).toSorted()).toEqual([service, closed, moved, shrunk].toSorted())
  })

  test('how often a group works is computed exactly when each member says it, before and after', async () => {
    const { nodes, group, word } = await cluster(3, 2, { availability: 90 })
    const id = await branch('One less', [down(nodes[0])])
    const [change] = (await outlook([id])).reserve
    expect(change?.availability?.before.percent).toBeCloseTo(97.2, 10)
    expect(change?.availability?.after.percent).toBeCloseTo(81, 10)
    expect(change?.availability?.after.sentence).toBe(
      `at least 2 of 2 members work 81% of the time, provided that they fail independently of each other (db-2 ${word} 90%, db-3 ${word} 90%)`,
    )
    const page = await amir.api.readItem({ params: { id: group } })
    expect(page.quorum?.sentence).toBe('3 of 3 members work, 2 needed: 1 in reserve')
    expect(page.availability?.percent).toBeCloseTo(97.2, 10)
    expect(page.availability?.sentence).toBe(
      `at least 2 of 3 members work 97.2% of the time, provided that they fail independently of each other (db-1 ${word} 90%, db-2 ${word} 90%, db-3 ${word} 90%)`,
    )
    // Nobody says it of another group: then there is nothing to tell. Of one member only: what is missing is told.
    const silent = await cluster(2, 1)
    expect((await amir.api.readItem({ params: { id: silent.group } })).availability).toBeNull()
    const { version } = await cara.api.readItem({ params: { id: silent.nodes[0] ?? '' } })
    await cara.api.editItem({
      params: { id: silent.nodes[0] ?? '' },
      version,
      body: { values: { availability: 99 } },
    })
    expect((await amir.api.readItem({ params: { id: silent.group } })).availability).toEqual({
      percent: null,
      sentence: `availability cannot be computed: it is not given for db-2 ${silent.word}`,
    })
  })
})

describe('what fails on top', () => {
  test('the blast radius says which single failures suffice and what only all together take down', async () => {
    const { service, group, nodes } = await cluster(3, 2)
    const mail = await make('business_service', 'Mail of one node', {
      criticality: '2',
      support_team: tenant.deskId,
    })
    await relate(mail, 'runs_on', nodes[0] ?? '')
    const itemIds = nodes.slice(0, 2)
    const both = await amir.api.readBlastRadius({ body: { itemIds } })
    expect(both.services.map(({ item, alone, jointly }) => [item.id, alone, jointly])).toEqual([
      [service, [], true],
      [mail, [nodes[0]], false],
    ])
    expect(both.items.map(({ item, jointly }) => [item.id, jointly])).toEqual([[group, true]])
    expect(both.outages).toEqual([])
  })

  test('what is down now by word, by an open record or by a plan that runs counts when that is asked', async () => {
    const { service, group, nodes } = await cluster(4, 2)
    const [first = '', second = '', third = ''] = nodes
    const alone = await amir.api.readBlastRadius({ body: { itemIds: [third] } })
    expect([alone.services, alone.reduced.map(({ item }) => item.id)]).toEqual([[], [group]])

    const until = new Date(Date.parse(world.clock.now()) + 3_600_000).toISOString()
    await cara.api.sayItemHealth({ params: { id: first }, body: { health: 'down', reason: 'disk', until } })
    const one = await amir.api.readBlastRadius({ body: { itemIds: [third], withCurrentOutages: true } })
    expect(one.atRisk.map(({ item, quorum }) => [item.id, quorum.alive])).toEqual([[group, 2]])
    const running = await branch(
      'Runs now',
      [down(second)],
      [
        new Date(Date.parse(world.clock.now()) - 60_000).toISOString(),
        new Date(Date.parse(world.clock.now()) + 60_000).toISOString(),
      ],
    )
    const onTop = await amir.api.readBlastRadius({ body: { itemIds: [third], withCurrentOutages: true } })
    expect(onTop.services.map(({ item, health, alone: by }) => [item.id, health, by])).toEqual([
      [service, 'down', [third]],
    ])
    const outages = onTop.outages.filter(({ item }) => nodes.includes(item.id))
    expect(outages.map(({ item, until: end, branchId }) => [item.id, end, branchId])).toEqual(
      expect.arrayContaining([
        [first, until, null],
        [second, new Date(Date.parse(world.clock.now()) + 60_000).toISOString(), running],
      ]),
    )
    // What is asked about is not counted among what is down anyway.
    const again = await amir.api.readBlastRadius({ body: { itemIds: [first], withCurrentOutages: true } })
    expect(again.services).toEqual([])
    await chris.api.discardBranch({ params: { id: running }, version: 2, body: {} })
  })

  test('whatever stands on it says until when it is down', async () => {
    const { service, nodes } = await cluster(2, 1)
    const [sooner, late] = [1, 2].map((hours) =>
      new Date(Date.parse(world.clock.now()) + hours * 3_600_000).toISOString(),
    )
    for (const [at, until] of [sooner, late].entries())
      await cara.api.sayItemHealth({
        params: { id: nodes[at] ?? '' },
        body: { health: 'down', reason: 'power', until },
      })
    const page = await amir.api.readItem({ params: { id: service } })
    expect([page.health.now, page.health.until]).toEqual(['down', sooner])
    const member = await amir.api.readItem({ params: { id: nodes[1] ?? '' } })
    expect(member.health.until).toBe(late)
  })

  test('map and blast radius are asked of a plan too: what it makes is there, what it takes down is down', async () => {
    const { service, group, nodes } = await cluster(2, 2)
    const id = await branch('For the map', [down(nodes[0])])
    const { itemId } = await chris.api.addBranchStep({
      params: { id },
      body: { kind: 'make', class: 'server', name: 'db-map', values: {}, state: 'in_use' },
    })
    await chris.api.addBranchStep({
      params: { id },
      body: { kind: 'relate', fromId: itemId, type: 'member_of', toId: group },
    })
    const ask = (query: { branches?: string; validAt?: string }) =>
      amir.api.readItemMap({ query: { items: service, hops: 2, direction: 'below', ...query } })
    const plain = await ask({})
    expect(plain.items.map(({ planned }) => planned)).toEqual([null, null, null, null])
    const map = await ask({ branches: id })
    expect(map.validAt).toBe(sunday)
    expect(map.items.map(({ id: one, planned, health }) => [one, planned, health.now])).toEqual(
      expect.arrayContaining([
        [itemId, 'made', 'up'],
        [nodes[0], 'down', 'down'],
        [nodes[1], null, 'up'],
        [service, null, 'up'],
      ]),
    )
    expect(map.relations.filter(({ planned }) => planned).map(({ belowId }) => belowId)).toEqual([itemId])
    const over = await ask({ branches: id, validAt: after })
    expect(over.items.find((one) => one.id === nodes[0])?.health.now).toBe('up')

    // What is planned now is not what was planned when it was approved.
    world.clock.advance(60_000)
    const approved = world.clock.now()
    world.clock.advance(60_000)
    await chris.api.addBranchStep({ params: { id }, body: down(nodes[1]) })
    const [first] = (await chris.api.readBranch({ params: { id } })).steps
    await chris.api.removeBranchStep({ params: { id, stepId: first?.id ?? '' } })
    const look = async (knownAt?: string) => {
      const { items, knownAt: known } = await amir.api.readItemMap({
        query: {
          items: service,
          hops: 2,
          direction: 'below',
          branches: id,
          ...(knownAt === undefined ? {} : { knownAt }),
        },
      })
      return { known, planned: items.flatMap(({ id: one, planned }) => (planned === 'down' ? [one] : [])) }
    }
    expect((await look()).planned).toEqual([nodes[1]])
    expect(await look(approved)).toEqual({ known: approved, planned: [nodes[0]] })

    const radius = await amir.api.readBlastRadius({ body: { itemIds: [itemId], branchIds: [id] } })
    expect(radius.services.map(({ item }) => item.id)).toEqual([service])
    await expect(amir.api.readBlastRadius({ body: { itemIds: [itemId] } })).rejects.toMatchObject({
      status: 404,
    })
  })

  test('there is more around an item only as far as the plan leaves a relation, or makes one', async () => {
    const { service, group, nodes, members } = await cluster(1, 1)
    const rack = await make('location', `Rack of ${group}`)
    const ask = async (branches?: string) => {
      const { items, cut } = await amir.api.readItemMap({
        query: {
          items: service,
          hops: 1,
          direction: 'below',
          ...(branches === undefined ? {} : { branches }),
        },
      })
      return { more: items.flatMap(({ id, more }) => (more ? [id] : [])), cut: cut?.by }
    }
    const further = { more: [group], cut: 'depth' }
    expect(await ask()).toEqual(further)
    const ends = await branch('Dissolve the group', [{ kind: 'unrelate', relationId: members[0] ?? '' }])
    expect(await ask(ends)).toEqual({ more: [], cut: undefined })
    const moves = await branch('Elsewhere', [
      { kind: 'unrelate', relationId: members[0] ?? '' },
      { kind: 'relate', fromId: group, type: 'hosted_in', toId: rack },
    ])
    expect(await ask(moves)).toEqual(further)
    const above = await amir.api.readItemMap({
      query: { items: nodes.join(','), hops: 0, direction: 'above', branches: ends },
    })
    expect(above.items.map(({ more }) => more)).toEqual([false])
  })
})

describe('who sees what is planned', () => {
  test('what is beyond reach is neither told nor counted; what follows from it is', async () => {
    const { group, nodes, service } = await cluster(3, 3)
    const ada = await tenant.person('Ada', 'administrator')
    const tess = await tenant.person('Tess', 'requester')
    const teamId = await tenant.team('Tills', tess)
    const role = await ada.api.createRole({
      body: {
        key: 'team_planner',
        name: 'Plans what the team supports',
        permissions: [
          { permission: 'item.read', scopes: ['team'] },
          { permission: 'item.plan', scopes: ['team'] },
        ],
      },
    })
    await ada.api.giveRole({ params: { id: tess.id, roleId: role.id } })
    const till = await make('business_service', 'Till', { criticality: '2', support_team: teamId })
    await relate(till, 'depends_on', group)
    const own = await make('server', 'till-1', { support_team: teamId })

    const hidden = await branch('Nothing of theirs', [down(nodes[0])])
    const mixed = await branch('Also theirs', [down(nodes[1]), down(own)])
    expect((await tess.api.listBranches({ query: {} })).rows.map(({ id, steps }) => [id, steps])).toEqual([
      [mixed, 1],
    ])
    await expect(tess.api.readBranch({ params: { id: hidden } })).rejects.toMatchObject({ status: 404 })
    const page = await tess.api.readBranch({ params: { id: mixed } })
    expect([page.steps.map(({ item }) => item.id), page.more, page.mayPlan]).toEqual([[own], true, false])
    const told = await tess.api.readBranchOutlook({ body: { branchIds: [mixed] } })
    expect(
      told.services.map(({ item, path }) => [item.id, path.map((step) => step.item?.id ?? null)]),
    ).toEqual([[till, [null, till]]])
    expect(JSON.stringify(told)).not.toContain(service)
    await expect(tess.api.readBranchOutlook({ body: { branchIds: [hidden] } })).rejects.toMatchObject({
      status: 404,
    })

    const mine = await branch('Mine', [down(own)], [sunday, later], tess)
    await expect(
      tess.api.addBranchStep({ params: { id: mine }, body: down(nodes[0]) }),
    ).rejects.toMatchObject({ status: 422 })
    await expect(tess.api.addBranchStep({ params: { id: mixed }, body: down(own) })).rejects.toMatchObject({
      status: 403,
    })
  })
})

describe('applying a branch', () => {
  beforeAll(async () => {
    const ingo = await tenant.person('Ingo', 'administrator')
    const { document, version } = await ingo.api.readPolicy({ params: { kind: 'item_classes' } })
    const { classes } = document as { classes: { attributes: { key: string }[] }[] }
    const own = classes.map((one) => ({
      ...one,
      attributes: one.attributes.map((a) => (a.key === 'asset_tag' ? { ...a, unique: true } : a)),
    }))
    await ingo.api.publishPolicy({
      params: { kind: 'item_classes' },
      body: { document: { classes: own }, note: 'One tag, one item', basedOn: version },
    })
  })

  test('makes it true in one go, through the same sayings, and closes it', async () => {
    const { group, nodes, members } = await cluster(3, 2)
    const id = await branch(
      'Swap',
      [
        { kind: 'move', itemId: nodes[0] ?? '', action: 'retire' },
        { kind: 'unrelate', relationId: members[0] ?? '' },
        { kind: 'quorum', itemId: group, need: { count: 1 } },
        { kind: 'edit', itemId: nodes[1] ?? '', values: { os: 'North OS' } },
      ],
      [sunday, later],
      cara,
    )
    const { itemId } = await cara.api.addBranchStep({
      params: { id },
      body: { kind: 'make', class: 'server', name: 'db-swap', values: {}, state: 'in_use' },
    })
    await cara.api.addBranchStep({
      params: { id },
      body: { kind: 'relate', fromId: itemId, type: 'member_of', toId: group },
    })
    const { version } = await cara.api.readBranch({ params: { id } })
    const tried = await cara.api.applyBranch({ params: { id }, version, body: { dryRun: true } })
    expect(tried).toMatchObject({ applied: false, refused: [] })
    await expect(chris.api.applyBranch({ params: { id }, version, body: {} })).rejects.toMatchObject({
      body: { code: 'forbidden' },
    })
    expect((await cara.api.readItem({ params: { id: group } })).quorum).toMatchObject({ need: 2, size: 3 })
    await cara.api.applyBranch({ params: { id }, version, body: {} })
    const page = await cara.api.readItem({ params: { id: group } })
    expect(page.quorum).toMatchObject({ need: 1, size: 3 })
    expect(page.relations.map(({ item }) => item.name)).toContain('db-swap')
    expect((await cara.api.readItem({ params: { id: nodes[0] ?? '' } })).state).toBe('retired')
    expect(await cara.api.readBranch({ params: { id } })).toMatchObject({ state: 'applied', mayPlan: false })
    await expect(cara.api.addBranchStep({ params: { id }, body: down(nodes[1]) })).rejects.toMatchObject({
      body: { code: 'not_allowed_here' },
    })
  })

  test.each(['make', 'edit'] as const)(
    'refuses to %s what takes a name that is another item’s by now, as by hand',
    async (kind) => {
      const { nodes } = await cluster(1, 1)
      const tag = `TAG-${kind}`
      const values = { asset_tag: tag }
      const id = await branch(
        `Tag ${kind}`,
        [
          kind === 'make'
            ? { kind, class: 'server', name: 'db-tagged', values, state: 'in_use' }
            : { kind, itemId: nodes[0] ?? '', values },
        ],
        [sunday, later],
        cara,
      )
      await make('server', `db-first ${kind}`, values)
      const { version, steps } = await cara.api.readBranch({ params: { id } })
      const tried = await cara.api.applyBranch({ params: { id }, version, body: { dryRun: true } })
      expect(tried.refused).toEqual([
        { stepId: steps[0]?.id, sentence: `Asset tag ${tag} is taken by another item` },
      ])
      await expect(cara.api.applyBranch({ params: { id }, version, body: {} })).rejects.toMatchObject({
        body: { reasons: [{ field: `steps.${steps[0]?.id}` }] },
      })
    },
  )

  test('changes nothing when one step is refused, and names it', async () => {
    const { group, nodes } = await cluster(2, 1)
    const id = await branch(
      'Half',
      [
        { kind: 'quorum', itemId: group, need: { count: 2 } },
        { kind: 'move', itemId: group, action: 'retire' },
      ],
      [sunday, later],
      cara,
    )
    const { version, steps } = await cara.api.readBranch({ params: { id } })
    const tried = await cara.api.applyBranch({ params: { id }, version, body: { dryRun: true } })
    expect(tried.refused).toEqual([{ stepId: steps[1]?.id, sentence: '1 item in use needs it' }])
    await expect(cara.api.applyBranch({ params: { id }, version, body: {} })).rejects.toMatchObject({
      body: { reasons: [{ field: `steps.${steps[1]?.id}` }] },
    })
    expect((await cara.api.readItem({ params: { id: group } })).quorum).toMatchObject({ need: 1 })
    expect(await cara.api.readBranch({ params: { id } })).toMatchObject({ state: 'open' })
    expect(nodes).toHaveLength(2)
  })
})
