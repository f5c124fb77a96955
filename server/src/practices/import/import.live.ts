import type { ImportProgress } from '@evenkeel/contract/live'
import { read, type Database } from '../../platform/postgres/database.ts'
import { listBatches } from './import.repo.ts'
import { progressOf } from './import.view.ts'

const newest = 50

/** How far the batches of a tenant are that work right now. */
export const importsAtWork = (database: Database, tenantId: string): Promise<ImportProgress[]> =>
  read(database, tenantId, async (q) =>
    (await listBatches(q, newest))
      .filter(({ state }) => state === 'examining' || state === 'importing')
      .map((row) => ({ id: row.id, state: row.state, progress: progressOf(row) })),
  )
