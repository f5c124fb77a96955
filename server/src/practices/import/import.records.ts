import { incidentShape } from '@evenkeel/contract/import-mapping'
import { pastIncidents } from '../incident/index.ts'
import { nextNumber, type PastKind, type PastRecord } from '../record/index.ts'
import { factsOf } from './import.facts.ts'
import type { ImportKind } from './import.kind.ts'
import { knownRecords, recordsOf } from './import.past.ts'
import { makeReport } from './import.report.ts'

const kind: PastKind = pastIncidents

/** Records with their history. */
export const incidentsOfThePast: ImportKind = {
  shape: async () => incidentShape,
  mayBring: () => {},
  looks: () => ({
    row: () => {},
    look: async (tx, { mapping, shape, keys, rows, fates }) => {
      const known = await knownRecords(tx, mapping.source, keys)
      const records = recordsOf(shape, keys, rows, fates, known)
      const looked = records.map(lookAtRecord)
      const coming = looked.filter((look) => look.faults.length === 0)
      return {
        faults: looked.flatMap((look) => look.faults),
        facts: factsOf(records, rows),
        records: coming.filter((look) => look.isNew).length,
        updates: coming.reduce((sum, look) => sum + look.fresh, 0),
        moves: coming.flatMap((look) => look.moves.map((move) => ({ move, example: look.key }))),
        outcomes: null,
        unknown: [],
      }
    },
  }),
  bring: async (tx, { batch, batchId, settings }, { mapping, shape, keys, rows, fates, standInTeamId }) => {
    const known = await knownRecords(tx, mapping.source, keys)
    const records = recordsOf(shape, keys, rows, fates, known).filter(({ updates }) => updates.length > 0)
    const past = {
      id: batchId,
      source: mapping.source,
      standIns: { teamId: standInTeamId, personId: batch.started_by ?? batch.created_by },
      nextNumber: () => nextNumber(settings.database, tx.author, kind.kind),
    }
    const brought = await kind.bring(tx, past, records)
    return {
      records: brought.records,
      updates: brought.updates,
      faults: brought.refused.map(({ sourceKey, ...fault }) => ({ ...fault, record: sourceKey })),
      outcomes: null,
      later: [],
    }
  },
  // Whoever folds them into ways does it.
  count: async () => false,
  heard: async () => {},
  gone: async () => null,
  finish: async () => {},
  continued: kind.continued,
  // One row hides them all.
  takeBack: async () => null,
  report: (tx, batch) => makeReport(tx, batch, kind),
}

const lookAtRecord = (record: PastRecord) => {
  const fresh = record.updates.filter(({ updateKey }) => record.known?.updateKeys.has(updateKey) !== true)
  const faults = fresh.length === 0 ? [] : kind.faultsOf(record)
  return {
    key: record.sourceKey,
    isNew: record.known === null && fresh.length > 0,
    fresh: fresh.length,
    faults: faults.map((fault) => ({ ...fault, record: record.sourceKey })),
    moves: fresh.length === 0 ? [] : kind.foreignMoves(record.updates),
  }
}
