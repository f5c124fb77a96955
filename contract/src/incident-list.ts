import { z } from 'zod'
import { IncidentRow, incidentStates, Priority } from './incident.ts'
import { Id, ListQuery, pageOf } from './record.ts'
import { defineRoutes } from './route.ts'

/** A field that this reader may filter by: what the filter bar completes and the builder offers. */
export const FilterField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum([
    'text',
    'words',
    'keyword',
    'number',
    'choice',
    'ordered choice',
    'reference',
    'list of references',
    'instant',
    'date',
    'boolean',
  ]),
  sortable: z.boolean(),
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
})
export type FilterField = z.infer<typeof FilterField>

/** An open incident that may be about the same thing, and why it was found. */
export const SimilarIncident = z.object({
  id: Id,
  number: z.string(),
  title: z.string(),
  state: z.enum(incidentStates),
  priority: Priority,
  /** Why it is here, in words: similar words, same service, same requester. */
  because: z.array(z.enum(['words', 'service', 'requester'])),
  affected: z.int(),
})
export type SimilarIncident = z.infer<typeof SimilarIncident>

export const incidentListRoutes = defineRoutes({
  listIncidents: {
    method: 'GET',
    path: '/incidents',
    summary: 'List incidents by a filter',
    access: 'incident.read',
    query: ListQuery,
    answer: pageOf(IncidentRow),
  },
  countIncidents: {
    method: 'GET',
    path: '/incidents/count',
    summary: 'Count incidents by a filter, up to ten thousand',
    access: 'incident.read',
    query: ListQuery.pick({ filter: true, q: true }),
    answer: z.object({ count: z.int(), capped: z.boolean() }),
  },
  incidentFilterFields: {
    method: 'GET',
    path: '/incidents/fields',
    summary: 'The fields this reader may filter and sort incidents by',
    access: 'incident.read',
    answer: z.object({ fields: z.array(FilterField) }),
  },
  exportIncidents: {
    method: 'GET',
    path: '/incidents/export',
    summary: 'The same list as a CSV file, all of its rows',
    access: 'export',
    query: ListQuery.pick({ filter: true, q: true, sort: true }),
    media: { answer: 'text/csv' },
  },
  similarIncidents: {
    method: 'GET',
    path: '/incidents/similar',
    summary: 'Open incidents that may be about the same, while one is being written',
    access: 'incident.raise',
    query: z.strictObject({
      title: z.string().trim().min(3).max(200),
      serviceId: Id.optional(),
      requesterId: Id.optional(),
    }),
    answer: z.object({ incidents: z.array(SimilarIncident) }),
  },
})
