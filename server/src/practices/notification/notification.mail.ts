import type { NoticeKind } from '@evenkeel/contract/notification'
import { may } from '../../kernel/access.ts'
import { tokenOfMail, type MailToken } from '../../platform/auth/one-time-token.ts'
import { entriesAt } from '../../platform/journal/position.ts'
import {
  composeMail,
  type Mailbox,
  type MailDraft,
  type MailMessage,
} from '../../platform/mail/mail.compose.ts'
import type { Threading } from '../../platform/mail/mail.threading.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { leadsNowhere, openLink, rightsOf, type AccountMail, type PersonRights } from '../people/index.ts'
import { accessRows } from '../record/index.ts'
import { accountWords, type AccountFacts } from './notification.account-mail.ts'
import { mayHear } from './notification.decide.ts'
import { digestSubject, digestWords } from './notification.digest-mail.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import { reasonIn } from './notification.language.ts'
import { actorsOf, tellingFor, type LinkWish, type Telling } from './notification.telling.ts'

/** What every mail of this instance has in common. */
export type MailHouse = {
  readonly tellings: readonly Telling[]
  readonly from: Mailbox
  readonly threading: Threading
  /** The configured address of the instance, without a slash at the end; nothing in a mail comes from a request. */
  readonly origin: string
  /** Opens the links that wait with their mail. */
  readonly accountKey: Buffer | null
}

/** A row of the outbox, as far as composing needs it. */
export type MailToCompose = {
  readonly id: string
  readonly kind: 'notice' | 'digest' | AccountMail['kind']
  readonly person_id: string
  readonly notification_id: string | null
  readonly record_id: string | null
  readonly entry_id: string
  readonly facts: AccountFacts
  readonly secret: Buffer | null
  readonly expires_at: string | null
  readonly to_address: string | null
  readonly created_at: string
}

export type Shown = { readonly subject: string; readonly text: string; readonly html: string }

export type Composition =
  /** `shown` is what others may look at: the same without links that stand for the person. */
  | {
      readonly is: 'message'
      readonly message: MailMessage
      readonly shown: Shown
      /** What its links are worth; to be stored before it leaves. */
      readonly token: MailToken | null
    }
  /** There is nobody to tell it any more, or nothing left to say. */
  | {
      readonly is: 'withdrawn'
      readonly code: 'suspended' | 'left' | 'no_address' | 'no_rights' | 'outdated' | 'expired'
    }
  /** It cannot be a mail: the address is none. */
  | { readonly is: 'refused'; readonly code: 'address' | 'message'; readonly reason: string }

const hidden = '(the link is only in the mail itself)'
const hiddenIn = (language: string): string =>
  isGerman(language) ? '(der Link steht nur in der Mail selbst)' : hidden

/** Composes a mail from the rows as they are now, under the rights its reader has now. The same rows give the same message. */
export const composeFor = async (
  q: Reader,
  house: MailHouse,
  mail: MailToCompose,
  now: string,
): Promise<Composition> => {
  const [people, tenant] = await Promise.all([rightsOf(q, [mail.person_id]), tenantOf(q)])
  if (tenant.suspended) return { is: 'withdrawn', code: 'suspended' }
  const person = people.get(mail.person_id)
  if (person === undefined || !person.isActive) return { is: 'withdrawn', code: 'left' }
  if (leadsNowhere(person.email)) return { is: 'withdrawn', code: 'no_address' }
  switch (mail.kind) {
    case 'notice':
      return composeNotice(q, house, mail, person, now)
    case 'digest':
      return composeDigest(q, house, mail, person)
    default:
      return composeAccountMail(house, { ...mail, kind: mail.kind }, person, now)
  }
}

const tenantOf = (
  q: Reader,
): Promise<{ readonly slug: string; readonly name: string; readonly suspended: boolean }> =>
  q.one({
    name: 'mail_tenant',
    text: 'select slug, name, suspended_at is not null as suspended from tenant where id = $1',
    values: [q.tenantId],
  })

