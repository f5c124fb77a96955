import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let cara: TestPerson
let amir: TestPerson
let rita: TestPerson
let olga: TestPerson

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('harbor')
  cara = await tenant.person('Cara', 'configuration_manager')
  amir = await tenant.person('Amir', 'agent')
  rita = await tenant.person('Rita', 'requester')
  olga = await tenant.person('Olga', 'auditor')
})
afterAll(() => world.end())

const make = async (
  klass: string,
  name: string,
  values: Record<string, string | number | boolean> = {},
): Promise<string> => (await cara.api.createItem({ body: { class: klass, name, values } })).id

const service = (name: string, values: Record<string, string | number | boolean> = {}): Promise<string> =>
  make('business_service', name, { criticality: '1', support_team: tenant.deskId, ...values })

const relate = async (id: string, type: 'runs_on' | 'depends_on' | 'member_of', toId: string) =>
  (await cara.api.relateItem({ params: { id }, body: { type, toId } })).id

describe('from an item to what stands on it', () => {
  test('a service runs on an application on two of three nodes: one may fail, two may not', async () => {
    const billing = await service('Billing', { users_served: 400 })
    const app = await make('application', 'Ledger')
    const cluster = await make('group', 'Database nodes', { members_needed: 2 })
    const nodes = [await make('server', 'db-1'), await make('server', 'db-2'), await make('server', 'db-3')]
    await relate(billing, 'depends_on', app)
    await relate(app, 'depends_on', cluster)
    for (const node of nodes) await relate(node, 'member_of', cluster)

    const one = await amir.api.readBlastRadius({ body: { itemIds: nodes.slice(0, 1) } })
    expect(one.services).toEqual([])
    expect(
      one.atRisk.map(({ item, quorum }) => [item.name, quorum.alive, quorum.need, quorum.spare]),
    ).toEqual([['Database nodes', 2, 2, 0]])

    const two = await amir.api.readBlastRadius({ body: { itemIds: nodes.slice(0, 2) } })
    expect(
      two.services.map(({ item, criticality, usersServed }) => [item.name, criticality, usersServed]),
    ).toEqual([['Billing', 1, 400]])
    expect(two.usersServed).toBe(400)
    expect(two.services[0]?.path.map(({ item }) => item?.name)).toEqual([
      'db-1',
      'Database nodes',
      'Ledger',
      'Billing',
    ])
    expect(two.services[0]?.sentence).toBe(
      'Billing depends on Ledger, Ledger depends on Database nodes, Database nodes has as a member db-1',
    )
    expect(two.sentence).toBe('1 service is affected, 1 of them down; 2 other items')
    expect(two.cut).toBeNull()

    const near = await amir.api.readBlastRadius({ body: { itemIds: nodes.slice(0, 2), maxHops: 1 } })
    expect(near.cut).toMatchObject({ by: 'depth', at: 1 })

    const page = await amir.api.readItem({ params: { id: cluster } })
    expect(page.quorum).toMatchObject({ need: 2, size: 3, alive: 3, spare: 1, assumed: false })
    expect(page.relations.map(({ words, side, item }) => [words, side, item.name])).toEqual([
      ['supports', 'above', 'Ledger'],
      ['has as a member', 'below', 'db-1'],
      ['has as a member', 'below', 'db-2'],
      ['has as a member', 'below', 'db-3'],
    ])

    const map = await amir.api.readItemMap({ query: { items: billing, hops: 2, direction: 'below' } })
    expect(map.items.map(({ name, hops, more }) => [name, hops, more])).toEqual([
      ['Billing', 0, false],
      ['Ledger', 1, false],
      ['Database nodes', 2, true],
    ])
    expect(map.cut).toMatchObject({ by: 'depth', at: 2 })
  })

  test('health that was said of an item is seen in everything above it, with the reason, and ends by itself', async () => {
    const mail = await service('Mail')
    const server = await make('server', 'mx-1')
    await relate(mail, 'runs_on', server)
    await cara.api.sayItemHealth({
      params: { id: server },
      body: { health: 'down', reason: 'power supply', until: '2026-03-02T11:00:00Z' },
    })
    const down = await amir.api.readItem({ params: { id: mail } })
    expect(down.health).toEqual({
      now: 'down',
      own: 'up',
      sentence: 'runs on mx-1, which is down',
      until: '2026-03-02T11:00:00.000Z',
    })
    const listed = await amir.api.listItems({ query: { q: 'name:"mx-1"' } })
    expect(listed.rows.map(({ health }) => health)).toEqual([
      { now: 'down', own: 'down', sentence: 'power supply', until: '2026-03-02T11:00:00.000Z' },
    ])
    world.clock.set('2026-03-02T11:00:00.000Z')
    expect((await amir.api.readItem({ params: { id: mail } })).health.now).toBe('up')
    const then = await amir.api.readItem({ params: { id: mail }, query: { validAt: '2026-03-02T10:00:00Z' } })
    expect(then.health.now).toBe('down')
  })

  test('a service is an item under the same id, whichever way it was made', async () => {
    const network = await tenant.service('Wireless', tenant.deskId)
    expect(await amir.api.readItem({ params: { id: network } })).toMatchObject({
      name: 'Wireless',
      class: 'business_service',
      isService: true,
    })
    const archive = await service('Archive')
    const { rows } = await rita.api.listServices()
    expect(rows.map(({ id, name, criticality }) => [id, name, criticality])).toContainEqual([
      archive,
      'Archive',
      1,
    ])
    await cara.api.editService({
      params: { id: archive },
      body: { criticality: 4, isActive: false },
      version: 1,
    })
    expect(await amir.api.readItem({ params: { id: archive } })).toMatchObject({
      state: 'retired',
      version: 2,
    })
    await expect(service('archive')).rejects.toMatchObject({ body: { code: 'already_exists' } })
    await expect(make('technical_service', 'Backup', { criticality: '2' })).rejects.toMatchObject({
      body: { code: 'invalid' },
    })
  })
})

