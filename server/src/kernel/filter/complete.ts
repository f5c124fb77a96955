import { type Field, type Fields, operatorsOf } from './fields.ts'
import { fold } from './fold.ts'
import { english, type Messages } from './messages.ts'
import { momentWords } from './moment.ts'
import { writtenText } from './print.ts'
import { scan, type Term } from './scan.ts'
import { emptyWord, setWord } from './text.ts'

/** What the filter bar offers: one of `options` in place of the text from `from` to `to`. */
export type Completions = {
  readonly from: number
  readonly to: number
  readonly options: readonly Completion[]
}
export type Completion = {
  readonly kind: 'field' | 'value'
  /** What is typed for the person, quotes included. */
  readonly insert: string
  /** What the person reads. */
  readonly label: string
}

const mostOptions = 20
/** Times that people mean most often, beside the words. */
const usualTimes = ['now-1h', 'now-1d', 'now-7d', 'today-30d']

/**
 * What can stand at `cursor` (UTF-16 units). Works in any text, faulty or not. Names only what the fields hold, so a hidden
 * field is never offered.
 */
export const completions = (
  text: string,
  cursor: number,
  fields: Fields,
  messages: Messages = english,
): Completions => {
  const before = text.slice(0, cursor)
  const last = scan(before).tokens.at(-1)
  // Behind a space, a bracket or a connective something new begins.
  if (last === undefined || last.to < before.length || last.kind === 'open' || last.kind === 'close') {
    return { from: before.length, to: before.length, options: fieldOptions('', fields) }
  }
  const to = wordEnd(text, before.length)
  if (last.kind !== 'term')
    return { from: last.from, to, options: fieldOptions(before.slice(last.from), fields) }
  if (last.field === undefined) {
    const quoted = last.values[0]?.quoted === true
    return { from: last.from, to, options: quoted ? [] : fieldOptions(before.slice(last.from), fields) }
  }
  const field = fields.typed(last.field.name)
  const value = last.listed ? undefined : last.values.at(-1)
  const range = value?.quoted === false ? value.text.lastIndexOf('..') : -1
  const typed = range >= 0 ? (value?.text.slice(range + 2) ?? '') : (value?.text ?? '')
  const from = value === undefined ? before.length : range >= 0 ? value.from + range + 2 : value.from
  const options = field === undefined ? [] : valueOptions(field, typed, last, range >= 0, messages)
  return { from, to, options }
}

const wordEnd = (text: string, from: number): number => {
  let to = from
  while (to < text.length && !/[\s"(),:]/.test(text.charAt(to))) to++
  return to
}

const fieldOptions = (typed: string, fields: Fields): readonly Completion[] => {
  const sought = fold(typed)
  return fields.all
    .filter((field) => field !== fields.search)
    .filter(({ name, label, aliases }) =>
      [name, label, ...(aliases ?? [])].some((word) => begins(word, sought)),
    )
    .slice(0, mostOptions)
    .map(({ name, label }) => ({ kind: 'field', insert: `${name}:`, label }))
}

/** Any of its words begins so: `business service` is found by `serv`. */
const begins = (words: string, sought: string): boolean => {
  const folded = fold(words)
  return folded.startsWith(sought) || folded.includes(` ${sought}`) || folded.includes(`_${sought}`)
}

const valueOptions = (
  field: Field,
  typed: string,
  term: Term,
  inRange: boolean,
  messages: Messages,
): readonly Completion[] => {
  const sought = fold(typed)
  const options: Completion[] = valuesOf(field, messages).filter(
    ({ insert, label }) => begins(insert, sought) || begins(label, sought),
  )
  if (field.type === 'reference' || field.type === 'list of references') {
    // Suggested by whoever knows the names, so not sifted again.
    for (const name of field.names?.suggest?.(typed, mostOptions) ?? []) {
      options.push({ kind: 'value', insert: writtenText(name), label: name })
    }
  }
  const alone = term.sign === '' && term.values.length < 2 && !term.listed && !inRange
  if (alone && operatorsOf(field).includes('is empty')) {
    const { 'is empty': empty, 'is set': set } = messages.operators
    for (const [insert, label] of [
      [emptyWord, empty],
      [setWord, set],
    ] as const) {
      if (insert.startsWith(sought)) options.push({ kind: 'value', insert, label })
    }
  }
  return options.slice(0, mostOptions)
}

const valuesOf = (field: Field, messages: Messages): readonly Completion[] => {
  const value = (insert: string, label: string): Completion => ({ kind: 'value', insert, label })
  switch (field.type) {
    case 'choice':
    case 'ordered choice':
      return field.choices
        .filter(({ retired }) => retired !== true)
        .map((choice) => value(writtenText(choice.value), choice.label))
    case 'boolean':
      return [value('true', messages.yes), value('false', messages.no)]
    case 'instant':
    case 'date': {
      const days = field.type === 'date'
      const times = [...momentWords, ...usualTimes].filter((word) => !days || !word.startsWith('now'))
      return times.map((word) => value(word, word))
    }
    case 'reference':
    case 'list of references':
      return (field.relative ?? []).map((word) => value(word, messages.relative[word]))
    default:
      return []
  }
}
