import type { Database } from '../postgres/database.ts'
import { onCommitted } from './committed.ts'
import { reactionRunner, type Reaction, type RunSettings } from './reactions.ts'

export type Reactions = {
  stop(): Promise<void>
  /** Handles everything there is, now: for tests and for a stop that drains. */
  drain(): Promise<void>
}

/** Runs reactions until stopped: soon after a commit of this process, and every `pause` milliseconds for those of others. */
export const runReactions = (
  reactions: readonly Reaction[],
  settings: RunSettings & { readonly database: Database; readonly pause?: number },
): Reactions => {
  const runners = reactions.map((reaction) => reactionRunner(reaction, settings))
  const ending = new AbortController()
  let wake: () => void = () => {}
  let pending = true
  const nudge = (): void => {
    pending = true
    wake()
  }
  const quiet = onCommitted(settings.database, nudge)

  const everyRunner = async (): Promise<boolean> => {
    let more = false
    // One after the other: together they would only hold each other's horizon back.
    for (const runner of runners) more = (await runner.run()) || more
    return more
  }
  let last: Promise<unknown> = Promise.resolve()
  const round = (): Promise<boolean> => {
    const next = last.then(everyRunner)
    last = next.catch(() => {})
    return next
  }

  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      pending = false
      let more = false
      try {
        more = await round()
      } catch {
        // The database is away; the cursors stand where they stood.
      }
      if (ending.signal.aborted) return
      if (more || pending) {
        // Entries of one moment are handled together.
        await new Promise((resolve) => setTimeout(resolve, 20))
        continue
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, settings.pause ?? 1000)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const running = loop()
  return {
    stop: async () => {
      ending.abort()
      quiet()
      wake()
      await running
    },
    drain: async () => {
      while (await round());
    },
  }
}
