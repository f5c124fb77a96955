import { createHash } from 'node:crypto'
import {
  isJsonObject,
  parseJson,
  canonicalJson,
  UnsealableError,
} from '../../kernel/evidence/canonical-json.ts'
import { readTar, TarFault, type TarFile } from '../backup/tar.ts'
import { faultOf, fieldsOf, type CarriedRow, type CarriedTable, type ReadField } from './carried-table.ts'
import {
  ArchiveFault,
  ArchiveManifest,
  fileFolder,
  formatVersion,
  manifestName,
  tableFile,
} from './format.ts'

/** What becomes of the parts of an archive, in its order. */
export type ArchiveSink = {
  manifest(manifest: ArchiveManifest, sha256: Buffer): Promise<void>
  /** Keeps a file; its content is checked behind its last byte, and a wrong one is a fault. */
  file(sha256: string, size: number, content: AsyncIterable<Buffer>): Promise<void>
  /** Some rows of a table, complete and of the right kinds. */
  rows(table: CarriedTable, rows: readonly CarriedRow[], firstLine: number): Promise<void>
}

const largestManifest = 16 * 1_048_576
/** Far above what a row may hold, far below what a process may. */
const longestLine = 8 * 1_048_576
const batchRows = 500
const batchBytes = 1_048_576

/**
 * Reads an archive, once, from its first byte to its last, keeping no more of it in memory than some rows.
 * @throws ArchiveFault for anything that `writeArchive` would not have written; what the sink got until then is void
 */
export const readArchive = async (
  chunks: AsyncIterable<Buffer>,
  tables: readonly CarriedTable[],
  sink: ArchiveSink,
): Promise<ArchiveManifest> => {
  try {
    return await read(readTar(chunks), tables, sink)
  } catch (error) {
    if (error instanceof TarFault) throw new ArchiveFault(`The archive cannot be used: ${error.message}.`)
    throw error
  }
}

const unusable = (why: string): ArchiveFault => new ArchiveFault(`The archive cannot be used: ${why}.`)

const read = async (
  parts: AsyncGenerator<TarFile>,
  tables: readonly CarriedTable[],
  sink: ArchiveSink,
): Promise<ArchiveManifest> => {
  const first = await parts.next().catch((error: unknown) => {
    throw error instanceof TarFault
      ? new ArchiveFault('The file is not an archive of an organization.')
      : error
  })
  if (first.done === true || first.value.name !== manifestName)
    throw new ArchiveFault('The file is not an archive of an organization.')
  const { manifest, sha256 } = await manifestOf(first.value, tables)
  await sink.manifest(manifest, sha256)
  const found = { files: 0, bytes: 0, last: '', tables: 0 }
  for await (const part of parts) {
    const file = new RegExp(`^${fileFolder}([0-9a-f]{64})$`).exec(part.name)?.[1]
    const table = tables[found.tables]
    if (file !== undefined && found.tables === 0 && file > found.last) {
      found.last = file
      found.files += 1
      found.bytes += part.size
      await readFile(part, file, sink)
    } else if (table !== undefined && part.name === tableFile(table.name)) {
      if (found.tables === 0) mustHoldFiles(manifest, found)
      await readTable(part, table, manifest.tables[found.tables], sink)
      found.tables += 1
    } else throw unusable(`it holds ${shown(part.name)}, which does not belong there`)
  }
  if (found.tables < tables.length) throw unusable('it is cut off')
  return manifest
}

/** A name out of a file that anybody may have made. */
const shown = (name: string): string => JSON.stringify(name.slice(0, 80))

