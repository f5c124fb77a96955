import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openJobs } from '../src/platform/jobs/jobs.ts'
import { read, type Database } from '../src/platform/postgres/database.ts'
import { mailQueue } from '../src/practices/notification/index.ts'
import type { MailRoom } from './mail-room.ts'

/** Where a process can be killed on the way from an entry to a mail, and two places where a worse design would lose it. */
export const killPoints = [
  'relay, before it writes',
  'relay, before it commits',
  'relay, after it committed',
  'worker, before it sends',
  'worker, after it sent and before it notes so',
  'worker, after it noted so and before the queue knows',
  'control: relay that moves on first',
  'control: worker that notes it first',
] as const
export type KillPoint = (typeof killPoints)[number]

export type Victim = {
  /** As the role that owns nothing. */
  readonly appUrl: string
  readonly smtpUrl: string
  readonly now: string
}

/** Runs a worker in a process of its own until it dies at the point. Answers the signal that ended it. */
export const killedAt = async (point: KillPoint, victim: Victim): Promise<NodeJS.Signals | null> => {
  const args = [
    `--database=${victim.appUrl}`,
    `--smtp=${victim.smtpUrl}`,
    `--now=${victim.now}`,
    `--point=${point}`,
  ]
  const child = spawn(process.execPath, [join(import.meta.dirname, 'mail-worker-process.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await once(child, 'close')
  if (child.signalCode === null) throw new Error(`the worker ended by itself with ${child.exitCode}: ${said}`)
  return child.signalCode
}

/**
 * A worker that lives finishes what others left: what is not told is told, and the queue hands over the jobs of the dead. Their signs of life
 * are made to look old, and pauses short, so that nobody waits for half a minute.
 */
export const finish = async (
  room: MailRoom,
  {
    database,
    tenantId,
    appUrl,
    asAdmin,
  }: { database: Database; tenantId: string; appUrl: string; asAdmin: (sql: string) => Promise<void> },
): Promise<void> => {
  await room.tell(tenantId)
  await asAdmin(`update pgboss.job set heartbeat_on = now() - interval '1 minute' where state = 'active'`)
  const jobs = await openJobs({ url: appUrl, onError: () => {}, pollSeconds: 0.5, superviseSeconds: 1 })
  try {
    await jobs.work(mailQueue, 2, room.delivery.deliver)
    await jobs.deadLetters(mailQueue, room.delivery.bury)
    while ((await unfinishedJobs(database, tenantId)) > 0) {
      await sleep(100)
      await asAdmin(`update pgboss.job set start_after = now() where state = 'retry'`)
    }
  } finally {
    await jobs.stop()
  }
}

const unfinishedJobs = (database: Database, tenantId: string): Promise<number> =>
  read(database, tenantId, async (q) => {
    const { count } = await q.one<{ count: number }>({
      text: `select count(*) as count from pgboss.job where data->>'tenantId' = $1 and state in ('created', 'retry', 'active')`,
      values: [tenantId],
    })
    return count
  })
