import type { AttachmentView } from '@evenkeel/contract/attachment'
import type { IncidentView } from '@evenkeel/contract/incident'
import type { Audience } from '@evenkeel/contract/record'
import { Button, FileButton, Progress } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import FileIcon from 'lucide-react/icons/file'
import Lock from 'lucide-react/icons/lock'
import Paperclip from 'lucide-react/icons/paperclip'
import Trash2 from 'lucide-react/icons/trash-2'
import X from 'lucide-react/icons/x'
import { lazy, Suspense, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { client } from '../../parts/api.ts'
import { faultSentence } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { recordKey } from './incident.api.ts'
import classes from './incident.attachments.module.css'
import { WordButton } from './incident.fact.tsx'
import { attach, attachmentsQuery, fileAddress, isPicture } from './incident.upload.ts'

const Lightbox = lazy(async () => ({ default: (await import('../../ui/lightbox.tsx')).Lightbox }))

type Sending = {
  readonly key: string
  readonly name: string
  readonly part: number
  readonly stop: () => void
  readonly error: unknown
}

/** Drawn at first: pictures are fetched, and each time somebody looks at a file is on record. */
const few = 8

/** The files on an incident; each says who sees it, and one on its way says how far it is. */
export const Attachments = ({ incident }: { readonly incident: IncidentView }) => {
  const queries = useQueryClient()
  const { data } = useQuery(attachmentsQuery(incident.id))
  const [sending, setSending] = useState<readonly Sending[]>([])
  const [all, setAll] = useState(false)
  const [over, setOver] = useState(false)
  const [opened, setOpened] = useState<number>()
  const change = (which: string, part: Partial<Sending>): void =>
    setSending((before) => before.map((one) => (one.key === which ? { ...one, ...part } : one)))
  const drop = (which: string): void => setSending((before) => before.filter((one) => one.key !== which))
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: recordKey(incident.id) })

  const send = async (file: File, audience: Audience): Promise<void> => {
    const stop = new AbortController()
    const which = crypto.randomUUID()
    setSending((before) => [
      ...before,
      { key: which, name: file.name, part: 0, stop: () => stop.abort(), error: undefined },
    ])
    try {
      await attach(incident.id, file, audience, (part) => change(which, { part }), stop.signal)
      await again()
      drop(which)
    } catch (error) {
      if (stop.signal.aborted) drop(which)
      else change(which, { error })
    }
  }
  const sendAll = (files: Iterable<File>, audience: Audience): void => {
    for (const file of files) void send(file, audience)
  }
  const mayComment = incident.allowed.includes('incident.comment')
  const mayNote = incident.allowed.includes('incident.note')
  // The careful way for what is dropped without saying for whom.
  const dropAudience: Audience | undefined = mayNote ? 'team' : mayComment ? 'public' : undefined
  const files = data?.attachments ?? []
  const shown = all ? files : files.slice(0, few)
  const pictures = files.filter(isPicture)
  const under = sending.filter((one) => one.error === undefined)
  return (
    // Dropping is one way of several; the buttons below do the same with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={classes['attachments']}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (dropAudience === undefined || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        if (dropAudience === undefined || event.dataTransfer.files.length === 0) return
        event.preventDefault()
        sendAll(event.dataTransfer.files, dropAudience)
      }}
    >
      {over && dropAudience !== undefined && (
        <p className={classes['dropHere']}>
          {dropAudience === 'team' ? say('attachment.dropTeam') : say('attachment.drop')}
        </p>
      )}
      {files.length > 0 && (
        <ul className={classes['files']}>
          {shown.map((file) => (
            <File
              key={file.id}
              file={file}
              onOpen={isPicture(file) ? () => setOpened(pictures.indexOf(file)) : undefined}
              onGone={() => void again()}
            />
          ))}
        </ul>
      )}
      {files.length > shown.length && (
        <WordButton onClick={() => setAll(true)}>
          {say('attachment.more', { count: files.length - shown.length })}
        </WordButton>
      )}
      {under.length > 1 && (
        <p role="status" className={classes['none']}>
          {say('attachment.sending', { count: under.length })}
        </p>
      )}
      {sending.map((one) => (
        <div key={one.key} className={classes['sending']}>
          <span className={classes['name']} dir="auto">
            {one.name}
          </span>
          <SmallButton
            label={say('attachment.stop', { name: one.name })}
            onClick={() => (one.error === undefined ? one.stop() : drop(one.key))}
          >
            <X size={14} aria-hidden />
          </SmallButton>
          {one.error === undefined ? (
            <Progress
              value={one.part * 100}
              size="xs"
              className={classes['progress'] ?? ''}
              aria-label={one.name}
            />
          ) : (
            <span role="alert" className={classes['fault']}>
              {faultSentence(one.error)}
            </span>
          )}
        </div>
      ))}
      {files.length === 0 && sending.length === 0 && (
        <span className={classes['none']}>{say('attachment.none')}</span>
      )}
      <div className={classes['add']}>
        {mayComment && (
          <FileButton multiple onChange={(chosen) => sendAll(chosen, 'public')}>
            {(props) => (
              <Button
                {...props}
                size="compact-sm"
                variant="default"
                leftSection={<Paperclip size={14} aria-hidden />}
              >
                {mayNote ? say('attachment.addPublic') : say('attachment.add')}
              </Button>
            )}
          </FileButton>
        )}
        {mayNote && (
          <FileButton multiple onChange={(chosen) => sendAll(chosen, 'team')}>
            {(props) => (
              <Button
                {...props}
                size="compact-sm"
                variant="default"
                leftSection={<Lock size={14} aria-hidden />}
              >
                {say('attachment.addTeam')}
              </Button>
            )}
          </FileButton>
        )}
      </div>
      {opened !== undefined && (
        <Suspense>
          <Lightbox
            pictures={pictures.map((file) => ({ name: file.name, address: fileAddress(file) }))}
            at={opened}
            onGo={setOpened}
            onClose={() => setOpened(undefined)}
          />
        </Suspense>
      )}
    </div>
  )
}

