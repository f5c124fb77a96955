import { fieldRoutes } from '@evenkeel/contract/field'
import { viewRoutes } from '@evenkeel/contract/saved-view'
import { mayAtAll } from '../../kernel/access.ts'
import { serve } from '../../platform/http/serve.ts'
import {
  createCustomField,
  createView,
  customFields,
  deleteView,
  editCustomField,
  editView,
  listViews,
  setDefaultView,
} from '../record/index.ts'
import { incidentFields } from './incident.fields.ts'

/** Custom fields of records; incidents are the kind that has them so far. */
export const incidentFieldRoutes = serve(fieldRoutes, {
  listCustomFields: async ({ database, caller }) => {
    const internal = mayAtAll(caller.grants, 'incident.read_internal')
    const fields = await customFields(database, caller.tenantId)
    return {
      fields: fields
        .filter((field) => internal || (field.isActive && !field.isInternal))
        .map((field) => ({ ...field, recordKind: 'incident' as const, choices: [...field.choices] })),
    }
  },
  createCustomField: ({ database, caller, once }, { body }) =>
    createCustomField(database, caller, body, once),
  editCustomField: ({ database, caller }, { params, body, version }) =>
    editCustomField(database, caller, params.id, version, body),
})

export const incidentViewRoutes = serve(viewRoutes, {
  listViews: async ({ database, caller }) =>
    listViews(
      database,
      caller,
      async (filters) => (await incidentFields(database, caller, { filters })).fields,
    ),
  createView: async ({ database, caller, once }, { body }) =>
    createView(database, caller, body, (await incidentFields(database, caller)).fields, once),
  editView: async ({ database, caller }, { params, body, version }) =>
    editView(database, caller, params.id, version, body, (await incidentFields(database, caller)).fields),
  setDefaultView: async ({ database, caller }, { body }) => {
    await setDefaultView(database, caller, body.recordKind, body.viewId)
    return undefined
  },
  deleteView: async ({ database, caller }, { params }) => {
    await deleteView(database, caller, params.id)
    return undefined
  },
})
