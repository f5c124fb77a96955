import type { Saying } from '../../kernel/language/saying.ts'
import {
  deadStatuses,
  mailStatuses,
  type MailStatus,
  type OutboxMail,
  type OutboxRow,
} from '@evenkeel/contract/notification'
import { may, mayAtAll, type Grants } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { tokenOfMail } from '../../platform/auth/one-time-token.ts'
import { entriesAt } from '../../platform/journal/position.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { openLink, rightsOf } from '../people/index.ts'
import { accessRows } from '../record/index.ts'
import { recordsInDigests } from './notification.digest-mail.ts'
import { linkTo, previewOf, type MailHouse, type MailToCompose, type Shown } from './notification.mail.ts'
import { afterCursor, type Page, type Paging } from './notification.queries.ts'
import { enqueueMails } from './notification.queue.ts'
import { says } from './notification.reasons.ts'
import { tellingFor, type Telling } from './notification.telling.ts'

type Row = MailToCompose & {
  readonly status: MailStatus
  readonly is_internal: boolean
  readonly has_link: boolean
  readonly answer_until: string | null
  readonly person_name: string
  readonly person_email: string
  readonly record_kind: string | null
  readonly number: string | null
  readonly subject: string | null
  readonly message: Shown | null
  readonly attempts: number
  readonly may_have_arrived: boolean
  readonly last_code: string | null
  readonly last_answer: string | null
  readonly message_id: string | null
  readonly due_at: string
  readonly settled_at: string | null
}

// The link of a notice works for as long as its token does, which has the id of the mail.
const answerUntil = `(select t.expires_at from one_time_token t where t.tenant_id = m.tenant_id and t.id = m.id and t.used_at is null)`

// That there is a link, but not which.
const select = `select m.id, m.kind, m.person_id, m.notification_id, m.record_id, m.entry_id, m.facts, null::bytea as secret,
    m.secret is not null as has_link, ${answerUntil} as answer_until, m.expires_at, m.to_address, m.created_at, m.status, m.is_internal, p.name as person_name,
    p.email as person_email, r.kind as record_kind, r.number, m.subject, m.message, m.attempts, m.may_have_arrived, m.last_code,
    m.last_answer, m.message_id, m.due_at, m.settled_at
  from outbound_mail m join person p on p.tenant_id = m.tenant_id and p.id = m.person_id
    left join record r on r.tenant_id = m.tenant_id and r.id = m.record_id`

/** Outgoing mail, newest first. */
export const listOutbox = (
  database: Database,
  caller: Caller,
  tellings: readonly Telling[],
  query: Paging & { readonly status?: MailStatus | undefined },
): Promise<Page<OutboxRow>> =>
  read(database, caller.tenantId, async (q) => {
    const { status, cursor, limit } = query
    const rows = await q.rows<Row>({
      text: `${select} where m.tenant_id = $1 and ($2::uuid is null or m.id < $2)
             ${status === undefined ? '' : 'and m.status = $4'} order by m.id desc limit $3`,
      values: [q.tenantId, afterCursor(cursor), limit + 1, ...(status === undefined ? [] : [status])],
    })
    const shown = rows.slice(0, limit)
    const visible = await visibleTo(q, caller, tellings, shown)
    return {
      rows: shown.map((row) => rowView(row, visible.has(row.id))),
      next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    }
  })

/** One mail, with its words as far as the caller may see what they are about. */
export const readMail = (
  database: Database,
  caller: Caller,
  house: MailHouse,
  id: string,
): Promise<OutboxMail> =>
  read(database, caller.tenantId, async (q) => {
    const row = await q.one<Row>({
      name: 'outbox_mail',
      text: `${select} where m.tenant_id = $1 and m.id = $2`,
      values: [q.tenantId, id],
    })
    const visible = (await visibleTo(q, caller, house.tellings, [row])).has(row.id)
    const redrive = mayAtAll(caller.grants, 'outbox.manage') && whyNotRedrive(row) === null
    const showLink = mayAtAll(caller.grants, 'person.manage') && hasLinkToShow(row, caller.now)
    return {
      ...rowView(row, visible),
      messageId: row.message_id,
      lastAnswer: row.last_answer,
      message: visible ? await wordsOf(q, house, row, caller.now) : null,
      allowed: [...(redrive ? ['redrive' as const] : []), ...(showLink ? ['show_link' as const] : [])],
    }
  })

const wordsOf = async (
  q: Reader,
  house: MailHouse,
  row: Row,
  now: string,
): Promise<OutboxMail['message']> => {
  if (row.message !== null) return { ...row.message, asOf: 'kept' }
  const preview = await previewOf(q, house, row, now)
  return preview === null ? null : { ...preview, asOf: 'now' }
}