const File = ({
  file,
  onOpen,
  onGone,
}: {
  readonly file: AttachmentView
  readonly onOpen: (() => void) | undefined
  readonly onGone: () => void
}) => {
  const [asked, setAsked] = useState(false)
  const remove = useMutation({
    mutationFn: () => client.removeAttachment({ params: { id: file.id } }),
    onSuccess: onGone,
  })
  const address = fileAddress(file)
  return (
    <li className={classes['file']}>
      {onOpen === undefined ? (
        <span className={classes['thumb']}>
          <FileIcon size={16} aria-hidden />
        </span>
      ) : (
        <button
          type="button"
          className={classes['thumb']}
          aria-label={say('markdown.enlarge', { name: file.name })}
          onClick={onOpen}
        >
          <img src={address} alt="" loading="lazy" decoding="async" />
        </button>
      )}
      <span className={classes['words']}>
        <a href={address} download={file.name} className={classes['name']} title={file.name} dir="auto">
          {file.name}
        </a>
        <span className={classes['detail']}>
          {fileSize(file.sizeBytes, readerZone().language)} · <bdi>{file.addedBy.name}</bdi> ·{' '}
          <RelativeTime at={file.createdAt} />
          {file.audience === 'team' && (
            <span className={classes['team']}>
              <Lock size={12} aria-hidden /> {say('timeline.teamOnly')}
            </span>
          )}
        </span>
      </span>
      {file.removable && !asked && (
        <SmallButton label={say('attachment.remove', { name: file.name })} onClick={() => setAsked(true)}>
          <Trash2 size={14} aria-hidden />
        </SmallButton>
      )}
      {asked && (
        <span className={classes['confirm']}>
          <Button
            size="compact-xs"
            variant="default"
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            {say('attachment.removeNow')}
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAsked(false)}>
            {say('attachment.keep')}
          </Button>
        </span>
      )}
      {remove.isError && (
        <span role="alert" className={classes['fault']}>
          {faultSentence(remove.error)}
        </span>
      )}
    </li>
  )
}
