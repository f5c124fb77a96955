import { incidentListRoutes as routes } from '@evenkeel/contract/incident-list'
import { serve } from '../../platform/http/serve.ts'
import { exportIncidents } from './incident.export.ts'
import { incidentFields } from './incident.fields.ts'
import { countIncidents, listIncidents } from './incident.list.ts'
import { similarIncidents } from './incident.similar.ts'

export const incidentListRoutes = serve(routes, {
  listIncidents: ({ database, caller }, { query }) => listIncidents(database, caller, query),
  countIncidents: ({ database, caller }, { query }) => countIncidents(database, caller, query),
  incidentFilterFields: async ({ database, caller }) => {
    const { fields } = await incidentFields(database, caller)
    return {
      fields: fields.all.map((field) => ({
        name: field.name,
        label: field.label,
        type: field.type,
        sortable: field.sortable === true,
        choices: 'choices' in field ? field.choices.map(({ value, label }) => ({ value, label })) : [],
      })),
    }
  },
  exportIncidents: async ({ database, caller, reply }, { query }) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="incidents-${caller.now.slice(0, 10)}.csv"`)
      .send(await exportIncidents(database, caller, query)),
  similarIncidents: async ({ database, caller }, { query }) => ({
    incidents: await similarIncidents(database, caller, query),
  }),
})
