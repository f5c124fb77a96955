import type { Saying } from '../../kernel/language/saying.ts'
import { Refusal, type Ground } from '../../kernel/refusal.ts'
import type { CustomField } from './record.custom-fields.ts'
import { says } from './record.reasons.ts'

export type CustomValue = string | number | boolean | null
export type CustomValues = Readonly<Record<string, CustomValue>>

/**
 * Custom values as they are kept, or a refusal naming each that is wrong. A field the writer may not see is refused like one that does
 * not exist. Null takes a value away.
 * @param before what the record holds; null for one that is being made, which then needs every required field
 */
export const customValues = (
  fields: readonly CustomField[],
  kind: string,
  internal: boolean,
  given: CustomValues,
  before: CustomValues | null,
): Record<string, CustomValue> => {
  const writable = new Map(
    fields
      .filter((field) => field.recordKind === kind && field.isActive && (internal || !field.isInternal))
      .map((field) => [field.key, field]),
  )
  const reasons: Ground[] = []
  const result = new Map<string, CustomValue>(Object.entries(before ?? {}))
  for (const [key, value] of Object.entries(given)) {
    const field = writable.get(key)
    const wrong = field === undefined ? says('custom.none') : value === null ? null : faultIn(field, value)
    if (wrong !== null) reasons.push({ code: 'custom_field', field: `custom.${key}`, message: wrong })
    else if (value === null || value === '') result.delete(key)
    else result.set(key, value)
  }
  for (const field of writable.values()) {
    const touched = before === null || Object.hasOwn(given, field.key)
    if (field.isRequired && touched && !result.has(field.key)) {
      reasons.push({
        code: 'required',
        field: `custom.${field.key}`,
        message: says('custom.needed', { field: field.label }),
      })
    }
  }
  if (reasons.length > 0) throw new Refusal('invalid', reasons)
  return Object.fromEntries(result)
}

const faultIn = (field: CustomField, value: string | number | boolean): Saying | null => {
  switch (field.type) {
    case 'text':
      return typeof value === 'string' ? null : says('custom.text', { field: field.label })
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
        ? null
        : says('custom.number', { field: field.label })
    case 'boolean':
      return typeof value === 'boolean' ? null : says('custom.boolean', { field: field.label })
    case 'date':
      return typeof value === 'string' && isDay(value) ? null : says('custom.date', { field: field.label })
    case 'choice':
      return typeof value === 'string' && field.choices.includes(value)
        ? null
        : says('custom.choice', { field: field.label, choices: field.choices.join(', ') })
  }
}

/** A day of the calendar: 30 February is none. */
const isDay = (text: string): boolean => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
