import { homeRoutes as routes } from '@evenkeel/contract/home'
import { serve } from '../../platform/http/serve.ts'
import { readHome } from './incident.home.ts'
import { readTeamHome } from './incident.load.ts'
import { readPortal } from './incident.portal.ts'

export const homeRoutes = serve(routes, {
  readHome: ({ database, caller }) => readHome(database, caller),
  readTeamHome: ({ database, caller }) => readTeamHome(database, caller),
  readPortal: ({ database, caller }) => readPortal(database, caller),
})
