import { isGerman } from '../../kernel/language/saying.ts'
import { escapeAttribute, escapeText } from '../../kernel/markdown/markdown.html.ts'
import { safeHref } from '../../kernel/markdown/markdown.links.ts'
import { parseAddress } from './mail.address.ts'

export type Mailbox = { readonly name: string; readonly address: string }

/** What is to be said, to one person. */
export type MailDraft = {
  readonly from: Mailbox
  readonly to: Mailbox
  readonly replyTo?: Mailbox | undefined
  readonly subject: string
  /** The number of the record, as `INC0001042`; stands in brackets before the subject. */
  readonly reference?: string | undefined
  /** When the thing happened that this tells of. Not the time of sending: a repeated delivery is the same message. */
  readonly at: { readonly epochMilliseconds: number }
  /** From `createThreading`, with angle brackets, as the two below. */
  readonly messageId: string
  readonly inReplyTo?: string | undefined
  readonly references?: readonly string[] | undefined
  /** Plain text, without the footer. */
  readonly text: string
  /** HTML from `renderMarkdown` or `templateToHtml`, which made it safe: the inside of `<body>`, without the footer. */
  readonly html?: string | undefined
  /** The language of these words, for what stands around them; English when absent. */
  readonly language?: string | undefined
  /** Why this person gets it, as a sentence. */
  readonly reason: string
  /** RFC 3834: `auto-replied` answers a message that came in; everything else the system sends is `auto-generated`. */
  readonly autoSubmitted: 'auto-generated' | 'auto-replied'
  /** The stream this belongs to, as `incidents.desk.example.org` (RFC 2919), for mail sent to many. */
  readonly listId?: string | undefined
  /** Where the person changes what they are told; `https` or `http`. */
  readonly preferencesUrl?: string | undefined
}

/** A message as nodemailer takes it, with one recipient, and as the outbox keeps it. */
export type MailMessage = {
  readonly envelope: { readonly from: string; readonly to: string }
  readonly from: Mailbox
  readonly to: Mailbox
  readonly replyTo?: Mailbox
  readonly subject: string
  readonly date: Date
  readonly messageId: string
  readonly inReplyTo?: string
  /** Space-separated. */
  readonly references?: string
  readonly text: string
  readonly html?: string
  readonly headers: Readonly<Record<string, string>>
}

export type Composed =
  | { readonly ok: true; readonly message: MailMessage }
  | { readonly ok: false; readonly field: keyof MailDraft; readonly reason: string }

const messageIdShape = /^<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,200}@[A-Za-z0-9.-]{1,200}>$/
const listIdShape = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/
const referenceShape = /^[A-Z][A-Z0-9-]{0,29}$/

/** RFC 5322 sets no limit on References; servers do, and the first and the latest are what threading needs. */
const maxReferences = 20

/**
 * Makes the message: same draft, same message, whenever and however often. Addresses and identifiers are refused when they are not
 * exactly one; words that people wrote (names, subject) are cleaned instead, because an odd title must not stop a notification.
 */
