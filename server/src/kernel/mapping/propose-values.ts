import type { IncidentTarget } from '@evenkeel/contract/import-mapping'

/** By field: what a text of another system means, compared by its words. Undefined when it cannot be told. */
type Meaning = (text: string, all: readonly string[]) => string | null | undefined

const words = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const dictionary = (entries: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(entries).flatMap(([ours, theirs]) => theirs.map((text) => [text, ours] as const)))

const states = dictionary({
  new: [
    'new',
    'neu',
    'to do',
    'backlog',
    'registered',
    'logged',
    'submitted',
    'erfasst',
    'eingegangen',
    'open',
    'offen',
  ],
  in_progress: [
    'active',
    'in progress',
    'work in progress',
    'assigned',
    'processing',
    'processing assigned',
    'processing planned',
    'in bearbeitung',
    'in arbeit',
    'bearbeitung',
    'aktiv',
    'zugewiesen',
    'escalated',
    'eskaliert',
    'reopened',
    'wieder geöffnet',
    'investigating',
  ],
  resolved: ['resolved', 'solved', 'fixed', 'done', 'gelöst', 'behoben', 'erledigt'],
  closed: [
    'closed',
    'complete',
    'completed',
    'closed complete',
    'closed successful',
    'closed unsuccessful',
    'closed with workaround',
    'geschlossen',
    'abgeschlossen',
    'erfolgreich geschlossen',
    'erfolglos geschlossen',
  ],
  canceled: [
    'canceled',
    'cancelled',
    'rejected',
    'declined',
    'withdrawn',
    'merged',
    'removed',
    'abgebrochen',
    'storniert',
    'zurückgezogen',
    'abgelehnt',
    'zusammengefügt',
  ],
})
const waiting = /\b(?:await\w*|wait\w*|pending|hold|wart\w*|zurückgestellt|angehalten|pausiert|suspended)\b/u
/** ServiceNow numbers its states, and only it has these two. */
const numbered = new Map([
  ['1', 'new'],
  ['2', 'in_progress'],
  ['3', 'on_hold'],
  ['6', 'resolved'],
  ['7', 'closed'],
  ['8', 'canceled'],
])

const state: Meaning = (text, all) => {
  const plain = words(text)
  if (/^\d$/.test(plain))
    return all.some((one) => one === '7' || one === '8') ? numbered.get(plain) : undefined
  // Who has both means work by `open`.
  if ((plain === 'open' || plain === 'offen') && all.some((one) => /^(?:new|neu)$/i.test(one)))
    return 'in_progress'
  return states.get(plain) ?? (waiting.test(plain) ? 'on_hold' : undefined)
}

const holdReason: Meaning = (text, all) => {
  if (state(text, all) !== 'on_hold') return null
  const plain = words(text)
  const reason = (pattern: RegExp): boolean => pattern.test(plain)
  if (reason(/vendor|supplier|third party|lieferant|hersteller|dritt/)) return 'vendor'
  if (reason(/problem/)) return 'problem'
  if (reason(/change|änderung/)) return 'change'
  if (reason(/parts|spare|ersatzteil/)) return 'parts'
  if (reason(/schedul|termin|reminder|auto/)) return 'user_scheduled'
  if (reason(/user|caller|customer|client|requester|evidence|information|kunde|anwender|rückmeldung/))
    return 'caller'
  return null
}

const levelWords: readonly (readonly [RegExp, number])[] = [
  [
    /\b(?:very high|sehr hoch|critical|kritisch|urgent|dringend|highest|blocker|extensive|widespread|major|high|hoch)\b/u,
    1,
  ],
  [/\b(?:medium|mittel|moderate|normal|significant|limited)\b/u, 2],
  [/\b(?:very low|sehr niedrig|low|lowest|niedrig|gering|minor|localized)\b/u, 3],
]
const priorityWords: readonly (readonly [RegExp, number])[] = [
  [/\b(?:very high|sehr hoch|critical|kritisch|urgent|dringend|highest|blocker|major)\b/u, 1],
  [/\b(?:very low|sehr niedrig|lowest|planning|planung|trivial)\b/u, 5],
  [/\b(?:high|hoch)\b/u, 2],
  [/\b(?:medium|mittel|moderate|normal)\b/u, 3],
  [/\b(?:low|niedrig|gering|minor)\b/u, 4],
]

/** The word counts more than the number before it: `4 high` is high where five is the most. */
const ranked =
  (byWord: readonly (readonly [RegExp, number])[], most: number): Meaning =>
  (text) => {
    const plain = words(text)
    const found = byWord.find(([pattern]) => pattern.test(plain))?.[1]
    if (found !== undefined) return String(found)
    const number = Number(/^p?(\d)(?:\s|$)/.exec(plain)?.[1])
    return number >= 1 && number <= most ? String(number) : undefined
  }