const manifestOf = async (
  { size, body }: TarFile,
  tables: readonly CarriedTable[],
): Promise<{ manifest: ArchiveManifest; sha256: Buffer }> => {
  if (size > largestManifest) throw unusable('its manifest is too large to be one')
  const parts: Buffer[] = []
  for await (const part of body) parts.push(part)
  const content = Buffer.concat(parts)
  let json: unknown
  try {
    json = parseJson(content.toString('utf8'))
  } catch {
    throw unusable('its manifest is no JSON')
  }
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined
  if (typeof version === 'number' && version !== formatVersion)
    throw new ArchiveFault(
      `The archive is in format ${version}; this version reads format ${formatVersion}. Put it into the version that made it.`,
    )
  const parsed = ArchiveManifest.safeParse(json)
  if (!parsed.success)
    throw unusable(`its manifest is wrong at ${shown(parsed.error.issues[0]?.path.join('.') ?? '')}`)
  const manifest = parsed.data
  const odd = manifest.tables.find(({ name }, place) => name !== tables[place]?.name)
  if (odd !== undefined) throw unusable(`it holds a table ${shown(odd.name)}, which does not belong there`)
  const lacking = tables[manifest.tables.length]
  if (lacking !== undefined) throw unusable(`it lacks the table ${lacking.name}`)
  return { manifest, sha256: createHash('sha256').update(content).digest() }
}

const mustHoldFiles = (manifest: ArchiveManifest, found: { files: number; bytes: number }): void => {
  const { count, bytes } = manifest.files
  if (count !== found.files || bytes !== found.bytes)
    throw unusable(`its manifest names ${count} files, and ${found.files} are there`)
}

const readFile = async (part: TarFile, sha256: string, sink: ArchiveSink): Promise<void> => {
  const hash = createHash('sha256')
  const checked = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of part.body) {
      hash.update(chunk)
      yield chunk
    }
    if (hash.digest('hex') !== sha256) throw unusable(`the file ${sha256} was changed`)
  }
  await sink.file(sha256, part.size, checked())
}

const readTable = async (
  part: TarFile,
  table: CarriedTable,
  promised: ArchiveManifest['tables'][number] | undefined,
  sink: ArchiveSink,
): Promise<void> => {
  const name = tableFile(table.name)
  const fields = fieldsOf(table)
  const hash = createHash('sha256')
  let batch: CarriedRow[] = []
  let [line, waiting] = [0, 0]
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await sink.rows(table, batch, line - batch.length + 1)
    batch = []
    waiting = 0
  }
  for await (const text of linesOf(part.body, name, (chunk) => hash.update(chunk))) {
    line += 1
    batch.push(rowOf(fields, text, `${name}, line ${line}`))
    waiting += text.length
    if (batch.length >= batchRows || waiting >= batchBytes) await flush()
  }
  await flush()
  if (promised === undefined || promised.rows !== line || promised.bytes !== part.size)
    throw unusable(`${name} has ${line} rows, and its manifest names ${promised?.rows ?? 0}`)
  if (hash.digest('hex') !== promised.sha256) throw unusable(`${name} was changed`)
}

const newline = 0x0a

/** The lines of a file without their newlines, each at most `longestLine` bytes. */
async function* linesOf(
  body: AsyncIterable<Buffer>,
  name: string,
  seen: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  let begun: Buffer[] = []
  let length = 0
  const keep = (part: Buffer): void => {
    length += part.length
    if (length > longestLine) throw unusable(`${name} has a line of more than ${longestLine / 1_048_576} MiB`)
    begun.push(part)
  }
  for await (const chunk of body) {
    seen(chunk)
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, end))
      yield begun.length === 1 && begun[0] !== undefined ? begun[0] : Buffer.concat(begun)
      begun = []
      length = 0
      from = end + 1
    }
    if (from < chunk.length) keep(chunk.subarray(from))
  }
  if (length > 0) throw unusable(`${name} ends in the middle of a line`)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const rowOf = (fields: readonly ReadField[], line: Buffer, place: string): CarriedRow => {
  let row
  try {
    row = parseJson(utf8.decode(line))
    // Refuses what is nested too deeply and what UTF-8 cannot express, before anything else walks through it.
    canonicalJson(row)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)
      throw unusable(`${place} is no JSON`)
    if (error instanceof UnsealableError) throw unusable(`${place}: ${error.message}`)
    throw error
  }
  if (!isJsonObject(row)) throw unusable(`${place} is no JSON object`)
  const fault = faultOf(fields, row)
  if (fault !== undefined) throw unusable(`${place} ${fault}`)
  return row
}
