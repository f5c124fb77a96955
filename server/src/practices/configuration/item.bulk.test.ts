import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ItemChange } from '@evenkeel/contract/item-bulk'
import { refusalOf } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let cara: TestPerson
let amir: TestPerson

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('harbor')
  cara = await tenant.person('Cara', 'configuration_manager')
  amir = await tenant.person('Amir', 'agent')
})
afterAll(() => world.end())

const unknown = '018f0000-0000-7000-8000-000000000001'
let count = 0
const make = async (values: Record<string, string> = {}, ofClass = 'server'): Promise<string> =>
  (await cara.api.createItem({ body: { class: ofClass, name: `thing ${(count += 1)}`, values } })).id
const start = async (ids: string[], change: ItemChange, by: TestPerson = cara) => {
  const { id } = await by.api.startItemBulk({ body: { ids, change } })
  return by.api.readItemBulk({ params: { id } })
}
const undo = (id: string, by: TestPerson = cara) => by.api.undoItemBulk({ params: { id } })
const read = (id: string) => amir.api.readItem({ params: { id } })
const valueOf = async (id: string, key: string) =>
  (await read(id)).attributes.find((one) => one.key === key)?.value ?? null
const textOf = async (id: string, key: string) => (await valueOf(id, key))?.text ?? null
const setOs: ItemChange = { do: 'set', values: { os: 'Plan 9' } }
const retire: ItemChange = { do: 'move', move: { action: 'retire', note: '', values: {} } }

