import type { FilterOperator } from '@evenkeel/contract/filter'
import type { Moment, Unit } from './moment.ts'

/** What each fault speaks of. Texts of the writer's come shortened, never as markup. */
export type FaultDetails = {
  readonly unknown_field: { readonly field: string }
  readonly wrong_operator: {
    readonly field: string
    readonly op: string
    readonly allowed: readonly string[]
  }
  readonly not_text: { readonly field: string }
  readonly not_a_number: { readonly field: string }
  readonly not_whole: { readonly field: string }
  readonly not_yes_or_no: { readonly field: string }
  readonly not_a_choice: {
    readonly field: string
    readonly value: string
    readonly choices: readonly string[]
  }
  readonly not_a_reference: { readonly field: string; readonly value: string }
  readonly not_a_time: { readonly value: string }
  readonly not_a_day: { readonly value: string }
  readonly no_words: { readonly value: string }
  readonly no_search: { readonly value: string }
  readonly value_missing: { readonly after: string }
  readonly one_value: { readonly after: string }
  readonly range_end_missing: { readonly value: string }
  readonly too_many_values: { readonly most: string }
  readonly value_too_long: { readonly most: string }
  readonly bad_character: Nothing
  readonly quote_open: Nothing
  readonly space_missing: { readonly after: string }
  readonly condition_missing: { readonly after: string }
  readonly bracket_open: Nothing
  readonly bracket_stray: Nothing
  readonly comma_stray: Nothing
  readonly too_deep: { readonly most: string }
  readonly too_many: { readonly most: string }
  readonly too_long: { readonly most: string }
  readonly not_sortable: { readonly field: string }
  readonly sorted_twice: { readonly field: string }
  readonly too_many_sorts: { readonly most: string }
  readonly wrong_cursor: Nothing
}
export type FaultCode = keyof FaultDetails
type Nothing = Readonly<Record<string, never>>

/** A reason why a filter is refused. `message` is English; another language makes its own from code and details. */
export type Fault<Code extends FaultCode = FaultCode> = {
  readonly [One in Code]: {
    readonly code: One
    readonly details: FaultDetails[One]
    readonly message: string
  }
}[Code]

/** Every text that this folder shows to people. */
export type Messages = {
  readonly faults: { readonly [Code in FaultCode]: (details: FaultDetails[Code]) => string }
  /** Operators as the builder offers them, between a field's label and a value. */
  readonly operators: Readonly<Record<FilterOperator, string>>
  readonly timeOperators: Readonly<Record<'=' | '!=' | '<' | '<=' | '>' | '>=', string>>
  readonly everything: string
  readonly nothing: string
  readonly and: (parts: readonly string[]) => string
  readonly or: (parts: readonly string[]) => string
  readonly group: (part: string) => string
  readonly not: (part: string) => string
  readonly values: (values: readonly string[]) => string
  readonly quoted: (text: string) => string
  readonly relative: Readonly<Record<'me' | 'my_teams', string>>
  readonly yes: string
  readonly no: string
  readonly number: (value: number) => string
  readonly moment: (moment: Moment, written: string) => string
  /** `[holds, does not hold]`: a condition and its negation. */
  readonly is: Phrase
  readonly isOther: Phrase
  readonly includes: Phrase
  readonly contains: Phrase
  readonly startsWith: Phrase
  readonly hasWords: Phrase
  readonly less: Phrase
  readonly atMost: Phrase
  readonly more: Phrase
  readonly atLeast: Phrase
  readonly before: Phrase
  readonly until: Phrase
  readonly after: Phrase
  readonly since: Phrase
  readonly within: (field: string, from: string, to: string, holds: boolean) => string
  readonly isEmpty: (field: string, holds: boolean) => string
}
type Phrase = (field: string, value: string, holds: boolean) => string

