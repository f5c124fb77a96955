import { defineRoutes } from './route.ts'

/** About the instance itself. */
export const instanceRoutes = defineRoutes({
  readApiDescription: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description (OpenAPI 3.1); to be read by people at /api/docs',
    access: 'signed in',
    media: { answer: 'application/json' },
  },
})
