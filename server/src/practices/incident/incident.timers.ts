import type { IncidentAction } from '@evenkeel/contract/incident'
import { Refusal } from '../../kernel/refusal.ts'
import { write, type Author } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { bySystem, makeMove, openSheet, type Sheet } from './incident.command.ts'
import { standingFacts } from './incident.facts.ts'
import { lockDueIncident } from './incident.repo.ts'
import { endedWait } from './incident.waits.ts'

export type TimersRun = {
  readonly woken: number
  readonly closed: number
  /** Incidents whose timer failed for another reason than that it was no longer due; tried again with the next run. */
  readonly failed: readonly { readonly id: string; readonly error: unknown }[]
  /** There may be more that is due. */
  readonly more: boolean
}

const mostPerRun = 200

type Timer = {
  readonly action: Extract<IncidentAction, 'wait_ended' | 'close'>
  readonly column: 'hold_until' | 'auto_close_at'
  readonly state: string
  readonly make: (sheet: Sheet, now: string) => void
}

const timers: readonly Timer[] = [
  {
    action: 'wait_ended',
    column: 'hold_until',
    state: 'on_hold',
    make: (sheet, now) => void makeMove(sheet, 'wait_ended', factsOf(sheet, now), endedWait(sheet.row, now)),
  },
  {
    action: 'close',
    column: 'auto_close_at',
    state: 'resolved',
    make: (sheet, now) =>
      void makeMove(sheet, 'close', factsOf(sheet, now), { change: { closed_at: now, auto_close_at: null } }),
  },
]

const factsOf = ({ row }: Sheet, now: string) => standingFacts(row, { openChildren: 0, byCaller: false, now })

/**
 * What time does to a tenant's incidents: waits whose date has come go on, resolutions that nobody objected to are closed. Each
 * incident in a transaction of its own, decided again under its lock, so that running it twice, or in two processes at once, makes
 * each move once; one that somebody else holds is left to the next run.
 */
export const runIncidentTimers = async (
  database: Database,
  tenantId: string,
  now: string,
): Promise<TimersRun> => {
  const author: Author = {
    tenantId,
    actor: { kind: 'system', id: null, onBehalfOf: null, via: 'timer' },
    request: null,
    now,
  }
  const counts = { wait_ended: 0, close: 0 }
  const failed: { id: string; error: unknown }[] = []
  let more = false
  for (const timer of timers) {
    const due = await dueIncidents(database, tenantId, timer, now)
    more ||= due.length === mostPerRun
    for (const id of due) {
      try {
        if (await ring(database, author, timer, id)) counts[timer.action] += 1
      } catch (error) {
        failed.push({ id, error })
      }
    }
  }
  // Only failures would come again: no reason to run at once.
  more &&= counts.wait_ended + counts.close > 0
  return { woken: counts.wait_ended, closed: counts.close, failed, more }
}

const dueIncidents = (
  database: Database,
  tenantId: string,
  { column, state }: Timer,
  now: string,
): Promise<string[]> =>
  read(database, tenantId, async (q) => {
    const rows = await q.rows<{ id: string }>({
      name: `incident_due_${column}`,
      text: `select i.id from incident i join record r on r.tenant_id = i.tenant_id and r.id = i.id
             where i.tenant_id = $1 and i.${column} <= $2 and r.state = $3 order by i.${column}, i.id limit $4`,
      values: [tenantId, now, state, mostPerRun],
    })
    return rows.map((row) => row.id)
  })

/** Makes the move if it is still due and nobody else is at it. */
const ring = (database: Database, author: Author, timer: Timer, id: string): Promise<boolean> =>
  write(database, author, async (tx) => {
    const row = await lockDueIncident(tx, id)
    if (row === undefined) return false
    const sheet = openSheet(tx, bySystem, row)
    try {
      timer.make(sheet, author.now)
    } catch (error) {
      // Somebody was quicker: resumed, reopened or postponed it since it was found.
      if (error instanceof Refusal && ['not_allowed_here', 'not_ready'].includes(error.code)) return false
      throw error
    }
    sheet.finish()
    return true
  })
