import { Button } from '@mantine/core'
import { say } from '../../language/say.ts'
import { useKeys } from '../../ui/keys.ts'
import type { ItemBulkKind } from './item.bulk-form.ts'

const bulkKeys = [
  ['a', 'owner'],
  ['t', 'support_team'],
  ['l', 'location'],
  ['s', 'move'],
  ['e', 'attribute'],
] as const satisfies readonly (readonly [string, ItemBulkKind])[]

/** What can be said of every chosen item. */
export const ItemBulkBar = ({ onChange }: { readonly onChange: (kind: ItemBulkKind) => void }) => {
  useKeys(
    bulkKeys.map(([keys, kind]) => ({
      keys,
      group: say('list.selection'),
      does: say(`item.bulk.${kind}`),
      run: () => onChange(kind),
    })),
  )
  return bulkKeys.map(([keys, kind]) => (
    <Button
      key={kind}
      size="compact-sm"
      variant="default"
      aria-keyshortcuts={keys}
      onClick={() => onChange(kind)}
    >
      {say(`item.bulk.${kind}`)}
    </Button>
  ))
}
