import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { uuidv7 } from '../kernel/uuid.ts'
import {
  insertQueries,
  textIn,
  type CarriedRow,
  type CarriedTable,
  type MadeColumns,
} from '../platform/carry/carried-table.ts'
import { ArchiveFault, type ArchiveManifest } from '../platform/carry/format.ts'
import { readArchive } from '../platform/carry/read-archive.ts'
import type { FileStore, StoredFile } from '../platform/files/file-store.ts'
import { openTx, type Author } from '../platform/journal/write.ts'
import { sqlState, transaction, type Database, type Reader } from '../platform/postgres/database.ts'
import { continueNumbers } from '../practices/record/index.ts'
import { countsOf } from './organization.export.ts'
import { rowFaults } from './organization.row-faults.ts'
import { carriedTables } from './organization.tables.ts'

export type CarriedOrganization = {
  readonly id: string
  readonly slug: string
  readonly manifest: ArchiveManifest
  /** Addresses of some people who may administer: one of them gets the first password. */
  readonly administrators: readonly string[]
}

/**
 * Puts an archive into the instance as a new tenant, whole or not at all: rows in one transaction, for that tenant alone, under row-level
 * security; files first, which nobody sees before the rows are there. Nobody can sign in afterwards, and no reaction answers what
 * happened long ago.
 * @param slug what people type to sign in; the archive's own when absent
 * @throws ArchiveFault when the archive is wrong, or the slug is taken
 */
export const importOrganization = async (
  database: Database,
  files: FileStore,
  chunks: AsyncIterable<Buffer>,
  { slug, now }: { readonly slug: string | undefined; readonly now: string },
): Promise<CarriedOrganization> => {
  const id = uuidv7()
  const kept: string[] = []
  try {
    return await carryIn(database, files, chunks, { id, slug, now, kept })
  } catch (error) {
    for (const key of kept) await files.remove(key)
    throw error
  }
}

type Wish = {
  readonly id: string
  readonly slug: string | undefined
  readonly now: string
  /** Keys of the files that were stored, to be removed when it fails. */
  readonly kept: string[]
}

const carryIn = async (
  database: Database,
  files: FileStore,
  chunks: AsyncIterable<Buffer>,
  { id, slug, now, kept }: Wish,
): Promise<CarriedOrganization> => {
  const author: Author = {
    tenantId: id,
    actor: { kind: 'system', id: null, onBehalfOf: null, via: 'cli' },
    request: null,
    now,
  }
  let finish: (() => Promise<unknown>[]) | undefined
  return transaction(
    database,
    id,
    'read write',
    async (client, reader) => {
      const send = async (text: string, values: unknown[]): Promise<void> =>
        void (await client.query(text, values))
      // The transaction waits for the archive, however slowly it comes; it writes nothing before the first row.
      await send('set local idle_in_transaction_session_timeout = 0', [])
      const stored = storedFiles(files, id, kept)
      let manifest: ArchiveManifest | undefined
      let sha256: Buffer = Buffer.alloc(0)
      let begun = false
      const begin = async (): Promise<void> => {
        if (begun || manifest === undefined) return
        begun = true
        const { name, timeZone, language, createdAt } = manifest.organization
        await send(
          'insert into tenant (id, slug, name, time_zone, language, created_at) values ($1, $2, $3, $4, $5, $6)',
          [id, slug ?? manifest.organization.slug, name, timeZone, language, createdAt],
        )
      }
      const whole = await readArchive(chunks, carriedTables, {
        manifest: async (described, digest) => {
          mustBeKnownZone(described)
          await mustBeFree(reader, slug ?? described.organization.slug)
          manifest = described
          sha256 = digest
        },
        file: (sha256Of, size, content) => stored.put(sha256Of, size, content),
        rows: async (table, rows, firstLine) => {
          await begin()
          await addRows(send, table, rows, firstLine, { id, era: database.era, stored })
        },
      })
      await begin()
      mustHaveFiles(whole, stored)
      await continueNumbers(reader)
      const open = openTx(database, client, reader, author)
      const entries = whole.tables.find(({ name }) => name === 'journal')?.rows ?? 0
      open.tx.send({
        text: 'insert into carried_journal (tenant_id, era, at, entries, sha256) values ($1, $2, $3, $4, $5)',
        values: [id, database.era, now, entries, sha256],
      })
      open.tx.journal({
        type: 'organization.imported',
        subject: { kind: 'tenant', id },
        data: { ...countsOf(whole), entries, manifest: sha256.toString('hex'), product: whole.product },
      })
      finish = () => open.finish()
      return {
        id,
        slug: slug ?? whole.organization.slug,
        manifest: whole,
        administrators: await administratorsOf(reader),
      }
    },
    () => finish?.() ?? [],
  )
}

const mustBeKnownZone = ({ organization: { timeZone } }: ArchiveManifest): void => {
  try {
    new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions()
  } catch {
    throw new ArchiveFault(`The archive cannot be used: ${JSON.stringify(timeZone)} is no time zone.`)
  }
}

