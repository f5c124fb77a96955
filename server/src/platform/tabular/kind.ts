import { isUtf8 } from 'node:buffer'
import type { Saying } from '../../kernel/language/saying.ts'
import { FileFault } from './table.ts'
import { says } from './tabular.reasons.ts'
import { markedEncoding, type Encoding } from './text.ts'

export type Kind = 'zip' | 'gzip' | 'text'

type Mark = { readonly at?: number; readonly bytes: string | readonly number[]; readonly is: Saying }

const picture = (type: string): Saying => says('file.aPicture', { type })
const archive = (type: string): Saying => says('file.anArchive', { type })
const marks: readonly Mark[] = [
  { bytes: [0x89, 0x50, 0x4e, 0x47], is: picture('PNG') },
  { bytes: [0xff, 0xd8, 0xff], is: picture('JPEG') },
  { bytes: 'GIF8', is: picture('GIF') },
  { bytes: 'BM', is: picture('BMP') },
  { bytes: 'II*\0', is: picture('TIFF') },
  { bytes: 'MM\0*', is: picture('TIFF') },
  { at: 8, bytes: 'WEBP', is: picture('WebP') },
  { at: 4, bytes: 'ftypheic', is: picture('HEIC') },
  { at: 4, bytes: 'ftypavif', is: picture('AVIF') },
  { at: 4, bytes: 'ftyp', is: says('file.aRecording') },
  { bytes: 'ID3', is: says('file.aRecording') },
  { bytes: 'OggS', is: says('file.aRecording') },
  { bytes: '%PDF-', is: says('file.aPdf') },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], is: says('file.anOldSheet') },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], is: archive('7z') },
  { bytes: 'Rar!', is: archive('RAR') },
  { at: 4, bytes: '1AY&SY', is: archive('bzip2') },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], is: archive('xz') },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], is: archive('zstd') },
  { at: 257, bytes: 'ustar', is: archive('tar') },
  { bytes: 'SQLite format 3\0', is: says('file.aDatabase') },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], is: says('file.aProgram') },
  { bytes: 'MZ', is: says('file.aProgram') },
  { bytes: '{\\rtf', is: says('file.anRtf') },
]

/** Two or three letters begin a text as well (`BMS;Gerät`); what they mark has bytes that no text has close behind. */
const isMarked = (start: Buffer, { at = 0, bytes }: Mark): boolean => {
  const mark = Buffer.from(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  if (!start.subarray(at, at + mark.length).equals(mark)) return false
  return typeof bytes !== 'string' || bytes.length > 3 || start.subarray(0, 64).some((byte) => byte < 9)
}

/**
 * What a file is, by its first bytes and never by its name.
 * @throws FileFault that says what it is, when it is nothing with rows
 */
export const kindOf = (start: Buffer): Kind => {
  if (start.length === 0) throw new FileFault(says('file.empty'))
  const first = start.length >= 4 ? start.readUInt32BE(0) : 0
  if (first === 0x504b0304 || first === 0x504b0506) return 'zip'
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  const mark = marks.find((one) => isMarked(start, one))
  if (mark !== undefined) throw notATable(mark.is)
  const words = start.subarray(0, 400).toString('latin1').replace(/^ï»¿/, '').trimStart()
  if (/^<(?:!doctype html|html|head|body|script)\b/i.test(words)) throw notATable(says('file.aWebPage'))
  if (/^<\?xml\b/i.test(words)) throw notATable(says('file.anXml'))
  return 'text'
}

const notATable = (what: Saying): FileFault => new FileFault(says('file.notATable', { what }))

/**
 * The encoding that all of these bytes make sense in. What says nothing beyond ASCII is UTF-8.
 * @throws FileFault when it is no text at all
 */
export const encodingOf = (start: Buffer): Encoding => {
  const marked = markedEncoding(start)
  if (marked !== undefined) return marked
  const [even, odd] = [0, 1].map(
    (parity) => start.filter((byte, at) => byte === 0 && at % 2 === parity).length,
  )
  const half = start.length / 2
  if ((odd ?? 0) > half * 0.4 && (even ?? 0) < half * 0.05) return 'utf-16le'
  if ((even ?? 0) > half * 0.4 && (odd ?? 0) < half * 0.05) return 'utf-16be'
  const controls = start.filter((byte) => byte < 32 && ![9, 10, 12, 13, 27].includes(byte)).length
  if (controls > start.length * 0.005) throw notATable(says('file.binary'))
  // The last character may be cut where the look ends.
  for (let cut = 0; cut < 4; cut += 1) if (isUtf8(start.subarray(0, start.length - cut))) return 'utf-8'
  // ISO 8859-15 has the euro where Windows has a sign that nobody writes, and nothing where Windows has quotes and dashes.
  return start.includes(0xa4) && !start.some((byte) => byte >= 0x80 && byte < 0xa0)
    ? 'iso-8859-15'
    : 'windows-1252'
}
