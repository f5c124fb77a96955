import { setTimeout as sleep } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cloneDatabase, type TestDatabase } from '../../../test/database.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { write, type Author, type Tx } from '../journal/write.ts'
import { openDatabase, type Database } from '../postgres/database.ts'
import { deadLetterQueue, enqueue, installJobs, openJobs, type Jobs, type Queue } from './jobs.ts'

const queue: Queue = { name: 'test', retryLimit: 2, retryDelay: 0, retryDelayMax: 1, expireInSeconds: 60 }
const quiet: Queue = { ...queue, name: 'quiet' }

let clone: TestDatabase
let database: Database
let admin: Client
const errors: Error[] = []
const opened: Jobs[] = []

beforeAll(async () => {
  clone = await cloneDatabase()
  await installJobs(clone.ownerUrl, [queue, quiet])
  database = await openDatabase({ url: clone.appUrl, connections: 4 })
  admin = new Client({ connectionString: clone.adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await Promise.all(opened.map((jobs) => jobs.stop()))
  await database.end()
  await admin.end()
  await clone.drop()
})

const author: Author = {
  tenantId: uuidv7(),
  actor: { kind: 'system', id: null, onBehalfOf: null, via: 'test' },
  request: null,
  now: '2026-03-02T09:00:00.000Z',
}
const inTx = (work: (tx: Tx) => void): Promise<void> => write(database, author, async (tx) => work(tx))

const open = async (): Promise<Jobs> => {
  const jobs = await openJobs({
    url: clone.appUrl,
    onError: (error) => errors.push(error),
    pollSeconds: 0.5,
    superviseSeconds: 1,
  })
  opened.push(jobs)
  return jobs
}
const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await done())) await sleep(25)
}
const statesOf = async (name: string): Promise<Record<string, number>> => {
  const { rows } = await admin.query<{ state: string; count: string }>(
    'select state, count(*) from pgboss.job where name = $1 group by state',
    [name],
  )
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]))
}

