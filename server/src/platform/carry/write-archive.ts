import { createHash } from 'node:crypto'
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { canonicalJson, type Json } from '../../kernel/evidence/canonical-json.ts'
import { tarEnd, tarHeader, tarPadding } from '../backup/tar.ts'
import type { FileStore, StoredFile } from '../files/file-store.ts'
import type { Reader } from '../postgres/database.ts'
import { fieldsOf, rowsQuery, type CarriedTable, type ReadField } from './carried-table.ts'
import { fileFolder, manifestName, tableFile, type ArchiveManifest } from './format.ts'

type StagedTable = ArchiveManifest['tables'][number] & { readonly from: number }

/** Tables as they were at one moment, in a file that nobody else can open and that is gone with this process. */
export type Staged = {
  readonly tables: readonly StagedTable[]
  read(table: StagedTable): Readable
  close(): Promise<void>
}

const pageRows = 1000

/**
 * Writes the tables down in the transaction at hand, which is at one moment (repeatable read): whoever takes the archive may be slow, and
 * must not hold a transaction open.
 */
export const stageTables = async (q: Reader, tables: readonly CarriedTable[]): Promise<Staged> => {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-organization-'))
  let file: FileHandle
  try {
    file = await open(join(folder, 'tables'), 'wx+', 0o600)
  } finally {
    // The file lives for as long as it is open.
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const staged: StagedTable[] = []
    let from = 0
    for (const table of tables) {
      const written = await stageTable(q, table, file, from)
      staged.push({ name: table.name, from, ...written })
      from += written.bytes
    }
    return {
      tables: staged,
      read: ({ from: start, bytes }) => Readable.from(portions(file, start, bytes)),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

const stageTable = async (
  q: Reader,
  table: CarriedTable,
  file: FileHandle,
  from: number,
): Promise<{ rows: number; bytes: number; sha256: string }> => {
  const fields = fieldsOf(table)
  const hash = createHash('sha256')
  let [rows, bytes] = [0, 0]
  await q.rows({
    text: `declare carried no scroll cursor for ${rowsQuery(table)}`,
    values: [q.tenantId],
  })
  for (;;) {
    const page = await q.rows<Readonly<Record<string, unknown>>>({
      text: `fetch ${pageRows} from carried`,
      values: [],
    })
    if (page.length === 0) break
    const text = Buffer.from(page.map((row) => lineOf(fields, row, q.tenantId)).join(''))
    hash.update(text)
    await writeWhole(file, text, from + bytes)
    rows += page.length
    bytes += text.length
  }
  await q.rows({ text: 'close carried', values: [] })
  return { rows, bytes, sha256: hash.digest('hex') }
}

const writeWhole = async (file: FileHandle, content: Buffer, at: number): Promise<void> => {
  for (let done = 0; done < content.length;) {
    const { bytesWritten } = await file.write(content, done, content.length - done, at + done)
    done += bytesWritten
  }
}

async function* portions(file: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length;) {
    const buffer = Buffer.alloc(Math.min(256 * 1024, length - done))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start + done)
    if (bytesRead === 0) throw new Error('the tables written down for an archive are cut off')
    done += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** One line: fields in the order in which they are declared, what is inside them in canonical order. */
const lineOf = (
  fields: readonly ReadField[],
  row: Readonly<Record<string, unknown>>,
  tenantId: string,
): string => {
  const members = fields.map(({ column, field, kind }) => {
    const value = row[column]
    const own = kind === 'id or organization' && value === tenantId
    return `${JSON.stringify(field)}:${canonicalJson(own ? null : jsonOf(value))}`
  })
  return `{${members.join(',')}}\n`
}

const jsonOf = (value: unknown): Json => {
  if (Buffer.isBuffer(value)) return value.toString('hex')
  // What the driver makes of the column types that fields are declared for; `canonicalJson` refuses anything else.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (value ?? null) as Json
}

/** A file of the archive under its name there, its SHA-256. */
export type ArchiveFile = StoredFile & { readonly name: string }

/** Nothing in an archive tells when it was made. */
const noTime = new Date(0)

/**
 * The archive as chunks of a tar. `files` stand in the order of their names, each of them whole a moment ago; one that has gone since
 * breaks the archive off.
 */
export async function* writeArchive(
  manifest: ArchiveManifest,
  files: readonly ArchiveFile[],
  store: FileStore,
  staged: Staged,
): AsyncGenerator<Buffer> {
  const description = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
  yield* tarFile(manifestName, description.length, [description])
  for (const file of files)
    yield* tarFile(`${fileFolder}${file.name}`, file.sizeBytes, await store.open(file))
  for (const table of staged.tables) yield* tarFile(tableFile(table.name), table.bytes, staged.read(table))
  yield tarEnd()
}

async function* tarFile(
  name: string,
  size: number,
  content: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<Buffer> {
  yield tarHeader(name, size, noTime)
  let left = size
  for await (const chunk of content) {
    if (!Buffer.isBuffer(chunk))
      throw new TypeError('a stream of the archive holds something other than bytes')
    left -= chunk.length
    if (left < 0) break
    yield chunk
  }
  if (left !== 0) throw new Error(`${name} changed while it was read`)
  yield tarPadding(size)
}
