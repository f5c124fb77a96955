import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { instantOf } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { ItemFilterField } from '../item/item.filter-field.tsx'

export const BeginDialog = ({
  onClose,
  onDone,
}: {
  readonly onClose: () => void
  readonly onDone: (id: string) => Promise<unknown>
}) => {
  const [name, setName] = useState('')
  const [filter, setFilter] = useState('')
  const [due, setDue] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  return (
    <FormDialog
      title={say('attestation.begin')}
      submit={say('attestation.begin')}
      ready={name.trim() !== '' && due !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const { id } = await client.openAttestation({
          body: {
            name: name.trim(),
            filter: filter.trim(),
            dueAt: instantOf(`${due}T23:59`, readerZone().timeZone),
          },
          idempotencyKey: key,
        })
        await onDone(id)
      }}
    >
      <TextInput
        label={say('attestation.column.name')}
        description={say('attestation.nameHint')}
        value={name}
        maxLength={120}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ItemFilterField
        label={say('attestation.filter')}
        description={say('attestation.filterHint')}
        value={filter}
        onChange={setFilter}
      />
      <TextInput
        type="date"
        label={say('attestation.due')}
        description={say('attestation.dueHint')}
        value={due}
        onChange={(event) => setDue(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
