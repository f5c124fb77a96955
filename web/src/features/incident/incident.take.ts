import type { AssignIncident, IncidentRow, IncidentView } from '@evenkeel/contract/incident'
import type { Me } from '@evenkeel/contract/session'
import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { press } from '../../ui/press.ts'
import { command, foretoldAssignment, incidentQuery, listKey } from './incident.api.ts'

/**
 * What taking an incident means for somebody: themselves in the team it is with, if they are in it; else in their only team. Undefined when
 * they have to say which.
 */
const takenBy = (me: Me, incident: Pick<IncidentView, 'team'>): AssignIncident | undefined => {
  const [only, ...others] = me.teams
  if (me.teams.some(({ id }) => id === incident.team.id))
    return { personId: me.person.id, teamId: incident.team.id }
  if (others.length > 0) return undefined
  return only === undefined ? { personId: me.person.id } : { personId: me.person.id, teamId: only.id }
}

const take = (queries: QueryClient, me: Me, incident: IncidentView, body: AssignIncident): Promise<void> =>
  command(
    queries,
    incident,
    (seen) => client.assignIncident({ ...seen, body }),
    foretoldAssignment(incident, { id: me.person.id, name: me.person.name }),
  )

/** Gives the incident to oneself; where that leaves a question, the list of people opens instead. */
export const useTake = (incident: IncidentView): (() => Promise<void>) => {
  const me = useMe()
  const queries = useQueryClient()
  return async () => {
    const body = takenBy(me, incident)
    if (body === undefined) openAssignees()
    else if (incident.assignee?.id !== me.person.id) await take(queries, me, incident, body)
  }
}

export const assigneesId = 'assignee'
export const openAssignees = (): void => press(document.getElementById(assigneesId))

/** Gives a row of a list to oneself; says whether it could, or whether a question is left that the record itself has to ask. */
export const useTakeRow = (): ((row: IncidentRow) => Promise<boolean>) => {
  const me = useMe()
  const queries = useQueryClient()
  return async (row) => {
    if (row.assignee?.id === me.person.id) return true
    const body = takenBy(me, row)
    if (body === undefined) return false
    queries.setQueriesData<InfiniteData<{ readonly rows: readonly IncidentRow[] }>>(
      { queryKey: [...listKey, 'rows'] },
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            rows: page.rows.map((one) =>
              one.id === row.id ? { ...one, assignee: { id: me.person.id, name: me.person.name } } : one,
            ),
          })),
        },
    )
    try {
      await take(queries, me, await queries.fetchQuery(incidentQuery(row.id)), body)
      return true
    } catch {
      // The record says why it refuses, and the row goes back to what is true.
      void queries.invalidateQueries({ queryKey: [...listKey, 'rows'] })
      return false
    }
  }
}
