import type { ImportShape } from '@evenkeel/contract/import-mapping'
import type { importFaultCodes } from '@evenkeel/contract/import'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'

/** What one line of a file says about a record at one moment: references resolved to ids, all else as it was translated. */
export type PastUpdate = {
  readonly line: number
  readonly updateKey: string
  readonly at: string
  /** Who made it, as one of our people; null when the file names nobody. */
  readonly by: string | null
  readonly values: Readonly<Record<string, string | null>>
}

/** A record that an earlier run brought: which of its updates are here. */
export type KnownRecord = {
  readonly id: string
  readonly updateKeys: ReadonlySet<string>
}

/** One record of a file with all its lines there, in any order. */
export type PastRecord = {
  readonly sourceKey: string
  readonly updates: readonly PastUpdate[]
  readonly known: KnownRecord | null
}

export type PastFault = {
  readonly line: number
  readonly column: null
  readonly value: string | null
  readonly code: (typeof importFaultCodes)[number]
}

/** The batch as a kind's writer needs it. */
export type PastBatch = {
  readonly id: string
  readonly source: string
  /** For records whose file names no team, or nobody whom it happened to. */
  readonly standIns: { readonly teamId: string; readonly personId: string }
  /** The next number of ours, for records whose file gives none. */
  readonly nextNumber: () => Promise<string>
}

export type Brought = {
  /** Records that were not here before. */
  readonly records: number
  readonly updates: number
  /** Lines that were here already. */
  readonly known: number
  readonly refused: readonly (PastFault & { readonly sourceKey: string })[]
}

/** What a report compares with the file, from our own tables alone. */
export type Facts = {
  readonly count: number
  readonly updates: number
  /** As the other system recorded them. */
  readonly missed: number
  readonly reassigned: number
  readonly reopened: number
  readonly withoutResolved: number
  /** By the month they were raised in (`YYYY-MM`, UTC), in order. */
  readonly byMonth: ReadonlyMap<string, { readonly count: number; readonly checksum: string }>
}

export type ForeignMoveSeen = { readonly from: string; readonly to: string }

/** What an import has to know of a kind of record. */
export type PastKind = {
  readonly kind: 'incident'
  readonly shape: ImportShape
  /** The moves between states in these updates that the process does not have, one by one. */
  readonly foreignMoves: (updates: readonly PastUpdate[]) => ForeignMoveSeen[]
  /** What refuses a whole record. */
  readonly faultsOf: (record: PastRecord) => PastFault[]
  /** Writes some hundred records with their whole history in the caller's transaction, in few statements. */
  readonly bring: (tx: Tx, batch: PastBatch, records: readonly PastRecord[]) => Promise<Brought>
  /** How many records of earlier batches this one went on with: what it brought of them cannot be taken back alone. */
  readonly continued: (q: Reader, batchId: string) => Promise<number>
  /** Of one batch. */
  readonly facts: (q: Reader, batchId: string) => Promise<Facts>
}
