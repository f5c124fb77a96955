import type { ImportBatch } from '@evenkeel/contract/import'
import { isGerman } from '../../kernel/language/saying.ts'
import type { BatchRow } from './import.repo.ts'

export const viewOf = (row: BatchRow, language: string): ImportBatch => ({
  id: row.id,
  fileName: row.file_name,
  sizeBytes: row.size_bytes,
  sha256: row.sha256.toString('hex'),
  state: row.state,
  mapping: row.mapping,
  mappingName: row.mapping_name,
  mappingVersion: row.mapping_version,
  failure: row.failure === null ? null : row.failure[isGerman(language) ? 'de' : 'en'],
  progress: progressOf(row),
  // One of before these were counted has none.
  findings:
    row.findings === null
      ? null
      : {
          ...row.findings,
          translated: row.findings.translated ?? [],
          outcomes: row.findings.outcomes ?? null,
          gone: row.findings.gone ?? null,
          itemsUnknown: row.findings.itemsUnknown ?? [],
        },
  records: row.records,
  updates: row.updates,
  refused: row.refused,
  known: row.known,
  outcomes: row.outcomes,
  takenBack:
    row.taken_back === null
      ? null
      : {
          ...row.taken_back,
          ended: row.taken_back.ended ?? { items: 0, relations: 0 },
          kept: [...row.taken_back.kept],
        },
  createdBy: { id: row.created_by, name: row.created_by_name },
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  voidedAt: row.voided_at,
})

type Progress = ImportBatch['progress']

/** How far it is: by bytes while nobody knows how many rows there are, by rows from then on. */
export const progressOf = (row: BatchRow): Progress => {
  switch (row.state) {
    case 'examining':
      return row.checked_to > 0
        ? progress('checking', row.rows_done, row.rows_read, row.rate)
        : progress(
            'reading',
            row.rows_read,
            row.bytes_read === 0 ? null : Math.round((row.rows_read * row.size_bytes) / row.bytes_read),
            row.rate,
          )
    case 'importing':
    case 'paused':
      return progress('importing', row.rows_done, row.findings?.rows ?? null, row.rate)
    default:
      return null
  }
}

const progress = (
  doing: NonNullable<Progress>['doing'],
  rows: number,
  ofRows: number | null,
  rate: number,
): Progress => ({
  doing,
  rows,
  ofRows: ofRows === null ? null : Math.max(rows, ofRows),
  rowsPerSecond: Math.round(rate * 10) / 10,
  secondsLeft: ofRows === null || rate <= 0 ? null : Math.ceil(Math.max(0, ofRows - rows) / rate),
})
