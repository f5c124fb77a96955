import { z } from 'zod'
import { FilterField, IncidentFilter, IncidentGroup } from './incident-list.ts'
import { ItemNature, SourceName } from './item-class.ts'
import { Id, Instant, ListQuery, Named, pageOf, PersonRef, Version } from './record.ts'
import { Reason } from './refusal.ts'
import { defineRoutes } from './route.ts'
import { Criticality } from './service.ts'

/** The life of an item, from a plan to its disposal. */
export const itemStates = [
  'planned',
  'ordered',
  'in_stock',
  'in_use',
  'in_repair',
  'lost',
  'retired',
  'disposed',
] as const
export const ItemState = z.enum(itemStates)
export type ItemState = z.infer<typeof ItemState>

export const itemActions = [
  'order',
  'receive',
  'put_in_use',
  'put_in_stock',
  'send_to_repair',
  'report_lost',
  'find_again',
  'retire',
  'bring_back',
  'dispose',
  'write_off',
] as const
export const ItemAction = z.enum(itemActions)
export type ItemAction = z.infer<typeof ItemAction>
/** What can happen to things alone: they are stored, lost, repaired and disposed of. */
export const thingActions: ReadonlySet<ItemAction> = new Set([
  'receive',
  'put_in_stock',
  'send_to_repair',
  'report_lost',
  'find_again',
  'dispose',
  'write_off',
])

/** What is known of an item itself; nothing said is `up`. */
export const itemHealths = ['up', 'degraded', 'down', 'unknown'] as const
export const ItemHealth = z.enum(itemHealths)
export type ItemHealth = z.infer<typeof ItemHealth>

/** An exact amount and its currency (ISO 4217). */
export const Money = z.strictObject({
  amount: z.string().regex(/^-?\d{1,15}(?:\.\d{1,4})?$/, 'digits, with a point before at most four decimals'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters, such as EUR'),
})
export type Money = z.infer<typeof Money>

/** What an attribute may hold: which of these, the attribute's type says. References are ids, dates `2026-03-01`. */
export const ItemValue = z.union([
  z.string().max(4000),
  z.number(),
  z.boolean(),
  Money,
  z.array(z.union([z.string().max(500), z.number()])).max(200),
])
export type ItemValue = z.infer<typeof ItemValue>

const AttributeKey = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)
const Values = z.record(AttributeKey, ItemValue)
const ItemName = z.string().trim().min(1).max(120)

/** Two times of a question: when it was so, and when we knew it. Now, when absent. */
export const TwoTimes = z.strictObject({ validAt: Instant.optional(), knownAt: Instant.optional() })
export type TwoTimes = z.infer<typeof TwoTimes>

/** An item as lists, paths and relations name it. */
export const ItemRef = z.object({
  id: Id,
  name: z.string(),
  class: z.string(),
  classLabel: z.string(),
  state: ItemState,
})
export type ItemRef = z.infer<typeof ItemRef>

/** How an item is, and why in a sentence: said of it, or following from what it stands on. */
export const HealthNow = z.object({
  /** With everything it stands on. */
  now: ItemHealth,
  /** What was said of the item itself. */
  own: ItemHealth,
  /** Empty where all is well. */
  sentence: z.string(),
  /** When it gets better by itself, because something it suffers from ends then; null where nobody said. */
  until: Instant.nullable(),
})
export type HealthNow = z.infer<typeof HealthNow>

export const ListedItem = ItemRef.extend({
  nature: ItemNature,
  health: HealthNow,
  owner: PersonRef.nullable(),
  supportTeam: Named.nullable(),
  criticality: Criticality.nullable(),
  /** Required attributes that nobody gave. */
  missing: z.int(),
  updatedAt: Instant,
  version: Version,
  /** The attributes that were asked for, as people read them. */
  attributes: z.record(z.string(), z.string()),
})
export type ListedItem = z.infer<typeof ListedItem>

/** What one source says of an attribute. */
export const SaidValue = z.object({
  source: z.string(),
  sourceLabel: z.string(),
  value: ItemValue,
  /** As people read it: names instead of ids, labels instead of choices, units. */
  text: z.string(),
  /** Since when it is so, and since when we know. */
  validFrom: Instant,
  knownFrom: Instant,
  /** When the source last said it; later than `knownFrom` when it said so again. */
  seenAt: Instant,
  /** Who said it by hand. */
  by: PersonRef.nullable(),
  /** Why another value is shown instead: `precedence`, `stale`, `invalid` (no longer what the class takes). */
  lostBy: z.enum(['precedence', 'stale', 'invalid']).nullable(),
})
export type SaidValue = z.infer<typeof SaidValue>