const channels: readonly (readonly [RegExp, string])[] = [
  [/\b(?:phone|telefon|telephone|call|ivr|anruf|hotline)\b/u, 'phone'],
  [/\b(?:e ?mail|mail)\b/u, 'mail'],
  [/\b(?:self service|portal|web|formular|website|helpdesk)\b/u, 'portal'],
  [/\b(?:direct|desk|walk in|walk up|chat|persönlich|vor ort|agent)\b/u, 'desk'],
  [/\b(?:api|integration|rest)\b/u, 'api'],
  [/\b(?:alert|monitoring|event|überwachung|alarm)\b/u, 'alert'],
]
const channel: Meaning = (text) => channels.find(([pattern]) => pattern.test(words(text)))?.[1]

const resolutions: readonly (readonly [RegExp, string])[] = [
  [/work ?around|umgehung/u, 'workaround'],
  [/not reproduc|cannot reproduc|no fault|not found|nicht reproduzier|kein fehler/u, 'no_fault_found'],
  [/by itself|self (?:healed|resolved)|von selbst/u, 'resolved_by_itself'],
  [/by change|durch änderung/u, 'by_change'],
  [/by problem|durch problem/u, 'by_problem'],
  [/helped|advice|training|user error|beratung|bedienfehler/u, 'user_helped'],
  [/fixed|solved|resolved|done|behoben|gelöst|repair|permanent/u, 'fixed'],
]
const resolutionCode: Meaning = (text) => resolutions.find(([pattern]) => pattern.test(words(text)))?.[1]

const yes = new Set([
  'true',
  'yes',
  'ja',
  '1',
  'y',
  'j',
  't',
  'wahr',
  'x',
  'sla violated',
  'violated',
  'breached',
  'missed',
])
const no = new Set(['false', 'no', 'nein', '0', 'n', 'f', 'falsch', 'within sla', 'met'])
export const isFlag = (text: string): boolean => yes.has(words(text)) || no.has(words(text))
const flag: Meaning = (text) => (yes.has(words(text)) ? 'true' : no.has(words(text)) ? 'false' : undefined)

const meanings: Readonly<Partial<Record<IncidentTarget, Meaning>>> = {
  state,
  holdReason,
  impact: ranked(levelWords, 3),
  urgency: ranked(levelWords, 3),
  priority: ranked(priorityWords, 5),
  channel,
  resolutionCode,
  recordedMissed: flag,
}

export type Translations = {
  readonly translate: Readonly<Record<string, string | null>>
  /** Texts whose meaning nobody can tell. */
  readonly unclear: readonly string[]
}

/** What the texts of a column mean for a field, without those that are ours as they are. */
export const translationsFor = (field: IncidentTarget, texts: readonly string[]): Translations => {
  const translate: Record<string, string | null> = {}
  const unclear: string[] = []
  for (const text of texts) {
    const meaning = meanings[field]?.(text, texts)
    if (meaning === undefined) unclear.push(text)
    else if (meaning !== text) translate[text] = meaning
  }
  return { translate, unclear }
}

/** Texts that mean "nothing known" wherever they stand. */
export const unknownTexts: readonly string[] = [
  '?',
  '-',
  '--',
  '–',
  'N/A',
  'n/a',
  'NA',
  '#N/A',
  'NULL',
  'null',
  'None',
  'none',
  'nil',
  'NaN',
  'undefined',
  'Unknown',
  'unknown',
  'unbekannt',
  'Unbekannt',
  'k. A.',
  'k.A.',
  '(empty)',
  '(leer)',
]

/** Texts that come together: where two of them, or nothing else, stand in the first rows, the others may stand in the last. */
const families: readonly (readonly string[])[] = [
  [
    'New',
    'Active',
    'In Progress',
    'On Hold',
    'Awaiting User Info',
    'Awaiting Vendor',
    'Awaiting Problem',
    'Awaiting Change',
    'Awaiting Evidence',
    'Resolved',
    'Closed',
    'Canceled',
  ],
  ['1 - High', '2 - Medium', '3 - Low'],
  ['1 - Critical', '2 - High', '3 - Moderate', '4 - Low', '5 - Planning'],
  ['Phone', 'Self service', 'Self-service', 'Email', 'IVR', 'Direct opening', 'Chat', 'Walk-in'],
]

export const withFamily = (texts: readonly string[]): string[] => {
  const family = families.find(
    (one) =>
      one.filter((text) => texts.includes(text)).length > 1 ||
      (texts.length > 0 && texts.every((text) => one.includes(text))),
  )
  return family === undefined ? [...texts] : [...new Set([...texts, ...family])]
}
