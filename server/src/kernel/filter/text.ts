import {
  type Condition,
  type Filter,
  type FilterOperator,
  filterLimits,
  type Value,
} from '@evenkeel/contract/filter'
import { bindCondition, isId } from './bind.ts'
import { type Field, type Fields, operatorsOf } from './fields.ts'
import { fold } from './fold.ts'
import { type Fault, faultOf, shortened } from './messages.ts'
import { scan, type Sign, type Term, type TextFault, type WrittenValue } from './scan.ts'

/** Characters of a filter as text. More than as JSON, because names may stand for ids. */
export const longestText = 20_480
/** Faults that are told at once; nobody reads more. */
const mostFaults = 10

export type TextReading =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly faults: readonly TextFault[] }

/**
 * Reads the search bar: `priority:<=2 team:network -assignee:me "disk full" created:>now-7d (a or b)`. The grammar is in README.md.
 * Never throws, takes time in proportion to the text, and gives either a filter that the contract and these fields accept, or
 * what is wrong and where.
 */
export const parseFilter = (text: string, fields: Fields): TextReading => {
  const unreadable = unreadableIn(text)
  if (unreadable !== undefined) return { ok: false, faults: [unreadable] }

  const { tokens, faults: scanFaults } = scan(text)
  const faults: TextFault[] = scanFaults.slice(0, mostFaults)
  const refuse = (fault: Fault, from: number, to: number): void => {
    if (faults.length < mostFaults) faults.push({ ...fault, from, to })
  }
  let next = 0
  let nodes = 0
  let stopped = false
  const stop = (fault: Fault, from: number, to: number): void => {
    refuse(fault, from, to)
    stopped = true
    next = tokens.length
  }

  const accept = (kind: 'and' | 'or'): boolean => {
    if (tokens[next]?.kind !== kind) return false
    next++
    return true
  }
  const atEnd = (): boolean => {
    const kind = tokens[next]?.kind
    return kind === undefined || kind === 'close'
  }
  const expected = (after: 'and' | 'or'): void => {
    const { to } = tokens[next - 1] ?? { to: 0 }
    refuse(faultOf('condition_missing', { after }), to, to)
  }

  /** Alternatives; a leading `or` makes a group of any size, so that every filter can be written. */
  const alternatives = (depth: number): Filter => {
    const parts: Filter[] = []
    const any = accept('or')
    if (atEnd()) return any ? { any: [] } : { all: [] }
    do parts.push(series(depth))
    while (accept('or'))
    const [only] = parts
    return any || parts.length > 1 || only === undefined ? { any: parts } : only
  }

  /** Conditions side by side; a leading `and` makes a group of any size. */
  const series = (depth: number): Filter => {
    const parts: Filter[] = []
    const all = accept('and')
    while (!atEnd() && tokens[next]?.kind !== 'or') {
      if (accept('and')) {
        const kind = tokens[next]?.kind
        if (atEnd() || kind === 'and' || kind === 'or') expected('and')
      } else parts.push(factor(depth))
    }
    if (parts.length === 0 && !all && !stopped) expected('or')
    const [only] = parts
    return all || parts.length !== 1 || only === undefined ? { all: parts } : only
  }

  const factor = (depth: number): Filter => {
    const token = tokens[next++]
    if (token === undefined || (token.kind !== 'open' && token.kind !== 'term')) return { all: [] }
    nodes++
    if (nodes > filterLimits.nodes) {
      stop(faultOf('too_many', { most: String(filterLimits.nodes) }), token.from, token.to)
      return { all: [] }
    }
    const part = token.kind === 'open' ? bracketed(token, depth) : conditionOf(token, fields, text, refuse)
    return token.negated ? { not: part } : part
  }

  const bracketed = (open: { readonly from: number; readonly to: number }, depth: number): Filter => {
    if (depth === filterLimits.depth) {
      stop(faultOf('too_deep', { most: String(filterLimits.depth) }), open.from, open.to)
      return { all: [] }
    }
    const inside = alternatives(depth + 1)
    if (tokens[next]?.kind === 'close') next++
    else if (!stopped) refuse(faultOf('bracket_open', {}), open.from, open.to)
    return inside
  }

  let filter = alternatives(1)
  for (let token = tokens[next]; token !== undefined; token = tokens[next]) {
    refuse(faultOf('bracket_stray', {}), token.from, token.to)
    next++
    filter = alternatives(1)
  }
  if (faults.length === 0) {
    const fault = sizeFault(filter)
    if (fault !== undefined) refuse(fault, 0, text.length)
  }
  return faults.length === 0
    ? { ok: true, filter }
    : { ok: false, faults: faults.toSorted((one, other) => one.from - other.from) }
}