const mustBeFree = async (q: Reader, slug: string): Promise<void> => {
  if (!/^[a-z0-9][a-z0-9-]{1,39}$/.test(slug))
    throw new ArchiveFault(
      '--slug is 2 to 40 small letters, digits and dashes, beginning with a letter or digit: it is what people type to sign in.',
    )
  const taken = await q.maybe({ text: 'select 1 from tenant where slug = $1', values: [slug] })
  if (taken !== undefined) throw new ArchiveFault(slugTaken(slug))
}
const slugTaken = (slug: string): string =>
  `There is a tenant ${slug} already. Name another one with --slug: an archive is put into a tenant of its own.`

const administratorsOf = async (q: Reader): Promise<string[]> => {
  const rows = await q.rows<{ email: string }>({
    text: `select distinct p.email from person p
             join person_role h on h.tenant_id = p.tenant_id and h.person_id = p.id
             join role_permission r on r.tenant_id = h.tenant_id and r.role_id = h.role_id
           where p.tenant_id = $1 and p.is_active and r.permission = 'role.manage' order by p.email limit 3`,
    values: [q.tenantId],
  })
  return rows.map(({ email }) => email)
}

type StoredFiles = {
  /** Stores a file of the archive under a key that the store makes. */
  put(sha256: string, size: number, content: AsyncIterable<Buffer>): Promise<void>
  /** Where an attachment's file is: each has one of its own, because removing one must leave the others. */
  keyOf(row: CarriedRow): Promise<string>
  /** Contents that attachments speak of and that did not come; contents that came and no attachment speaks of. */
  unmatched(): { readonly lacking: ReadonlySet<string>; readonly unnamed: readonly string[] }
}

const storedFiles = (store: FileStore, tenantId: string, kept: string[]): StoredFiles => {
  const stored = new Map<string, StoredFile & { named: boolean }>()
  const lacking = new Set<string>()
  const put = async (content: Readable, size: number): Promise<StoredFile> => {
    const file = await store.put(tenantId, content, size)
    kept.push(file.key)
    return file
  }
  return {
    put: async (sha256, size, content) =>
      void stored.set(sha256, { ...(await put(Readable.from(content), size)), named: false }),
    keyOf: async (row) => {
      const sha256 = textIn(row, 'sha256')
      const file = row['removedAt'] === null ? stored.get(sha256) : undefined
      if (file === undefined) {
        if (row['removedAt'] === null) lacking.add(sha256)
        return `${tenantId}/1970-01/${randomUUID()}`
      }
      if (file.sizeBytes !== row['sizeBytes'])
        throw new ArchiveFault(
          `The archive cannot be used: an attachment gives the file ${sha256} another size.`,
        )
      if (file.named) return (await put(await store.open(file), file.sizeBytes)).key
      file.named = true
      return file.key
    },
    unmatched: () => ({
      lacking,
      unnamed: [...stored].filter(([, { named }]) => !named).map(([sha256]) => sha256),
    }),
  }
}

const mustHaveFiles = (manifest: ArchiveManifest, stored: StoredFiles): void => {
  const { lacking, unnamed } = stored.unmatched()
  const missing = new Set(manifest.files.missing)
  const [lost] = [...lacking].filter((sha256) => !missing.has(sha256))
  if (lost !== undefined) throw new ArchiveFault(`The archive cannot be used: it lacks the file ${lost}.`)
  const [odd] = [...missing].filter((sha256) => !lacking.has(sha256)).concat(unnamed)
  if (odd !== undefined)
    throw new ArchiveFault(`The archive cannot be used: it has a file ${odd} that no attachment names.`)
}

type Place = { readonly id: string; readonly era: number; readonly stored: StoredFiles }

/** Columns that are made here, with their SQL types. */
const madeColumns: Readonly<Record<string, MadeColumns>> = {
  attachment: { storage_key: 'text' },
  journal: { era: 'integer' },
}

const addRows = async (
  send: (text: string, values: unknown[]) => Promise<void>,
  table: CarriedTable,
  rows: readonly CarriedRow[],
  firstLine: number,
  { id, era, stored }: Place,
): Promise<void> => {
  for (const [index, row] of rows.entries()) {
    const fault = rowFaults[table.name]?.(row, id)
    if (fault !== undefined)
      throw new ArchiveFault(
        `The archive cannot be used: ${table.name}.jsonl, line ${firstLine + index} ${fault}.`,
      )
  }
  const complete: unknown[] = []
  for (const row of rows) {
    if (table.name === 'attachment') complete.push({ ...row, storage_key: await stored.keyOf(row) })
    else complete.push(table.name === 'journal' ? { ...row, era } : row)
  }
  const json = JSON.stringify(complete)
  try {
    for (const text of insertQueries(table, madeColumns[table.name] ?? {})) await send(text, [id, json])
  } catch (error) {
    // Class 22 and 23: values that are none of this column, rows that point at nothing or stand twice; class 42501 would be another tenant's.
    if (!/^2[23]/.test(sqlState(error))) throw error
    const constraint = error instanceof Error && 'constraint' in error ? String(error.constraint) : ''
    throw new ArchiveFault(
      `The archive cannot be used: ${table.name}.jsonl, lines ${firstLine} to ${firstLine + rows.length - 1} do not fit the rest of it${constraint === '' ? '' : ` (${constraint})`}.`,
      { cause: error },
    )
  }
}
