import type { Tx } from '../../platform/journal/write.ts'

/** The header of a record as its row is. */
export type RecordRow = {
  readonly id: string
  readonly kind: string
  readonly number: string
  readonly title: string
  readonly description: string
  readonly state: string
  readonly is_open: boolean
  readonly priority: number
  readonly service_id: string | null
  readonly team_id: string
  readonly assignee_id: string | null
  readonly requester_id: string
  readonly confidentiality: string
  readonly created_at: string
  readonly updated_at: string
  readonly resolved_at: string | null
  readonly closed_at: string | null
  readonly last_public_at: string | null
  readonly version: number
  readonly custom: Record<string, string | number | boolean | null>
}

export type NewRecord = Pick<
  RecordRow,
  | 'id'
  | 'kind'
  | 'number'
  | 'title'
  | 'description'
  | 'state'
  | 'is_open'
  | 'priority'
  | 'service_id'
  | 'team_id'
  | 'assignee_id'
  | 'requester_id'
  | 'confidentiality'
  | 'custom'
>

export const insertRecord = (tx: Tx, record: NewRecord): void => {
  tx.insert('record', {
    tenant_id: tx.tenantId,
    id: record.id,
    kind: record.kind,
    number: record.number,
    title: record.title,
    description: record.description,
    state: record.state,
    is_open: record.is_open,
    priority: record.priority,
    service_id: record.service_id,
    team_id: record.team_id,
    assignee_id: record.assignee_id,
    requester_id: record.requester_id,
    confidentiality: record.confidentiality,
    created_at: tx.author.now,
    updated_at: tx.author.now,
    custom: JSON.stringify(record.custom),
  })
}

/** The columns of the header that commands change. */
export const recordColumns = [
  'title',
  'description',
  'state',
  'is_open',
  'priority',
  'service_id',
  'team_id',
  'assignee_id',
  'requester_id',
  'confidentiality',
  'resolved_at',
  'closed_at',
  'last_public_at',
  'custom',
] as const
export type RecordChange = { readonly [column in (typeof recordColumns)[number]]?: RecordRow[column] }

/** Writes what changed and makes the next version; the caller holds the row's lock. */
export const updateRecord = (tx: Tx, id: string, change: RecordChange): void => {
  const set = ['updated_at = $3', 'version = version + 1']
  const values: unknown[] = [tx.author.tenantId, id, tx.author.now]
  for (const column of recordColumns) {
    const value = change[column]
    if (value === undefined) continue
    values.push(column === 'custom' ? JSON.stringify(value) : value)
    set.push(`${column} = $${values.length}`)
  }
  tx.send({ text: `update record set ${set.join(', ')} where tenant_id = $1 and id = $2`, values })
}

/** Somebody did something to the record that changes none of its fields; `lastPublicAt` when the caller heard from us by it. */
export const touchRecord = (tx: Tx, id: string, lastPublicAt: string | null): void => {
  tx.send({
    name: 'record_touch',
    text: 'update record set updated_at = $3, last_public_at = coalesce($4, last_public_at) where tenant_id = $1 and id = $2',
    values: [tx.author.tenantId, id, tx.author.now, lastPublicAt],
  })
}

export type NewComment = {
  readonly id: string
  readonly recordId: string
  readonly audience: 'public' | 'team'
  readonly body: string
  readonly authorId: string
}

export const insertComment = (tx: Tx, comment: NewComment): void => {
  tx.insert('comment', {
    tenant_id: tx.tenantId,
    id: comment.id,
    record_id: comment.recordId,
    audience: comment.audience,
    body: comment.body,
    author_id: comment.authorId,
    via: tx.author.actor.via,
    created_at: tx.author.now,
  })
}
