import { z } from 'zod'
import { defineRoutes } from './route.ts'

/** How much an archive of the organisation would hold now. */
export const OrganizationContents = z.object({
  tables: z.array(z.object({ name: z.string(), rows: z.int() })),
  /** Attachments, each counted as often as it was attached. */
  files: z.object({ count: z.int(), bytes: z.number() }),
})
export type OrganizationContents = z.infer<typeof OrganizationContents>

/** An organisation as a whole. Putting an archive into an instance is done at its command line: it makes a tenant. */
export const organizationRoutes = defineRoutes({
  readOrganizationContents: {
    method: 'GET',
    path: '/organization/contents',
    summary: 'How much an archive of the organization would hold now',
    access: 'organization.export',
    recentSignIn: true,
    answer: OrganizationContents,
  },
  exportOrganization: {
    method: 'GET',
    path: '/organization/export',
    summary:
      'Everything the organization has, as a tar archive of JSON Lines and files (docs/generated/export.md); `evenkeel organization import` puts it into another instance; on record',
    access: 'organization.export',
    recentSignIn: true,
    media: { answer: 'application/x-tar' },
  },
})
