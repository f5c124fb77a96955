import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { insertMany, type ColumnTypes } from '../../platform/postgres/insert-many.ts'
import type { PastRow } from './incident.past.row.ts'
import { incidentSelect, type IncidentRow } from './incident.repo.ts'

/** A record of the past with everything that tables hold of it; its entries are the journal's. */
export type PastRows = {
  readonly id: string
  readonly isNew: boolean
  readonly sourceKey: string
  readonly row: PastRow
  readonly matrixVersion: number
  readonly recorded: JsonObject
  readonly lastAt: string
  readonly comments: readonly {
    readonly id: string
    readonly audience: 'public' | 'team'
    readonly body: string
    readonly authorId: string
    readonly at: string
  }[]
  readonly updates: readonly { readonly updateKey: string; readonly entryId: string; readonly line: number }[]
}

/** A record that a batch has seen, and how many of its updates are here. */
export type Seen = { readonly recordId: string; readonly updates: number; readonly continued: boolean }

const recordTypes = {
  tenant_id: 'uuid',
  id: 'uuid',
  kind: 'text',
  number: 'text',
  title: 'text',
  description: 'text',
  state: 'text',
  is_open: 'boolean',
  priority: 'smallint',
  service_id: 'uuid',
  team_id: 'uuid',
  assignee_id: 'uuid',
  requester_id: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  resolved_at: 'timestamptz',
  closed_at: 'timestamptz',
  last_public_at: 'timestamptz',
  version: 'integer',
  custom: 'jsonb',
  import_id: 'uuid',
} as const satisfies ColumnTypes
const incidentTypes = {
  tenant_id: 'uuid',
  id: 'uuid',
  impact: 'smallint',
  urgency: 'smallint',
  computed_priority: 'smallint',
  matrix_version: 'integer',
  override_reason: 'text',
  channel: 'text',
  category: 'text',
  raised_by: 'uuid',
  assigned_at: 'timestamptz',
  team_since: 'timestamptz',
  routing: 'jsonb',
  hold_reason: 'text',
  held_at: 'timestamptz',
  resolution_code: 'text',
  resolution_notes: 'text',
  resolved_by: 'uuid',
  cancel_reason: 'text',
  reopen_count: 'integer',
  reassignment_count: 'integer',
  team_path: 'uuid[]',
} as const satisfies ColumnTypes
const commentTypes = {
  tenant_id: 'uuid',
  id: 'uuid',
  record_id: 'uuid',
  audience: 'text',
  body: 'text',
  author_id: 'uuid',
  via: 'text',
  created_at: 'timestamptz',
} as const satisfies ColumnTypes
const importedTypes = {
  tenant_id: 'uuid',
  record_id: 'uuid',
  batch_id: 'uuid',
  source: 'text',
  source_key: 'text',
  recorded: 'jsonb',
  version: 'integer',
  last_at: 'timestamptz',
} as const satisfies ColumnTypes
const updateTypes = {
  tenant_id: 'uuid',
  record_id: 'uuid',
  update_key: 'text',
  entry_id: 'uuid',
  line: 'bigint',
} as const satisfies ColumnTypes
const seenTypes = {
  tenant_id: 'uuid',
  batch_id: 'uuid',
  record_id: 'uuid',
  updates: 'integer',
  continued: 'boolean',
} as const satisfies ColumnTypes

