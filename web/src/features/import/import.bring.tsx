import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import { Button, FileButton, Progress } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import FileUp from 'lucide-react/icons/file-up'
import { useEffect, useRef, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { upload } from '../../parts/upload.ts'
import { announce } from '../../ui/announce.tsx'
import { Fault } from '../../ui/fault.tsx'
import classes from './import.bring.module.css'

type Sending = {
  readonly file: File
  readonly part: number
  readonly bytesPerSecond: number
  readonly stop: AbortController
}

const accepted = '.csv,.tsv,.txt,.zip,.jsonl,.ndjson,.xlsx'

/** A file on its way in: dropped or chosen, sent as it lies on the disk, to be stopped at any time. Sending it imports nothing. */
export const BringFile = ({ onBrought }: { readonly onBrought: () => Promise<unknown> }) => {
  const navigate = useNavigate()
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState<Sending>()
  const [fault, setFault] = useState<{ readonly file: File; readonly error: unknown }>()
  const chooser = useRef<HTMLButtonElement>(null)
  const running = useRef<AbortController>(undefined)
  useEffect(() => {
    // A file half sent is nowhere: whoever closes the page is asked once.
    const warn = (event: BeforeUnloadEvent): void => {
      if (running.current !== undefined) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
      running.current?.abort()
    }
  }, [])
  const send = async (file: File): Promise<void> => {
    if (running.current !== undefined) return
    const stop = new AbortController()
    running.current = stop
    setFault(undefined)
    const beganAt = Date.now()
    setSending({ file, part: 0, bytesPerSecond: 0, stop })
    announce(say('import.sending', { name: file.name }))
    try {
      const answer = await upload(
        addressOf(api.createImport, {}, { name: file.name }),
        file,
        (part) => {
          const seconds = (Date.now() - beganAt) / 1000
          const bytesPerSecond = seconds < 1 ? 0 : (file.size * part) / seconds
          setSending((before) => before && { ...before, part, bytesPerSecond })
        },
        stop.signal,
      )
      const id = idIn(answer)
      void onBrought()
      announce(say('import.sent', { name: file.name }))
      await navigate({ to: '/admin/imports/$id', params: { id } })
    } catch (error) {
      if (stop.signal.aborted) setTimeout(() => chooser.current?.focus())
      else setFault({ file, error })
    } finally {
      running.current = undefined
      setSending(undefined)
    }
  }
  const choose = (file: File | null | undefined): void => {
    if (file !== null && file !== undefined) void send(file)
  }
  return (
    // Dropping is one way of two; the button does the same with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={classes['bring']}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (sending !== undefined || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        if (event.dataTransfer.files.length === 0) return
        event.preventDefault()
        choose(event.dataTransfer.files[0])
      }}
    >
      {sending === undefined ? (
        <>
          <FileUp size={24} aria-hidden className={classes['icon']} />
          <div className={classes['words']}>
            <p className={classes['title']}>{over ? say('import.dropHere') : say('import.bring')}</p>
            <p className={classes['text']}>{say('import.bringText')}</p>
            <p className={classes['text']}>{say('import.accepted')}</p>
          </div>
          <FileButton accept={accepted} onChange={choose}>
            {(props) => (
              <Button {...props} ref={chooser}>
                {say('import.choose')}
              </Button>
            )}
          </FileButton>
          {fault !== undefined && (
            <div className={classes['below']}>
              <Fault
                error={fault.error}
                kept={say('import.notSent', { name: fault.file.name })}
                onRetry={() => void send(fault.file)}
              />
            </div>
          )}
        </>
      ) : (
        <Way sending={sending} />
      )}
    </div>
  )
}

/** Of the batch that the server made of it. */
const idIn = (answer: unknown): string => {
  if (typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string')
    return answer.id
  throw new Error('the server did not say what it made of the file')
}

const Way = ({ sending: { file, part, bytesPerSecond, stop } }: { readonly sending: Sending }) => {
  const { language } = readerZone()
  const all = part >= 1
  return (
    <>
      <FileUp size={24} aria-hidden className={classes['icon']} />
      <div className={classes['words']}>
        <p className={classes['title']}>{file.name}</p>
        <Progress value={part * 100} aria-label={say('import.sending', { name: file.name })} />
        <p className={`${classes['text'] ?? ''} figures`}>
          {all
            ? say('import.arriving')
            : say('import.sentSoFar', {
                sent: fileSize(file.size * part, language),
                all: fileSize(file.size, language),
              })}
          {!all &&
            bytesPerSecond > 0 &&
            ` · ${say('import.perSecond', { rate: fileSize(bytesPerSecond, language) })}`}
        </p>
      </div>
      <Button variant="default" onClick={() => stop.abort()}>
        {say('import.stopSending')}
      </Button>
    </>
  )
}
