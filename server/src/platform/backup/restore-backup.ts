import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { z } from 'zod'
import { sqlState } from '../postgres/database.ts'
import { contentsOf } from '../postgres/examine.ts'
import { readMigrations } from '../postgres/migrate.ts'
import {
  BackupFault,
  BackupHeader,
  BackupManifest,
  formatVersion,
  headerName,
  manifestName,
} from './format.ts'
import { backupTables, copyIn, copyOut, quoted, settledOutput, type BackupTable } from './tables.ts'
import { readTar, TarFault, type TarFile } from './tar.ts'

/** Where attachments are put. A file counts as put only when it is whole and on disk. */
export type AttachmentTarget = {
  /** @returns the SHA-256 of what was put, hex */
  put(storageKey: string, content: AsyncIterable<Buffer>): Promise<string>
  remove(storageKey: string): Promise<void>
}

export type RestoreSettings = {
  /** Chunks of the tar, already decompressed. */
  readonly archive: AsyncIterable<Buffer>
  readonly ownerUrl: string
  readonly attachments: AttachmentTarget
  /** Brings the empty database to the migration that the backup was made on, and makes the queues. */
  readonly prepare: (newestMigration: number) => Promise<void>
}

export type Restored = { readonly header: BackupHeader; readonly manifest: BackupManifest }

/**
 * Puts a backup into an empty instance, in one transaction: everything, checked row by row against the manifest, or nothing.
 * @throws BackupFault when the archive is wrong, cut off or changed, or when the instance is not empty or in use
 */
export const restoreBackup = async (settings: RestoreSettings): Promise<Restored> => {
  const files = readTar(settings.archive)
  const { header, digest } = await headerOf(files)
  await requireKnownMigrations(header)
  await requireNew(settings.ownerUrl, header)
  await settings.prepare(header.migrations.at(-1)?.number ?? 0)
  const client = new Client({ connectionString: settings.ownerUrl, application_name: 'evenkeel restore' })
  client.on('error', () => {})
  await client.connect()
  const loading: Load = { header: digest, settings, put: [], open: undefined }
  try {
    await client.query(settledOutput)
    await client.query('begin')
    const tables = await emptyTables(client, header)
    const manifest = await load(client, files, tables, loading)
    await requireKnownQueues(client)
    await beginEra(client)
    await client.query('commit')
    return { header, manifest }
  } catch (error) {
    await loading.open?.abort()
    await client.query('rollback').catch(() => {})
    for (const key of loading.put) await settings.attachments.remove(key).catch(() => {})
    throw asFault(error)
  } finally {
    await client.end().catch(() => {})
  }
}

const asFault = (error: unknown): unknown => {
  if (error instanceof TarFault) return new BackupFault(`The backup cannot be used: ${error.message}.`)
  const code = sqlState(error)
  // Decompression: cut off, damaged, or not compressed like this at all. Codes of Node's zlib binding.
  if (
    /^(?:Z_|ZSTD_|ERR_ZSTD|ERR__ERROR)/.test(code) ||
    (error instanceof Error && /unexpected end of file/.test(error.message)) ||
    // A frame that breaks while its stream is being ended: the binding is gone when its answer is looked at.
    (error instanceof TypeError && /node:(?:internal\/)?(?:zlib|streams)/.test(error.stack ?? ''))
  )
    return new BackupFault('The backup cannot be used: it is cut off or damaged.')
  // Class 22 and 23: rows that are no rows of these tables.
  if (/^2[23]/.test(code))
    return new BackupFault(
      'The backup cannot be used: its rows do not fit its own tables, so it was changed.',
    )
  return error
}

const headerOf = async (
  files: AsyncGenerator<TarFile>,
): Promise<{ header: BackupHeader; digest: string }> => {
  const first = await files.next().catch((error: unknown) => {
    throw asFault(error)
  })
  if (first.done === true || first.value.name !== headerName)
    throw new BackupFault('The file is not a backup of Evenkeel.')
  const content = await contentOf(first.value)
  const header = parsed(BackupHeader, content)
  if (header.version !== formatVersion)
    throw new BackupFault(
      `The backup is in format ${header.version}; this version reads format ${formatVersion}. Restore it with the version that made it.`,
    )
  return { header, digest: createHash('sha256').update(content).digest('hex') }
}

