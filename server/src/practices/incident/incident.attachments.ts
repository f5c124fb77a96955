import { phrased } from './incident.language.ts'
import type { Readable } from 'node:stream'
import { attachmentRoutes as routes, type AttachmentView } from '@evenkeel/contract/attachment'
import type { Audience } from '@evenkeel/contract/record'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { FileStore } from '../../platform/files/file-store.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { serve, type Served } from '../../platform/http/serve.ts'
import { write } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { followingOf } from '../record/index.ts'
import { hold, mustFit, rightsOn, type By } from './incident.command.ts'
import { findIncident } from './incident.repo.ts'
import { says } from './incident.reasons.ts'

type Row = {
  readonly id: string
  readonly record_id: string
  readonly audience: Audience
  readonly name: string
  readonly media_type: string
  readonly size_bytes: number
  readonly sha256: Buffer
  readonly storage_key: string
  readonly added_by: string
  readonly added_by_name: string
  readonly created_at: string
}

const rowSelect = `select a.id, a.record_id, a.audience, a.name, a.media_type, a.size_bytes, a.sha256, a.storage_key, a.added_by,
    p.name as added_by_name, a.created_at
  from attachment a join person p on p.tenant_id = a.tenant_id and p.id = a.added_by
  where a.tenant_id = $1 and a.removed_at is null`

// What a browser may show in place; everything else is bytes. Never SVG, HTML or PDF: they can carry programs.
const pictures: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
}
// Files that a double click runs.
const refusedEndings = new Set([
  'exe',
  'com',
  'bat',
  'cmd',
  'msi',
  'scr',
  'pif',
  'cpl',
  'hta',
  'jar',
  'js',
  'jse',
  'vbs',
  'vbe',
  'wsf',
  'ps1',
  'lnk',
  'reg',
  'dll',
  'app',
  'dmg',
  'iso',
])

const endingOf = (name: string): string => /\.([^.]+)$/.exec(name.toLowerCase())?.[1]?.trim() ?? ''

const rightsOf = async (q: Reader, caller: Caller, id: string): Promise<By> => {
  const [row, following] = await Promise.all([findIncident(q, id), followingOf(q, id, caller.personId)])
  if (row === undefined) throw new Refusal('not_found')
  const by = rightsOn(row, caller, following)
  if (!by.may('incident.read')) throw new Refusal('not_found')
  return by
}

const maySee = (by: By, audience: Audience): boolean =>
  audience === 'public' || by.may('incident.read_internal')

const viewOf = (by: By, row: Row): AttachmentView => ({
  id: row.id,
  name: row.name,
  mediaType: row.media_type,
  sizeBytes: row.size_bytes,
  sha256: row.sha256.toString('hex'),
  audience: row.audience,
  addedBy: { id: row.added_by, name: row.added_by_name },
  createdAt: row.created_at,
  path: `/attachments/${row.id}`,
  removable: row.added_by === by.personId || by.may('incident.edit'),
})

const listAttachments = (
  database: Database,
  caller: Caller,
  id: string,
): Promise<{ attachments: AttachmentView[] }> =>
  read(database, caller.tenantId, async (q) => {
    const [by, rows] = await Promise.all([
      rightsOf(q, caller, id),
      q.rows<Row>({
        text: `${rowSelect} and a.record_id = $2 order by a.created_at, a.id limit 500`,
        values: [q.tenantId, id],
      }),
    ])
    return { attachments: rows.filter((row) => maySee(by, row.audience)).map((row) => viewOf(by, row)) }
  })

type Upload = { readonly name: string; readonly audience: Audience }

/** Stores the file first and names it in the journal then: a crash in between leaves a file that nobody names, which is swept. */
const addAttachment = async (
  database: Database,
  caller: Caller,
  files: FileStore,
  limitBytes: number,
  incidentId: string,
  { name, audience }: Upload,
  content: Readable,
): Promise<AttachmentView> => {
  if (refusedEndings.has(endingOf(name))) throw invalid('name', says('file.runs'))
  await read(database, caller.tenantId, async (q) => {
    const by = await rightsOf(q, caller, incidentId)
    const permission = audience === 'public' ? 'incident.comment' : 'incident.note'
    if (!by.may(permission))
      throw new Refusal('forbidden', [
        { code: permission, message: phrased('permission', (phrases) => phrases.permission(permission)) },
      ])
  })
  const file = await files.put(caller.tenantId, content, limitBytes)
  try {
    return await write(database, caller, async (tx) => {
      const sheet = await hold(tx, caller, incidentId, 'incident.read')
      mustFit(sheet, audience === 'public' ? 'comment' : 'note')
      const id = uuidv7()
      const row: Row = {
        id,
        record_id: incidentId,
        audience,
        name,
        media_type: pictures[endingOf(name)] ?? 'application/octet-stream',
        size_bytes: file.sizeBytes,
        sha256: file.sha256,
        storage_key: file.key,
        added_by: caller.personId,
        added_by_name: caller.personName,
        created_at: caller.now,
      }
      const { added_by_name: _, ...columns } = row
      tx.insert('attachment', { tenant_id: tx.tenantId, ...columns })
      sheet.enter({
        type: audience === 'public' ? 'incident.attached' : 'incident.attached_for_team',
        data: {
          attachmentId: id,
          audience,
          name,
          sizeBytes: file.sizeBytes,
          sha256: file.sha256.toString('hex'),
        },
        personal: ['/name'],
      })
      sheet.finish()
      return viewOf(sheet.by, row)
    })
  } catch (error) {
    // Refused after all: nobody will name the file. Where it is unknown whether it was committed, sweeping decides later.
    if (error instanceof Refusal && error.code !== 'unavailable') await files.remove(file.key)
    throw error
  }
}