describe('what is known when', () => {
  test('a late discovery leaves the answer of yesterday as it was', async () => {
    world.clock.set('2026-03-10T09:00:00.000Z')
    const id = await make('server', 'app-7', { os: 'Debian 12', serial: 'S-1' })
    world.clock.set('2026-03-11T09:00:00.000Z')
    const yesterday = world.clock.now()
    const before = await amir.api.readItem({ params: { id } })
    world.clock.set('2026-03-12T09:00:00.000Z')
    // It was upgraded on the 10th at noon; we hear of it on the 12th.
    await cara.api.editItem({
      params: { id },
      body: { values: { os: 'Debian 13' }, validFrom: '2026-03-10T12:00:00Z' },
      version: 1,
    })
    const os = async (validAt: string, knownAt: string) =>
      (await amir.api.readItem({ params: { id }, query: { validAt, knownAt } })).attributes.find(
        ({ key }) => key === 'os',
      )?.value?.text
    expect(await os(yesterday, yesterday)).toBe('Debian 12')
    expect(await os(yesterday, world.clock.now())).toBe('Debian 13')
    expect(await os('2026-03-10T10:00:00Z', world.clock.now())).toBe('Debian 12')
    expect(await os(world.clock.now(), yesterday)).toBe('Debian 12')
    const again = await amir.api.readItem({
      params: { id },
      query: { validAt: yesterday, knownAt: yesterday },
    })
    expect(again.attributes).toEqual(before.attributes)
    const { facts } = await amir.api.readItemHistory({ params: { id } })
    expect(facts.map(({ validFrom, validTo, knownTo }) => [validFrom, validTo, knownTo])).toEqual([
      ['2026-03-10T12:00:00.000Z', null, null],
      ['2026-03-10T09:00:00.000Z', '2026-03-10T12:00:00.000Z', null],
      ['2026-03-10T09:00:00.000Z', null, '2026-03-12T09:00:00.000Z'],
    ])
  })

  test('a relation that ended is part of the blast radius of its time, not of later', async () => {
    world.clock.set('2026-03-20T09:00:00.000Z')
    const portal = await service('Portal')
    const host = await make('server', 'web-1')
    const relationId = await relate(portal, 'runs_on', host)
    world.clock.set('2026-03-21T09:00:00.000Z')
    await cara.api.endItemRelation({ params: { id: portal, relationId }, body: {} })
    const affected = async (query: { validAt?: string; knownAt?: string } = {}) =>
      (await amir.api.readBlastRadius({ body: { itemIds: [host], ...query } })).services.map(
        ({ item }) => item.name,
      )
    expect(await affected()).toEqual([])
    expect(await affected({ validAt: '2026-03-20T12:00:00Z' })).toEqual(['Portal'])
    world.clock.set('2026-03-22T09:00:00.000Z')
    // It had moved on the 20th at ten already.
    await cara.api.relateItem({ params: { id: portal }, body: { type: 'runs_on', toId: host } })
    expect(await affected()).toEqual(['Portal'])
    expect(await affected({ validAt: '2026-03-21T12:00:00Z' })).toEqual([])
    expect(await affected({ validAt: '2026-03-20T12:00:00Z', knownAt: '2026-03-20T12:00:00Z' })).toEqual([
      'Portal',
    ])
  })

  test('of two who change the same of the same version one is refused, with both values and who it was', async () => {
    const id = await make('server', 'twin')
    const edits = await Promise.allSettled(
      ['one', 'two'].map((hostname) =>
        cara.api.editItem({ params: { id }, body: { values: { hostname } }, version: 1 }),
      ),
    )
    expect(edits.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const [won, lost] = edits[0]?.status === 'fulfilled' ? ['one', 'two'] : ['two', 'one']
    expect(edits.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        body: {
          code: 'changed_meanwhile',
          reasons: [
            {
              field: 'values.hostname',
              message: `Cara set it to "${won}" in the meantime; you wanted "${lost}"`,
              theirs: won,
              yours: lost,
            },
          ],
        },
      },
    })
    expect(await amir.api.readItem({ params: { id } })).toMatchObject({ version: 2 })
  })

  test('of two who change different attributes both succeed; a name and a reference are conflicts in words', async () => {
    const id = await make('server', 'shared')
    const edit = (body: { name?: string; values?: Record<string, string | null> }, version = 1) =>
      cara.api.editItem({ params: { id }, body, version })
    expect(await edit({ values: { hostname: 'one' } })).toEqual({ id, version: 2 })
    expect(await edit({ values: { os: 'Debian' } })).toEqual({ id, version: 3 })
    expect(await edit({ values: { os: 'Debian' } })).toEqual({ id, version: 3 })
    await edit({ values: { owner: amir.id }, name: 'Shared' }, 3)
    await expect(edit({ values: { owner: cara.id }, name: 'Divided' })).rejects.toMatchObject({
      body: {
        reasons: [
          { field: 'values.owner', theirs: 'Amir', yours: 'Cara' },
          { field: 'name', theirs: 'Shared', yours: 'Divided' },
        ],
      },
    })
    // A move changes what it says, and nothing else.
    await cara.api.moveItem({ params: { id }, body: { action: 'retire' }, version: 4 })
    expect((await edit({ values: { hostname: 'two' } }, 4)).version).toBe(6)
    await expect(edit({ values: { hostname: 'three' } }, 99)).rejects.toMatchObject({
      body: { code: 'malformed' },
    })
  })

  test('what a source changed meanwhile is a conflict too, unless people are believed before it', async () => {
    const put = (os: string) =>
      cara.api.putItemsBySource({
        params: { source: 'scanner' },
        body: { items: [{ externalId: 'm-1', class: 'server', name: 'scanned', values: { os } }] },
      })
    const id = (await put('Debian 12')).outcomes[0]?.itemId ?? ''
    await put('Debian 13')
    await expect(
      cara.api.editItem({ params: { id }, body: { values: { os: 'Plan 9' } }, version: 1 }),
    ).rejects.toMatchObject({ body: { reasons: [{ theirs: 'Debian 13', yours: 'Plan 9' }] } })
    await cara.api.editItem({ params: { id }, body: { values: { os: 'Plan 9' } }, version: 2 })
    await put('Debian 14')
    const { version } = await cara.api.editItem({
      params: { id },
      body: { values: { os: 'Inferno' } },
      version: 3,
    })
    expect(version).toBe(5)
  })
})

