import { incidentListRoutes as routes } from '@evenkeel/contract/incident-list'
import { serve } from '../../platform/http/serve.ts'
import { fileMedia, offeredFields } from '../record/index.ts'
import { exportIncidents } from './incident.export.ts'
import { groupable, incidentFields, namedBy } from './incident.fields.ts'
import {
  countIncidents,
  countLists,
  groupIncidents,
  listIncidents,
  readIncidentFilter,
} from './incident.list.ts'
import { similarIncidents } from './incident.similar.ts'

export const incidentListRoutes = serve(routes, {
  listIncidents: ({ database, caller }, { query }) => listIncidents(database, caller, query),
  countIncidents: ({ database, caller }, { query }) => countIncidents(database, caller, query),
  countIncidentLists: async ({ database, caller }, { body }) => ({
    counts: await countLists(database, caller, body.lists),
  }),
  incidentFilterFields: async ({ database, caller }) => {
    const { fields } = await incidentFields(database, caller)
    return { fields: offeredFields(fields, groupable, namedBy) }
  },
  groupIncidents: ({ database, caller }, { query }) => groupIncidents(database, caller, query),
  readIncidentFilter: ({ database, caller }, { query }) => readIncidentFilter(database, caller, query),
  exportIncidents: async ({ database, caller, reply }, { query }) => {
    const { format = 'csv' } = query
    return reply
      .type(fileMedia[format])
      .header('content-disposition', `attachment; filename="incidents-${caller.now.slice(0, 10)}.${format}"`)
      .send(await exportIncidents(database, caller, query))
  },
  similarIncidents: async ({ database, caller }, { query }) => ({
    incidents: await similarIncidents(database, caller, query),
  }),
})
