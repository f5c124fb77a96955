import { z } from 'zod'
import { Id, Instant, PersonRef, Version } from './record.ts'
import { defineRoutes } from './route.ts'

export const ChecklistText = z.string().trim().min(1).max(500)

/** One thing to do on a record, and who ticked it off when. */
export const ChecklistItem = z.object({
  id: Id,
  text: z.string(),
  done: z.object({ by: PersonRef, at: Instant }).nullable(),
  /** Grows when the text is changed; ticking leaves it alone, so both can be done at once. */
  version: Version,
})
export type ChecklistItem = z.infer<typeof ChecklistItem>

const ById = z.object({ id: Id })
const Item = z.object({ id: Id, itemId: Id })

export const checklistRoutes = defineRoutes({
  addToChecklist: {
    method: 'POST',
    path: '/incidents/{id}/checklist',
    summary: 'Put things to do on the checklist, in order, after those that are there',
    access: 'incident.edit',
    params: ById,
    body: z.strictObject({ items: z.array(ChecklistText).min(1).max(50) }),
    answer: z.object({ items: z.array(ChecklistItem) }),
    status: 201,
    idempotent: true,
  },
  editChecklistItem: {
    method: 'PATCH',
    path: '/incidents/{id}/checklist/{itemId}',
    summary: 'Change what is to be done',
    access: 'incident.edit',
    params: Item,
    body: z.strictObject({ text: ChecklistText }),
    answer: z.object({ id: Id, version: Version }),
    versioned: true,
  },
  tickChecklistItem: {
    method: 'PUT',
    path: '/incidents/{id}/checklist/{itemId}/done',
    summary: 'Tick it off, or take the tick back; said twice it is said once',
    access: 'incident.edit',
    params: Item,
    body: z.strictObject({ done: z.boolean() }),
    status: 204,
  },
  removeChecklistItem: {
    method: 'DELETE',
    path: '/incidents/{id}/checklist/{itemId}',
    summary: 'Take it off the checklist',
    access: 'incident.edit',
    params: Item,
    status: 204,
  },
})
