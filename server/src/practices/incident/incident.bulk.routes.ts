import { incidentBulkRoutes as routes } from '@evenkeel/contract/incident-bulk'
import { serve } from '../../platform/http/serve.ts'
import { listBulk, previewBulk, readBulk, startBulk, undoBulk } from '../record/index.ts'
import { bulkOfIncidents as bulk } from './incident.bulk.ts'

export const incidentBulkRoutes = serve(routes, {
  previewBulk: ({ database, caller }, { body }) => previewBulk(bulk, database, caller, body, body.steps),
  startBulk: ({ database, caller, once }, { body }) =>
    startBulk(bulk, database, caller, body.ids, body.steps, once),
  listBulk: ({ database, caller }) => listBulk(bulk, database, caller),
  readBulk: ({ database, caller }, { params }) => readBulk(bulk, database, caller, params.id),
  undoBulk: ({ database, caller }, { params }) => undoBulk(bulk, database, caller, params.id),
})
