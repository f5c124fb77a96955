import {
  canonicalJson,
  isJsonObject,
  jsonPointer,
  parseJson,
  UnsealableError,
  type Json,
  type JsonObject,
} from './canonical-json.ts'
import type { PersonalValue, PersonalValues } from './commitment.ts'
import { journalEntry, type JournalEntry } from './leaf.ts'
import { verifierKeyFromText, verifierKeyText, type VerifierKey } from './note.ts'
import type { JournalItem, SealedEntry } from './sealed-journal.ts'

// The file, one JSON object per line (JSON Lines, UTF-8, "\n"), each line in canonical form (RFC 8785):
//
//   {"format":"evenkeel-journal","publicKeys":["<name>+<id>+<base64>"],"tenant":"<uuid>","version":1}
//   {"entry":{…},"leafHash":"<64 hex digits>","personal":{"<pointer>":{"salt":"<base64url>","value":…}},"seq":0}
//   {"entry":{…},"leafHash":"<64 hex digits>","personal":{"<pointer>":"erased"},"seq":1}
//   {"checkpoint":"<signed note>"}
//   {"entries":2,"heads":1,"unsealed":0}
//
// Entries stand in order of their numbers, each head after the entries it covers, the counts at the end. The canonical form
// is demanded, not only written: two programs that read the file can then not disagree about what a line says (a member
// given twice, a number in another spelling), and any changed byte is a change of content.

export type ExportHeader = { readonly tenant: string; readonly publicKeys: readonly VerifierKey[] }

/** The file cannot be read as an export. `line` counts from 1; `entries` is how many were read before. */
export class ExportUnreadableError extends Error {
  override readonly name = 'ExportUnreadableError'
  readonly line: number
  readonly reason: string
  readonly entries: number

  constructor(line: number, reason: string, entries: number) {
    super(`line ${line} ${reason}`)
    this.line = line
    this.reason = reason
    this.entries = entries
  }
}

const format = 'evenkeel-journal'
const version = 1

/** Longest line that is read: far above what one entry may hold, far below what a reader's memory may. */
export const longestLineBytes = 4 * 1_048_576

/** Writes the lines of an export, each with its newline. Throws `UnsealableError` for what has no canonical form. */
export async function* writeExport(
  { tenant, publicKeys }: ExportHeader,
  items: AsyncIterable<JournalItem> | Iterable<JournalItem>,
): AsyncGenerator<string> {
  yield line({ format, version, tenant, publicKeys: publicKeys.map(verifierKeyText) })
  const counts = { entries: 0, heads: 0, unsealed: 0 }
  for await (const item of items) {
    if (item.kind === 'unsealed') {
      counts.unsealed += item.count
    } else if (item.kind === 'head') {
      counts.heads += 1
      yield line({ checkpoint: item.checkpoint })
    } else {
      counts.entries += 1
      const { seq, leafHash, entry, personal } = item
      yield line(personal === undefined ? { seq, leafHash, entry } : { seq, leafHash, entry, personal })
    }
  }
  yield line(counts)
}

/**
 * What a writer asks before an entry is stored, so that whoever seals, exports or verifies it never meets one that cannot be: every field
 * of its form, a canonical text, and a line that a reader accepts, personal values included.
 * @throws UnsealableError naming the place
 */
export const mustBeSealable = (entry: Omit<JournalEntry, 'seq'>, personal: PersonalValues): void => {
  // Numbers are given later; this is the longest.
  const seq = Number.MAX_SAFE_INTEGER
  const text = line({ seq, leafHash: '0'.repeat(64), entry: journalEntry({ ...entry, seq }), personal })
  const bytes = Buffer.byteLength(text)
  if (bytes > longestLineBytes)
    throw new UnsealableError('', `is ${bytes} bytes long, more than the ${longestLineBytes} of an entry`)
}

const line = (content: JsonObject): string => `${canonicalJson(content)}\n`

/**
 * Reads an export: the header at once, the rest as it is asked for. Both throw `ExportUnreadableError` naming the line:
 * not UTF-8, too long, not JSON, not canonical, a field missing, unknown or of the wrong form, no trailer, wrong counts.
 */
export async function readExport(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  longestLine: number = longestLineBytes,
): Promise<{ readonly header: ExportHeader; readonly items: AsyncGenerator<JournalItem> }> {
  const counts = { entries: 0, heads: 0, unsealed: 0 }
  const lines = linesOf(chunks, longestLine, counts)
  const first = await lines.next()
  if (first.done === true) throw new ExportUnreadableError(1, 'is missing: the file is empty', 0)
  const header = readLine(first.value, 0, headerFrom)
  return { header, items: readItems(lines, counts) }
}

type Counts = { entries: number; heads: number; unsealed: number }
type Line = { readonly number: number; readonly text: string }

async function* readItems(lines: AsyncGenerator<Line>, counts: Counts): AsyncGenerator<JournalItem> {
  let last = 1
  for await (const next of lines) {
    last = next.number
    const item = readLine(next, counts.entries, (content) => itemFrom(content, next.text, counts))
    if (item.kind !== 'unsealed') {
      counts[item.kind === 'entry' ? 'entries' : 'heads'] += 1
      yield item
      continue
    }
    counts.unsealed = item.count
    yield item
    const more = await lines.next()
    if (more.done !== true)
      throw new ExportUnreadableError(more.value.number, 'follows the trailer', counts.entries)
    return
  }
  throw new ExportUnreadableError(last + 1, 'is missing: the file ends without its trailer', counts.entries)
}