const composeNotice = async (
  q: Reader,
  house: MailHouse,
  mail: MailToCompose,
  person: PersonRights,
  now: string,
): Promise<Composition> => {
  const recordId = mail.record_id ?? ''
  const [notification, [entry], rows, record, tenant] = await Promise.all([
    q.maybe<{ kind: NoticeKind; rule: string; reason: string }>({
      name: 'mail_notification',
      text: 'select kind, rule, reason from notification where tenant_id = $1 and id = $2',
      values: [q.tenantId, mail.notification_id],
    }),
    entriesAt(q, [mail.entry_id]),
    accessRows(q, [recordId]),
    q.maybe<{ id: string; number: string; title: string; priority: number }>({
      name: 'mail_record',
      text: 'select id, number, title, priority from record where tenant_id = $1 and id = $2',
      values: [q.tenantId, recordId],
    }),
    tenantOf(q),
  ])
  const row = rows.get(recordId)
  const telling = entry === undefined ? undefined : tellingFor(house.tellings, entry.type)
  if (
    notification === undefined ||
    entry === undefined ||
    telling === undefined ||
    row === undefined ||
    record === undefined
  )
    return { is: 'withdrawn', code: 'outdated' }
  const { read, readInternal } = telling
  const happening = { internal: !telling.isForEveryone(entry), record: row, read, readInternal }
  if (!mayHear(happening, person)) return { is: 'withdrawn', code: 'no_rights' }
  const actor = await actorName(q, actorsOf(entry), person.language)
  const wish = (await telling.links?.(q, { entry, person, now })) ?? null
  const token = wish === null ? null : tokenFor(house, q.tenantId, mail, wish)
  const key = { tenantId: q.tenantId, recordId }
  const root = house.threading.root(key)
  const withLinks = async (links: Readonly<Record<string, string>>): Promise<Composition> => {
    const words = await telling.words(q, {
      entry,
      kind: notification.kind,
      record,
      actor,
      reader: {
        internal: may(person.grants, readInternal, person.reach, row),
        language: person.language,
        timeZone: person.timeZone,
      },
      origin: house.origin,
      links,
    })
    if (words === null) return { is: 'withdrawn', code: 'outdated' }
    return composition({
      from: house.from,
      to: { name: person.name, address: person.email },
      subject: record.title,
      reference: record.number,
      at: { epochMilliseconds: Date.parse(entry.at) },
      messageId: house.threading.message(key, mail.id),
      inReplyTo: root,
      references: [root],
      text: words.text,
      html: words.html,
      language: person.language,
      reason: `${reasonIn(person.language, notification.reason)} (${isGerman(person.language) ? 'Regel' : 'Rule'} ${notification.rule}.)`,
      autoSubmitted: 'auto-generated',
      listId: `${telling.kind}.${tenant.slug}.${hostOf(house.origin)}`,
      preferencesUrl: `${house.origin}/settings/notifications`,
    })
  }
  if (wish === null) return withLinks({})
  const shown = await withLinks(named(wish, () => hiddenIn(person.language)))
  if (token === null) return shown
  const real = await withLinks(named(wish, (page) => linkTo(house, page, token.text)))
  return real.is === 'message' && shown.is === 'message' ? { ...real, shown: shown.shown, token } : real
}

/** Everything of a day that waited for it. It is about many records, so it is in no conversation. */
const composeDigest = async (
  q: Reader,
  house: MailHouse,
  mail: MailToCompose,
  person: PersonRights,
): Promise<Composition> => {
  const [words, tenant] = await Promise.all([
    digestWords(q, house.tellings, mail.id, person, house.origin),
    tenantOf(q),
  ])
  if (words === null) return { is: 'withdrawn', code: 'no_rights' }
  return composition({
    from: house.from,
    to: { name: person.name, address: person.email },
    subject: digestSubject(person.language, words.count, tenant.name),
    at: { epochMilliseconds: Date.parse(mail.created_at) },
    messageId: `<${mail.id}@${hostOf(house.origin)}>`,
    text: words.text,
    html: words.html,
    language: person.language,
    reason: reasonIn(person.language, 'You get this because you want these notices once a day.'),
    autoSubmitted: 'auto-generated',
    listId: `digest.${tenant.slug}.${hostOf(house.origin)}`,
    preferencesUrl: `${house.origin}/settings/notifications`,
  })
}

/** The token is in the fragment, which browsers send to nobody: it is in no log and in no Referer. */
export const linkTo = ({ origin }: MailHouse, page: string, token: string): string =>
  `${origin}/${page}#${token}`

