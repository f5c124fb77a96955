import { z } from 'zod'
import { Instant } from './record.ts'
import { defineRoutes } from './route.ts'

// What kinds of items there are and what is known of each: the document of the policy `item_classes`, and how it is read.

export const attributeTypes = [
  'text',
  'number',
  'choice',
  'date',
  'boolean',
  'reference',
  'money',
  'list',
] as const
export const AttributeType = z.enum(attributeTypes)
export type AttributeType = z.infer<typeof AttributeType>

const Key = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _, beginning with a letter')
const Label = z.string().trim().min(1).max(80)
const Choice = z.strictObject({
  value: z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _'),
  label: Label,
})

/** What a reference names: a person, a team, or an item of a class or of one below it. */
export const ReferenceTo = z.union([
  z.strictObject({ kind: z.enum(['person', 'team']) }),
  z.strictObject({ kind: z.literal('item'), class: Key }),
])
export type ReferenceTo = z.infer<typeof ReferenceTo>

export const ItemAttribute = z.strictObject({
  /** Never changes: saved filters, sources and the journal hold it. */
  key: Key,
  label: Label,
  help: z.string().trim().max(300).default(''),
  type: AttributeType,
  /** Of numbers: what they count. */
  unit: z.string().trim().max(20).default(''),
  choices: z.array(Choice).max(200).default([]),
  to: ReferenceTo.optional(),
  /** Of lists: what they are of. */
  of: z.enum(['text', 'number', 'choice', 'date', 'reference']).optional(),
  /** Whoever makes an item by hand gives it; without it an item counts as incomplete. */
  required: z.boolean().default(false),
  /** Only for those who may read restricted attributes; for everybody else it does not exist. */
  restricted: z.boolean().default(false),
  /** What texts look like: `#` a digit, `@` a letter, `?` either, `*` anything (once), everything else itself. Empty for any text. */
  pattern: z.string().trim().max(80).default(''),
  /** Numbers and amounts are not below and not above. */
  min: z.number().nullable().default(null),
  max: z.number().nullable().default(null),
  /** No two items have the same; those that lists are filtered by only. */
  unique: z.boolean().default(false),
  /** Lists may be filtered and sorted by it. */
  indexed: z.boolean().default(false),
  /** Takes no new values; those there are stay readable. */
  retired: z.boolean().default(false),
})
export type ItemAttribute = z.infer<typeof ItemAttribute>

export const ItemClass = z.strictObject({
  key: Key,
  label: Label,
  parent: Key.nullable(),
  /** Only stands above other classes; there are no items of it itself. */
  abstract: z.boolean().default(false),
  /** No new items of it. */
  retired: z.boolean().default(false),
  attributes: z.array(ItemAttribute).max(200).default([]),
})
export type ItemClass = z.infer<typeof ItemClass>

export const ItemClasses = z.strictObject({ classes: z.array(ItemClass).min(1).max(500) })
export type ItemClasses = z.infer<typeof ItemClasses>

/** Names of sources; `hand` is people. */
export const SourceName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'lower-case letters, digits, - and _, beginning with a letter')

export const ItemSource = z.strictObject({
  name: SourceName,
  label: Label,
  /** Days after which what it said last loses its turn, when it has said nothing of the item since; null for never. */
  staleAfterDays: z.int().min(1).max(3650).nullable().default(null),
  /** How often it is expected to speak; null where nobody counts on it. */
  expectedEveryHours: z.int().min(1).max(8760).nullable().default(null),
  /** What a whole delivery leaves out: what the source said of it ends, or stays and grows stale. */
  whenGone: z.enum(['end', 'stay']).default('end'),
  /** Where more than this share of what it knew is gone at once, nothing ends before a person says so. */
  askAbovePercent: z.int().min(0).max(100).default(20),
})
export type ItemSource = z.infer<typeof ItemSource>

/** What makes two descriptions one item: all of these agree. `name` is the item's name. */
export const IdentificationRule = z.strictObject({
  class: Key,
  /** In order: the first rule whose attributes are all given decides. */
  by: z.array(z.array(Key).min(1).max(5)).min(1).max(10),
})
export type IdentificationRule = z.infer<typeof IdentificationRule>

export const ItemSources = z.strictObject({
  /** In the order in which they are believed; a source that is not among them comes last. */
  sources: z.array(ItemSource).max(50),
  /** Where an attribute has an order of its own; sources that are not named follow in the order above. */
  precedence: z
    .array(
      z.strictObject({ attribute: Key, class: Key.optional(), sources: z.array(SourceName).min(1).max(50) }),
    )
    .max(500)
    .default([]),
  identification: z.array(IdentificationRule).max(500).default([]),
})
export type ItemSources = z.infer<typeof ItemSources>

/** An attribute as a class has it, its own or one it inherits. */
export const ClassAttribute = ItemAttribute.extend({
  /** Key of the class that says so. */
  from: z.string(),
})
export type ClassAttribute = z.infer<typeof ClassAttribute>

/**
 * What can happen to the items of a class: a thing is stored, lost, repaired and disposed of; a service and a system work or do not; what is
 * agreed or bought on paper is in force or over, and has no health of its own.
 */
export const itemNatures = ['thing', 'service', 'system', 'paper'] as const
export const ItemNature = z.enum(itemNatures)
export type ItemNature = z.infer<typeof ItemNature>

export const ItemClassView = z.object({
  key: z.string(),
  label: z.string(),
  parent: z.string().nullable(),
  /** From the class above it up to `item`. */
  ancestors: z.array(z.string()),
  abstract: z.boolean(),
  retired: z.boolean(),
  /** Comes with the product: may be extended and retired, not removed. */
  builtIn: z.boolean(),
  /** Its items are services: records point at them, a team supports them. */
  isService: z.boolean(),
  nature: ItemNature,
  /** Inherited ones first. Without restricted ones for those who may not read them. */
  attributes: z.array(ClassAttribute),
})
export type ItemClassView = z.infer<typeof ItemClassView>

export const itemClassRoutes = defineRoutes({
  listItemClasses: {
    method: 'GET',
    path: '/item-classes',
    summary: 'The classes of items with all their attributes, as they are in force',
    access: 'item.read',
    answer: z.object({
      version: z.int(),
      effectiveFrom: Instant,
      classes: z.array(ItemClassView),
      sources: z.array(z.object({ name: z.string(), label: z.string() })),
    }),
  },
})
