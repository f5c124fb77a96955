import { Readable } from 'node:stream'
import { organizationRoutes } from '@evenkeel/contract/organization'
import type { FileStore } from '../platform/files/file-store.ts'
import { serve, type Served } from '../platform/http/serve.ts'
import { contentsOf, exportOrganization } from './organization.export.ts'

/** @param files where attachments are kept */
export const organizationServed = (files: FileStore): Served[] =>
  serve(organizationRoutes, {
    readOrganizationContents: ({ database, caller }) => contentsOf(database, caller.tenantId),
    exportOrganization: async ({ database, caller, reply }) => {
      const { manifest, chunks } = await exportOrganization(database, files, caller)
      return reply
        .type('application/x-tar')
        .header(
          'content-disposition',
          `attachment; filename="${manifest.organization.slug}-${caller.now.slice(0, 10)}.tar"`,
        )
        .send(Readable.from(chunks, { objectMode: false }))
    },
  })
