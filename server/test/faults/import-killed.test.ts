import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportBatch } from '@evenkeel/contract/import'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTenant, type BenchTenant } from '../../../bench/place.ts'
import { openDatabase, type Database } from '../../src/platform/postgres/database.ts'
import { cloneDatabase, type TestDatabase } from '../database.ts'
import {
  broughtBy,
  importSampleTimes,
  mappingFrom,
  startImportProcess,
  type ImportProcess,
} from '../import-room.ts'

let clone: TestDatabase
let database: Database
let admin: Client
let directory: string
const processes: ImportProcess[] = []

const times = 5
const rows = times * 332
const mapping = mappingFrom('the desk of before')

beforeAll(async () => {
  clone = await cloneDatabase()
  database = await openDatabase({ url: clone.appUrl, connections: 4 })
  admin = new Client({ connectionString: clone.adminUrl })
  await admin.connect()
  directory = await mkdtemp(join(tmpdir(), 'evenkeel-killed-'))
  // As long a silence as before, in shorter seconds: the queue notices a dead worker by it.
  await admin.query("update pgboss.queue set heartbeat_seconds = 2 where name = 'import'")
})
afterAll(async () => {
  for (const process of processes) await process.kill()
  await admin.end()
  await database.end()
  await clone.drop()
  await rm(directory, { recursive: true, force: true })
})

const start = async (tenant: BenchTenant): Promise<ImportProcess> => {
  const process = await startImportProcess(clone.appUrl, directory, tenant.key)
  processes.push(process)
  return process
}
const isDone = ({ state }: ImportBatch): boolean => state !== 'examining' && state !== 'importing'

/** Whether the worker has a transaction open in which it has written to the batch: as the database sees it. */
const isWriting = async (): Promise<boolean> => {
  const { rowCount } = await admin.query(`
    select 1 from pg_locks l join pg_stat_activity a using (pid)
    where l.relation = 'import_batch'::regclass and l.mode = 'RowExclusiveLock' and a.backend_xid is not null`)
  return (rowCount ?? 0) > 0
}

/** Holds the process still, looks at what it holds open, and kills it when that is half a step. */
const killInAStep = async ({ child, kill }: ImportProcess): Promise<void> => {
  for (;;) {
    await sleep(Math.random() * 40)
    if (child.exitCode !== null) throw new Error('it ended by itself')
    child.kill('SIGSTOP')
    // What was under way to the database still arrives there, and may end the step.
    await sleep(30)
    if (await isWriting()) {
      const gone = once(child, 'exit')
      await kill()
      await gone.catch(() => {})
      while (await isWriting()) await sleep(10)
      return
    }
    child.kill('SIGCONT')
  }
}

/** What a batch came to, without what differs from run to run. */
const outcomeOf = async ({ api }: ImportProcess, tenant: BenchTenant, id: string) => {
  const [batch, report, brought] = await Promise.all([
    api.readImport({ params: { id } }),
    api.readReconciliation({ params: { id } }),
    broughtBy(database, tenant.tenantId, mapping.source),
  ])
  const { state, failure, findings, records, updates, refused, known } = batch
  const { rows: made } = await admin.query(
    `select 'person' as kind, name from person where tenant_id = $1 union all select 'team', name from team where tenant_id = $1
     union all select 'service', name from service where tenant_id = $1 order by 1, 2`,
    [tenant.tenantId],
  )
  const { rows: story } = await admin.query(
    "select type from journal where tenant_id = $1 and type like 'import.%' order by id",
    [tenant.tenantId],
  )
  const { facts, groups, unresolved } = report
  return {
    batch: { state, failure, findings, records, updates, refused, known },
    report: { facts, groups, unresolved },
    brought,
    made,
    story,
  }
}

type Outcome = Awaited<ReturnType<typeof outcomeOf>>

/** Identities of records that differ in anything between two outcomes, or are in one of them alone. */
const differing = (one: Outcome, other: Outcome): string[] => {
  const theirs = new Map(other.brought.map((record) => [record.key, record]))
  const ours = new Set(one.brought.map(({ key }) => key))
  return [
    ...one.brought.flatMap((record) =>
      JSON.stringify(record) === JSON.stringify(theirs.get(record.key)) ? [] : [record.key],
    ),
    ...other.brought.flatMap(({ key }) => (ours.has(key) ? [] : [key])),
  ]
}

const examined = async (process: ImportProcess): Promise<string> => {
  const id = await process.upload(importSampleTimes(times))
  await process.api.examineImport({ params: { id }, body: { mapping } })
  return id
}
const reached = (process: ImportProcess, id: string, count: number): Promise<ImportBatch> =>
  process.until(id, ({ progress }) => (progress?.rows ?? 0) > count)

test('killed in the middle of a step, three times, an import goes on by itself and comes to what one go comes to', async () => {
  const first = await makeTenant(database, ['import.run'])
  const inOneGo = await start(first)
  const wholeId = await examined(inOneGo)
  await inOneGo.until(wholeId, isDone)
  await inOneGo.api.runImport({ params: { id: wholeId } })
  await inOneGo.until(wholeId, isDone)
  const whole = await outcomeOf(inOneGo, first, wholeId)
  await inOneGo.kill()
  expect(whole.batch).toMatchObject({
    state: 'imported',
    records: times * 65,
    updates: rows,
    refused: 0,
    known: 0,
  })
  expect(whole.brought).toHaveLength(times * 65)

  const tenant = await makeTenant(database, ['import.run'])
  let process = await start(tenant)
  const id = await examined(process)
  await reached(process, id, Math.floor(Math.random() * rows * 0.6))
  await killInAStep(process)
  process = await start(tenant)
  expect((await process.api.readImport({ params: { id } })).state).toBe('examining')
  expect((await process.until(id, isDone)).state).toBe('examined')

  await process.api.runImport({ params: { id } })
  let before = 0
  for (const part of [0.1, 0.5]) {
    await reached(process, id, Math.floor(rows * (part + Math.random() * 0.25)))
    await killInAStep(process)
    process = await start(tenant)
    // Nobody has to ask for it: it counts as under way, and goes on from where it was.
    const { state, progress } = await process.api.readImport({ params: { id } })
    expect(state).toBe('importing')
    expect(progress?.rows).toBeGreaterThan(before)
    before = progress?.rows ?? 0
  }
  await process.until(id, isDone)
  const killed = await outcomeOf(process, tenant, id)
  expect(differing(whole, killed)).toEqual([])
  expect(killed).toEqual(whole)

  // Control: one that notes how far it is apart from what it brings has, killed at the wrong moment, noted records that are not there.
  const careless = await makeTenant(database, ['import.run'])
  await process.kill()
  process = await start(careless)
  const lossyId = await examined(process)
  await process.until(lossyId, isDone)
  await process.api.runImport({ params: { id: lossyId } })
  await reached(process, lossyId, Math.floor(rows / 4))
  await killInAStep(process)
  await admin.query(
    `update import_batch b set done_to = (
       select max(place) from (select place from import_record r
         where r.tenant_id = b.tenant_id and r.batch_id = b.id and r.place > b.done_to order by place limit 50) next)
     where id = $1`,
    [lossyId],
  )
  process = await start(careless)
  await process.until(lossyId, isDone)
  const lossy = await outcomeOf(process, careless, lossyId)
  expect(differing(whole, lossy)).toHaveLength(50)
  expect(lossy.report.facts.filter(({ same }) => !same).map(({ name }) => name)).toContain('records')
}, 300_000)
