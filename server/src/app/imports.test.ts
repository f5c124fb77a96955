import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportBatch } from '@evenkeel/contract/import'
import { ImportProgress } from '@evenkeel/contract/live'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { broughtBy, importSample, importSampleTimes, mappingFrom } from '../../test/import-room.ts'
import { scratchDirectory } from '../../test/instance-process.ts'
import { mailSettings } from '../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../test/world.ts'
import { newSigningKey, signingKey } from '../kernel/evidence/note.ts'
import { diskStore } from '../platform/files/disk-store.ts'
import type { FileStore } from '../platform/files/file-store.ts'
import { startWorker, type Worker } from './worker.ts'

let scratch: Awaited<ReturnType<typeof scratchDirectory>>
let files: FileStore
let world: World
let base: string
const workers: Worker[] = []

beforeAll(async () => {
  scratch = await scratchDirectory()
  files = diskStore(scratch.path)
  world = await createWorld({ files })
  base = await world.app.listen({ port: 0, host: '127.0.0.1' })
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
})
afterAll(async () => {
  await world.end()
  await scratch.remove()
})

const work = async (): Promise<Worker> => {
  const worker = await startWorker({
    database: world.database,
    databaseUrl: world.test.appUrl,
    signingKey: signingKey(newSigningKey().privateKeyPem),
    mail: mailSettings(undefined),
    files,
    now: world.clock.now,
    log: () => {},
    superviseSeconds: 1,
  })
  workers.push(worker)
  return worker
}
const mapping = mappingFrom('the desk of before')
const bring = async (ada: TestPerson, content: string): Promise<string> => {
  const answer = await fetch(`${base}/api/v1/imports?name=log.csv`, {
    method: 'POST',
    headers: { cookie: ada.cookie, 'content-type': 'application/octet-stream', origin: base },
    body: content,
  })
  const { id } = (await answer.json()) as ImportBatch
  await ada.api.examineImport({ params: { id }, body: { mapping } })
  return id
}
const until = async (
  ada: TestPerson,
  id: string,
  isSo: (batch: ImportBatch) => boolean,
): Promise<ImportBatch> => {
  for (;;) {
    const batch = await ada.api.readImport({ params: { id } })
    if (isSo(batch)) return batch
    await sleep(20)
  }
}
const rests = ({ state }: ImportBatch): boolean => state !== 'examining' && state !== 'importing'

/** A page that listens: the events named `import` that reach it. */
const listen = async (person: TestPerson) => {
  const ending = new AbortController()
  const answer = await fetch(`${base}/api/v1/live`, {
    headers: { cookie: person.cookie, accept: 'text/event-stream' },
    signal: ending.signal,
  })
  let text = ''
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) text += Buffer.from(chunk as Uint8Array).toString()
  })().catch(() => undefined)
  return {
    text: () => text,
    heard: () =>
      [...text.matchAll(/^event: import\ndata: (.*)$/gm)].map((match) =>
        ImportProgress.parse(JSON.parse(match[1] ?? '')),
      ),
    end: () => (ending.abort(), reading),
  }
}

test('two organizations import at once, with one worker: neither waits for the other, neither sees the other', async () => {
  const [one, two] = [await world.tenant('north'), await world.tenant('south')]
  const [ada, bea] = [await one.person('Ada', 'administrator'), await two.person('Bea', 'administrator')]
  await work()
  const [big, small] = [await bring(ada, importSampleTimes(24)), await bring(bea, importSample)]
  expect((await until(ada, big, rests)).state).toBe('examined')
  expect((await until(bea, small, rests)).state).toBe('examined')
  await ada.api.runImport({ params: { id: big } })
  await until(ada, big, ({ progress }) => (progress?.rows ?? 0) > 0)
  // Begun later, done earlier: a long one does not hold up a short one.
  await bea.api.runImport({ params: { id: small } })
  expect(await until(bea, small, rests)).toMatchObject({ state: 'imported', records: 65, updates: 332 })
  expect((await ada.api.readImport({ params: { id: big } })).state).toBe('importing')
  expect(await until(ada, big, rests)).toMatchObject({
    state: 'imported',
    records: 24 * 65,
    updates: 24 * 332,
  })
  for (const [person, id] of [
    [ada, big],
    [bea, small],
  ] as const) {
    const { facts, groups } = await person.api.readReconciliation({ params: { id } })
    expect(facts.filter(({ same }) => !same)).toEqual([])
    expect(groups.filter((group) => group.fileChecksum !== group.tableChecksum)).toEqual([])
  }
  expect(await broughtBy(world.database, two.id, mapping.source)).toHaveLength(65)
  await expect(ada.api.readImport({ params: { id: small } })).rejects.toMatchObject({ status: 404 })
  expect((await bea.api.listImports()).imports.map(({ id }) => id)).toEqual([small])
})

