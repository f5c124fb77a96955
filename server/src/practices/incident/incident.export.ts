import { Readable } from 'node:stream'
import type { ListQuery } from '@evenkeel/contract/record'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { csvLine, nextCursor, pageQuery } from '../record/index.ts'
import { incidentList, rowsOf } from './incident.list.ts'

const pageSize = 1000
const mostRows = 200_000

const header = [
  'Number',
  'Title',
  'State',
  'Priority',
  'Service',
  'Team',
  'Assignee',
  'Requester',
  'Created',
  'Updated',
  'Resolved',
  'Last word to the caller',
]

/**
 * The list as CSV: the same rows in the same order under the same rights, page by page, so that neither the server nor the database
 * holds it whole. Exports are journalled: who took what out.
 */
export const exportIncidents = async (
  database: Database,
  caller: Caller,
  query: Pick<ListQuery, 'q' | 'filter' | 'sort'>,
): Promise<Readable> => {
  const list = await incidentList(database, caller, query)
  await write(database, caller, async (tx) => {
    tx.journal({
      type: 'incident.exported',
      subject: { kind: 'person', id: caller.personId },
      data: { q: query.q ?? null, filter: query.filter ?? null, sort: query.sort ?? null },
      personal: ['/q', '/filter'],
    })
  })
  const pages = async function* (): AsyncGenerator<string> {
    yield `\uFEFF${csvLine(header)}`
    let cursor: string | undefined
    for (let taken = 0; taken < mostRows; taken += pageSize) {
      const page = pageQuery(list, cursor, pageSize)
      const { rows, next } = await read(database, caller.tenantId, async (q) => {
        const found = await q.rows(page)
        const ids = found.slice(0, pageSize).map((row) => row.id)
        return { rows: await rowsOf(q, ids), next: nextCursor(list, found, pageSize) }
      })
      yield rows
        .map((row) =>
          csvLine([
            row.number,
            row.title,
            row.state,
            row.priority,
            row.service?.name ?? null,
            row.team.name,
            row.assignee?.name ?? null,
            row.requester.name,
            row.createdAt,
            row.updatedAt,
            row.resolvedAt,
            row.lastPublicAt,
          ]),
        )
        .join('')
      if (next === null) return
      cursor = next
    }
  }
  return Readable.from(pages())
}
