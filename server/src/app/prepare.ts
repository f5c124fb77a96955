import { installJobs, type Queue } from '../platform/jobs/jobs.ts'
import { migrate } from '../platform/postgres/migrate.ts'
import { importQueue } from '../practices/import/index.ts'
import { mailQueue } from '../practices/notification/index.ts'

/** Every queue of the product. */
export const queues: readonly Queue[] = [mailQueue, importQueue]

/**
 * Brings a database to this version: tables, then queues. Run with the owner's rights; safe to repeat and to run twice at once.
 * @returns the migrations it applied
 */
export const prepareDatabase = async (ownerUrl: string, log?: (line: string) => void): Promise<string[]> => {
  const applied = await migrate(ownerUrl, log === undefined ? {} : { log })
  await installJobs(ownerUrl, queues)
  return applied
}
