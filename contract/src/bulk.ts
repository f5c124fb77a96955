import { z } from 'zod'
import { Id, Instant, ListQuery, PersonRef } from './record.ts'
import { Reason } from './refusal.ts'

/** Records of one bulk action. */
export const mostInBulk = 500

export const BulkIds = z
  .array(Id)
  .min(1)
  .max(mostInBulk)
  .refine((ids) => new Set(ids).size === ids.length, 'names a record twice')

/** Everything a list finds: its first records in its order are looked up now, and are what is changed later. */
export const BulkList = ListQuery.pick({ filter: true, q: true, sort: true })
export type BulkList = z.infer<typeof BulkList>

export const oneOrTheOther = 'name either records or a list'
export const namesEither = ({ ids, list }: { readonly ids?: unknown; readonly list?: unknown }): boolean =>
  (ids === undefined) !== (list === undefined)

export const bulkOutcomes = ['ready', 'done', 'refused', 'not_found'] as const
/** Number and title only of records that the reader may see: a foreign id answers as one that does not exist. */
export const BulkRecord = z.object({
  id: Id,
  /** Null also where records have none. */
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

export const BulkActions = z.object({ rows: z.array(BulkAction) })
export const BulkResults = BulkAction.extend({ records: z.array(BulkRecord) })
export type BulkResults = z.infer<typeof BulkResults>
export const BulkUndone = z.object({ done: z.int(), refused: z.int() })
