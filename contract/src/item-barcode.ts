import { z } from 'zod'
import { ItemRef, ItemValue } from './item.ts'
import { defineRoutes } from './route.ts'

/** What a scanned text says, which item it is, and what a new one would begin with. */
export const ReadBarcode = z.object({
  /** Whose standard it follows; null for a plain number of ours. */
  agency: z.enum(['gs1', 'hibcc', 'iccbba']).nullable(),
  /** What it says, as people read it. */
  says: z.array(z.object({ key: z.string(), label: z.string(), text: z.string() })),
  /** Items that it is, or that are of the same model where it names no single one. */
  items: z.array(ItemRef),
  /** It names one thing, and that is the one item found. */
  isExact: z.boolean(),
  /** What a new item begins with; null for those who make none, and where the item is here. */
  draft: z.object({ class: z.string(), values: z.record(z.string(), ItemValue) }).nullable(),
})
export type ReadBarcode = z.infer<typeof ReadBarcode>

export const itemBarcodeRoutes = defineRoutes({
  readBarcode: {
    method: 'POST',
    path: '/items/barcode',
    summary: 'What a scanned barcode says, and which item it is; changes nothing',
    access: 'item.read',
    body: z.strictObject({
      /** As the scanner sends it, with its separators. */
      text: z.string().min(1).max(1000),
    }),
    answer: ReadBarcode,
  },
})
