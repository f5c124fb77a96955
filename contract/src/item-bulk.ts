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
import { EditItem, MoveItem } from './item.ts'
import { Id } from './record.ts'
import { defineRoutes } from './route.ts'

/** What is said of each of many items: some attributes, or a move of its life. */
export const ItemChange = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('set'),
    values: EditItem.shape.values
      .unwrap()
      .refine((values) => Object.keys(values).length > 0, 'names no attribute'),
  }),
  z.strictObject({ do: z.literal('move'), move: MoveItem }),
])
export type ItemChange = z.infer<typeof ItemChange>

export const ItemBulkRequest = z.strictObject({ ids: BulkIds, change: ItemChange })
export type ItemBulkRequest = z.infer<typeof ItemBulkRequest>

export const ItemBulkPreviewRequest = z
  .strictObject({ ids: BulkIds.optional(), list: BulkList.optional(), change: ItemChange })
  .refine(namesEither, oneOrTheOther)
export type ItemBulkPreviewRequest = z.infer<typeof ItemBulkPreviewRequest>

const ById = z.object({ id: Id })

export const itemBulkRoutes = defineRoutes({
  previewItemBulk: {
    method: 'POST',
    path: '/items/bulk/preview',
    summary: 'What a change of many items would do: per item ready, or why not',
    access: 'item.manage',
    body: ItemBulkPreviewRequest,
    answer: BulkPreview,
  },
  startItemBulk: {
    method: 'POST',
    path: '/items/bulk',
    summary: 'Change many items, each for itself',
    access: 'item.manage',
    body: ItemBulkRequest,
    answer: ById,
    status: 201,
    idempotent: true,
  },
  listItemBulk: {
    method: 'GET',
    path: '/items/bulk',
    summary: "One's own changes of many items of the last day, newest first",
    access: 'item.manage',
    answer: BulkActions,
  },
  readItemBulk: {
    method: 'GET',
    path: '/items/bulk/{id}',
    summary: 'A change of many items with its result per item',
    access: 'item.manage',
    params: ById,
    answer: BulkResults,
  },
  undoItemBulk: {
    method: 'POST',
    path: '/items/bulk/{id}/undo',
    summary: 'Take a change of many items back, within fifteen minutes',
    access: 'item.manage',
    params: ById,
    answer: BulkUndone,
  },
})
