import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { looksLike } from './item.value.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let cara: TestPerson
let ada: TestPerson
let amir: TestPerson
let rita: TestPerson

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('harbor')
  cara = await tenant.person('Cara', 'configuration_manager')
  ada = await tenant.person('Ada', 'administrator')
  amir = await tenant.person('Amir', 'agent')
  rita = await tenant.person('Rita', 'requester')
})
afterAll(() => world.end())

const make = async (name: string, values: Record<string, string | number> = {}) =>
  (await cara.api.createItem({ body: { class: 'server', name, values } })).id
const scan = (items: { externalId: string; name: string; values?: Record<string, string> }[]) =>
  cara.api.putItemsBySource({
    params: { source: 'scan' },
    body: { items: items.map((item) => ({ class: 'server', ...item })) },
  })

/** A refusal's reasons. */
const reasonsOf = async (work: Promise<unknown>): Promise<string[]> => {
  try {
    await work
    return []
  } catch (error) {
    return JSON.stringify(error).match(/"message":"([^"]*)"/g) ?? [String(error)]
  }
}

describe('a figure of the health of the model', () => {
  test('leads to as many items as it says, whichever it is', async () => {
    await make('twice')
    await make('twice')
    const { id, version } = await cara.api.createItem({ body: { class: 'server', name: 'gone' } })
    await cara.api.moveItem({ params: { id }, version, body: { action: 'retire' } })
    const { measures } = await amir.api.readModelHealth()
    const counted = await Promise.all(
      measures.map(async ({ key }) => [
        key,
        (await amir.api.countItems({ query: { q: `${key}:true` } })).count,
      ]),
    )
    expect(counted).toEqual(measures.map(({ key, count }) => [key, count]))
    expect(measures.find(({ key }) => key === 'duplicates')?.count).toBe(2)
  })
})

describe('a conflict', () => {
  test('shows both sides, and comes back when leaving it out is taken back', async () => {
    const one = await make('c1', { asset_tag: 'C-1', os: 'Debian' })
    await make('c2', { asset_tag: 'C-1' })
    await scan([{ externalId: 'c', name: 'c1', values: { asset_tag: 'C-1', os: 'BSD' } }])
    const { conflicts, waiting } = await cara.api.listItemConflicts({ query: { source: 'scan' } })
    expect(waiting).toMatchObject([{ source: 'scan', count: 1 }])
    expect((await cara.api.listItemConflicts({ query: { source: 'other' } })).conflicts).toEqual([])
    const id = conflicts[0]?.id ?? ''
    expect(conflicts[0]?.values).toContainEqual({ key: 'os', label: 'Operating system', text: 'BSD' })
    expect(conflicts[0]?.candidates.find((item) => item.id === one)?.values['os']).toBe('Debian')
    await cara.api.decideItemConflict({ params: { id }, body: { decision: 'drop', reason: 'a test device' } })
    expect((await cara.api.listItemConflicts()).conflicts).toEqual([])
    await cara.api.reopenItemConflict({ params: { id } })
    expect((await cara.api.listItemConflicts()).conflicts.map((row) => row.id)).toEqual([id])
    await cara.api.decideItemConflict({ params: { id }, body: { decision: 'same', itemId: one } })
    await expect(cara.api.reopenItemConflict({ params: { id } })).rejects.toMatchObject({ status: 409 })
  })
})

describe('a merge', () => {
  test('does what its preview said, and the preview did nothing', async () => {
    const into = await make('m1', { serial: 'M-1', os: 'Debian' })
    const from = await make('m2', { os: 'BSD', asset_tag: 'M-2' })
    const other = await make('m3')
    await cara.api.relateItem({ params: { id: from }, body: { type: 'connected_to', toId: other } })
    const preview = await cara.api.previewMerge({ params: { id: into }, body: { fromId: from } })
    expect(preview.relations).toBe(1)
    expect((await amir.api.readItem({ params: { id: from } })).mergedInto).toBeNull()
    const { version } = await amir.api.readItem({ params: { id: into } })
    await cara.api.mergeItems({ params: { id: into }, version, body: { fromId: from } })
    const page = await amir.api.readItem({ params: { id: into } })
    const believed = new Map(page.attributes.map(({ key, value }) => [key, value?.text ?? '']))
    for (const { key, after } of preview.values)
      expect([key, key === 'name' ? page.name : believed.get(key)]).toEqual([key, after])
    expect(believed.get('asset_tag')).toBe('M-2')
    expect(page.relations.map(({ item }) => item.id)).toEqual([other])
  })
})

describe('what a source says', () => {
  test('is told with how often it is believed', async () => {
    const id = await make('f1', { serial: 'F-1', os: 'Debian' })
    await cara.api.putItemsBySource({
      params: { source: 'probe' },
      body: {
        items: [
          {
            externalId: 'f',
            class: 'server',
            name: 'f1',
            values: { serial: 'F-1', os: 'BSD', hostname: 'f1.local' },
          },
        ],
      },
    })
    const { sources } = await cara.api.readSourceFigures()
    // Name and serial agree, the host name nobody else gave; the operating system is what people say.
    expect(sources.find(({ name }) => name === 'probe')).toMatchObject({
      items: 1,
      won: 3,
      lost: 1,
      waiting: 0,
    })
    expect(id).not.toBe('')
  })
})

