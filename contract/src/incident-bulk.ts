import { z } from 'zod'
import { IncidentSteps } from './incident-steps.ts'
import { Id, Instant, ListQuery, PersonRef } from './record.ts'
import { Reason } from './refusal.ts'
import { defineRoutes } from './route.ts'

/** Records of one bulk action. */
export const mostInBulk = 500

export const BulkRequest = z.strictObject({
  ids: z
    .array(Id)
    .min(1)
    .max(mostInBulk)
    .refine((ids) => new Set(ids).size === ids.length, 'names a record twice'),
  steps: IncidentSteps,
})
export type BulkRequest = z.infer<typeof BulkRequest>

/** The same for everything a list finds: its first records in its order are looked up now, and are what is changed later. */
export const BulkPreviewRequest = z
  .strictObject({
    ids: BulkRequest.shape.ids.optional(),
    list: ListQuery.pick({ filter: true, q: true, sort: true }).optional(),
    steps: IncidentSteps,
  })
  .refine(({ ids, list }) => (ids === undefined) !== (list === undefined), 'name either records or a list')
export type BulkPreviewRequest = z.infer<typeof BulkPreviewRequest>

export const bulkOutcomes = ['ready', 'done', 'refused', 'not_found'] as const
/** Number and title only of records that the reader may see: a foreign id answers as one that does not exist. */
export const BulkRecord = z.object({
  id: Id,
  number: z.string().nullable(),
  title: z.string().nullable(),
  outcome: z.enum(bulkOutcomes),
  reasons: z.array(Reason),
  undo: z.object({ outcome: z.enum(['done', 'refused']), reasons: z.array(Reason) }).nullable(),
})
export type BulkRecord = z.infer<typeof BulkRecord>

export const BulkPreview = z.object({
  count: z.int(),
  ready: z.int(),
  /** How many records the list has; more than `count` when there are too many for one action. */
  found: z.object({ count: z.int(), capped: z.boolean() }),
  records: z.array(BulkRecord),
})
export type BulkPreview = z.infer<typeof BulkPreview>

export const BulkAction = z.object({
  id: Id,
  at: Instant,
  by: PersonRef,
  /** The kinds of changes, in order: "set", "assign", "resolve". */
  steps: z.array(z.string()),
  count: z.int(),
  done: z.int(),
  /** Null while it runs, or when it was cut short. */
  finishedAt: Instant.nullable(),
  undoableUntil: Instant,
  undoneAt: Instant.nullable(),
})
export type BulkAction = z.infer<typeof BulkAction>

const ById = z.object({ id: Id })

export const incidentBulkRoutes = defineRoutes({
  previewBulk: {
    method: 'POST',
    path: '/incidents/bulk/preview',
    summary: 'What a bulk action would do: per record ready, or why not',
    access: 'incident.bulk',
    body: BulkPreviewRequest,
    answer: BulkPreview,
  },
  startBulk: {
    method: 'POST',
    path: '/incidents/bulk',
    summary: 'Change many incidents, each for itself',
    access: 'incident.bulk',
    body: BulkRequest,
    answer: ById,
    status: 201,
    idempotent: true,
  },
  listBulk: {
    method: 'GET',
    path: '/incidents/bulk',
    summary: "One's own bulk actions of the last day, newest first",
    access: 'incident.bulk',
    answer: z.object({ rows: z.array(BulkAction) }),
  },
  readBulk: {
    method: 'GET',
    path: '/incidents/bulk/{id}',
    summary: 'A bulk action with its result per record',
    access: 'incident.bulk',
    params: ById,
    answer: BulkAction.extend({ records: z.array(BulkRecord) }),
  },
  undoBulk: {
    method: 'POST',
    path: '/incidents/bulk/{id}/undo',
    summary: 'Take a bulk action back, within fifteen minutes',
    access: 'incident.bulk',
    params: ById,
    answer: z.object({ done: z.int(), refused: z.int() }),
  },
})