type Matter = { readonly record_id: string; readonly kind: string | null; readonly is_internal: boolean }

/** Of these mails, the ones whose matter the caller may see: mail about accounts, and about records that are all within reach. */
const visibleTo = async (
  q: Reader,
  caller: Caller,
  tellings: readonly Telling[],
  rows: readonly Row[],
): Promise<ReadonlySet<string>> => {
  const digests = await recordsInDigests(
    q,
    rows.filter((row) => row.kind === 'digest').map((row) => row.id),
  )
  const matters = (row: Row): readonly Matter[] => [
    ...(row.record_id === null
      ? []
      : [{ record_id: row.record_id, kind: row.record_kind, is_internal: row.is_internal }]),
    ...(digests.get(row.id) ?? []),
  ]
  const access = await accessRows(q, [...new Set(rows.flatMap(matters).map((matter) => matter.record_id))])
  const isVisible = (matter: Matter): boolean => {
    const record = access.get(matter.record_id)
    const telling = tellings.find((one) => one.kind === matter.kind)
    return (
      record !== undefined &&
      telling !== undefined &&
      may(caller.grants, telling.read, caller.reach, record) &&
      (!matter.is_internal || may(caller.grants, telling.readInternal, caller.reach, record))
    )
  }
  return new Set(rows.filter((row) => matters(row).every(isVisible)).map((row) => row.id))
}

const rowView = (row: Row, visible: boolean): OutboxRow => ({
  id: row.id,
  kind: row.kind,
  status: row.status,
  to: { id: row.person_id, name: row.person_name },
  address: row.to_address ?? row.person_email,
  subject: visible ? row.subject : null,
  record:
    visible && row.record_id !== null
      ? { id: row.record_id, kind: row.record_kind ?? '', number: row.number ?? '' }
      : null,
  attempts: row.attempts,
  mayHaveArrived: row.may_have_arrived,
  lastCode: row.last_code,
  createdAt: row.created_at,
  nextTryAt: row.status === 'queued' ? row.due_at : null,
  settledAt: row.settled_at,
})

export const countOutbox = (
  database: Database,
  caller: Caller,
): Promise<{ counts: Record<MailStatus, number>; setAside: number }> =>
  read(database, caller.tenantId, async (q) => {
    const [rows, { count }] = await Promise.all([
      q.rows<{ status: MailStatus; count: number }>({
        name: 'outbox_count',
        text: 'select status, count(*) as count from outbound_mail where tenant_id = $1 group by status',
        values: [q.tenantId],
      }),
      q.one<{ count: number }>({
        name: 'set_aside_count',
        text: 'select count(*) as count from reaction_setback where tenant_id = $1',
        values: [q.tenantId],
      }),
    ])
    const none = Object.fromEntries(mailStatuses.map((status) => [status, 0]))
    // Every status is a key of `none`.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const counts = { ...none, ...Object.fromEntries(rows.map((row) => [row.status, row.count])) } as Record<
      MailStatus,
      number
    >
    return { counts, setAside: count }
  })

const isDead = (status: MailStatus): boolean => deadStatuses.some((dead) => dead === status)

const whyNotRedrive = ({ status, kind }: Pick<Row, 'status' | 'kind'>): Saying | null => {
  if (!isDead(status)) return says('mail.status', { status })
  // The link went with the last try.
  return kind === 'invitation' || kind === 'reset' ? says('mail.linkGone') : null
}

type Dead = Pick<Row, 'id' | 'status' | 'kind' | 'entry_id'> & { readonly try: number }

/** Sends a dead mail again: five more tries, under the same Message-ID. */
export const redriveMail = (database: Database, caller: Caller, id: string): Promise<void> =>
  write(database, caller, async (tx) => {
    const mail = await tx.one<Dead>({
      name: 'outbox_lock',
      text: 'select id, status, kind, entry_id, try from outbound_mail where tenant_id = $1 and id = $2 for update',
      values: [tx.tenantId, id],
    })
    const why = whyNotRedrive(mail)
    if (why !== null) throw new Refusal('not_allowed_here', [{ code: 'status', message: why }])
    redrive(tx, [mail])
  })

const mostAtOnce = 500

