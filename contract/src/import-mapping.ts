import { z } from 'zod'
import { holdReasons, resolutionCodes } from './choices.ts'
import { endReasons, incidentChannels, incidentStates } from './incident.ts'
import type { ItemClassView } from './item-class.ts'
import { itemStates, relationTypes } from './item.ts'
import { Id } from './record.ts'

/**
 * What a column of a file can become. `text` one line of up to 200 characters, `words` any text; a `choice` is one of a closed list;
 * `person`, `team` and `service` are found by name or address, an `item` by an id of the source, a number of its own or its name; `flag` is
 * yes or no; `count` a whole number from 0, `number` any; `day` a date; `money` an amount and its currency; a `list` several of something.
 */
export type ImportTarget =
  | { readonly type: 'text'; readonly most?: number }
  | {
      readonly type:
        | 'words'
        | 'instant'
        | 'person'
        | 'team'
        | 'service'
        | 'flag'
        | 'count'
        | 'number'
        | 'day'
        | 'money'
    }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  /** Of a class or one below it; of any where it is null. */
  | { readonly type: 'item'; readonly class: string | null }
  | { readonly type: 'list'; readonly of: ListedTarget }
type ListedTarget =
  | { readonly type: 'text'; readonly most?: number }
  | { readonly type: 'number' | 'day' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }

/** What the rows of a file can say about one kind of thing. */
export type ImportShape = {
  readonly targets: Readonly<Record<string, ImportTarget>>
  /** Without these a row tells of nothing. */
  readonly needed: readonly string[]
  /** Rows are moments of a history, and each needs its time. */
  readonly isDated: boolean
}

const choice = <const C extends readonly string[]>(choices: C) => ({ type: 'choice', choices }) as const

/** What a row of a file says about an incident at one moment. Custom fields come beside, as `custom.<key>`. */
export const incidentTargets = {
  number: { type: 'text' },
  title: { type: 'text' },
  description: { type: 'words' },
  state: choice(incidentStates),
  holdReason: choice(holdReasons),
  impact: choice(['1', '2', '3']),
  urgency: choice(['1', '2', '3']),
  priority: choice(['1', '2', '3', '4', '5']),
  service: { type: 'service' },
  category: { type: 'text' },
  channel: choice(incidentChannels),
  requester: { type: 'person' },
  team: { type: 'team' },
  assignee: { type: 'person' },
  /** Who raised it, and who made this update. */
  raisedBy: { type: 'person' },
  updatedBy: { type: 'person' },
  createdAt: { type: 'instant' },
  updatedAt: { type: 'instant' },
  resolvedAt: { type: 'instant' },
  closedAt: { type: 'instant' },
  resolvedBy: { type: 'person' },
  resolutionCode: choice(resolutionCodes),
  resolutionNotes: { type: 'words' },
  cancelReason: choice(endReasons),
  /** Something said with this update: to the caller, or for the team. */
  comment: { type: 'words' },
  note: { type: 'words' },
  /** What the other system counted; kept beside what the history itself shows. */
  recordedMissed: { type: 'flag' },
  recordedReassignments: { type: 'count' },
  recordedReopens: { type: 'count' },
} as const satisfies Readonly<Record<string, ImportTarget>>
export type IncidentTarget = keyof typeof incidentTargets
export const incidentShape = {
  targets: incidentTargets,
  needed: ['title', 'createdAt'],
  isDated: true,
} as const satisfies ImportShape

const attributeTarget = ({
  type,
  of,
  choices,
  to,
}: ItemClassView['attributes'][number]): ImportTarget | null => {
  const values = choices.map(({ value }) => value)
  switch (type) {
    case 'text':
      return { type: 'text', most: 4000 }
    case 'number':
      return { type: 'number' }
    case 'choice':
      return choice(values)
    case 'date':
      return { type: 'day' }
    case 'boolean':
      return { type: 'flag' }
    case 'money':
      return { type: 'money' }
    case 'reference':
      return to === undefined
        ? null
        : to.kind === 'item'
          ? { type: 'item', class: to.class }
          : { type: to.kind }
    case 'list':
      switch (of ?? 'text') {
        case 'text':
          return { type: 'list', of: { type: 'text', most: 500 } }
        case 'number':
          return { type: 'list', of: { type: 'number' } }
        case 'date':
          return { type: 'list', of: { type: 'day' } }
        case 'choice':
          return { type: 'list', of: choice(values) }
        default:
          // Several references in one cell: nobody can say where one name ends.
          return null
      }
  }
}

/** An attribute of an item, as a field of a mapping. */
export const attributeField = (key: string): string => `attr.${key}`
export const attributeOf = (field: string): string | null => /^attr\.(.+)$/.exec(field)?.[1] ?? null