/** Writes the rows of many records: a handful of statements, however many they are. */
export const storePast = (
  tx: Tx,
  batch: { readonly id: string; readonly source: string },
  records: readonly PastRows[],
  seen: readonly Seen[],
): void => {
  const tenant_id = tx.tenantId
  const fresh = records.filter(({ isNew }) => isNew)
  const further = records.filter(({ isNew }) => !isNew)
  const imported = ({ id, sourceKey, recorded, row, lastAt }: PastRows) => ({
    tenant_id,
    record_id: id,
    batch_id: batch.id,
    source: batch.source,
    source_key: sourceKey,
    recorded,
    version: row.version,
    last_at: lastAt,
  })
  const routing = ({ row }: PastRows) => ({
    teamId: row.team_id,
    personId: row.assignee_id,
    rule: 'imported',
    sentence: `Imported from ${batch.source}.`,
    version: 0,
  })
  const header = (past: PastRows) => ({
    ...past.row,
    tenant_id,
    id: past.id,
    kind: 'incident',
    import_id: batch.id,
  })
  const own = (past: PastRows) => ({
    ...past.row,
    tenant_id,
    id: past.id,
    matrix_version: past.matrixVersion,
    routing: routing(past),
  })
  const statements = [
    ...insertMany(
      'record',
      recordTypes,
      fresh.map(header).map((row) => only(recordTypes, row)),
    ),
    ...insertMany(
      'incident',
      incidentTypes,
      fresh.map(own).map((row) => only(incidentTypes, row)),
    ),
    ...updateMany('record', recordTypes, kept, further.map(header)),
    ...updateMany('incident', incidentTypes, kept, further.map(own)),
    ...insertMany('imported_record', importedTypes, fresh.map(imported)),
    ...further.map((past) => ({
      name: 'incident_past_further',
      text: 'update imported_record set recorded = $3, version = $4, last_at = $5 where tenant_id = $1 and record_id = $2',
      values: [tenant_id, past.id, JSON.stringify(past.recorded), past.row.version, past.lastAt],
    })),
    ...insertMany(
      'comment',
      commentTypes,
      records.flatMap(({ id, comments }) =>
        comments.map((comment) => ({
          tenant_id,
          id: comment.id,
          record_id: id,
          audience: comment.audience,
          body: comment.body,
          author_id: comment.authorId,
          via: 'import',
          created_at: comment.at,
        })),
      ),
    ),
    ...insertMany(
      'imported_update',
      updateTypes,
      records.flatMap(({ id, updates }) =>
        updates.map(({ updateKey, entryId, line }) => ({
          tenant_id,
          record_id: id,
          update_key: updateKey,
          entry_id: entryId,
          line,
        })),
      ),
    ),
    ...insertMany(
      'imported_seen',
      seenTypes,
      seen.map(({ recordId, updates, continued }) => ({
        tenant_id,
        batch_id: batch.id,
        record_id: recordId,
        updates,
        continued,
      })),
      ' on conflict (tenant_id, batch_id, record_id) do update set updates = excluded.updates',
    ),
  ]
  for (const statement of statements) tx.send(statement)
}

/** A row's members that are columns of the table. */
const only = (types: ColumnTypes, row: JsonObject): JsonObject =>
  Object.fromEntries(Object.keys(types).map((column) => [column, row[column] ?? null]))

// Which record it is, where it came from, and under which number it is known, stay.
const kept = new Set(['tenant_id', 'id', 'kind', 'number', 'import_id', 'created_at', 'raised_by', 'channel'])

const updateMany = (
  table: string,
  types: ColumnTypes,
  keeping: ReadonlySet<string>,
  rows: readonly JsonObject[],
) => {
  if (rows.length === 0) return []
  const changed = Object.keys(types).filter((column) => !keeping.has(column))
  const columns = ['tenant_id', 'id', ...changed]
  return [
    {
      text: `update ${table} as t set ${changed.map((column) => `${column} = r.${column}`).join(', ')}
             from json_to_recordset($1::json) as r (${columns.map((column) => `${column} ${types[column] ?? ''}`).join(', ')})
             where t.tenant_id = r.tenant_id and t.id = r.id`,
      values: [JSON.stringify(rows.map((row) => only(types, row)))],
    },
  ]
}

