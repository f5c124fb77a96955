import type { Condition, Filter, Value } from '@evenkeel/contract/filter'
import type { Choice, Field, Fields, RelativeReference } from './fields.ts'
import { operatorsOf } from './fields.ts'
import { fold } from './fold.ts'
import { type Fault, faultOf, shortened } from './messages.ts'
import { isDays, type Moment, momentOf } from './moment.ts'
import { type SoughtWord, soughtWords } from './words.ts'

/**
 * A filter with its fields looked up and its values understood, once for all that runs or reads it: the predicate, SQL and the
 * sentence have no second opinion about what a value means.
 */
export type Bound =
  | { readonly all: readonly Bound[] }
  | { readonly any: readonly Bound[] }
  | { readonly not: Bound }
  | { readonly field: Field; readonly test: Test; readonly condition: Condition }

export type Comparison = '<' | '<=' | '>' | '>='
/** `negated`: has a value, but none of these. */
export type Test =
  | { readonly is: 'set'; readonly holds: boolean }
  /** Text comes folded, ids in lower case; an ordered comparison is the choices that pass it. */
  | {
      readonly is: 'one of'
      readonly values: readonly string[]
      readonly relative: readonly RelativeReference[]
      readonly negated: boolean
    }
  | { readonly is: 'number'; readonly values: readonly number[]; readonly negated: boolean }
  | { readonly is: 'compared number'; readonly op: Comparison; readonly value: number }
  | { readonly is: 'boolean'; readonly value: boolean }
  | { readonly is: 'containing' | 'starting'; readonly part: string }
  | { readonly is: 'words'; readonly words: readonly SoughtWord[] }
  | { readonly is: 'time'; readonly from: Moment; readonly to: Moment; readonly negated: boolean }
  | { readonly is: 'compared time'; readonly op: Comparison; readonly moment: Moment }

/** `path`: keys and positions from the filter's root. */
export type PlacedFault = Fault & { readonly path: readonly (string | number)[] }
export type Binding =
  | { readonly ok: true; readonly bound: Bound }
  | { readonly ok: false; readonly faults: readonly PlacedFault[] }

/**
 * The filter as these fields understand it, or everything that is wrong with it. A field that is not among them is unknown,
 * whether it exists for others or not. Shape and size were checked by the contract's `Filter`.
 */
export const bindFilter = (filter: Filter, fields: Fields): Binding => {
  const faults: PlacedFault[] = []
  const bind = (node: Filter, path: readonly (string | number)[]): Bound => {
    if ('all' in node) return { all: node.all.map((part, index) => bind(part, [...path, 'all', index])) }
    if ('any' in node) return { any: node.any.map((part, index) => bind(part, [...path, 'any', index])) }
    if ('not' in node) return { not: bind(node.not, [...path, 'not']) }
    const bound = bindCondition(node, fields)
    if (bound.ok) return bound.bound
    faults.push({ ...bound.fault, path: [...path, ...bound.at] })
    return { any: [] }
  }
  const bound = bind(filter, [])
  return faults.length === 0 ? { ok: true, bound } : { ok: false, faults }
}

export type BoundCondition = { readonly field: Field; readonly test: Test; readonly condition: Condition }
export type ConditionBinding =
  | { readonly ok: true; readonly bound: BoundCondition }
  | { readonly ok: false; readonly fault: Fault; readonly at: readonly (string | number)[] }

export const bindCondition = (condition: Condition, fields: Fields): ConditionBinding => {
  const field = fields.named(condition.field)
  if (field === undefined) {
    return {
      ok: false,
      fault: faultOf('unknown_field', { field: shortened(condition.field) }),
      at: ['field'],
    }
  }
  const allowed = operatorsOf(field)
  if (!allowed.includes(condition.op)) {
    const details = { field: field.label, op: condition.op, allowed }
    return { ok: false, fault: faultOf('wrong_operator', details), at: ['op'] }
  }
  const read = reader()
  const test = testOf(field, condition, read)
  return read.fault === undefined
    ? { ok: true, bound: { field, test, condition } }
    : { ok: false, fault: read.fault, at: read.at }
}

/** Notes the first fault in a condition's values; what is read after it is thrown away with the test. */
type Reader = {
  fault: Fault | undefined
  at: readonly (string | number)[]
  /** `index`: which value of a list. */
  readonly refuse: (fault: Fault, index?: number) => void
}

const reader = (): Reader => {
  const read: Reader = {
    fault: undefined,
    at: [],
    refuse: (fault, index) => {
      if (read.fault !== undefined) return
      read.fault = fault
      read.at = index === undefined ? ['value'] : ['value', index]
    },
  }
  return read
}

