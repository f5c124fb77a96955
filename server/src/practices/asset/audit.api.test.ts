import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const refused = (code: string) => ({ body: { code } })

let count = 0
const scanId = (): string => `01980000-0000-7000-8000-${String((count += 1)).padStart(12, '0')}`

const stage = async (slug: string) => {
  const tenant = await world.tenant(slug)
  const cara = await tenant.person('Cara', 'configuration_manager')
  const amir = await tenant.person('Amir', 'agent')
  const make = async (klass: string, name: string, values = {}): Promise<string> =>
    (await cara.api.createItem({ body: { class: klass, name, values } })).id
  const site = await make('location', 'Site')
  const room = await make('location', 'Room 1', { location: site })
  const store = await make('location', 'Store', { location: site })
  const other = await make('location', 'Elsewhere')
  const server = (name: string, location: string) =>
    make('server', name, { asset_tag: `T-${name}`, serial: `S-${name}`, location })
  const items = {
    a: await server('a', room),
    b: await server('b', room),
    c: await server('c', room),
    away: await server('away', other),
  }
  const opened = await cara.api.openAudit({ body: { name: 'Spring', placeId: site } })
  const scan = (who: TestPerson, text: string, placeId: string | null = null, id = scanId()) =>
    who.api.deliverScans({
      params: { id: opened.id },
      body: { scans: [{ id, text, placeId, at: world.clock.now() }] },
    })
  const page = async (who = cara, outcome?: 'found') =>
    who.api.readAudit({ params: { id: opened.id }, query: outcome === undefined ? {} : { outcome } })
  const outcomes = async () => (await page()).rows.map(({ item, outcome }) => `${item.name} ${outcome}`)
  const decide = (itemId: string, decision: 'move' | 'lost' | 'leave') =>
    cara.api.decideAudit({ params: { id: opened.id }, body: { decisions: [{ itemId, decision }] } })
  const item = (id: string) => cara.api.readItem({ params: { id } })
  return { tenant, cara, amir, make, site, room, store, items, opened, scan, page, outcomes, decide, item }
}

test('two people scan: each scan is answered, counted once, and the report says what is where', async () => {
  const { amir, cara, opened, scan, page, outcomes, room, store } = await stage('audit')
  expect(opened.expected).toBe(3)
  expect(await outcomes()).toEqual(['a missing', 'b missing', 'c missing'])
  const id = scanId()
  expect(await scan(amir, 't-A', room, id)).toMatchObject({
    taken: [{ id, outcome: 'found', item: { name: 'a' } }],
  })
  expect(await scan(cara, 'S-b', store)).toMatchObject({
    taken: [{ outcome: 'wrong_place', expectedPlace: { name: 'Room 1' } }],
  })
  expect(await scan(amir, 'T-away', room)).toMatchObject({ taken: [{ outcome: 'unexpected' }] })
  expect(await scan(amir, 'smudge', room)).toMatchObject({ taken: [{ outcome: null, item: null }] })
  const before = await page()
  // The network was gone before the answer came: the device delivers again, to another person's later scan of it too.
  expect(await scan(amir, 't-A', room, id)).toMatchObject({ taken: [{ id, outcome: 'found' }] })
  expect(await page()).toEqual(before)
  expect(before.counts).toEqual({
    expected: 3,
    missing: 1,
    wrong_place: 1,
    unexpected: 1,
    found: 1,
    unread: 1,
    undecided: 3,
  })
  expect(before.unread).toMatchObject([{ text: 'smudge', by: { name: 'Amir' } }])
  expect((await page(cara, 'found')).rows).toMatchObject([
    { item: { name: 'a' }, seen: { by: { name: 'Amir' }, place: { name: 'Room 1' } } },
  ])
})

