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
  readonly custom: Record<string, unknown>
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
  const { tenantId, now } = tx.author
  tx.send({
    name: 'record_insert',
    text: `insert into record (tenant_id, id, kind, number, title, description, state, is_open, priority, service_id, team_id,
             assignee_id, requester_id, confidentiality, created_at, updated_at, custom)
           values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$15,$16)`,
    values: [
      tenantId,
      record.id,
      record.kind,
      record.number,
      record.title,
      record.description,
      record.state,
      record.is_open,
      record.priority,
      record.service_id,
      record.team_id,
      record.assignee_id,
      record.requester_id,
      record.confidentiality,
      now,
      JSON.stringify(record.custom),
    ],
  })
}

const changeable = [
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
export type RecordChange = { readonly [column in (typeof changeable)[number]]?: RecordRow[column] }

/** Writes what changed and makes the next version; the caller holds the row's lock. */
export const updateRecord = (tx: Tx, id: string, change: RecordChange): void => {
  const set = ['updated_at = $3', 'version = version + 1']
  const values: unknown[] = [tx.author.tenantId, id, tx.author.now]
  for (const column of changeable) {
    const value = change[column]
    if (value === undefined) continue
    values.push(column === 'custom' ? JSON.stringify(value) : value)
    set.push(`${column} = $${values.length}`)
  }
  tx.send({ text: `update record set ${set.join(', ')} where tenant_id = $1 and id = $2`, values })
}

export type NewComment = {
  readonly id: string
  readonly recordId: string
  readonly audience: 'public' | 'team'
  readonly body: string
  readonly authorId: string
}

export const insertComment = (tx: Tx, comment: NewComment): void => {
  const { tenantId, now, actor } = tx.author
  tx.send({
    name: 'comment_insert',
    text: 'insert into comment (tenant_id, id, record_id, audience, body, author_id, via, created_at) values ($1,$2,$3,$4,$5,$6,$7,$8)',
    values: [
      tenantId,
      comment.id,
      comment.recordId,
      comment.audience,
      comment.body,
      comment.authorId,
      actor.via,
      now,
    ],
  })
}
