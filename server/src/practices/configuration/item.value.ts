import type { ClassAttribute } from '@evenkeel/contract/item-class'
import { Money, type ItemValue } from '@evenkeel/contract/item'
import type { Saying } from '../../kernel/language/saying.ts'
import { isLei } from '../../kernel/identification/lei.ts'
import { labelIn } from './item-class.model.ts'
import { says } from './item.reasons.ts'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < '0001') return false
  const at = Date.parse(`${text}T00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

/** What is wrong with a value of an attribute; nothing when nothing is. Whether a reference leads somewhere is asked elsewhere. */
export const valueFault = (attribute: ClassAttribute, value: ItemValue): Saying | undefined => {
  const { label } = attribute
  if (attribute.type !== 'list') return oneFault(attribute.type, attribute, value)
  if (!Array.isArray(value)) return says('value.list', { label })
  if (value.length === 0) return says('value.empty', { label })
  for (const one of value) {
    const fault = oneFault(attribute.of ?? 'text', attribute, one)
    if (fault !== undefined) return fault
  }
  return undefined
}

const oneFault = (
  type: ClassAttribute['type'],
  attribute: ClassAttribute,
  value: ItemValue,
): Saying | undefined => {
  const { key, label, choices, pattern } = attribute
  switch (type) {
    case 'text':
      if (typeof value !== 'string') return says('value.text', { label })
      if (value.trim() === '') return says('value.empty', { label })
      if (key === 'lei' && !isLei(value)) return says('value.lei', { label })
      if (value.includes('\0') || !value.isWellFormed()) return says('value.text', { label })
      return pattern !== '' && !looksLike(pattern, value)
        ? says('value.pattern', { label, pattern })
        : undefined
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
        ? rangeFault(attribute, value)
        : says('value.number', { label })
    case 'choice':
      return choices.some((choice) => choice.value === value)
        ? undefined
        : says('value.choice', { label, choices: choices.map((choice) => choice.value).join(', ') })
    case 'date':
      return typeof value === 'string' && isDay(value) ? undefined : says('value.date', { label })
    case 'boolean':
      return typeof value === 'boolean' ? undefined : says('value.boolean', { label })
    case 'reference':
      return typeof value === 'string' && uuid.test(value) ? undefined : says('value.reference', { label })
    case 'money': {
      const { data } = Money.safeParse(value)
      return data === undefined ? says('value.money', { label }) : rangeFault(attribute, Number(data.amount))
    }
    case 'list':
      return says('value.list', { label })
  }
}

const rangeFault = ({ label, min, max }: ClassAttribute, value: number): Saying | undefined =>
  min !== null && value < min
    ? says('value.min', { label, min: String(min) })
    : max !== null && value > max
      ? says('value.max', { label, max: String(max) })
      : undefined

const places: ReadonlyMap<string, RegExp> = new Map([
  ['#', /^\p{Nd}$/u],
  ['@', /^\p{L}$/u],
  ['?', /^[\p{L}\p{Nd}]$/u],
])

/** Whether a text looks as a pattern says; read once from the front and once from the back, however long it is. */
export const looksLike = (pattern: string, text: string): boolean => {
  const [head = '', ...rest] = pattern.split('*')
  const [front, signs] = [Array.from(head), Array.from(text)]
  const fits = (wanted: readonly string[], given: readonly string[]): boolean =>
    wanted.every((one, at) => {
      const sign = given[at]
      return sign !== undefined && (places.get(one)?.test(sign) ?? one === sign)
    })
  const [tail] = rest
  if (tail === undefined) return front.length === signs.length && fits(front, signs)
  const back = Array.from(tail)
  return (
    signs.length >= front.length + back.length &&
    fits(front, signs) &&
    fits(back, signs.slice(signs.length - back.length))
  )
}

/** Ids that a value names. */
export const idsIn = (attribute: ClassAttribute, value: ItemValue): readonly string[] => {
  const isReference =
    attribute.type === 'reference' || (attribute.type === 'list' && attribute.of === 'reference')
  if (!isReference) return []
  return [value].flat().filter((one): one is string => typeof one === 'string')
}

export type NameOf = (kind: 'person' | 'team' | 'item', id: string) => string | undefined

type One = Exclude<ItemValue, readonly unknown[]>

/** How a value becomes a text. */
export type WriteValue = (
  attribute: ClassAttribute,
  value: ItemValue,
  language: string,
  nameOf: NameOf,
) => string

/** A value as people read it. Of a reference that this reader may not follow, that there is one. */
export const textOf: WriteValue = (attribute, value, language, nameOf) =>
  [value]
    .flat()
    .map((one) => readText(attribute, one, language) ?? oneText(attribute, one, language, nameOf))
    .join(', ')

/** A value as a file has it: days and money stay as programs and spreadsheets take them. */
export const filedText: WriteValue = (attribute, value, language, nameOf) =>
  [value]
    .flat()
    .map((one) => oneText(attribute, one, language, nameOf))
    .join(', ')

const kindOf = ({ type, of }: ClassAttribute): ClassAttribute['type'] =>
  type === 'list' ? (of ?? 'text') : type

// Formatters are costly to make and lists ask for thousands.
const madeOnce = <F>(make: (language: string, currency: string) => F) => {
  const made = new Map<string, F>()
  return (language: string, currency = ''): F => {
    const key = `${language} ${currency}`
    const format = made.get(key) ?? make(language, currency)
    made.set(key, format)
    return format
  }
}
const days = madeOnce(
  (language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }),
)
const money = madeOnce(
  (language, currency) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      maximumFractionDigits: 4,
    }),
)

/** An amount as the reader's language writes it. */
export const moneyText = ({ amount, currency }: Money, language: string): string => {
  const number = Number(amount)
  // More digits than a number holds would be written wrongly.
  return Math.abs(number) < 1e11 ? money(language, currency).format(number) : `${amount} ${currency}`
}

/** Days and money as the reader's language writes them. */
const readText = (attribute: ClassAttribute, value: One, language: string): string | undefined => {
  if (typeof value === 'object') return moneyText(value, language)
  if (kindOf(attribute) !== 'date' || typeof value !== 'string' || !isDay(value)) return undefined
  return days(language).format(Date.parse(`${value}T00:00Z`))
}

const oneText = (attribute: ClassAttribute, value: One, language: string, nameOf: NameOf): string => {
  const type = kindOf(attribute)
  if (typeof value === 'boolean') return says(value ? 'yes' : 'no').in(language)
  if (typeof value === 'number') {
    const number = new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(value)
    return attribute.unit === '' ? number : `${number} ${labelIn(attribute.unit, language)}`
  }
  if (typeof value === 'object') return `${value.amount} ${value.currency}`
  if (type === 'choice') {
    const choice = attribute.choices.find((one) => one.value === value)
    return choice === undefined ? value : labelIn(choice.label, language)
  }
  if (type === 'reference' && attribute.to !== undefined)
    return nameOf(attribute.to.kind, value) ?? says('hidden').in(language)
  return value
}