describe('an attribute with limits', () => {
  const publish = async (changes: Record<string, object>) => {
    const { document, version } = await ada.api.readPolicy({ params: { kind: 'item_classes' } })
    // What the server sent a moment ago.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { classes } = document as { classes: { attributes: { key: string }[] }[] }
    const changed = classes.map((one) => ({
      ...one,
      attributes: one.attributes.map((a) => ({ ...a, ...changes[a.key] })),
    }))
    await ada.api.publishPolicy({
      params: { kind: 'item_classes' },
      body: { document: { classes: changed }, note: 'Limits', basedOn: version },
    })
  }

  test('refuses what does not look so, is out of range, or is taken', async () => {
    const keeps = await make('l0', { asset_tag: 'AB-1' })
    await publish({ asset_tag: { pattern: '@@-#', unique: true }, memory: { min: 1, max: 512 } })
    expect(await reasonsOf(make('l1', { asset_tag: 'ABC' }))).toEqual([
      expect.stringContaining('Asset tag looks like @@-#'),
    ])
    expect(await reasonsOf(make('l2', { memory: 1024 }))).toEqual([
      expect.stringContaining('Memory is at most 512'),
    ])
    expect(await reasonsOf(make('l3', { asset_tag: 'ab-1' }))).toEqual([
      expect.stringContaining('Asset tag ab-1 is taken by another item'),
    ])
    const { version } = await amir.api.readItem({ params: { id: keeps } })
    await cara.api.editItem({
      params: { id: keeps },
      version,
      body: { values: { asset_tag: 'AB-1', memory: 64 } },
    })
    expect(await make('l4', { asset_tag: 'AB-2', memory: 512 })).not.toBe('')
  })

  test('cannot be published when no value could ever meet it', async () => {
    expect(await reasonsOf(publish({ memory: { min: 9, max: 1 } }))).toEqual([
      expect.stringContaining('the least value is above the greatest'),
    ])
    expect(await reasonsOf(publish({ serial: { pattern: 'a*b*' } }))).toEqual([
      expect.stringContaining('has * at most once'),
    ])
  })

  test.each([
    ['SRV-####', 'SRV-0042', true],
    ['SRV-####', 'SRV-42', false],
    ['@#?', 'ä7Z', true],
    ['a*z', 'az', true],
    ['a*z', 'a', false],
    ['ab*ba', 'aba', false],
    ['*', '', true],
  ])('%s and %s: %s', (pattern, text, is) => expect(looksLike(pattern, text)).toBe(is))
})

describe('a list of items', () => {
  test('has views of its own, which lists of incidents do not show', async () => {
    const filter = { field: 'class', op: '=', value: 'server' } as const
    await amir.api.createView({ body: { recordKind: 'item', name: 'Servers', filter, sort: 'name' } })
    const { views } = await amir.api.listViews({ query: { recordKind: 'item' } })
    expect(views).toMatchObject([{ name: 'Servers', recordKind: 'item', text: 'class:server' }])
    expect((await amir.api.listViews()).views).toEqual([])
    expect((await rita.api.listViews({ query: { recordKind: 'item' } })).views).toEqual([])
    await expect(
      amir.api.createView({
        body: { recordKind: 'item', name: 'None', filter: { field: 'priority', op: '=', value: 1 } },
      }),
    ).rejects.toMatchObject({ status: 400 })
  })

  test('is a file with the rows and columns that were asked for', async () => {
    const answer = await world.app.inject({
      url: '/api/v1/items/export?q=name:m1&columns=name,class,attribute.serial',
      headers: { cookie: ada.cookie },
    })
    expect(answer.payload.trimEnd().split('\r\n')).toEqual([
      '\uFEFFName,Class,Serial number',
      'm1,Server,M-1',
    ])
  })
})

describe('what happens to an item', () => {
  test('is of its nature: a server is repaired, a service and an application are not, and a contract has a beginning and an end', async () => {
    const offered = async (klass: string, values: Record<string, string> = {}) => {
      const { id, version } = await cara.api.createItem({
        body: { class: klass, name: `One ${klass}`, values },
      })
      const { nature, allowed } = await cara.api.readItem({ params: { id } })
      const [row] = (await cara.api.listItems({ query: { q: `"One ${klass}"` } })).rows
      expect(row?.nature).toBe(nature)
      return { id, version, nature, moves: allowed.map(({ action }) => action).toSorted() }
    }
    expect(await offered('server')).toMatchObject({
      nature: 'thing',
      moves: ['put_in_stock', 'report_lost', 'retire', 'send_to_repair'],
    })
    for (const [klass, nature, values] of [
      ['business_service', 'service', { support_team: tenant.deskId, criticality: '2' }],
      ['application', 'system', {}],
      ['provider', 'system', {}],
      ['contract', 'paper', {}],
      ['software', 'paper', {}],
    ] as const) {
      const one = await offered(klass, values)
      expect(one).toMatchObject({ nature, moves: ['retire'] })
      await expect(
        cara.api.moveItem({
          params: { id: one.id },
          version: one.version,
          body: { action: 'send_to_repair' },
        }),
      ).rejects.toMatchObject({ body: { reasons: [{ code: 'a_thing' }] } })
    }
  })
})
