import type { Bound } from './bind.ts'
import { type Field, type Fields, operatorsOf } from './fields.ts'
import { signs } from './scan.ts'
import { emptyWord, longestText, setWord } from './text.ts'

/**
 * The filter as text for the search bar: `parseFilter` reads back exactly the filter that was bound. Ids come as names where a
 * name leads back to its id, unless the text would become too long to be read.
 */
export const filterToText = (bound: Bound, fields: Fields): string => {
  const text = whole(bound, { fields, names: true })
  return text.length <= longestText ? text : whole(bound, { fields, names: false })
}

type Writing = { readonly fields: Fields; readonly names: boolean }

const whole = (bound: Bound, writing: Writing): string => {
  if ('all' in bound) return joined(bound.all, 'and', ' ', writing)
  if ('any' in bound) return joined(bound.any, 'or', ' or ', writing)
  return factor(bound, writing)
}

// A group of one needs its connective in front, or it would be read as what is in it; so does an empty `any`.
const joined = (parts: readonly Bound[], word: 'and' | 'or', between: string, writing: Writing): string => {
  if (parts.length === 0) return word === 'or' ? 'or' : ''
  const text = parts.map((part) => factor(part, writing)).join(between)
  return parts.length === 1 ? `${word} ${text}` : text
}

const factor = (bound: Bound, writing: Writing): string => {
  if ('not' in bound)
    return `-${'not' in bound.not ? `(${factor(bound.not, writing)})` : factor(bound.not, writing)}`
  if ('test' in bound) return condition(bound, writing)
  return `(${whole(bound, writing)})`
}

const condition = ({ field, condition }: Extract<Bound, { field: Field }>, writing: Writing): string => {
  if (condition.op === 'is empty') return `${field.name}:${emptyWord}`
  if (condition.op === 'is set') return `${field.name}:${setWord}`
  if (condition.op === 'within') return `${field.name}:${condition.value.join('..')}`
  if (condition.op === 'in' || condition.op === 'not in') {
    const sign = condition.op === 'not in' ? '!=' : operatorsOf(field)[0] === '=' ? '' : '='
    const values = condition.value.map((value) => written(field, value, writing)).join(',')
    return `${field.name}:${sign}${values}${condition.value.length === 1 ? ',' : ''}`
  }
  if (field.name === writing.fields.search?.name) return writtenWords(String(condition.value))
  const { op } = condition
  const sign =
    op === operatorsOf(field)[0]
      ? ''
      : (signs.find((one) => one === op) ?? (op === 'starts with' ? '^' : '~'))
  return `${field.name}:${sign}${written(field, condition.value, writing)}`
}

const written = (field: Field, value: string | number | boolean, { names }: Writing): string => {
  if (typeof value !== 'string') return Object.is(value, -0) ? '-0' : String(value)
  // Times are made of letters, digits and signs that need no quotes.
  if (field.type === 'instant' || field.type === 'date') return value
  if (field.type !== 'reference' && field.type !== 'list of references') return writtenText(value)
  if (field.relative?.some((word) => word === value) === true) return value
  const name = names ? field.names?.nameOf(value) : undefined
  return name !== undefined && field.names?.idOf(name) === value ? writtenText(name) : value
}

const plainWord = /^[\p{L}\p{N}_][\p{L}\p{N}_.@/+-]*$/u
const reserved = ['and', 'or', emptyWord, setWord, 'me', 'my_teams']

const quoted = (text: string): string => `"${text.replace(/["\\]/g, (sign) => `\\${sign}`)}"`

/** A value as it is typed: bare where nothing in it has a meaning of its own. */
export const writtenText = (text: string): string =>
  plainWord.test(text) && !text.includes('..') && !reserved.includes(text.toLowerCase()) ? text : quoted(text)

const plainSearch = /^[\p{L}\p{N}][\p{L}\p{N}_.@/+-]*\*?$/u
const writtenWords = (text: string): string =>
  plainSearch.test(text) && !['and', 'or'].includes(text.toLowerCase()) ? text : quoted(text)
