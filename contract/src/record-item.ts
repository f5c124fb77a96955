import { z } from 'zod'
import { Id } from './record.ts'

/** What a record does to an item: takes it down, makes it worse, or only has to do with it. */
export const itemEffects = ['down', 'degraded', 'involved'] as const
export const ItemEffect = z.enum(itemEffects)
export type ItemEffect = z.infer<typeof ItemEffect>

/** What is said of an item while a record is made. */
export const SaidOfItem = z.strictObject({ id: Id, effect: ItemEffect })
export type SaidOfItem = z.infer<typeof SaidOfItem>

/** An item that a record names, and how it is now. */
export const NamedItem = z.object({
  id: Id,
  name: z.string(),
  classLabel: z.string(),
  effect: ItemEffect,
  health: z.enum(['up', 'degraded', 'down', 'unknown']),
  /** Why it is so; empty where all is well. */
  sentence: z.string(),
})
export type NamedItem = z.infer<typeof NamedItem>