const unreadableIn = (text: string): TextFault | undefined => {
  if (text.length > longestText) {
    return { ...faultOf('too_long', { most: String(longestText) }), from: longestText, to: text.length }
  }
  const zero = text.indexOf('\0')
  if (zero >= 0) return { ...faultOf('bad_character', {}), from: zero, to: zero + 1 }
  if (text.isWellFormed()) return undefined
  const well = text.toWellFormed()
  let at = 0
  while (text[at] === well[at]) at++
  return { ...faultOf('bad_character', {}), from: at, to: at + 1 }
}

/** What the contract would refuse: limits that only the whole filter can pass. */
const sizeFault = (filter: Filter): Fault | undefined => {
  const { depth, nodes } = measured(filter)
  if (depth > filterLimits.depth) return faultOf('too_deep', { most: String(filterLimits.depth) })
  if (nodes > filterLimits.nodes) return faultOf('too_many', { most: String(filterLimits.nodes) })
  return JSON.stringify(filter).length > filterLimits.json
    ? faultOf('too_long', { most: String(filterLimits.json) })
    : undefined
}

const measured = (filter: Filter): { readonly depth: number; readonly nodes: number } => {
  if ('field' in filter) return { depth: 1, nodes: 1 }
  const parts = 'all' in filter ? filter.all : 'any' in filter ? filter.any : [filter.not]
  let depth = 0
  let nodes = 1
  for (const part of parts) {
    const inside = measured(part)
    depth = Math.max(depth, inside.depth)
    nodes += inside.nodes
  }
  return { depth: depth + 1, nodes }
}

type Refuse = (fault: Fault, from: number, to: number) => void

const operatorOf: Readonly<Record<Exclude<Sign, ''>, FilterOperator>> = {
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '=': '=',
  '!=': '!=',
  '^': 'starts with',
  '~': 'matches',
}

/** The words that stand for "is empty" and "is set"; in quotes they are values like any other. */
export const emptyWord = 'empty'
export const setWord = 'set'

/** What stands in for a condition that was refused. Nobody sees it: the filter is refused with it. */
const refused: Filter = { all: [] }

const conditionOf = (term: Term, fields: Fields, text: string, refuse: Refuse): Filter => {
  const [value] = term.values
  const field = term.field === undefined ? fields.search : fields.typed(term.field.name)
  if (field === undefined) {
    if (term.field === undefined)
      refuse(faultOf('no_search', { value: shortened(value?.text ?? '') }), term.from, term.to)
    else
      refuse(faultOf('unknown_field', { field: shortened(term.field.name) }), term.field.from, term.field.to)
    return refused
  }
  const empty = term.values.find((one) => one.text === '')
  if (value === undefined || empty !== undefined) {
    const to = empty?.from ?? term.to
    refuse(faultOf('value_missing', { after: shortened(text.slice(term.from, to)) }), to, empty?.to ?? to)
    return refused
  }
  const long = term.values.find((one) => one.text.length > filterLimits.text)
  if (long !== undefined) {
    refuse(faultOf('value_too_long', { most: String(filterLimits.text) }), long.from, long.to)
    return refused
  }
  if (term.values.length > filterLimits.list) {
    refuse(faultOf('too_many_values', { most: String(filterLimits.list) }), term.from, term.to)
    return refused
  }
  const condition = worded(term, field, value, refuse)
  if (condition === undefined) return refused
  const binding = bindCondition(condition, fields)
  if (binding.ok) return condition
  const [part, index = 0] = binding.at
  const place =
    part === 'value' && condition.op !== 'within'
      ? (term.values[Number(index)] ?? term)
      : part === 'value'
        ? value
        : term
  refuse(binding.fault, place.from, place.to)
  return refused
}

