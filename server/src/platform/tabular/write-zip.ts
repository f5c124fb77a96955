import { pipeline, Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

export type ZippedFile = { readonly name: string; readonly content: AsyncIterable<string> | Iterable<string> }

/** A file's size and place are 32 bits wide here; what is longer would need the larger form of the format. */
const mostBytes = 0xffff_ffff
/** Sizes stand behind the data, names are UTF-8. */
const flags = 0x0808
const deflated = 8
const version = 20
/** The first day that the format knows: the same content is the same bytes. */
const firstDay = 0x0021

type Written = {
  readonly name: Buffer
  readonly at: number
  readonly crc: number
  readonly packed: number
  readonly plain: number
}

/** A zip (PKWARE APPNOTE 6.3), packed as it is asked for: no file of it is ever held whole. */
export async function* zipOf(files: Iterable<ZippedFile>): AsyncGenerator<Buffer> {
  let at = 0
  const written: Written[] = []
  for (const file of files) {
    const name = Buffer.from(file.name)
    const head = headOf(0x0403_4b50, [version, flags, deflated, 0, firstDay], [0, 0, 0], [name.length, 0])
    yield Buffer.concat([head, name])
    let [crc, plain, packed] = [0, 0, 0]
    const bytes = async function* (): AsyncGenerator<Buffer> {
      for await (const text of file.content) {
        const piece = Buffer.from(text)
        crc = crc32(piece, crc)
        plain += piece.length
        yield piece
      }
    }
    // Whoever reads what comes out hears of what went wrong.
    const deflate = pipeline(Readable.from(bytes()), createDeflateRaw(), () => undefined)
    for await (const piece of deflate) {
      packed += piece.length
      yield piece
    }
    yield headOf(0x0807_4b50, [], [crc, packed, plain], [])
    written.push({ name, at, crc, packed, plain })
    at += head.length + name.length + packed + 16
    if (Math.max(at, plain) > mostBytes) throw new RangeError('a zip of more than 4 GiB')
  }
  const directory = Buffer.concat(written.map(entryOf))
  yield directory
  const count = written.length
  yield Buffer.concat([
    headOf(0x0605_4b50, [0, 0, count, count], [directory.length, at], []),
    Buffer.alloc(2),
  ])
}

const entryOf = ({ name, at, crc, packed, plain }: Written): Buffer =>
  Buffer.concat([
    headOf(
      0x0201_4b50,
      [version, version, flags, deflated, 0, firstDay],
      [crc, packed, plain],
      // The name's length, no further fields, no comment, the first disk, nothing about what is in it.
      [name.length, 0, 0, 0, 0, 0, 0],
    ),
    numbers([at], 4),
    name,
  ])

/** A signature, then numbers of two bytes, of four, and of two. */
const headOf = (
  signature: number,
  short: readonly number[],
  long: readonly number[],
  last: readonly number[],
): Buffer => Buffer.concat([numbers([signature], 4), numbers(short, 2), numbers(long, 4), numbers(last, 2)])

const numbers = (values: readonly number[], bytes: 2 | 4): Buffer => {
  const buffer = Buffer.alloc(values.length * bytes)
  for (const [index, value] of values.entries()) buffer.writeUIntLE(value, index * bytes, bytes)
  return buffer
}
