import { z } from 'zod'
import { FileName } from './attachment.ts'
import { importKinds, ImportMapping } from './import-mapping.ts'
import { Id, Instant, pageOf, PersonRef } from './record.ts'
import { defineRoutes } from './route.ts'

/**
 * A batch: one file on its way in. `waiting` for a mapping; `examining` and `examined`: the dry run; `importing`; `paused` by somebody, and
 * can go on; `imported`; `voided`: nobody sees what it brought any more; `failed`: the file could not be read, nothing of it is here.
 */
export const importStates = [
  'waiting',
  'examining',
  'examined',
  'importing',
  'paused',
  'imported',
  'voided',
  'failed',
] as const
export type ImportState = (typeof importStates)[number]

/** Why a row, a value or a whole file was not taken; sentences in the reader's language come with it. */
export const importFaultCodes = [
  'untranslated',
  'not_an_instant',
  'not_a_choice',
  'not_a_number',
  'not_a_flag',
  'too_long',
  'missing',
  'unknown_person',
  'unknown_team',
  'unknown_service',
  'number_taken',
  'no_identity',
  'too_few_cells',
  'too_many_cells',
  'contradiction',
  'too_many_updates',
  'in_the_future',
  'not_a_day',
  'not_an_amount',
  'unknown_item',
  'not_of_class',
  'twice',
  'same_item',
  'dropped',
  'name_taken',
  'no_team',
  'same_ends',
  'not_taken',
] as const

