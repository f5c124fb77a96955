import { RoutingPolicy } from '@evenkeel/contract/policy'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { behind } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { impactReaction } from './incident.impact.reaction.ts'

let world: World
let cast: Cast
let cara: TestPerson
let ada: TestPerson
/** Online bank (criticality 1, Network) runs on cards, cards on db-7. Badge printing (criticality 4, Mail) uses printer-3. */
let made: Readonly<Record<'bank' | 'badges' | 'cards' | 'db' | 'printer' | 'laptop', string>>

const make = async (klass: string, name: string, values: Record<string, string> = {}): Promise<string> =>
  (await cara.api.createItem({ body: { class: klass, name, values } })).id
const relate = (id: string, toId: string) =>
  cara.api.relateItem({ params: { id }, body: { type: 'runs_on', toId } })

beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
  cara = await cast.tenant.person('Cara', 'configuration_manager')
  ada = await cast.tenant.person('Ada', 'administrator')
  made = {
    bank: await make('business_service', 'Online bank', { criticality: '1', support_team: cast.networkId }),
    badges: await make('business_service', 'Badge printing', { criticality: '4', support_team: cast.mailId }),
    cards: await make('application', 'Cards'),
    db: await make('server', 'db-7'),
    printer: await make('server', 'printer-3'),
    laptop: await make('server', 'Laptop of Rita', { owner: cast.rita.id, serial: 'C02XG' }),
  }
  await relate(made.bank, made.cards)
  await relate(made.cards, made.db)
  await relate(made.badges, made.printer)
})
afterAll(() => world.end())

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

const over: string[] = []
/** Incidents of a test are over before the next, so that none makes another heavier. */
const raise = async (...given: Parameters<Cast['raise']>): Promise<string> => {
  const { id } = await cast.raise(...given)
  over.push(id)
  return id
}
beforeEach(async () => {
  for (const id of over.splice(0)) await cast.move(ada, id, { action: 'cancel', reason: 'raised_in_error' })
})

describe('an incident that names items while it is raised', () => {
  test('has their impact from its first moment, and says how it came to it', async () => {
    const id = await raise(cast.lena, { urgency: 1, items: [{ id: made.db, effect: 'down' }] })
    const view = await cast.read(id)
    expect(view).toMatchObject({
      impact: 1,
      priority: 1,
      computedPriority: 1,
      version: 1,
      items: [{ id: made.db, name: 'db-7', effect: 'down', health: 'down' }],
      impactComputed: { level: 1, sentences: ['Online bank (criticality 1) is down'] },
    })
    const told = (await cast.timeline(id)).map(({ sentence }) => sentence)
    expect(told).toContain('Takes down: db-7.')
    expect(told).toContain('Impact rose to high by itself: Online bank (criticality 1) is down.')
    // What the worker weighs afterwards is the same: nothing is said twice.
    await weigh()
    expect((await cast.timeline(id)).map(({ sentence }) => sentence)).toEqual(told)
    expect((await cast.read(id)).version).toBe(1)
  })

  test('is weighed before it is raised, with the same words', async () => {
    const weighed = await cast.lena.api.weighIncident({
      body: { items: [{ id: made.db, effect: 'down' }], urgency: 1 },
    })
    expect(weighed).toEqual({
      computed: 1,
      sentences: ['Online bank (criticality 1) is down'],
      impact: 1,
      priority: 1,
    })
    const involved = await cast.lena.api.weighIncident({
      body: { items: [{ id: made.db, effect: 'involved' }], impact: 2, urgency: 3 },
    })
    expect(involved).toMatchObject({ computed: 3, sentences: [], impact: 2 })
  })

  test('keeps what was said when the items make less of it', async () => {
    const id = await raise(cast.lena, { impact: 1, items: [{ id: made.printer, effect: 'degraded' }] })
    expect(await cast.read(id)).toMatchObject({ impact: 1, impactComputed: null })
  })

  test('names no item that is not there, and then is not raised', async () => {
    const before = (await cast.lena.api.countIncidents({ query: {} })).count
    const gone = '01900000-0000-7000-8000-000000000000'
    const asked = cast.lena.api.raiseIncident({ body: { title: 'x', items: [{ id: gone, effect: 'down' }] } })
    expect(await refusalOf(asked)).toContain('invalid')
    expect((await cast.lena.api.countIncidents({ query: {} })).count).toBe(before)
  })
})