/** Frees the numbers that only voided batches hold, and says which of the others are taken. */
export const takenNumbers = async (tx: Tx, numbers: readonly string[]): Promise<ReadonlySet<string>> => {
  if (numbers.length === 0) return new Set()
  const [, rows] = await Promise.all([
    tx.rows({ text: `select free_voided_numbers('incident', $1::text[])`, values: [numbers] }),
    tx.rows<{ number: string }>({
      text: `select number from record where tenant_id = $1 and kind = 'incident' and number = any($2)`,
      values: [tx.tenantId, numbers],
    }),
  ])
  return new Set(rows.map((row) => row.number))
}

/** Numbers of our own go on behind the imported ones that look like them. */
export const passNumbers = (tx: Tx, numbers: readonly string[]): void => {
  const highest = Math.max(0, ...numbers.map((number) => Number(/^INC0*(\d{1,9})$/.exec(number)?.[1] ?? '0')))
  if (highest === 0) return
  tx.send({
    text: `insert into number_block as b (tenant_id, kind, next) values ($1, 'incident', greatest(1001, $2::bigint + 1))
           on conflict (tenant_id, kind) do update set next = $2::bigint + 1 where b.next <= $2::bigint`,
    values: [tx.tenantId, highest],
  })
}

/** Locks the records that more is known of now. */
export const lockKnown = (
  tx: Tx,
  ids: readonly string[],
): Promise<
  (IncidentRow & {
    readonly imported_version: number
    readonly last_at: string
    readonly recorded: JsonObject
  })[]
> =>
  ids.length === 0
    ? Promise.resolve([])
    : tx.rows({
        text: `${incidentSelect.replace('select', 'select m.version as imported_version, m.last_at, m.recorded,')}
               join imported_record m on m.tenant_id = r.tenant_id and m.record_id = r.id
               where r.tenant_id = $1 and r.id = any($2) order by r.id for update of r, i`,
        values: [tx.tenantId, ids],
      })

export const customTypes = async (tx: Tx) =>
  new Map(
    (
      await tx.rows<{ key: string; type: 'text' | 'number' | 'choice' | 'date' | 'boolean' }>({
        text: `select key, type from custom_field where tenant_id = $1 and record_kind = 'incident'`,
        values: [tx.tenantId],
      })
    ).map(({ key, type }) => [key, type] as const),
  )

export type FactRow = {
  readonly source_key: string
  readonly created_at: string
  readonly state: string
  readonly resolved_at: string | null
  readonly updates: number
  readonly missed: boolean
  readonly reassigned: boolean
  readonly reopened: boolean
}

/** What a batch's records are, as the tables have them, in the order of the bytes of their keys: a page after `after`. */
export const factRows = (q: Reader, batchId: string, after: string, limit: number): Promise<FactRow[]> =>
  q.rows<FactRow>({
    name: 'incident_past_facts',
    text: `select m.source_key, r.created_at, r.state,
             case when m.recorded ? 'resolvedAt' then (m.recorded->>'resolvedAt')::timestamptz(3) else r.resolved_at end as resolved_at,
             s.updates, coalesce((m.recorded->>'missed')::boolean, false) as missed,
             coalesce((m.recorded->>'reassignments')::integer, 0) > 0 as reassigned,
             coalesce((m.recorded->>'reopens')::integer, 0) > 0 as reopened
           from imported_seen s
           join imported_record m on m.tenant_id = s.tenant_id and m.record_id = s.record_id
           join record r on r.tenant_id = s.tenant_id and r.id = s.record_id
           where s.tenant_id = $1 and s.batch_id = $2 and m.source_key collate "C" > $3
           order by m.source_key collate "C" limit $4`,
    values: [q.tenantId, batchId, after, limit],
  })

/** Records of other batches that a batch brought more of; those that were taken back with theirs are none. */
export const continuedIn = async (q: Reader, batchId: string): Promise<number> => {
  const { count } = await q.one<{ count: number }>({
    text: `select count(*)::int as count from imported_seen s
           join record r on r.tenant_id = s.tenant_id and r.id = s.record_id and r.import_id <> s.batch_id
           where s.tenant_id = $1 and s.batch_id = $2 and s.continued`,
    values: [q.tenantId, batchId],
  })
  return count
}
