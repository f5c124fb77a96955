import type { Readable } from 'node:stream'
import type { FileFormat } from '@evenkeel/contract/import-mapping'
import type { Saying } from '../../kernel/language/saying.ts'

/** A file to read from. It is opened once for each time it is read. */
export type TabularSource = {
  open(): Promise<Readable>
  /** The bytes from `start` up to but without `end`, for a store that need not read everything before them. */
  openAt?(start: number, end: number): Promise<Readable>
  readonly sizeBytes: number
}

export type Row = {
  /** The first line of the file that the row stands in; the header is line 1. For a sheet, the row's number there. */
  readonly line: number
  readonly cells: readonly string[]
  /** How far the file was read when this row was known. */
  readonly bytesRead: number
  /** Keys of a JSON row that the first rows did not have: they have no column. */
  readonly beyond?: readonly string[]
}

export type Table = {
  /** A different name for every column. */
  readonly header: readonly string[]
  readonly rows: AsyncIterable<readonly Row[]>
}

export type Look = {
  readonly format: FileFormat
  readonly inside: string | null
  /** The files inside a zip, or the sheets of a workbook. */
  readonly parts: readonly string[]
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What is wrong with the file as a whole: nothing of it is imported. */
export class FileFault extends Error {
  readonly saying: Saying
  readonly line: number | null
  constructor(saying: Saying, line: number | null = null) {
    super(saying.in('en'))
    this.name = 'FileFault'
    this.saying = saying
    this.line = line
  }
}

/** What a file may be: more is a mistake or an attack, and is said as soon as it is seen. */
export const limits = {
  columns: 1000,
  /** Characters of one row. */
  row: 4_000_000,
  /** Rows a reader gives at a time, or this many characters of them. */
  chunkRows: 1000,
  chunkCharacters: 1_000_000,
  /** Rows a file is judged by. */
  lookRows: 2000,
  /** Bytes a file's kind, encoding and delimiter are judged by. */
  look: 1_048_576,
  filesInZip: 1000,
  unpacked: 16 * 2 ** 30,
  unpackedFreely: 100 * 2 ** 20,
  unpackedRatio: 200,
  sheetRows: 1_048_576,
  /** Characters of all the texts that a workbook shares between its cells. */
  sheetTexts: 40_000_000,
} as const
