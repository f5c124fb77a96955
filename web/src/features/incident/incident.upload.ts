import { api } from '@evenkeel/contract/api'
import type { AttachmentView } from '@evenkeel/contract/attachment'
import { addressOf } from '@evenkeel/contract/client'
import type { Audience } from '@evenkeel/contract/record'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'
import { upload } from '../../parts/upload.ts'
import { recordKey } from './incident.api.ts'

export const attachmentsQuery = (id: string) =>
  queryOptions({
    queryKey: [...recordKey(id), 'attachments'],
    queryFn: () => client.listAttachments({ params: { id } }),
  })

/** Where a browser gets a file from. */
export const fileAddress = ({ path }: Pick<AttachmentView, 'path'>): string => `/api/v1${path}`

/** Only what the server says is a picture is shown as one; everything else is a download. */
export const isPicture = ({ mediaType }: Pick<AttachmentView, 'mediaType'>): boolean =>
  mediaType.startsWith('image/')

/** Puts a file on an incident, for the caller or for the team only. */
export const attach = async (
  id: string,
  file: File,
  audience: Audience,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<AttachmentView> => {
  const address = addressOf(api.addAttachment, { id }, { name: file.name, audience })
  // The server answers this and nothing else.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await upload(address, file, onProgress, signal)) as AttachmentView
}