const named = (wish: LinkWish, address: (page: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(wish.pages).map(([name, page]) => [name, address(page)]))

const tokenFor = (
  { accountKey }: MailHouse,
  tenantId: string,
  mail: MailToCompose,
  { purpose, subjectId, expiresAt }: LinkWish,
): (MailToken & { readonly text: string }) | null =>
  accountKey === null
    ? null
    : {
        ...tokenOfMail(accountKey, tenantId, mail.id),
        id: mail.id,
        purpose,
        personId: mail.person_id,
        subjectId,
        expiresAt,
      }

const composeAccountMail = (
  house: MailHouse,
  mail: AccountMailToCompose,
  person: PersonRights,
  now: string,
): Composition => {
  const link = mail.expires_at !== null && mail.expires_at > now ? linkOf(house, mail) : null
  const standsForItsLink = mail.kind === 'invitation' || mail.kind === 'reset'
  const isLate = mail.expires_at !== null && mail.expires_at <= now
  if (isLate || (standsForItsLink && link === null)) return { is: 'withdrawn', code: 'expired' }
  const [real, shown] = [link, hidden].map((one) => accountComposition(house, mail, person, one))
  return real?.is === 'message' && shown?.is === 'message'
    ? { ...real, shown: shown.shown }
    : (real ?? { is: 'withdrawn', code: 'expired' })
}

const linkOf = ({ accountKey }: MailHouse, { id, secret }: MailToCompose): string | null =>
  accountKey === null || secret === null ? null : openLink(accountKey, id, secret)

type AccountMailToCompose = MailToCompose & { readonly kind: AccountMail['kind'] }

const accountComposition = (
  house: MailHouse,
  mail: AccountMailToCompose,
  person: PersonRights,
  link: string | null,
): Composition => {
  const until = { instant: mail.expires_at, timeZone: person.timeZone }
  const { subject, text, html } = accountWords(mail.kind, mail.facts, link, until, house.origin)
  return composition({
    from: house.from,
    to: { name: mail.facts.name, address: mail.to_address ?? person.email },
    subject,
    at: { epochMilliseconds: Date.parse(mail.created_at) },
    messageId: `<${mail.id}@${hostOf(house.origin)}>`,
    text,
    html,
    language: mail.facts.language,
    reason: reasonIn(
      mail.facts.language,
      mail.kind === 'items_end' || mail.kind === 'items_attest'
        ? 'You get this because you look after them.'
        : 'You get this because it is about your own account.',
    ),
    autoSubmitted: 'auto-generated',
  })
}

const composition = (draft: MailDraft): Composition => {
  const composed = composeMail(draft)
  if (composed.ok) {
    const { message } = composed
    return {
      is: 'message',
      message,
      token: null,
      shown: { subject: message.subject, text: message.text, html: message.html ?? '' },
    }
  }
  if (composed.field === 'to') return { is: 'refused', code: 'address', reason: composed.reason }
  return { is: 'refused', code: 'message', reason: `${composed.field}: ${composed.reason}` }
}

const actorName = async (q: Reader, actors: ReadonlySet<string>, language: string): Promise<string> => {
  // In whose name it was done is who did it, for readers.
  const id = [...actors].at(-1)
  if (id === undefined) return 'Evenkeel'
  const person = await q.maybe<{ name: string }>({
    name: 'mail_actor',
    text: 'select name from person where tenant_id = $1 and id = $2',
    values: [q.tenantId, id],
  })
  return person?.name ?? (isGerman(language) ? 'Jemand' : 'Somebody')
}

/** The host of the instance's address, for identifiers: they are names, so an address in numbers gives a name too. */
export const hostOf = (origin: string): string => {
  const { hostname } = new URL(origin)
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(hostname) ? hostname : 'localhost'
}

/** What an outbox shows of a mail that it does not hold: as it would be composed now, without links. */
export const previewOf = async (
  q: Reader,
  house: MailHouse,
  mail: MailToCompose,
  now: string,
): Promise<Shown | null> => {
  const person = (await rightsOf(q, [mail.person_id])).get(mail.person_id)
  if (person === undefined || !person.isActive) return null
  const { kind } = mail
  const composed =
    kind === 'notice' || kind === 'digest'
      ? await composeFor(q, house, mail, now)
      : accountComposition(house, { ...mail, kind }, person, hidden)
  return composed.is === 'message' ? composed.shown : null
}
