import type { ImportFault } from '@evenkeel/contract/import'
import type { ImportTarget } from '@evenkeel/contract/import-mapping'
import { type Saying } from '../language/saying.ts'
import type { ReadInstant } from './instant-format.ts'
import { says } from './mapping.reasons.ts'
import type { CustomField } from './row.ts'

/** What a text becomes as a value of a field, or why it cannot. */
export type Taken =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly code: ImportFault['code']; readonly saying: Saying }
export type TakeValue = (text: string) => Taken

/** As long as the columns they end in; names and addresses fit in 200 too. */
const longestText = 200
const longestWords = 65_536

const taken = (value: string): Taken => ({ ok: true, value })
const not = (code: ImportFault['code'], saying: Saying): Taken => ({ ok: false, code, saying })

/** The database takes neither NUL nor half a surrogate pair. */
export const isReadable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

const unreadable = not('untranslated', says('value.unreadable'))
const readable =
  (take: TakeValue): TakeValue =>
  (text) =>
    isReadable(text) ? take(text) : unreadable

// Refused, not cut: the end of a title is where "not in production" stands.
const upTo =
  (most: number): TakeValue =>
  (text) =>
    text.length <= most ? taken(text) : not('too_long', says('value.tooLong', { most }))

/** One line: what breaks in the file is a space here. */
const lineUpTo = (most: number): TakeValue => {
  const line = upTo(most)
  return (text) => line(/[\n\r\t\f\v]/.test(text) ? text.replaceAll(/\s+/g, ' ').trim() : text)
}
const oneLine = lineUpTo(longestText)

const choice = (choices: readonly string[], code: 'untranslated' | 'not_a_choice'): TakeValue => {
  const none = not(code, says('value.notAChoice', { choices: choices.join(', ') }))
  return (text) => (choices.includes(text) ? taken(text) : none)
}

const notAFlag = not('not_a_flag', says('value.notAFlag'))
const flag: TakeValue = (text) =>
  /^true$/i.test(text) ? taken('true') : /^false$/i.test(text) ? taken('false') : notAFlag

const notANumber = not('not_a_number', says('value.notANumber'))
const count: TakeValue = (text) => (/^\d{1,9}$/.test(text) ? taken(String(Number(text))) : notANumber)

/** Takes what a field of the kind can hold. */
export const takeFor = (
  target: ImportTarget,
  instant: { readonly format: string; readonly read: ReadInstant },
): TakeValue => {
  switch (target.type) {
    case 'words':
      return readable(upTo(longestWords))
    case 'instant':
      return takeInstant(instant)
    case 'choice':
      return readable(choice(target.choices, 'untranslated'))
    case 'flag':
      return flag
    case 'count':
      return count
    case 'number':
      return decimal
    case 'day':
      return takeDay(instant.read, 'not_a_day')
    case 'money':
      return money
    case 'list':
      return listOf(takeFor(target.of, instant))
    case 'text':
      return readable(target.most === undefined ? oneLine : lineUpTo(target.most))
    default:
      return readable(oneLine)
  }
}

const takeInstant = ({
  format,
  read,
}: {
  readonly format: string
  readonly read: ReadInstant
}): TakeValue => {
  const notAnInstant = not('not_an_instant', says('value.notAnInstant', { format }))
  return (text) => {
    const instant = read(text)
    return instant === undefined ? notAnInstant : taken(new Date(instant).toISOString())
  }
}

const notMoney = not('not_an_amount', says('value.notMoney'))
/** `1,234.50 EUR`, `EUR 1234.5`: an exact amount as it is kept. A comma before one or two last digits is a decimal one. */
const money: TakeValue = (text) => {
  const match = /^(?:([A-Z]{3})\s*)?(-?[\d.,' ]*\d)(?:\s*([A-Z]{3}))?$/.exec(text)
  const currency = match?.[1] ?? match?.[3]
  const written = (match?.[2] ?? '').replaceAll(/[' ]/g, '')
  const isComma = /,\d{1,2}$/.test(written) && !/,.*,/.test(written)
  const amount = isComma
    ? written.replaceAll('.', '').replace(',', '.')
    : /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(written)
      ? written.replaceAll(',', '')
      : written
  return currency !== undefined && /^-?\d{1,15}(?:\.\d{1,4})?$/.test(amount)
    ? taken(`${amount} ${currency}`)
    : notMoney
}

const mostListed = 200
/** Several, apart by line breaks, semicolons, bars or commas, kept as lines. */
const listOf =
  (take: TakeValue): TakeValue =>
  (text) => {
    const parts = text
      .split(/[\n;|,]/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
    if (parts.length > mostListed) return not('too_long', says('value.tooMany', { most: mostListed }))
    const values: string[] = []
    for (const part of parts) {
      const result = take(part)
      if (!result.ok) return result
      values.push(result.value)
    }
    return taken(values.join('\n'))
  }

const notADate = not('not_an_instant', says('value.notADate'))
const notADecimal = not('not_a_number', says('value.notADecimal'))
const decimal: TakeValue = (text) =>
  /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? taken(String(Number(text))) : notADecimal
/** A day, as itself or as the time of the file's format; it is that day in UTC. */
const takeDay =
  (read: ReadInstant, code: 'not_a_day' | 'not_an_instant'): TakeValue =>
  (text) => {
    const no = code === 'not_an_instant' ? notADate : not(code, says('value.notADate'))
    const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : read(text)
    if (day === undefined || Number.isNaN(day)) return no
    const written = new Date(day).toISOString().slice(0, 10)
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && written !== text ? no : taken(written)
  }

/** Takes what a tenant's own field can hold. A day may come as the time of the file's format; it is that day in UTC. */
export const takeForCustom = (field: CustomField, read: ReadInstant): TakeValue => {
  switch (field.type) {
    case 'text':
      return readable(upTo(4000))
    case 'number':
      return decimal
    case 'choice':
      return readable(choice(field.choices, 'not_a_choice'))
    case 'boolean':
      return flag
    case 'date':
      return takeDay(read, 'not_an_instant')
  }
}
