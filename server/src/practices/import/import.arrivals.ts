import type { ArrivalOutcomes } from '@evenkeel/contract/import'
import { relationShape } from '@evenkeel/contract/import-mapping'
import { fold } from '../../kernel/filter/fold.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Tx } from '../../platform/journal/write.ts'
import {
  arrivingShape,
  countItemsAnew,
  deliveryEnds,
  endArrivals,
  goneOf,
  heardOf,
  isASource,
  mustReachAll,
  nothingExpected,
  takeArrivals,
  takeArrivingRelations,
  type Arrival,
  type Arrived,
  type Delivery,
  type Expected,
} from '../configuration/index.ts'
import type { BroughtSome, ImportKind, Look, Some } from './import.kind.ts'
import { recordsOf } from './import.past.ts'
import { says } from './import.reasons.ts'
import type { BatchRow, NewFault } from './import.repo.ts'
import { arrivalReport } from './import.report.ts'
import type { Turn } from './import.turn.ts'

// Items and relations come in by the same steps as records; what becomes of them is the sources' to say.

/** The same reader, and a writer that forgets: what would be done is asked of the code that does it. */
const forgetting = (tx: Tx): Tx => ({
  ...tx,
  send: () => {},
  insert: () => {},
  journal: () => '',
  journalPast: () => '',
})

type Fault = NewFault & { readonly code: 'twice'; readonly record: string }

/** One row each: rows of one identity that differ are refused, for nobody can tell which is so. */
const arrivalsOf = ({
  shape,
  keys,
  rows,
  fates,
}: Some): { readonly arrivals: Arrival[]; readonly faults: Fault[] } => {
  const arrivals: Arrival[] = []
  const faults: Fault[] = []
  for (const { sourceKey, updates } of recordsOf(shape, keys, rows, fates, new Map())) {
    const [first, second] = updates
    if (first === undefined) continue
    if (second === undefined) arrivals.push({ line: first.line, key: sourceKey, values: first.values })
    else faults.push({ line: second.line, record: sourceKey, column: null, value: sourceKey, code: 'twice' })
  }
  return { arrivals, faults }
}

const deliveryOf = (batch: Pick<BatchRow, 'id' | 'started_at'>, source: string, now: string): Delivery => ({
  source,
  validFrom: batch.started_at ?? now,
  speaker: null,
  begun: batch.started_at ?? now,
  importId: batch.id,
})

type Take = (
  tx: Tx,
  delivery: Delivery,
  arrivals: readonly Arrival[],
  expected: Expected | null,
) => Promise<Arrived>

const faultsOf = ({ faults }: Arrived) =>
  faults.map(({ key, ...fault }) => ({ ...fault, record: key, column: null }))

const newRows = ({ created, changed, conflict }: ArrivalOutcomes): number => created + changed + conflict

const kindOf = (take: Take, shape: ImportKind['shape']): ImportKind => ({
  shape,
  mayBring: (caller, mapping) => {
    mustReachAll(caller)
    if (!isASource(mapping.source))
      throw new Refusal('invalid', [
        { code: 'source', field: 'mapping.source', message: says('source.name', { source: mapping.source }) },
      ])
  },
  looks: ({ batch }: Turn) => {
    const expected = nothingExpected()
    return {
      row: (values, key) => {
        expected.names.add(fold(key))
        if (typeof values['name'] === 'string') expected.names.add(fold(values['name']))
      },
      look: async (tx, some): Promise<Look> => {
        const { arrivals, faults } = arrivalsOf(some)
        const delivery = deliveryOf({ id: batch.id, started_at: null }, some.mapping.source, tx.author.now)
        const arrived = await take(forgetting(tx), delivery, arrivals, expected)
        const { outcomes } = arrived
        return {
          faults: [...faults, ...faultsOf(arrived)],
          facts: new Map(some.keys.map((key) => [key, { key }])),
          records: outcomes.created,
          updates: newRows(outcomes),
          moves: [],
          outcomes: { ...outcomes, refused: outcomes.refused + faults.length },
          unknown: arrived.unknown.map(({ value }) => value),
        }
      },
    }
  },
  bring: async (tx, turn, some): Promise<BroughtSome> => {
    const { arrivals, faults } = arrivalsOf(some)
    const delivery = deliveryOf(turn.batch, some.mapping.source, tx.author.now)
    const arrived = await take(tx, delivery, arrivals, null)
    const { outcomes } = arrived
    return {
      records: outcomes.created,
      updates: newRows(outcomes),
      faults: [...faults, ...faultsOf(arrived)],
      outcomes: { ...outcomes, refused: outcomes.refused + faults.length },
      later: arrived.unknown.map(({ key }) => key),
    }
  },
  count: countItemsAnew,
  heard: (tx, { source }, refused) =>
    heardOf(
      tx,
      source,
      refused.map(({ record_key }) => record_key),
    ),
  gone: async (q, { mapping, id }) =>
    mapping?.isWhole === true && mapping.kind === 'item' ? goneOf(q, mapping.source, id) : null,
  finish: async (tx, { mapping, started_at }) => {
    if (mapping?.isWhole !== true || started_at === null) return
    await deliveryEnds(tx, mapping.source, started_at, mapping.kind === 'item' ? 'items' : 'relations')
  },
  continued: async () => 0,
  takeBack: (tx, batch) => endArrivals(tx, batch.id, batch.mapping?.source ?? ''),
  report: arrivalReport,
})

export const arrivingItems = kindOf(takeArrivals, arrivingShape)
export const arrivingRelations = kindOf(
  (tx, delivery, arrivals) => takeArrivingRelations(tx, delivery, arrivals),
  async () => relationShape,
)
