import { isUtf8 } from 'node:buffer'
import type { importEncodings } from '@evenkeel/contract/import-mapping'
import { FileFault } from './table.ts'
import { says } from './tabular.reasons.ts'

export type Encoding = (typeof importEncodings)[number]
/** A piece of a file's text, and how many of its bytes were read by then. */
export type TextPiece = { readonly text: string; readonly bytesRead: number }

const marks: readonly { readonly encoding: Encoding; readonly bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
]

/** What a byte order mark at the start says. */
export const markedEncoding = (start: Uint8Array): Encoding | undefined =>
  marks.find(({ bytes }) => bytes.every((byte, at) => start[at] === byte))?.encoding

/**
 * A file's text in its encoding, strictly: bytes that are none of it are a fault that names the line, never a replaced character. A byte
 * order mark is dropped; one of another encoding is a fault.
 */
export async function* decoded(
  pieces: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  bytesRead: () => number,
): AsyncGenerator<TextPiece> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let line = 1
  let tail: Uint8Array = new Uint8Array()
  let isFirst = true
  const decode = (piece: Uint8Array | undefined): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true })
    } catch {
      throw wrongEncoding(encoding, line, Buffer.concat([tail, piece ?? new Uint8Array()]))
    }
  }
  for await (const piece of withWholeStart(pieces)) {
    if (isFirst) {
      isFirst = false
      const mark = markedEncoding(piece)
      if (mark !== undefined && mark !== encoding)
        throw new FileFault(says('file.marked', { mark: nameOf(mark), encoding: nameOf(encoding) }))
    }
    const text = decode(piece)
    const nul = text.indexOf('\0')
    if (nul !== -1) throw nulFault(line + linesIn(text.slice(0, nul)))
    line += linesIn(text)
    tail = encoding === 'utf-8' ? unfinished(Buffer.concat([tail, piece])) : tail
    yield { text, bytesRead: bytesRead() }
  }
  const text = decode(undefined)
  if (text !== '') yield { text, bytesRead: bytesRead() }
}

/** The first piece is at least as long as a mark, however small the pieces are. */
async function* withWholeStart(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array()
  for await (const piece of pieces) {
    if (start === undefined) {
      yield piece
      continue
    }
    start = Buffer.concat([start, piece])
    if (start.length < 3) continue
    yield start
    start = undefined
  }
  if (start !== undefined && start.length > 0) yield start
}

/** The bytes at the end that begin a character and do not finish it. */
const unfinished = (bytes: Buffer): Buffer => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    return length > back ? Buffer.from(bytes.subarray(-back)) : Buffer.alloc(0)
  }
  return Buffer.alloc(0)
}

const nulFault = (line: number): FileFault => new FileFault(says('file.nul', { line }), line)

const linesIn = (text: string): number => {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

const wrongEncoding = (encoding: Encoding, line: number, bytes: Buffer): FileFault => {
  if (encoding !== 'utf-8')
    return new FileFault(says('file.encodingSomewhere', { encoding: nameOf(encoding) }), line)
  let at = line
  for (let start = 0; start < bytes.length; at += 1) {
    const end = bytes.indexOf(10, start)
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) break
    start = end + 1
  }
  return new FileFault(
    says('file.encoding', { line: at, encoding: nameOf(encoding), other: nameOf('windows-1252') }),
    at,
  )
}

const names: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16 (big endian)',
  'windows-1252': 'Windows-1252',
  'iso-8859-15': 'ISO 8859-15',
}
const nameOf = (encoding: Encoding): string => names[encoding]
