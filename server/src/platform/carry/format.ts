import { z } from 'zod'

// An organisation's archive is one tar file, to be opened with anything that opens one:
//
//   manifest.json     whose it is, which tables follow with how many rows and which SHA-256, files that were missing
//   files/<sha256>    attachments, each once however often it was attached, in the order of the names
//   <table>.jsonl     a JSON object per line, UTF-8, each line ended by a newline
//
// The same data makes the same bytes: no clock, no order that a server chooses, nothing of the instance it is made in.

export const formatName = 'evenkeel-organization'
export const formatVersion = 1
export const manifestName = 'manifest.json'
export const fileFolder = 'files/'
export const tableFile = (table: string): string => `${table}.jsonl`

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const ArchiveManifest = z.strictObject({
  format: z.literal(formatName),
  version: z.number().int(),
  /** The version of Evenkeel that wrote it. */
  product: z.string().max(60),
  organization: z.strictObject({
    slug: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/),
    name: z.string().trim().min(1).max(120),
    timeZone: z.string().min(1).max(60),
    language: z.string().min(2).max(20),
    createdAt: z.iso.datetime({ precision: 3 }),
  }),
  tables: z
    .array(z.strictObject({ name: z.string().max(60), rows: Count, bytes: Count, sha256: Sha256 }))
    .max(200),
  files: z.strictObject({
    count: Count,
    bytes: Count,
    /** Files that the instance should have had and had not whole. */
    missing: z.array(Sha256),
  }),
})
export type ArchiveManifest = z.infer<typeof ArchiveManifest>

/** The archive cannot be used, and why in one sentence. Nothing was kept of it. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault'
}
