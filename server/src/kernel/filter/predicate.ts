import type { Bound, Comparison, Test } from './bind.ts'
import { type FilterContext, idsFor } from './context.ts'
import type { Field } from './fields.ts'
import { fold } from './fold.ts'
import { daysOf, isDays, type Moment, spanOf } from './moment.ts'
import { holdsWords, wordsOf } from './words.ts'

/**
 * A record as rules see it: values by field name. Absent, null, the empty text and the empty list are all "empty". Instants are
 * `Temporal.Instant`, `Date`, RFC 3339 or milliseconds since the epoch; dates are `YYYY-MM-DD`; ids are in lower case.
 */
export type Facts = { readonly [field: string]: Fact }
export type Fact =
  | string
  | number
  | boolean
  | Date
  | { readonly epochMilliseconds: number }
  | readonly string[]
  | null
  | undefined

export type Predicate = (facts: Facts, context: FilterContext) => boolean

/**
 * The filter as a function, for rules. Says of every record what `filterSql` says of its row.
 * The function throws a TypeError when a value is of another type than its field: that is a mistake in what gathers the facts,
 * and a rule that is silently false would hide it.
 */
export const predicateOf = (bound: Bound): Predicate => {
  if ('all' in bound) {
    const parts = bound.all.map(predicateOf)
    return (facts, context) => parts.every((part) => part(facts, context))
  }
  if ('any' in bound) {
    const parts = bound.any.map(predicateOf)
    return (facts, context) => parts.some((part) => part(facts, context))
  }
  if ('not' in bound) {
    const part = predicateOf(bound.not)
    return (facts, context) => !part(facts, context)
  }
  const { field, test } = bound
  const holds = testing(field, test)
  return (facts, context) => holds(Object.hasOwn(facts, field.name) ? facts[field.name] : undefined, context)
}

type Holds = (fact: Fact, context: FilterContext) => boolean

const testing = (field: Field, test: Test): Holds => {
  switch (test.is) {
    case 'set':
      return (fact) => !isEmpty(fact) === test.holds
    case 'one of':
      return oneOf(field, test)
    case 'number': {
      const sought = new Set(test.values)
      return (fact) => !isEmpty(fact) && sought.has(numberIn(field, fact)) !== test.negated
    }
    case 'compared number':
      return (fact) => !isEmpty(fact) && compares(numberIn(field, fact), test.op, test.value)
    case 'boolean':
      return (fact) => !isEmpty(fact) && booleanIn(field, fact) === test.value
    case 'containing':
      return (fact) => !isEmpty(fact) && fold(textIn(field, fact)).includes(test.part)
    case 'starting':
      return (fact) => !isEmpty(fact) && comparable(field, textIn(field, fact)).startsWith(test.part)
    case 'words':
      return (fact) => !isEmpty(fact) && holdsWords(wordsOf(textIn(field, fact)), test.words)
    case 'time':
    case 'compared time':
      return field.type === 'date' ? dayTest(field, test) : instantTest(field, test)
  }
}

const isEmpty = (fact: Fact): boolean =>
  fact === null || fact === undefined || fact === '' || (Array.isArray(fact) && fact.length === 0)

const oneOf = (field: Field, test: Extract<Test, { is: 'one of' }>): Holds => {
  const fixed = new Set(test.values)
  const idsOf = onceFor((context: FilterContext) =>
    test.relative.length === 0 ? fixed : new Set([...fixed, ...idsFor(test.relative, context)]),
  )
  if (field.type === 'list of references') {
    return (fact, context) => {
      if (isEmpty(fact)) return false
      const ids = idsOf(context)
      return listIn(field, fact).some((id) => ids.has(id)) !== test.negated
    }
  }
  return (fact, context) =>
    !isEmpty(fact) && idsOf(context).has(comparable(field, textIn(field, fact))) !== test.negated
}

type TimeTest = Extract<Test, { is: 'time' | 'compared time' }>

