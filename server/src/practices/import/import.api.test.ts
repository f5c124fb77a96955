import { Refused } from '@evenkeel/contract/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  broughtBy as broughtIn,
  importMapping as mapping,
  importSample as sample,
  mappingFrom as from,
  openImportRoom,
  type ImportRoom,
} from '../../../test/import-room.ts'
import type { TestPerson, World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'

let room: ImportRoom
let world: World
let tenant: ImportRoom['tenant']
let ada: TestPerson

beforeAll(async () => {
  room = await openImportRoom()
  ;({ world, tenant, ada } = room)
})
afterAll(() => room.end())

const upload: ImportRoom['upload'] = (...given) => room.upload(...given)
const work: ImportRoom['work'] = (...given) => room.work(...given)
const broughtWhole: ImportRoom['brought'] = (...given) => room.brought(...given)
const broughtBy = (source: string) => broughtIn(world.database, tenant.id, source)
const at = (id: string) => ({ params: { id } })

test('a file comes in: examined, run, and proved', async () => {
  const { id, state } = await upload(sample)
  expect(state).toBe('waiting')
  const params = { id }
  expect((await ada.api.examineImport({ params, body: { mapping, name: 'Incident log' } })).state).toBe(
    'examining',
  )
  await work(id)
  const examined = await ada.api.readImport({ params })
  expect(examined).toMatchObject({ state: 'examined', mappingName: 'Incident log', mappingVersion: 1 })
  expect(examined.findings).toMatchObject({ rows: 332, records: 65, updates: 332, known: 0, refused: 0 })
  expect(examined.findings?.untranslated.map(({ value, outcome }) => [value, outcome])).toContainEqual([
    '-100',
    'leave',
  ])
  await ada.api.runImport({ params })
  await work(id)
  const imported = await ada.api.readImport({ params })
  expect(imported).toMatchObject({ state: 'imported', records: 65, updates: 332, refused: 0, known: 0 })
  const { facts, groups } = await ada.api.readReconciliation({ params })
  expect(facts.filter(({ same }) => !same)).toEqual([])
  expect(groups.filter((group) => group.fileChecksum !== group.tableChecksum)).toEqual([])
})

test('a first mapping is proposed by looking at the file, and its preview shows the first records', async () => {
  const { id } = await upload(sample)
  const proposed = await ada.api.proposeMapping(at(id))
  expect(proposed).toMatchObject({ rowsLookedAt: 332, mapping: { record: ['number'] } })
  const shown = await ada.api.previewImport({ ...at(id), body: { mapping } })
  expect(shown.records[0]?.key).toContain('INC0000269')
  expect(shown.records[0]?.updates[0]?.values['state']).toBe('resolved')
})

test('the same file again brings nothing', async () => {
  const again = await broughtWhole(sample, mapping)
  expect(again).toMatchObject({ state: 'imported', records: 0, updates: 0, known: 332, refused: 0 })
  expect(again.findings).toMatchObject({ rows: 332, records: 0, updates: 0, known: 332 })
  expect(await broughtBy(mapping.source)).toHaveLength(65)
})

test('killed at every kind of moment, the result is that of one go', async () => {
  await broughtWhole(sample, from('one go'))
  const { id } = await upload(sample)
  let steps = 0
  const dying = (after: number) => (): string => {
    steps += 1
    if (steps > after) throw new Error('killed')
    return world.clock.now()
  }
  let deaths = 0
  const untilDone = async (state: string): Promise<void> => {
    for (let life = 2; ; life += 1 + (life % 3)) {
      steps = 0
      await work(id, dying(life)).catch(() => (deaths += 1))
      if ((await ada.api.readImport(at(id))).state === state) return
      if (life > 60) throw new Error('it never ends')
    }
  }
  await ada.api.examineImport({ ...at(id), body: { mapping: from('killed') } })
  await untilDone('examined')
  await ada.api.runImport(at(id))
  await untilDone('imported')
  await work(id)
  expect(deaths).toBeGreaterThan(4)
  expect(await broughtBy('killed')).toEqual(await broughtBy('one go'))
  const { facts } = await ada.api.readReconciliation(at(id))
  expect(facts.filter(({ same }) => !same)).toEqual([])
})

test('six workers on one batch write it once', async () => {
  const { id } = await upload(sample)
  await ada.api.examineImport({ ...at(id), body: { mapping: from('six') } })
  await Promise.all(Array.from({ length: 6 }, () => work(id)))
  await ada.api.runImport(at(id))
  await Promise.all(Array.from({ length: 6 }, () => work(id)))
  expect(await ada.api.readImport(at(id))).toMatchObject({ state: 'imported', records: 65, updates: 332 })
  expect(await broughtBy('six')).toEqual(await broughtBy('one go'))
})

test('a run is paused between records and goes on', async () => {
  const { id } = await upload(sample)
  await ada.api.examineImport({ ...at(id), body: { mapping: from('paused') } })
  await work(id)
  await ada.api.runImport(at(id))
  let steps = 0
  let pausing: Promise<unknown> = Promise.resolve()
  await work(id, () => {
    steps += 1
    if (steps === 4) pausing = ada.api.pauseImport(at(id))
    return world.clock.now()
  })
  await pausing
  const paused = await ada.api.readImport(at(id))
  expect(['paused', 'imported']).toContain(paused.state)
  if (paused.state === 'paused') {
    await ada.api.runImport(at(id))
    await work(id)
  }
  expect(await broughtBy('paused')).toEqual(await broughtBy('one go'))
})

test('a batch is taken back whole, and can be brought again', async () => {
  const brought = await broughtWhole(sample.replaceAll('Caller ', 'Sender '), from('void'))
  expect(await broughtBy('void')).toHaveLength(65)
  await ada.api.voidImport({ ...at(brought.id), body: { reason: 'the wrong year' } })
  expect(await broughtBy('void')).toEqual([])
  await work(brought.id)
  const gone = await ada.api.readImport(at(brought.id))
  expect(gone).toMatchObject({ state: 'voided', takenBack: { reason: 'the wrong year', done: true } })
  expect(gone.takenBack?.deactivated.people).toBeGreaterThan(20)
  const again = await broughtWhole(sample.replaceAll('Caller ', 'Sender '), from('void'))
  expect(again).toMatchObject({ state: 'imported', records: 65, updates: 332, known: 0 })
  const { people } = await read(world.database, tenant.id, (q) =>
    q.one<{ people: number }>({
      text: `select count(*)::int as people from person where tenant_id = $1 and name like 'Sender %' and not is_active`,
      values: [tenant.id],
    }),
  )
  expect(people).toBe(0)
})

test('rows that cannot be taken are named by line, column, value and reason, and the rest comes', async () => {
  const lines = sample.split('\n')
  const broken = lines
    .map((line, index) => (index === 5 ? line.replace(/\d+\/\d+\/\d+ \d+:\d+/, '=yesterday') : line))
    // Of no record at all: no run comes to it.
    .map((line, index) => (index === 9 ? line.replace(/^[^,]+/, '') : line))
  const { id } = await upload(broken.join('\n'))
  await ada.api.examineImport({ ...at(id), body: { mapping: from('broken') } })
  await work(id)
  const { rows } = await ada.api.listImportFaults({ ...at(id), query: {} })
  expect(rows).toMatchObject([
    { line: 6, value: '=yesterday', code: 'not_an_instant' },
    { line: 10, record: null, code: 'no_identity' },
  ])
  const csv = await world.app.inject({
    url: `/api/v1/imports/${id}/faults.csv`,
    headers: { cookie: ada.cookie },
  })
  expect(csv.payload).toContain("'=yesterday")
  await ada.api.runImport(at(id))
  await work(id)
  expect(await ada.api.readImport(at(id))).toMatchObject({ state: 'imported', refused: 2, updates: 330 })
  const { facts } = await ada.api.readReconciliation(at(id))
  expect(facts.filter(({ same }) => !same).map(({ because }) => because)).toContain('2 rows were refused')
})

test('a file that is no table leaves nothing, and says why', async () => {
  const picture = Buffer.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...Array.from({ length: 4000 }, (_, n) => n % 256),
  ])
  const { id } = await upload(picture, 'picture.csv')
  const refused: unknown = await ada.api
    .examineImport({ ...at(id), body: { mapping } })
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refused)
  expect((await ada.api.readImport(at(id))).state).toBe('waiting')
})

test('a file beyond the limit is refused', async () => {
  await expect(upload(Buffer.alloc(1_100_000))).rejects.toThrow(/too_large/)
})

test('mappings are kept in versions, and the same document makes none', async () => {
  const params = { name: 'Desk of before' }
  await ada.api.saveMapping({ params, body: { mapping } })
  expect((await ada.api.saveMapping({ params, body: { mapping } })).version).toBe(1)
  expect((await ada.api.saveMapping({ params, body: { mapping: from('elsewhere') } })).version).toBe(2)
  const { versions } = await ada.api.listMappingVersions({ params })
  expect(versions.map((version) => version.version)).toEqual([2, 1])
})
