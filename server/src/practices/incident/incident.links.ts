import type { LinkIncident } from '@evenkeel/contract/incident'
import { invalid } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { hold, mustFit } from './incident.command.ts'
import { insertLink, removeLink, survivorFor } from './incident.duplicates.ts'
import { readableIncidents } from './incident.relatives.ts'
import type { IncidentRow } from './incident.repo.ts'
import { says } from './incident.reasons.ts'

/** Links two incidents; both pages show it. Unknown, foreign and hidden incidents get one answer. */
export const linkIncident = (
  database: Database,
  caller: Caller,
  id: string,
  { type, toId }: LinkIncident,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const alongside = type === 'duplicate_of' ? [toId] : []
    const sheet = await hold(tx, caller, id, 'incident.link', { alongside })
    mustFit(sheet, 'link')
    if (type === 'duplicate_of') await survivorFor(tx, caller, id, toId, 'toId')
    else {
      const other = (await readableIncidents(tx, caller, [toId])).get(toId)
      if (other === undefined) throw invalid('toId', says('incident.none'))
      if (toId === id) throw invalid('toId', says('link.itself'))
      if (type === 'follows') await mustBeEarlier(tx, sheet.row, toId)
    }
    const [from, to] = endsOf(type, id, toId)
    await insertLink(tx, from, type, to)
    sheet.finish()
  })

export const unlinkIncident = (
  database: Database,
  caller: Caller,
  id: string,
  { type, toId }: LinkIncident,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.link')
    mustFit(sheet, 'link')
    const [from, to] = endsOf(type, id, toId)
    if (!(await removeLink(tx, from, type, to))) throw invalid('toId', says('link.none'))
    sheet.finish()
  })

/** Being related has no direction, so it is stored in one only: the same pair is never linked twice. */
const endsOf = (type: LinkIncident['type'], id: string, toId: string): readonly [string, string] =>
  type === 'related' && toId < id ? [toId, id] : [id, toId]

/** What follows comes later, so nothing follows itself by a detour. */
const mustBeEarlier = async (tx: Tx, row: IncidentRow, toId: string): Promise<void> => {
  const { earlier } = await tx.one<{ earlier: boolean }>({
    name: 'incident_is_earlier',
    text: 'select (created_at, id) < ($3, $4) as earlier from record where tenant_id = $1 and id = $2',
    values: [tx.tenantId, toId, row.created_at, row.id],
  })
  if (!earlier) throw invalid('toId', says('link.earlier'))
}
