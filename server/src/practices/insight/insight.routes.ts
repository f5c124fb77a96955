import { insightRoutes as routes } from '@evenkeel/contract/insight'
import { serve } from '../../platform/http/serve.ts'
import { conformance } from './insight.conformance.ts'
import { processMap } from './insight.map.ts'
import { pingPong } from './insight.ping-pong.ts'
import { recordsBehind } from './insight.records.ts'
import { variants } from './insight.variants.ts'

export const insightRoutes = serve(routes, {
  readProcessMap: ({ database, caller }, { query }) => processMap(database, caller, query),
  readVariants: ({ database, caller }, { query }) => variants(database, caller, query),
  readConformance: ({ database, caller }, { query }) => conformance(database, caller, query),
  readPingPong: ({ database, caller }, { query }) => pingPong(database, caller, query),
  listInsightRecords: ({ database, caller }, { query }) => recordsBehind(database, caller, query),
})
