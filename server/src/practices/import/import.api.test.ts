import { readFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportBatch } from '@evenkeel/contract/import'
import { ImportMapping } from '@evenkeel/contract/import-mapping'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { diskStore } from '../../platform/files/disk-store.ts'
import type { FileStore } from '../../platform/files/file-store.ts'
import { workOnImport } from './import.work.ts'

const root = join(import.meta.dirname, '../../../..')
const sample = await readFile(join(root, 'server/test/samples/incident-log.csv'))
const mapping = ImportMapping.parse(
  JSON.parse(await readFile(join(root, 'bench/mappings/incident-log.json'), 'utf8')),
)

let directory: string
let files: FileStore
let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let ada: TestPerson

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'evenkeel-import-'))
  files = diskStore(directory)
  world = await createWorld({ files, importLimitBytes: 1_000_000 })
  tenant = await world.tenant('harbor')
  ada = await tenant.person('Ada', 'administrator')
})
afterAll(async () => {
  await world.end()
  await rm(directory, { recursive: true, force: true })
})

const upload = async (content: Buffer | string, name = 'log.csv'): Promise<ImportBatch> => {
  const answer = await world.app.inject({
    method: 'POST',
    url: `/api/v1/imports?name=${name}`,
    headers: { cookie: ada.cookie, 'content-type': 'application/octet-stream' },
    payload: content,
  })
  if (answer.statusCode !== 201) throw new Error(answer.payload)
  return answer.json<ImportBatch>()
}
const work = (batchId: string): Promise<void> =>
  workOnImport({
    database: world.database,
    files,
    now: world.clock.now,
    log: () => {},
  })({ tenantId: tenant.id, batchId }, new AbortController().signal)

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
  expect(examined.findings?.untranslated.map(({ value, then }) => [value, then])).toContainEqual([
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
