import { z } from 'zod'
import { holdReasons, resolutionCodes } from './choices.ts'
import { endReasons, incidentChannels, incidentStates } from './incident.ts'
import { Id } from './record.ts'

/**
 * What a column of a file can become. `text` up to 200 characters, `words` any text; a `choice` is one of a closed list; `person`, `team`
 * and `service` are found by name or address; `flag` is yes or no; `count` a whole number from 0.
 */
export type ImportTarget =
  | { readonly type: 'text' | 'words' | 'instant' | 'person' | 'team' | 'service' | 'flag' | 'count' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }

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
  kind: z.literal('incident').default('incident'),
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
  /** By field: one of the kind's, or `custom.<key>`. */
  fields: z.record(z.string().max(60), FieldRule),
  people: z.strictObject({ by: z.enum(['address', 'name']), missing: MissingReference }),
  teams: z.strictObject({ missing: MissingReference }),
  services: z.strictObject({ missing: MissingReference }),
})
export type ImportMapping = z.infer<typeof ImportMapping>
