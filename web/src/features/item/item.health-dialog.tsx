import { itemHealths, type ItemHealth, type ItemPage } from '@evenkeel/contract/item'
import { Select, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { instantOf } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { itemKey, itemsKey } from './item.api.ts'
import { ReasonField } from './item.reason-field.tsx'

/** How an item itself is, said by a person; what stands on it follows. */
export const SayHealthDialog = ({
  item,
  onClose,
}: {
  readonly item: ItemPage
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const [health, setHealth] = useState<ItemHealth>(item.health.own)
  const [reason, setReason] = useState(item.saidHealth?.reason ?? '')
  const [until, setUntil] = useState('')
  return (
    <FormDialog
      title={say('item.sayHealthTitle', { name: item.name })}
      submit={say('form.save')}
      onClose={onClose}
      onSubmit={async () => {
        await client.sayItemHealth({
          params: { id: item.id },
          body: {
            health,
            reason,
            ...(until === '' ? {} : { until: instantOf(until, readerZone().timeZone) }),
          },
        })
        await queries.invalidateQueries({ queryKey: itemKey(item.id) })
        void queries.invalidateQueries({ queryKey: itemsKey })
      }}
    >
      <Select
        label={say('item.health')}
        description={say('item.sayHealthHint')}
        data={itemHealths.map((value) => ({ value, label: say(`item.health.${value}`) }))}
        value={health}
        allowDeselect={false}
        data-autofocus
        onChange={(value) => setHealth(itemHealths.find((one) => one === value) ?? 'up')}
      />
      <ReasonField value={reason} onChange={setReason} />
      <TextInput
        type="datetime-local"
        label={say('item.until')}
        description={say('item.untilHint')}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
