import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { itemsFollowPolicies } from './index.ts'
import { behind } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let cara: TestPerson
let ada: TestPerson
let amir: TestPerson

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('harbor')
  cara = await tenant.person('Cara', 'configuration_manager')
  ada = await tenant.person('Ada', 'administrator')
  amir = await tenant.person('Amir', 'agent')
})
afterAll(() => world.end())

type Item = { externalId: string; class: string; name: string; values?: Record<string, string | number> }
const server = (externalId: string, name: string, values: Record<string, string | number> = {}): Item => ({
  externalId,
  class: 'server',
  name,
  values,
})
const put = (
  source: string,
  items: Item[],
  more: { dryRun?: boolean; relations?: { type: 'runs_on'; from: string; to: string }[] } = {},
) => cara.api.putItemsBySource({ params: { source }, body: { items, ...more } })
const make = async (name: string, values: Record<string, string>) =>
  (await cara.api.createItem({ body: { class: 'server', name, values } })).id
const valueOf = async (id: string, key: string) =>
  (await amir.api.readItem({ params: { id } })).attributes.find((one) => one.key === key)

describe('what a source knows', () => {
  test('is recognized by serial number, made when it is new, and the same the second time', async () => {
    const mine = await make('alpha', { serial: 'A-1' })
    const first = await put('scan', [
      server('1', 'alpha.local', { serial: 'a-1', os: 'Debian' }),
      server('2', 'beta', { serial: 'B-1' }),
    ])
    expect(first.outcomes.map(({ outcome, by }) => [outcome, by])).toEqual([
      ['changed', ['serial']],
      ['created', []],
    ])
    expect(first.outcomes[0]?.itemId).toBe(mine)
    const page = await amir.api.readItem({ params: { id: mine } })
    // People are believed first; what only the scan says is the scan's.
    expect(page.name).toBe('alpha')
    expect(await valueOf(mine, 'os')).toMatchObject({ value: { source: 'scan', text: 'Debian' } })
    expect(
      (await put('scan', [server('1', 'alpha.local', { serial: 'a-1', os: 'Debian' })])).counts,
    ).toMatchObject({ same: 1 })
    expect(
      (await put('scan', [server('1', 'alpha.local', { serial: 'a-1', os: 'Debian 13' })])).counts,
    ).toMatchObject({ changed: 1 })
    expect(await valueOf(mine, 'os')).toMatchObject({ value: { text: 'Debian 13' } })
  })

  test('tried first changes nothing: no item, no entry, no identity', async () => {
    const count = async () => (await amir.api.countItems({ query: {} })).count
    const before = await count()
    const tried = await put('scan', [server('dry', 'dry', { serial: 'D-1' })], { dryRun: true })
    expect(tried).toMatchObject({ dryRun: true, counts: { created: 1 } })
    expect(await count()).toBe(before)
    expect((await put('scan', [server('dry', 'dry', { serial: 'D-1' })])).counts).toMatchObject({
      created: 1,
    })
  })

  test('that fits several waits for a person, who says which one it is', async () => {
    const one = await make('twin', { asset_tag: 'T-9' })
    const two = await make('twin b', { asset_tag: 'T-9' })
    const { outcomes } = await put('scan', [server('twin', 'twin', { asset_tag: 'T-9', os: 'BSD' })])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['conflict'])
    const { conflicts } = await cara.api.listItemConflicts()
    const [conflict] = conflicts
    expect(conflict?.candidates.map(({ id }) => id).toSorted()).toEqual([one, two].toSorted())
    expect(conflict?.sentence).toBe('several items agree by Asset tag')
    await cara.api.decideItemConflict({
      params: { id: conflict?.id ?? '' },
      body: { decision: 'same', itemId: two },
    })
    expect(await valueOf(two, 'os')).toMatchObject({ value: { source: 'scan', text: 'BSD' } })
    expect((await cara.api.listItemConflicts()).conflicts).toEqual([])
    expect(
      (await put('scan', [server('twin', 'twin', { asset_tag: 'T-9', os: 'BSD' })])).counts,
    ).toMatchObject({ same: 1 })
  })

  test('says what is wrong with each document, and takes the others', async () => {
    const { outcomes } = await put('scan', [
      server('w1', 'good', { serial: 'G-1' }),
      server('w2', 'bad', { memory: 'much' }),
      { externalId: 'w3', class: 'ghost', name: 'x' },
      server('w1', 'again'),
    ])
    expect(outcomes.map(({ outcome, reasons }) => [outcome, reasons.map(({ message }) => message)])).toEqual([
      ['created', []],
      ['refused', ['Memory takes a number']],
      ['refused', ['there is no class ghost']],
      ['refused', ['this id is there twice']],
    ])
  })

  test('relations come by its own ids, once', async () => {
    const items: Item[] = [
      server('r1', 'host-r', { serial: 'R-1' }),
      { externalId: 'r2', class: 'application', name: 'App R' },
    ]
    const relations = [
      { type: 'runs_on' as const, from: 'r2', to: 'r1' },
      { type: 'runs_on' as const, from: 'r2', to: 'nowhere' },
    ]
    expect((await put('scan', items, { relations })).relations).toEqual({ created: 1, same: 0, refused: 1 })
    expect((await put('scan', items, { relations })).relations).toEqual({ created: 0, same: 1, refused: 1 })
  })

  test('loses its turn when it falls silent, and what lost is shown with its time', async () => {
    await ada.api.publishPolicy({
      params: { kind: 'item_sources' },
      body: {
        document: {
          sources: [
            { name: 'monitor', label: 'Monitoring', staleAfterDays: 7 },
            { name: 'hand', label: 'By hand', staleAfterDays: null },
          ],
          identification: [{ class: 'item', by: [['serial']] }],
        },
        note: 'monitoring is believed for a week',
        basedOn: 0,
      },
    })
    const id = await make('gamma', { serial: 'C-1', os: 'by hand' })
    await put('monitor', [server('g', 'gamma', { serial: 'C-1', os: 'by monitoring' })])
    expect(await valueOf(id, 'os')).toMatchObject({
      value: { text: 'by monitoring' },
      others: [{ text: 'by hand', lostBy: 'precedence', source: 'hand' }],
    })
    world.clock.advance(8 * 86_400_000)
    expect(await valueOf(id, 'os')).toMatchObject({
      value: { text: 'by hand' },
      others: [{ text: 'by monitoring', lostBy: 'stale', source: 'monitor' }],
    })
  })
})