export const AttributeNow = z.object({
  key: z.string(),
  label: z.string(),
  required: z.boolean(),
  restricted: z.boolean(),
  /** The one that is believed; null where there is none. */
  value: SaidValue.nullable(),
  /** What lost, the nearest first. */
  others: z.array(SaidValue),
})
export type AttributeNow = z.infer<typeof AttributeNow>

export const relationTypes = [
  'depends_on',
  'runs_on',
  'hosted_in',
  'connected_to',
  'backed_up_by',
  'member_of',
  'installed_on',
] as const
export const RelationType = z.enum(relationTypes)
export type RelationType = z.infer<typeof RelationType>

export const RelationView = z.object({
  /** Stays the same for as long as the relation is known, whatever becomes of its times. */
  id: Id,
  type: RelationType,
  /** `out`: this item says it of the other ("runs on …"); `in`: the other of this one ("runs …"). */
  direction: z.enum(['out', 'in']),
  /** In the reader's language, read from this item: "runs on", "hosts". */
  words: z.string(),
  /** Where the other stands: `below` when trouble of the other reaches this one, `above` the other way round, `beside` when neither. */
  side: z.enum(['below', 'above', 'beside']),
  item: ItemRef,
  health: HealthNow,
  source: z.string(),
  validFrom: Instant,
  validTo: Instant.nullable(),
})
export type RelationView = z.infer<typeof RelationView>

/** How many members have to be alive, and how many are. */
export const QuorumNow = z.object({
  need: z.int(),
  size: z.int(),
  alive: z.int(),
  /** How many more may fail; negative when it has gone. */
  spare: z.int(),
  /** Nobody said how many are needed, so all are. */
  assumed: z.boolean(),
  sentence: z.string(),
})
export type QuorumNow = z.infer<typeof QuorumNow>

/** How likely it is that enough members work, as far as every member says how often it does. */
export const Availability = z.object({
  /** Percent; null where a member does not say. */
  percent: z.number().nullable(),
  sentence: z.string(),
})
export type Availability = z.infer<typeof Availability>

export const OpenRecord = z.object({
  id: Id,
  kind: z.string(),
  number: z.string(),
  title: z.string(),
  state: z.string(),
  priority: z.int(),
})
export type OpenRecord = z.infer<typeof OpenRecord>

export const ItemPage = ItemRef.extend({
  ancestors: z.array(z.string()),
  isService: z.boolean(),
  nature: ItemNature,
  version: Version,
  createdAt: Instant,
  updatedAt: Instant,
  /** The times the answer is for. */
  validAt: Instant,
  knownAt: Instant,
  /** Whether this is how things are now, as far as is known now; only then may anything be changed. */
  isNow: z.boolean(),
  /** The item that this one was merged into; it is shown there. */
  mergedInto: ItemRef.nullable(),
  health: HealthNow,
  /** What was said of the item itself, and until when it holds. */
  saidHealth: z
    .object({
      health: ItemHealth,
      reason: z.string(),
      from: Instant,
      until: Instant.nullable(),
      by: PersonRef.nullable(),
    })
    .nullable(),
  quorum: QuorumNow.nullable(),
  /** Of a group of which a member says how often it works. */
  availability: Availability.nullable(),
  attributes: z.array(AttributeNow),
  /** Labels of required attributes that nobody gave. */
  missing: z.array(z.string()),
  relations: z.array(RelationView),
  /** Not all are told: there are more than 200. */
  moreRelations: z.boolean(),
  openRecords: z.array(OpenRecord),
  /** When each source last spoke of it. */
  seen: z.array(
    z.object({
      source: z.string(),
      sourceLabel: z.string(),
      at: Instant,
      externalId: z.string(),
      stale: z.boolean(),
    }),
  ),
  /** Moves that the state and this reader's rights allow. */
  allowed: z.array(
    z.object({ action: ItemAction, label: z.string(), ready: z.boolean(), reasons: z.array(Reason) }),
  ),
  mayEdit: z.boolean(),
  /** It bore patient or cardholder data, and before it is disposed of somebody says how it was sanitized. */
  asksSanitization: z.boolean(),
})
export type ItemPage = z.infer<typeof ItemPage>

