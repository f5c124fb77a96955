import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { mayAtAll } from '../../kernel/access.ts'
import { writeExport } from '../../kernel/evidence/export-format.ts'
import type { VerifierKey } from '../../kernel/evidence/note.ts'
import type { JournalItem } from '../../kernel/evidence/sealed-journal.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import { storedJournal } from '../../platform/journal/stored-journal.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { sightOf } from './history.visible.ts'
import { says } from './history.reasons.ts'

/**
 * The sealed journal as `evenkeel journal export` writes it, for one reader: every entry is there, or the file could not prove itself;
 * personal values (all free text is among them) only as far as this reader may see them. It is written to a file first: a slow connection
 * must not hold a transaction of the database open. That it was exported is on record before the first byte leaves.
 */
export const exportJournal = async (
  database: Database,
  caller: Caller,
  keys: readonly VerifierKey[],
): Promise<Readable> => {
  if (!mayAtAll(caller.grants, 'export'))
    throw new Refusal('forbidden', [{ code: 'export', message: says('permission') }])
  const counts = { entries: 0, heads: 0, withheld: 0 }
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-journal-'))
  const file = join(folder, 'journal.jsonl')
  const gone = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const output = await open(file, 'wx', 0o600)
    try {
      await read(database, caller.tenantId, async (q) => {
        // A sealer that goes on working must not look like a fault.
        await q.rows({ text: 'set transaction isolation level repeatable read', values: [] })
        const items = withheldFrom(q, caller, storedJournal(q), counts)
        for await (const line of writeExport({ tenant: caller.tenantId, publicKeys: keys }, items))
          await output.write(line)
      })
    } finally {
      await output.close()
    }
    await write(database, caller, async (tx) => {
      tx.journal({
        type: 'journal.exported',
        subject: { kind: 'tenant', id: caller.tenantId },
        data: { ...counts },
      })
    })
  } catch (error) {
    await gone()
    throw error
  }
  const stream = createReadStream(file)
  stream.once('close', () => void gone())
  return stream
}

const pageSize = 1000

/** The same items, without the personal values of entries that this reader may not see, or not from the inside. */
async function* withheldFrom(
  q: Reader,
  caller: Caller,
  items: AsyncIterable<JournalItem>,
  counts: { entries: number; heads: number; withheld: number },
): AsyncGenerator<JournalItem> {
  const sight = sightOf(caller)
  const ids = sight.parameters.next([], 'uuid[]')
  const place = sight.parameters.values.length - 1
  const open = async (asked: readonly string[]): Promise<ReadonlySet<string>> => {
    const values = sight.parameters.values.with(place, [...asked])
    const rows = await q.rows<{ id: string }>({
      text: `select j.id from journal j where j.tenant_id = $1 and j.id = any(${ids}) and ${sight.visible}
             and (case when j.subject_kind = 'incident' then ${sight.internal} else ${String(sight.people)} end)`,
      values: [caller.tenantId, ...values],
    })
    return new Set(rows.map((row) => row.id))
  }
  let waiting: JournalItem[] = []
  const flush = async (): Promise<JournalItem[]> => {
    const asked = waiting.flatMap((item) =>
      item.kind === 'entry' && item.entry !== null ? [item.entry.id] : [],
    )
    const seen = asked.length === 0 ? new Set<string>() : await open(asked)
    const passed = waiting.map((item): JournalItem => {
      if (item.kind === 'head') counts.heads += 1
      if (item.kind !== 'entry') return item
      counts.entries += 1
      if (item.personal === undefined || (item.entry !== null && seen.has(item.entry.id))) return item
      counts.withheld += 1
      const { personal: _, ...rest } = item
      return rest
    })
    waiting = []
    return passed
  }
  for await (const item of items) {
    waiting.push(item)
    if (waiting.length >= pageSize) yield* await flush()
  }
  yield* await flush()
}
