import type { ItemAction, ItemValue } from '@evenkeel/contract/item'
import type { ItemChange } from '@evenkeel/contract/item-bulk'
import type { ClassAttribute, ItemClassView } from '@evenkeel/contract/item-class'

/** Attributes that are set for many most often, each with its key; `attribute` is any other. */
export const itemBulkKinds = ['owner', 'support_team', 'location', 'move', 'attribute'] as const
export type ItemBulkKind = (typeof itemBulkKinds)[number]

export type ItemBulkDraft = {
  readonly kind: ItemBulkKind
  readonly action: ItemAction | null
  readonly note: string
  /** Of any other attribute. */
  readonly key: string | null
  readonly value: ItemValue | undefined
  /** What people said is taken back, and what a source says counts again. */
  readonly takesBack: boolean
}

export const emptyItemBulk = (kind: ItemBulkKind): ItemBulkDraft => ({
  kind,
  action: null,
  note: '',
  key: null,
  value: undefined,
  takesBack: false,
})

const namedKinds: readonly string[] = itemBulkKinds

/** Every attribute that some class has: what an item's own class does not have is refused for this item alone. */
export const attributesOf = (classes: readonly ItemClassView[]): readonly ClassAttribute[] => {
  const known = new Map<string, ClassAttribute>()
  for (const one of classes)
    for (const attribute of one.attributes)
      if (!attribute.retired && !known.has(attribute.key)) known.set(attribute.key, attribute)
  return [...known.values()]
}

/** Those that have no button of their own. */
export const otherAttributes = (attributes: readonly ClassAttribute[]): readonly ClassAttribute[] =>
  attributes.filter(({ key }) => !namedKinds.includes(key))

export const keyIn = ({ kind, key }: ItemBulkDraft): string | null =>
  kind === 'move' ? null : kind === 'attribute' ? key : kind

/** What the draft means, or nothing while something is missing. */
export const changeOf = (draft: ItemBulkDraft): ItemChange | undefined => {
  const { action, note, value, takesBack } = draft
  if (draft.kind === 'move')
    return action === null ? undefined : { do: 'move', move: { action, note: note.trim(), values: {} } }
  const key = keyIn(draft)
  if (key === null || (value === undefined && !takesBack)) return undefined
  return { do: 'set', values: { [key]: takesBack ? null : (value ?? null) } }
}
