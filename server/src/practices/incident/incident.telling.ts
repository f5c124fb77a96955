import { isGerman } from '../../kernel/language/saying.ts'
import type { NoticeKind } from '@evenkeel/contract/notification'
import {
  parseTemplate,
  templateToHtml,
  templateToText,
  type Template,
} from '../../platform/mail/mail.template.ts'
import type { StoredEntry } from '../../platform/journal/position.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { About, Telling, Words } from '../notification/index.ts'
import { linksFor } from './incident.answer-link.ts'
import { isForEveryone } from './incident.entries.ts'
import { phrasesIn } from './incident.language.ts'
import { findIncident, type IncidentRow } from './incident.repo.ts'
import { described } from './incident.sentences.ts'
import {
  germanHeadlines,
  germanHeadlinesOfTypes,
  germanWords,
  germanWordsOfTypes,
} from './incident.telling.de.ts'

const variables = {
  number: 'text',
  title: 'text',
  actor: 'text',
  priority: 'text',
  state: 'text',
  sentence: 'text',
  until: 'text',
  url: 'url',
  said: 'markdown',
  broken: 'url',
  works: 'url',
} as const
type Variable = keyof typeof variables
type Values = Readonly<Record<Variable, string>>

const wrote = ['{{actor}} wrote about {{number}}, {{title}}:', '{{said}}', 'Open it: {{url}}']
const assigned = [
  '{{number}}, {{title}}, is yours now. Its priority is {{priority}}.',
  '{{said}}',
  'Open it: {{url}}',
]
const fresh = [
  '{{number}}, {{title}}, came to your team. Its priority is {{priority}}.',
  '{{said}}',
  'Open it: {{url}}',
]

/**
 * What a mail of each kind says, a paragraph a line. Left out are paragraphs whose only variable has nothing to say, those about a link
 * that this reader does not get, and of what is asked in two ways the one that does not fit.
 */
const words: Readonly<Record<NoticeKind, readonly string[]>> = {
  receipt: [
    'We have it. {{title}} is {{number}} from now on.',
    'You will hear when somebody needs an answer from you, and when it is resolved. If you know more, write it here: {{url}}',
  ],
  question: [
    '{{actor}} needs an answer from you before work on {{number}}, {{title}}, can go on:',
    '{{said}}',
    'Answer here: {{url}}',
  ],
  comment: wrote,
  resolved: [
    '{{number}}, {{title}}, was resolved.',
    '{{said}}',
    'Still broken? Say so, without signing in: {{broken}}',
    'It works, thank you: {{works}}',
    '{{until}}',
    'Is it still broken, or does it work? Say so here: {{url}}',
    'Everything about it: {{url}}',
  ],
  ended: ['{{number}}, {{title}}. {{sentence}}', 'If you need help again, raise a new incident: {{url}}'],
  assigned,
  reply: wrote,
  reopened: ['{{number}}, {{title}}, is open again. {{sentence}}', '{{said}}', 'Open it: {{url}}'],
  resumed: ['{{number}}, {{title}}. {{sentence}}', 'Open it: {{url}}'],
  priority: ['{{number}}, {{title}}. Its priority was raised to {{priority}}.', 'Open it: {{url}}'],
  note: wrote,
  team_new: fresh,
  urgent: [
    '{{number}}, {{title}}, is with a team you lead. Its priority is {{priority}}.',
    '{{said}}',
    'Open it: {{url}}',
  ],
  mentioned: ['{{actor}} mentioned you in {{number}}, {{title}}:', '{{said}}', 'Open it: {{url}}'],
  milestone: [
    '{{number}}, {{title}}. {{sentence}}',
    '{{said}}',
    'Still broken? Say so, without signing in: {{broken}}',
    'Open it: {{url}}',
  ],
  followed: wrote,
  // Items end, incidents do not; a rule may name the kind all the same.
  ends: wrote,
}

const attached = ['{{actor}} added a file to {{number}}, {{title}}:', '{{said}}', 'Open it: {{url}}']

/** What happened decides the words where its kind alone would say the wrong thing. */
const wordsOfTypes: Readonly<Record<string, readonly string[]>> = {
  'incident.attached': attached,
  'incident.attached_for_team': attached,
  'incident.bounced': [
    '{{number}}, {{title}}, goes back and forth between a team you lead and another. {{sentence}}',
    'Open it: {{url}}',
  ],
  'incident.taken_back': [
    '{{number}}, {{title}}: what was done to it a moment ago was a slip and has been taken back. It is as it was before: {{state}}.',
    'Open it: {{url}}',
  ],
}