/** One stretch of what a source said: what held when, and when it was known. */
export const ItemFact = z.object({
  id: Id,
  source: z.string(),
  sourceLabel: z.string(),
  validFrom: Instant,
  validTo: Instant.nullable(),
  knownFrom: Instant,
  knownTo: Instant.nullable(),
  by: PersonRef.nullable(),
  values: z.array(z.object({ key: z.string(), label: z.string(), text: z.string() })),
})
export type ItemFact = z.infer<typeof ItemFact>

export const CreateItem = z.strictObject({
  class: AttributeKey,
  name: ItemName,
  values: Values.default({}),
  state: z.enum(['planned', 'ordered', 'in_stock', 'in_use']).default('in_use'),
  /** Since when all this is so; now when absent, never in the future. */
  validFrom: Instant.optional(),
})
export type CreateItem = z.infer<typeof CreateItem>

export const EditItem = z.strictObject({
  name: ItemName.optional(),
  /** Null takes back what was said by hand: what a source says counts again. */
  values: z.record(AttributeKey, ItemValue.nullable()).default({}),
  /** Since when the change is so; now when absent. */
  validFrom: Instant.optional(),
})
export type EditItem = z.infer<typeof EditItem>

export const MoveItem = z.strictObject({
  action: ItemAction,
  /** Why; some moves need it. */
  note: z.string().trim().max(2000).default(''),
  /** What is said of the item with the move: how it was sanitized, where it was found. */
  values: Values.default({}),
})
export type MoveItem = z.infer<typeof MoveItem>

export const SayHealth = z.strictObject({
  health: ItemHealth,
  reason: z.string().trim().max(500).default(''),
  /** When it stops to hold by itself. */
  until: Instant.optional(),
})
export type SayHealth = z.infer<typeof SayHealth>

/** A document of a source about one item, under the identity the source gives it. */
export const SourceItem = z.strictObject({
  /** The source's own id: the same one is the same item from then on. */
  externalId: z.string().trim().min(1).max(200),
  class: AttributeKey,
  name: ItemName,
  values: Values.default({}),
  state: ItemState.optional(),
})
export type SourceItem = z.infer<typeof SourceItem>

export const SourceBatch = z.strictObject({
  /** Says what would happen and changes nothing. */
  dryRun: z.boolean().default(false),
  /** Since when the documents are so; now when absent. */
  validFrom: Instant.optional(),
  items: z.array(SourceItem).min(1).max(1000),
  /** Relations between items of this source, by its own ids. */
  relations: z
    .array(
      z.strictObject({
        type: RelationType,
        from: z.string().trim().min(1).max(200),
        to: z.string().trim().min(1).max(200),
      }),
    )
    .max(5000)
    .default([]),
})
export type SourceBatch = z.infer<typeof SourceBatch>

export const SourceOutcome = z.object({
  externalId: z.string(),
  /** `conflict` waits for a decision, `refused` says why. */
  outcome: z.enum(['created', 'changed', 'same', 'conflict', 'refused']),
  itemId: Id.nullable(),
  /** By which attributes it was recognized; empty when by the source's id, or when it is new. */
  by: z.array(z.string()),
  reasons: z.array(Reason),
})
export type SourceOutcome = z.infer<typeof SourceOutcome>

export const ItemConflict = z.object({
  id: Id,
  source: z.string(),
  sourceLabel: z.string(),
  externalId: z.string(),
  name: z.string(),
  class: z.string(),
  classLabel: z.string(),
  /** Why nobody can decide it but a person. */
  sentence: z.string(),
  /** What the source says, and what the attributes of it are called. */
  values: z.array(z.object({ key: z.string(), label: z.string(), text: z.string() })),
  candidates: z.array(
    ItemRef.extend({
      because: z.string(),
      version: Version,
      /** What is believed of the same attributes, by key. */
      values: z.record(z.string(), z.string()),
    }),
  ),
  at: Instant,
})
export type ItemConflict = z.infer<typeof ItemConflict>

/** A measure of the model: how many of its items have it, and examples, those that matter most in incidents first. */
export const ModelMeasure = z.object({
  key: z.enum(['incomplete', 'stale', 'orphans', 'duplicates', 'unconfirmed']),
  label: z.string(),
  /** What counts, in a sentence. */
  definition: z.string(),
  count: z.int(),
  of: z.int(),
  examples: z.array(z.object({ item: ItemRef, why: z.string(), incidents: z.int() })),
})
export type ModelMeasure = z.infer<typeof ModelMeasure>