export const composeMail = (draft: MailDraft): Composed => {
  const from = mailbox(draft.from)
  if ('reason' in from) return { ok: false, field: 'from', reason: from.reason }
  const to = mailbox(draft.to)
  if ('reason' in to) return { ok: false, field: 'to', reason: to.reason }
  const replyTo = draft.replyTo === undefined ? undefined : mailbox(draft.replyTo)
  if (replyTo !== undefined && 'reason' in replyTo)
    return { ok: false, field: 'replyTo', reason: replyTo.reason }
  for (const field of ['messageId', 'inReplyTo'] as const) {
    const value = draft[field]
    if (value !== undefined && !messageIdShape.test(value))
      return { ok: false, field, reason: 'no message identifier, as <id@host>' }
  }
  const references = draft.references ?? []
  if (!references.every((one) => messageIdShape.test(one))) {
    return { ok: false, field: 'references', reason: 'no list of message identifiers, as <id@host>' }
  }
  if (draft.reference !== undefined && !referenceShape.test(draft.reference)) {
    return { ok: false, field: 'reference', reason: 'no record number, as ABC0001042' }
  }
  if (draft.listId !== undefined && !listIdShape.test(draft.listId)) {
    return { ok: false, field: 'listId', reason: 'no list name, as incidents.desk.example.org' }
  }
  const preferences = draft.preferencesUrl === undefined ? undefined : webAddress(draft.preferencesUrl)
  if (draft.preferencesUrl !== undefined && preferences === undefined) {
    return { ok: false, field: 'preferencesUrl', reason: 'no web address' }
  }
  const frame = isGerman(draft.language ?? '') ? frames.de : frames.en
  const subject = subjectLine(draft.subject, draft.reference)
  return {
    ok: true,
    message: {
      // Nobody answers an answer: with the null sender there is nowhere to send it (RFC 3834 3.3). Notifications keep their sender,
      // so that a bounce comes back and is recorded.
      envelope: { from: draft.autoSubmitted === 'auto-replied' ? '' : from.address, to: to.address },
      from,
      to,
      ...(replyTo === undefined ? {} : { replyTo }),
      subject,
      date: new Date(draft.at.epochMilliseconds),
      messageId: draft.messageId,
      ...(draft.inReplyTo === undefined ? {} : { inReplyTo: draft.inReplyTo }),
      ...(references.length === 0 ? {} : { references: shortened(references).join(' ') }),
      text: textBody(draft.text, draft.reason, preferences, frame),
      ...(draft.html === undefined
        ? {}
        : { html: htmlBody(draft.html, subject, draft.reason, preferences, frame) }),
      headers: {
        'Auto-Submitted': draft.autoSubmitted,
        // Exchange reads this instead. Not `All`, which would also keep the reports of failed delivery from us ([MS-OXCMAIL] 2.1.3.2.20).
        'X-Auto-Response-Suppress':
          draft.autoSubmitted === 'auto-replied' ? 'All' : 'DR, RN, NRN, OOF, AutoReply',
        // For responders older than RFC 3834, which look at nothing else.
        Precedence: 'bulk',
        ...(draft.listId === undefined ? {} : { 'List-Id': `<${draft.listId}>` }),
        ...(preferences === undefined ? {} : { 'List-Unsubscribe': `<${preferences}>` }),
      },
    },
  }
}

/** The display name has its own limit, so that it folds into one header line and cannot push the address out of sight. */
const mailbox = ({ name, address }: Mailbox): Mailbox | { readonly reason: string } => {
  const reading = parseAddress(address)
  if (!reading.ok) return { reason: reading.reason.in('en') }
  return { name: headerLine(name, 64), address: reading.address }
}

const webAddress = (text: string): string | undefined => {
  const href = safeHref(text)
  return href?.startsWith('http') === true ? href : undefined
}

const shortened = (references: readonly string[]): readonly string[] =>
  references.length <= maxReferences
    ? references
    : [...references.slice(0, 1), ...references.slice(1 - maxReferences)]

const subjectLine = (subject: string, reference: string | undefined): string => {
  const line = headerLine(subject, 180)
  if (reference === undefined || line.includes(`[${reference}]`)) return line
  return `[${reference}] ${line}`.trimEnd()
}

/**
 * A line that is also read as what it is: programs decode `=?utf-8?Q?…?=` wherever they find it, in quotes and written by whomever,
 * line breaks and all.
 */
const headerLine = (text: string, length: number): string => oneLine(text, length).replaceAll('=?', '= ?')

/** One line of at most `length` characters, without anything that breaks, hides or reorders it. */
const oneLine = (text: string, length: number): string => {
  const clean = text
    .toWellFormed()
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
  const characters = Array.from(clean)
  return characters.length <= length
    ? clean
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
}

const lines = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trimEnd()

const frames = {
  en: { language: 'en', question: 'Why did I get this?', change: 'Change what you are told' },
  de: { language: 'de', question: 'Warum habe ich das bekommen?', change: 'Benachrichtigungen ändern' },
} as const
type Frame = (typeof frames)[keyof typeof frames]

const textBody = (text: string, reason: string, preferences: string | undefined, frame: Frame): string => {
  const change = preferences === undefined ? '' : `\n${frame.change}: ${preferences}`
  // Dash, dash, space: mail programs drop what follows from an answer.
  return `${lines(text)}\n\n-- \n${frame.question} ${oneLine(reason, 400)}${change}\n`
}

const htmlBody = (
  html: string,
  subject: string,
  reason: string,
  preferences: string | undefined,
  frame: Frame,
): string => {
  const change =
    preferences === undefined
      ? ''
      : `<br><a href="${escapeAttribute(preferences)}" rel="noopener noreferrer">${frame.change}</a>`
  return (
    `<!doctype html><html lang="${frame.language}"><head><meta charset="utf-8"><title>${escapeText(subject)}</title></head><body>` +
    `${html}<hr><p><small>${frame.question} ${escapeText(oneLine(reason, 400))}${change}</small></p></body></html>\n`
  )
}
