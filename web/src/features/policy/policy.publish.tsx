import { Button, Radio, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { instantOf } from '../../language/time.ts'
import { Fault } from '../../ui/fault.tsx'
import type { PolicyKind } from './policy.api.ts'
import { Differences, effectSentence, type Preview } from './policy.effect.tsx'
import classes from './policy.module.css'
import { Dialog } from '../../ui/dialog.tsx'
import { SecurityEffects } from './policy.security-effect.tsx'

type Props = {
  readonly title: string
  readonly kind: PolicyKind
  readonly note: string
  readonly ready: boolean
  readonly preview?: Preview
  readonly onPublish: (note: string, effectiveFrom: string | undefined, key: string) => Promise<void>
  readonly onClose: () => void
}

/** The last look before it holds: what changes, why, and from when. */
export const PublishDialog = ({ title, kind, note: first, ready, preview, onPublish, onClose }: Props) => {
  const [note, setNote] = useState(first)
  const [when, setWhen] = useState<'now' | 'later'>('now')
  const [wall, setWall] = useState('')
  // Sent again after a lost answer, it is the same publication.
  const [key] = useState(() => crypto.randomUUID())
  const publish = useMutation({
    mutationFn: () =>
      onPublish(
        note.trim(),
        when === 'now' || wall === '' ? undefined : instantOf(wall, readerZone().timeZone),
        key,
      ),
  })
  return (
    <Dialog onClose={onClose} title={say('policy.publishTitle', { title })}>
      <form
        className={classes['dialog']}
        onSubmit={(event) => {
          event.preventDefault()
          publish.mutate()
        }}
      >
        {preview !== undefined && (
          <div className={classes['told']}>
            <p className={classes['effectSentence']}>{effectSentence(kind, preview)}</p>
            {preview.effects !== undefined && <SecurityEffects effects={preview.effects} />}
            <Differences differences={preview.differences} />
          </div>
        )}
        <Textarea
          label={say('policy.note')}
          description={say('policy.noteText')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          required
          withAsterisk={false}
          maxLength={500}
          autosize
          minRows={2}
          data-autofocus
        />
        <Radio.Group
          label={say('policy.when')}
          value={when}
          onChange={(value) => setWhen(value === 'later' ? 'later' : 'now')}
        >
          <div className={classes['radios']}>
            <Radio value="now" label={say('policy.now')} />
            <Radio value="later" label={say('policy.later')} />
          </div>
        </Radio.Group>
        {when === 'later' && (
          <TextInput
            type="datetime-local"
            label={say('policy.from')}
            value={wall}
            required
            withAsterisk={false}
            onChange={(event) => setWall(event.currentTarget.value)}
          />
        )}
        {publish.error !== null && <Fault error={publish.error} kept={say('policy.kept')} />}
        <div className={classes['acts']}>
          <Button variant="default" onClick={onClose}>
            {say('dialog.back')}
          </Button>
          <Button type="submit" loading={publish.isPending} disabled={!ready || note.trim() === ''}>
            {say('policy.publish')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
