import { attachmentRoutes, type AttachmentView } from '@evenkeel/contract/attachment'
import { addressOf } from '@evenkeel/contract/client'
import type { IncidentView } from '@evenkeel/contract/incident'
import type { Audience } from '@evenkeel/contract/record'
import { Button, FileButton, Progress } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Lock from 'lucide-react/icons/lock'
import Paperclip from 'lucide-react/icons/paperclip'
import Trash2 from 'lucide-react/icons/trash-2'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { client } from '../../parts/api.ts'
import { upload } from '../../parts/upload.ts'
import { faultSentence } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import classes from './incident.attachments.module.css'
import { recordKey } from './incident.api.ts'

type Sending = {
  readonly key: string
  readonly name: string
  readonly part: number
  readonly stop: () => void
  readonly error: unknown
}

/** The files on an incident; each says who sees it, and one on its way says how far it is. */
export const Attachments = ({ incident }: { readonly incident: IncidentView }) => {
  const queries = useQueryClient()
  const key = [...recordKey(incident.id), 'attachments']
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => client.listAttachments({ params: { id: incident.id } }),
  })
  const [sending, setSending] = useState<readonly Sending[]>([])
  const change = (which: string, part: Partial<Sending>): void =>
    setSending((all) => all.map((one) => (one.key === which ? { ...one, ...part } : one)))
  const drop = (which: string): void => setSending((all) => all.filter((one) => one.key !== which))

  const send = async (file: File, audience: Audience): Promise<void> => {
    const stop = new AbortController()
    const which = crypto.randomUUID()
    setSending((all) => [
      ...all,
      { key: which, name: file.name, part: 0, stop: () => stop.abort(), error: undefined },
    ])
    try {
      const address = addressOf(
        attachmentRoutes.addAttachment,
        { id: incident.id },
        { name: file.name, audience },
      )
      await upload(address, file, (part) => change(which, { part }), stop.signal)
      await queries.invalidateQueries({ queryKey: recordKey(incident.id) })
      drop(which)
    } catch (error) {
      if (stop.signal.aborted) drop(which)
      else change(which, { error })
    }
  }
  const sendAll = (files: readonly File[], audience: Audience): void => {
    for (const file of files) void send(file, audience)
  }
  const mayComment = incident.allowed.includes('incident.comment')
  const mayNote = incident.allowed.includes('incident.note')
  const files = data?.attachments ?? []
  return (
    <div className={classes['attachments']}>
      {files.length > 0 && (
        <ul className={classes['files']}>
          {files.map((file) => (
            <File
              key={file.id}
              file={file}
              onGone={() => void queries.invalidateQueries({ queryKey: recordKey(incident.id) })}
            />
          ))}
        </ul>
      )}
      {sending.map((one) => (
        <div key={one.key} className={classes['sending']}>
          <span className={classes['name']}>{one.name}</span>
          <button
            type="button"
            className={classes['icon']}
            aria-label={say('attachment.stop', { name: one.name })}
            onClick={() => (one.error === undefined ? one.stop() : drop(one.key))}
          >
            <X size={14} aria-hidden />
          </button>
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
    </div>
  )
}

const File = ({ file, onGone }: { readonly file: AttachmentView; readonly onGone: () => void }) => {
  const [asked, setAsked] = useState(false)
  const remove = useMutation({
    mutationFn: () => client.removeAttachment({ params: { id: file.id } }),
    onSuccess: onGone,
  })
  return (
    <li className={classes['file']}>
      <a href={`/api/v1${file.path}`} download={file.name} className={classes['name']} title={file.name}>
        {file.name}
      </a>
      {file.removable && !asked && (
        <button
          type="button"
          className={classes['icon']}
          aria-label={say('attachment.remove', { name: file.name })}
          onClick={() => setAsked(true)}
        >
          <Trash2 size={14} aria-hidden />
        </button>
      )}
      <span className={classes['detail']}>
        {fileSize(file.sizeBytes, readerZone().language)} · {file.addedBy.name} ·{' '}
        <RelativeTime at={file.createdAt} />
        {file.audience === 'team' && (
          <span className={classes['team']}>
            <Lock size={12} aria-hidden /> {say('timeline.teamOnly')}
          </span>
        )}
      </span>
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
