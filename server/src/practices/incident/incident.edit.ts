import { asWritten, type Saying } from '../../kernel/language/saying.ts'
import type { EditIncident, IncidentRef, OverridePriority } from '@evenkeel/contract/incident'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import {
  customValues,
  mergeOrRefuse,
  showPlainly,
  type RecordRow,
  type Show,
  type Wish,
} from '../record/index.ts'
import { isChange, mustFit, onIncident, type Change, type Sheet } from './incident.command.ts'
import { priorityOf } from './incident.priority.ts'
import type { IncidentRow } from './incident.repo.ts'
import { policiesAt, type Policies } from './incident.rules.ts'
import { says } from './incident.reasons.ts'

/** Changes fields for somebody who saw version `seen`; fields nobody else touched since merge. */
export const editIncident = async (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  fields: EditIncident,
): Promise<IncidentRef> => {
  const policies = await policiesAt(database, caller.tenantId, caller.now)
  return onIncident(database, caller, id, 'incident.edit', async (sheet) => {
    await mergeOrRefuse(
      sheet.tx,
      sheet.row,
      seen,
      editWishes(sheet.row, fields),
      showField(sheet.tx, policies),
    )
    edit(sheet, fields, policies)
  })
}

const named = (name: string | undefined): Saying | undefined =>
  name === undefined ? undefined : asWritten(name)

/** Values of an incident's fields in words: services, teams and people by name. */
export const showField =
  (q: Reader, { services }: Policies): Show =>
  async (field, value) => {
    if (typeof value !== 'string') return showPlainly(field, value)
    if (field === 'serviceId') return named(services.get(value)?.name) ?? says('service.gone')
    if (field !== 'teamId' && field !== 'personId') return showPlainly(field, value)
    const row = await q.maybe<{ name: string }>({
      text: `select name from ${field === 'teamId' ? 'team' : 'person'} where tenant_id = $1 and id = $2`,
      values: [q.tenantId, value],
    })
    return named(row?.name) ?? says('nobody')
  }

/** The step: changes the fields that differ and prices the incident anew when what its priority comes from changed. */
export const edit = (sheet: Sheet, fields: EditIncident, policies: Policies): void => {
  mustFit(sheet, 'edit')
  const { row } = sheet
  const { serviceId } = fields
  if (serviceId !== undefined && serviceId !== null && serviceId !== row.service_id) {
    const service = policies.services.get(serviceId)
    if (service === undefined || !service.isActive) throw invalid('serviceId', says('service.none'))
  }
  const custom =
    fields.custom === undefined
      ? undefined
      : customValues(
          policies.custom,
          'incident',
          sheet.by.may('incident.read_internal'),
          fields.custom,
          row.custom,
        )
  const edited = editedColumns(fields, custom)
  const change = { ...edited, ...repriced(row, edited, policies) }
  if (isChange(row, change)) sheet.enter({ type: 'incident.edited', change })
}

/** Pure: the columns that these fields set; `custom` is what they make of the custom values. */
const editedColumns = (fields: EditIncident, custom: RecordRow['custom'] | undefined): Change => ({
  ...(fields.title === undefined ? {} : { title: fields.title }),
  ...(fields.description === undefined ? {} : { description: fields.description }),
  ...(fields.serviceId === undefined ? {} : { service_id: fields.serviceId }),
  ...(fields.impact === undefined ? {} : { impact: fields.impact }),
  // Whoever sets the urgency has the last word over what the caller's standing made of it.
  ...(fields.urgency === undefined ? {} : { urgency: fields.urgency, urgency_raised_from: null }),
  ...(fields.category === undefined ? {} : { category: fields.category }),
  ...(fields.confidential === undefined
    ? {}
    : { confidentiality: fields.confidential ? 'confidential' : 'normal' }),
  ...(custom === undefined ? {} : { custom }),
})

/**
 * Pure: what the matrix in force makes of the changed incident. An overridden priority stays, with the newly computed one beside it;
 * an edit that touches neither impact, urgency nor service keeps the price it had, whatever was published since.
 */
const repriced = (row: IncidentRow, change: Change, { matrix }: Policies): Change => {
  const { service_id: serviceId, impact, urgency } = { ...row, ...change }
  if (serviceId === row.service_id && impact === row.impact && urgency === row.urgency) return {}
  const computed = priorityOf(matrix.document, serviceId, impact, urgency)
  return {
    computed_priority: computed,
    matrix_version: matrix.version,
    ...(row.override_reason === null ? { priority: computed } : {}),
  }
}

/** Pure: what an edit wants of each field, for merging. */
export const editWishes = (row: IncidentRow, fields: EditIncident): Wish[] => {
  const { custom, ...plain } = fields
  const now: Record<keyof typeof plain, { column: string; theirs: unknown }> = {
    title: { column: 'title', theirs: row.title },
    description: { column: 'description', theirs: row.description },
    serviceId: { column: 'service_id', theirs: row.service_id },
    impact: { column: 'impact', theirs: row.impact },
    urgency: { column: 'urgency', theirs: row.urgency },
    category: { column: 'category', theirs: row.category },
    confidential: { column: 'confidentiality', theirs: row.confidentiality === 'confidential' },
  }
  const wanted = new Map<string, unknown>(Object.entries(plain))
  return [
    ...Object.entries(now).flatMap(([field, { column, theirs }]) =>
      wanted.get(field) === undefined ? [] : [{ column, field, theirs, yours: wanted.get(field) }],
    ),
    ...Object.entries(custom ?? {}).map(([key, yours]) => ({
      column: `custom.${key}`,
      field: `custom.${key}`,
      theirs: row.custom[key] ?? null,
      yours,
    })),
  ]
}

/** Sets a priority other than the computed one, or goes back to it, for somebody who saw version `seen`. */
export const overrideIncidentPriority = (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  wish: OverridePriority,
): Promise<IncidentRef> =>
  onIncident(database, caller, id, 'incident.override_priority', async (sheet) => {
    const { row } = sheet
    const yours = wish.priority ?? row.computed_priority
    await mergeOrRefuse(sheet.tx, row, seen, [
      { column: 'priority', field: 'priority', theirs: row.priority, yours },
    ])
    overridePriority(sheet, wish)
  })

/** The step. The field itself is read-only: this needs a right of its own and a reason, both ways (INC-01). */
export const overridePriority = (sheet: Sheet, { priority, reason }: OverridePriority): void => {
  mustFit(sheet, 'override_priority')
  const { row } = sheet
  if (priority !== null) {
    sheet.enter({
      type: 'incident.priority_overridden',
      change: { priority, override_reason: reason },
      data: { computed: row.computed_priority },
    })
    return
  }
  if (row.override_reason === null) throw new Refusal('not_ready', says('priority.computed'))
  sheet.enter({
    type: 'incident.priority_computed',
    change: { priority: row.computed_priority, override_reason: null },
    data: { reason },
    personal: ['/reason'],
  })
}
