import { incidentRoutes } from './incident.ts'

/** Every route of the product, by name. */
export const api = { ...incidentRoutes } as const
