import { read, transaction, type Database } from '../postgres/database.ts'
import { forget } from '../cache/tenant-cache.ts'
import { onCommitted } from './committed.ts'
import {
  byTenant,
  entriesAt,
  lastPosition,
  noTenant,
  positionsAfter,
  type Place,
  type Position,
  type StoredEntry,
} from './position.ts'

/** Entries of one tenant, oldest first, each with its place. */
export type Followed = {
  readonly tenantId: string
  readonly entries: readonly { readonly place: Place; readonly entry: StoredEntry }[]
}

export type Follower = {
  /** Looks now instead of at the next interval. */
  look(): void
  stop(): Promise<void>
  /** Where it stands; for health: how long ago it last reached the end. */
  readonly state: { position: Position; caughtUpAt: number; failing: string | null }
}

export type FollowSettings = {
  /** Milliseconds between looks while somebody listens, and while nobody does. */
  readonly listening: () => boolean
  readonly quick?: number
  readonly slow?: number
  readonly onEntries: (followed: Followed) => Promise<void>
}

const batchSize = 1000

/**
 * Follows the journal from now on, for this process: drops caches that other processes made stale and hands the entries on. It keeps no
 * cursor: what must not be missed is a reaction.
 */
export const follow = async (database: Database, settings: FollowSettings): Promise<Follower> => {
  const position = await transaction(database, noTenant, 'read only', (_, q) => lastPosition(q))
  const state: Follower['state'] = { position, caughtUpAt: performance.now(), failing: null }
  const ending = new AbortController()
  let wake: () => void = () => {}

  const look = async (): Promise<boolean> => {
    const places = await transaction(database, noTenant, 'read only', (_, q) =>
      positionsAfter(q, state.position, batchSize),
    )
    for (const [tenantId, ids] of byTenant(places)) {
      const entries = await read(database, tenantId, (q) => entriesAt(q, ids))
      const placeOf = new Map(places.map((place) => [place.id, place]))
      forget(
        database,
        tenantId,
        entries.map((entry) => entry.type),
      )
      await settings.onEntries({
        tenantId,
        entries: entries.flatMap((entry) => {
          const place = placeOf.get(entry.id)
          return place === undefined ? [] : [{ place, entry }]
        }),
      })
    }
    const last = places.at(-1)
    if (last !== undefined) state.position = { era: last.era, tx: last.tx, id: last.id }
    return places.length === batchSize
  }

  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      let more = false
      try {
        more = await look()
        state.failing = null
        if (!more) state.caughtUpAt = performance.now()
      } catch (error) {
        // The database is away: the next look tries again from the same place.
        state.failing = error instanceof Error ? error.message : String(error)
      }
      if (more) continue
      const pause = settings.listening() ? (settings.quick ?? 100) : (settings.slow ?? 1000)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  // A commit of this process is seen in a few milliseconds: not at once, so that a burst is one look.
  const quiet = onCommitted(database, () => {
    if (settings.listening()) setTimeout(() => wake(), 5)
  })
  const running = loop()
  return {
    look: () => wake(),
    stop: async () => {
      ending.abort()
      quiet()
      wake()
      await running
    },
    state,
  }
}
