import type { holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import type {
  IncidentState,
  Level,
  Priority,
  endReasons,
  incidentChannels,
} from '@evenkeel/contract/incident'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { RecordRow } from '../record/index.ts'
import type { ImpactGround } from './incident.impact.ts'
import type { Routed } from '../routing/index.ts'

/** An incident's own columns, as its row is. */
export type IncidentColumns = {
  readonly impact: Level
  readonly urgency: Level
  readonly urgency_raised_from: Level | null
  readonly computed_priority: Priority
  readonly matrix_version: number
  readonly override_reason: string | null
  /** What its items and people made of its impact when they were last weighed; null before that. */
  readonly impact_computed: Level | null
  readonly impact_grounds: readonly ImpactGround[]
  readonly channel: (typeof incidentChannels)[number]
  readonly category: string
  readonly raised_by: string
  readonly assigned_at: string | null
  readonly team_since: string
  readonly routing: Routed
  readonly hold_reason: (typeof holdReasons)[number] | null
  readonly hold_until: string | null
  readonly hold_on: string | null
  readonly held_at: string | null
  readonly resolution_code: (typeof resolutionCodes)[number] | null
  readonly resolution_notes: string | null
  readonly resolved_by: string | null
  readonly cancel_reason: (typeof endReasons)[number] | null
  readonly parent_id: string | null
  readonly reopen_count: number
  readonly reassignment_count: number
  readonly team_path: readonly string[]
  readonly auto_close_at: string | null
}

/** A whole incident: header and own columns. The checks of the database keep state and priority within these types. */
export type IncidentRow = RecordRow &
  IncidentColumns & { readonly state: IncidentState; readonly priority: Priority }

/** An incident's own columns, all of which commands may change. */
export const incidentColumns = [
  'impact',
  'urgency',
  'urgency_raised_from',
  'computed_priority',
  'matrix_version',
  'override_reason',
  'impact_computed',
  'impact_grounds',
  'channel',
  'category',
  'raised_by',
  'assigned_at',
  'team_since',
  'routing',
  'hold_reason',
  'hold_until',
  'hold_on',
  'held_at',
  'resolution_code',
  'resolution_notes',
  'resolved_by',
  'cancel_reason',
  'parent_id',
  'reopen_count',
  'reassignment_count',
  'team_path',
  'auto_close_at',
] as const satisfies readonly (keyof IncidentColumns)[]

const header = `r.id, r.kind, r.number, r.title, r.description, r.state, r.is_open, r.priority, r.service_id, r.team_id, r.assignee_id,
  r.requester_id, r.confidentiality, r.created_at, r.updated_at, r.resolved_at, r.closed_at, r.last_public_at, r.version, r.custom`

export const incidentSelect = `select ${header}, ${incidentColumns.map((column) => `i.${column}`).join(', ')}
  from record r join incident i on i.tenant_id = r.tenant_id and i.id = r.id`

// Both rows are locked: after waiting for somebody, only the locked tables' rows are read again as they are now.
/** The incident, locked until the end of the transaction; undefined when there is none. */
export const lockIncident = (tx: Tx, id: string): Promise<IncidentRow | undefined> =>
  tx.maybe<IncidentRow>({
    name: 'incident_lock',
    text: `${incidentSelect} where r.tenant_id = $1 and r.id = $2 and r.kind = 'incident' for update of r, i`,
    values: [tx.tenantId, id],
  })

/** Locks several records, always in the same order. */
export const lockInOrder = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  await tx.rows({
    name: 'incident_lock_in_order',
    text: 'select id from record where tenant_id = $1 and id = any($2) order by id for update',
    values: [tx.tenantId, ids],
  })
}

/** The incident, locked; undefined also while somebody else holds it. */
export const lockDueIncident = (tx: Tx, id: string): Promise<IncidentRow | undefined> =>
  tx.maybe<IncidentRow>({
    name: 'incident_lock_due',
    text: `${incidentSelect} where r.tenant_id = $1 and r.id = $2 and r.kind = 'incident' for update of r, i skip locked`,
    values: [tx.tenantId, id],
  })

export const findIncident = (q: Reader, id: string): Promise<IncidentRow | undefined> =>
  q.maybe<IncidentRow>({
    name: 'incident_find',
    text: `${incidentSelect} where r.tenant_id = $1 and r.id = $2 and r.kind = 'incident'`,
    values: [q.tenantId, id],
  })

/** The open children of a parent, locked in the order of their ids. */
export const lockOpenChildren = (tx: Tx, parentId: string): Promise<IncidentRow[]> =>
  tx.rows<IncidentRow>({
    name: 'incident_lock_open_children',
    text: `${incidentSelect} where i.tenant_id = $1 and i.parent_id = $2 and r.is_open order by r.id for update of r, i`,
    values: [tx.tenantId, parentId],
  })

export type NewIncident = Pick<
  IncidentColumns,
  | 'impact'
  | 'impact_computed'
  | 'impact_grounds'
  | 'urgency'
  | 'urgency_raised_from'
  | 'computed_priority'
  | 'matrix_version'
  | 'channel'
  | 'category'
  | 'raised_by'
  | 'routing'
  | 'assigned_at'
> & { readonly id: string; readonly teamId: string }

export const insertIncident = (tx: Tx, incident: NewIncident): void => {
  const { teamId, routing, ...columns } = incident
  tx.insert('incident', {
    tenant_id: tx.tenantId,
    id: columns.id,
    impact: columns.impact,
    impact_computed: columns.impact_computed,
    impact_grounds: JSON.stringify(columns.impact_grounds),
    urgency: columns.urgency,
    computed_priority: columns.computed_priority,
    matrix_version: columns.matrix_version,
    channel: columns.channel,
    category: columns.category,
    raised_by: columns.raised_by,
    routing: JSON.stringify(routing),
    assigned_at: columns.assigned_at,
    urgency_raised_from: columns.urgency_raised_from,
    team_path: [teamId],
    team_since: tx.author.now,
  })
}

export type IncidentChange = { readonly [column in keyof IncidentColumns]?: IncidentColumns[column] }

export const updateIncident = (tx: Tx, id: string, change: IncidentChange): void => {
  const set: string[] = []
  const values: unknown[] = [tx.tenantId, id]
  for (const column of incidentColumns) {
    const value = change[column]
    if (value === undefined) continue
    values.push(column === 'routing' || column === 'impact_grounds' ? JSON.stringify(value) : value)
    set.push(`${column} = $${values.length}`)
  }
  if (set.length > 0)
    tx.send({ text: `update incident set ${set.join(', ')} where tenant_id = $1 and id = $2`, values })
}
