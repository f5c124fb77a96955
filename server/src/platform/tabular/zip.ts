import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import {
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  validateFileName,
  type Entry,
  type ZipFile,
} from 'yauzl'
import { isBomb, unpackingFault, type Bytes } from './source.ts'
import { FileFault, limits, type TabularSource } from './table.ts'
import { says } from './tabular.reasons.ts'

export type Zip = {
  /** Names of the files in it, in their order. */
  readonly files: readonly string[]
  read(name: string): Promise<Bytes>
  close(): void
}

/** Held at once: a directory, and small files whole. */
const tailBytes = 8 * 2 ** 20

/**
 * The files of a zip, none of them unpacked yet. A zip that names anything outside of itself, a link or something encrypted is refused as a
 * whole: whoever made it meant something else than a table.
 */
export const openZip = async (source: TabularSource, signal?: AbortSignal): Promise<Zip> => {
  const tailStart = Math.max(0, source.sizeBytes - tailBytes)
  const tail = await collected(await rangeOf(source, tailStart, source.sizeBytes))
  const reader = new StoredZip(source, tailStart, tail)
  const zip = await opened(reader, source.sizeBytes)
  const entries = await entriesOf(zip).catch((error: unknown) => {
    zip.close()
    throw error
  })
  return {
    files: [...entries.keys()],
    close: () => zip.close(),
    read: async (name) => {
      const entry = entries.get(name)
      if (entry === undefined) throw new FileFault(says('zip.noSuchFile', { name }))
      return entryBytes(zip, entry, name, signal)
    },
  }
}

/** Ranges of a stored file, for a reader that begins at its end; the library wants a class. */
class StoredZip extends RandomAccessReader {
  readonly source: TabularSource
  readonly tailStart: number
  readonly tail: Buffer
  constructor(source: TabularSource, tailStart: number, tail: Buffer) {
    super()
    this.source = source
    this.tailStart = tailStart
    this.tail = tail
  }
  override _readStreamForRange(start: number, end: number): Readable {
    if (start >= this.tailStart) {
      const held = this.tail.subarray(start - this.tailStart, end - this.tailStart)
      return Readable.from(inPieces(held), { objectMode: false })
    }
    const { source } = this
    return Readable.from(
      (async function* () {
        yield* await rangeOf(source, start, end)
      })(),
      { objectMode: false },
    )
  }
}

function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

const rangeOf = async (source: TabularSource, start: number, end: number): Promise<AsyncIterable<Buffer>> => {
  const [stream, from] =
    source.openAt === undefined ? [await source.open(), 0] : [await source.openAt(start, end), start]
  return (async function* () {
    let at = from
    try {
      for await (const piece of stream) {
        if (!(piece instanceof Uint8Array)) throw new TypeError('a file is read as bytes')
        const [first, last] = [Math.max(start - at, 0), Math.min(end - at, piece.length)]
        at += piece.length
        if (first < last) yield Buffer.from(piece.buffer, piece.byteOffset + first, last - first)
        if (at >= end) return
      }
    } finally {
      stream.destroy()
    }
  })()
}

const collected = async (pieces: AsyncIterable<Buffer>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(pieces))

const opened = async (reader: RandomAccessReader, sizeBytes: number): Promise<ZipFile> => {
  try {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true }
    return await fromRandomAccessReaderPromise(reader, sizeBytes, options)
  } catch (error) {
    throw zipFault(error)
  }
}

const zipFault = (error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof FileFault) return error
  if (/central directory record signature not found|unexpected EOF/i.test(error.message))
    return new FileFault(says('file.cut'))
  return new FileFault(says('file.damaged', { what: error.message }))
}

const archives = /\.(?:zip|gz|tgz|7z|rar|bz2|xz|zst|tar|jar)$/i

const entriesOf = async (zip: ZipFile): Promise<Map<string, Entry>> => {
  if (zip.entryCount > limits.filesInZip)
    throw new FileFault(says('zip.tooMany', { most: limits.filesInZip }))
  const files = new Map<string, Entry>()
  await new Promise<void>((resolve, reject) => {
    zip.on('error', (error) => reject(zipFault(error)))
    zip.on('end', () => resolve())
    zip.on('entry', (entry) => {
      const name = nameOf(entry)
      // A name ends here on its way to a person, so it is shown as it would be written.
      if (validateFileName(name) !== null || name.includes('\\') || name.includes('\0'))
        return reject(new FileFault(says('zip.outside', { name })))
      // The kind of a file as Unix wrote it; 0xA is a link.
      if (entry.externalFileAttributes >>> 28 === 0xa)
        return reject(new FileFault(says('zip.link', { name })))
      if (!name.endsWith('/') && !/(?:^|\/)(?:\.|__MACOSX\/)/.test(name)) files.set(name, entry)
      zip.readEntry()
    })
    zip.readEntry()
  })
  if (files.size === 0) throw new FileFault(says('zip.empty'))
  return files
}

const nameOf = (entry: Entry): string =>
  getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)

const entryBytes = async (zip: ZipFile, entry: Entry, name: string, signal?: AbortSignal): Promise<Bytes> => {
  if (entry.isEncrypted()) throw new FileFault(says('zip.encrypted', { name }))
  if (archives.test(name)) throw new FileFault(says('zip.nested', { name }))
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw new FileFault(says('zip.method', { name }))
  if (entry.uncompressedSize > limits.unpacked)
    throw new FileFault(says('zip.tooLarge', { name, gigabytes: limits.unpacked / 2 ** 30 }))
  // What it says of itself is enough: it is held to that while it is unpacked.
  if (isBomb(entry.uncompressedSize, entry.compressedSize))
    throw new FileFault(says('zip.bomb', { name, ratio: limits.unpackedRatio }))
  const stream = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw zipFault(error)
  })
  let unpacked = 0
  return {
    // How much of the packed bytes this took is not told; it is in proportion.
    bytesRead: () =>
      entry.relativeOffsetOfLocalHeader +
      Math.round((unpacked / Math.max(entry.uncompressedSize, 1)) * entry.compressedSize),
    pieces: (async function* () {
      let sum = 0
      try {
        for await (const piece of stream) {
          signal?.throwIfAborted()
          if (!(piece instanceof Uint8Array)) continue
          unpacked += piece.length
          sum = crc32(piece, sum)
          yield piece
        }
        if (sum !== entry.crc32) throw new FileFault(says('file.damaged', { what: 'CRC-32' }))
      } catch (error) {
        if (error instanceof Error && /bytes in the stream|size/i.test(error.message) && !('code' in error))
          throw error instanceof FileFault ? error : new FileFault(says('zip.lies', { name }))
        throw unpackingFault(error)
      } finally {
        stream.destroy()
      }
    })(),
  }
}
