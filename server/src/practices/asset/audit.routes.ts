import { itemAuditRoutes as routes } from '@evenkeel/contract/item-audit'
import { serve } from '../../platform/http/serve.ts'
import { exportAudit } from './audit.export.ts'
import { closeAudit, decideAudit, deliverScans, openAudit } from './audit.commands.ts'
import { listAudits, readAudit, readAuditExpected } from './audit.page.ts'

export const auditsServed = serve(routes, {
  listAudits: ({ database, caller }) => listAudits(database, caller),
  openAudit: ({ database, caller, once }, { body }) => openAudit(database, caller, body, once),
  readAudit: ({ database, caller }, { params, query }) => readAudit(database, caller, params.id, query),
  readAuditExpected: ({ database, caller }, { params }) => readAuditExpected(database, caller, params.id),
  deliverScans: ({ database, caller }, { params, body }) => deliverScans(database, caller, params.id, body),
  decideAudit: ({ database, caller }, { params, body }) =>
    decideAudit(database, caller, params.id, body.decisions),
  exportAudit: async ({ database, caller, reply }, { params }) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="stock-taking-${caller.now.slice(0, 10)}.csv"`)
      .send(await exportAudit(database, caller, params.id)),
  closeAudit: ({ database, caller }, { params, version }) => closeAudit(database, caller, params.id, version),
})
