import type { Filter } from '@evenkeel/contract/filter'
import type { Priority } from '@evenkeel/contract/incident'
import type { clockHolders } from '@evenkeel/contract/service-level'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import type { Facts } from '../../kernel/filter/predicate.ts'
import type { RecordKind } from '../record/index.ts'

/** Who has a record's time: a team of ours, or whoever it waits for. */
export type Holder = { readonly is: (typeof clockHolders)[number]; readonly teamId: string | null }

/** An entry of a record's journal, as far as clocks need it. */
export type ToldEntry = {
  readonly id: string
  readonly at: string
  readonly type: string
  readonly actor_kind: string
  /** Who did it, or the one in whose name it was done. */
  readonly by: string | null
  readonly data: JsonObject
}

/** A record from one of its entries to the next. In milliseconds since the epoch. */
export type RecordMoment = {
  readonly at: number
  readonly entry: string
  readonly facts: Facts
  readonly priority: Priority
  readonly serviceId: string | null
  readonly holder: Holder
}

/** A kind of record that clocks run on, as its practice offers it. */
export type MeasuredKind = {
  readonly kind: RecordKind
  /** What conditions of agreements may look at; none of them is about time, for clocks look when something happens. */
  readonly fields: Fields
  /** What is true of every record. */
  readonly always: readonly Filter[]
  /** Fields that say what just happened: true in the moment of an entry, and no longer. */
  readonly momentary: readonly string[]
  /** Whether an entry may change anything that clocks look at. */
  readonly moves: (entry: { readonly type: string; readonly data: JsonObject }) => boolean
  /** Pure: the history of one record out of its entries, in any order; none for a record that was not raised here. */
  readonly momentsOf: (entries: readonly ToldEntry[]) => readonly RecordMoment[]
}
