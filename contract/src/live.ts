import { z } from 'zod'
import { Id } from './record.ts'
import { defineRoutes } from './route.ts'

/**
 * One server-sent event. It says that something changed, not what: the page asks again for what it shows. `type` and everything else
 * that only the team may know is missing for other readers.
 */
export const LiveChange = z.object({
  kind: z.string(),
  id: Id,
  type: z.string(),
  version: z.int().nullable(),
})
export type LiveChange = z.infer<typeof LiveChange>

export const liveRoutes = defineRoutes({
  live: {
    method: 'GET',
    path: '/live',
    summary: 'Server-sent events of what changes within reach; resumes by Last-Event-ID',
    access: 'signed in',
    media: { answer: 'text/event-stream' },
  },
})
