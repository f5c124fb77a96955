import type { FileStore } from '../../platform/files/file-store.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import type { BatchRow } from './import.repo.ts'
import type { ImportMove } from './import.states.ts'

export type ImportSettings = {
  readonly database: Database
  readonly files: FileStore
  readonly now: () => string
  readonly log: (message: string, details: Record<string, unknown>) => void
  /** The process is about to end: what is under way is left to the next one between two steps. */
  readonly stopping?: AbortSignal
}

/** One worker's turn at one batch. */
export type Turn = {
  readonly settings: ImportSettings
  readonly tenantId: string
  readonly batchId: string
  readonly batch: BatchRow
  readonly signal: AbortSignal
  /**
   * One transaction of it, with the batch locked. Whoever finds that the batch has another worker by now, or another state, stops: that
   * is how a pause reaches the worker, and how one that was slow, and taken for dead, learns of it.
   * @throws Superseded
   */
  readonly step: <T>(work: (tx: Tx, batch: BatchRow) => Promise<T>) => Promise<T>
  /** The last step: the move that ends the turn, with what it tells the journal. */
  readonly end: (
    move: ImportMove,
    set: Readonly<Record<string, unknown>>,
    data: Readonly<Record<string, string | number | null>>,
  ) => Promise<void>
}

/** The process ends; the job is tried again by another one, or by this one when it is back. */
export class Stopping extends Error {
  override readonly name = 'Stopping'
}

/** Somebody paused or took back the batch, or another worker has it. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}
