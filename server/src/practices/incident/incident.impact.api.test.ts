import type { ItemEffect } from '@evenkeel/contract/record-item'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { behind } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { impactReaction } from './incident.impact.reaction.ts'

let world: World
let cast: Cast
let cara: TestPerson
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
  cara = await cast.tenant.person('Cara', 'configuration_manager')
})
afterAll(() => world.end())

/** Lets the worker weigh what was written. */
const weigh = async (): Promise<void> => {
  const runner = reactionRunner(impactReaction, {
    database: world.database,
    now: world.clock.now,
    onSetAside: (_, __, error) => expect.fail(String(error)),
  })
  do {
    while (await runner.run());
  } while ((await behind(world.database, cast.tenant.id, [impactReaction.name])) > 0)
}

const make = async (
  klass: string,
  name: string,
  values: Record<string, string | number> = {},
): Promise<string> => (await cara.api.createItem({ body: { class: klass, name, values } })).id
const relate = (id: string, type: 'depends_on' | 'member_of', toId: string) =>
  cara.api.relateItem({ params: { id }, body: { type, toId } })
const service = (name: string, criticality: '1' | '2' | '3' | '4') =>
  make('business_service', name, { criticality, support_team: cast.tenant.deskId })

const says = (id: string, itemId: string, effect: ItemEffect = 'down') =>
  cast.lena.api.nameIncidentItem({ params: { id, itemId }, body: { effect } })
const look = (id: string, as: TestPerson = cast.lena) => as.api.readIncident({ params: { id } })
const told = async (id: string): Promise<(string | null)[]> =>
  (await cast.lena.api.incidentTimeline({ params: { id }, query: {} })).items
    .filter(({ type }) => type.startsWith('incident.impact') || type.startsWith('incident.item'))
    .map(({ sentence }) => sentence)

describe('what an incident does to items makes its impact', () => {
  test('a database that is down takes down the bank: impact rises by itself, priority with it, and the sentence says why', async () => {
    const bank = await service('Online bank', '1')
    const database = await make('database', 'Accounts')
    await relate(bank, 'depends_on', database)
    const { id } = await cast.raise(cast.rita, { impact: 3, urgency: 1 })
    const before = await look(id)
    await says(id, database)
    await weigh()
    const after = await look(id)
    expect([before.impact, after.impact]).toEqual([3, 1])
    expect([before.priority, after.priority]).toEqual([3, 1])
    expect(after.impactComputed).toEqual({
      level: 1,
      sentences: ['Online bank (criticality 1) is down'],
    })
    expect(after.items).toMatchObject([{ name: 'Accounts', effect: 'down', health: 'down' }])
    expect(await told(id)).toEqual([
      'Takes down: Accounts.',
      'Impact rose to high by itself: Online bank (criticality 1) is down.',
    ])
    // The map says so too, for everybody who looks at the service.
    const page = await cara.api.readItem({ params: { id: bank }, query: {} })
    expect(page.health).toMatchObject({ now: 'down', own: 'up' })
    const { number } = after
    // Who may read items and no incidents sees that it is down.
    const ida = await cast.personWith('Ida', { 'item.read': 'all' })
    const below = await ida.api.readItem({ params: { id: database }, query: {} })
    expect(below.health).toMatchObject({ now: 'down', own: 'down', sentence: number })
    expect(below.openRecords).toEqual([])
    const seen = await cast.lena.api.readItem({ params: { id: database }, query: {} })
    expect(seen.openRecords).toMatchObject([{ id, number, state: 'New', priority: 1 }])
  })

  test('when it is over, the items are well again', async () => {
    const app = await make('application', 'Cards')
    const { id } = await cast.raise(cast.rita, {})
    await says(id, app)
    expect((await cara.api.readItem({ params: { id: app }, query: {} })).health.now).toBe('down')
    await cast.lena.api.moveIncident({
      params: { id },
      version: (await look(id)).version,
      body: { action: 'cancel', reason: 'raised_in_error' },
    })
    expect((await cara.api.readItem({ params: { id: app }, query: {} })).health.now).toBe('up')
  })

  test('one of two nodes makes nothing; the second incident on the other node raises both', async () => {
    const desk = await service('Ward desk', '2')
    const cluster = await make('group', 'Ward nodes', { members_needed: 1 })
    const nodes = [await make('server', 'ward-1'), await make('server', 'ward-2')] as const
    await relate(desk, 'depends_on', cluster)
    for (const node of nodes) await relate(node, 'member_of', cluster)
    const first = await cast.raise(cast.rita, {})
    await says(first.id, nodes[0])
    await weigh()
    expect((await look(first.id)).impact).toBe(3)
    const second = await cast.raise(cast.rita, {})
    await says(second.id, nodes[1])
    await weigh()
    expect((await look(second.id)).impact).toBe(1)
    expect((await look(first.id)).impact).toBe(1)
  })

  test('a service that another incident took down does not make this one heavier', async () => {
    const mail = await service('Mail', '1')
    const [store, spam] = [await make('server', 'mail-store'), await make('server', 'mail-spam')]
    await relate(mail, 'depends_on', store)
    const big = await cast.raise(cast.rita, {})
    await says(big.id, store)
    const small = await cast.raise(cast.rita, {})
    await says(small.id, spam)
    await weigh()
    expect((await look(big.id)).impact).toBe(1)
    expect((await look(small.id)).impact).toBe(3)
  })

  test('what is not followed any further is said: before it is raised, in the incident and in its history', async () => {
    const far = await service('Far above', '1')
    const disk = await make('server', 'far-below')
    let top = disk
    for (let at = 1; at <= 21; at += 1) {
      const next = await make('application', `far-${at}`)
      await relate(next, 'depends_on', top)
      top = next
    }
    await relate(far, 'depends_on', top)
    const sentence = 'what is not well was followed over 20 relations, and no further'
    const draft = { serviceId: null, impact: 3, urgency: 3 } as const
    expect(
      await cast.lena.api.weighIncident({ body: { ...draft, items: [{ id: disk, effect: 'down' }] } }),
    ).toMatchObject({ computed: 3, sentences: [sentence] })
    const { id } = await cast.raise(cast.rita, {})
    await says(id, disk)
    await weigh()
    expect(await look(id)).toMatchObject({
      impact: 3,
      impactComputed: { level: 3, sentences: [sentence] },
    })
    const { health } = await cara.api.readItem({ params: { id: far }, query: {} })
    expect(health).toMatchObject({ now: 'up', sentence })
  })

  test('an item that is only involved weighs nothing', async () => {
    const intranet = await service('Intranet', '1')
    const { id } = await cast.raise(cast.rita, {})
    await says(id, intranet, 'involved')
    await weigh()
    expect(await look(id)).toMatchObject({ impact: 3, items: [{ effect: 'involved', health: 'up' }] })
  })

  test('what gets better lowers nothing by itself: what is computed stands beside what is in force', async () => {
    const till = await service('Till', '1')
    const { id } = await cast.raise(cast.rita, {})
    await says(id, till)
    await weigh()
    await says(id, till, 'degraded')
    await weigh()
    const { impact, impactComputed } = await look(id)
    expect([impact, impactComputed?.level]).toEqual([1, 2])
    expect((await told(id)).at(-1)).toBe(
      'Its items and people now make medium impact; the impact stays as it is: Till (criticality 1) is degraded.',
    )
  })

  test('a person has the last word, until things get worse', async () => {
    const store = await service('Store', '1')
    const { id } = await cast.raise(cast.rita, {})
    await says(id, store, 'degraded')
    await weigh()
    const { version, impact } = await look(id)
    expect(impact).toBe(2)
    await cast.lena.api.editIncident({ params: { id }, version, body: { impact: 3 } })
    await cara.api.sayItemHealth({ params: { id: store }, body: { health: 'degraded', reason: 'slow' } })
    await weigh()
    expect((await look(id)).impact).toBe(3)
    await says(id, store, 'down')
    await weigh()
    expect((await look(id)).impact).toBe(1)
  })

  test('a change of the model weighs open incidents again', async () => {
    const [shop, disk] = [await service('Shop', '2'), await make('server', 'disk-7')]
    const { id } = await cast.raise(cast.rita, {})
    await says(id, disk)
    await weigh()
    expect((await look(id)).impact).toBe(3)
    await relate(shop, 'depends_on', disk)
    await weigh()
    expect((await look(id)).impact).toBe(1)
  })
})

