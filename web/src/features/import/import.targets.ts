import type { CustomFieldView } from '@evenkeel/contract/field'
import {
  attributeOf,
  type ImportKindName,
  type ImportShape,
  incidentShape,
  itemShape,
  relationShape,
} from '@evenkeel/contract/import-mapping'
import type { ItemClassView } from '@evenkeel/contract/item-class'
import { itemStates, relationTypes } from '@evenkeel/contract/item'
import { useQuery } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { useCustomFields } from '../incident/incident.custom-values.ts'
import { itemClassesQuery } from '../item/item.api.ts'
import { fieldLabel, type Target, type TargetGroup, targetGroups, valueText } from './import.fields.ts'

const stateWords = (): Record<string, string> =>
  Object.fromEntries(itemStates.map((state) => [state, say(`item.state.${state}`)]))
const relationWords = (): Record<string, string> =>
  Object.fromEntries(relationTypes.map((type) => [type, say(`item.relation.${type}`)]))

/** What a row says of an item: what it is first, then its attributes by name. */
const itemGroups = (classes: readonly ItemClassView[]): readonly TargetGroup[] => {
  const { targets } = itemShape(classes)
  const attributes = new Map(
    classes.flatMap((one) => one.attributes.map((attribute) => [attribute.key, attribute] as const)),
  )
  const own: Target[] = []
  const rest: Target[] = []
  for (const [field, target] of Object.entries(targets)) {
    const attribute = attributes.get(attributeOf(field) ?? '')
    if (attribute !== undefined)
      rest.push({
        field,
        label: attribute.label,
        target,
        ...(target.type === 'choice'
          ? { words: Object.fromEntries(attribute.choices.map(({ value, label }) => [value, label])) }
          : {}),
      })
    else if (field === 'class')
      own.push({
        field,
        label: say('import.item.class'),
        target,
        words: Object.fromEntries(classes.map(({ key, label }) => [key, label])),
      })
    else if (field === 'state')
      own.push({ field, label: say('import.item.state'), target, words: stateWords() })
    else own.push({ field, label: say('import.item.name'), target })
  }
  return [
    { group: 'item', targets: own },
    { group: 'attributes', targets: rest.toSorted((a, b) => a.label.localeCompare(b.label)) },
  ]
}

const relationGroups = (): readonly TargetGroup[] => [
  {
    group: 'relation',
    targets: [
      { field: 'from', label: say('import.relation.from'), target: relationShape.targets.from },
      {
        field: 'type',
        label: say('import.relation.type'),
        target: relationShape.targets.type,
        words: relationWords(),
      },
      { field: 'to', label: say('import.relation.to'), target: relationShape.targets.to },
    ],
  },
]

const groupsOf = (
  kind: ImportKindName,
  custom: readonly CustomFieldView[],
  classes: readonly ItemClassView[],
): readonly TargetGroup[] => {
  switch (kind) {
    case 'incident':
      return targetGroups(custom)
    case 'item':
      return itemGroups(classes)
    case 'item_relation':
      return relationGroups()
  }
}

/** Everything a column can become, by what the file holds. */
export const useTargetGroups = (kind: ImportKindName): readonly TargetGroup[] => {
  const custom = useCustomFields()
  const classes = useQuery({ ...itemClassesQuery, enabled: kind === 'item' })
  return groupsOf(kind, custom, classes.data?.classes ?? [])
}

/** Fields and values in words, where a batch tells of them. */
export const useFieldWords = (kind: ImportKindName) => {
  const targets = new Map(
    useTargetGroups(kind).flatMap((group) => group.targets.map((target) => [target.field, target] as const)),
  )
  return {
    label: (field: string): string => targets.get(field)?.label ?? fieldLabel(field),
    text: (field: string, value: string): string => valueText(targets.get(field) ?? { field }, value),
  }
}

export const neededOf = (kind: ImportKindName): ImportShape['needed'] =>
  kind === 'incident' ? incidentShape.needed : kind === 'item' ? itemShape([]).needed : relationShape.needed