describe('queueing', () => {
  test('a job is there when its transaction is, and not when it is rolled back', async () => {
    await expect(
      inTx((tx) => {
        enqueue(tx, quiet, [{ key: 'lost', data: { n: 1 } }])
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await statesOf('quiet')).toEqual({})
    await inTx((tx) => enqueue(tx, quiet, [{ key: 'kept', data: { n: 1 } }]))
    expect(await statesOf('quiet')).toEqual({ created: 1 })
  })

  test('the same key again is the same job; the same key of another queue is another one', async () => {
    await inTx((tx) => {
      enqueue(tx, quiet, [{ key: 'twice', data: { n: 1 } }])
      enqueue(tx, quiet, [{ key: 'twice', data: { n: 2 } }])
    })
    await inTx((tx) => enqueue(tx, quiet, [{ key: 'twice', data: { n: 3 } }]))
    await inTx((tx) => enqueue(tx, queue, [{ key: 'twice', data: { n: 4 }, pause: 3600 }]))
    const { rows } = await admin.query<{ n: number }>(
      `select (data->>'n')::int as n from pgboss.job where name in ('quiet', 'test') and data->>'n' <> '1' or data->>'n' = '1' and name = 'quiet' order by n`,
    )
    expect(rows.map((row) => row.n)).toEqual([1, 1, 4])
  })

  test('a queue that was never installed fails the transaction instead of losing the job', async () => {
    const unknown: Queue = { ...queue, name: 'unknown' }
    await expect(inTx((tx) => enqueue(tx, unknown, [{ key: 'a', data: {} }]))).rejects.toThrow()
  })

  test('the row is the one the library would have made', async () => {
    const boss = new PgBoss({
      connectionString: clone.appUrl,
      migrate: false,
      supervise: false,
      schedule: false,
      max: 1,
    })
    await boss.start()
    const theirs = await boss.send('quiet', { n: 9 }, { startAfter: 100 })
    await boss.stop({ graceful: false })
    await inTx((tx) => enqueue(tx, quiet, [{ key: 'ours', data: { n: 9 }, pause: 100 }]))
    const { rows } = await admin.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(j) - 'id' - 'created_on' - 'start_after' - 'keep_until' || jsonb_build_object(
         'pause', round(extract(epoch from start_after - created_on)), 'kept', round(extract(epoch from keep_until - created_on))) as row
       from pgboss.job j where data->>'n' = '9'`,
    )
    expect(theirs).not.toBeNull()
    expect(rows).toHaveLength(2)
    expect(rows[0]).toEqual(rows[1])
    expect(rows[0]?.row).toMatchObject({
      heartbeat_seconds: 20,
      dead_letter: 'quiet_dead',
      retry_backoff: true,
      pause: 100,
    })
  })
})

describe('working', () => {
  test('each job is done once, by whichever of two workers', async () => {
    await admin.query(`delete from pgboss.job where name = 'test'`)
    const done: number[] = []
    const handler = async (data: Record<string, unknown>): Promise<void> => void done.push(Number(data['n']))
    const [one, two] = [await open(), await open()]
    await one.work(queue, 2, handler)
    await two.work(queue, 2, handler)
    const numbers = Array.from({ length: 40 }, (_, n) => n)
    await inTx((tx) =>
      enqueue(
        tx,
        queue,
        numbers.map((n) => ({ key: `n${n}`, data: { n } })),
      ),
    )
    await until(async () => (await statesOf('test'))['completed'] === 40)
    expect(done.sort((a, b) => a - b)).toEqual(numbers)
    await one.stop()
    await two.stop()
  })

  test('a job that never works is tried three times and then lies among the dead letters, while its neighbours go on', async () => {
    await admin.query(`delete from pgboss.job where name = 'test'`)
    const jobs = await open()
    let tries = 0
    const done: number[] = []
    const dead: Record<string, unknown>[] = []
    await jobs.work(queue, 1, async (data) => {
      if (data['n'] === 0) {
        tries += 1
        throw new Error('a canary that a person wrote')
      }
      done.push(Number(data['n']))
    })
    await jobs.deadLetters(queue, async (data) => void dead.push(data))
    await inTx((tx) =>
      enqueue(
        tx,
        queue,
        [0, 1, 2, 3].map((n) => ({ key: `poison${n}`, data: { n } })),
      ),
    )
    await until(() => dead.length === 1)
    expect(tries).toBe(3)
    expect(dead).toEqual([{ n: 0 }])
    expect(done.sort((a, b) => a - b)).toEqual([1, 2, 3])
    const { rows } = await admin.query<{ text: string }>(
      `select string_agg(j::text, '') as text from pgboss.job j`,
    )
    expect(rows[0]?.text).not.toContain('canary')
    await jobs.stop()
  })

  test('the job of a worker that died is taken over; without a sign of life it would have been lost for its whole time limit', async () => {
    await admin.query(`delete from pgboss.job where name = 'test'`)
    // A worker that takes two jobs and is never heard of again.
    const boss = new PgBoss({
      connectionString: clone.appUrl,
      migrate: false,
      supervise: false,
      schedule: false,
      max: 1,
    })
    await boss.start()
    await inTx((tx) =>
      enqueue(
        tx,
        queue,
        [1, 2].map((n) => ({ key: `orphan${n}`, data: { n } })),
      ),
    )
    expect(await boss.fetch('test', { batchSize: 2 })).toHaveLength(2)
    await boss.stop({ graceful: false })
    await admin.query(
      `update pgboss.job set heartbeat_on = now() - interval '1 minute', heartbeat_seconds = case when data->>'n' = '2' then null else heartbeat_seconds end
       where name = 'test'`,
    )
    const jobs = await open()
    const done: unknown[] = []
    await jobs.work(queue, 1, async (data) => void done.push(data['n']))
    await until(() => done.length === 1)
    await sleep(2500)
    expect(done).toEqual([1])
    expect(await statesOf('test')).toEqual({ completed: 1, active: 1 })
    await jobs.stop()
  })

  test('a worker whose job was given to another one is told to stop', async () => {
    await admin.query(`delete from pgboss.job where name = 'test'`)
    await admin.query(`update pgboss.queue set heartbeat_seconds = 10 where name = 'test'`)
    const jobs = await open()
    let stopped = false
    await jobs.work(queue, 1, async (_, signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      stopped = true
    })
    await inTx((tx) => enqueue(tx, queue, [{ key: 'zombie', data: {} }]))
    await until(async () => (await statesOf('test'))['active'] === 1)
    await admin.query(`update pgboss.job set state = 'completed' where name = 'test'`)
    await until(() => stopped)
    await jobs.stop()
  })
})

describe('rights', () => {
  test('the role that works may neither create nor change anything in the schema, and needs to do neither', async () => {
    const app = new Client({ connectionString: clone.appUrl })
    await app.connect()
    try {
      for (const ddl of [
        'create table pgboss.mine (id int)',
        'alter table pgboss.job add column mine int',
        'drop table pgboss.job cascade',
        `select pgboss.create_queue('mine', '{"policy":"standard","partition":true}'::jsonb)`,
      ]) {
        await expect(app.query(ddl)).rejects.toMatchObject({ code: '42501' })
      }
    } finally {
      await app.end()
    }
    const { rows } = await admin.query(
      `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'pgboss' and pg_get_userbyid(c.relowner) = 'evenkeel_app'`,
    )
    expect(rows).toEqual([])
    // Everything above ran as that role: queueing, working, supervising, dead letters.
    expect(errors).toEqual([])
  })

  test('installing again, and twice at once, changes nothing', async () => {
    await Promise.all([
      installJobs(clone.ownerUrl, [queue, quiet]),
      installJobs(clone.ownerUrl, [queue, quiet]),
    ])
    const { rows } = await admin.query<{
      name: string
      dead_letter: string | null
      heartbeat_seconds: number
    }>(`select name, dead_letter, heartbeat_seconds from pgboss.queue where name like 'test%' order by name`)
    expect(rows).toEqual([
      { name: 'test', dead_letter: deadLetterQueue(queue), heartbeat_seconds: 20 },
      { name: deadLetterQueue(queue), dead_letter: null, heartbeat_seconds: 20 },
    ])
  })
})
