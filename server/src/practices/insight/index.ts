export { insightReaction } from './insight.projection.ts'
export { insightRoutes } from './insight.routes.ts'
