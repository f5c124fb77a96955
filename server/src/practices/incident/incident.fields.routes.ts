import { fieldRoutes } from '@evenkeel/contract/field'
import type { Filter } from '@evenkeel/contract/filter'
import { type SavedView, viewRoutes } from '@evenkeel/contract/saved-view'
import { mayAtAll } from '../../kernel/access.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { serve } from '../../platform/http/serve.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { itemListFields } from '../configuration/index.ts'
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

/** Fields of the lists that have views, for one reader; null for a kind whose list this reader does not have. */
const fieldsOf = async (
  database: Database,
  caller: Caller,
  kind: SavedView['recordKind'],
  filters: readonly Filter[],
): Promise<Fields | null> =>
  kind === 'incident'
    ? (await incidentFields(database, caller, { filters })).fields
    : mayAtAll(caller.grants, 'item.read')
      ? itemListFields(database, caller)
      : null

const fieldsOrRefuse = async (
  database: Database,
  caller: Caller,
  kind: SavedView['recordKind'],
): Promise<Fields> => {
  const fields = await fieldsOf(database, caller, kind, [])
  if (fields === null) throw new Refusal('forbidden')
  return fields
}

export const incidentViewRoutes = serve(viewRoutes, {
  listViews: ({ database, caller }, { query: { recordKind } }) =>
    listViews(database, caller, recordKind, (filters) => fieldsOf(database, caller, recordKind, filters)),
  createView: async ({ database, caller, once }, { body }) =>
    createView(database, caller, body, await fieldsOrRefuse(database, caller, body.recordKind), once),
  editView: ({ database, caller }, { params, body, version }) =>
    editView(database, caller, params.id, version, body, (kind) => fieldsOrRefuse(database, caller, kind)),
  setDefaultView: async ({ database, caller }, { body }) => {
    await setDefaultView(database, caller, body.recordKind, body.viewId)
    return undefined
  },
  deleteView: async ({ database, caller }, { params }) => {
    await deleteView(database, caller, params.id)
    return undefined
  },
})
