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
  directory = await mkdtemp(join(tmpdir(), 'evenkeel-further-'))
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

const bring = async (content: string): Promise<string> => {
  const { id } = await upload(Buffer.from(content))
  await ada.api.examineImport({ params: { id }, body: { mapping, name: null } })
  await work(id)
  await ada.api.runImport({ params: { id } })
  await work(id)
  expect((await ada.api.readImport({ params: { id } })).state).toBe('imported')
  return id
}
const takeBack = (id: string) => ada.api.voidImport({ params: { id }, body: { reason: 'the wrong file' } })

test("tomorrow's bigger file brings only what is new; it is taken back with the one it went on from", async () => {
  const [header, ...rows] = sample.toString().trimEnd().split('\n')
  const numberOf = (row: string | undefined) => row?.split(',')[0]
  // In the middle of a record.
  const cut = rows.findIndex((row, at) => at > 150 && numberOf(row) === numberOf(rows[at - 1]))
  const first = await bring([header, ...rows.slice(0, cut)].join('\n'))
  const second = await bring([header, ...rows].join('\n'))
  const { rows: listed } = await ada.api.listIncidents({ query: { limit: 100 } })
  expect(listed).toHaveLength(65)
  const batch = await ada.api.readImport({ params: { id: second } })
  expect(batch).toMatchObject({ known: cut, updates: rows.length - cut, refused: 0 })
  const { groups } = await ada.api.readReconciliation({ params: { id: second } })
  expect(groups.filter((group) => group.fileChecksum !== group.tableChecksum)).toEqual([])

  await expect(takeBack(second)).rejects.toMatchObject({
    status: 409,
    body: { reasons: [{ code: 'continued' }] },
  })
  await takeBack(first)
  await takeBack(second)
  expect((await ada.api.listIncidents({ query: { limit: 100 } })).rows).toEqual([])
  await bring(sample.toString())
  expect((await ada.api.listIncidents({ query: { limit: 100 } })).rows).toHaveLength(65)
})
