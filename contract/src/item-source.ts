import { z } from 'zod'
import { SourceName } from './item-class.ts'
import { Id, Instant } from './record.ts'
import { defineRoutes } from './route.ts'

/** Much that a source knew was left out of its last whole delivery: nothing of it ends before a person says so. */
export const ItemVanishing = z.object({
  id: Id,
  source: z.string(),
  sourceLabel: z.string(),
  /** What the source last spoke of before this. */
  heardBefore: Instant,
  items: z.int(),
  ofItems: z.int(),
  relations: z.int(),
  ofRelations: z.int(),
  at: Instant,
  sentence: z.string(),
})
export type ItemVanishing = z.infer<typeof ItemVanishing>

/** A source of items, and whether it can be relied upon. */
export const ItemSourceState = z.object({
  name: z.string(),
  label: z.string(),
  /** Items it speaks of. */
  items: z.int(),
  /** Of these, those of which it has been silent for longer than it is believed. */
  stale: z.int(),
  /** When it last spoke at all; null when it never did. */
  heardAt: Instant.nullable(),
  expectedEveryHours: z.int().nullable(),
  /** It should have spoken by now. */
  isLate: z.boolean(),
  conflicts: z.int(),
})
export type ItemSourceState = z.infer<typeof ItemSourceState>

export const itemSourceRoutes = defineRoutes({
  listItemSources: {
    method: 'GET',
    path: '/item-sources',
    summary: 'Sources of items: when each last spoke, whether it is late, and what waits for a decision',
    access: 'item.manage',
    answer: z.object({ sources: z.array(ItemSourceState), vanishings: z.array(ItemVanishing) }),
  },
  finishDelivery: {
    method: 'POST',
    path: '/item-sources/{source}/delivered',
    summary:
      'Say that a source told all it knows since an instant: what it last spoke of before that is gone there',
    access: 'item.manage',
    params: z.object({ source: SourceName }),
    body: z.strictObject({
      /** Before the first document of the delivery was sent. */
      since: Instant,
    }),
    answer: z.object({
      items: z.int(),
      relations: z.int(),
      /** `ended`: what it said of these ends now; `stays`: it grows stale; `waits`: so much is gone that a person decides. */
      outcome: z.enum(['ended', 'stays', 'waits']),
    }),
  },
  decideVanishing: {
    method: 'POST',
    path: '/item-vanishings/{id}/decision',
    summary: 'Decide whether what a delivery left out is gone',
    access: 'item.manage',
    params: z.object({ id: Id }),
    body: z.strictObject({ decision: z.enum(['end', 'stay']) }),
    answer: z.object({ id: Id }),
  },
})
