import { checklistRoutes as routes } from '@evenkeel/contract/checklist'
import { serve } from '../../platform/http/serve.ts'
import {
  addToChecklist,
  editChecklistItem,
  removeChecklistItem,
  tickChecklistItem,
} from './incident.checklist.ts'

export const checklistRoutes = serve(routes, {
  addToChecklist: ({ database, caller, once }, { params, body }) =>
    addToChecklist(database, caller, params.id, body.items, once),
  editChecklistItem: ({ database, caller }, { params, body, version }) =>
    editChecklistItem(database, caller, params, version, body.text),
  tickChecklistItem: async ({ database, caller }, { params, body }) => {
    await tickChecklistItem(database, caller, params, body.done)
    return undefined
  },
  removeChecklistItem: async ({ database, caller }, { params }) => {
    await removeChecklistItem(database, caller, params)
    return undefined
  },
})
