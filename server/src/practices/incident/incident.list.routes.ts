import { incidentListRoutes as routes } from '@evenkeel/contract/incident-list'
import { serve } from '../../platform/http/serve.ts'
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

const exportMedia = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export const incidentListRoutes = serve(routes, {
  listIncidents: ({ database, caller }, { query }) => listIncidents(database, caller, query),
  countIncidents: ({ database, caller }, { query }) => countIncidents(database, caller, query),
  countIncidentLists: async ({ database, caller }, { body }) => ({
    counts: await countLists(database, caller, body.lists),
  }),
  incidentFilterFields: async ({ database, caller }) => {
    const { fields } = await incidentFields(database, caller)
    return {
      fields: fields.all.map((field) => ({
        name: field.name,
        label: field.label,
        type: field.type,
        sortable: field.sortable === true,
        groupable: groupable.has(field.name),
        aliases: [...(field.aliases ?? [])],
        choices: 'choices' in field ? field.choices.map(({ value, label }) => ({ value, label })) : [],
        names: namedBy.get(field.name) ?? null,
        relative: 'relative' in field ? [...(field.relative ?? [])] : [],
        whole: 'whole' in field && field.whole,
      })),
    }
  },
  groupIncidents: ({ database, caller }, { query }) => groupIncidents(database, caller, query),
  readIncidentFilter: ({ database, caller }, { query }) => readIncidentFilter(database, caller, query),
  exportIncidents: async ({ database, caller, reply }, { query }) => {
    const { format = 'csv' } = query
    return reply
      .type(exportMedia[format])
      .header('content-disposition', `attachment; filename="incidents-${caller.now.slice(0, 10)}.${format}"`)
      .send(await exportIncidents(database, caller, query))
  },
  similarIncidents: async ({ database, caller }, { query }) => ({
    incidents: await similarIncidents(database, caller, query),
  }),
})
