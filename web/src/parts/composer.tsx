import type { Audience } from '@evenkeel/contract/record'
import { Button } from '@mantine/core'
import Lock from 'lucide-react/icons/lock'
import MessageSquare from 'lucide-react/icons/message-square'
import { type KeyboardEvent, useImperativeHandle, useRef, useState, type Ref } from 'react'
import { say } from '../language/say.ts'
import { useDraft } from '../ui/draft.ts'
import { Fault } from '../ui/fault.tsx'
import classes from './composer.module.css'

export type ComposerHandle = { readonly write: (audience: Audience) => void }

type Props = {
  /** Whose draft of which record: drafts survive a closed tab. */
  readonly draftKey: string
  /** What this reader may write; the first is where it begins. */
  readonly audiences: readonly [Audience, ...Audience[]]
  /** Who reads a comment, by name. */
  readonly callerName: string
  /** The writer is the caller: a comment goes to the team then. */
  readonly writerIsCaller: boolean
  readonly onSend: (audience: Audience, body: string) => Promise<void>
  readonly handle?: Ref<ComposerHandle>
}

/** Says who will read it, before, while and when it is sent: in color, border, words and button. Switching keeps the text. */
export const Composer = ({ draftKey, audiences, callerName, writerIsCaller, onSend, handle }: Props) => {
  const [text, setText, clear] = useDraft(`${draftKey}:text`)
  const [drafted, setDrafted] = useDraft(`${draftKey}:audience`)
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<unknown>()
  const field = useRef<HTMLTextAreaElement>(null)
  const audience = audiences.find((one) => one === drafted) ?? audiences[0]

  useImperativeHandle(handle, () => ({
    write: (wanted) => {
      if (audiences.includes(wanted)) setDrafted(wanted)
      field.current?.focus()
    },
  }))

  const send = async (): Promise<void> => {
    const body = text.trim()
    if (body === '' || sending) return
    setSending(true)
    setError(undefined)
    try {
      await onSend(audience, body)
      clear()
    } catch (failure) {
      setError(failure)
    } finally {
      setSending(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void send()
    } else if (event.key === 'Escape') field.current?.blur()
  }

  const readers =
    audience === 'team'
      ? say('composer.noteReaders')
      : writerIsCaller
        ? say('composer.replyReaders')
        : say('composer.commentReaders', { name: callerName })
  return (
    <form
      className={classes['composer']}
      data-audience={audience}
      data-filled={text !== '' || undefined}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {audiences.length > 1 && (
        <div role="radiogroup" aria-label={say('composer.audience')} className={classes['audiences']}>
          {audiences.map((one) => (
            <label
              key={one}
              className={classes['audience']}
              data-audience={one}
              data-checked={one === audience || undefined}
            >
              <input
                type="radio"
                name={`${draftKey}-audience`}
                className="visually-hidden"
                checked={one === audience}
                onChange={() => {
                  setDrafted(one)
                  field.current?.focus()
                }}
              />
              {one === 'team' ? <Lock size={14} aria-hidden /> : <MessageSquare size={14} aria-hidden />}
              {one === 'team' ? say('composer.note') : say('composer.comment')}
            </label>
          ))}
        </div>
      )}
      <textarea
        ref={field}
        className={classes['field']}
        rows={1}
        maxLength={65_536}
        value={text}
        aria-label={audience === 'team' ? say('composer.note') : say('composer.comment')}
        aria-describedby={`${draftKey}-readers`}
        placeholder={
          audience === 'team'
            ? say('composer.notePlaceholder')
            : say('composer.commentPlaceholder', { kind: writerIsCaller ? 'reply' : 'other' })
        }
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {error !== undefined && <Fault error={error} kept={say('composer.kept')} />}
      <div className={classes['foot']}>
        <span id={`${draftKey}-readers`} className={classes['readers']}>
          {audience === 'team' ? <Lock size={12} aria-hidden /> : <MessageSquare size={12} aria-hidden />}
          {readers}
        </span>
        <Button
          type="submit"
          size="compact-md"
          className={classes['send'] ?? ''}
          loading={sending}
          disabled={text.trim() === ''}
        >
          {audience === 'team'
            ? say('composer.sendNote')
            : say('composer.sendComment', { kind: writerIsCaller ? 'reply' : 'other' })}
        </Button>
      </div>
    </form>
  )
}
