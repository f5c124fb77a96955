import type { Tx } from '../../platform/journal/write.ts'

export type NewNotification = {
  readonly id: string
  readonly person_id: string
  readonly entry_id: string
  readonly event_id: string
  readonly entry_type: string
  readonly kind: string
  readonly rule: string
  readonly reason: string
  readonly policy_version: number
  readonly record_id: string | null
  readonly item_id?: string
  readonly is_internal: boolean
  readonly in_application: boolean
  readonly awaits_digest: boolean
  /** Listed as read from the beginning. */
  readonly old: boolean
}

/** Stores notifications; answers the ids of those that are new: who was told of the event before is not told again. */
export const insertNotifications = async (
  tx: Tx,
  notifications: readonly NewNotification[],
): Promise<ReadonlySet<string>> => {
  const rows = await tx.rows<{ id: string }>({
    name: 'notification_insert',
    text: `insert into notification (tenant_id, id, person_id, entry_id, event_id, entry_type, kind, rule, reason, policy_version, record_id,
             is_internal, in_application, awaits_digest, created_at, item_id, read_at)
           select $1, id, person_id, entry_id, event_id, entry_type, kind, rule, reason, policy_version, record_id, is_internal, in_application, awaits_digest, $3, item_id,
             case when old then $3::timestamptz end
           from jsonb_to_recordset($2) as n (id uuid, person_id uuid, entry_id uuid, event_id uuid, entry_type text, kind text, rule text,
             reason text, policy_version integer, record_id uuid, is_internal boolean, in_application boolean,
             awaits_digest boolean, old boolean, item_id uuid)
           on conflict do nothing returning id`,
    values: [tx.tenantId, JSON.stringify(notifications), tx.author.now],
  })
  return new Set(rows.map((row) => row.id))
}

export type NewNoticeMail = { readonly id: string; readonly notification: NewNotification }

/** Mail about notifications, to be composed when it is sent. */
export const insertNoticeMails = (tx: Tx, mails: readonly NewNoticeMail[]): void => {
  if (mails.length === 0) return
  const rows = mails.map(({ id, notification }) => ({
    id,
    notification_id: notification.id,
    person_id: notification.person_id,
    record_id: notification.record_id,
    entry_id: notification.entry_id,
    is_internal: notification.is_internal,
  }))
  tx.send({
    name: 'notification_mail_insert',
    text: `insert into outbound_mail (tenant_id, id, kind, notification_id, person_id, record_id, entry_id, is_internal, due_at, created_at)
           select $1, id, 'notice', notification_id, person_id, record_id, entry_id, is_internal, $3, $3
           from jsonb_to_recordset($2) as m (id uuid, notification_id uuid, person_id uuid, record_id uuid, entry_id uuid, is_internal boolean)`,
    values: [tx.tenantId, JSON.stringify(rows), tx.author.now],
  })
}
