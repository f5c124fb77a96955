import { assetRoutes as routes } from '@evenkeel/contract/asset'
import { serve } from '../../platform/http/serve.ts'
import { readCommercial } from './asset.commercial.ts'
import { listContracts } from './asset.contracts.ts'
import { listLicensePositions, readLicensePosition } from './asset.positions.ts'
import { listRegister } from './asset.register.ts'
import { exportRegister } from './asset.tables.ts'

export const assetRoutes = serve(routes, {
  readCommercial: ({ database, caller }, { params, query }) =>
    readCommercial(database, caller, params.id, query),
  listContracts: ({ database, caller }) => listContracts(database, caller),
  listLicensePositions: ({ database, caller }, { query }) => listLicensePositions(database, caller, query),
  readLicensePosition: ({ database, caller }, { params, query }) =>
    readLicensePosition(database, caller, params.id, query),
  listRegister: ({ database, caller }, { query }) => listRegister(database, caller, query),
  exportRegister: async ({ database, caller, reply }, { params, query }) => {
    const text = await exportRegister(database, caller, params.table, query)
    return reply
      .type('text/csv; charset=utf-8')
      .header(
        'content-disposition',
        `attachment; filename="register-${params.table}-${caller.now.slice(0, 10)}.csv"`,
      )
      .send(text)
  },
})