describe('who sees what', () => {
  test('requesters have no items; agents read and change nothing', async () => {
    const id = await make('server', 'plain')
    await expect(rita.api.readItem({ params: { id } })).rejects.toMatchObject({ body: { code: 'forbidden' } })
    await expect(
      amir.api.editItem({ params: { id }, body: { name: 'mine' }, version: 1 }),
    ).rejects.toMatchObject({ body: { code: 'forbidden' } })
  })

  test('a restricted attribute is nowhere for those who may not see it: page, list, filter, sort, search, classes', async () => {
    const id = await cara.api.createItem({
      body: { class: 'server', name: 'dear', values: { cost: { amount: '12500.00', currency: 'EUR' } } },
    })
    const page = await amir.api.readItem({ params: { id: id.id } })
    expect(page.attributes.map(({ key }) => key)).not.toContain('cost')
    expect(JSON.stringify(page)).not.toContain('12500')
    expect(
      (await olga.api.readItem({ params: { id: id.id } })).attributes.find(({ key }) => key === 'cost')?.value
        ?.text,
    ).toBe('€12,500.00')
    const { classes } = await amir.api.listItemClasses()
    expect(classes.flatMap(({ attributes }) => attributes.map(({ key }) => key))).not.toContain('cost')
    for (const query of [{ q: 'attr.cost:set' }, { sort: 'attr.cost' }, { attributes: 'cost' }])
      await expect(amir.api.listItems({ query })).rejects.toMatchObject({ body: { code: 'unknown_field' } })
    for (const query of [{ q: 'attr.nothing:set' }, { sort: 'attr.nothing' }, { attributes: 'nothing' }])
      await expect(amir.api.listItems({ query })).rejects.toMatchObject({ body: { code: 'unknown_field' } })
    expect((await amir.api.listItems({ query: { q: '12500' } })).rows).toEqual([])
    expect(JSON.stringify(await amir.api.readItemHistory({ params: { id: id.id } }))).not.toContain('12500')
  })
})

