import type { Permission } from '@evenkeel/contract/permission'
import type { Audience } from '@evenkeel/contract/record'
import { Button, Progress } from '@mantine/core'
import Eye from 'lucide-react/icons/eye'
import Lock from 'lucide-react/icons/lock'
import MessageSquare from 'lucide-react/icons/message-square'
import Paperclip from 'lucide-react/icons/paperclip'
import PenLine from 'lucide-react/icons/pen-line'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import {
  type ChangeEvent,
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { say } from '../language/say.ts'
import { announce } from '../ui/announce.tsx'
import { useDraft } from '../ui/draft.ts'
import { Fault } from '../ui/fault.tsx'
import { MentionList, mentionOption, useMentions } from './composer-mentions.tsx'
import classes from './composer.module.css'
import { Markdown } from './markdown.tsx'
import { putIn } from './mention.ts'

export type ComposerHandle = {
  readonly write: (audience: Audience) => void
  /** Puts text in where the caret stands; with an audience, for those readers. */
  readonly insert: (text: string, audience?: Audience) => void
}

/** A file that was put on the record: where it is, and whether it can be shown in the text. */
export type Uploaded = { readonly name: string; readonly address: string; readonly picture: boolean }

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
  /** Puts a file on the record for these readers; absent where files cannot be added. */
  readonly onUpload?: (
    file: File,
    audience: Audience,
    onProgress: (part: number) => void,
    signal: AbortSignal,
  ) => Promise<Uploaded>
  /** Offers people while an @ is typed; the permission that reading a note takes. */
  readonly mentions?: { readonly noteReaders: Permission }
  /** Something to know before this goes to these readers. */
  readonly warn?: (text: string, audience: Audience) => string | undefined
  readonly onWriting?: (writing: boolean) => void
  /** Further tools beside the paper clip: quick replies, macros. */
  readonly tools?: ReactNode
  readonly handle?: Ref<ComposerHandle>
}

type Sending = {
  readonly key: string
  readonly name: string
  readonly part: number
  readonly stop: () => void
  readonly error: unknown
}

