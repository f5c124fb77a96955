import type { ImportShape } from '@evenkeel/contract/import-mapping'
import type { Reader } from '../../platform/postgres/database.ts'
import type { KnownRecord, PastRecord, PastUpdate } from '../record/index.ts'
import { keyOf, thingOf, type Fate, type Word } from './import.references.ts'
import type { StoredRow } from './import.repo.ts'

/** Every word of a row that names a person, a team or a service. */
export const wordsIn = ({ targets }: ImportShape, values: Readonly<Record<string, string | null>>): Word[] =>
  Object.entries(values).flatMap(([field, value]) => {
    const thing = thingOf(targets[field])
    return thing === null || value === null ? [] : [{ kind: thing, value }]
  })

// While a batch is only examined, those who would be made have no id yet.
const notYet = '00000000-0000-7000-8000-000000000000'

const resolved = (
  { targets }: ImportShape,
  values: Readonly<Record<string, string | null>>,
  fates: ReadonlyMap<string, Fate>,
): Record<string, string | null> => {
  const result: Record<string, string | null> = { ...values }
  for (const [field, value] of Object.entries(values)) {
    const thing = thingOf(targets[field])
    if (thing === null || value === null) continue
    const fate = fates.get(keyOf({ kind: thing, value }))
    result[field] = fate?.fate === 'create' ? notYet : (fate?.id ?? null)
  }
  return result
}

/** Rows of records as their kind takes them. Rows that say the same are one; refused rows are none. */
export const recordsOf = (
  shape: ImportShape,
  keys: readonly string[],
  rows: readonly StoredRow[],
  fates: ReadonlyMap<string, Fate>,
  known: ReadonlyMap<string, KnownRecord>,
): PastRecord[] => {
  const byRecord = new Map<string, Map<string, PastUpdate>>(keys.map((key) => [key, new Map()]))
  for (const row of rows) {
    const updates = byRecord.get(row.record_key)
    if (
      row.refused ||
      (shape.isDated && row.at === null) ||
      updates === undefined ||
      updates.has(row.update_key)
    )
      continue
    const values = resolved(shape, row.translated, fates)
    updates.set(row.update_key, {
      line: row.line,
      updateKey: row.update_key,
      at: row.at ?? '',
      by: values['updatedBy'] ?? null,
      values,
    })
  }
  return keys.map((sourceKey) => ({
    sourceKey,
    updates: [...(byRecord.get(sourceKey)?.values() ?? [])],
    known: known.get(sourceKey) ?? null,
  }))
}

/** Which of these records are here already. Those of a batch that was taken back are not: the policy on records hides them. */
export const knownRecords = async (
  q: Reader,
  source: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, KnownRecord>> => {
  const rows = await q.rows<{ source_key: string; id: string; update_keys: string[] }>({
    name: 'import_known_records',
    text: `select ir.source_key, ir.record_id as id,
             array(select iu.update_key from imported_update iu where iu.tenant_id = ir.tenant_id and iu.record_id = ir.record_id) as update_keys
           from imported_record ir join record r on r.tenant_id = ir.tenant_id and r.id = ir.record_id
           where ir.tenant_id = $1 and ir.source = $2 and ir.source_key = any($3)`,
    values: [q.tenantId, source, keys],
  })
  return new Map(
    rows.map(({ source_key, id, update_keys }) => [source_key, { id, updateKeys: new Set(update_keys) }]),
  )
}
