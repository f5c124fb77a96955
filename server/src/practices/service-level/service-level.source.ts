import type { Fields } from '../../kernel/filter/fields.ts'
import { policyHistory } from '../../platform/policy/policy.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { calendarPolicy } from './calendar.policy.ts'
import { offeredBy, type Agreed } from './service-level.agreed.ts'
import type { MeasuredKind, ToldEntry } from './service-level.measured.ts'
import { serviceLevelPolicy } from './service-level.policy.ts'

/** Of as many organizations what was agreed is kept understood. */
const mostKept = 200
const kept = new Map<string, { readonly signature: string; readonly agreed: Agreed }>()

/**
 * Everything that was and will be agreed; null where nothing ever was. Versions never change, so what was understood is kept until there are
 * others: which there are is asked each time, because a reaction reads an entry before a cache has heard of it.
 */
export const agreedIn = async (q: Reader, fields: Fields): Promise<Agreed | null> => {
  const found = await q.maybe<{ signature: string | null }>({
    name: 'service_level_versions',
    text: `select string_agg(kind || '/' || name || '/' || version, ',' order by kind, name, version) as signature
           from policy_version where tenant_id = $1 and kind in ('service_levels', 'calendar')
             and exists (select from policy_version where tenant_id = $1 and kind = 'service_levels')`,
    values: [q.tenantId],
  })
  const signature = found?.signature ?? null
  if (signature === null) return null
  const known = kept.get(q.tenantId)
  if (known?.signature === signature) return known.agreed
  const [levels, calendars] = await Promise.all([
    policyHistory(q, serviceLevelPolicy),
    policyHistory(q, calendarPolicy),
  ])
  const agreed: Agreed = {
    versions: levels.map(({ document, version, effectiveFrom }) => ({
      from: Date.parse(effectiveFrom),
      offered: offeredBy(document, version, fields),
    })),
    calendars: new Map(
      [...Map.groupBy(calendars, ({ name }) => name)].map(([name, versions]) => [
        name,
        versions.map(({ document, effectiveFrom }) => ({
          from: Date.parse(effectiveFrom),
          calendar: document,
        })),
      ]),
    ),
  }
  if (kept.size >= mostKept) kept.clear()
  kept.set(q.tenantId, { signature, agreed })
  return agreed
}

/** What the journal says of records, by record. */
export const entriesOf = async (
  q: Reader,
  { kind }: Pick<MeasuredKind, 'kind'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly ToldEntry[]>> => {
  const rows = await q.rows<ToldEntry & { readonly subject_id: string }>({
    name: 'service_level_entries',
    text: `select subject_id, id, at, type, actor_kind, coalesce(on_behalf_of, actor_id) as by, data
           from journal where tenant_id = $1 and subject_id = any($2::uuid[]) and subject_kind = $3 order by subject_id, id`,
    values: [q.tenantId, ids, kind],
  })
  return Map.groupBy(rows, (row) => row.subject_id)
}