test('what is decided is said by the source "audit" and believed, until somebody says otherwise', async () => {
  const { cara, items, scan, decide, item, store, outcomes } = await stage('decide')
  await scan(cara, 'T-b', store)
  await scan(cara, 'T-away', null)
  world.clock.advance(60_000)
  expect(await decide(items.b, 'move')).toMatchObject({ results: [{ outcome: 'done' }] })
  expect(await decide(items.c, 'lost')).toMatchObject({ results: [{ outcome: 'done' }] })
  expect(await decide(items.b, 'lost')).toMatchObject({ results: [{ outcome: 'refused' }] })
  expect(await decide(items.away, 'move')).toMatchObject({
    results: [
      { outcome: 'refused', sentence: 'nobody said where it was scanned, so it cannot be moved there' },
    ],
  })
  const [b, c] = [await item(items.b), await item(items.c)]
  expect(b.attributes.find(({ key }) => key === 'location')?.value?.text).toBe('Store')
  expect(c.state).toBe('lost')
  // Decisions change the model, not what was expected when it began.
  expect(await outcomes()).toEqual(['a missing', 'c missing', 'b wrong_place', 'away unexpected'])
  world.clock.advance(60_000)
  await cara.api.moveItem({ params: { id: items.c }, version: c.version, body: { action: 'find_again' } })
  expect((await item(items.c)).state).toBe('in_stock')
})

test('a device gets what it needs without network, and nothing it may not see', async () => {
  const { amir, opened, items, room } = await stage('device')
  const { items: expected, places } = await amir.api.readAuditExpected({ params: { id: opened.id } })
  expect(expected.find(({ id }) => id === items.a)).toEqual({
    id: items.a,
    name: 'a',
    placeId: room,
    codes: ['t-a', 's-a'],
    seen: null,
  })
  expect(places.map(({ name }) => name).toSorted()).toEqual(['Elsewhere', 'Room 1', 'Site', 'Store'])
})

test('what one device delivers, another one knows; the list says how far everybody is', async () => {
  const { amir, cara, opened, items, scan, room } = await stage('progress')
  await scan(cara, 'T-a', room)
  await scan(cara, 'T-away', room)
  const known = await amir.api.readAuditExpected({ params: { id: opened.id } })
  expect(known).toMatchObject({ name: 'Spring', state: 'open' })
  expect(known.items.find(({ id }) => id === items.a)?.seen).toEqual({ placeId: room, at: world.clock.now() })
  expect(known.items.find(({ id }) => id === items.b)?.seen).toBeNull()
  expect((await amir.api.listAudits()).rows).toMatchObject([{ id: opened.id, expected: 3, seen: 1 }])
})

test('a device delivers nothing in the name of somebody who did not scan it', async () => {
  const { amir, cara, opened, page } = await stage('whose')
  const before = await page()
  const body = { scans: [{ id: scanId(), text: 'T-a', placeId: null, at: world.clock.now() }] }
  await expect(
    amir.api.deliverScans({ params: { id: opened.id }, body: { ...body, scannedBy: cara.id } }),
  ).rejects.toMatchObject({ body: { code: 'not_allowed_here', reasons: [{ code: 'other_person' }] } })
  expect(await page()).toEqual(before)
  await cara.api.deliverScans({ params: { id: opened.id }, body: { ...body, scannedBy: cara.id } })
  expect((await page()).counts.found).toBe(1)
})

test('a scan survives what became of its place and its item meanwhile', async () => {
  const { cara, items, scan, page, room } = await stage('meanwhile')
  await scan(cara, 'T-a', '01980000-0000-7000-8000-ffffffffffff')
  await scan(cara, 'T-b', room)
  const { version } = await cara.api.readItem({ params: { id: items.c } })
  await cara.api.mergeItems({ params: { id: items.c }, version, body: { fromId: items.b } })
  const { counts, rows } = await page(cara, 'found')
  // Both were expected; they are one thing now, and it was seen.
  expect(counts).toMatchObject({ expected: 2, found: 2, missing: 0 })
  expect(rows.map(({ item, seen }) => [item.name, seen?.place?.name ?? null])).toEqual([
    ['a', null],
    ['c', 'Room 1'],
  ])
})

