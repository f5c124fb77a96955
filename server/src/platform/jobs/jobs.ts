import { createHash } from 'node:crypto'
import { PgBoss, type Job } from 'pg-boss'
import { Client } from 'pg'
import type { Tx } from '../journal/write.ts'

/**
 * Work that leaves the database (mail, webhooks): queued in the transaction of the reaction that wants it, done by a worker, tried
 * again with growing pauses, and kept as a dead letter when it never works.
 */
export type Queue = {
  readonly name: string
  /** Tries after the first one. */
  readonly retryLimit: number
  /** Seconds before the first new try; doubles each time, up to `retryDelayMax`. */
  readonly retryDelay: number
  readonly retryDelayMax: number
  /** Seconds one try may take. */
  readonly expireInSeconds: number
}

// A killed worker's job is taken over after this many seconds without a sign of life.
const heartbeatSeconds = 30

export const deadLetterQueue = (queue: Queue): string => `${queue.name}_dead`

/** Creates or updates the queues' tables; run with the owner's rights, after the migrations. Safe to repeat. */
export const installJobs = async (ownerUrl: string, queues: readonly Queue[]): Promise<void> => {
  const boss = new PgBoss({ connectionString: ownerUrl, supervise: false, schedule: false, max: 2 })
  boss.on('error', () => {})
  await boss.start()
  try {
    for (const queue of queues) {
      const { name, ...options } = queue
      const settings = { ...options, retryBackoff: true, heartbeatSeconds, deadLetter: deadLetterQueue(queue) }
      await boss.createQueue(deadLetterQueue(queue), { retryLimit: 0, retentionSeconds: 90 * 86_400 })
      await boss.createQueue(name, settings)
      await boss.updateQueue(name, settings)
    }
  } finally {
    await boss.stop({ graceful: false })
  }
  const owner = new Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    await owner.query(`
      grant usage on schema pgboss to evenkeel_app;
      grant select, insert, update, delete on all tables in schema pgboss to evenkeel_app;
      grant usage on all sequences in schema pgboss to evenkeel_app;
      grant execute on all functions in schema pgboss to evenkeel_app;`)
  } finally {
    await owner.end()
  }
}

export type Handler = (data: Record<string, unknown>, signal: AbortSignal) => Promise<void>

export type Jobs = {
  /** Queues work in the caller's transaction. The key makes it happen once: the same key again is the same job. */
  enqueue(tx: Tx, queue: Queue, key: string, data: Record<string, unknown>): Promise<void>
  /** Begins to work on a queue, `concurrency` jobs at a time. A handler that throws is tried again. */
  work(queue: Queue, concurrency: number, handler: Handler): Promise<void>
  /** How many wait, run and failed for good, per queue. */
  stats(queue: Queue): Promise<{ queued: number; active: number; dead: number }>
  /** Puts dead letters back; returns how many. */
  redrive(queue: Queue): Promise<number>
  stop(): Promise<void>
}

export const openJobs = async (appUrl: string, onError: (error: Error) => void): Promise<Jobs> => {
  const boss = new PgBoss({
    connectionString: appUrl,
    migrate: false,
    createSchema: false,
    schedule: false,
    max: 4,
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
  })
  boss.on('error', onError)
  await boss.start()
  return {
    enqueue: async (tx, queue, key, data) => {
      const db = {
        executeSql: async (text: string, values: unknown[] = []) => ({ rows: await tx.rows({ text, values }) }),
      }
      await boss.insert(queue.name, [{ id: jobId(queue, key), data }], { db })
    },
    work: async (queue, concurrency, handler) => {
      // A batch of two or more: with one, a burst is noticed only at the next poll.
      const options = { batchSize: 2, localConcurrency: concurrency, pollingIntervalSeconds: 0.5, perJobResults: true } as const
      await boss.work<Record<string, unknown>, object, typeof options>(queue.name, options, async (jobs) =>
        Promise.all(
          jobs.map(async (job: Job<Record<string, unknown>>) => {
            try {
              await handler(job.data, job.signal)
              return { id: job.id, status: 'completed' as const }
            } catch (error) {
              const message = error instanceof Error ? error.message : String(error)
              return { id: job.id, status: 'failed' as const, output: { message: message.slice(0, 1000) } }
            }
          }),
        ),
      )
    },
    stats: async (queue) => {
      const [main] = await boss.getQueueStats(queue.name)
      const [dead] = await boss.getQueueStats(deadLetterQueue(queue))
      return { queued: main?.queuedCount ?? 0, active: main?.activeCount ?? 0, dead: dead?.queuedCount ?? 0 }
    },
    redrive: (queue) => boss.redrive(deadLetterQueue(queue)),
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}

/** A job's id is its key: a UUID of version 8 (RFC 9562, section 5.8) from the queue's name and the key. */
const jobId = (queue: Queue, key: string): string => {
  const hex = createHash('sha256').update(`${queue.name}\n${key}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
