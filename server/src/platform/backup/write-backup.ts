import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { formatVersion, headerName, manifestName, type BackupHeader, type BackupManifest } from './format.ts'
import { backupTables, copyOut, settledOutput, type BackupTable } from './tables.ts'
import { tarEnd, tarHeader, tarPadding } from './tar.ts'

/** Where attachments are kept. */
export type AttachmentFiles = {
  /** The file, and how large it is; undefined when it is not there, or is not what was uploaded (SHA-256, hex). */
  read(
    storageKey: string,
    sha256: string,
  ): Promise<{ readonly size: number; readonly content: Readable } | undefined>
}

export type BackupSettings = {
  readonly ownerUrl: string
  readonly now: Date
  readonly attachments: AttachmentFiles
  /** PEM of the keys that sign the journal, public halves. */
  readonly publicKeys: readonly string[]
}

const portionBytes = 4 * 1_048_576

/**
 * The archive of an instance at one moment, as chunks of a tar. Writers go on working meanwhile: a snapshot waits for nobody and keeps
 * nobody waiting.
 * @returns (at the end of the iteration) what the archive holds
 */
export async function* writeBackup(settings: BackupSettings): AsyncGenerator<Buffer, BackupManifest> {
  const client = new Client({ connectionString: settings.ownerUrl, application_name: 'evenkeel backup' })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(settledOutput)
    await client.query('begin isolation level repeatable read read only')
    return yield* archiveOf(client, settings)
  } finally {
    await client.end().catch(() => {})
  }
}

async function* archiveOf(client: Client, settings: BackupSettings): AsyncGenerator<Buffer, BackupManifest> {
  const { now, attachments } = settings
  const file = (name: string, content: Buffer): Buffer =>
    Buffer.concat([tarHeader(name, content.length, now), content, tarPadding(content.length)])
  const tables = await backupTables(client)
  const header = Buffer.from(JSON.stringify(await headerOf(client, tables, settings), null, 2))
  yield file(headerName, header)
  const tenants = await client.query<{ id: string }>('select id from tenant order by id')
  const tenantIds = tenants.rows.map(({ id }) => id)

  const copied: BackupManifest['tables'] = []
  for (const table of tables) {
    const hash = createHash('sha256')
    let [rows, bytes, portion] = [0, 0, 0]
    let waiting: Buffer[] = []
    let waitingBytes = 0
    const portionFile = (): Buffer => {
      const content = Buffer.concat(waiting)
      waiting = []
      waitingBytes = 0
      return file(`tables/${table.name}/${String((portion += 1)).padStart(6, '0')}`, content)
    }
    for (const [tenantId, text] of statementsFor(table, tenantIds)) {
      if (tenantId !== undefined)
        await client.query(`select set_config('evenkeel.tenant', $1, true)`, [tenantId])
      const stream = client.query(copyTo(text))
      for await (const chunk of stream) {
        // pg-copy-streams types its chunks loosely; they are buffers.
        const buffer = Buffer.from(chunk)
        hash.update(buffer)
        bytes += buffer.length
        waiting.push(buffer)
        waitingBytes += buffer.length
        if (waitingBytes >= portionBytes) yield portionFile()
      }
      rows += stream.rowCount
    }
    if (waitingBytes > 0) yield portionFile()
    copied.push({ name: table.name, rows, bytes, sha256: hash.digest('hex') })
  }

  const files = { files: 0, bytes: 0, missing: new Array<string>() }
  for (const tenantId of tenantIds) {
    await client.query(`select set_config('evenkeel.tenant', $1, true)`, [tenantId])
    for await (const { id, storage_key, sha256 } of attachmentsOf(client, tenantId)) {
      const stored = await attachments.read(storage_key, sha256)
      if (stored === undefined) {
        files.missing.push(`${tenantId}/${id}`)
        continue
      }
      yield tarHeader(`attachments/${tenantId}/${id}`, stored.size, now)
      let left = stored.size
      for await (const chunk of stored.content) {
        const buffer = Buffer.from(chunk)
        left -= buffer.length
        if (left < 0) break
        yield buffer
      }
      if (left !== 0) throw new Error(`the attachment ${storage_key} changed while it was read`)
      yield tarPadding(stored.size)
      files.files += 1
      files.bytes += stored.size
    }
  }
  const manifest: BackupManifest = {
    tables: copied,
    attachments: files,
    header: createHash('sha256').update(header).digest('hex'),
  }
  yield file(manifestName, Buffer.from(JSON.stringify(manifest, null, 2)))
  yield tarEnd()
  return manifest
}

const statementsFor = (
  table: BackupTable,
  tenantIds: readonly string[],
): [tenantId: string | undefined, text: string][] =>
  table.byTenant
    ? tenantIds.map((tenantId) => [tenantId, copyOut(table, tenantId)])
    : [[undefined, copyOut(table)]]

const headerOf = async (
  client: Client,
  tables: readonly BackupTable[],
  { now, publicKeys }: BackupSettings,
): Promise<BackupHeader> => {
  const [migrations, server] = await Promise.all([
    client.query<{ number: number; file: string; checksum: string }>(
      'select number, file, checksum from evenkeel_migration order by number',
    ),
    client.query<{ version: string }>(`select current_setting('server_version') as version`),
  ])
  return {
    format: 'evenkeel-backup',
    version: formatVersion,
    madeAt: now.toISOString(),
    postgres: server.rows[0]?.version ?? '',
    migrations: migrations.rows,
    tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
    publicKeys: [...publicKeys],
  }
}

const page = 1000

async function* attachmentsOf(
  client: Client,
  tenantId: string,
): AsyncGenerator<{ id: string; storage_key: string; sha256: string }> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await client.query<{ id: string; storage_key: string; sha256: string }>(
      `select id, storage_key, encode(sha256, 'hex') as sha256 from attachment where tenant_id = $1 and id > $2 and removed_at is null order by id limit $3`,
      [tenantId, after, page],
    )
    yield* rows
    after = rows.at(-1)?.id ?? after
    if (rows.length < page) return
  }
}
