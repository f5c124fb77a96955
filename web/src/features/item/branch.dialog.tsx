import type { BranchPage } from '@evenkeel/contract/item-branch'
import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { instantOf, wallOf } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'

/** A new branch, or what is said of one: its name and when it is planned for. */
export const BranchDialog = ({
  branch,
  onClose,
  onDone,
}: {
  readonly branch?: BranchPage
  readonly onClose: () => void
  readonly onDone: (id: string) => Promise<unknown>
}) => {
  const { timeZone } = readerZone()
  const [name, setName] = useState(branch?.name ?? '')
  const [description, setDescription] = useState(branch?.description ?? '')
  const [from, setFrom] = useState(branch === undefined ? '' : wallOf(branch.startsAt, timeZone))
  const [until, setUntil] = useState(branch === undefined ? '' : wallOf(branch.endsAt, timeZone))
  const [key] = useState(() => crypto.randomUUID())
  return (
    <FormDialog
      title={branch === undefined ? say('branch.begin') : say('branch.edit')}
      submit={branch === undefined ? say('branch.begin') : say('form.save')}
      ready={name.trim() !== '' && from !== '' && until !== '' && from < until}
      onClose={onClose}
      onSubmit={async () => {
        const body = {
          name,
          description,
          startsAt: instantOf(from, timeZone),
          endsAt: instantOf(until, timeZone),
        }
        const { id } =
          branch === undefined
            ? await client.createBranch({ body, idempotencyKey: key })
            : await client.editBranch({ params: { id: branch.id }, version: branch.version, body })
        await onDone(id)
      }}
    >
      <TextInput
        label={say('branch.name')}
        description={say('branch.nameHint')}
        value={name}
        maxLength={120}
        required
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={say('branch.from')}
        value={from}
        required
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={say('branch.until')}
        value={until}
        required
        error={from !== '' && until !== '' && until <= from ? say('branch.order') : undefined}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <Textarea
        label={say('branch.description')}
        value={description}
        maxLength={4000}
        autosize
        minRows={2}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