describe('lists', () => {
  test('a class stands for the classes below it; attributes filter, sort, group and count', async () => {
    await make('medical_device', 'Ventilator 4', { life_support: true, serial: 'V-400' })
    await make('medical_device', 'Infusion pump 9', { life_support: false, serial: 'P-900' })
    const names = async (q: string, sort = 'name') =>
      (await amir.api.listItems({ query: { q, sort } })).rows.map(({ name }) => name)
    expect(await names('class:medical_device')).toEqual(['Infusion pump 9', 'Ventilator 4'])
    expect(await names('class:hardware attr.serial:V-400')).toEqual(['Ventilator 4'])
    expect(await names('attr.life_support:true')).toEqual(['Ventilator 4'])
    expect(await names('class:medical_device', '-attr.serial')).toEqual(['Ventilator 4', 'Infusion pump 9'])
    expect(await names('V-400')).toEqual(['Ventilator 4'])
    expect(await amir.api.countItems({ query: { q: 'class:medical_device' } })).toEqual({
      count: 2,
      capped: false,
    })
    const { groups } = await amir.api.groupItems({ query: { q: 'class:hardware', by: 'class' } })
    expect(groups.find(({ value }) => value === 'medical_device')).toMatchObject({
      count: 2,
      label: 'Medical device',
    })
    const { rows } = await amir.api.listItems({
      query: { q: 'class:medical_device', attributes: 'serial,life_support' },
    })
    expect(rows.map(({ attributes }) => attributes)).toEqual([
      { serial: 'P-900', life_support: 'no' },
      { serial: 'V-400', life_support: 'yes' },
    ])
  })
})

describe('by hand', () => {
  test('what an item lacks is said all at once, and what is required has to be given', async () => {
    await expect(
      cara.api.createItem({
        body: {
          class: 'medical_device',
          name: 'X',
          values: { fda_class: 'iv', nothing: 1, expires_on: '2026-02-31' },
        },
      }),
    ).rejects.toMatchObject({
      body: {
        code: 'invalid',
        reasons: [
          { field: 'values.fda_class' },
          { field: 'values.nothing' },
          { field: 'values.expires_on' },
          { field: 'values.life_support' },
        ],
      },
    })
    await expect(make('item', 'X')).rejects.toMatchObject({ body: { reasons: [{ field: 'class' }] } })
  })

  test('an item that something in use needs is not retired, and says so on the button too', async () => {
    const desk = await service('Desk')
    const host = await make('server', 'desk-1')
    await relate(desk, 'runs_on', host)
    await expect(
      cara.api.moveItem({ params: { id: host }, body: { action: 'retire' }, version: 1 }),
    ).rejects.toMatchObject({ body: { code: 'not_ready', reasons: [{ message: '1 item in use needs it' }] } })
    const { allowed } = await cara.api.readItem({ params: { id: host } })
    expect(allowed.find(({ action }) => action === 'retire')).toMatchObject({ ready: false })
    await cara.api.moveItem({ params: { id: desk }, body: { action: 'retire' }, version: 1 })
    await cara.api.moveItem({ params: { id: host }, body: { action: 'retire' }, version: 1 })
    await expect(
      cara.api.moveItem({ params: { id: host }, body: { action: 'order' }, version: 2 }),
    ).rejects.toMatchObject({
      body: {
        code: 'not_allowed_here',
        reasons: [{ message: 'retired does not allow this; it can be done from planned' }],
      },
    })
  })
})
