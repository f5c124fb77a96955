import { Refused } from '@evenkeel/contract/client'
import { Button } from '@mantine/core'
import Check from 'lucide-react/icons/check'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { say } from '../language/say.ts'
import classes from './edit-in-place.module.css'
import { Fault } from './fault.tsx'

/** Where an edit stands. What was typed is never dropped: not by a failure, not by somebody else's change. */
type Standing =
  | { readonly at: 'rest' }
  | { readonly at: 'editing' }
  | { readonly at: 'saving' }
  | { readonly at: 'saved' }
  | { readonly at: 'conflict' }
  | { readonly at: 'failed'; readonly error: unknown }

export type Saving = { readonly value: string; readonly onSave: (value: string) => Promise<void> }

const savedMilliseconds = 1600

/** The life of one edited text: begin, save on leaving, show the conflict when somebody else changed the same. */
const useEdit = ({ value, onSave }: Saving) => {
  const [standing, setStanding] = useState<Standing>({ at: 'rest' })
  const [text, setText] = useState(value)
  // What stood there when it began: somebody else may change it while one types.
  const [base, setBase] = useState(value)
  const save = async (wanted: string): Promise<void> => {
    if (wanted === value && standing.at !== 'conflict') {
      setStanding({ at: 'rest' })
      return
    }
    if (value !== base && standing.at === 'editing') {
      setStanding(wanted === base ? { at: 'rest' } : { at: 'conflict' })
      return
    }
    setStanding({ at: 'saving' })
    try {
      await onSave(wanted)
      setStanding({ at: 'saved' })
    } catch (error) {
      setStanding(
        error instanceof Refused && error.body.code === 'changed_meanwhile'
          ? { at: 'conflict' }
          : { at: 'failed', error },
      )
    }
  }
  useEffect(() => {
    if (standing.at !== 'saved') return undefined
    const timer = setTimeout(() => setStanding({ at: 'rest' }), savedMilliseconds)
    return () => clearTimeout(timer)
  }, [standing])
  return {
    standing,
    text,
    setText,
    begin: () => {
      if (standing.at === 'rest' || standing.at === 'saved') {
        setText(value)
        setBase(value)
      }
      setStanding({ at: 'editing' })
    },
    cancel: () => setStanding({ at: 'rest' }),
    save: (wanted: string) => void save(wanted),
  }
}

type TextProps = Saving & {
  readonly label: string
  readonly editable: boolean
  readonly multiline?: boolean
  /** An empty text is no value: leaving the field brings the old one back. */
  readonly required?: boolean
  readonly maxLength?: number
  readonly type?: 'text' | 'number' | 'date'
  readonly children: ReactNode
  readonly className?: string | undefined
}

/** A text that becomes a field when it is pressed, and is saved on leaving it. Escape gives up, Enter (Ctrl+Enter in several lines) saves. */
export const EditableText = (props: TextProps) => {
  const { value, label, editable, multiline = false, required = false, children, className } = props
  const edit = useEdit(props)
  const { standing, text, setText } = edit
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const editing = standing.at === 'editing' || standing.at === 'saving' || standing.at === 'failed'

  useEffect(() => {
    if (standing.at !== 'editing') return
    field.current?.focus()
    if (multiline) field.current?.setSelectionRange(text.length, text.length)
    else field.current?.select()
    // Only when editing begins.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [standing.at])

  // Ended by a key, the focus goes back to where the key was that began it.
  const begin = useRef<HTMLButtonElement>(null)
  const endedByKey = useRef(false)
  useEffect(() => {
    if (editing || !endedByKey.current) return
    endedByKey.current = false
    if (document.activeElement === document.body) begin.current?.focus()
  }, [editing])

  const finish = (): void => {
    if (standing.at === 'saving') return
    if (required && text.trim() === '') edit.cancel()
    else edit.save(required ? text.trim() : text)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      endedByKey.current = true
      edit.cancel()
    } else if (event.key === 'Enter' && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      endedByKey.current = true
      finish()
    }
  }
  const common = {
    ref: field,
    value: text,
    'aria-label': label,
    dir: 'auto',
    maxLength: props.maxLength,
    readOnly: standing.at === 'saving',
    onChange: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
    onBlur: finish,
    onKeyDown,
  }

  return (
    <div className={[classes['root'], className].filter(Boolean).join(' ')}>
      {editing &&
        (multiline ? (
          <textarea {...common} className={classes['area']} />
        ) : (
          <input {...common} type={props.type ?? 'text'} className={classes['field']} />
        ))}
      {!editing && (
        <div className={classes['shown']} data-editable={editable || undefined}>
          {children}
          {editable && (
            <button
              ref={begin}
              type="button"
              className={classes['begin']}
              onClick={edit.begin}
              aria-label={say('edit.begin', { field: label })}
            />
          )}
        </div>
      )}
      <SavedState at={standing.at} />
      {standing.at === 'failed' && <Fault error={standing.error} kept={say('edit.kept')} onRetry={finish} />}
      {standing.at === 'conflict' && (
        <Conflict
          field={label}
          theirs={value}
          mine={text}
          onTheirs={edit.cancel}
          onMine={() => edit.save(text)}
        />
      )}
    </div>
  )
}

/** Saving, saved: said quietly and to screen readers too. */
export const SavedState = ({ at }: { readonly at: Standing['at'] }) => (
  <span
    role="status"
    className={classes['state']}
    data-shown={at === 'saving' || at === 'saved' || undefined}
  >
    {at === 'saving' && say('edit.saving')}
    {at === 'saved' && (
      <>
        <Check size={12} aria-hidden /> {say('edit.saved')}
      </>
    )}
  </span>
)

/** Two people changed the same: both values, and the choice. */
export const Conflict = ({
  field,
  theirs,
  mine,
  onTheirs,
  onMine,
}: {
  readonly field: string
  readonly theirs: string
  readonly mine: string
  readonly onTheirs: () => void
  readonly onMine: () => void
}) => (
  <div role="alert" className={classes['conflict']}>
    <p className={classes['question']}>{say('edit.conflict', { field })}</p>
    <dl className={classes['values']}>
      <dt>{say('edit.theirs')}</dt>
      <dd>{theirs === '' ? say('edit.empty') : theirs}</dd>
      <dt>{say('edit.mine')}</dt>
      <dd>{mine === '' ? say('edit.empty') : mine}</dd>
    </dl>
    <div className={classes['choice']}>
      <Button size="compact-sm" variant="default" onClick={onTheirs}>
        {say('edit.keepTheirs')}
      </Button>
      <Button size="compact-sm" onClick={onMine}>
        {say('edit.useMine')}
      </Button>
    </div>
  </div>
)
