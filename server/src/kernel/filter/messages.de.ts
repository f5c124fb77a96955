import type { Messages } from './messages.ts'
import type { Unit } from './moment.ts'

type Phrase = Messages['is']

const listed = (parts: readonly string[], last: string): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1) ?? ''}`

/** One, several, and several after “vor” and “in”. */
const units: Readonly<Record<Unit, readonly [string, string]>> = {
  m: ['einer Minute', 'Minuten'],
  h: ['einer Stunde', 'Stunden'],
  d: ['einem Tag', 'Tagen'],
  w: ['einer Woche', 'Wochen'],
  mo: ['einem Monat', 'Monaten'],
  y: ['einem Jahr', 'Jahren'],
}
const counted = (amount: number, unit: Unit): string => {
  const [one, many] = units[unit]
  return Math.abs(amount) === 1 ? one : `${Math.abs(amount)} ${many}`
}
const relativeTime = (amount: number, unit: Unit): string =>
  `${amount < 0 ? 'vor' : 'in'} ${counted(amount, unit)}`

const days: Readonly<Record<string, string>> = {
  today: 'heute',
  yesterday: 'gestern',
  tomorrow: 'morgen',
  'this week': 'diese Woche',
  'last week': 'letzte Woche',
  'next week': 'nächste Woche',
  'this month': 'dieser Monat',
  'last month': 'letzter Monat',
  'next month': 'nächster Monat',
  'this year': 'dieses Jahr',
  'last year': 'letztes Jahr',
  'next year': 'nächstes Jahr',
}

const is =
  (phrase: string): Phrase =>
  (field, value, holds) =>
    `${field} ist ${holds ? '' : 'nicht '}${phrase === '' ? '' : `${phrase} `}${value}`

const does =
  (verb: string, rest = ''): Phrase =>
  (field, value, holds) =>
    `${field} ${verb} ${holds ? '' : 'nicht '}${rest === '' ? '' : `${rest} `}${value}`

/** What this folder says, in German. */
export const german: Messages = {
  faults: {
    unknown_field: ({ field }) => `es gibt kein Feld „${field}“`,
    wrong_operator: ({ field, op, allowed }) =>
      `bei ${field} geht „${op}“ nicht; möglich ist ${listed(allowed, 'oder')}`,
    not_text: ({ field }) => `${field} wird mit einem Text verglichen`,
    not_a_number: ({ field }) => `${field} wird mit einer Zahl verglichen`,
    not_whole: ({ field }) => `${field} wird mit einer ganzen Zahl verglichen`,
    not_yes_or_no: ({ field }) => `${field} ist entweder true oder false`,
    not_a_choice: ({ field, value, choices }) =>
      choices.length === 0
        ? `${field} kennt den Wert „${value}“ nicht`
        : `${field} kennt den Wert „${value}“ nicht; es gibt ${listed(choices, 'und')}`,
    not_a_reference: ({ field, value }) => `„${value}“ ist als Wert von ${field} nicht bekannt`,
    not_a_time: ({ value }) =>
      `„${value}“ ist kein Zeitpunkt wie 2026-03-01, 2026-03-01T09:00Z, now-2d oder today`,
    not_a_day: ({ value }) => `„${value}“ ist kein Tag wie 2026-03-01, today oder today-7d`,
    no_words: ({ value }) => `in „${value}“ ist weder ein Buchstabe noch eine Ziffer zum Suchen`,
    no_search: ({ value }) =>
      `hier gibt es keinen Text, in dem nach „${value}“ gesucht wird; ein Feld nennen`,
    value_missing: ({ after }) => `nach ${after} fehlt ein Wert`,
    one_value: ({ after }) =>
      `nach ${after} steht ein einzelner Wert; in Anführungszeichen, wenn er ein Komma enthält`,
    range_end_missing: ({ value }) => `um „..“ stehen zwei Zeitpunkte; in „${value}“ fehlt einer`,
    too_many_values: ({ most }) => `eine Liste hat höchstens ${most} Werte`,
    value_too_long: ({ most }) => `ein Wert hat höchstens ${most} Zeichen`,
    bad_character: () => 'dieses Zeichen kann in keinem Text stehen',
    quote_open: () => 'dieses Anführungszeichen wird nicht geschlossen',
    space_missing: ({ after }) => `nach ${after} fehlt ein Leerzeichen`,
    condition_missing: ({ after }) => `nach ${after} fehlt eine Bedingung`,
    bracket_open: () => 'diese Klammer wird nicht geschlossen',
    bracket_stray: () => 'diese Klammer wurde nicht geöffnet',
    comma_stray: () => 'ein Komma steht nur zwischen den Werten eines Feldes',
    too_deep: ({ most }) => `ein Filter ist höchstens ${most} Ebenen tief verschachtelt`,
    too_many: ({ most }) => `ein Filter hat höchstens ${most} Bedingungen und Gruppen`,
    too_long: ({ most }) => `ein Filter hat höchstens ${most} Zeichen`,
    not_sortable: ({ field }) => `Listen lassen sich nicht nach ${field} sortieren`,
    sorted_twice: ({ field }) => `die Liste ist zweimal nach ${field} sortiert`,
    too_many_sorts: ({ most }) => `Listen werden nach höchstens ${most} Feldern sortiert`,
    wrong_cursor: () =>
      'diese Stelle der Liste gehört zu einer anderen Liste oder Reihenfolge; von vorn beginnen',
  },
  operators: {
    '=': 'ist',
    '!=': 'ist etwas anderes als',
    '<': 'ist kleiner als',
    '<=': 'ist höchstens',
    '>': 'ist größer als',
    '>=': 'ist mindestens',
    in: 'ist eines von',
    'not in': 'ist etwas anderes als',
    contains: 'enthält',
    'starts with': 'beginnt mit',
    matches: 'hat die Wörter',
    within: 'liegt zwischen',
    'is empty': 'ist leer',
    'is set': 'ist angegeben',
  },
  timeOperators: {
    '=': 'ist am',
    '!=': 'ist nicht am',
    '<': 'ist vor',
    '<=': 'ist bis',
    '>': 'ist nach',
    '>=': 'ist ab',
  },
  everything: 'alles',
  nothing: 'nichts',
  and: (parts) => parts.join(' und '),
  or: (parts) => parts.join(' oder '),
  group: (part) => `(${part})`,
  not: (part) => `nicht (${part})`,
  values: (values) => listed(values, 'oder'),
  quoted: (text) => `„${text}“`,
  relative: { me: 'ich', my_teams: 'eines meiner Teams' },
  yes: 'ja',
  no: 'nein',
  number: (value) =>
    new Intl.NumberFormat('de', { useGrouping: false, maximumFractionDigits: 20 }).format(value),
  moment: (moment, written) => {
    if (moment.kind === 'now') return moment.amount === 0 ? 'jetzt' : relativeTime(moment.amount, moment.unit)
    if (moment.kind !== 'around today') return written
    if (/\d/.test(written)) return `der Tag ${relativeTime(moment.amount, moment.unit)}`
    const words = written.replace('_', ' ')
    return days[words] ?? words
  },
  is: is(''),
  isOther: is('etwas anderes als'),
  includes: does('enthält'),
  contains: does('enthält'),
  startsWith: does('beginnt', 'mit'),
  hasWords: does('hat', 'die Wörter'),
  less: is('kleiner als'),
  atMost: is('höchstens'),
  more: is('größer als'),
  atLeast: is('mindestens'),
  before: does('liegt', 'früher als'),
  until: does('liegt', 'spätestens'),
  after: does('liegt', 'später als'),
  since: does('liegt', 'frühestens'),
  within: (field, from, to, holds) => `${field} liegt ${holds ? '' : 'nicht '}zwischen ${from} und ${to}`,
  isEmpty: (field, holds) => `${field} ist ${holds ? 'leer' : 'angegeben'}`,
}
