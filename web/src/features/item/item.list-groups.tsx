import type { FilterField } from '@evenkeel/contract/incident-list'
import { type ListedItem, ItemState } from '@evenkeel/contract/item'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { groupKeyOf, nothingKey } from '../../parts/listing-address.ts'
import { type GroupedBy, groupOptions } from '../../parts/listing-groups.ts'
import { Person } from '../../parts/person.tsx'
import { itemsKey } from './item.api.ts'
import { ItemStateTag } from './item.words.tsx'

/** How lists of items are divided. */
export const itemGroups: GroupedBy<ListedItem> = {
  query: (q, by, within) =>
    groupOptions([...itemsKey, 'groups', q, by, within ?? ''], () =>
      client.groupItems({
        query: {
          by,
          ...(q === '' ? {} : { q }),
          ...(within === undefined ? {} : { filter: within }),
        },
      }),
    ),
  keyOf: (row, field, groups) => {
    switch (field) {
      case 'class':
        return row.class
      case 'state':
        return row.state
      case 'owner':
        return groupKeyOf(row.owner?.id ?? null)
      case 'team':
        return groupKeyOf(row.supportTeam?.id ?? null)
      case 'criticality':
        return groupKeyOf(row.criticality === null ? null : String(row.criticality))
      default: {
        // Of an attribute a row has the words, as the parts do.
        const text = row.attributes[field.slice('attr.'.length)]
        return groups.find(({ label }) => label === text)?.value ?? nothingKey
      }
    }
  },
  labelOf: (field, value, label) => {
    if (value === null) return say('item.nothing')
    const { data: state } = ItemState.safeParse(value)
    if (field === 'state' && state !== undefined) return <ItemStateTag state={state} />
    if (field === 'owner') return <Person name={label} />
    if (field === 'criticality') return criticality(value)
    return label
  },
  // A class stands for those below it, wherever a filter names it; a part of the list is the class itself.
  foldedBy: { class: 'own_class' },
}

const levels = ['1', '2', '3', '4'] as const
const criticality = (value: string): string => {
  const level = levels.find((one) => one === value)
  return level === undefined ? value : say(`services.criticality.${level}`)
}

/** A field in the reader's words, as a line begins. */
export const fieldTitle = ({ label }: Pick<FilterField, 'label'>): string =>
  label.charAt(0).toLocaleUpperCase() + label.slice(1)