const Ref = z.object({ id: Id, version: Version })
const ById = z.object({ id: Id })
const ListFilter = ListQuery.pick({ filter: true, q: true })

/** Something that belongs to the reader, as they know it. */
export const MyDevice = z.object({
  id: Id,
  name: z.string(),
  classLabel: z.string(),
  /** What is written on it: its asset tag, or its serial number. */
  label: z.string().nullable(),
})
export type MyDevice = z.infer<typeof MyDevice>

const Why = z.string().trim().max(500).default('')

/** How a source speaks. Won and lost are values of the items it spoke of last, at most 2,000 of them. */
const SourceFigures = z.object({
  name: z.string(),
  label: z.string(),
  items: z.int(),
  lastAt: Instant.nullable(),
  /** Items of which it has been silent for longer than it is believed. */
  silent: z.int(),
  won: z.int(),
  lost: z.int(),
  /** Conflicts that wait for a person. */
  waiting: z.int(),
})
export type SourceFigures = z.infer<typeof SourceFigures>

/** What a merge would do. */
export const MergePreview = z.object({
  values: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      /** Empty where nothing is known. */
      here: z.string(),
      there: z.string(),
      after: z.string(),
    }),
  ),
  relations: z.int(),
  identifiers: z.array(z.object({ source: z.string(), externalId: z.string() })),
  /** Records that name the other item; they lead here afterwards. */
  records: z.int(),
})
export type MergePreview = z.infer<typeof MergePreview>

