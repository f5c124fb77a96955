import { incidentRoutes as routes } from '@evenkeel/contract/incident'
import { serve } from '../../platform/http/serve.ts'
import { listIncidents, readIncident } from './incident.queries.ts'
import { moveIncident } from './incident.moves.ts'
import { raiseIncident } from './incident.raise.ts'

const { raiseIncident: raise, readIncident: readOne, moveIncident: move, listIncidents: list } = routes

export const incidentRoutes = serve(
  { raiseIncident: raise, readIncident: readOne, moveIncident: move, listIncidents: list },
  {
    raiseIncident: ({ database, caller, once }, { body }) => raiseIncident(database, caller, body, once),
    readIncident: ({ database, caller }, { params }) => readIncident(database, caller, params.id),
    moveIncident: ({ database, caller }, { params, body, version }) =>
      moveIncident(database, caller, params.id, version, body),
    listIncidents: ({ database, caller }, { query }) => listIncidents(database, caller, query.limit),
  },
)
