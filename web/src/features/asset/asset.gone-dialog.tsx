import type { ItemPage } from '@evenkeel/contract/item'
import { Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import classes from './asset.module.css'

const methods = ['clear', 'purge', 'destroy'] as const
const texts = {
  dispose: 'item.disposeText',
  write_off: 'asset.writeOffText',
  report_lost: 'asset.lostText',
} as const

/** Before something is gone: why, and of what bore patient or cardholder data, how it was sanitized. */
export const GoneDialog = ({
  item,
  offer,
  onDone,
  onClose,
}: {
  readonly item: ItemPage
  readonly offer: ItemPage['allowed'][number]
  readonly onDone: () => Promise<void>
  readonly onClose: () => void
}) => {
  const [note, setNote] = useState('')
  const [method, setMethod] = useState<string | null>(null)
  const [on, setOn] = useState('')
  const [by, setBy] = useState('')
  const [certificate, setCertificate] = useState('')
  const asks = offer.action === 'dispose' && item.asksSanitization
  const text =
    offer.action === 'write_off' || offer.action === 'report_lost' ? texts[offer.action] : texts.dispose
  const submit = async (): Promise<void> => {
    await client.moveItem({
      params: { id: item.id },
      version: item.version,
      body: {
        action: offer.action,
        note,
        values: asks
          ? {
              sanitized_by_method: method ?? '',
              sanitized_on: on,
              sanitized_by: by,
              sanitization_certificate: certificate,
            }
          : {},
      },
    })
    await onDone()
  }
  return (
    <FormDialog
      title={say('item.moveTitle', { move: offer.label, name: item.name })}
      submit={offer.label}
      ready={
        note.trim() !== '' &&
        (!asks || (method !== null && on !== '' && by.trim() !== '' && certificate.trim() !== ''))
      }
      onClose={onClose}
      onSubmit={submit}
    >
      <p className={classes['text']}>{say(text)}</p>
      <Textarea
        label={say('asset.reason')}
        required
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        value={note}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {asks && (
        <>
          <p className={classes['text']}>{say('asset.sanitizeText')}</p>
          <Select
            label={say('asset.method')}
            required
            data={methods.map((value) => ({ value, label: say(`asset.method.${value}`) }))}
            value={method}
            onChange={setMethod}
          />
          <TextInput
            type="date"
            label={say('asset.sanitizedOn')}
            required
            value={on}
            onChange={(event) => setOn(event.currentTarget.value)}
          />
          <TextInput
            label={say('asset.sanitizedBy')}
            required
            maxLength={200}
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
          <TextInput
            label={say('asset.certificate')}
            required
            maxLength={200}
            value={certificate}
            onChange={(event) => setCertificate(event.currentTarget.value)}
          />
        </>
      )}
    </FormDialog>
  )
}
