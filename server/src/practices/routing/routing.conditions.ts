import type { ReadConditions, RoutingCondition, RoutingField } from '@evenkeel/contract/policy'
import { bindFilter } from '../../kernel/filter/bind.ts'
import { describeFilter } from '../../kernel/filter/describe.ts'
import { operatorsOf, type Fields, type Names } from '../../kernel/filter/fields.ts'
import { faultSaying, messagesIn } from '../../kernel/filter/language.ts'
import type { Fault } from '../../kernel/filter/messages.ts'
import { filterToText } from '../../kernel/filter/print.ts'
import { parseFilter } from '../../kernel/filter/text.ts'

type Named = ReadonlyMap<string, { readonly name: string }>

/** Names of what a rule may speak of. */
export const namesIn = (entries: Named): Names => ({
  idOf: (name) => {
    const sought = name.toLowerCase()
    for (const [id, entry] of entries) if (entry.name.toLowerCase() === sought) return id
    return undefined
  },
  nameOf: (id) => entries.get(id)?.name,
})

/** Fields of rules as their editor offers them. @param named what references are chosen from, by the name of the field */
export const offeredFields = (fields: Fields, named: Readonly<Record<string, Named>>): RoutingField[] =>
  fields.all.map((field) => ({
    name: field.name,
    label: field.label,
    type: field.type,
    operators: [...operatorsOf(field)],
    choices:
      'choices' in field
        ? field.choices.map(({ value, label }) => ({ value, label }))
        : [...(named[field.name] ?? [])].map(([id, { name }]) => ({ value: id, label: name })),
  }))

/** Conditions of rules in their three forms, or what is wrong with them. */
export const readConditions = (
  { conditions }: ReadConditions,
  fields: Fields,
  language: string,
): RoutingCondition[] => {
  const unread = (text: string, faults: readonly Fault[]): RoutingCondition => ({
    filter: null,
    text,
    sentence: '',
    faults: faults.map((fault) => faultSaying(fault).in(language)),
  })
  return conditions.map((given) => {
    const text = 'text' in given ? given.text : ''
    const reading =
      'text' in given ? parseFilter(given.text, fields) : ({ ok: true, filter: given.filter } as const)
    if (!reading.ok) return unread(text, reading.faults)
    const binding = bindFilter(reading.filter, fields)
    if (!binding.ok) return unread(text, binding.faults)
    return {
      filter: reading.filter,
      text: filterToText(binding.bound, fields),
      sentence: describeFilter(binding.bound, messagesIn(language)),
      faults: [],
    }
  })
}
