/**
 * A worker that dies: tells people and sends mail as a real one does, and ends itself with SIGKILL at the point it was told to. A process of
 * its own, because that is what is killed.
 */
import { parseArgs } from 'node:util'
import { mailOf, tellings } from '../src/app/mail.ts'
import { openJobs } from '../src/platform/jobs/jobs.ts'
import { reactionRunner, type Reaction } from '../src/platform/journal/reactions.ts'
import { write } from '../src/platform/journal/write.ts'
import type { Mailer } from '../src/platform/mail/mail.transport.ts'
import { openDatabase } from '../src/platform/postgres/database.ts'
import { mailDelivery, mailQueue, notifyReaction } from '../src/practices/notification/index.ts'
import type { KillPoint } from './mail-faults.ts'
import { mailSettings } from './mail-room.ts'

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    smtp: { type: 'string' },
    now: { type: 'string' },
    point: { type: 'string' },
  },
})
const now = (): string => values.now ?? ''
const point = values.point as KillPoint

/** Ends this process as the kernel would, for want of memory: nothing is cleaned up, nothing is flushed. */
const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {})
}

const database = await openDatabase({ url: values.database ?? '', connections: 4 })

const real = notifyReaction(tellings)
const relay: Reaction = {
  ...real,
  react: async (tx, entries) => {
    if (point === 'relay, before it writes') await die()
    await real.react(tx, entries)
    if (point === 'relay, before it commits') await die()
  },
}
if (point === 'control: relay that moves on first') {
  // What a relay does that keeps its place apart from its work.
  const skipping = reactionRunner({ ...real, react: async () => {} }, { database, now })
  while (await skipping.run());
  await die()
}
if (point.startsWith('relay')) {
  const runner = reactionRunner(relay, { database, now })
  for (;;) {
    const handled = await runner.run()
    if (!handled && point === 'relay, after it committed') await die()
  }
}

const { house, mailer } = mailOf(mailSettings(values.smtp))
const dying: Mailer = {
  ...mailer,
  send: async (message) => {
    if (point === 'worker, before it sends') await die()
    const outcome = await mailer.send(message)
    if (point === 'worker, after it sent and before it notes so') await die()
    return outcome
  },
}
const delivery = mailDelivery({ database, house, mailer: dying, now, log: () => {} })
const jobs = await openJobs({ url: values.database ?? '', onError: () => {}, pollSeconds: 0.5 })
await jobs.work(mailQueue, 1, async (data, signal) => {
  if (point === 'control: worker that notes it first') {
    // What a worker does that says "done" before it is.
    const tenantId = String(data['tenantId'])
    const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'test' } as const
    await write(database, { tenantId, actor, request: null, now: now() }, async (tx) =>
      tx.send({
        text: `update outbound_mail set status = 'accepted', settled_at = $3 where tenant_id = $1 and id = $2`,
        values: [tenantId, data['mailId'], now()],
      }),
    )
    await die()
  }
  await delivery.deliver(data, signal)
  if (point === 'worker, after it noted so and before the queue knows') await die()
})
