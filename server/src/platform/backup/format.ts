import { z } from 'zod'

// A backup is one file: a tar archive, compressed with Zstandard, to be looked into with `tar --zstd -tf`.
//
//   evenkeel-backup.json                 what follows: versions, tables with their columns
//   tables/<schema.table>/<number>       rows in PostgreSQL's COPY text format, cut into portions
//   attachments/<tenant>/<attachment>    files, as they were uploaded
//   manifest.json                        rows and SHA-256 of each table, files that were missing; last, so that its presence means whole

export const formatVersion = 1
export const headerName = 'evenkeel-backup.json'
export const manifestName = 'manifest.json'

export const BackupHeader = z.strictObject({
  format: z.literal('evenkeel-backup'),
  version: z.number().int(),
  madeAt: z.string(),
  postgres: z.string(),
  /** Applied migrations: number and checksum of each. */
  migrations: z.array(z.strictObject({ number: z.number().int(), file: z.string(), checksum: z.string() })),
  tables: z.array(z.strictObject({ name: z.string(), columns: z.array(z.string()) })),
  /** PEM of the public halves of the keys that sign the journal. The private ones are never in a backup. */
  publicKeys: z.array(z.string()),
})
export type BackupHeader = z.infer<typeof BackupHeader>

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const BackupManifest = z.strictObject({
  tables: z.array(
    z.strictObject({ name: z.string(), rows: z.number().int(), bytes: z.number().int(), sha256: Sha256 }),
  ),
  attachments: z.strictObject({
    files: z.number().int(),
    bytes: z.number().int(),
    /** Attachments the database knew and whose file was not there or damaged, as `<tenant>/<attachment>`. */
    missing: z.array(z.string()),
  }),
  /** Of the header as it stands in the archive. */
  header: Sha256,
})
export type BackupManifest = z.infer<typeof BackupManifest>

/** The archive cannot be used, and why in one sentence. Nothing was changed. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault'
}
