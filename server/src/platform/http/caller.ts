import type { Owed } from '@evenkeel/contract/security'
import type { Grants, Reach } from '../../kernel/access.ts'
import type { Author } from '../journal/write.ts'

/** Somebody signed in, for the length of one request: who, with which rights, how. */
export type Caller = Author & {
  readonly personId: string
  readonly personName: string
  readonly language: string
  readonly timeZone: string
  readonly sessionId: string | null
  readonly keyId: string | null
  /** When the session last proved its person's presence, RFC 3339; null when never (keys, demo, somebody acting). */
  readonly provedAt: string | null
  /** What the session owes before it may do anything else; its grants are empty until then. */
  readonly owes: Owed | null
  /** When the session ends if nobody uses it, and when in any case; null without one. */
  readonly sessionEnds: { readonly idle: string; readonly latest: string } | null
  readonly grants: Grants
  readonly reach: Reach
}

/** Whether somebody acts as the person the rights are of. */
export const isActing = (caller: Caller): boolean =>
  caller.actor.kind === 'person' && caller.actor.onBehalfOf !== null