const testOf = (field: Field, condition: Condition, read: Reader): Test => {
  if (condition.op === 'is empty' || condition.op === 'is set') {
    return { is: 'set', holds: condition.op === 'is set' }
  }
  if (condition.op === 'within') {
    const [from, to] = condition.value
    return {
      is: 'time',
      from: momentIn(field, from, read, 0),
      to: momentIn(field, to, read, 1),
      negated: false,
    }
  }
  const listed = condition.op === 'in' || condition.op === 'not in'
  const values: readonly Value[] = listed ? condition.value : [condition.value]
  const negated = condition.op === 'not in' || condition.op === '!='
  const at = (index: number) => (listed ? index : undefined)
  const [value = ''] = values

  switch (field.type) {
    case 'text': {
      const texts = values.map((one, index) => fold(textIn(field, one, read, at(index))))
      const [part = ''] = texts
      if (condition.op === 'contains') return { is: 'containing', part }
      if (condition.op === 'starts with') return { is: 'starting', part }
      if (condition.op === 'matches') return wordsIn(field, value, read)
      return { is: 'one of', values: texts, relative: [], negated }
    }
    case 'words':
      return wordsIn(field, value, read)
    case 'keyword': {
      const texts = values.map((one, index) => inLetters(field.letters, textIn(field, one, read, at(index))))
      if (condition.op === 'starts with') return { is: 'starting', part: texts[0] ?? '' }
      return { is: 'one of', values: texts, relative: [], negated }
    }
    case 'choice':
    case 'ordered choice': {
      const texts = values.map((one, index) => choiceIn(field, field.choices, one, read, at(index)))
      if (isComparison(condition.op)) {
        return {
          is: 'one of',
          values: choicesPassing(field.choices, condition.op, texts[0] ?? ''),
          relative: [],
          negated: false,
        }
      }
      return { is: 'one of', values: texts, relative: [], negated }
    }
    case 'reference':
    case 'list of references': {
      const ids: string[] = []
      const relative: RelativeReference[] = []
      for (const [index, one] of values.entries()) {
        const stands = field.relative?.find((word) => word === one)
        if (stands !== undefined) relative.push(stands)
        else if (typeof one === 'string' && isId(one)) ids.push(one.toLowerCase())
        else
          read.refuse(
            faultOf('not_a_reference', { field: field.label, value: shortened(String(one)) }),
            at(index),
          )
      }
      return { is: 'one of', values: ids, relative, negated }
    }
    case 'number': {
      const numbers = values.map((one, index) => numberIn(field, field.whole ?? false, one, read, at(index)))
      if (isComparison(condition.op))
        return { is: 'compared number', op: condition.op, value: numbers[0] ?? 0 }
      return { is: 'number', values: numbers, negated }
    }
    case 'boolean': {
      if (typeof value !== 'boolean') read.refuse(faultOf('not_yes_or_no', { field: field.label }))
      // With two values, other than one is the other.
      return { is: 'boolean', value: (value === true) !== negated }
    }
    case 'instant':
    case 'date': {
      const moment = momentIn(field, value, read, undefined)
      if (isComparison(condition.op)) return { is: 'compared time', op: condition.op, moment }
      return { is: 'time', from: moment, to: moment, negated }
    }
  }
}

const isComparison = (op: string): op is Comparison => op === '<' || op === '<=' || op === '>' || op === '>='

const textIn = (field: Field, value: Value, read: Reader, index: number | undefined): string => {
  if (typeof value === 'string') return value
  read.refuse(faultOf('not_text', { field: field.label }), index)
  return ''
}

const wordsIn = (field: Field, value: Value, read: Reader): Test => {
  const words = soughtWords(textIn(field, value, read, undefined))
  if (words.length === 0) read.refuse(faultOf('no_words', { value: shortened(String(value)) }))
  return { is: 'words', words }
}

const numberIn = (
  field: Field,
  whole: boolean,
  value: Value,
  read: Reader,
  index: number | undefined,
): number => {
  if (typeof value !== 'number') read.refuse(faultOf('not_a_number', { field: field.label }), index)
  else if (whole && !Number.isSafeInteger(value))
    read.refuse(faultOf('not_whole', { field: field.label }), index)
  else return value
  return 0
}

const momentIn = (field: Field, value: Value, read: Reader, index: number | undefined): Moment => {
  const moment = typeof value === 'string' ? momentOf(value) : undefined
  if (moment !== undefined && (field.type !== 'date' || isDays(moment))) return moment
  read.refuse(
    faultOf(field.type === 'date' ? 'not_a_day' : 'not_a_time', { value: shortened(String(value)) }),
    index,
  )
  return { kind: 'now', amount: 0, unit: 'm' }
}

const choiceIn = (
  field: Field,
  choices: readonly Choice[],
  value: Value,
  read: Reader,
  index: number | undefined,
): string => {
  const choice = choices.find((one) => one.value === value)
  if (choice !== undefined) return choice.value
  const offered = choices.filter((one) => one.retired !== true).map((one) => one.value)
  const few = offered.length <= 12 ? offered : []
  read.refuse(
    faultOf('not_a_choice', { field: field.label, value: shortened(String(value)), choices: few }),
    index,
  )
  return ''
}

const choicesPassing = (choices: readonly Choice[], op: Comparison, value: string): readonly string[] => {
  const place = choices.findIndex((one) => one.value === value)
  const passes = (index: number): boolean => {
    if (index === place) return op === '<=' || op === '>='
    return index < place ? op === '<' || op === '<=' : op === '>' || op === '>='
  }
  return choices.filter((_, index) => passes(index)).map((one) => one.value)
}

const inLetters = (letters: 'upper' | 'lower' | undefined, text: string): string => {
  if (letters === 'upper') return text.replace(/[a-z]+/g, (part) => part.toUpperCase())
  if (letters === 'lower') return text.replace(/[A-Z]+/g, (part) => part.toLowerCase())
  return text
}

const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
export const isId = (text: string): boolean => idForm.test(text)
