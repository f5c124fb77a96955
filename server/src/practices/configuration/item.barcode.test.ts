import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let cara: TestPerson
let amir: TestPerson

beforeAll(async () => {
  world = await createWorld()
  const tenant = await world.tenant('harbor')
  cara = await tenant.person('Cara', 'configuration_manager')
  amir = await tenant.person('Amir', 'agent')
})
afterAll(() => world.end())

const scan = (text: string, who: TestPerson = cara) => who.api.readBarcode({ body: { text } })
const pump = '(01)09506000134352(17)301231(10)ABC123(21)PUMP-7'

test('a barcode that nobody knows offers a medical device with what it says', async () => {
  const read = await scan(pump)
  expect(read).toMatchObject({ agency: 'gs1', items: [], isExact: false })
  expect(read.draft).toEqual({
    class: 'medical_device',
    values: {
      issuing_agency: 'gs1',
      udi_di: '09506000134352',
      serial: 'PUMP-7',
      lot: 'ABC123',
      expires_on: '2030-12-31',
    },
  })
  expect((await scan(pump, amir)).draft).toBeNull()
})

test.each([
  ['as printed', pump],
  [
    'as scanned, with the sign of its symbol and the separator',
    ']d201095060001343521730123110ABC123\u001d21PUMP-7',
  ],
  ['from a scanner that writes the separator', ']d201095060001343521730123110ABC123<GS>21PUMP-7'],
  ['with the return that scanners send', `${pump}\r\n`],
])('%s it is the item with that identifier and serial number', async (_, text) => {
  const { draft } = await scan(pump)
  if (draft !== null)
    await cara.api.createItem({
      body: { class: draft.class, name: 'Infusion pump 7', values: { ...draft.values, life_support: true } },
    })
  const read = await scan(text)
  expect(read.items.map(({ name }) => name)).toEqual(['Infusion pump 7'])
  expect(read).toMatchObject({ isExact: true, draft: null })
})

test('another one of the same model is not that item: it is offered as a new one', async () => {
  const read = await scan('(01)09506000134352(21)PUMP-8')
  expect(read).toMatchObject({ items: [], isExact: false, draft: { values: { serial: 'PUMP-8' } } })
  const model = await scan('(01)09506000134352')
  expect(model.items.map(({ name }) => name)).toEqual(['Infusion pump 7'])
  expect(model.isExact).toBe(false)
})

test('a label of our own is known by the asset tag', async () => {
  await cara.api.createItem({
    body: { class: 'server', name: 'rack server', values: { asset_tag: 'TAG-0042' } },
  })
  for (const text of ['TAG-0042', 'tag-0042\r', ']C0TAG-0042'])
    expect(await scan(text, amir)).toMatchObject({
      agency: null,
      isExact: true,
      items: [{ name: 'rack server' }],
    })
})

test.each([
  ['(01)09506000134353', /check digit is 3, but 2 was expected/],
  ['never seen', /does not begin as the barcode of a device does/],
  ['\u0001\u0002', /does not begin/],
  ['(01)09506000134352(21)A\u0007', /cannot stand in \(21\)/],
])('%j is refused with the reason', async (text, message) => {
  await expect(scan(text)).rejects.toMatchObject({
    body: {
      code: 'invalid',
      reasons: expect.arrayContaining([
        { code: 'barcode', field: expect.any(String), message: expect.stringMatching(message) },
      ]),
    },
  })
})

test('ten thousand characters are refused before anybody reads them', async () => {
  await expect(scan(`(21)${'9'.repeat(10_000)}`)).rejects.toMatchObject({ body: { code: 'invalid' } })
})
