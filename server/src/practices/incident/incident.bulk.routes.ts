import { incidentBulkRoutes as routes } from '@evenkeel/contract/incident-bulk'
import { serve } from '../../platform/http/serve.ts'
import { listBulk, previewBulk, readBulk, startBulk, undoBulk } from './incident.bulk.ts'

export const incidentBulkRoutes = serve(routes, {
  previewBulk: ({ database, caller }, { body }) => previewBulk(database, caller, body),
  startBulk: ({ database, caller, once }, { body }) => startBulk(database, caller, body, once),
  listBulk: ({ database, caller }) => listBulk(database, caller),
  readBulk: ({ database, caller }, { params }) => readBulk(database, caller, params.id),
  undoBulk: ({ database, caller }, { params }) => undoBulk(database, caller, params.id),
})
