import type { SigningKey } from '../kernel/evidence/note.ts'
import type { FileStore } from '../platform/files/file-store.ts'
import { openJobs, type Jobs } from '../platform/jobs/jobs.ts'
import { runReactions } from '../platform/journal/runner.ts'
import type { Reaction } from '../platform/journal/reactions.ts'
import { sealerWith } from '../platform/journal/sealer.ts'
import type { Database } from '../platform/postgres/database.ts'
import { buryImport, importQueue, workOnImport, type ImportSettings } from '../practices/import/index.ts'
import {
  mailDelivery,
  mailQueue,
  notifyReaction,
  queueMailReaction,
} from '../practices/notification/index.ts'
import { itemsFollowPolicies, whatIsGoneEnds } from '../practices/configuration/index.ts'
import { impactReaction, measuredIncidents } from '../practices/incident/index.ts'
import { clockReaction } from '../practices/service-level/index.ts'
import { insightReaction } from '../practices/insight/index.ts'
import { mailOf, tellings, type MailSettings } from './mail.ts'
import { startTimers } from './timers.ts'

export type WorkerSettings = {
  readonly database: Database
  /** The same database, for the queues' own connections. */
  readonly databaseUrl: string
  readonly signingKey: SigningKey
  readonly mail: MailSettings
  readonly files: FileStore
  readonly now: () => string
  readonly log: (message: string, details: Record<string, unknown>) => void
  /** Seconds between looks for jobs whose worker died. */
  readonly superviseSeconds?: number
}

export type Worker = { stop(): Promise<void>; drain(): Promise<void> }

/** Reactions that anybody's process can try again; the sealer needs the signing key, which is the worker's. */
export const retryableReactions: readonly Reaction[] = [
  notifyReaction(tellings),
  queueMailReaction,
  impactReaction,
  clockReaction([measuredIncidents]),
  insightReaction,
  itemsFollowPolicies,
  whatIsGoneEnds,
]

// As many connections to the mail server as the mailer opens, and one job that composes meanwhile.
const mailWorkers = 4
// A batch keeps a connection and much of a processor busy; another organization does not wait hours for its end, though.
const importWorkers = 2

/** Everything that happens behind the commands: seals, reactions, timers and mail. As many workers as wanted; each piece runs in one at a time. */
export const startWorker = async (settings: WorkerSettings): Promise<Worker> => {
  const { database, now, log } = settings
  const { house, mailer } = mailOf(settings.mail)
  const jobs = await openJobs({
    url: settings.databaseUrl,
    onError: (error) => log('the queues report', { error: error.message }),
    ...(settings.superviseSeconds === undefined ? {} : { superviseSeconds: settings.superviseSeconds }),
  })
  const stopping = new AbortController()
  const running = runReactions([sealerWith(settings.signingKey), ...retryableReactions], {
    database,
    now,
    pause: 500,
    onSetAside: (reaction, entryId, error) =>
      log('an entry was set aside', {
        reaction,
        entryId,
        // Its kind: its words may repeat what people wrote, and are with the entry.
        error: error instanceof Error ? error.name : 'unknown',
      }),
  })
  const timers = startTimers({ database, files: settings.files, now, log })
  const stop = async (): Promise<void> => {
    stopping.abort()
    await timers.stop()
    await running.stop()
    await jobs.stop()
    mailer.close()
  }
  try {
    await work(jobs, mailDelivery({ database, house, mailer, now, log }), {
      database,
      files: settings.files,
      now,
      log,
      stopping: stopping.signal,
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { stop, drain: () => running.drain() }
}

const work = async (
  jobs: Jobs,
  delivery: ReturnType<typeof mailDelivery>,
  imports: ImportSettings,
): Promise<void> => {
  await jobs.work(mailQueue, mailWorkers, delivery.deliver)
  await jobs.deadLetters(mailQueue, delivery.bury)
  await jobs.work(importQueue, importWorkers, workOnImport(imports))
  await jobs.deadLetters(importQueue, buryImport(imports))
}
