import { forget } from '../cache/tenant-cache.ts'
import type { Database } from '../postgres/database.ts'

const listeners = new WeakMap<Database, Set<() => void>>()

/** After a commit in this process: caches drop what changed at once, and who follows the journal looks soon instead of later. */
export const announce = (database: Database, tenantId: string, types: readonly string[]): void => {
  if (types.length === 0) return
  forget(database, tenantId, types)
  for (const listener of listeners.get(database) ?? []) listener()
}

/** Calls `listener` after every commit of this process that journalled something. Returns what ends it. */
export const onCommitted = (database: Database, listener: () => void): (() => void) => {
  const all = listeners.get(database) ?? new Set()
  listeners.set(database, all.add(listener))
  return () => all.delete(listener)
}
