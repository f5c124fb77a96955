import { z } from 'zod'
import { Audience, Id, Instant, PersonRef } from './record.ts'
import { defineRoutes } from './route.ts'

/** What a file may be called: one name, no path, nothing that shows as something else. */
export const FileName = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .refine(
    (name) => !/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(name),
    'a name without slashes, control or direction characters',
  )
  .refine((name) => !/^\.+$/.test(name), 'a name')

export const AttachmentView = z.object({
  id: Id,
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.int(),
  /** Lower-case hex. */
  sha256: z.string(),
  audience: Audience,
  addedBy: PersonRef,
  createdAt: Instant,
  /** Below /api/v1; a download, never a page. */
  path: z.string(),
  removable: z.boolean(),
})
export type AttachmentView = z.infer<typeof AttachmentView>

const ById = z.object({ id: Id })

export const attachmentRoutes = defineRoutes({
  listAttachments: {
    method: 'GET',
    path: '/incidents/{id}/attachments',
    summary: 'The files on an incident',
    access: 'incident.read',
    params: ById,
    answer: z.object({ attachments: z.array(AttachmentView) }),
  },
  addAttachment: {
    method: 'POST',
    path: '/incidents/{id}/attachments',
    summary: 'Put a file on an incident; the body is the file itself',
    access: 'incident.read',
    params: ById,
    query: z.strictObject({ name: FileName, audience: Audience.default('public') }),
    answer: AttachmentView,
    status: 201,
    media: { request: 'application/octet-stream' },
  },
  readAttachment: {
    method: 'GET',
    path: '/attachments/{id}',
    summary: 'Download a file',
    access: 'incident.read',
    params: ById,
    media: { answer: 'application/octet-stream' },
  },
  removeAttachment: {
    method: 'DELETE',
    path: '/attachments/{id}',
    summary: 'Take a file off an incident',
    access: 'incident.read',
    params: ById,
    status: 204,
  },
})
