import { write, type Author } from '../../platform/journal/write.ts'
import type { FileStore } from '../../platform/files/file-store.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { enqueueBatch } from './import.queue.ts'
import { setBatch } from './import.repo.ts'

// Longer than the queue takes to notice a dead worker and try again.
const silence = 90_000
const keptDays = 30

/** Batches whose worker has not been heard of, and that no job looks after: each gets a new one. */
export const wakeImports = async (database: Database, author: Author): Promise<void> => {
  const before = new Date(Date.parse(author.now) - silence).toISOString()
  const silent = `(state in ('examining', 'importing') or (state in ('imported', 'voided') and not tidied)) and seen_at < $2`
  const found = await read(database, author.tenantId, (q) =>
    q.maybe({
      text: `select 1 from import_batch where tenant_id = $1 and ${silent} limit 1`,
      values: [q.tenantId, before],
    }),
  )
  if (found === undefined) return
  await write(database, author, async (tx) => {
    const rows = await tx.rows<{ id: string; turn: number }>({
      text: `select id, turn from import_batch where tenant_id = $1 and ${silent} for update skip locked`,
      values: [tx.tenantId, before],
    })
    for (const { id, turn } of rows) {
      setBatch(tx, id, { turn: turn + 1, seen_at: author.now })
      enqueueBatch(tx, id, turn + 1)
    }
  })
}

/** The file of a batch that came to its end is kept for a month, for questions; then it goes, and its hash stays. */
export const sweepImportFiles = async (
  database: Database,
  files: FileStore,
  author: Author,
): Promise<number> => {
  const before = new Date(Date.parse(author.now) - keptDays * 86_400_000).toISOString()
  const old = await read(database, author.tenantId, (q) =>
    q.rows<{ id: string; storage_key: string }>({
      text: `select id, storage_key from import_batch where tenant_id = $1 and not file_removed
               and state in ('imported', 'voided', 'failed') and coalesce(voided_at, finished_at, seen_at, created_at) < $2 limit 1000`,
      values: [q.tenantId, before],
    }),
  )
  for (const { id, storage_key } of old) {
    await write(database, author, async (tx) => setBatch(tx, id, { file_removed: true }))
    await files.remove(storage_key)
  }
  return old.length
}

/** Whether a batch still names a stored file. */
export const namesFile = async (q: Reader, key: string): Promise<boolean> =>
  (
    await q.rows({
      text: 'select 1 from import_batch where tenant_id = $1 and storage_key = $2 and not file_removed limit 1',
      values: [q.tenantId, key],
    })
  ).length > 0