/** What a row of a file says about a configuration item, with these classes. */
export const itemShape = (
  classes: readonly Pick<ItemClassView, 'key' | 'abstract' | 'retired' | 'attributes'>[],
): ImportShape => {
  const attributes = classes.flatMap((one) => one.attributes).filter(({ retired }) => !retired)
  return {
    targets: {
      class: choice(classes.flatMap((one) => (one.abstract || one.retired ? [] : [one.key]))),
      name: { type: 'text', most: 120 },
      state: choice(itemStates),
      ...Object.fromEntries(
        attributes.flatMap((attribute) => {
          const target = attributeTarget(attribute)
          return target === null ? [] : [[attributeField(attribute.key), target] as const]
        }),
      ),
    },
    needed: ['class', 'name'],
    isDated: false,
  }
}

/** What a row of a file says about a relation between two items. */
export const relationShape = {
  targets: {
    type: choice(relationTypes),
    from: { type: 'item', class: null },
    to: { type: 'item', class: null },
  },
  needed: ['type', 'from', 'to'],
  isDated: false,
} as const satisfies ImportShape

export const importKinds = ['incident', 'item', 'item_relation'] as const
export type ImportKindName = (typeof importKinds)[number]

const Column = z.string().min(1).max(200)
const Value = z.string().max(4000)

/** What happens with a value that says nothing, or has no translation: the row is refused, the field stays empty, or something stands in. */
export const StandIn = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('refuse') }),
  z.strictObject({ do: z.literal('leave') }),
  z.strictObject({ do: z.literal('use'), value: Value.min(1) }),
])
export type StandIn = z.infer<typeof StandIn>

/** Where a field comes from: a column, a text with `{column}` in it, or one value for all rows. */
export const FieldRule = z.strictObject({
  from: z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('column'), column: Column }),
    z.strictObject({ is: z.literal('text'), text: z.string().min(1).max(1000) }),
    z.strictObject({ is: z.literal('value'), value: Value.min(1) }),
  ]),
  /** The file's value → ours, compared exactly after trimming. A value that is ours already needs no line. */
  translate: z.record(Value, Value.nullable()).default({}),
  /** A value that is neither ours nor translated. */
  untranslated: StandIn.default({ do: 'refuse' }),
  /** No value: the cell is empty or says "unknown". */
  unknown: StandIn.default({ do: 'leave' }),
})
export type FieldRule = z.infer<typeof FieldRule>

/** People, teams and services that the file names and we do not know. */
export const MissingReference = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('create') }),
  z.strictObject({ do: z.literal('use'), id: Id }),
  z.strictObject({ do: z.literal('leave') }),
  z.strictObject({ do: z.literal('refuse') }),
])

export const importEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-15'] as const

export const FileFormat = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('csv'),
    delimiter: z.enum([',', ';', '\t', '|']).default(','),
    encoding: z.enum(importEncodings).default('utf-8'),
  }),
  z.strictObject({ type: z.literal('jsonl') }),
  /** The sheet's name; the first when null. */
  z.strictObject({ type: z.literal('xlsx'), sheet: z.string().max(100).nullable().default(null) }),
])
export type FileFormat = z.infer<typeof FileFormat>

/**
 * How the rows of a file become history. Pure data: the same document is saved as a version, exchanged as a file, and kept with every
 * batch that used it.
 */
export const ImportMapping = z.strictObject({
  kind: z.enum(importKinds).default('incident'),
  /** The system it comes from: records are known again by this and their identity. */
  source: z.string().trim().min(1).max(80),
  format: FileFormat,
  /** The file inside a zip; the only one when null. */
  inside: z.string().max(255).nullable().default(null),
  /** Texts that mean "unknown", compared exactly after trimming; an empty cell always does. */
  unknown: z.array(z.string().max(80)).max(20).default([]),
  times: z.strictObject({
    /** Unicode date field symbols (`d/M/yyyy HH:mm`), or `iso`, `unix-seconds`, `unix-milliseconds`. */
    format: z.string().min(1).max(60),
    /** IANA name: the zone of times that name none. */
    zone: z.string().min(1).max(60),
  }),
  /** The columns that together identify a record; rows with the same values are its updates. */
  record: z.array(Column).min(1).max(5),
  /** The columns that identify an update within its record; the whole row when null. */
  update: z.array(Column).min(1).max(5).nullable().default(null),
  /** Of items and relations: the file holds everything that the source knows, so that what it leaves out is gone there. */
  isWhole: z.boolean().default(false),
  /** By field: one of the kind's, `custom.<key>` of incidents, `attr.<key>` of items. */
  fields: z.record(z.string().max(60), FieldRule),
  people: z.strictObject({ by: z.enum(['address', 'name']), missing: MissingReference }),
  teams: z.strictObject({ missing: MissingReference }),
  services: z.strictObject({ missing: MissingReference }),
})
export type ImportMapping = z.infer<typeof ImportMapping>
