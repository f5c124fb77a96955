import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { inForce } from '../configuration/index.ts'
import { csvLine } from '../record/index.ts'
import { auditedRows } from './audit.page.ts'
import { says } from './audit.reasons.ts'
import { auditRow, seenOf } from './audit.repo.ts'

const columns = [
  'item',
  'class',
  'outcome',
  'expected',
  'seen',
  'text',
  'by',
  'at',
  'decision',
  'decided',
  'decidedAt',
] as const

/** The whole report as a file, as this reader sees it; that it was taken out is on record. */
export const exportAudit = async (database: Database, caller: Caller, id: string): Promise<string> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return write(database, caller, async (tx) => {
    await auditRow(tx, caller, id)
    const seen = await seenOf(tx, caller, force, id)
    const rows = auditedRows(seen)
    tx.journal({
      type: 'item_audit.exported',
      subject: { kind: 'item_audit', id },
      data: { rows: rows.length + seen.unread.length },
    })
    return [
      columns.map((column) => says(`column.${column}`).in(language)),
      ...rows.map(({ item, outcome, expectedPlace, seen: scan, decision }) => [
        item.name,
        item.classLabel,
        says(`outcome.${outcome}`).in(language),
        expectedPlace?.name ?? '',
        scan?.place?.name ?? '',
        scan?.text ?? '',
        scan?.by.name ?? '',
        scan?.at ?? '',
        decision === null ? '' : says(`decision.${decision.decision}`).in(language),
        decision?.by.name ?? '',
        decision?.at ?? '',
      ]),
      ...seen.unread.map(({ text, by, at, placeId }) => [
        '',
        '',
        says('outcome.unread').in(language),
        '',
        placeId === null ? '' : (seen.places.named.get(placeId) ?? ''),
        text,
        by.name,
        at,
        '',
        '',
        '',
      ]),
    ]
      .map(csvLine)
      .join('')
  })
}