/** Parses a line and demands that it is written as it would be written here. */
function readLine<T>({ number, text }: Line, entries: number, read: (content: JsonObject) => T): T {
  const refuse = (reason: string): never => {
    throw new ExportUnreadableError(number, reason, entries)
  }
  let content: Json
  try {
    content = parseJson(text)
  } catch {
    return refuse('is not JSON')
  }
  if (!isJsonObject(content)) return refuse('is not a JSON object')
  try {
    if (canonicalJson(content) !== text) return refuse('is not in canonical form (RFC 8785)')
    return read(content)
  } catch (error) {
    if (error instanceof UnsealableError || error instanceof TypeError)
      return refuse(`is refused: ${error.message}`)
    throw error
  }
}

function headerFrom(content: JsonObject): ExportHeader {
  if (content['format'] !== format) throw new UnsealableError('/format', `is not "${format}"`)
  if (content['version'] !== version)
    throw new UnsealableError('/version', `is not ${version}, the only version known`)
  const { tenant, publicKeys } = only(content, '', ['format', 'version', 'tenant', 'publicKeys'])
  if (typeof tenant !== 'string') throw new UnsealableError('/tenant', 'is not a text')
  if (!Array.isArray(publicKeys)) throw new UnsealableError('/publicKeys', 'is not a list')
  return {
    tenant,
    publicKeys: publicKeys.map((key: Json, index) => {
      if (typeof key !== 'string') throw new UnsealableError(`/publicKeys/${index}`, 'is not a text')
      return verifierKeyFromText(key)
    }),
  }
}

function itemFrom(content: JsonObject, line: string, counts: Counts): JournalItem {
  if (Object.hasOwn(content, 'checkpoint')) {
    const { checkpoint } = only(content, '', ['checkpoint'])
    if (typeof checkpoint !== 'string') throw new UnsealableError('/checkpoint', 'is not a text')
    return { kind: 'head', checkpoint }
  }
  return Object.hasOwn(content, 'entry') ? entryFrom(content, line) : trailerFrom(content, counts)
}

function entryFrom(content: JsonObject, line: string): SealedEntry {
  const withPersonal = Object.hasOwn(content, 'personal')
  const names = ['seq', 'leafHash', 'entry', ...(withPersonal ? ['personal'] : [])]
  const { seq, leafHash, entry, personal } = only(content, '', names)
  if (typeof leafHash !== 'string' || !/^[0-9a-f]{64}$/.test(leafHash))
    throw new UnsealableError('/leafHash', 'is not 64 hex digits in lower case')
  // The line is in canonical form, so the entry's own canonical text stands in it, between a known start and a known end.
  const { entry: _, ...rest } = content
  const start = '{"entry":'
  const end = `,${canonicalJson(rest).slice(1)}`
  const sealed = {
    kind: 'entry',
    seq: count(seq, '/seq'),
    leafHash,
    entry: entry === null || entry === undefined ? null : within('/entry', () => journalEntry(entry)),
    text: line.slice(start.length, -end.length),
  } as const
  return withPersonal ? { ...sealed, personal: personalFrom(personal) } : sealed
}

function personalFrom(content: Json | undefined): PersonalValues {
  if (!isJsonObject(content)) throw new UnsealableError('/personal', 'is not an object')
  return Object.fromEntries(
    Object.entries(content).map(([pointer, value]): [string, PersonalValue | 'erased'] => {
      if (value === 'erased') return [pointer, value]
      const path = jsonPointer(['personal', pointer])
      const { value: personal, salt } = only(value, path, ['value', 'salt'])
      if (typeof salt !== 'string' || personal === undefined)
        throw new UnsealableError(`${path}/salt`, 'is not a text')
      return [pointer, { value: personal, salt }]
    }),
  )
}

function trailerFrom(content: JsonObject, counts: Counts): JournalItem {
  const trailer = only(content, '', ['entries', 'heads', 'unsealed'])
  for (const kind of ['entries', 'heads'] as const)
    if (count(trailer[kind], `/${kind}`) !== counts[kind])
      throw new UnsealableError(
        `/${kind}`,
        `says ${count(trailer[kind], `/${kind}`)}, and the file holds ${counts[kind]}`,
      )
  return { kind: 'unsealed', count: count(trailer['unsealed'], '/unsealed') }
}

function only(value: Json, path: string, names: readonly string[]): JsonObject {
  if (!isJsonObject(value)) throw new UnsealableError(path, 'is not an object')
  for (const name of names)
    if (!Object.hasOwn(value, name)) throw new UnsealableError(`${path}/${name}`, 'is missing')
  for (const name of Object.keys(value))
    if (!names.includes(name)) throw new UnsealableError(`${path}/${name}`, 'is not a field of this line')
  return value
}

function count(value: Json | undefined, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new UnsealableError(path, 'is not a whole number from 0')
  return value
}

function within<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof UnsealableError ? new UnsealableError(path + error.path, error.reason) : error
  }
}

/** Splits bytes into lines of bounded length; a last line without its newline was cut off, and is refused. */
async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  longest: number,
  counts: Counts,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = 1
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    let bytes =
      rest.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([rest, chunk])
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a)) {
      if (end > longest)
        throw new ExportUnreadableError(number, `is longer than ${longest} bytes`, counts.entries)
      yield { number, text: decode(bytes.subarray(0, end)) }
      number += 1
      bytes = bytes.subarray(end + 1)
    }
    if (bytes.length > longest)
      throw new ExportUnreadableError(number, `is longer than ${longest} bytes`, counts.entries)
    // A copy: whoever reads the file may fill the same chunk again.
    rest = Buffer.from(bytes)
  }
  if (rest.length > 0)
    throw new ExportUnreadableError(number, 'is cut off: it has no newline', counts.entries)

  function decode(bytes: Uint8Array): string {
    try {
      return decoder.decode(bytes)
    } catch {
      throw new ExportUnreadableError(number, 'is not UTF-8', counts.entries)
    }
  }
}