test('impact rises with the people it happens to', async () => {
  const { id } = await cast.raise(cast.rita, {})
  for (let more = 0; more < 3; more += 1) {
    const { id: personId } = await cast.tenant.person(`Affected ${more}`, 'requester')
    await cast.lena.api.addAffected({ params: { id }, body: { personId } })
  }
  await weigh()
  expect((await look(id)).impact).toBe(3)
  const { id: personId } = await cast.tenant.person('The fifth', 'requester')
  await cast.lena.api.addAffected({ params: { id }, body: { personId } })
  await weigh()
  expect(await look(id)).toMatchObject({
    impact: 2,
    impactComputed: { level: 2, sentences: ['it happens to 5 people'] },
  })
})

test('a priority that somebody set stays when impact rises, with the computed one beside it', async () => {
  const phones = await service('Phones', '1')
  const { id } = await cast.raise(cast.rita, { urgency: 1 })
  await cast.lena.api.overrideIncidentPriority({
    params: { id },
    version: (await look(id)).version,
    body: { priority: 5, reason: 'agreed with the hospital' },
  })
  await says(id, phones)
  await weigh()
  expect(await look(id)).toMatchObject({ impact: 1, priority: 5, computedPriority: 1 })
})

describe('who may say it', () => {
  test('the caller sees neither items nor what was computed', async () => {
    const lab = await service('Lab', '1')
    const { id } = await cast.raise(cast.rita, {})
    await says(id, lab)
    await weigh()
    expect(await look(id, cast.rita)).toMatchObject({ items: [], impactComputed: null, impact: 1 })
    expect(JSON.stringify(await cast.rita.api.incidentTimeline({ params: { id }, query: {} }))).not.toContain(
      'Lab',
    )
  })

  test('an item that is not there is refused, and nothing changes', async () => {
    const { id } = await cast.raise(cast.rita, {})
    expect(await refusalOf(says(id, '01900000-0000-7000-8000-000000000000'))).toContain('invalid')
    expect((await look(id)).items).toEqual([])
  })

  test('the caller may not name items', async () => {
    const app = await make('application', 'Radiology')
    const { id } = await cast.raise(cast.rita, {})
    const asked = cast.rita.api.nameIncidentItem({ params: { id, itemId: app }, body: { effect: 'down' } })
    expect(await refusalOf(asked)).toContain('forbidden')
  })

  test('said twice counts once, and dropped it is gone', async () => {
    const app = await make('application', 'Pharmacy')
    const { id } = await cast.raise(cast.rita, {})
    await says(id, app)
    const { version } = await look(id)
    await says(id, app)
    expect((await look(id)).version).toBe(version)
    await cast.lena.api.dropIncidentItem({ params: { id, itemId: app } })
    expect((await look(id)).items).toEqual([])
    expect(await told(id)).toEqual(['Takes down: Pharmacy.', 'Has nothing to do with Pharmacy after all.'])
  })
})
