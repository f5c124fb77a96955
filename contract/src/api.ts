import { incidentRoutes } from './incident.ts'
import { liveRoutes } from './live.ts'
import { peopleRoutes } from './people.ts'
import { serviceRoutes } from './service.ts'
import { sessionRoutes } from './session.ts'

/** Every route of the product, by name. */
export const api = {
  ...incidentRoutes,
  ...liveRoutes,
  ...sessionRoutes,
  ...peopleRoutes,
  ...serviceRoutes,
} as const
