// The ustar format (POSIX.1-1988), as far as a backup needs it: plain files with short names. Read as strictly as it is written, because
// what is read here becomes a database.

const block = 512
const longestName = 100

export class TarFault extends Error {
  override readonly name = 'TarFault'
}

/** The header of one file. Sizes beyond 8 GiB are written in base 256, as every tar of today reads them. */
export const tarHeader = (name: string, size: number, modified: Date): Buffer => {
  if (Buffer.byteLength(name) > longestName) throw new RangeError(`${name} is too long a name for an archive`)
  const header = Buffer.alloc(block)
  header.write(name, 0)
  header.write('0000600\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  writeSize(header, size)
  header.write(
    `${Math.floor(modified.getTime() / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  )
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** Zeros that fill up a file's last block. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block)

/** Two empty blocks: the end of an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * block)

const largestOctal = 0o77777777777

const writeSize = (header: Buffer, size: number): void => {
  if (size <= largestOctal) header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else {
    header[124] = 0x80
    header.writeBigUInt64BE(BigInt(size), 128)
  }
}

/** The sum of all bytes, with the checksum's own field taken as spaces. */
const checksumOf = (header: Buffer): number =>
  header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0)

export type TarFile = {
  readonly name: string
  readonly size: number
  /** Read to its end before the next file is asked for; what is left is passed over. */
  readonly body: AsyncIterable<Buffer>
}

/** The files of an archive, one after the other. Throws `TarFault` for anything `tarHeader` would not have written. */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarFile> {
  const bytes = byteReader(chunks)
  for (;;) {
    const header = await bytes.exactly(block)
    if (header.every((byte) => byte === 0)) return
    const { name, size } = headerFrom(header)
    let left = size
    const body = async function* (): AsyncGenerator<Buffer> {
      while (left > 0) {
        const part = await bytes.atMost(left)
        left -= part.length
        yield part
      }
    }
    yield { name, size, body: body() }
    while (left > 0) left -= (await bytes.atMost(left)).length
    const padding = (block - (size % block)) % block
    if (padding > 0) await bytes.exactly(padding)
  }
}

const headerFrom = (header: Buffer): { name: string; size: number } => {
  const text = (from: number, length: number): string => {
    const field = header.subarray(from, from + length)
    const end = field.indexOf(0)
    return field.toString('utf8', 0, end === -1 ? length : end)
  }
  const octal = (from: number, length: number): number => {
    const digits = text(from, length).trim()
    if (!/^[0-7]+$/.test(digits)) throw new TarFault('a header of the archive is damaged')
    return Number.parseInt(digits, 8)
  }
  if (text(257, 6) !== 'ustar' || octal(148, 8) !== checksumOf(header))
    throw new TarFault('a header of the archive is damaged')
  const type = text(156, 1)
  if (type !== '0') throw new TarFault('the archive holds something that is not a plain file')
  const size = header[124] === 0x80 ? Number(header.readBigUInt64BE(128)) : octal(124, 12)
  return { name: text(0, longestName), size }
}

/** Reads a stream in the portions asked for. */
const byteReader = (chunks: AsyncIterable<Buffer>) => {
  const source = chunks[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  const refill = async (): Promise<void> => {
    const next = await source.next()
    if (next.done === true) throw new TarFault('the archive is cut off')
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value])
  }
  const take = (count: number): Buffer => {
    const part = rest.subarray(0, count)
    rest = rest.subarray(count)
    return part
  }
  return {
    exactly: async (count: number): Promise<Buffer> => {
      while (rest.length < count) await refill()
      return take(count)
    },
    atMost: async (count: number): Promise<Buffer> => {
      while (rest.length === 0) await refill()
      return take(Math.min(count, rest.length))
    },
  }
}
