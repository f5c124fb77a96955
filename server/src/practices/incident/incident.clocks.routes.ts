import { serviceLevelRoutes as routes } from '@evenkeel/contract/service-level'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { serve } from '../../platform/http/serve.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { directory } from '../people/index.ts'
import { csvLine, followingOf } from '../record/index.ts'
import { ledgerLines, viewClocks } from '../service-level/index.ts'
import { measuredIncidents } from './incident.clocks.ts'
import { mustBeAllowed, rightsOn } from './incident.command.ts'
import { findIncident } from './incident.repo.ts'

/** Clocks are for those who work on it: whose time is whose is said between them. */
const ofIncident = <Answer>(
  database: Database,
  caller: Caller,
  id: string,
  answer: (q: Reader, number: string) => Promise<Answer>,
): Promise<Answer> =>
  read(database, caller.tenantId, async (q) => {
    const [row, following] = await Promise.all([findIncident(q, id), followingOf(q, id, caller.personId)])
    if (row === undefined) throw new Refusal('not_found')
    const by = rightsOn(row, caller, following)
    if (!by.may('incident.read')) throw new Refusal('not_found')
    mustBeAllowed(by, 'incident.read_internal')
    return answer(q, row.number)
  })

export const incidentClockRoutes = serve(routes, {
  readIncidentClocks: async ({ database, caller }, { params: { id } }) => {
    const { teams } = await directory(database, caller.tenantId)
    return {
      clocks: await ofIncident(database, caller, id, (q) =>
        viewClocks(q, measuredIncidents, id, caller.now, teams),
      ),
    }
  },
  exportIncidentLedger: async ({ database, caller, reply }, { params: { id } }) => {
    const { teams } = await directory(database, caller.tenantId)
    const { number, lines } = await ofIncident(database, caller, id, async (q, number) => ({
      number,
      lines: await ledgerLines(q, measuredIncidents, id, caller.now, teams),
    }))
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${number}-clocks.csv"`)
      .send(`\uFEFF${lines.map(csvLine).join('')}`)
  },
})
