import type { OrganizationContents } from '@evenkeel/contract/organization'
import { countQuery } from '../platform/carry/carried-table.ts'
import { formatName, formatVersion, type ArchiveManifest } from '../platform/carry/format.ts'
import { stageTables, writeArchive, type ArchiveFile } from '../platform/carry/write-archive.ts'
import { FileDamaged, type FileStore } from '../platform/files/file-store.ts'
import { write, type Author } from '../platform/journal/write.ts'
import { read, type Database, type Reader } from '../platform/postgres/database.ts'
import { carriedTables } from './organization.tables.ts'
import { productVersion } from './product.ts'

export type OrganizationArchive = {
  readonly manifest: ArchiveManifest
  /** To be read to its end, or given up: what it is read from is closed with it. */
  readonly chunks: AsyncGenerator<Buffer>
}

/**
 * Everything an organisation has, as it is now, as an archive; that it was taken is on record before its first byte is there. The
 * transaction is over by then: whoever reads may be slow.
 * @param author whose organisation it is, and who takes it
 */
export const exportOrganization = async (
  database: Database,
  files: FileStore,
  author: Author,
): Promise<OrganizationArchive> => {
  const { staged, organization, attachments } = await read(database, author.tenantId, async (q) => {
    await q.rows({ text: 'set transaction isolation level repeatable read', values: [] })
    return {
      organization: await organizationOf(q),
      attachments: await filesOf(q),
      staged: await stageTables(q, carriedTables),
    }
  })
  try {
    const { there, missing } = await wholeFiles(files, attachments)
    const manifest: ArchiveManifest = {
      format: formatName,
      version: formatVersion,
      product: productVersion,
      organization,
      tables: staged.tables.map(({ name, rows, bytes, sha256 }) => ({ name, rows, bytes, sha256 })),
      files: { count: there.length, bytes: there.reduce((sum, file) => sum + file.sizeBytes, 0), missing },
    }
    await write(database, author, async (tx) => {
      tx.journal({
        type: 'organization.exported',
        subject: { kind: 'tenant', id: author.tenantId },
        data: { ...countsOf(manifest) },
      })
    })
    return { manifest, chunks: closing(writeArchive(manifest, there, files, staged), () => staged.close()) }
  } catch (error) {
    await staged.close()
    throw error
  }
}

async function* closing(chunks: AsyncGenerator<Buffer>, close: () => Promise<void>): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } finally {
    await close()
  }
}

/** How much there is, in a few numbers. */
export const countsOf = ({
  tables,
  files,
}: ArchiveManifest): { rows: number; files: number; bytes: number; missing: number } => ({
  rows: tables.reduce((sum, table) => sum + table.rows, 0),
  files: files.count,
  bytes: files.bytes + tables.reduce((sum, table) => sum + table.bytes, 0),
  missing: files.missing.length,
})

/** How much there is now; counted, not read. */
export const contentsOf = (database: Database, tenantId: string): Promise<OrganizationContents> =>
  read(database, tenantId, async (q) => {
    await q.rows({ text: 'set transaction isolation level repeatable read', values: [] })
    const counts = carriedTables.map((table) =>
      q.one<{ rows: number }>({ text: countQuery(table), values: [tenantId] }),
    )
    const rows = await Promise.all(counts)
    const files = await filesOf(q)
    return {
      tables: carriedTables.map(({ name }, place) => ({ name, rows: rows[place]?.rows ?? 0 })),
      files: { count: files.length, bytes: files.reduce((sum, file) => sum + file.sizeBytes, 0) },
    }
  })

const organizationOf = (q: Reader): Promise<ArchiveManifest['organization']> =>
  q.one({
    text: `select slug, name, time_zone as "timeZone", language, created_at as "createdAt" from tenant where id = $1`,
    values: [q.tenantId],
  })

/** Attachments that are there for somebody, with where each is kept; several may have the same content. */
const filesOf = (q: Reader): Promise<ArchiveFile[]> =>
  q.rows({
    text: `select encode(t.sha256, 'hex') as name, t.sha256, t.storage_key as key, t.size_bytes as "sizeBytes" from attachment t
           where t.tenant_id = $1 and t.removed_at is null
             and exists (select from record r where r.tenant_id = t.tenant_id and r.id = t.record_id)
           order by t.sha256, t.id`,
    values: [q.tenantId],
  })

/** Each content once, in order, from a place where it is whole; and those that are whole nowhere. */
const wholeFiles = async (
  store: FileStore,
  files: readonly ArchiveFile[],
): Promise<{ there: ArchiveFile[]; missing: string[] }> => {
  const there = new Map<string, ArchiveFile>()
  for (const file of files)
    if (!there.has(file.name) && (await isWhole(store, file))) there.set(file.name, file)
  const missing = new Set(files.map(({ name }) => name).filter((name) => !there.has(name)))
  return { there: [...there.values()], missing: [...missing] }
}

const isWhole = async (store: FileStore, file: ArchiveFile): Promise<boolean> => {
  try {
    const content = await store.open(file)
    content.destroy()
    return true
  } catch (error) {
    if (error instanceof FileDamaged) return false
    throw error
  }
}