describe('changing many items at once', () => {
  test('changes each for itself, and says of each that it was not changed why', async () => {
    const [one, two, room] = [await make(), await make({ os: 'Debian' }), await make({}, 'location')]
    const result = await start([one, two, room, unknown], setOs)
    expect(result).toMatchObject({ by: { name: 'Cara' }, steps: ['set'], count: 4, done: 2, undoneAt: null })
    expect(result.records.map(({ id, outcome, reasons }) => [id, outcome, reasons[0]?.code])).toEqual([
      [one, 'done', undefined],
      [two, 'done', undefined],
      [room, 'refused', 'unknown_attribute'],
      [unknown, 'not_found', undefined],
    ])
    expect(result.records[0]).toMatchObject({ number: null, title: 'thing 1' })
    expect([await textOf(one, 'os'), await textOf(two, 'os')]).toEqual(['Plan 9', 'Plan 9'])
    expect((await read(room)).version).toBe(1)
  })

  test('the preview finds out by doing it, of what a list finds too, and writes nothing', async () => {
    const ids = [await make({ os: 'Preview OS' }), await make({ os: 'Preview OS' })]
    const needed = await make({ os: 'Preview OS' })
    await cara.api.relateItem({
      params: { id: await make({}, 'application') },
      body: { type: 'runs_on', toId: needed },
    })
    const body = { list: { q: 'attr.os:"Preview OS"' }, change: retire }
    const preview = await cara.api.previewItemBulk({ body })
    expect(preview).toMatchObject({ count: 3, ready: 2, found: { count: 3, capped: false } })
    const refused = preview.records.filter(({ outcome }) => outcome === 'refused')
    expect(refused).toMatchObject([{ id: needed, reasons: [{ code: 'nothing_needs_it' }] }])
    for (const id of [...ids, needed]) expect(await read(id)).toMatchObject({ state: 'in_use', version: 1 })
    const done = await start(
      preview.records.map(({ id }) => id),
      retire,
    )
    expect(done.records.map((record) => record.outcome.replace('done', 'ready'))).toEqual(
      preview.records.map((record) => record.outcome),
    )
  })

  test('what somebody may not reach is nowhere, and what they may only read is refused', async () => {
    const elsewhere = await world.tenant('elsewhere')
    const eva = await elsewhere.person('Eva', 'configuration_manager')
    const foreign = (await eva.api.createItem({ body: { class: 'server', name: 'theirs' } })).id
    const nico = await tenant.person('Nico', 'requester')
    const team = await tenant.team('Network', nico)
    const ada = await tenant.person('Agathe', 'administrator')
    const role = await ada.api.createRole({
      body: {
        key: 'team_manager',
        name: 'Manages what the team supports',
        permissions: [
          { permission: 'item.read', scopes: ['all'] },
          { permission: 'item.manage', scopes: ['team'] },
        ],
      },
    })
    await ada.api.giveRole({ params: { id: nico.id, roleId: role.id } })
    const [theirs, ours] = [await make(), await make({ support_team: team })]
    const { records } = await start([theirs, ours, foreign], setOs, nico)
    expect(records.map(({ outcome, title, reasons }) => [outcome, title !== null, reasons[0]?.code])).toEqual(
      [
        ['refused', true, 'forbidden'],
        ['done', true, undefined],
        ['not_found', false, undefined],
      ],
    )
    expect(await refusalOf(start([ours], setOs, amir))).toBe('forbidden')
    expect(await textOf(theirs, 'os')).toBeNull()
  })

  test('no ids, an id twice, five hundred and one, and nothing to change are refused', async () => {
    const id = await make()
    const many = Array.from(
      { length: 501 },
      (_, index) => `018f0000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    )
    for (const body of [
      { ids: [], change: setOs },
      { ids: [id, id], change: setOs },
      { ids: many, change: setOs },
      { ids: [id], change: { do: 'set' as const, values: {} } },
    ])
      expect(await refusalOf(cara.api.startItemBulk({ body }))).toBe('invalid')
  })

  test('is found again by who did it, and by who manages everything; not among changes of incidents', async () => {
    const { id } = await start([await make()], setOs)
    expect((await cara.api.listItemBulk()).rows[0]).toMatchObject({ id, steps: ['set'], done: 1 })
    const ada = await tenant.person('Ada', 'administrator')
    expect((await ada.api.listItemBulk()).rows).toEqual([])
    expect(await refusalOf(ada.api.readItemBulk({ params: { id } }))).toBe('none')
    const lena = await tenant.person('Lena', 'team_lead')
    expect(await refusalOf(lena.api.readBulk({ params: { id } }))).toBe('not_found')
    expect(await refusalOf(lena.api.undoBulk({ params: { id } }))).toBe('not_found')
  })

  test('repeated with its Idempotency-Key it is done once', async () => {
    const id = await make()
    const call = () =>
      cara.api.startItemBulk({ body: { ids: [id], change: setOs }, idempotencyKey: 'items-1' })
    const [one, two] = await Promise.all([call(), call()])
    expect(one).toEqual(two)
    expect((await read(id)).version).toBe(2)
  })
})

describe('taking it back', () => {
  test('people said then what they said before, and a source is believed again', async () => {
    const [told, silent] = [await make({ os: 'Debian' }), await make()]
    const put = () =>
      cara.api.putItemsBySource({
        params: { source: 'scan' },
        body: {
          items: [{ externalId: 's-1', class: 'server', name: 'scanned', values: { os: 'Found by scan' } }],
        },
      })
    const scanned = (await put()).outcomes[0]?.itemId ?? ''
    const action = await start([told, silent, scanned], setOs)
    expect(await textOf(scanned, 'os')).toBe('Plan 9')
    world.clock.advance(15 * 60_000)
    expect(await undo(action.id)).toEqual({ done: 3, refused: 0 })
    expect(await Promise.all([told, silent, scanned].map((id) => textOf(id, 'os')))).toEqual([
      'Debian',
      null,
      'Found by scan',
    ])
    expect((await valueOf(scanned, 'os'))?.source).toBe('scan')
    expect(await cara.api.readItemBulk({ params: { id: action.id } })).toMatchObject({
      undoneAt: world.clock.now(),
      records: [{ undo: { outcome: 'done' } }, { undo: { outcome: 'done' } }, { undo: { outcome: 'done' } }],
    })
    expect(await refusalOf(undo(action.id))).toBe('not_allowed_here')
  })

  test('a move is taken back too, with what was said with it', async () => {
    const id = await make()
    const action = await start([id], {
      do: 'move',
      move: { action: 'report_lost', note: 'the van was broken into', values: {} },
    })
    expect((await read(id)).state).toBe('lost')
    expect(await undo(action.id)).toEqual({ done: 1, refused: 0 })
    expect((await read(id)).state).toBe('in_use')
  })

  test('a millisecond too late it is too late', async () => {
    const { id } = await start([await make()], setOs)
    world.clock.advance(15 * 60_000 + 1)
    expect(await refusalOf(undo(id))).toBe('not_ready')
  })

  test('what somebody changed since is left alone, and says who; everything else goes back', async () => {
    const [one, two, three] = [await make(), await make(), await make()]
    const ada = await tenant.person('Adele', 'administrator')
    const set = await start([one, two], setOs)
    const moved = await start([three], retire)
    await ada.api.editItem({ params: { id: one }, body: { values: { os: 'Debian' } }, version: 2 })
    await ada.api.editItem({ params: { id: two }, body: { values: { hostname: 'two' } }, version: 2 })
    await ada.api.moveItem({ params: { id: three }, body: { action: 'bring_back' }, version: 2 })
    expect(await undo(set.id)).toEqual({ done: 1, refused: 1 })
    expect(await undo(moved.id)).toEqual({ done: 0, refused: 1 })
    expect([await textOf(one, 'os'), await textOf(two, 'os'), await textOf(two, 'hostname')]).toEqual([
      'Debian',
      null,
      'two',
    ])
    const { records } = await cara.api.readItemBulk({ params: { id: set.id } })
    expect(records[0]?.undo).toEqual({
      outcome: 'refused',
      reasons: [{ code: 'changed_meanwhile', field: 'os', message: 'Adele changed it since' }],
    })
  })
})

describe('a value that only one item may have', () => {
  beforeAll(async () => {
    const ingo = await tenant.person('Ingo', 'administrator')
    const { document, version } = await ingo.api.readPolicy({ params: { kind: 'item_classes' } })
    // A policy's document has the shape of its kind.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { classes } = document as { classes: { attributes: { key: string }[] }[] }
    const own = classes.map((one) => ({
      ...one,
      attributes: one.attributes.map((a) => (a.key === 'asset_tag' ? { ...a, unique: true } : a)),
    }))
    await ingo.api.publishPolicy({
      params: { kind: 'item_classes' },
      body: { document: { classes: own }, note: 'Tags are unique', basedOn: version },
    })
  })

  test('is not given to two', async () => {
    const ids = [await make(), await make()]
    const { records } = await start(ids, { do: 'set', values: { asset_tag: 'INV-1' } })
    expect(records.map(({ outcome, reasons }) => [outcome, reasons[0]?.code])).toEqual([
      ['done', undefined],
      ['refused', 'taken'],
    ])
  })

  test('a tag that somebody took meanwhile is not given back', async () => {
    const id = await make({ asset_tag: 'INV-9' })
    const action = await start([id], { do: 'set', values: { asset_tag: null } })
    await make({ asset_tag: 'INV-9' })
    expect(await undo(action.id)).toEqual({ done: 0, refused: 1 })
  })
})
