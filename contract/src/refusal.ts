import { z } from 'zod'

/**
 * Every way this product says no: the closed list. `status` is the HTTP status, `title` a sentence for people.
 * Sent as `application/problem+json` (RFC 9457) with `type` = `/refusals#<code>`; docs/generated/refusals.md is made from this table.
 */
export const refusals = {
  malformed: { status: 400, title: 'The request could not be read.' },
  invalid: { status: 422, title: 'Some values are not acceptable.' },
  unknown_field: { status: 400, title: 'The filter or sort names something that does not exist.' },
  not_signed_in: { status: 401, title: 'Sign in first.' },
  wrong_credentials: { status: 401, title: 'That sign-in did not work.' },
  second_factor_needed: { status: 401, title: 'The second factor is missing.' },
  forbidden: { status: 403, title: 'You may not do this.' },
  second_factor_owed: { status: 403, title: 'Your role asks for a second factor first.' },
  recent_sign_in_needed: { status: 403, title: 'Confirm that it is you first.' },
  cross_site: { status: 403, title: 'The request did not come from this application.' },
  not_found: { status: 404, title: 'There is nothing here that you may see.' },
  method_not_allowed: { status: 405, title: 'This address does not answer to that method.' },
  not_allowed_here: { status: 409, title: 'The record is not in a state that allows this.' },
  changed_meanwhile: { status: 409, title: 'Somebody changed the same field in the meantime.' },
  already_exists: { status: 409, title: 'There is one already.' },
  link_gone: { status: 410, title: 'This link is used up or too old.' },
  version_needed: { status: 428, title: 'Say which version you saw (If-Match).' },
  too_large: { status: 413, title: 'That is larger than this instance accepts.' },
  wrong_media_type: { status: 415, title: 'The content type is not one that is accepted here.' },
  not_ready: { status: 422, title: 'Something is missing before this can be done.' },
  key_reused: { status: 422, title: 'This Idempotency-Key was used for a different request.' },
  locked: { status: 429, title: 'Too many failed attempts; try again later.' },
  too_many_requests: { status: 429, title: 'Too many requests; slow down.' },
  not_available_here: { status: 501, title: 'This instance is not set up for that.' },
  unavailable: { status: 503, title: 'The database does not answer right now; try again shortly.' },
  failed: { status: 500, title: 'Something went wrong on our side; nothing was changed.' },
} as const

export type RefusalCode = keyof typeof refusals

/** Why, in parts: `field` is a path into the request, `guard` the name of a guard of the process. */
export const Reason = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
  /** In a conflict: what the field holds now, and what was wanted; both are shown. */
  theirs: z.string().optional(),
  yours: z.string().optional(),
})
export type Reason = z.infer<typeof Reason>

/** RFC 9457 body of every refusal. */
export const RefusalBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  reasons: z.array(Reason).optional(),
  request: z.string().optional(),
})
export type RefusalBody = z.infer<typeof RefusalBody>