/** A file within reach, or the answer of one that does not exist. */
const findAttachment = (database: Database, caller: Caller, id: string): Promise<Row> =>
  read(database, caller.tenantId, async (q) => {
    const row = await q.one<Row>({ text: `${rowSelect} and a.id = $2`, values: [q.tenantId, id] })
    const by = await rightsOf(q, caller, row.record_id)
    if (!maySee(by, row.audience)) throw new Refusal('not_found')
    return row
  })

const removeAttachment = async (database: Database, caller: Caller, id: string): Promise<void> => {
  const row = await findAttachment(database, caller, id)
  await write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, row.record_id, 'incident.read')
    if (row.added_by !== caller.personId) mustFit(sheet, 'edit')
    const removed = await tx.rows({
      text: 'update attachment set removed_at = $3 where tenant_id = $1 and id = $2 and removed_at is null returning 1',
      values: [tx.tenantId, id, caller.now],
    })
    if (removed.length === 0) return
    sheet.enter({
      type: row.audience === 'public' ? 'incident.detached' : 'incident.detached_for_team',
      data: { attachmentId: id, audience: row.audience, name: row.name },
      personal: ['/name'],
    })
    sheet.finish()
  })
}

const oldEnough = 24 * 3_600_000

/**
 * Removes files that nobody names, no attachment and none of those who also keep files: left by a crash between storing and naming.
 * Returns how many.
 */
export const sweepFiles = async (
  database: Database,
  files: FileStore,
  now: string,
  alsoNamed: (q: Reader, key: string) => Promise<boolean>,
): Promise<number> => {
  let count = 0
  for await (const key of files.older(new Date(Date.parse(now) - oldEnough))) {
    const tenantId = key.slice(0, 36)
    const isNamed = await read(database, tenantId, async (q) => {
      const [attachments, elsewhere] = await Promise.all([
        q.rows({
          text: 'select 1 from attachment where tenant_id = $1 and storage_key = $2',
          values: [tenantId, key],
        }),
        alsoNamed(q, key),
      ])
      return attachments.length > 0 || elsewhere
    })
    if (isNamed) continue
    await files.remove(key)
    count += 1
  }
  return count
}

/** A name for Content-Disposition (RFC 6266), in ASCII and in UTF-8. */
const disposition = (name: string): string =>
  `attachment; filename="${name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`

export const attachmentRoutes = (files: FileStore, limitBytes: number): Served[] =>
  serve(routes, {
    listAttachments: ({ database, caller }, { params }) => listAttachments(database, caller, params.id),
    addAttachment: ({ database, caller, request }, { params, query }) =>
      // The parser of application/octet-stream hands the stream on; `serve` lets nothing else through to this route.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      addAttachment(database, caller, files, limitBytes, params.id, query, request.body as Readable),
    readAttachment: async ({ database, caller, reply }, { params }) => {
      const row = await findAttachment(database, caller, params.id)
      const content = await files.open({
        key: row.storage_key,
        sizeBytes: row.size_bytes,
        sha256: row.sha256,
      })
      await write(database, caller, async (tx) => {
        tx.journal({
          type: 'attachment.downloaded',
          subject: { kind: 'attachment', id: row.id },
          data: { recordId: row.record_id },
        })
      })
      return reply
        .type(row.media_type)
        .header('content-length', row.size_bytes)
        .header('content-disposition', disposition(row.name))
        .header('content-security-policy', "sandbox; default-src 'none'")
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .send(content)
    },
    removeAttachment: async ({ database, caller }, { params }) => {
      await removeAttachment(database, caller, params.id)
      return undefined
    },
  })
