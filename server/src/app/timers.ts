import type { Author } from '../platform/journal/write.ts'
import type { FileStore } from '../platform/files/file-store.ts'
import { transaction, type Database } from '../platform/postgres/database.ts'
import { noTenant } from '../platform/journal/position.ts'
import { tellOfAttestations, tellOfEnds } from '../practices/asset/index.ts'
import { measuredIncidents, runIncidentTimers, sweepFiles } from '../practices/incident/index.ts'
import { runClocks, tenantsWithClocksDue } from '../practices/service-level/index.ts'
import { settleItems } from '../practices/configuration/index.ts'
import { namesFile, sweepImportFiles, wakeImports } from '../practices/import/index.ts'
import { runDigests, sweepNotices } from '../practices/notification/index.ts'
import { endUnusedAccounts, sweepAccess } from '../practices/people/index.ts'
import { sweepIdempotency } from '../platform/http/idempotency.ts'

export type TimerSettings = {
  readonly database: Database
  readonly files: FileStore
  readonly now: () => string
  readonly log: (message: string, details: Record<string, unknown>) => void
  /** Milliseconds between two looks at what is due. */
  readonly pause?: number
  /** The same for clocks of service levels. */
  readonly clockPause?: number
}

const tidyEvery = 3_600_000

/**
 * What time does: waits that end, resolutions that close, and what is too old to be kept. Each piece is decided again under its lock, so
 * several workers may run it, and one that was down for a while does on its return what was due meanwhile.
 */
export const startTimers = (settings: TimerSettings): { stop(): Promise<void> } => {
  const { database, now, log } = settings
  const ending = new AbortController()
  let tidied = Number.NEGATIVE_INFINITY

  const eachTenant = async (work: (tenantId: string, author: Author) => Promise<void>): Promise<void> => {
    for (const tenantId of await tenants(database)) {
      if (ending.signal.aborted) return
      await work(tenantId, authorOf(tenantId, now())).catch((error: unknown) =>
        log('a timer failed', { tenantId, error: messageOf(error) }),
      )
    }
  }
  const round = async (): Promise<void> => {
    await eachTenant(async (tenantId, author) => {
      let more = true
      while (more && !ending.signal.aborted) {
        const run = await runIncidentTimers(database, tenantId, author.now)
        for (const { id, error } of run.failed)
          log('a timer failed', { tenantId, incident: id, error: messageOf(error) })
        more = run.more
      }
      more = true
      while (more && !ending.signal.aborted) {
        const run = await runDigests(database, author)
        for (const { personId, error } of run.failed)
          log('a timer failed', { tenantId, digestOf: personId, error: messageOf(error) })
        more = run.more
      }
    })
    await eachTenant(async (_, author) => void (await settleItems(database, author)))
    await eachTenant((_, author) => wakeImports(database, author))
    await eachTenant((_, author) => tellOfEnds(database, author))
    await eachTenant((_, author) => tellOfAttestations(database, author))
    if (performance.now() - tidied < tidyEvery) return
    tidied = performance.now()
    await eachTenant((_, author) => endUnusedAccounts(database, author))
    await eachTenant(async (_, author) => {
      await sweepAccess(database, author)
      await sweepNotices(database, author)
      await sweepIdempotency(database, author)
    })
    await eachTenant(async (_, author) => void (await sweepImportFiles(database, settings.files, author)))
    await sweepFiles(database, settings.files, now(), namesFile)
  }
  const clocks = async (): Promise<void> => {
    for (const tenantId of await tenantsWithClocksDue(database, now())) {
      let more = true
      while (more && !ending.signal.aborted) {
        const run = await runClocks(database, [measuredIncidents], authorOf(tenantId, now()))
        for (const { id, error } of run.failed)
          log('a clock could not be read', { tenantId, record: id, error: messageOf(error) })
        more = run.more
      }
    }
  }
  const loop = async (work: () => Promise<void>, pause: number): Promise<void> => {
    while (!ending.signal.aborted) {
      await work().catch((error: unknown) => log('the timers could not run', { error: messageOf(error) }))
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause)
        ending.signal.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }
  // What is promised to the minute is not left waiting behind what may take a while.
  const running = Promise.all([
    loop(round, settings.pause ?? 15_000),
    loop(clocks, settings.clockPause ?? 500),
  ])
  return {
    stop: async () => {
      ending.abort()
      await running
    },
  }
}

const authorOf = (tenantId: string, now: string): Author => ({
  tenantId,
  actor: { kind: 'system', id: null, onBehalfOf: null, via: 'timer' },
  request: null,
  now,
})

/** Tenants at work, in the order in which they were made. */
const tenants = async (database: Database): Promise<string[]> =>
  transaction(database, noTenant, 'read only', async (_, q) => {
    const rows = await q.rows<{ id: string }>({
      text: 'select id from tenant where suspended_at is null order by id',
      values: [],
    })
    return rows.map((row) => row.id)
  })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
