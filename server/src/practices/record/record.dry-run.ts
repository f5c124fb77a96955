import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'

/**
 * Does the work in a transaction and takes it back: a dry run is the run itself, so that it cannot promise what the run refuses.
 * Returns what the work returned; what the work throws is thrown.
 */
export const dryRun = async <T>(
  database: Database,
  author: Author,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => {
  const enough = new Error('a dry run ends here')
  let outcome: { readonly value: T } | undefined
  try {
    await write(database, author, async (tx) => {
      outcome = { value: await work(tx) }
      throw enough
    })
  } catch (error) {
    if (error === enough && outcome !== undefined) return outcome.value
    throw error
  }
  throw enough
}
