import type { NoticeKind, NotificationReason, NotificationRow } from '@evenkeel/contract/notification'
import { may } from '../../kernel/access.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { rightsOn } from '../configuration/index.ts'
import { accessRows } from '../record/index.ts'
import { itemHeadline } from './notification.items.ts'
import { hiddenHeadline, reasonIn } from './notification.language.ts'
import { tellingFor, type Telling } from './notification.telling.ts'
import { says } from './notification.reasons.ts'

export type Page<Row> = { readonly rows: Row[]; readonly next: string | null }
export type Paging = { readonly cursor?: string | undefined; readonly limit: number }

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Lists are in the order of their ids, newest first; the cursor is the last one seen. */
export const afterCursor = (cursor: string | undefined): string | null => {
  if (cursor !== undefined && !uuid.test(cursor)) throw new Refusal('malformed', says('cursor'))
  return cursor ?? null
}

type Row = {
  readonly id: string
  readonly kind: NoticeKind
  readonly at: string
  readonly read_at: string | null
  readonly is_internal: boolean
  readonly record_id: string | null
  readonly record_kind: string | null
  readonly item_id: string | null
  readonly item_name: string | null
  readonly number: string | null
  readonly title: string | null
  readonly entry_type: string
  readonly data: JsonObject
  readonly actor_id: string | null
  readonly actor_name: string | null
}

/**
 * What the caller was told, newest first. Rights count as they are now: of a record that one may not see any more, a notification says
 * only that.
 */
export const listNotifications = (
  database: Database,
  caller: Caller,
  tellings: readonly Telling[],
  query: Paging & { readonly unread: 'true' | 'false' },
): Promise<Page<NotificationRow> & { readonly unread: number }> =>
  read(database, caller.tenantId, async (q) => {
    const [rows, unread] = await Promise.all([
      q.rows<Row>({
        name: 'notification_list',
        text: `select n.id, n.kind, coalesce(j.at, n.created_at) as at, n.read_at, n.is_internal, n.record_id, n.item_id, i.name as item_name, n.entry_type, r.kind as record_kind, r.number, r.title, j.data,
                 p.id as actor_id, p.name as actor_name
               from notification n
                 left join record r on r.tenant_id = n.tenant_id and r.id = n.record_id
                 left join item i on i.tenant_id = n.tenant_id and i.id = n.item_id
                 left join journal j on j.tenant_id = n.tenant_id and j.id = n.entry_id
                 left join person p on p.tenant_id = n.tenant_id
                   and p.id = coalesce(j.on_behalf_of, case when j.actor_kind = 'person' then j.actor_id end)
               where n.tenant_id = $1 and n.person_id = $2 and n.in_application and ($3::uuid is null or n.id < $3)
                 and (not $4 or n.read_at is null)
               order by n.id desc limit $5`,
        values: [
          q.tenantId,
          caller.personId,
          afterCursor(query.cursor),
          query.unread === 'true',
          query.limit + 1,
        ],
      }),
      countOf(q, caller),
    ])
    const shown = rows.slice(0, query.limit)
    const items = [...new Set(shown.flatMap((row) => row.item_id ?? []))]
    const [access, rights] = await Promise.all([
      accessRows(q, [...new Set(shown.flatMap((row) => row.record_id ?? []))]),
      items.length === 0 ? new Map<string, { read: boolean }>() : rightsOn(q, caller, items, 'item.read'),
    ])
    return {
      rows: shown.map((row) => {
        if (row.item_id !== null)
          return rights.get(row.item_id)?.read === true
            ? itemView(row, row.item_id, caller.language)
            : hiddenView(row, caller.language)
        const telling = tellingFor(tellings, row.entry_type)
        const record = access.get(row.record_id ?? '')
        const visible =
          telling !== undefined &&
          record !== undefined &&
          may(caller.grants, telling.read, caller.reach, record) &&
          (!row.is_internal || may(caller.grants, telling.readInternal, caller.reach, record))
        return visible ? rowView(row, telling, caller.language) : hiddenView(row, caller.language)
      }),
      next: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null,
      unread,
    }
  })