describe('who asks for help', () => {
  test('is offered what belongs to them, and may name it', async () => {
    expect(await cast.rita.api.listMyDevices({})).toEqual({
      rows: [{ id: made.laptop, name: 'Laptop of Rita', classLabel: 'Server', label: 'C02XG' }],
    })
    expect(await cast.otto.api.listMyDevices({})).toEqual({ rows: [] })
    const id = await raise(cast.rita, { items: [{ id: made.laptop, effect: 'involved' }] })
    expect((await cast.read(id)).items).toMatchObject([{ id: made.laptop, effect: 'involved' }])
    // The team sees it; the caller sees no items, not even there.
    expect((await cast.read(id, cast.rita)).items).toEqual([])
  })

  test("names nobody else's, learns nothing of it, and does not say what became of their own", async () => {
    const naming = (by: TestPerson, itemId: string, effect: 'down' | 'involved') =>
      refusalOf(by.api.raiseIncident({ body: { title: 'Broken', items: [{ id: itemId, effect }] } }))
    expect(await naming(cast.rita, made.db, 'involved')).toContain('invalid')
    expect(await naming(cast.otto, made.laptop, 'involved')).toContain('invalid')
    expect(await naming(cast.rita, made.laptop, 'down')).toContain('forbidden')
    const asked = cast.rita.api.weighIncident({ body: { items: [{ id: made.laptop, effect: 'down' }] } })
    expect(await refusalOf(asked)).toContain('forbidden')
  })
})

describe('lists', () => {
  const found = async (q: string, by: TestPerson = cast.lena): Promise<readonly string[]> =>
    (await by.api.listIncidents({ query: { q } })).rows.map(({ id }) => id).toSorted()

  test('find what names an item, what stands on it, and the same by text and as JSON', async () => {
    const onCards = await raise(cast.lena, { items: [{ id: made.cards, effect: 'down' }] })
    const onBank = await raise(cast.lena, { serviceId: made.bank })
    const onDb = await raise(cast.lena, { items: [{ id: made.db, effect: 'involved' }] })
    const other = await raise(cast.lena, { items: [{ id: made.printer, effect: 'down' }] })
    const open = 'open:true'
    expect(await found(`${open} item:"db-7"`)).toEqual([onDb])
    expect(await found(`${open} item:cards`)).toEqual([onCards])
    expect(await found(`${open} stands_on:"db-7"`)).toEqual([onCards, onBank, onDb].toSorted())
    expect(await found(`${open} stands_on:cards`)).toEqual([onCards, onBank].toSorted())
    expect(await found(`${open} -stands_on:"db-7" item:set`)).toEqual([other])
    const read = await cast.lena.api.readIncidentFilter({ query: { q: 'item:"db-7"' } })
    expect(read).toMatchObject({
      filter: { field: 'item', value: made.db },
      names: [{ id: made.db, name: 'db-7' }],
    })
    const back = await cast.lena.api.readIncidentFilter({ query: { filter: JSON.stringify(read.filter) } })
    expect(back.text).toBe(read.text)
  })

  test('say nothing of items that the reader does not see', async () => {
    const mine = await make('server', 'net-1', { support_team: cast.networkId })
    const ida = await cast.personWith('Ida', {
      'incident.read': 'all',
      'incident.read_internal': 'all',
      'item.read': 'own',
    })
    await cara.api.editItem({ params: { id: mine }, body: { values: { owner: ida.id } }, version: 1 })
    const both = await raise(cast.lena, {
      items: [
        { id: mine, effect: 'involved' },
        { id: made.db, effect: 'involved' },
      ],
    })
    const hidden = await raise(cast.lena, { items: [{ id: made.db, effect: 'involved' }] })
    expect(await found('open:true item:net-1', ida)).toEqual([both])
    const json = JSON.stringify({
      all: [
        { field: 'open', op: '=', value: true },
        { field: 'item', op: '=', value: made.db },
      ],
    })
    expect((await ida.api.listIncidents({ query: { filter: json } })).rows).toEqual([])
    expect(
      (await cast.lena.api.listIncidents({ query: { filter: json } })).rows.map(({ id }) => id).toSorted(),
    ).toEqual([both, hidden].toSorted())
    expect(await found('open:true item:empty', ida)).toContain(hidden)
    expect(await refusalOf(found('stands_on:net-1', ida))).toBe('unknown_field')
    expect(await refusalOf(found('item:net-1', cast.rita))).toBe('unknown_field')
  })
})