const instantTest = (field: Field, test: TimeTest): Holds => {
  if (test.is === 'time') {
    const spanIn = onceFor((context) => stretch(test, (moment) => spanOf(moment, context)))
    return (fact, context) => {
      if (isEmpty(fact)) return false
      const { from, to } = spanIn(context)
      const at = instantIn(field, fact)
      return (at >= from && at < to) !== test.negated
    }
  }
  const spanIn = onceFor((context) => spanOf(test.moment, context))
  return (fact, context) => !isEmpty(fact) && lies(instantIn(field, fact), test.op, spanIn(context))
}

const dayTest = (field: Field, test: TimeTest): Holds => {
  const days = (moment: Moment, context: FilterContext) => {
    if (!isDays(moment))
      throw new TypeError(`${field.name} holds days; the filter was not made by bindFilter`)
    return daysOf(moment, context)
  }
  if (test.is === 'time') {
    const daysIn = onceFor((context) => stretch(test, (moment) => days(moment, context)))
    return (fact, context) => {
      if (isEmpty(fact)) return false
      const { from, to } = daysIn(context)
      const day = textIn(field, fact)
      return (day >= from && day < to) !== test.negated
    }
  }
  const daysIn = onceFor((context) => days(test.moment, context))
  return (fact, context) => !isEmpty(fact) && lies(textIn(field, fact), test.op, daysIn(context))
}

const stretch = <Edge>(
  test: Extract<Test, { is: 'time' }>,
  resolve: (moment: Moment) => { readonly from: Edge; readonly to: Edge },
): { readonly from: Edge; readonly to: Edge } => ({ from: resolve(test.from).from, to: resolve(test.to).to })

const lies = <Edge extends number | string>(
  at: Edge,
  op: Comparison,
  { from, to }: { readonly from: Edge; readonly to: Edge },
): boolean => {
  switch (op) {
    case '<':
      return at < from
    case '<=':
      return at < to
    case '>':
      return at >= to
    case '>=':
      return at >= from
  }
}

const compares = (left: number, op: Comparison, right: number): boolean => {
  switch (op) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

/** Rules run one context over many records: what `today` is, is worked out once. */
const onceFor = <Answer>(work: (context: FilterContext) => Answer): ((context: FilterContext) => Answer) => {
  let last: { readonly context: FilterContext; readonly answer: Answer } | undefined
  return (context) => {
    if (last?.context !== context) last = { context, answer: work(context) }
    return last.answer
  }
}

const comparable = (field: Field, text: string): string => (field.type === 'text' ? fold(text) : text)

const mistaken = (field: Field, fact: Fact): TypeError =>
  new TypeError(`the value of ${field.name} should be a ${field.type}, not ${typeof fact}`)

const textIn = (field: Field, fact: Fact): string => {
  if (typeof fact === 'string') return fact
  // Choices may be kept as small integers.
  if (typeof fact === 'number' && (field.type === 'choice' || field.type === 'ordered choice'))
    return String(fact)
  throw mistaken(field, fact)
}

const numberIn = (field: Field, fact: Fact): number => {
  if (typeof fact === 'number') return fact
  // The database driver gives bigint and numeric as text.
  const number = typeof fact === 'string' ? Number(fact) : Number.NaN
  if (Number.isNaN(number)) throw mistaken(field, fact)
  return number
}

const booleanIn = (field: Field, fact: Fact): boolean => {
  if (typeof fact === 'boolean') return fact
  throw mistaken(field, fact)
}

const instantIn = (field: Field, fact: Fact): number => {
  if (typeof fact === 'number') return Math.floor(fact)
  if (typeof fact === 'string') {
    const at = Date.parse(fact)
    if (!Number.isNaN(at)) return at
  } else if (fact instanceof Date) return fact.getTime()
  else if (typeof fact === 'object' && fact !== null && 'epochMilliseconds' in fact)
    return fact.epochMilliseconds
  throw mistaken(field, fact)
}

const listIn = (field: Field, fact: Fact): readonly string[] => {
  if (typeof fact !== 'object' || fact === null || fact instanceof Date || 'epochMilliseconds' in fact) {
    throw mistaken(field, fact)
  }
  return fact
}