const rowView = (row: Row, telling: Telling, language: string): NotificationRow => ({
  id: row.id,
  kind: row.kind,
  at: row.at,
  readAt: row.read_at,
  headline: telling.headline({ type: row.entry_type, data: row.data }, row.kind, language),
  actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name ?? '' },
  record:
    row.record_id === null
      ? null
      : { id: row.record_id, kind: row.record_kind ?? '', number: row.number ?? '', title: row.title ?? '' },
  item: null,
  attestation: null,
})

const hiddenView = (row: Row, language: string): NotificationRow => ({
  id: row.id,
  kind: row.kind,
  at: row.at,
  readAt: row.read_at,
  headline: hiddenHeadline(language),
  actor: null,
  record: null,
  item: null,
  attestation: null,
})

/** Several items were told of at once: where all of them are. */
const attestationIn = ({ attestationId: id, name }: JsonObject): NotificationRow['attestation'] =>
  typeof id === 'string' && typeof name === 'string' ? { id, name } : null

const itemView = (row: Row, id: string, language: string): NotificationRow => ({
  ...hiddenView(row, language),
  headline: itemHeadline(row.entry_type, row.data, language),
  item: { id, name: row.item_name ?? '' },
  attestation: attestationIn(row.data),
})

export const countUnread = (database: Database, caller: Caller): Promise<{ unread: number }> =>
  read(database, caller.tenantId, async (q) => ({ unread: await countOf(q, caller) }))

const countOf = async (q: Reader, caller: Caller): Promise<number> => {
  const { unread } = await q.one<{ unread: number }>({
    name: 'notification_count',
    text: `select count(*) as unread from notification
           where tenant_id = $1 and person_id = $2 and in_application and read_at is null`,
    values: [q.tenantId, caller.personId],
  })
  return unread
}

export type Mention = { readonly at: string; readonly notices: string[] }

/** The records somebody was named in and has not opened since, when that was last, and the notifications that say so. */
export const unreadMentions = async (q: Reader, personId: string): Promise<Map<string, Mention>> => {
  const rows = await q.rows<Mention & { record_id: string }>({
    name: 'notification_mentions',
    text: `select record_id, max(created_at) as at, array_agg(id::text order by id) as notices from notification
           where tenant_id = $1 and person_id = $2 and kind = 'mentioned' and in_application and read_at is null and record_id is not null
           group by record_id order by max(created_at) desc limit 50`,
    values: [q.tenantId, personId],
  })
  return new Map(rows.map(({ record_id, at, notices }) => [record_id, { at, notices }]))
}

/** Marks one as read; again changes nothing. */
export const readNotification = (database: Database, caller: Caller, id: string): Promise<void> =>
  write(database, caller, async (tx) => {
    const found = await tx.maybe({
      name: 'notification_read',
      text: `update notification set read_at = coalesce(read_at, $4)
             where tenant_id = $1 and person_id = $2 and id = $3 and in_application returning id`,
      values: [tx.tenantId, caller.personId, id, caller.now],
    })
    if (found === undefined) throw new Refusal('not_found')
  })

/** Marks as read everything up to the newest that the caller has seen: what came in the meantime stays unread. */
export const readAllNotifications = (
  database: Database,
  caller: Caller,
  upTo: string | undefined,
): Promise<{ read: number }> =>
  write(database, caller, async (tx) => {
    const rows = await tx.rows({
      name: 'notification_read_all',
      text: `update notification set read_at = $3
             where tenant_id = $1 and person_id = $2 and in_application and read_at is null and ($4::uuid is null or id <= $4) returning id`,
      values: [tx.tenantId, caller.personId, caller.now, upTo ?? null],
    })
    return { read: rows.length }
  })

/** Why did I get this. */
export const explainNotification = (
  database: Database,
  caller: Caller,
  id: string,
): Promise<NotificationReason> =>
  read(database, caller.tenantId, async (q) => {
    const reason = await q.one<NotificationReason>({
      name: 'notification_reason',
      text: `select n.id, n.kind, n.rule, n.reason as sentence, n.policy_version as "policyVersion", n.in_application as "inApplication",
               case when n.awaits_digest then 'awaits_digest' else
                 (select m.status from outbound_mail m where m.tenant_id = n.tenant_id and (m.notification_id = n.id or m.id = n.digest_id)) end as mail
             from notification n where n.tenant_id = $1 and n.person_id = $2 and n.id = $3`,
      values: [q.tenantId, caller.personId, id],
    })
    return { ...reason, sentence: reasonIn(caller.language, reason.sentence) }
  })