describe('routing', () => {
  test('sends what names no service to whoever supports what stands on it, and says why', async () => {
    const id = await raise(cast.lena, { items: [{ id: made.db, effect: 'down' }] })
    expect(await cast.read(id)).toMatchObject({
      team: { id: cast.networkId },
      routing: {
        rule: 'items',
        sentence: 'This team supports Online bank, which stands on what it happens to.',
      },
    })
    const printing = await raise(cast.lena, { items: [{ id: made.printer, effect: 'involved' }] })
    expect(await cast.read(printing)).toMatchObject({ team: { id: cast.mailId } })
    const service = await raise(cast.lena, {
      serviceId: made.badges,
      items: [{ id: made.db, effect: 'down' }],
    })
    expect(await cast.read(service)).toMatchObject({
      team: { id: cast.mailId },
      routing: { rule: 'service' },
    })
    const nobody = await make('server', 'lone-1', { support_team: cast.mailId })
    const lone = await raise(cast.lena, { items: [{ id: nobody, effect: 'down' }] })
    expect(await cast.read(lone)).toMatchObject({
      team: { id: cast.mailId },
      routing: { sentence: 'This team supports what it happens to.' },
    })
  })

  test('has rules about what is affected, and tries them on what was known then', async () => {
    const before = await raise(cast.lena, { items: [{ id: made.db, effect: 'down' }] })
    const { document, version } = await policyNow()
    const rule = (id: string, text: unknown, teamId: string) => ({
      id,
      name: id,
      when: text,
      teamId,
      pick: 'none' as const,
    })
    const next = {
      ...document,
      rules: [
        rule('critical', { field: 'criticality', op: '<=', value: 1 }, cast.mailId),
        rule('badges', { field: 'affects', op: '=', value: made.badges }, cast.networkId),
        rule('servers', { field: 'item_class', op: 'matches', value: 'hardware' }, cast.mailId),
      ],
    }
    const preview = await ada.api.previewPolicy({
      params: { kind: 'routing' },
      body: { document: next, last: 100 },
    })
    expect(preview.examples).toContainEqual(
      expect.objectContaining({ id: before, before: 'Network', after: expect.stringContaining('Mail') }),
    )
    await ada.api.publishPolicy({
      params: { kind: 'routing' },
      body: { document: next, note: 'by what is affected', basedOn: version },
    })
    const routedTo = async (...given: Parameters<Cast['raise']>) =>
      (await cast.read(await raise(...given))).routing?.rule
    expect(await routedTo(cast.lena, { items: [{ id: made.db, effect: 'involved' }] })).toBe('rule:critical')
    expect(await routedTo(cast.lena, { serviceId: made.bank })).toBe('rule:critical')
    expect(await routedTo(cast.lena, { items: [{ id: made.printer, effect: 'down' }] })).toBe('rule:badges')
    expect(await routedTo(cast.rita, { items: [{ id: made.laptop, effect: 'involved' }] })).toBe(
      'rule:servers',
    )
  })
})

const policyNow = async () => {
  const { document, version } = await ada.api.readPolicy({ params: { kind: 'routing' }, query: {} })
  return { document: RoutingPolicy.parse(document), version }
}
