import type { PersonView } from '@evenkeel/contract/people'
import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import classes from './people.module.css'

/** Sees what somebody else sees, for a reason that is on record. */
export const ActingDialog = ({
  person,
  onClose,
}: {
  readonly person: PersonView
  readonly onClose: () => void
}) => {
  const [reason, setReason] = useState('')
  return (
    <FormDialog
      title={say('acting.title', { name: person.name })}
      submit={say('acting.begin')}
      ready={reason.trim().length >= 3}
      onClose={onClose}
      onSubmit={async () => {
        await withProof(() => client.actAs({ params: { id: person.id }, body: { reason: reason.trim() } }))
        // Somebody else from here on: nothing that was fetched before may stay on the page.
        window.location.assign('/')
      }}
    >
      <p className={classes['text']}>{say('acting.text', { name: person.name })}</p>
      <Textarea
        label={say('acting.reason')}
        description={say('acting.reasonHint', { name: person.name })}
        value={reason}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