describe('one or two', () => {
  test('merged items are one from now on; before, as it was known then, they were two', async () => {
    const keep = await make('web', { hostname: 'web' })
    const gone = await make('web old', { serial: 'W-7', os: 'Debian' })
    const app = (await cara.api.createItem({ body: { class: 'application', name: 'Shop' } })).id
    await cara.api.relateItem({ params: { id: app }, body: { type: 'runs_on', toId: gone } })
    const before = world.clock.now()
    world.clock.advance(3_600_000)
    await cara.api.mergeItems({ params: { id: keep }, body: { fromId: gone }, version: 1 })
    const page = await amir.api.readItem({ params: { id: keep } })
    expect(page.name).toBe('web')
    expect(await valueOf(keep, 'serial')).toMatchObject({ value: { text: 'W-7' } })
    expect(page.relations.map(({ item }) => item.name)).toEqual(['Shop'])
    expect(await amir.api.readItem({ params: { id: gone } })).toMatchObject({
      mergedInto: { id: keep },
      relations: [],
      mayEdit: false,
    })
    expect((await amir.api.listItems({ query: { q: 'name:"web old"' } })).rows).toEqual([])
    await expect(
      cara.api.editItem({ params: { id: gone }, body: { name: 'x' }, version: 2 }),
    ).rejects.toMatchObject({
      body: { code: 'not_allowed_here' },
    })
    const then = { validAt: before, knownAt: before }
    const old = await amir.api.readItem({ params: { id: gone }, query: then })
    expect(old.attributes.find(({ key }) => key === 'serial')?.value?.text).toBe('W-7')
    expect(old.relations.map(({ item }) => item.name)).toEqual(['Shop'])
    expect(
      (await amir.api.readItem({ params: { id: keep }, query: then })).attributes.find(
        ({ key }) => key === 'serial',
      )?.value,
    ).toBeNull()
  })

  test('what a source said of an item is split off with its history and its identity', async () => {
    const id = await make('shared', { hostname: 'shared' })
    await put('scan', [server('split', 'shared', { serial: 'X-1' })])
    const found =
      (await put('scan', [server('split', 'shared', { serial: 'X-1' })])).outcomes[0]?.itemId ?? ''
    await cara.api.mergeItems({
      params: { id },
      body: { fromId: found },
      version: 1,
    })
    const { version } = await amir.api.readItem({ params: { id } })
    const { newId } = await cara.api.splitItem({
      params: { id },
      body: { source: 'scan', name: 'shared too' },
      version,
    })
    expect(await valueOf(id, 'serial')).toMatchObject({ value: null })
    expect(await valueOf(newId, 'serial')).toMatchObject({ value: { source: 'scan', text: 'X-1' } })
    expect((await put('scan', [server('split', 'shared', { serial: 'X-1' })])).outcomes).toMatchObject([
      { outcome: 'same', itemId: newId },
    ])
  })

  test('the health of the model counts what is incomplete, alone and there twice', async () => {
    const { measures } = await amir.api.readModelHealth()
    const duplicates = measures.find(({ key }) => key === 'duplicates')
    expect(duplicates?.examples.map(({ item }) => item.name)).toEqual(
      expect.arrayContaining(['twin', 'twin b']),
    )
    expect(measures.find(({ key }) => key === 'orphans')?.count).toBeGreaterThan(3)
  })

  test('a license without a relation is not alone, as a server is: attributes tie it to what it is about', async () => {
    for (const kind of ['software', 'server'])
      await cara.api.createItem({ body: { class: kind, name: `lonely ${kind}`, values: {} } })
    const { rows } = await amir.api.listItems({ query: { q: 'orphans:yes name:lonely' } })
    expect(rows.map(({ name }) => name)).toEqual(['lonely server'])
  })
})