export const ImportFault = z.object({
  /** In the file, from 1; the header is line 1. */
  line: z.int(),
  /** The record it belongs to, as the file names it, when that is known. */
  record: z.string().nullable(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  code: z.enum(importFaultCodes),
  message: z.string(),
})
export type ImportFault = z.infer<typeof ImportFault>

/** A value of a column that the mapping does not translate, and what happens with it. */
export const UntranslatedValue = z.object({
  field: z.string(),
  column: z.string(),
  value: z.string(),
  rows: z.int(),
  outcome: z.enum(['refuse', 'leave', 'use']),
})

/** A value that the mapping translates, or that is ours already, and what it becomes; null when it is to say nothing. */
export const TranslatedValue = z.object({
  field: z.string(),
  column: z.string(),
  value: z.string(),
  to: z.string().nullable(),
  rows: z.int(),
})
export type TranslatedValue = z.infer<typeof TranslatedValue>

/** A move in the file that our process does not have. */
export const ForeignMove = z.object({
  from: z.string(),
  to: z.string(),
  count: z.int(),
  example: z.string().nullable(),
})

/** What becomes of items or relations, by row. */
export const ArrivalOutcomes = z.object({
  /** Nobody knew them. */
  created: z.int(),
  /** Of those that are here, those the source speaks of for the first time: found by what identifies them. */
  recognized: z.int(),
  changed: z.int(),
  same: z.int(),
  /** Only a person can tell which item is meant. */
  conflict: z.int(),
  refused: z.int(),
})
export type ArrivalOutcomes = z.infer<typeof ArrivalOutcomes>

/** What the dry run found. */
export const ImportFindings = z.object({
  rows: z.int(),
  records: z.int(),
  updates: z.int(),
  /** Rows that are here already, from an earlier run. */
  known: z.int(),
  refused: z.int(),
  faults: z.array(z.object({ code: z.enum(importFaultCodes), column: z.string().nullable(), rows: z.int() })),
  untranslated: z.array(UntranslatedValue),
  /** Of fields with a closed list of values, or with translations. */
  translated: z.array(TranslatedValue),
  /** By name, those that would be created; at most 500 of each, `more` says how many stand behind. */
  people: z.object({ create: z.array(z.string()), more: z.int(), found: z.int() }),
  teams: z.object({ create: z.array(z.string()), more: z.int(), found: z.int() }),
  services: z.object({ create: z.array(z.string()), more: z.int(), found: z.int() }),
  foreignMoves: z.array(ForeignMove),
  /** Of items and relations; null for records. */
  outcomes: ArrivalOutcomes.nullable(),
  /** Of a whole delivery: what is here from its source, and how much of that it leaves out. */
  gone: z.object({ count: z.int(), of: z.int() }).nullable(),
  /** Words that should name an item and name none, most frequent first; those rows come without them. */
  itemsUnknown: z.array(z.object({ value: z.string(), rows: z.int() })),
})
export type ImportFindings = z.infer<typeof ImportFindings>

/** A fact twice: as the file has it, and as our own tables give it after the import. */
export const ReconciledFact = z.object({
  name: z.string(),
  label: z.string(),
  definition: z.string(),
  inFile: z.string(),
  inTables: z.string(),
  same: z.boolean(),
  /** What makes them differ, in words; null when they are the same. */
  because: z.string().nullable(),
})

export const Reconciliation = z.object({
  facts: z.array(ReconciledFact),
  /** By group of records (the month they were raised): how many, and a checksum over what identifies and ends them, on both sides. */
  groups: z.array(
    z.object({
      group: z.string(),
      inFile: z.int(),
      inTables: z.int(),
      fileChecksum: z.string(),
      tableChecksum: z.string(),
      because: z.string().nullable(),
    }),
  ),
  unresolved: z.array(z.object({ field: z.string(), value: z.string(), rows: z.int() })),
  madeAt: Instant,
})
export type Reconciliation = z.infer<typeof Reconciliation>

export const ImportBatch = z.object({
  id: Id,
  fileName: z.string(),
  sizeBytes: z.int(),
  /** Lower-case hex. */
  sha256: z.string(),
  state: z.enum(importStates),
  mapping: ImportMapping.nullable(),
  mappingName: z.string().nullable(),
  mappingVersion: z.int().nullable(),
  /** Why the file could not be read. */
  failure: z.string().nullable(),
  progress: z
    .object({
      /** The dry run reads the file to its end, then checks each record with all its rows. */
      doing: z.enum(['reading', 'checking', 'importing']),
      rows: z.int(),
      /** Estimated from the bytes read until the file was read once. */
      ofRows: z.int().nullable(),
      rowsPerSecond: z.number(),
      secondsLeft: z.int().nullable(),
    })
    .nullable(),
  findings: ImportFindings.nullable(),
  records: z.int(),
  updates: z.int(),
  refused: z.int(),
  /** Rows that were here already. */
  known: z.int(),
  /** What became of items or relations so far; null for records. */
  outcomes: ArrivalOutcomes.nullable(),
  /** Of a batch that was taken back: what it had made beside records, and what of that stays because it is used elsewhere. */
  takenBack: z
    .object({
      reason: z.string(),
      deactivated: z.object({ people: z.int(), teams: z.int(), services: z.int() }),
      /** Items whose last word this was, and relations: what it said of them ended. */
      ended: z.object({ items: z.int(), relations: z.int() }).default({ items: 0, relations: 0 }),
      kept: z.array(z.object({ kind: z.enum(['person', 'team', 'service']), id: Id, name: z.string() })),
      more: z.int(),
      done: z.boolean(),
    })
    .nullable(),
  createdBy: PersonRef,
  createdAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  voidedAt: Instant.nullable(),
})
export type ImportBatch = z.infer<typeof ImportBatch>

/** What a file looks like, and a first mapping for it, with the reason for every guess. */
export const MappingProposal = z.object({
  mapping: ImportMapping,
  columns: z.array(
    z.object({
      name: z.string(),
      /** Among the first rows: how many cells say something, how many different values, and up to eight of these. */
      filled: z.int(),
      distinct: z.int(),
      examples: z.array(z.string()),
      looksLike: z.enum([
        'text',
        'words',
        'number',
        'instant',
        'choice',
        'person',
        'address',
        'flag',
        'empty',
      ]),
    }),
  ),
  reasons: z.array(z.object({ field: z.string(), sentence: z.string() })),
  rowsLookedAt: z.int(),
  /** The sheets of a workbook, or the files inside a zip; none of another file. And the one that was looked at, where there are several. */
  parts: z.array(z.string()),
  part: z.string().nullable(),
})
export type MappingProposal = z.infer<typeof MappingProposal>

/** The first records as they would become. */
export const MappingPreview = z.object({
  records: z.array(
    z.object({
      key: z.string(),
      updates: z.array(
        z.object({
          line: z.int(),
          at: Instant.nullable(),
          values: z.record(z.string(), z.string().nullable()),
          faults: z.array(ImportFault),
        }),
      ),
    }),
  ),
  untranslated: z.array(UntranslatedValue),
  rowsLookedAt: z.int(),
})
export type MappingPreview = z.infer<typeof MappingPreview>

export const SavedMapping = z.object({
  name: z.string(),
  version: z.int(),
  note: z.string(),
  author: PersonRef.nullable(),
  savedAt: Instant,
  mapping: ImportMapping,
})
export type SavedMapping = z.infer<typeof SavedMapping>

const ById = z.object({ id: Id })
const MappingName = z.string().trim().min(1).max(80)

export const importRoutes = defineRoutes({
  listImports: {
    method: 'GET',
    path: '/imports',
    summary: 'Batches of records from other systems, newest first',
    access: 'import.run',
    answer: z.object({ imports: z.array(ImportBatch) }),
  },
  createImport: {
    method: 'POST',
    path: '/imports',
    summary: 'Bring a file; the body is the file itself. Nothing is imported by it',
    access: 'import.run',
    query: z.strictObject({ name: FileName }),
    answer: ImportBatch,
    status: 201,
    media: { request: 'application/octet-stream' },
  },
  readImport: {
    method: 'GET',
    path: '/imports/{id}',
    summary: 'A batch: how far it is, what was found',
    access: 'import.run',
    params: ById,
    answer: ImportBatch,
  },
  proposeMapping: {
    method: 'GET',
    path: '/imports/{id}/proposal',
    summary: 'A first mapping, made by looking at the file, with reasons',
    access: 'import.run',
    params: ById,
    /** By name: a sheet of a workbook, or a file inside a zip. */
    query: z.strictObject({
      part: z.string().min(1).max(255).optional(),
      /** What it holds; by the looks of its columns when nobody says. */
      kind: z.enum(importKinds).optional(),
    }),
    answer: MappingProposal,
  },
  previewImport: {
    method: 'POST',
    path: '/imports/{id}/preview',
    summary: 'The first records as this mapping makes them, and every value of them it does not translate',
    access: 'import.run',
    params: ById,
    body: z.strictObject({ mapping: ImportMapping }),
    answer: MappingPreview,
  },
  examineImport: {
    method: 'POST',
    path: '/imports/{id}/examine',
    summary: 'Read the whole file with this mapping and say what would happen; imports nothing',
    access: 'import.run',
    params: ById,
    body: z.strictObject({ mapping: ImportMapping, name: MappingName.nullable().default(null) }),
    answer: ImportBatch,
    status: 202,
  },
  runImport: {
    method: 'POST',
    path: '/imports/{id}/run',
    summary: 'Import what was examined, or go on with what was paused',
    access: 'import.run',
    params: ById,
    answer: ImportBatch,
    status: 202,
  },
  pauseImport: {
    method: 'POST',
    path: '/imports/{id}/pause',
    summary:
      'Stop at the next whole record; what is here stays, and the run can go on. A dry run ends, and can begin again',
    access: 'import.run',
    params: ById,
    answer: ImportBatch,
    status: 202,
  },
  voidImport: {
    method: 'POST',
    path: '/imports/{id}/void',
    summary: 'Take the whole batch back: nobody sees what it brought any more',
    access: 'import.run',
    params: ById,
    body: z.strictObject({ reason: z.string().trim().min(3).max(500) }),
    answer: ImportBatch,
    recentSignIn: true,
  },
  listImportFaults: {
    method: 'GET',
    path: '/imports/{id}/faults',
    summary: 'The rows that were refused: line, column, value and reason',
    access: 'import.run',
    params: ById,
    query: z.strictObject({
      /** Only rows refused for this reason, and in this column; an empty one stands for faults of no column. */
      code: z.enum(importFaultCodes).optional(),
      column: z.string().max(200).optional(),
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: pageOf(ImportFault),
  },
  exportImportFaults: {
    method: 'GET',
    path: '/imports/{id}/faults.csv',
    summary: 'The refused rows as a file, to mend and bring again',
    access: 'import.run',
    params: ById,
    media: { answer: 'text/csv' },
  },
  readReconciliation: {
    method: 'GET',
    path: '/imports/{id}/report',
    summary: 'What the file says beside what our tables say',
    access: 'import.run',
    params: ById,
    answer: Reconciliation,
  },
  listMappings: {
    method: 'GET',
    path: '/import-mappings',
    summary: 'Saved mappings, each in its newest version',
    access: 'import.run',
    answer: z.object({ mappings: z.array(SavedMapping) }),
  },
  listMappingVersions: {
    method: 'GET',
    path: '/import-mappings/{name}',
    summary: 'All versions of a mapping, newest first',
    access: 'import.run',
    params: z.object({ name: MappingName }),
    answer: z.object({ versions: z.array(SavedMapping) }),
  },
  saveMapping: {
    method: 'PUT',
    path: '/import-mappings/{name}',
    summary: 'Save a mapping as a new version',
    access: 'import.run',
    params: z.object({ name: MappingName }),
    body: z.strictObject({ mapping: ImportMapping, note: z.string().trim().max(500).default('') }),
    answer: SavedMapping,
    status: 201,
  },
})
