import { z } from 'zod'
import { ImportBatch, importStates } from './import.ts'
import { Id, PersonRef } from './record.ts'
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

/** Who is on a record right now. Sent whole, as an event named `presence`, to those who may see its internal side. */
export const Presence = z.object({
  recordId: Id,
  people: z.array(PersonRef.extend({ writing: z.boolean() })),
})
export type Presence = z.infer<typeof Presence>

/** How far a batch of imports is. Sent about every second while one works, as an event named `import`, to those who may import. */
export const ImportProgress = z.object({
  id: Id,
  state: z.enum(importStates),
  progress: ImportBatch.shape.progress,
})
export type ImportProgress = z.infer<typeof ImportProgress>

/** A page says it this often while it is looked at; who was not heard of for `presenceEndsMilliseconds` is not there any more. */
export const presenceEveryMilliseconds = 15_000
export const presenceEndsMilliseconds = 40_000

export const liveRoutes = defineRoutes({
  live: {
    method: 'GET',
    path: '/live',
    summary: 'Server-sent events of what changes within reach; resumes by Last-Event-ID',
    access: 'signed in',
    media: { answer: 'text/event-stream' },
  },
  bePresent: {
    method: 'PUT',
    path: '/incidents/{id}/presence',
    summary: 'Say that one looks at an incident, writes on it, or left it; answers who else is there',
    access: 'incident.read',
    params: z.object({ id: Id }),
    body: z.strictObject({
      /** One page of one browser: somebody may have several open. */
      page: Id,
      doing: z.enum(['reading', 'writing', 'leaving']),
    }),
    answer: Presence,
  },
})
