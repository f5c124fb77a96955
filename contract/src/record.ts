import { z } from 'zod'

/** A UUID; version 7 when the application made it. */
export const Id = z.guid()
/** RFC 3339 in UTC, milliseconds. */
export const Instant = z.iso.datetime({ offset: true })
/** Grows by one with every change of the thing. */
export const Version = z.int().min(1)
export const Named = z.object({ id: Id, name: z.string() })
export const PersonRef = z.object({ id: Id, name: z.string() })
export type PersonRef = z.infer<typeof PersonRef>

/** `public`: the caller reads it. `team`: a work note, never shown or sent to a requester by any path. */
export const Audience = z.enum(['public', 'team'])
export type Audience = z.infer<typeof Audience>

export const RecordLinkType = z.enum([
  'related',
  'duplicate_of',
  'follows',
  'caused_by_change',
  'fixed_by_change',
  'problem',
])

/** A list's whole state: `q` is the search bar's text, `filter` the same as JSON; both together narrow. */
export const ListQuery = z.strictObject({
  q: z.string().max(10_000).optional(),
  filter: z.string().max(10_240).optional(),
  /** Field names, `-` in front for descending, at most three: `priority,-created`. */
  sort: z.string().max(200).optional(),
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type ListQuery = z.infer<typeof ListQuery>

export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), next: z.string().nullable() })
