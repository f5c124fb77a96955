import type { ImportBatch } from '@evenkeel/contract/import'
import { Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { batchQuery } from './import.api.ts'
import classes from './import.module.css'

const shortest = 3

/** Before a whole batch goes: what goes with it, what stays, and why it is done. */
export const VoidDialog = ({
  batch,
  onClose,
}: {
  readonly batch: ImportBatch
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const { records, updates, id } = batch
  const isDiscarded = batch.state !== 'imported' && batch.state !== 'paused'
  return (
    <FormDialog
      title={say(isDiscarded ? 'import.discardTitle' : 'import.voidTitle', { name: batch.fileName })}
      submit={say(isDiscarded ? 'import.discard' : 'import.void')}
      ready={reason.trim().length >= shortest}
      onClose={onClose}
      onSubmit={async () => {
        const voided = await withProof(() =>
          client.voidImport({ params: { id }, body: { reason: reason.trim() } }),
        )
        queries.setQueryData(batchQuery(id).queryKey, voided)
        // Lists, figures and searches showed them until now.
        void queries.invalidateQueries()
      }}
    >
      <div>
        <p className={classes['flat']}>
          <strong>{say('import.voidGoes')}</strong>
        </p>
        <ul className={classes['todo']}>
          {isDiscarded ? (
            <li>{say('import.voidFile')}</li>
          ) : (
            <>
              {batch.outcomes === null ? (
                <>
                  <li>{say('import.voidRecords', { records, updates })}</li>
                  <li>{say('import.voidWork')}</li>
                </>
              ) : (
                <>
                  <li>{say('import.voidItems')}</li>
                  <li>{say('import.voidAlone')}</li>
                </>
              )}
            </>
          )}
        </ul>
      </div>
      <div>
        <p className={classes['flat']}>
          <strong>{say('import.voidStays')}</strong>
        </p>
        <ul className={classes['todo']}>
          {!isDiscarded && (
            <li>{say(batch.outcomes === null ? 'import.voidMade' : 'import.voidItemsKept')}</li>
          )}
          <li>{say(isDiscarded ? 'import.discardKept' : 'import.voidKept')}</li>
        </ul>
      </div>
      <Textarea
        label={say('import.voidReason')}
        description={say('import.voidReasonHint')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
        withAsterisk={false}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
      />
    </FormDialog>
  )
}