/** Sends dead mail again, after the mail server was mended. */
export const redriveOutbox = (
  database: Database,
  caller: Caller,
  status: (typeof deadStatuses)[number],
): Promise<{ redriven: number; more: boolean }> =>
  write(database, caller, async (tx) => {
    const mails = await tx.rows<Dead>({
      name: 'outbox_lock_dead',
      text: `select id, status, kind, entry_id, try from outbound_mail
             where tenant_id = $1 and status = $2 and kind not in ('invitation', 'reset') order by id limit $3 for update skip locked`,
      values: [tx.tenantId, status, mostAtOnce + 1],
    })
    const now = mails.slice(0, mostAtOnce)
    redrive(tx, now)
    return { redriven: now.length, more: mails.length > mostAtOnce }
  })

const redrive = (tx: Tx, mails: readonly Dead[]): void => {
  tx.send({
    name: 'outbox_redrive',
    text: `update outbound_mail set status = 'queued', settled_at = null, attempts = 0, try = try + 1, due_at = $3
           where tenant_id = $1 and id = any($2)`,
    values: [tx.tenantId, mails.map((mail) => mail.id), tx.author.now],
  })
  enqueueMails(
    tx,
    mails.map((mail) => ({ id: mail.id, try: mail.try + 1 })),
  )
  for (const mail of mails) {
    tx.journal({
      type: 'mail.redriven',
      subject: { kind: 'mail', id: mail.id },
      data: { from: mail.status },
      cause: mail.entry_id,
    })
  }
}

type Linked = Pick<Row, 'kind' | 'status' | 'has_link' | 'expires_at' | 'answer_until'>

const hasLinkToShow = (row: Linked, now: string): boolean =>
  row.status === 'kept' &&
  ((row.kind === 'invitation' && row.has_link && (row.expires_at ?? '') > now) ||
    (row.kind === 'notice' && (row.answer_until ?? '') > now))

type LinkedMail = Linked & Pick<Row, 'person_id' | 'entry_id'> & { readonly link: Buffer | null }

/**
 * The link of an invitation, or one that says something for a person, that stayed here for want of a mail server, to be handed over. Whoever
 * has it stands for that person, so it is only shown to somebody who may do everything that they may, and that it was shown is on record.
 */
export const showMailLink = (
  database: Database,
  caller: Caller,
  house: MailHouse,
  id: string,
): Promise<{ link: string; expiresAt: string }> =>
  write(database, caller, async (tx) => {
    const mail = await tx.one<LinkedMail>({
      name: 'outbox_link',
      text: `select m.kind, m.status, m.secret is not null as has_link, m.secret as link, m.expires_at, m.person_id, m.entry_id,
               ${answerUntil} as answer_until
             from outbound_mail m where m.tenant_id = $1 and m.id = $2`,
      values: [tx.tenantId, id],
    })
    const shown = hasLinkToShow(mail, caller.now) ? await linkIn(tx, house, id, mail) : null
    if (shown === null) throw new Refusal('not_allowed_here', [{ code: 'link', message: says('link.none') }])
    const person = (await rightsOf(tx, [mail.person_id])).get(mail.person_id)
    if (person === undefined || !covers(caller.grants, person.grants))
      throw new Refusal('forbidden', says('link.more'))
    tx.journal({
      type: 'mail.link_shown',
      subject: { kind: 'mail', id },
      data: { personId: mail.person_id },
      cause: mail.entry_id,
    })
    return shown
  })

const linkIn = async (
  tx: Tx,
  house: MailHouse,
  id: string,
  mail: LinkedMail,
): Promise<{ link: string; expiresAt: string } | null> => {
  const { accountKey } = house
  if (accountKey === null) return null
  if (mail.kind !== 'notice')
    return mail.link === null || mail.expires_at === null
      ? null
      : { link: openLink(accountKey, id, mail.link), expiresAt: mail.expires_at }
  const [people, [entry]] = await Promise.all([
    rightsOf(tx, [mail.person_id]),
    entriesAt(tx, [mail.entry_id]),
  ])
  const person = people.get(mail.person_id)
  const telling = entry === undefined ? undefined : tellingFor(house.tellings, entry.type)
  if (person === undefined || entry === undefined || telling?.links === undefined) return null
  const wish = await telling.links(tx, { entry, person, now: tx.author.now })
  const page = wish === null ? undefined : Object.values(wish.pages)[0]
  if (page === undefined || mail.answer_until === null) return null
  const { text } = tokenOfMail(accountKey, tx.tenantId, id)
  return { link: linkTo(house, page, text), expiresAt: mail.answer_until }
}

/** Whether the one may do everything that the other may. */
const covers = (one: Grants, other: Grants): boolean =>
  [...other].every(([permission, scopes]) => {
    const held = one.get(permission)
    return held !== undefined && (held.has('all') || [...scopes].every((scope) => held.has(scope)))
  })
