import type { FilterOperator } from '@evenkeel/contract/filter'
import type { Bound, Test } from './bind.ts'
import type { Field } from './fields.ts'
import { english, type Messages } from './messages.ts'
import { momentOf } from './moment.ts'

/** The filter as a sentence without a full stop: `priority is 1 or 2 and team is Network`. For explanations and for labels. */
export const describeFilter = (bound: Bound, messages: Messages = english): string =>
  sentence(bound, messages, true)

/** How the builder calls an operator of a field: `is before` for times, `is less than` for numbers. */
export const operatorLabel = (field: Field, op: FilterOperator, messages: Messages = english): string => {
  if (field.type === 'instant' || field.type === 'date') {
    const times: Partial<Record<FilterOperator, string>> = messages.timeOperators
    return times[op] ?? messages.operators[op]
  }
  return messages.operators[op]
}

const sentence = (bound: Bound, messages: Messages, outermost: boolean): string => {
  if ('all' in bound || 'any' in bound) {
    const parts = 'all' in bound ? bound.all : bound.any
    const [only] = parts
    if (only === undefined) return 'all' in bound ? messages.everything : messages.nothing
    if (parts.length === 1) return sentence(only, messages, outermost)
    const texts = parts.map((part) => sentence(part, messages, false))
    const joined = 'all' in bound ? messages.and(texts) : messages.or(texts)
    return outermost ? joined : messages.group(joined)
  }
  if ('not' in bound) {
    const inner = bound.not
    return 'test' in inner ? phrase(inner, messages, false) : messages.not(sentence(inner, messages, true))
  }
  return phrase(bound, messages, true)
}

type Leaf = Extract<Bound, { test: Test }>

const phrase = ({ field, test, condition }: Leaf, messages: Messages, holds: boolean): string => {
  const { label } = field
  const written = 'value' in condition ? [condition.value].flat() : []
  switch (test.is) {
    case 'set':
      return messages.isEmpty(label, test.holds !== holds)
    case 'one of': {
      const values =
        field.type === 'text' || field.type === 'keyword'
          ? written.map((value) => messages.quoted(String(value)))
          : [
              ...test.values.map((value) => nameOf(field, value)),
              ...test.relative.map((word) => messages.relative[word]),
            ]
      // An ordered comparison that no choice passes.
      if (values.length === 0) return holds ? messages.nothing : messages.everything
      return equality(field, messages.values(values), test.negated, messages, holds)
    }
    case 'number':
      return equality(field, messages.values(test.values.map(messages.number)), test.negated, messages, holds)
    case 'boolean':
      return messages.is(label, test.value ? messages.yes : messages.no, holds)
    case 'compared number': {
      const say = { '<': messages.less, '<=': messages.atMost, '>': messages.more, '>=': messages.atLeast }[
        test.op
      ]
      return say(label, messages.number(test.value), holds)
    }
    case 'containing':
      return messages.contains(label, messages.quoted(String(written[0])), holds)
    case 'starting':
      return messages.startsWith(label, messages.quoted(String(written[0])), holds)
    case 'words':
      return messages.hasWords(label, messages.quoted(String(written[0])), holds)
    case 'compared time': {
      const say = { '<': messages.before, '<=': messages.until, '>': messages.after, '>=': messages.since }[
        test.op
      ]
      return say(label, timeOf(written[0], messages), holds)
    }
    case 'time': {
      if (written.length === 2) {
        return messages.within(label, timeOf(written[0], messages), timeOf(written[1], messages), holds)
      }
      return equality(field, timeOf(written[0], messages), test.negated, messages, holds)
    }
  }
}

const equality = (
  field: Field,
  value: string,
  negated: boolean,
  messages: Messages,
  holds: boolean,
): string => {
  if (negated) return messages.isOther(field.label, value, holds)
  return field.type === 'list of references'
    ? messages.includes(field.label, value, holds)
    : messages.is(field.label, value, holds)
}

const nameOf = (field: Field, value: string): string => {
  switch (field.type) {
    case 'choice':
    case 'ordered choice':
      return field.choices.find((choice) => choice.value === value)?.label ?? value
    case 'reference':
    case 'list of references':
      return field.names?.nameOf(value) ?? value
    default:
      return value
  }
}

const timeOf = (written: unknown, messages: Messages): string => {
  const text = String(written)
  const moment = momentOf(text)
  return moment === undefined ? text : messages.moment(moment, text)
}