const compiled = (source: string): Template<Variable> => {
  const parsed = parseTemplate(source, variables)
  if (!parsed.ok) throw new TypeError(parsed.faults.map((fault) => fault.message.in('en')).join('; '))
  return parsed.template
}
const templates = new Map(
  [words, germanWords, wordsOfTypes, germanWordsOfTypes]
    .flatMap((kinds) => Object.values(kinds))
    .flat()
    .map((source) => [source, compiled(source)]),
)

const wordsFor = async (q: Reader, about: About): Promise<Words | null> => {
  const row = await findIncident(q, about.record.id)
  if (row === undefined || isOutdated(about, row)) return null
  const { language } = about.reader
  const values: Values = {
    number: row.number,
    title: row.title,
    actor: about.actor,
    priority: `${row.priority} ${phrasesIn(language).priorities[row.priority]}`,
    state: phrasesIn(language).states[row.state],
    sentence: await sentenceFor(q, about),
    until: untilText(about, row),
    url: page(row.id),
    said: (await said(q, about, row)) ?? '',
    broken: about.links['broken'] ?? '',
    works: about.links['works'] ?? '',
  }
  const paragraphs = paragraphsFor(about).flatMap((source) => {
    const template = templates.get(source)
    return template === undefined || isLeftOut(source, about, values) ? [] : [template]
  })
  const { origin } = about
  return {
    text: paragraphs.map((template) => templateToText(template, values, { origin })).join('\n\n'),
    html: paragraphs.map((template) => named(templateToHtml(template, values, { origin }))).join(''),
  }
}

/** Where an address carries a token, it is the words before it that are the link: nobody reads 86 signs. */
const named = (html: string): string =>
  html.replace(
    /^<p>([^<>]*): (<a href="[^"<>#]*#[^"<>]*" rel="[^"<>]*">)[^<>]*<\/a><\/p>$/,
    '<p>$2$1</a></p>',
  )

const isLeftOut = (source: string, { kind, links }: About, values: Values): boolean => {
  const only = /^\{\{(\w+)\}\}$/.exec(source)?.[1]
  if ((only === 'said' || only === 'until') && values[only] === '') return true
  const link = (['broken', 'works'] as const).find((name) => source.includes(`{{${name}}}`))
  if (link !== undefined) return values[link] === ''
  const asks = source.includes('?')
  return kind === 'resolved' && source.includes('{{url}}') && asks === Object.keys(links).length > 0
}

const paragraphsFor = ({ entry, kind, reader }: About): readonly string[] => {
  const german = isGerman(reader.language)
  // Whoever has it by what was taken back is told that it is theirs.
  const ofType =
    kind === 'assigned' || kind === 'team_new'
      ? undefined
      : (german ? germanWordsOfTypes : wordsOfTypes)[entry.type]
  return ofType ?? (german ? germanWords : words)[kind]
}

/** What happened, as the caller's timeline says it, whoever reads it here. */
const sentenceOf = (entry: Pick<StoredEntry, 'type' | 'data'>, language: string): string =>
  described(entry, new Map(), false, language).sentence ?? ''

/** The same in a mail, with the names of teams where the sentence is about teams. */
const sentenceFor = async (q: Reader, { entry, reader }: About): Promise<string> => {
  const { teams } = entry.data
  if (!reader.internal || !Array.isArray(teams)) return sentenceOf(entry, reader.language)
  const rows = await q.rows<{ id: string; name: string }>({
    name: 'incident_telling_teams',
    text: 'select id, name from team where tenant_id = $1 and id = any($2)',
    values: [q.tenantId, teams],
  })
  const names = new Map(rows.map((row) => [row.id, row.name]))
  return described(entry, names, true, reader.language).sentence ?? ''
}

/** A mail that would say what is no longer so: resolved, and reopened before it went out; canceled by a slip. */
const isOutdated = ({ entry, kind }: About, row: IncidentRow): boolean => {
  if (entry.type === 'incident.resolved') return row.state !== 'resolved' && row.state !== 'closed'
  if (entry.type === 'incident.canceled') return row.state !== 'canceled'
  return kind === 'question' && row.state !== 'on_hold'
}

const untilText = ({ kind, reader }: About, row: IncidentRow): string => {
  if (kind !== 'resolved' || row.state !== 'resolved' || row.auto_close_at === null) return ''
  const german = isGerman(reader.language)
  const at = new Intl.DateTimeFormat(german ? reader.language : 'en-GB', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: reader.timeZone,
  }).format(new Date(row.auto_close_at))
  return german
    ? `Wenn niemand widerspricht, wird sie am ${at} (${reader.timeZone}) geschlossen.`
    : `If nobody objects, it is closed on ${at} (${reader.timeZone}).`
}

