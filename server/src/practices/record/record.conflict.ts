import type { Reader } from '../../platform/postgres/database.ts'
import { Refusal } from '../../kernel/refusal.ts'

type Change = { readonly from: unknown; readonly to: unknown }

/**
 * Field-level merge: who saw an older version may still change what nobody else touched since. What somebody did touch is a conflict
 * that shows both values, unless both wanted the same.
 *
 * @throws Refusal `changed_meanwhile` naming the fields; `malformed` for a version that never was.
 */
export const mergeOrRefuse = async (
  q: Reader,
  record: { readonly id: string; readonly version: number },
  seen: number,
  wanted: Readonly<Record<string, unknown>>,
): Promise<void> => {
  if (seen === record.version) return
  if (seen > record.version) throw new Refusal('malformed', `version ${seen} does not exist yet`)
  const later = await q.rows<{ changes: Record<string, Change> | null }>({
    text: `select data->'changes' as changes from journal
           where tenant_id = $1 and subject_id = $2 and (data->>'version')::integer > $3 order by id`,
    values: [q.tenantId, record.id, seen],
  })
  const theirs = new Map<string, unknown>()
  for (const { changes } of later)
    for (const [field, change] of Object.entries(changes ?? {})) theirs.set(field, change.to)
  const conflicts = Object.entries(wanted).filter(
    ([field, value]) => theirs.has(field) && !same(theirs.get(field), value),
  )
  if (conflicts.length === 0) return
  throw new Refusal(
    'changed_meanwhile',
    conflicts.map(([field, value]) => ({
      code: 'changed_meanwhile',
      field,
      message: `somebody set it to ${shown(theirs.get(field))}; you wanted ${shown(value)}`,
    })),
  )
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
const shown = (value: unknown): string =>
  typeof value === 'string' ? `"${value.slice(0, 200)}"` : JSON.stringify(value)