const largestJson = 64 * 1_048_576

const contentOf = async ({ body, size }: TarFile): Promise<Buffer> => {
  if (size > largestJson) throw new BackupFault('The file is not a backup of Evenkeel.')
  const parts: Buffer[] = []
  for await (const part of body) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

const parsed = <T>(schema: z.ZodType<T>, content: Buffer): T => {
  try {
    return schema.parse(JSON.parse(content.toString('utf8')))
  } catch {
    throw new BackupFault('The backup cannot be used: its description of itself is damaged.')
  }
}

const requireKnownMigrations = async (header: BackupHeader): Promise<void> => {
  const known = new Map((await readMigrations()).map((migration) => [migration.number, migration]))
  for (const { number, file, checksum } of header.migrations) {
    const ours = known.get(number)
    if (ours === undefined)
      throw new BackupFault(
        `The backup was made by a newer version of Evenkeel (${file}). Restore it with that version.`,
      )
    if (ours.checksum !== checksum)
      throw new BackupFault(`The backup was made by a version of Evenkeel in which ${file} was different.`)
  }
}

const notEmpty =
  'The instance is not empty. A backup is restored into a new one: another EVENKEEL_DATA, or an empty database.'

/** Before anything is touched: nobody's data, and no schema that is ahead of the backup's. */
const requireNew = async (ownerUrl: string, header: BackupHeader): Promise<void> => {
  const contents = await contentsOf(ownerUrl)
  if (contents.tenants > 0) throw new BackupFault(notEmpty)
  if (contents.newestMigration > (header.migrations.at(-1)?.number ?? 0))
    throw new BackupFault(
      'The instance is empty, and its tables are those of a newer version than the backup. Restore into one that was never started.',
    )
}

const patienceMs = 2000

/** Whether somebody else is connected. Who just left is still listed for a moment. */
const othersStay = async (client: Client): Promise<boolean> => {
  for (const until = performance.now() + patienceMs; ;) {
    // A transaction sees who is connected as it first looked.
    await client.query('select pg_stat_clear_snapshot()')
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and usesysid is not null`,
    )
    if ((rows[0]?.count ?? 0) === 0) return false
    if (performance.now() >= until) return true
    await sleep(50)
  }
}

/** The tables to fill, alone with them until the end of the transaction. */
const emptyTables = async (client: Client, header: BackupHeader): Promise<BackupTable[]> => {
  if (await othersStay(client))
    throw new BackupFault(
      'The instance is running. Stop Evenkeel first, and whatever else is connected to its database.',
    )
  const tables = await backupTables(client)
  await client.query(
    `lock table ${tables.map(({ name }) => quoted(name)).join(', ')} in access exclusive mode`,
  )
  const filled = await client.query<{ filled: boolean }>(
    'select exists (select from tenant) or exists (select from pgboss.job) as filled',
  )
  if (filled.rows[0]?.filled !== false) throw new BackupFault(notEmpty)
  const ours = tables.map(({ name, columns }) => `${name} ${columns.toSorted().join()}`).toSorted()
  const theirs = header.tables.map(({ name, columns }) => `${name} ${columns.toSorted().join()}`).toSorted()
  const odd = theirs.find((table) => !ours.includes(table)) ?? ours.find((table) => !theirs.includes(table))
  if (odd !== undefined)
    throw new BackupFault(
      `The backup does not fit this version of Evenkeel: they differ in ${odd.split(' ', 1)[0] ?? ''}.`,
    )
  // In the order and with the columns of the archive.
  return header.tables.flatMap(({ name, columns }) =>
    tables.filter((table) => table.name === name).map((table) => ({ ...table, columns })),
  )
}

type Load = {
  /** SHA-256 of the header, which the manifest repeats. */
  readonly header: string
  readonly settings: RestoreSettings
  /** Keys of the attachments that were put, to be removed when the transaction fails. */
  readonly put: string[]
  /** The table that is being filled. */
  open: OpenCopy | undefined
}

const load = async (
  client: Client,
  files: AsyncGenerator<TarFile>,
  tables: readonly BackupTable[],
  loading: Load,
): Promise<BackupManifest> => {
  const foreignKeys = await dropForeignKeys(client, tables)
  for (const { name } of tables.filter(({ byTenant }) => byTenant))
    await client.query(`alter table ${quoted(name)} no force row level security`)
  // What follows from other rows was saved with them.
  for (const { name } of ofTheInstance(tables))
    await client.query(`alter table ${quoted(name)} disable trigger user`)
  await client.query(`truncate ${tables.map(({ name }) => quoted(name)).join(', ')}`)

  const found = new Map(tables.map(({ name }) => [name, { rows: 0, bytes: 0, hash: createHash('sha256') }]))
  let manifest: BackupManifest | undefined
  const attachments = { files: 0, bytes: 0 }
  const close = async (): Promise<void> => {
    const { open } = loading
    const counts = open === undefined ? undefined : found.get(open.table.name)
    if (open !== undefined && counts !== undefined) counts.rows += await open.end()
    loading.open = undefined
  }
  for await (const file of files) {
    if (manifest !== undefined) throw new TarFault('something follows its end')
    const place = /^tables\/([a-z_]+\.[a-z_]+)\/\d{6,}$/.exec(file.name)?.[1]
    const attachment = /^attachments\/([0-9a-f-]{36})\/([0-9a-f-]{36})$/.exec(file.name)
    if (place !== undefined) {
      if (loading.open?.table.name !== place) {
        await close()
        const table = tables.find(({ name }) => name === place)
        const counts = found.get(place)
        if (table === undefined || counts === undefined || counts.bytes > 0)
          throw new TarFault(`it holds ${file.name}, which does not belong there`)
        loading.open = openCopy(client, table)
      }
      const counts = found.get(place)
      if (counts !== undefined && loading.open !== undefined)
        counts.bytes += await feed(loading.open, file, counts.hash)
    } else if (attachment !== null) {
      await close()
      const [, tenantId = '', id = ''] = attachment
      await putAttachment(client, loading, { tenantId, id }, file)
      attachments.files += 1
      attachments.bytes += file.size
    } else if (file.name === manifestName) {
      await close()
      manifest = parsed(BackupManifest, await contentOf(file))
    } else throw new TarFault(`it holds ${file.name}, which does not belong there`)
  }
  if (manifest === undefined) throw new TarFault('it is cut off')
  compare(manifest, { header: loading.header, attachments, found })
  for (const statement of foreignKeys) await client.query(statement)
  await requireStored(client, tables, manifest)
  for (const { name } of ofTheInstance(tables))
    await client.query(`alter table ${quoted(name)} enable trigger user`)
  for (const { name } of tables.filter(({ byTenant }) => byTenant))
    await client.query(`alter table ${quoted(name)} force row level security`)
  return manifest
}

type OpenCopy = {
  readonly table: BackupTable
  readonly write: (part: Buffer) => Promise<void>
  /** Returns how many rows it took. */
  readonly end: () => Promise<number>
  /** Gives it up; the connection can be asked again. */
  readonly abort: () => Promise<void>
}

const openCopy = (client: Client, table: BackupTable): OpenCopy => {
  const stream = client.query(copyFrom(copyIn(table)))
  const done = finished(stream)
  done.catch(() => {})
  return {
    table,
    write: async (part) => {
      if (!stream.write(part)) await Promise.race([once(stream, 'drain'), done])
    },
    end: async () => {
      stream.end()
      await done
      return stream.rowCount
    },
    abort: async () => {
      if (stream.closed) return
      stream.destroy(new Error('the restore was given up'))
      await once(stream, 'close').catch(() => {})
    },
  }
}

const feed = async (open: OpenCopy, { body }: TarFile, hash: Hash): Promise<number> => {
  let bytes = 0
  for await (const part of body) {
    hash.update(part)
    bytes += part.length
    await open.write(part)
  }
  return bytes
}

const putAttachment = async (
  client: Client,
  { settings: { attachments }, put }: Load,
  { tenantId, id }: { tenantId: string; id: string },
  file: TarFile,
): Promise<void> => {
  const { rows } = await client.query<{ storage_key: string; sha256: Buffer; size_bytes: string }>(
    'select storage_key, sha256, size_bytes from attachment where tenant_id = $1 and id = $2',
    [tenantId, id],
  )
  const [row] = rows
  if (row === undefined || Number(row.size_bytes) !== file.size)
    throw new TarFault(`it holds ${file.name}, which does not belong there`)
  put.push(row.storage_key)
  const digest = await attachments.put(row.storage_key, file.body)
  if (digest !== row.sha256.toString('hex')) throw new TarFault(`${file.name} was changed`)
}

type Found = ReadonlyMap<string, { readonly rows: number; readonly bytes: number; readonly hash: Hash }>

const compare = (
  manifest: BackupManifest,
  read: {
    readonly header: string
    readonly attachments: { files: number; bytes: number }
    readonly found: Found
  },
): void => {
  if (manifest.header !== read.header) throw new TarFault('its header was changed')
  if (manifest.tables.length !== read.found.size) throw new TarFault('its manifest was changed')
  for (const { name, rows, bytes, sha256 } of manifest.tables) {
    const found = read.found.get(name)
    if (
      found === undefined ||
      found.bytes !== bytes ||
      found.rows !== rows ||
      found.hash.digest('hex') !== sha256
    )
      throw new TarFault(`the rows of ${name} are not those that were saved`)
  }
  const { files, bytes } = manifest.attachments
  if (files !== read.attachments.files || bytes !== read.attachments.bytes)
    throw new TarFault('its attachments are not those that were saved')
}

/** What is in the tables now, read back, is what was saved. */
const requireStored = async (
  client: Client,
  tables: readonly BackupTable[],
  manifest: BackupManifest,
): Promise<void> => {
  const saved = new Map(manifest.tables.map((table) => [table.name, table]))
  for (const table of tables) {
    const hash = createHash('sha256')
    for await (const chunk of client.query(copyTo(copyOut(table)))) hash.update(Buffer.from(chunk))
    if (hash.digest('hex') !== saved.get(table.name)?.sha256)
      throw new BackupFault(`What was restored into ${table.name} is not what was saved; nothing was kept.`)
  }
}

/** Without those that the queue keeps for itself. */
const ofTheInstance = (tables: readonly BackupTable[]): readonly BackupTable[] =>
  tables.filter(({ name }) => name.startsWith('public.'))

/** Rows come table by table, so that what they refer to may come later. Returns the statements that put the constraints back. */
const dropForeignKeys = async (client: Client, tables: readonly BackupTable[]): Promise<string[]> => {
  const { rows } = await client.query<{ place: string; name: string; definition: string }>(
    `select conrelid::regclass::text as place, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conparentid = 0
       and conrelid::regclass::text = any($1)`,
    [ofTheInstance(tables).map(({ name }) => name.replace('public.', ''))],
  )
  for (const { place, name } of rows) await client.query(`alter table ${place} drop constraint ${name}`)
  return rows.map(
    ({ place, name, definition }) => `alter table ${place} add constraint ${name} ${definition}`,
  )
}

const requireKnownQueues = async (client: Client): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    'select distinct name from pgboss.job where name not in (select name from pgboss.queue) order by 1',
  )
  if (rows.length > 0)
    throw new BackupFault(
      `The backup holds jobs of queues that this version does not have: ${rows.map(({ name }) => name).join(', ')}.`,
    )
}

/**
 * Transaction ids of the old cluster mean nothing in this one: what was restored is history, closed, and what comes belongs to a new
 * era. Readers of the journal go on from their cursors.
 */
const beginEra = async (client: Client): Promise<void> => {
  await client.query(
    `insert into journal_era (era, system_identifier)
     select coalesce(max(e.era), 0) + 1, (select system_identifier::text from pg_control_system()) from journal_era e`,
  )
}
