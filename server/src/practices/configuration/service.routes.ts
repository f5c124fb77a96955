import { serviceRoutes as routes } from '@evenkeel/contract/service'
import { serve, type Served } from '../../platform/http/serve.ts'
import { createService, editService, listServices } from './service.commands.ts'

export const serviceRoutes: readonly Served[] = serve(routes, {
  listServices: ({ database, caller }, { query }) => listServices(database, caller, query.active),
  createService: ({ database, caller, once }, { body }) => createService(database, caller, body, once),
  editService: ({ database, caller }, { params, body, version }) =>
    editService(database, caller, params.id, version, body),
})
