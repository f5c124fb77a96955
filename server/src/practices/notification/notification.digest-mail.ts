import type { NoticeKind } from '@evenkeel/contract/notification'
import { may } from '../../kernel/access.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { escapeAttribute, escapeText } from '../../kernel/markdown/markdown.html.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { PersonRights } from '../people/index.ts'
import { accessRows } from '../record/index.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import { reasonIn } from './notification.language.ts'
import { tellingFor, type Telling, type Words } from './notification.telling.ts'

type Line = {
  readonly kind: NoticeKind
  readonly rule: string
  readonly reason: string
  readonly is_internal: boolean
  readonly entry_type: string
  readonly at: string
  readonly data: JsonObject | null
  readonly actor: string | null
  readonly record_id: string
  readonly number: string
  readonly title: string
}

/** A mail tells so many in full; of the others it says how many there are, and where. */
const mostLines = 100

/** What some mails tell, for those who ask whether they may see it. */
export const recordsInDigests = async (
  q: Reader,
  mailIds: readonly string[],
): Promise<
  ReadonlyMap<
    string,
    readonly { readonly record_id: string; readonly kind: string; readonly is_internal: boolean }[]
  >
> => {
  const rows = await q.rows<{ digest_id: string; record_id: string; kind: string; is_internal: boolean }>({
    name: 'digest_records',
    text: `select distinct n.digest_id, n.record_id, r.kind, n.is_internal from notification n
             join record r on r.tenant_id = n.tenant_id and r.id = n.record_id
           where n.tenant_id = $1 and n.digest_id = any($2)`,
    values: [q.tenantId, mailIds],
  })
  return Map.groupBy(rows, (row) => row.digest_id)
}

/**
 * The words of the mail of a day: what happened, oldest first, a record after the other, each line with when and why. Under the rights its
 * reader has now; null when none of it is left to tell.
 */
export const digestWords = async (
  q: Reader,
  tellings: readonly Telling[],
  mailId: string,
  person: PersonRights,
  origin: string,
): Promise<(Words & { readonly count: number }) | null> => {
  const lines = await q.rows<Line>({
    name: 'digest_lines',
    text: `select n.kind, n.rule, n.reason, n.is_internal, n.entry_type, coalesce(j.at, n.created_at) as at, j.data, p.name as actor,
             r.id as record_id, r.number, r.title
           from notification n join record r on r.tenant_id = n.tenant_id and r.id = n.record_id
             left join journal j on j.tenant_id = n.tenant_id and j.id = n.entry_id
             left join person p on p.tenant_id = n.tenant_id
               and p.id = coalesce(j.on_behalf_of, case when j.actor_kind = 'person' then j.actor_id end)
           where n.tenant_id = $1 and n.digest_id = $2 order by n.id`,
    values: [q.tenantId, mailId],
  })
  const access = await accessRows(q, [...new Set(lines.map((line) => line.record_id))])
  const visible = lines.flatMap((line) => {
    const [telling, row] = [tellingFor(tellings, line.entry_type), access.get(line.record_id)]
    const isVisible =
      telling !== undefined &&
      row !== undefined &&
      may(person.grants, telling.read, person.reach, row) &&
      (!line.is_internal || may(person.grants, telling.readInternal, person.reach, row))
    return isVisible ? [{ line, telling }] : []
  })
  if (visible.length === 0) return null
  const words = wordsIn(person)
  const records = [
    ...Map.groupBy(visible.slice(0, mostLines), ({ line }) => line.record_id).values(),
  ].flatMap((lines) => {
    const [first] = lines
    if (first === undefined) return []
    const { number, title, record_id } = first.line
    return [
      {
        title: `${number}, ${title}`,
        address: `${origin}${first.telling.page(record_id)}`,
        lines: lines.map(({ line, telling }) => ({
          what: [
            telling.headline({ type: line.entry_type, data: line.data ?? {} }, line.kind, person.language),
            ...(line.actor === null ? [] : [`(${line.actor})`]),
          ].join(' '),
          at: words.at(line.at),
          why: `${reasonIn(person.language, line.reason)} (${words.rule} ${line.rule}.)`,
        })),
      },
    ]
  })
  const more = visible.length > mostLines ? words.more(visible.length - mostLines) : null
  const text = [
    words.begin,
    ...records.map(({ title, address, lines }) =>
      [
        title,
        ...lines.flatMap(({ at, what, why }) => [`- ${at}: ${what}`, `  ${why}`]),
        `${words.open} ${address}`,
      ].join('\n'),
    ),
    ...(more === null ? [] : [more]),
  ].join('\n\n')
  const html = [
    `<p>${escapeText(words.begin)}</p>`,
    ...records.map(
      ({ title, address, lines }) =>
        `<h2><a href="${escapeAttribute(address)}" rel="noopener noreferrer">${escapeText(title)}</a></h2><ul>${lines
          .map(
            ({ at, what, why }) =>
              `<li>${escapeText(at)}: ${escapeText(what)}<br><small>${escapeText(why)}</small></li>`,
          )
          .join('')}</ul>`,
    ),
    ...(more === null ? [] : [`<p>${escapeText(more)}</p>`]),
  ].join('')
  return { text, html, count: visible.length }
}

const wordsIn = ({ language, timeZone }: PersonRights) => {
  const german = isGerman(language)
  const format = new Intl.DateTimeFormat(german ? language : 'en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  })
  return {
    at: (instant: string) => format.format(new Date(instant)),
    begin: german
      ? 'Was geschehen ist und für diese Mail gewartet hat, das Älteste zuerst.'
      : 'What happened and waited for this mail, oldest first.',
    rule: german ? 'Regel' : 'Rule',
    open: german ? 'Öffnen:' : 'Open it:',
    more: (count: number) =>
      german ? `Und ${count} weitere, in der Anwendung.` : `And ${count} more, in the application.`,
  }
}

export const digestSubject = (language: string, count: number, tenant: string): string => {
  if (isGerman(language))
    return `${count} ${count === 1 ? 'Benachrichtigung' : 'Benachrichtigungen'} von ${tenant}`
  return `${count} ${count === 1 ? 'notification' : 'notifications'} from ${tenant}`
}