test('closed is closed: no scan, no decision; who scans does not decide', async () => {
  const { amir, cara, items, opened, scan, decide, page } = await stage('closed')
  const params = { id: opened.id }
  await expect(amir.api.closeAudit({ params, version: 1, body: {} })).rejects.toMatchObject(
    refused('forbidden'),
  )
  await expect(
    amir.api.decideAudit({ params, body: { decisions: [{ itemId: items.a, decision: 'lost' }] } }),
  ).rejects.toMatchObject(refused('forbidden'))
  await cara.api.closeAudit({ params, version: 1, body: {} })
  await expect(scan(amir, 'T-a')).rejects.toMatchObject(refused('not_allowed_here'))
  await expect(decide(items.a, 'lost')).rejects.toMatchObject(refused('not_allowed_here'))
  expect(await page()).toMatchObject({ state: 'closed', closedBy: { name: 'Cara' }, version: 2 })
})

test('it looks for what a filter finds or a place holds, for one of them and for something', async () => {
  const { cara, room, store } = await stage('scope')
  const open = (body: { filter?: string; placeId?: string }) =>
    cara.api.openAudit({ body: { name: 'x', ...body } })
  world.clock.advance(1000)
  expect(await open({ filter: 'name:away' })).toMatchObject({ expected: 1 })
  await expect(open({})).rejects.toMatchObject(refused('invalid'))
  await expect(open({ filter: 'name:away', placeId: room })).rejects.toMatchObject(refused('invalid'))
  await expect(open({ placeId: store })).rejects.toMatchObject(refused('invalid'))
  expect((await cara.api.listAudits({})).rows.map(({ name }) => name)).toEqual(['x', 'Spring'])
})

test('what is beyond a reader is neither expected, found nor named; without a thing in it an audit is not there', async () => {
  const { tenant, cara, items, opened, scan, room } = await stage('narrow')
  const ada = await tenant.person('Ada', 'administrator')
  const nora = await tenant.person('Nora', 'requester')
  const role = await ada.api.createRole({
    body: {
      key: 'counts_own',
      name: 'Counts what is theirs',
      permissions: [
        { permission: 'item.read', scopes: ['own'] },
        { permission: 'item.audit', scopes: ['own'] },
      ],
    },
  })
  await ada.api.giveRole({ params: { id: nora.id, roleId: role.id } })
  const params = { id: opened.id }
  await expect(nora.api.readAudit({ params, query: {} })).rejects.toMatchObject(refused('not_found'))
  await expect(scan(nora, 'T-a')).rejects.toMatchObject(refused('not_found'))
  expect((await nora.api.listAudits({})).rows).toEqual([])
  const { version } = await cara.api.readItem({ params: { id: items.b } })
  await cara.api.editItem({ params: { id: items.b }, version, body: { values: { owner: nora.id } } })
  await scan(cara, 'T-a', room)
  await scan(cara, 'T-b', room)
  const seen = await nora.api.readAudit({ params, query: { outcome: 'found' } })
  expect(seen.counts).toMatchObject({ expected: 1, found: 1, missing: 0 })
  expect(seen.place).toBeNull()
  expect(seen.rows).toMatchObject([{ item: { name: 'b' }, expectedPlace: null, seen: { place: null } }])
  expect((await nora.api.readAuditExpected({ params })).items.map(({ name }) => name)).toEqual(['b'])
  // A label of something they do not see says nothing to them.
  expect((await scan(nora, 'T-a')).taken).toMatchObject([{ item: null, outcome: null }])
  const stranger = await (await world.tenant('narrow-elsewhere')).person('Eve', 'administrator')
  await expect(stranger.api.readAudit({ params, query: {} })).rejects.toMatchObject(refused('not_found'))
})
