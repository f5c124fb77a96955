import { Client } from 'pg'
import { PgBoss, type Job } from 'pg-boss'
import { uuidOf } from '../../kernel/uuid.ts'
import type { Tx } from '../journal/write.ts'

/**
 * Work that leaves the database (mail, webhooks): queued in the transaction of the reaction that wants it, done by a worker, taken over
 * from a worker that died, tried again when it throws, and kept as a dead letter when it never works.
 */
export type Queue = {
  readonly name: string
  /** Tries after the first one, before a job becomes a dead letter. */
  readonly retryLimit: number
  /** Seconds before the first new try; doubles each time, up to `retryDelayMax`, with some chance in it. */
  readonly retryDelay: number
  readonly retryDelayMax: number
  /** Seconds one try may take. */
  readonly expireInSeconds: number
}

// A killed worker's job is taken over after so many seconds without a sign of life, and the next look at that. Together with the first
// retry delay they stay under 45 s (fault test F3).
const heartbeatSeconds = 20
const defaultSuperviseSeconds = 10

export const deadLetterQueue = (queue: Queue): string => `${queue.name}_dead`

/** Creates or updates the queues' tables; run with the owner's rights, after the migrations. Safe to repeat and to run twice at once. */
export const installJobs = async (ownerUrl: string, queues: readonly Queue[]): Promise<void> => {
  const boss = new PgBoss({ connectionString: ownerUrl, supervise: false, schedule: false, max: 2 })
  boss.on('error', () => {})
  await boss.start()
  try {
    for (const queue of queues) {
      const { name, ...options } = queue
      const settings = {
        ...options,
        retryBackoff: true,
        heartbeatSeconds,
        deadLetter: deadLetterQueue(queue),
      }
      // Noting down a dead letter is work inside the database: it is tried until the database lets it.
      const patient = {
        retryLimit: 1000,
        retryDelay: 5,
        retryDelayMax: 300,
        retryBackoff: true,
        heartbeatSeconds,
      }
      await boss.createQueue(deadLetterQueue(queue), { ...patient, retentionSeconds: 90 * 86_400 })
      await boss.createQueue(name, settings)
      await boss.updateQueue(name, settings)
    }
  } finally {
    await boss.stop({ graceful: false })
  }
  const owner = new Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    // One after the other: PostgreSQL refuses two grants on the same object at once.
    await owner.query(`
      select pg_advisory_xact_lock(hashtext('evenkeel jobs'));
      grant usage on schema pgboss to evenkeel_app;
      grant select, insert, update, delete on all tables in schema pgboss to evenkeel_app;
      grant usage on all sequences in schema pgboss to evenkeel_app;
      grant execute on all functions in schema pgboss to evenkeel_app;`)
  } finally {
    await owner.end()
  }
}

export type NewJob = {
  /** Makes it happen once: the same key again is the same job. */
  readonly key: string
  /** Identifiers only, never words or secrets: rows of the queue belong to no tenant. */
  readonly data: Readonly<Record<string, string | number>>
  /** Seconds before the first try. */
  readonly pause?: number
}

/**
 * Queues work in the caller's transaction. Written out instead of asked of the library, so that a command in a process without workers
 * needs no connection of its own for it; a test compares the rows with those that the library makes.
 *
 * The left join is on purpose: a queue that was never installed fails the transaction instead of losing the job.
 */
export const enqueue = (tx: Tx, queue: Queue, jobs: readonly NewJob[]): void => {
  if (jobs.length === 0) return
  tx.send({
    name: 'job_enqueue',
    text: `insert into pgboss.job (id, name, data, start_after, keep_until, expire_seconds, deletion_seconds, retry_limit, retry_delay,
             retry_backoff, retry_delay_max, policy, dead_letter, heartbeat_seconds)
           select j.id, $1, j.data, now() + j.pause * interval '1s', now() + (j.pause + q.retention_seconds) * interval '1s', q.expire_seconds,
             q.deletion_seconds, q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.policy, q.dead_letter, q.heartbeat_seconds
           from unnest($2::uuid[], $3::jsonb[], $4::float8[]) as j (id, data, pause) left join pgboss.queue q on q.name = $1
           on conflict do nothing`,
    values: [
      queue.name,
      jobs.map((job) => jobId(queue, job.key)),
      jobs.map((job) => JSON.stringify(job.data)),
      jobs.map((job) => job.pause ?? 0),
    ],
  })
}

/** One try. It ends early when `signal` says that another worker has the job now. What it throws is tried again. */
export type Handler = (data: Record<string, unknown>, signal: AbortSignal) => Promise<void>

export type Jobs = {
  /** Begins to work on a queue, so many workers at a time. */
  work(queue: Queue, workers: number, handler: Handler): Promise<void>
  /** Begins to look after jobs that never worked; `handler` notes them down where people see them. */
  deadLetters(queue: Queue, handler: Handler): Promise<void>
  /** How many wait, run and lie dead, as counted within the last minute. */
  stats(queue: Queue): Promise<{ queued: number; active: number; dead: number }>
  /** Finishes what it is at, for ten seconds at most. */
  stop(): Promise<void>
}

export type JobsSettings = {
  /** As the role that owns nothing. */
  readonly url: string
  readonly onError: (error: Error) => void
  /** Seconds between looks for work, and for jobs whose worker died. */
  readonly pollSeconds?: number
  readonly superviseSeconds?: number
}

export const openJobs = async (settings: JobsSettings): Promise<Jobs> => {
  const superviseSeconds = settings.superviseSeconds ?? defaultSuperviseSeconds
  const boss = new PgBoss({
    connectionString: settings.url,
    migrate: false,
    createSchema: false,
    schedule: false,
    // Rebuilding indexes is the owner's.
    reindex: false,
    max: 4,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
  })
  boss.on('error', settings.onError)
  await boss.start()
  const workOn = async (name: string, workers: number, handler: Handler): Promise<void> => {
    // A batch of two or more: only then does a full one mean "look again at once". Each worker has its own batch, so that a job that
    // takes long holds up one neighbour's acknowledgement and nobody's work.
    const options = {
      batchSize: 2,
      localConcurrency: workers,
      pollingIntervalSeconds: settings.pollSeconds ?? 2,
      burstWhenBatchFull: true,
      perJobResults: true,
    } as const
    await boss.work<Record<string, unknown>, object, typeof options>(name, options, (jobs) =>
      Promise.all(jobs.map((job) => attempt(job, handler))),
    )
  }
  return {
    work: (queue, workers, handler) => workOn(queue.name, workers, handler),
    deadLetters: (queue, handler) => workOn(deadLetterQueue(queue), 1, handler),
    stats: async (queue) => {
      const [[main], [dead]] = await Promise.all([
        boss.getQueueStats(queue.name),
        boss.getQueueStats(deadLetterQueue(queue)),
      ])
      return { queued: main?.queuedCount ?? 0, active: main?.activeCount ?? 0, dead: dead?.queuedCount ?? 0 }
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}

const attempt = async (job: Job<Record<string, unknown>>, handler: Handler) => {
  try {
    await handler(job.data, job.signal)
    return { id: job.id, status: 'completed' as const }
  } catch (error) {
    // The kind of the error and no more: its words may repeat what people wrote.
    return {
      id: job.id,
      status: 'failed' as const,
      output: { error: error instanceof Error ? error.name : 'unknown' },
    }
  }
}

/** A job's id is its key. */
const jobId = (queue: Queue, key: string): string => uuidOf('job', queue.name, key)
