import { z } from 'zod'
import { HealthNow, ItemHealth, ItemRef, QuorumNow, RelationType, TwoTimes } from './item.ts'
import { Id, Instant } from './record.ts'
import { defineRoutes } from './route.ts'
import { Criticality } from './service.ts'

/** How far an answer goes. What it left out for that it always says. */
export const graphCaps = { hops: 10, items: 5000, mapItems: 2000 } as const

/** What kept an answer from being whole. */
export const Cut = z.object({
  by: z.enum(['depth', 'items', 'relations', 'findings']),
  at: z.int(),
  sentence: z.string(),
})
export type Cut = z.infer<typeof Cut>

export const MapItem = ItemRef.extend({
  /** Hops from the items asked about. */
  hops: z.int(),
  health: HealthNow,
  isService: z.boolean(),
  criticality: Criticality.nullable(),
  quorum: QuorumNow.nullable(),
  openRecords: z.int(),
  /** There are relations to items that are not on this map. */
  more: z.boolean(),
  /** What is planned for it by the branches that were asked about: it is new, changes, goes, or is down for a while. */
  planned: z.enum(['made', 'changed', 'gone', 'down']).nullable(),
})
export type MapItem = z.infer<typeof MapItem>

/** Trouble goes from `belowId` up to `aboveId`; `none` carries none. */
export const MapRelation = z.object({
  id: Id,
  type: RelationType,
  belowId: Id,
  aboveId: Id,
  trouble: z.enum(['need', 'weak', 'group', 'none']),
  /** In words from the item that says it: "runs on". */
  words: z.string(),
  /** It is there only by what is planned. */
  planned: z.boolean(),
})
export type MapRelation = z.infer<typeof MapRelation>

export const ItemMap = z.object({
  validAt: Instant,
  knownAt: Instant,
  items: z.array(MapItem),
  relations: z.array(MapRelation),
  cut: Cut.nullable(),
})
export type ItemMap = z.infer<typeof ItemMap>

/** A step of a path; `item` is null where it leads through something this reader may not see. */
export const PathStep = z.object({
  item: ItemRef.nullable(),
  /** How it is reached from the step before, in words: "runs on"; empty at the start. */
  words: z.string(),
})
export type PathStep = z.infer<typeof PathStep>

export const AffectedItem = z.object({
  item: ItemRef,
  health: z.enum(['degraded', 'down']),
  hops: z.int(),
  /** From something that fails to this item, both included. */
  path: z.array(PathStep),
  /** The path as a sentence: "Billing depends on db-7, which runs on rack-2." */
  sentence: z.string(),
  quorum: QuorumNow.nullable(),
  /** Of what fails, those that would each do as much alone; null where so many were asked about that it was not looked at. */
  alone: z.array(Id).nullable(),
  /** None does it alone: only their joint failure. */
  jointly: z.boolean(),
})
export type AffectedItem = z.infer<typeof AffectedItem>

export const AffectedService = AffectedItem.extend({
  criticality: Criticality,
  /** How many people use it; null where nobody said. */
  usersServed: z.int().nullable(),
  departments: z.array(z.string()),
  isCriticalOrImportant: z.boolean(),
})
export type AffectedService = z.infer<typeof AffectedService>

/** Not well already, and why; a plan, where `branchId` says so. */
export const Outage = z.object({
  item: ItemRef,
  health: ItemHealth,
  reason: z.string(),
  until: Instant.nullable(),
  branchId: Id.nullable(),
})
export type Outage = z.infer<typeof Outage>

/** Goes on because others are left. */
export const HeldItem = z.object({ item: ItemRef, hops: z.int(), quorum: QuorumNow })
export type HeldItem = z.infer<typeof HeldItem>

export const BlastRadius = z.object({
  validAt: Instant,
  knownAt: Instant,
  failed: z.array(ItemRef),
  /** What is down anyway, when that was to count: the answer says what fails on top of it. */
  outages: z.array(Outage),
  /** The most critical first. */
  services: z.array(AffectedService),
  /** Everything else that is worse off, nearest first. */
  items: z.array(AffectedItem),
  /** The next failure takes them down. */
  atRisk: z.array(HeldItem),
  /** Kept up with some to spare. */
  reduced: z.array(HeldItem),
  /** People served by the services that are affected, as far as it was said; nobody is told apart who uses several. */
  usersServed: z.int(),
  cut: Cut.nullable(),
  /** What would fail, in a sentence. */
  sentence: z.string(),
})
export type BlastRadius = z.infer<typeof BlastRadius>

export const itemGraphRoutes = defineRoutes({
  relateItem: {
    method: 'POST',
    path: '/items/{id}/relations',
    summary: 'Say what an item has to do with another one',
    access: 'item.manage',
    params: z.object({ id: Id }),
    body: z.strictObject({
      type: RelationType,
      /** The other item: "this runs on that". */
      toId: Id,
      validFrom: Instant.optional(),
    }),
    answer: z.object({ id: Id }),
    status: 201,
    idempotent: true,
  },
  endItemRelation: {
    method: 'POST',
    path: '/items/{id}/relations/{relationId}/end',
    summary: 'Say that a relation of an item ended, now or at a time',
    access: 'item.manage',
    params: z.object({ id: Id, relationId: Id }),
    body: z.strictObject({
      validTo: Instant.optional(),
      /** It never was: what we believed of it is kept, as belief. */
      never: z.boolean().default(false),
    }),
    answer: z.object({ id: Id }),
  },
  readItemMap: {
    method: 'GET',
    path: '/item-map',
    summary: 'Items and what lies around them, as a graph; of all services when no item is named',
    access: 'item.read',
    query: TwoTimes.extend({
      /** Ids, with commas: at most fifty. */
      items: z.string().max(2000).optional(),
      hops: z.coerce.number().int().min(0).max(graphCaps.hops).default(2),
      direction: z.enum(['both', 'below', 'above']).default('both'),
      maxItems: z.coerce.number().int().min(1).max(graphCaps.mapItems).default(300),
      /** Ids of branches, with commas: what they plan is on the map, and `validAt` may be to come. */
      branches: z.string().max(400).optional(),
    }),
    answer: ItemMap,
  },
  readBlastRadius: {
    method: 'POST',
    path: '/items/blast-radius',
    summary:
      'What follows when these items fail: services, with the way that leads there, redundancy respected',
    access: 'item.read',
    body: TwoTimes.extend({
      itemIds: z.array(Id).min(1).max(100),
      maxHops: z.int().min(1).max(graphCaps.hops).default(5),
      maxItems: z.int().min(1).max(graphCaps.items).default(2000),
      /** With what these branches plan; `validAt` may then be to come. */
      branchIds: z.array(Id).max(10).default([]),
      /** What is not well then counts as down anyway, and what branches take down then: what fails on top of it is told. */
      withCurrentOutages: z.boolean().default(false),
    }),
    answer: BlastRadius,
  },
})
