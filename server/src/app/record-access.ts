import type { Permission } from '@evenkeel/contract/permission'
import type { FindRecord } from '../practices/people/index.ts'
import { accessRows } from '../practices/record/index.ts'

// What reads each kind of record.
const readBy: Readonly<Record<string, Permission>> = { incident: 'incident.read' }

/** For "why can this person (not) do this": people know nothing of records, so the record's side is looked up here. */
export const findRecordForAccess: FindRecord = async (q, recordId) => {
  const [rows, header] = await Promise.all([
    accessRows(q, [recordId]),
    q.maybe<{ number: string; kind: string }>({
      text: 'select number, kind from record where tenant_id = $1 and id = $2',
      values: [q.tenantId, recordId],
    }),
  ])
  const row = rows.get(recordId)
  const permission = header === undefined ? undefined : readBy[header.kind]
  if (row === undefined || header === undefined || permission === undefined) return undefined
  return { row, number: header.number, readBy: permission }
}