export const itemRoutes = defineRoutes({
  listMyDevices: {
    method: 'GET',
    path: '/my/devices',
    summary: 'What belongs to oneself and is in use, to say what is broken',
    access: 'incident.raise',
    answer: z.object({ rows: z.array(MyDevice) }),
  },
  listItems: {
    method: 'GET',
    path: '/items',
    summary: 'List items by a filter',
    access: 'item.read',
    query: ListQuery.extend({
      /** Keys of attributes whose values come along: `serial,os`. */
      attributes: z.string().max(2000).optional(),
    }),
    answer: pageOf(ListedItem),
  },
  countItems: {
    method: 'GET',
    path: '/items/count',
    summary: 'Count items by a filter, up to ten thousand',
    access: 'item.read',
    query: ListFilter,
    answer: z.object({ count: z.int(), capped: z.boolean() }),
  },
  itemFilterFields: {
    method: 'GET',
    path: '/items/fields',
    summary: 'The fields this reader may filter and sort items by',
    access: 'item.read',
    answer: z.object({ fields: z.array(FilterField) }),
  },
  groupItems: {
    method: 'GET',
    path: '/items/groups',
    summary: 'The values of a field within a list, with their counts',
    access: 'item.read',
    query: ListFilter.extend({ by: z.string().min(1).max(80) }),
    answer: z.object({ groups: z.array(IncidentGroup), more: z.boolean() }),
  },
  readItemFilter: {
    method: 'GET',
    path: '/items/filter',
    summary: 'A filter of items as text, as JSON and as a sentence, whichever it came as',
    access: 'item.read',
    query: ListFilter,
    answer: IncidentFilter,
  },
  exportItems: {
    method: 'GET',
    path: '/items/export',
    summary: 'The same list as a file, all of its rows: CSV, or a sheet with format=xlsx',
    access: 'export',
    query: ListQuery.pick({ filter: true, q: true, sort: true }).extend({
      /** Names of columns in their order, `name,class,attribute.serial`; the usual ones when absent. */
      columns: z.string().max(4000).optional(),
      /** `csv` when absent. In a sheet times are dates, by the clocks of who asks. */
      format: z.enum(['csv', 'xlsx']).optional(),
    }),
    media: {
      answer: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    },
  },
  readModelHealth: {
    method: 'GET',
    path: '/items/model-health',
    summary: 'How far the model can be trusted: what is incomplete, stale, alone, or there twice',
    access: 'item.read',
    answer: z.object({
      items: z.int(),
      measures: z.array(ModelMeasure),
      /** Sources that should have spoken by now. */
      late: z.array(
        z.object({
          name: z.string(),
          label: z.string(),
          heardAt: Instant.nullable(),
          expectedEveryHours: z.int(),
        }),
      ),
    }),
  },
  createItem: {
    method: 'POST',
    path: '/items',
    summary: 'Add an item by hand',
    access: 'item.manage',
    body: CreateItem,
    answer: Ref,
    status: 201,
    idempotent: true,
  },
  readItem: {
    method: 'GET',
    path: '/items/{id}',
    summary: 'An item with its values, sources and relations, at any two times',
    access: 'item.read',
    params: ById,
    query: TwoTimes,
    answer: ItemPage,
  },
  editItem: {
    method: 'PATCH',
    path: '/items/{id}',
    summary: 'Change what people say of an item',
    access: 'item.manage',
    params: ById,
    body: EditItem,
    answer: Ref,
    versioned: true,
  },
  moveItem: {
    method: 'POST',
    path: '/items/{id}/moves',
    summary: 'Make a move in the life of an item',
    access: 'item.manage',
    params: ById,
    body: MoveItem,
    answer: Ref,
    versioned: true,
  },
  sayItemHealth: {
    method: 'POST',
    path: '/items/{id}/health',
    summary: 'Say how an item itself is, why, and until when',
    access: 'item.manage',
    params: ById,
    body: SayHealth,
    answer: Ref,
  },
  readItemHistory: {
    method: 'GET',
    path: '/items/{id}/history',
    summary: 'Everything every source said of an item, and when it was known; the latest first',
    access: 'item.read',
    params: ById,
    answer: z.object({ facts: z.array(ItemFact), more: z.boolean() }),
  },
  mergeItems: {
    method: 'POST',
    path: '/items/{id}/merge',
    summary: 'Say that another item is this one: what is known of it comes here',
    access: 'item.manage',
    params: ById,
    body: z.strictObject({ fromId: Id, reason: z.string().trim().max(500).default('') }),
    answer: Ref,
    versioned: true,
  },
  previewMerge: {
    method: 'POST',
    path: '/items/{id}/merge/preview',
    summary: 'What a merge would do, without doing it',
    access: 'item.manage',
    params: ById,
    body: z.strictObject({ fromId: Id }),
    answer: MergePreview,
  },
  splitItem: {
    method: 'POST',
    path: '/items/{id}/split',
    summary: 'Take out what a source says of an item: it is another item',
    access: 'item.manage',
    params: ById,
    body: z.strictObject({
      source: SourceName,
      name: ItemName,
      reason: z.string().trim().max(500).default(''),
    }),
    answer: z.object({ id: Id, version: Version, newId: Id }),
    versioned: true,
  },
  putItemsBySource: {
    method: 'PUT',
    path: '/items/by-source/{source}',
    summary: 'What a source knows: recognized, made or set aside for a person to decide; or only tried',
    access: 'item.manage',
    params: z.object({ source: SourceName }),
    body: SourceBatch,
    answer: z.object({
      dryRun: z.boolean(),
      counts: z.object({
        created: z.int(),
        changed: z.int(),
        same: z.int(),
        conflict: z.int(),
        refused: z.int(),
      }),
      outcomes: z.array(SourceOutcome),
      relations: z.object({ created: z.int(), same: z.int(), refused: z.int() }),
    }),
  },
  listItemConflicts: {
    method: 'GET',
    path: '/item-conflicts',
    summary: 'What sources said that only a person can tell apart',
    access: 'item.manage',
    query: z.strictObject({ source: SourceName.optional() }),
    answer: z.object({
      conflicts: z.array(ItemConflict),
      more: z.boolean(),
      /** How many wait, by source. */
      waiting: z.array(z.object({ source: z.string(), sourceLabel: z.string(), count: z.int() })),
    }),
  },
  decideItemConflict: {
    method: 'POST',
    path: '/item-conflicts/{id}/decision',
    summary: 'Decide a conflict: it is one of ours, a new one, or nothing of ours',
    access: 'item.manage',
    params: ById,
    body: z.union([
      z.strictObject({ decision: z.literal('same'), itemId: Id, reason: Why }),
      z.strictObject({ decision: z.enum(['new', 'drop']), reason: Why }),
    ]),
    answer: z.object({ itemId: Id.nullable() }),
  },
  reopenItemConflict: {
    method: 'POST',
    path: '/item-conflicts/{id}/reopen',
    summary: 'Take back that a conflict is nothing of ours: it waits again',
    access: 'item.manage',
    params: ById,
    status: 204,
  },
  readSourceFigures: {
    method: 'GET',
    path: '/item-sources/figures',
    summary: 'How each source speaks: of how many items, when last, and how often it is believed',
    access: 'item.manage',
    answer: z.object({ sources: z.array(SourceFigures) }),
  },
})
