import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { restorePersonal, type PersonalValues } from '../../kernel/evidence/commitment.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { touchedSince } from '../record/index.ts'
import { hold, type Change } from './incident.command.ts'
import { releaseDuplicate } from './incident.duplicates.ts'
import { takeBack } from './incident.process.ts'
import type { IncidentRow } from './incident.repo.ts'
import { says } from './incident.reasons.ts'

type Entry = {
  readonly id: string
  readonly data: JsonObject
  readonly personal: PersonalValues | null
}

/**
 * Takes back what one version of an incident changed: its fields return to what they were, and so does its state. Comments stay,
 * because what was said was read. Both the change and its correction are in the journal.
 *
 * @throws Refusal `changed_meanwhile` when somebody changed one of these fields since, `not_ready` when there is nothing to return to
 */
export const takeBackChange = async (
  tx: Tx,
  caller: Caller,
  {
    recordId,
    version,
    bulkId,
  }: { readonly recordId: string; readonly version: number | null; readonly bulkId: string },
): Promise<void> => {
  if (version === null) throw new Refusal('not_ready', says('takeBack.nothing'))
  const entries = await entriesOf(tx, recordId, version)
  const survivors = entries.flatMap(({ data }) =>
    typeof data['duplicateOf'] === 'string' ? [data['duplicateOf']] : [],
  )
  const sheet = await hold(tx, caller, recordId, takeBack.by, { alongside: survivors })
  const first = entries[0]
  if (first === undefined) throw new Refusal('not_ready', says('takeBack.unknown'))
  const before = heldBefore(entries)
  const touched = await touchedSince(tx, recordId, version)
  const reasons = Object.keys(before).flatMap((column) => {
    const touch = touched.get(column)
    return touch === undefined
      ? []
      : [
          {
            code: 'changed_meanwhile',
            field: column,
            message: says('takeBack.since', { by: touch.by ?? says('takeBack.system') }),
          },
        ]
  })
  if (reasons.length > 0) throw new Refusal('changed_meanwhile', reasons)
  sheet.enter({
    type: takeBack.emits,
    change: changeTo(sheet.row, before),
    data: { bulkId, undoes: entries.map((entry) => entry.id) },
    cause: first.id,
  })
  for (const survivor of survivors) await releaseDuplicate(tx, recordId, survivor, first.id)
  sheet.finish()
}

const entriesOf = (tx: Tx, recordId: string, version: number): Promise<Entry[]> =>
  tx.rows<Entry>({
    name: 'incident_entries_of_version',
    text: `select j.id, j.data, p.personal from journal j
           left join journal_personal p on p.tenant_id = j.tenant_id and p.entry_id = j.id
           where j.tenant_id = $1 and j.subject_id = $2 and (j.data->>'version')::integer = $3 order by j.id`,
    values: [tx.tenantId, recordId, version],
  })

/** Pure: what each changed column held before the first of the entries. */
const heldBefore = (entries: readonly Entry[]): JsonObject => {
  const before: Record<string, Json> = {}
  for (const { data, personal } of entries) {
    const { changes } = restorePersonal(data, personal ?? {})
    if (!isJsonObject(changes)) continue
    for (const [column, change] of Object.entries(changes)) {
      if (!isJsonObject(change) || change['$erased'] === true)
        throw new Refusal('not_ready', says('takeBack.erased'))
      if (!Object.hasOwn(before, column)) before[column] = change['from'] ?? null
    }
  }
  return before
}

const changeTo = (row: IncidentRow, before: JsonObject): Change => {
  const custom: Record<string, unknown> = { ...row.custom }
  const columns: Record<string, Json> = {}
  let hasCustom = false
  for (const [column, value] of Object.entries(before)) {
    if (!column.startsWith('custom.')) {
      columns[column] = value
      continue
    }
    hasCustom = true
    if (value === null) delete custom[column.slice('custom.'.length)]
    else custom[column.slice('custom.'.length)] = value
  }
  // The journal keeps of each column what the column held.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { ...columns, ...(hasCustom ? { custom } : {}) } as Change
}