const listed = (parts: readonly string[], last: string): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1) ?? ''}`

const units: Readonly<Record<Unit, readonly [string, string]>> = {
  m: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
  w: ['week', 'weeks'],
  mo: ['month', 'months'],
  y: ['year', 'years'],
}
const counted = (amount: number, unit: Unit): string => {
  const [one, many] = units[unit]
  return `${Math.abs(amount)} ${Math.abs(amount) === 1 ? one : many}`
}
const relativeTime = (amount: number, unit: Unit): string =>
  amount < 0 ? `${counted(amount, unit)} ago` : `in ${counted(amount, unit)}`

const is =
  (phrase: string): Phrase =>
  (field, value, holds) =>
    `${field} ${holds ? 'is' : 'is not'} ${phrase === '' ? '' : `${phrase} `}${value}`

const does =
  (verb: string, bare: string): Phrase =>
  (field, value, holds) =>
    `${field} ${holds ? verb : `does not ${bare}`} ${value}`

export const english: Messages = {
  faults: {
    unknown_field: ({ field }) => `there is no field “${field}”`,
    wrong_operator: ({ field, op, allowed }) =>
      `${field} cannot be asked “${op}”; it takes ${listed(allowed, 'or')}`,
    not_text: ({ field }) => `${field} is compared with a text`,
    not_a_number: ({ field }) => `${field} is compared with a number`,
    not_whole: ({ field }) => `${field} is compared with a whole number`,
    not_yes_or_no: ({ field }) => `${field} is either true or false`,
    not_a_choice: ({ field, value, choices }) =>
      choices.length === 0
        ? `${field} has no choice “${value}”`
        : `${field} has no choice “${value}”; it has ${listed(choices, 'and')}`,
    not_a_reference: ({ field, value }) => `“${value}” is not known as a value of ${field}`,
    not_a_time: ({ value }) =>
      `“${value}” is not a time such as 2026-03-01, 2026-03-01T09:00Z, now-2d or today`,
    not_a_day: ({ value }) => `“${value}” is not a day such as 2026-03-01, today or today-7d`,
    no_words: ({ value }) => `there is neither a letter nor a digit to search for in “${value}”`,
    no_search: ({ value }) => `there is no text to search for “${value}” in; name a field`,
    value_missing: ({ after }) => `expected a value after ${after}`,
    one_value: ({ after }) => `expected a single value after ${after}; put it in quotes when it has a comma`,
    range_end_missing: ({ value }) => `expected two times around “..” in “${value}”`,
    too_many_values: ({ most }) => `a list holds at most ${most} values`,
    value_too_long: ({ most }) => `a value has at most ${most} characters`,
    bad_character: () => 'this character cannot be part of a text',
    quote_open: () => 'this quote is never closed',
    space_missing: ({ after }) => `expected a space after ${after}`,
    condition_missing: ({ after }) => `expected a condition after ${after}`,
    bracket_open: () => 'this bracket is never closed',
    bracket_stray: () => 'this bracket was never opened',
    comma_stray: () => 'a comma stands between the values of a field only',
    too_deep: ({ most }) => `a filter is nested at most ${most} levels deep`,
    too_many: ({ most }) => `a filter has at most ${most} conditions and groups`,
    too_long: ({ most }) => `a filter has at most ${most} characters`,
    not_sortable: ({ field }) => `lists cannot be sorted by ${field}`,
    sorted_twice: ({ field }) => `the list is sorted by ${field} twice`,
    too_many_sorts: ({ most }) => `lists are sorted by at most ${most} fields`,
    wrong_cursor: () =>
      'this place in the list belongs to another list or another order; start from its beginning',
  },
  operators: {
    '=': 'is',
    '!=': 'is something other than',
    '<': 'is less than',
    '<=': 'is at most',
    '>': 'is more than',
    '>=': 'is at least',
    in: 'is one of',
    'not in': 'is something other than',
    contains: 'contains',
    'starts with': 'starts with',
    matches: 'has the words',
    within: 'is between',
    'is empty': 'is empty',
    'is set': 'is set',
  },
  timeOperators: {
    '=': 'is on',
    '!=': 'is not on',
    '<': 'is before',
    '<=': 'is at or before',
    '>': 'is after',
    '>=': 'is at or after',
  },
  everything: 'everything',
  nothing: 'nothing',
  and: (parts) => parts.join(' and '),
  or: (parts) => parts.join(' or '),
  group: (part) => `(${part})`,
  not: (part) => `not (${part})`,
  values: (values) => listed(values, 'or'),
  quoted: (text) => `“${text}”`,
  relative: { me: 'me', my_teams: 'one of my teams' },
  yes: 'yes',
  no: 'no',
  number: (value) => String(value),
  moment: (moment, written) => {
    if (moment.kind === 'now') return moment.amount === 0 ? 'now' : relativeTime(moment.amount, moment.unit)
    if (moment.kind !== 'around today') return written
    return /\d/.test(written)
      ? `the day ${relativeTime(moment.amount, moment.unit)}`
      : written.replace('_', ' ')
  },
  is: is(''),
  isOther: is('something other than'),
  includes: does('includes', 'include'),
  contains: does('contains', 'contain'),
  startsWith: does('starts with', 'start with'),
  hasWords: does('has the words', 'have the words'),
  less: is('less than'),
  atMost: is('at most'),
  more: is('more than'),
  atLeast: is('at least'),
  before: is('before'),
  until: is('at or before'),
  after: is('after'),
  since: is('at or after'),
  within: (field, from, to, holds) => `${field} ${holds ? 'is' : 'is not'} between ${from} and ${to}`,
  isEmpty: (field, holds) => `${field} is ${holds ? 'empty' : 'set'}`,
}

/** A fault and its sentence. */
export const faultOf = <Code extends FaultCode>(code: Code, details: FaultDetails[Code]) => ({
  code,
  details,
  message: english.faults[code](details),
})

/** A writer's text, short enough to be repeated in an answer. */
export const shortened = (text: string): string =>
  text.length <= 60 ? text : `${text.slice(0, 59).toWellFormed()}…`
