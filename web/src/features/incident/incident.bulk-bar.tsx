import { Button } from '@mantine/core'
import { say } from '../../language/say.ts'
import { useKeys } from '../../ui/keys.ts'
import type { BulkKind } from './incident.bulk-form.ts'

const bulkKeys = [
  ['a', 'assign'],
  ['s', 'move'],
  ['p', 'priority'],
  ['m', 'comment'],
  ['n', 'note'],
  ['e', 'edit'],
] as const satisfies readonly (readonly [string, BulkKind])[]

/** What can be done to every chosen incident; its keys go before those of a single record. */
export const BulkBar = ({ onChange }: { readonly onChange: (kind: BulkKind) => void }) => {
  useKeys(
    bulkKeys.map(([keys, kind]) => ({
      keys,
      group: say('list.selection'),
      does: say(`bulk.${kind}`),
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
      {say(`bulk.${kind}`)}
    </Button>
  ))
}
