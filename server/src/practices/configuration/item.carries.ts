import type { ItemState } from '@evenkeel/contract/item'

/** Items that are there to fail: what is planned, stored, retired or disposed of carries nothing. */
export const carries = ({ state }: { readonly state: ItemState }): boolean =>
  state === 'in_use' || state === 'in_repair'
