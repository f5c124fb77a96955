import type { SigningKey } from '../kernel/evidence/note.ts'
import { runReactions } from '../platform/journal/runner.ts'
import type { Reaction } from '../platform/journal/reactions.ts'
import { sealerWith } from '../platform/journal/sealer.ts'
import type { Database } from '../platform/postgres/database.ts'

export type WorkerSettings = {
  readonly database: Database
  readonly signingKey: SigningKey
  readonly now: () => string
  readonly log: (message: string, details: Record<string, unknown>) => void
}

export type Worker = { stop(): Promise<void>; drain(): Promise<void> }

/** Everything that happens behind the commands: seals and reactions. As many workers as wanted; each piece runs in one at a time. */
export const startWorker = async (settings: WorkerSettings): Promise<Worker> => {
  const reactions: readonly Reaction[] = [sealerWith(settings.signingKey)]
  const running = runReactions(reactions, {
    database: settings.database,
    now: settings.now,
    pause: 500,
    onSetAside: (reaction, entryId, error) =>
      settings.log('an entry was set aside', {
        reaction,
        entryId,
        error: error instanceof Error ? error.message : String(error),
      }),
  })
  return { stop: () => running.stop(), drain: () => running.drain() }
}
