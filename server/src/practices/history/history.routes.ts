import { journalRoutes } from '@evenkeel/contract/journal'
import type { VerifierKey } from '../../kernel/evidence/note.ts'
import { serve, type Served } from '../../platform/http/serve.ts'
import { read } from '../../platform/postgres/database.ts'
import { exportJournal } from './history.export.ts'
import { journalEntry, journalState, listJournal } from './history.queries.ts'
import { verifyStretch } from './history.verify.ts'

/** @param keysOf the keys that this instance signs a tenant's heads with, or signed them with */
export const historyRoutes = (keysOf: (tenantId: string) => Promise<readonly VerifierKey[]>): Served[] =>
  serve(journalRoutes, {
    listJournal: ({ database, caller }, { query }) => listJournal(database, caller, query),
    readJournalState: ({ database, caller }) => journalState(database, caller),
    verifyJournal: async ({ database, caller }, { body }) => {
      const keys = await keysOf(caller.tenantId)
      return read(database, caller.tenantId, async (q) => {
        await q.rows({ text: 'set transaction isolation level repeatable read', values: [] })
        return verifyStretch(q, body.from, keys, undefined, caller.language)
      })
    },
    exportJournal: async ({ database, caller, reply }) => {
      const file = await exportJournal(database, caller, await keysOf(caller.tenantId))
      return reply
        .type('application/jsonl; charset=utf-8')
        .header('content-disposition', `attachment; filename="journal-${caller.now.slice(0, 10)}.jsonl"`)
        .send(file)
    },
    readJournalEntry: async ({ database, caller }, { params }) =>
      journalEntry(database, caller, params.id, await keysOf(caller.tenantId)),
  })
