import type { EditIncident, IncidentView } from '@evenkeel/contract/incident'
import { useQueryClient } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'
import { command } from './incident.api.ts'

/** Changes fields in place; what the change is known to do is shown at once. */
export const useEditIncident = (incident: IncidentView) => {
  const queries = useQueryClient()
  return (body: EditIncident, foretold?: Partial<IncidentView>): Promise<void> =>
    command(queries, incident, (seen) => client.editIncident({ ...seen, body }), foretold)
}
