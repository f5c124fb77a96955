import { z } from 'zod'
import {
  BulkActions,
  BulkIds,
  BulkList,
  BulkPreview,
  BulkResults,
  BulkUndone,
  namesEither,
  oneOrTheOther,
} from './bulk.ts'
import { IncidentSteps } from './incident-steps.ts'
import { Id } from './record.ts'
import { defineRoutes } from './route.ts'

export const BulkRequest = z.strictObject({ ids: BulkIds, steps: IncidentSteps })
export type BulkRequest = z.infer<typeof BulkRequest>

export const BulkPreviewRequest = z
  .strictObject({ ids: BulkIds.optional(), list: BulkList.optional(), steps: IncidentSteps })
  .refine(namesEither, oneOrTheOther)
export type BulkPreviewRequest = z.infer<typeof BulkPreviewRequest>

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
    answer: BulkActions,
  },
  readBulk: {
    method: 'GET',
    path: '/incidents/bulk/{id}',
    summary: 'A bulk action with its result per record',
    access: 'incident.bulk',
    params: ById,
    answer: BulkResults,
  },
  undoBulk: {
    method: 'POST',
    path: '/incidents/bulk/{id}/undo',
    summary: 'Take a bulk action back, within fifteen minutes',
    access: 'incident.bulk',
    params: ById,
    answer: BulkUndone,
  },
})