describe('classes', () => {
  test('what becomes restricted is found by no words any more; what becomes indexed can be filtered by', async () => {
    const document = async () => {
      const { document: current } = await ada.api.readPolicy({ params: { kind: 'item_classes' } })
      // What the server sent a moment ago.
      return (current as { classes: { attributes: { key: string }[] }[] }).classes
    }
    const publish = async (key: string, change: object, basedOn: number) => {
      const classes = (await document()).map((one) => ({
        ...one,
        attributes: one.attributes.map((a) => (a.key === key ? { ...a, ...change } : a)),
      }))
      await ada.api.publishPolicy({
        params: { kind: 'item_classes' },
        body: { document: { classes }, note: key, basedOn },
      })
      const runner = reactionRunner(itemsFollowPolicies, { database: world.database, now: world.clock.now })
      do {
        while (await runner.run());
      } while ((await behind(world.database, tenant.id, [itemsFollowPolicies.name])) > 0)
    }
    const { id } = await cara.api.createItem({
      body: { class: 'application', name: 'Contracted', values: { description: 'zebra-77' } },
    })
    const found = async (q: string) => (await amir.api.listItems({ query: { q } })).rows.map((row) => row.id)
    expect(await found('zebra-77')).toEqual([id])
    await expect(found('attr.description:zebra-77')).rejects.toMatchObject({
      body: { code: 'unknown_field' },
    })
    await publish('description', { indexed: true }, 0)
    expect(await found('attr.description:zebra-77')).toEqual([id])
    await publish('description', { restricted: true }, 1)
    expect(await found('zebra-77')).toEqual([])
  })

  const withClass = async (more: object) => {
    const { document } = await ada.api.readPolicy({ params: { kind: 'item_classes' } })
    // What the server sent a moment ago.
    const { classes } = document as { classes: object[] }
    return { classes: [...classes, more] }
  }

  test('are made online: a new class and its attributes are there at once', async () => {
    const document = await withClass({
      key: 'infusion_pump',
      label: 'Infusion pump',
      parent: 'medical_device',
      attributes: [
        { key: 'flow', label: 'Flow', type: 'number', unit: 'ml/h', indexed: true, required: true },
      ],
    })
    await ada.api.publishPolicy({
      params: { kind: 'item_classes' },
      body: { document, note: 'pumps', basedOn: 2 },
    })
    await cara.api.createItem({
      body: { class: 'infusion_pump', name: 'Pump 1', values: { life_support: true, flow: 1200.5 } },
    })
    const found = await amir.api.listItems({
      query: { q: 'class:medical_device attr.flow:>1000', attributes: 'flow' },
    })
    expect(found.rows.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['Pump 1', { flow: '1,200.5 ml/h' }],
    ])
  })

  test.each([
    [{ key: 'a', label: 'A', parent: 'a' }, 'a class stands above itself: a → a'],
    [{ key: 'a', label: 'A', parent: 'nowhere' }, 'there is no class nowhere'],
    [
      { key: 'a', label: 'A', parent: 'server', attributes: [{ key: 'serial', label: 'S', type: 'text' }] },
      'serial is taken by the class hardware',
    ],
    [
      { key: 'a', label: 'A', parent: 'item', attributes: [{ key: 'kin', label: 'K', type: 'reference' }] },
      'K: say what it refers to',
    ],
    [
      { key: 'a', label: 'A', parent: 'item', attributes: [{ key: 'flow', label: 'F', type: 'text' }] },
      'flow means number in another class; one key means one thing',
    ],
  ])('%o is refused', async (more, message) => {
    const document = await withClass(more)
    await expect(
      ada.api.previewPolicy({ params: { kind: 'item_classes' }, body: { document } }),
    ).rejects.toMatchObject({
      body: { reasons: expect.arrayContaining([expect.objectContaining({ message })]) },
    })
  })

  test('publishing tells first which items would lack an attribute, and does not remove what is used', async () => {
    const { document } = await ada.api.readPolicy({ params: { kind: 'item_classes' } })
    const { classes } = document as {
      classes: { key: string; attributes: { key: string; type: string; required: boolean }[] }[]
    }
    const changed = (change: (one: (typeof classes)[number]) => (typeof classes)[number] | null) => ({
      classes: classes.flatMap((one) => change(one) ?? []),
    })
    const stricter = changed((one) =>
      one.key === 'server'
        ? {
            ...one,
            attributes: one.attributes.map((a) => (a.key === 'hostname' ? { ...a, required: true } : a)),
          }
        : one,
    )
    const preview = await ada.api.previewPolicy({
      params: { kind: 'item_classes' },
      body: { document: stricter },
    })
    expect(preview.changed).toBeGreaterThan(2)
    expect(preview.examples[0]?.after).toBe('lacks Host name')
    for (const [wrong, message] of [
      [changed((one) => (one.key === 'group' ? null : one)), 'the class group cannot be removed; retire it'],
      [
        changed((one) =>
          one.key === 'infusion_pump'
            ? { ...one, attributes: one.attributes.map((a) => ({ ...a, type: 'text' })) }
            : one,
        ),
        'Flow has values of another type; retire it and add another attribute',
      ],
    ] as const)
      await expect(
        ada.api.previewPolicy({ params: { kind: 'item_classes' }, body: { document: wrong } }),
      ).rejects.toMatchObject({ body: { reasons: [{ message }] } })
  })
})
