import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { IncidentView } from '@evenkeel/contract/incident'
import { Button, FileButton, Progress } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import Camera from 'lucide-react/icons/camera'
import Paperclip from 'lucide-react/icons/paperclip'
import X from 'lucide-react/icons/x'
import { useEffect, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { client } from '../../parts/api.ts'
import { upload } from '../../parts/upload.ts'
import { faultSentence } from '../../ui/fault.tsx'
import { recordKey } from '../incident/incident.api.ts'
import classes from './portal.module.css'

export type Chosen = {
  readonly key: string
  readonly file: File
  /** A picture of the picture, in this browser only. */
  readonly preview: string | null
  readonly part: number | null
  readonly error: unknown
}

/** Photos and files that are chosen, and sent when there is something to send them to. */
export const useFiles = () => {
  const [files, setFiles] = useState<readonly Chosen[]>([])
  useEffect(
    () => () => {
      for (const { preview } of files) if (preview !== null) URL.revokeObjectURL(preview)
    },
    // Freed with the page: a preview is shown for as long as its file is.
    // oxlint-disable-next-line react/exhaustive-deps
    [],
  )
  const change = (key: string, part: Partial<Chosen>): void =>
    setFiles((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const remove = (key: string): void => setFiles((all) => all.filter((one) => one.key !== key))
  const chosen = (added: readonly File[]): Chosen[] =>
    added.map((file) => ({
      key: crypto.randomUUID(),
      file,
      preview: file.type.startsWith('image/') ? URL.createObjectURL(file) : null,
      part: null,
      error: undefined,
    }))
  /** Sends these one after the other; true when all arrived. What did not stays, with why. */
  const send = async (id: string, which: readonly Chosen[]): Promise<boolean> => {
    let all = true
    for (const { key, file } of which) {
      change(key, { part: 0, error: undefined })
      try {
        const name = file.name === '' ? 'photo.jpg' : file.name
        const address = addressOf(api.addAttachment, { id }, { name, audience: 'public' })
        await upload(address, file, (part) => change(key, { part }), new AbortController().signal)
        remove(key)
      } catch (error) {
        all = false
        change(key, { part: null, error })
      }
    }
    return all
  }
  const add = (added: readonly File[]): Chosen[] => {
    const more = chosen(added)
    setFiles((all) => [...all, ...more])
    return more
  }
  return { files, add, remove, send }
}

/** On a phone the first button offers the camera; the second takes any file. */
export const FileButtons = ({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) => (
  <div className={classes['fileButtons']}>
    <FileButton multiple accept="image/*" onChange={onFiles}>
      {(props) => (
        <Button
          {...props}
          variant="default"
          size="md"
          className={classes['touch'] ?? ''}
          leftSection={<Camera size={20} aria-hidden />}
        >
          {say('portal.add.photo')}
        </Button>
      )}
    </FileButton>
    <FileButton multiple onChange={onFiles}>
      {(props) => (
        <Button
          {...props}
          variant="default"
          size="md"
          className={classes['touch'] ?? ''}
          leftSection={<Paperclip size={18} aria-hidden />}
        >
          {say('portal.add.file')}
        </Button>
      )}
    </FileButton>
  </div>
)

export const ChosenFiles = ({
  files,
  onRemove,
}: {
  readonly files: readonly Chosen[]
  readonly onRemove: (key: string) => void
}) =>
  files.length === 0 ? null : (
    <ul className={classes['chosen']}>
      {files.map(({ key, file, preview, part, error }) => (
        <li key={key} className={classes['chosenFile']}>
          {preview === null ? (
            <span className={classes['thumb']}>
              <Paperclip size={18} aria-hidden />
            </span>
          ) : (
            <img src={preview} alt="" className={classes['thumb']} />
          )}
          <span className={classes['fileWords']}>
            <span className={classes['fileName']}>{file.name}</span>
            <span className={classes['quiet']}>{fileSize(file.size, readerZone().language)}</span>
            {part !== null && <Progress value={part * 100} size="sm" aria-label={file.name} />}
            {error !== undefined && (
              <span role="alert" className={classes['fileFault']}>
                {say('portal.failedFile', { name: file.name })}: {faultSentence(error)}
              </span>
            )}
          </span>
          {part === null && (
            <button
              type="button"
              className={classes['remove']}
              aria-label={say('portal.fileStop', { name: file.name })}
              onClick={() => onRemove(key)}
            >
              <X size={20} aria-hidden />
            </button>
          )}
        </li>
      ))}
    </ul>
  )

/** What was added to one thing, and the way to add more. */
export const Files = ({ incident }: { readonly incident: IncidentView }) => {
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: [...recordKey(incident.id), 'attachments'],
    queryFn: () => client.listAttachments({ params: { id: incident.id } }),
  })
  const { files, add, remove, send } = useFiles()
  const may = incident.allowed.includes('incident.comment')
  const arrived = data?.attachments ?? []
  if (!may && arrived.length === 0) return null
  const sendNow = async (chosen: readonly File[]): Promise<void> => {
    await send(incident.id, add(chosen))
    await queries.invalidateQueries({ queryKey: recordKey(incident.id) })
  }
  return (
    <section aria-label={say('portal.added')} className={classes['stack']}>
      <h2 className={classes['heading']}>{say('portal.added')}</h2>
      {arrived.length > 0 && (
        <ul className={classes['chosen']}>
          {arrived.map((file) => (
            <li key={file.id}>
              <a href={`/api/v1${file.path}`} download={file.name} className={classes['chosenFile']}>
                <span className={classes['thumb']}>
                  <Paperclip size={18} aria-hidden />
                </span>
                <span className={classes['fileWords']}>
                  <span className={classes['fileName']}>{file.name}</span>
                  <span className={classes['quiet']}>
                    {fileSize(file.sizeBytes, readerZone().language)} · {file.addedBy.name}
                  </span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <ChosenFiles files={files} onRemove={remove} />
      {may && <FileButtons onFiles={(chosen) => void sendNow(chosen)} />}
    </section>
  )
}
