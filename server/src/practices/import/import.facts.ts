import type { PastRecord } from '../record/index.ts'
import type { StoredRow } from './import.repo.ts'

/** What the file says of one record, as the report counts it: made from translated rows alone. */
export type RecordFacts = {
  readonly month: string
  /** What identifies and ends it: the checksum of a month is made over these lines. */
  readonly line: string
  readonly updates: number
  readonly missed: boolean
  readonly reassigned: boolean
  readonly reopened: boolean
  readonly withoutResolved: boolean
}

/** Facts of each of these records; of refused rows too, so that what is missing here shows. */
export const factsOf = (
  records: readonly PastRecord[],
  rows: readonly StoredRow[],
): ReadonlyMap<string, RecordFacts> => {
  const byRecord = new Map<string, StoredRow[]>(records.map(({ sourceKey }) => [sourceKey, []]))
  for (const row of rows) byRecord.get(row.record_key)?.push(row)
  return new Map(
    [...byRecord].flatMap(([key, own]) => {
      const facts = factsOfRecord(key, own)
      return facts === null ? [] : [[key, facts] as const]
    }),
  )
}

/** Rows come in the order of their times. */
const factsOfRecord = (key: string, rows: readonly StoredRow[]): RecordFacts | null => {
  const updates = new Map<string, StoredRow>()
  for (const row of rows) if (!updates.has(row.update_key)) updates.set(row.update_key, row)
  const ordered = [...updates.values()]
  const first = ordered[0]
  if (first === undefined) return null
  const last = (field: string): string | null =>
    ordered.findLast(({ translated }) => (translated[field] ?? null) !== null)?.translated[field] ?? null
  const createdAt =
    ordered.find(({ translated }) => (translated['createdAt'] ?? null) !== null)?.translated['createdAt'] ??
    first.at
  const state = last('state') ?? 'new'
  const resolvedAt = last('resolvedAt')
  return {
    month: (createdAt ?? '').slice(0, 7),
    line: `${key}|${createdAt ?? ''}|${state}|${resolvedAt ?? ''}|${ordered.length}\n`,
    updates: ordered.length,
    missed: last('recordedMissed') === 'true',
    reassigned: Number(last('recordedReassignments') ?? 0) > 0,
    reopened: Number(last('recordedReopens') ?? 0) > 0,
    withoutResolved: resolvedAt === null,
  }
}