/** What somebody wrote with it. A work note is nobody's but the team's, whatever led here. */
const said = async (q: Reader, { entry, reader }: About, row: IncidentRow): Promise<string | null> => {
  switch (entry.type) {
    case 'incident.commented':
    case 'incident.noted':
      return commentText(q, row.id, textOf(entry, 'commentId'), reader.internal)
    case 'incident.held':
    case 'incident.reopened':
      return commentBecauseOf(q, row.id, entry.id, reader.internal)
    case 'incident.attached':
    case 'incident.attached_for_team':
      return attachmentName(q, row.id, textOf(entry, 'attachmentId'), reader.internal)
    case 'incident.resolved':
      return row.resolution_notes
    case 'incident.raised':
    case 'incident.routed':
    case 'incident.assigned':
      return row.description
    default:
      return null
  }
}

const readable = (
  comment: { audience: string; body: string } | undefined,
  internal: boolean,
): string | null =>
  comment === undefined || (comment.audience !== 'public' && !internal) ? null : comment.body

const commentText = async (
  q: Reader,
  recordId: string,
  id: string | null,
  internal: boolean,
): Promise<string | null> =>
  readable(
    await q.maybe<{ audience: string; body: string }>({
      name: 'incident_telling_comment',
      text: 'select audience, body from comment where tenant_id = $1 and record_id = $2 and id = $3',
      values: [q.tenantId, recordId, id],
    }),
    internal,
  )

/** What a file is called, as code, so that no name is a link; nothing when it was removed since. */
const attachmentName = async (
  q: Reader,
  recordId: string,
  id: string | null,
  internal: boolean,
): Promise<string | null> => {
  const file = await q.maybe<{ audience: string; name: string }>({
    name: 'incident_telling_attachment',
    text: 'select audience, name from attachment where tenant_id = $1 and record_id = $2 and id = $3 and removed_at is null',
    values: [q.tenantId, recordId, id],
  })
  return readable(file && { audience: file.audience, body: asCode(file.name) }, internal)
}

/** Markdown that shows a text as it is, on one line. */
const asCode = (text: string): string => {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence} ${text} ${fence}`
}

/** The comment that came with a move, which is the comment's cause. */
const commentBecauseOf = async (
  q: Reader,
  recordId: string,
  entryId: string,
  internal: boolean,
): Promise<string | null> => {
  const caused = await q.rows<{ audience: string; body: string }>({
    name: 'incident_telling_caused',
    text: `select c.audience, c.body from journal j join comment c on c.tenant_id = j.tenant_id and c.id = (j.data->>'commentId')::uuid
           where j.tenant_id = $1 and j.subject_id = $2 and j.cause = $3 and j.type = 'incident.commented' order by j.id limit 1`,
    values: [q.tenantId, recordId, entryId],
  })
  return readable(caused[0], internal)
}

const textOf = (entry: StoredEntry, key: string): string | null => {
  const value = entry.data[key]
  return typeof value === 'string' ? value : null
}

const headlines: Readonly<Record<NoticeKind, string>> = {
  receipt: 'We have what you raised.',
  question: 'Somebody needs an answer from you.',
  comment: 'Somebody wrote to you.',
  resolved: 'It was resolved.',
  ended: 'It is over.',
  assigned: 'It is yours now.',
  reply: 'The caller wrote.',
  reopened: 'It is open again.',
  resumed: 'Work can go on.',
  priority: 'Its priority was raised.',
  note: 'A colleague wrote.',
  team_new: 'It came to your team and nobody has it yet.',
  urgent: 'It is urgent and with a team you lead.',
  mentioned: 'Somebody mentioned you.',
  milestone: 'Something happened to it.',
  followed: 'Somebody wrote.',
  ends: 'It ends soon.',
}

// What happened says more than what it is to the reader. A file's name is somebody's words, so it is not here.
const headlinesOfTypes: Readonly<Record<string, string>> = {
  'incident.attached': 'A file was added.',
  'incident.attached_for_team': 'A colleague added a file.',
  'incident.bounced': 'It goes back and forth between teams.',
}

const page = (id: string): string => `/incidents/${id}`

/** How people are told about incidents. */
export const incidentTelling: Telling = {
  kind: 'incident',
  read: 'incident.read',
  readInternal: 'incident.read_internal',
  page,
  isForEveryone,
  headline: (entry, kind, language) => {
    const german = isGerman(language)
    const ofType = (german ? germanHeadlinesOfTypes : headlinesOfTypes)[entry.type]
    if (ofType !== undefined) return ofType
    const headline = (german ? germanHeadlines : headlines)[kind]
    return kind === 'ended' || kind === 'milestone' || kind === 'resumed'
      ? sentenceOf(entry, language) || headline
      : headline
  },
  links: linksFor,
  words: wordsFor,
}