test('a worker that is told to stop leaves its import at once, and the next one goes on', async () => {
  const tenant = await world.tenant('east')
  const ada = await tenant.person('Ada', 'administrator')
  const first = await work()
  const id = await bring(ada, importSampleTimes(6))
  await until(ada, id, rests)
  await ada.api.runImport({ params: { id } })
  await until(ada, id, ({ progress }) => (progress?.rows ?? 0) > 100)
  await first.stop()
  const left = await ada.api.readImport({ params: { id } })
  expect(left.state).toBe('importing')
  expect(left.updates).toBeLessThan(6 * 332)
  await work()
  expect(await until(ada, id, rests)).toMatchObject({
    state: 'imported',
    records: 6 * 65,
    updates: 6 * 332,
    known: 0,
  })
})

test('how far it is reaches the page that was opened in the middle, of those who may import and of nobody else', async () => {
  const tenant = await world.tenant('west')
  const [ada, rita] = [await tenant.person('Ada', 'administrator'), await tenant.person('Rita', 'requester')]
  const elsewhere = await (await world.tenant('far')).person('Eve', 'administrator')
  await work()
  const id = await bring(ada, importSampleTimes(8))
  await until(ada, id, rests)
  await ada.api.runImport({ params: { id } })
  await until(ada, id, ({ progress }) => (progress?.rows ?? 0) > 0)
  // Nobody listened when it began.
  const pages = [await listen(ada), await listen(rita), await listen(elsewhere)]
  const [hers, ritas, eves] = pages
  await expect.poll(() => hers?.heard().length).toBeGreaterThan(0)
  expect(hers?.heard()[0]).toMatchObject({
    id,
    state: 'importing',
    progress: { doing: 'importing', ofRows: 8 * 332 },
  })
  await until(ada, id, rests)
  // That it is done is an entry of the journal, and told as a change.
  await expect.poll(() => hers?.text()).toContain('"type":"import.finished"')
  expect(ritas?.text()).not.toContain('import')
  expect(eves?.text()).not.toContain('import')
  await Promise.all(pages.map((page) => page.end()))
})

test('a batch that no job looks after any more gets a new one by itself', async () => {
  const tenant = await world.tenant('silent')
  const ada = await tenant.person('Ada', 'administrator')
  const id = await bring(ada, importSample)
  // As after a restore of an older queue, or a job that somebody deleted.
  await world.asAdmin("delete from pgboss.job where name = 'import'")
  const worker = await work()
  await sleep(500)
  expect((await ada.api.readImport({ params: { id } })).state).toBe('examining')
  await worker.stop()
  workers.splice(0)
  world.clock.advance(91_000)
  await work()
  expect((await until(ada, id, rests)).state).toBe('examined')
})

test('a file of sixty megabytes comes in through the API, kept whole and read to its end', async () => {
  const tenant = await world.tenant('wide')
  const ada = await tenant.person('Ada', 'administrator')
  await work()
  const [header = '', ...lines] = importSample.trimEnd().split('\n')
  const attached = 'x'.repeat(180_000)
  const hash = createHash('sha256')
  let sizeBytes = 0
  const pieces = function* (): Generator<Buffer> {
    for (const line of [`${header},attached`, ...lines.map((one) => `${one},${attached}`)]) {
      const piece = Buffer.from(`${line}\n`)
      hash.update(piece)
      sizeBytes += piece.length
      yield piece
    }
  }
  const answer = await fetch(`${base}/api/v1/imports?name=wide.csv`, {
    method: 'POST',
    headers: { cookie: ada.cookie, 'content-type': 'application/octet-stream', origin: base },
    // Never whole in memory, on either side.
    body: Readable.toWeb(Readable.from(pieces())),
    duplex: 'half',
  })
  const batch = (await answer.json()) as ImportBatch
  expect(sizeBytes).toBeGreaterThan(59_000_000)
  expect(batch).toMatchObject({ sizeBytes, sha256: hash.digest('hex'), state: 'waiting' })
  const params = { id: batch.id }
  await ada.api.examineImport({ params, body: { mapping } })
  const examined = await until(ada, batch.id, rests)
  expect(examined.findings).toMatchObject({ rows: 332, records: 65, refused: 0 })
})
