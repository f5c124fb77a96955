import { ItemClasses, ItemSources, ItemSource } from '@evenkeel/contract/item-class'
import { definePolicy } from '../../platform/policy/policy.ts'
import { shippedClasses } from './item-class.shipped.ts'

export const itemClassesPolicy = definePolicy<ItemClasses>({
  kind: 'item_classes',
  title: 'Classes of items',
  schema: ItemClasses,
  initial: shippedClasses,
})

/** What people say comes first, until an organization says otherwise. */
export const itemSourcesPolicy = definePolicy<ItemSources>({
  kind: 'item_sources',
  title: 'Sources of items',
  schema: ItemSources,
  initial: {
    sources: [ItemSource.parse({ name: 'hand', label: 'By hand' })],
    precedence: [],
    identification: [
      { class: 'hardware', by: [['serial'], ['asset_tag'], ['name', 'location']] },
      { class: 'server', by: [['serial'], ['asset_tag'], ['hostname', 'location'], ['hostname']] },
      { class: 'network_device', by: [['serial'], ['asset_tag'], ['hostname', 'location'], ['hostname']] },
      { class: 'medical_device', by: [['udi_di', 'serial'], ['serial'], ['asset_tag']] },
      { class: 'item', by: [['name']] },
    ],
  },
})