/** The condition that the term writes; its values may still be none that the field takes. */
const worded = (term: Term, field: Field, value: WrittenValue, refuse: Refuse): Condition | undefined => {
  const { name } = field
  const list = term.listed || term.values.length > 1
  if (term.sign === '' && !list && !value.quoted) {
    const word = value.text.toLowerCase()
    if (operatorsOf(field).includes('is empty')) {
      if (word === emptyWord) return { field: name, op: 'is empty' }
      if (word === setWord) return { field: name, op: 'is set' }
    }
    if (operatorsOf(field).includes('within') && value.text.includes('..')) return range(field, value, refuse)
  }
  const op = term.sign === '' ? operatorsOf(field)[0] : operatorOf[term.sign]
  const values = term.values.map((one) => valueOf(field, one))
  const strange = values.indexOf(undefined)
  if (strange >= 0) {
    const { text, from, to } = term.values[strange] ?? value
    refuse(faultOf('not_a_reference', { field: field.label, value: shortened(text) }), from, to)
    return undefined
  }
  const known = values.filter((one) => one !== undefined)
  const [first = ''] = known
  if (!list) return conditionWith(name, op, first)
  if (op === '=') return { field: name, op: 'in', value: known }
  if (op === '!=') return { field: name, op: 'not in', value: known }
  refuse(faultOf('one_value', { after: `${term.field?.name ?? name}:${term.sign}` }), term.from, term.to)
  return undefined
}

const conditionWith = (
  field: string,
  op: FilterOperator | undefined,
  value: Value,
): Condition | undefined => {
  switch (op) {
    case undefined:
    case 'is empty':
    case 'is set':
    case 'in':
    case 'not in':
    case 'within':
      // No sign stands for these.
      return undefined
    default:
      return { field, op, value }
  }
}

const range = (field: Field, value: WrittenValue, refuse: Refuse): Condition | undefined => {
  const middle = value.text.indexOf('..')
  const from = value.text.slice(0, middle)
  const to = value.text.slice(middle + 2)
  if (from !== '' && to !== '') return { field: field.name, op: 'within', value: [from, to] }
  refuse(faultOf('range_end_missing', { value: shortened(value.text) }), value.from, value.to)
  return undefined
}

const numberForm = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i

/** What a written value is in JSON. What the field does not take is left as it is, for `bindCondition` to refuse. */
const valueOf = (field: Field, { text, quoted }: WrittenValue): Value | undefined => {
  switch (field.type) {
    case 'number': {
      const number = numberForm.test(text) ? Number(text) : Number.NaN
      return Number.isFinite(number) ? number : text
    }
    case 'boolean': {
      const word = text.toLowerCase()
      if (word === 'true' || word === 'yes') return true
      return word === 'false' || word === 'no' ? false : text
    }
    case 'choice':
    case 'ordered choice': {
      if (field.choices.some((choice) => choice.value === text)) return text
      const folded = fold(text)
      const same = (word: string): boolean => fold(word) === folded
      return (
        field.choices.find(({ value, label, aliases }) => same(value) || same(label) || aliases?.some(same))
          ?.value ?? text
      )
    }
    case 'reference':
    case 'list of references': {
      const relative = field.relative?.some((word) => word === text) === true
      if (relative && !quoted) return text
      if (isId(text)) return text
      // In quotes `me` is a name; if nobody is called so, it must not become the reader.
      return field.names?.idOf(text) ?? (relative ? undefined : text)
    }
    default:
      return text
  }
}