/** Says who will read it, before, while and when it is sent: in color, border, words and button. Switching keeps the text. */
export const Composer = (props: Props) => {
  const { draftKey, audiences, callerName, writerIsCaller, onSend, onUpload, handle } = props
  const [text, setText, clear] = useDraft(`${draftKey}:text`)
  const [drafted, setDrafted] = useDraft(`${draftKey}:audience`)
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<unknown>()
  const [previewing, setPreviewing] = useState(false)
  const [files, setFiles] = useState<readonly Sending[]>([])
  const [over, setOver] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const caretAfter = useRef<number>(undefined)
  const latest = useRef(text)
  const audience = audiences.find((one) => one === drafted) ?? audiences[0]
  const listId = `${draftKey}-mentions`

  useEffect(() => {
    latest.current = text
  })
  useLayoutEffect(() => {
    const caret = caretAfter.current
    if (caret === undefined) return
    caretAfter.current = undefined
    field.current?.focus()
    field.current?.setSelectionRange(caret, caret)
  })
  const change = (next: string, caret?: number): void => {
    latest.current = next
    caretAfter.current = caret
    setText(next)
    props.onWriting?.(next !== '')
  }
  const mentions = useMentions(
    props.mentions !== undefined,
    audience === 'team' ? props.mentions?.noteReaders : undefined,
    ({ from, words }, handle) => {
      const next = putIn(latest.current, from, from + words.length + 1, `@${handle} `)
      change(next.text, next.caret)
    },
  )
  /** On lines of its own, where there is something before or after it. */
  const insert = (piece: string): void => {
    const now = latest.current
    const from = field.current?.selectionStart ?? now.length
    const to = field.current?.selectionEnd ?? now.length
    const before = from === 0 || now.charAt(from - 1) === '\n' ? '' : '\n'
    const next = putIn(now, from, to, `${before}${piece}`)
    change(next.text, next.caret)
  }
  useImperativeHandle(handle, () => ({
    write: (wanted) => {
      setPreviewing(false)
      if (audiences.includes(wanted)) setDrafted(wanted)
      field.current?.focus()
    },
    insert: (piece, wanted) => {
      setPreviewing(false)
      if (wanted !== undefined && audiences.includes(wanted)) setDrafted(wanted)
      insert(piece)
    },
  }))

  const changeFile = (key: string, part: Partial<Sending>): void =>
    setFiles((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const dropFile = (key: string): void => setFiles((all) => all.filter((one) => one.key !== key))
  const addFile = async (given: File): Promise<void> => {
    if (onUpload === undefined) return
    const file = named(given)
    const stop = new AbortController()
    const key = crypto.randomUUID()
    setFiles((all) => [...all, { key, name: file.name, part: 0, stop: () => stop.abort(), error: undefined }])
    try {
      const { name, address, picture } = await onUpload(
        file,
        audience,
        (part) => changeFile(key, { part }),
        stop.signal,
      )
      insert(`${picture ? '!' : ''}[${name.replaceAll(/[[\]\\]/g, ' ')}](${address})\n`)
      dropFile(key)
    } catch (failure) {
      if (stop.signal.aborted) dropFile(key)
      else changeFile(key, { error: failure })
    }
  }
  const addFiles = (given: Iterable<File>): void => {
    for (const file of given) void addFile(file)
  }
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = [...event.clipboardData.files]
    // Text copied from an office program brings a picture of itself along.
    if (onUpload === undefined || pasted.length === 0 || event.clipboardData.types.includes('text/plain'))
      return
    event.preventDefault()
    addFiles(pasted)
  }
  const onDrop = (event: DragEvent): void => {
    setOver(false)
    if (onUpload === undefined || event.dataTransfer.files.length === 0) return
    event.preventDefault()
    addFiles(event.dataTransfer.files)
  }

  const uploading = files.some((one) => one.error === undefined)
  const ready = text.trim() !== '' && !uploading
  const send = async (): Promise<void> => {
    const body = text.trim()
    if (!ready || sending) return
    setSending(true)
    setError(undefined)
    mentions.close()
    try {
      await onSend(audience, body)
      clear()
      latest.current = ''
      setPreviewing(false)
      props.onWriting?.(false)
      announce(audience === 'team' ? say('composer.noteSaved') : say('composer.commentSent'))
    } catch (failure) {
      setError(failure)
    } finally {
      setSending(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || mentions.onKey(event)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void send()
    } else if (event.key === 'Escape') field.current?.blur()
  }
  const onType = (event: ChangeEvent<HTMLTextAreaElement>): void => {
    const { value, selectionStart } = event.currentTarget
    change(value)
    mentions.look(value, selectionStart)
  }

  const readers =
    audience === 'team'
      ? say('composer.noteReaders')
      : writerIsCaller
        ? say('composer.replyReaders')
        : say('composer.commentReaders', { name: callerName })
  const label = audience === 'team' ? say('composer.note') : say('composer.comment')
  const warning = props.warn?.(text, audience)
  return (
    <form
      className={classes['composer']}
      data-audience={audience}
      data-filled={text !== '' || files.length > 0 || undefined}
      data-over={over || undefined}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
      onDragOver={(event) => {
        if (onUpload === undefined || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {/* A press here leaves the focus in the field: what opens and closes with it would move from under the finger. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className={classes['head']} onMouseDown={(event) => event.preventDefault()}>
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
                    setPreviewing(false)
                    field.current?.focus()
                  }}
                />
                {one === 'team' ? <Lock size={14} aria-hidden /> : <MessageSquare size={14} aria-hidden />}
                {one === 'team' ? say('composer.note') : say('composer.comment')}
              </label>
            ))}
          </div>
        )}
        <div className={classes['tools']}>
          {onUpload !== undefined && (
            <>
              <input
                ref={chooser}
                type="file"
                multiple
                hidden
                onChange={(event) => {
                  addFiles(event.currentTarget.files ?? [])
                  event.currentTarget.value = ''
                }}
              />
              <button
                type="button"
                className={classes['tool']}
                title={say('composer.attach')}
                aria-label={say('composer.attach')}
                onClick={() => chooser.current?.click()}
              >
                <Paperclip size={14} aria-hidden />
              </button>
            </>
          )}
          {props.tools}
          <button
            type="button"
            className={classes['tool']}
            disabled={text.trim() === ''}
            title={previewing ? say('composer.write') : say('composer.preview')}
            aria-label={previewing ? say('composer.write') : say('composer.preview')}
            onClick={() => setPreviewing(!previewing)}
          >
            {previewing ? <PenLine size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
          </button>
        </div>
      </div>
      <div className={classes['writing']}>
        {previewing && (
          <div
            className={classes['previewed']}
            role="group"
            aria-label={say('composer.previewOf', { kind: label })}
          >
            <Markdown source={text} />
          </div>
        )}
        <MentionList id={listId} mentions={mentions} />
        <textarea
          ref={field}
          className={classes['field']}
          hidden={previewing}
          dir="auto"
          rows={1}
          maxLength={65_536}
          value={text}
          aria-label={label}
          aria-describedby={`${draftKey}-readers`}
          {...(mentions.offered.length === 0
            ? {}
            : {
                'aria-controls': listId,
                'aria-activedescendant': mentionOption(listId, mentions.active),
              })}
          placeholder={
            audience === 'team'
              ? say('composer.notePlaceholder')
              : say('composer.commentPlaceholder', { kind: writerIsCaller ? 'reply' : 'other' })
          }
          onChange={onType}
          onSelect={(event) => mentions.look(event.currentTarget.value, event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => {
            mentions.close()
            props.onWriting?.(false)
          }}
        />
      </div>
      {files.map((one) => (
        <div key={one.key} className={classes['sending']}>
          <span className={classes['sendingName']}>{one.name}</span>
          {one.error === undefined && <Progress value={one.part * 100} size="xs" aria-label={one.name} />}
          <button
            type="button"
            className={classes['tool']}
            aria-label={say('attachment.stop', { name: one.name })}
            onClick={() => (one.error === undefined ? one.stop() : dropFile(one.key))}
          >
            <X size={14} aria-hidden />
          </button>
          {one.error !== undefined && (
            <div className={classes['sendingFault']}>
              <Fault error={one.error} kept={say('composer.kept')} />
            </div>
          )}
        </div>
      ))}
      {error !== undefined && <Fault error={error} kept={say('composer.kept')} />}
      {warning !== undefined && (
        <p role="status" className={classes['warning']}>
          <TriangleAlert size={14} aria-hidden /> {warning}
        </p>
      )}
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
          disabled={!ready}
          title={say('composer.sendKeys')}
        >
          {audience === 'team'
            ? say('composer.sendNote')
            : say('composer.sendComment', { kind: writerIsCaller ? 'reply' : 'other' })}
        </Button>
      </div>
    </form>
  )
}

/** Pasted pictures are all called image.png; the time tells them apart. */
const named = (file: File): File => {
  if (!/^image\.\w+$/.test(file.name)) return file
  const now = new Date().toISOString().slice(0, 19).replaceAll(':', '-').replace('T', ' ')
  return new File([file], `${now}.${file.name.split('.').pop() ?? 'png'}`, { type: file.type })
}
