import type { ArrivalOutcomes, ImportFault } from '@evenkeel/contract/import'
import type { ImportKindName, ImportMapping, ImportShape } from '@evenkeel/contract/import-mapping'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { arrivingItems, arrivingRelations } from './import.arrivals.ts'
import type { Fate } from './import.references.ts'
import type { BatchRow, NewFault, StoredRecord, StoredRow } from './import.repo.ts'
import { incidentsOfThePast } from './import.records.ts'
import type { StoredReport } from './import.report.ts'
import type { Turn } from './import.turn.ts'

/** Some records of a file with all their rows, on their way in. */
export type Some = {
  readonly mapping: ImportMapping
  readonly shape: ImportShape
  readonly keys: readonly string[]
  readonly rows: readonly StoredRow[]
  /** What its words for people, teams and services mean. */
  readonly fates: ReadonlyMap<string, Fate>
}

/** What a dry run sees of some records. */
export type Look = {
  readonly faults: readonly (NewFault & { readonly code: ImportFault['code'] })[]
  /** By record: what the report counts on the file's side. */
  readonly facts: ReadonlyMap<string, unknown>
  readonly records: number
  /** Rows that would say something new. */
  readonly updates: number
  readonly moves: readonly { readonly move: { from: string; to: string }; readonly example: string }[]
  readonly outcomes: ArrivalOutcomes | null
  /** Words for items that name none, once for each row. */
  readonly unknown: readonly string[]
}

/** What a run brought of some records. */
export type BroughtSome = {
  readonly records: number
  readonly updates: number
  readonly faults: readonly (NewFault & { readonly record: string })[]
  readonly outcomes: ArrivalOutcomes | null
  /** Records that name what may come behind them: brought once more at the end. */
  readonly later: readonly string[]
}

/** What an import has to know of what a file holds. */
export type ImportKind = {
  /** @param reader whose rights say which fields there are; null where that was looked at before */
  readonly shape: (
    database: Database,
    tenantId: string,
    now: string,
    reader: Pick<Caller, 'grants'> | null,
  ) => Promise<ImportShape>
  /** @throws Refusal for a mapping that cannot be, and for a caller who may not */
  readonly mayBring: (caller: Caller, mapping: ImportMapping) => void
  /** Looks at some records as a run would take them; a look knows what the looks of its turn saw before. */
  readonly looks: (turn: Turn) => {
    readonly row: (values: Readonly<Record<string, string | null>>, key: string) => void
    readonly look: (tx: Tx, some: Some) => Promise<Look>
  }
  readonly bring: (
    tx: Tx,
    turn: Turn,
    some: Some & { readonly standInTeamId: string },
  ) => Promise<BroughtSome>
  /** Tells the planner how much is here by now, one table at a time. @returns whether there may be more to tell */
  readonly count: (tx: Tx) => Promise<boolean>
  /** Records of a whole file that could not be taken: named all the same. */
  readonly heard: (tx: Tx, mapping: ImportMapping, refused: readonly StoredRecord[]) => Promise<void>
  /** How much of what is here a whole file leaves out. */
  readonly gone: (
    q: Reader,
    batch: BatchRow,
  ) => Promise<{ readonly count: number; readonly of: number } | null>
  /** The last step of a run. */
  readonly finish: (tx: Tx, batch: BatchRow) => Promise<void>
  /** How many records of earlier batches this one went on with: what it brought of them cannot be taken back alone. */
  readonly continued: (q: Reader, batchId: string) => Promise<number>
  /** Takes back some of what a voided batch brought; null when nothing is left, or nothing has to be done. */
  readonly takeBack: (
    tx: Tx,
    batch: BatchRow,
  ) => Promise<{ readonly items: number; readonly relations: number; readonly isMore: boolean } | null>
  readonly report: (tx: Tx, batch: BatchRow) => Promise<StoredReport>
}

export const importKindOf: Readonly<Record<ImportKindName, ImportKind>> = {
  incident: incidentsOfThePast,
  item: arrivingItems,
  item_relation: arrivingRelations,
}
