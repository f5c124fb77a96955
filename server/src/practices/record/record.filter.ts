import type { Filter } from '@evenkeel/contract/filter'
import type { FilterField, IncidentFilter } from '@evenkeel/contract/incident-list'
import type { Bound } from '../../kernel/filter/bind.ts'
import { describeFilter } from '../../kernel/filter/describe.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import { messagesIn } from '../../kernel/filter/language.ts'
import { filterToText } from '../../kernel/filter/print.ts'

/** The fields of a list as one reader is offered them. */
export const offeredFields = (
  fields: Fields,
  groupable: ReadonlySet<string>,
  namedBy: ReadonlyMap<string, NonNullable<FilterField['names']>>,
): FilterField[] =>
  fields.all.map((field) => ({
    name: field.name,
    label: field.label,
    type: field.type,
    sortable: field.sortable === true,
    groupable: groupable.has(field.name),
    aliases: [...(field.aliases ?? [])],
    choices:
      'choices' in field
        ? field.choices
            .filter((choice) => !('retired' in choice && choice.retired))
            .map(({ value, label }) => ({ value, label }))
        : [],
    names: namedBy.get(field.name) ?? null,
    relative: 'relative' in field ? [...(field.relative ?? [])] : [],
    whole: 'whole' in field && field.whole,
  }))

/** A filter in all its forms. */
export const filterInAllForms = (
  where: readonly Bound[],
  fields: Fields,
  language: string,
): IncidentFilter => {
  const [first, second] = where
  const bound: Bound =
    first === undefined ? { all: [] } : second === undefined ? first : { all: [first, second] }
  return {
    filter: plainFilter(bound),
    text: filterToText(bound, fields),
    sentence: describeFilter(bound, messagesIn(language)),
    names: namesIn(bound),
  }
}

/** The filter that was bound. */
const plainFilter = (bound: Bound): Filter => {
  if ('all' in bound) return { all: bound.all.map(plainFilter) }
  if ('any' in bound) return { any: bound.any.map(plainFilter) }
  if ('not' in bound) return { not: plainFilter(bound.not) }
  return bound.condition
}

const namesIn = (bound: Bound): { id: string; name: string }[] => {
  const names = new Map<string, string>()
  const visit = (node: Bound): void => {
    if ('all' in node) node.all.forEach(visit)
    else if ('any' in node) node.any.forEach(visit)
    else if ('not' in node) visit(node.not)
    else if ('names' in node.field && 'value' in node.condition) {
      for (const value of [node.condition.value].flat()) {
        const name = node.field.names?.nameOf(String(value))
        if (name !== undefined) names.set(String(value), name)
      }
    }
  }
  visit(bound)
  return [...names].map(([id, name]) => ({ id, name }))
}
