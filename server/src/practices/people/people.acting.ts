import type { SignedIn } from '@evenkeel/contract/session'
import { Refusal } from '../../kernel/refusal.ts'
import type { Context } from '../../platform/http/serve.ts'
import { write } from '../../platform/journal/write.ts'
import {
  endSessions,
  giveCookie,
  originOf,
  ownSession,
  renewSession,
  startSession,
} from './people.sessions.ts'
import { says } from './people.reasons.ts'

type Ask = Pick<Context, 'database' | 'caller' | 'reply' | 'request' | 'site'>

/**
 * Begins to act as somebody else, for an hour at most, in a session below one's own that ends with it. What it may do is decided where
 * callers are known (`people.principal.ts`); every entry names both.
 */
export const actAs = async (
  { database, caller, reply, request, site }: Ask,
  personId: string,
  reason: string,
): Promise<{ person: { id: string; name: string }; until: string }> => {
  const parentId = ownSession(caller)
  if (personId === caller.personId) throw new Refusal('not_ready', says('acting.self'))
  const { person, session } = await write(database, caller, async (tx) => {
    const person = await tx.one<{ id: string; name: string; is_active: boolean }>({
      text: 'select id, name, is_active from person where tenant_id = $1 and id = $2',
      values: [tx.tenantId, personId],
    })
    if (!person.is_active) throw new Refusal('not_ready', says('acting.deactivated'))
    const acting = { impersonatorId: caller.personId, parentId, reason }
    return {
      person,
      session: await startSession(tx, { personId, signedInBy: 'acting', acting, ...originOf(request) }),
    }
  })
  giveCookie(reply, site, session)
  return { person: { id: person.id, name: person.name }, until: session.expiresAt }
}

/** Ends it, and goes on in one's own session under a new secret. */
export const stopActing = async ({ database, caller, reply, site }: Ask): Promise<SignedIn> => {
  if (caller.sessionId === null || caller.actor.onBehalfOf === null) {
    throw new Refusal('not_ready', says('acting.nobody'))
  }
  const { sessionId } = caller
  const { own, person, tenant } = await write(database, caller, async (tx) => {
    const row = await tx.one<{
      parent_id: string
      impersonator_id: string
      name: string
      slug: string
      tenant: string
      language: string
    }>({
      text: `select s.parent_id, s.impersonator_id, i.name, t.slug, t.name as tenant, t.language
             from session s join tenant t on t.id = s.tenant_id
               join person i on i.tenant_id = s.tenant_id and i.id = s.impersonator_id
             where s.tenant_id = $1 and s.id = $2`,
      values: [tx.tenantId, sessionId],
    })
    await endSessions(tx, { personId: caller.personId, only: sessionId }, 'stopped acting')
    return {
      own: await renewSession(tx, row.parent_id, row.impersonator_id, false),
      person: { id: row.impersonator_id, name: row.name },
      tenant: { slug: row.slug, name: row.tenant, language: row.language },
    }
  })
  giveCookie(reply, site, own)
  return { person, tenant, recoveryCodesLeft: null }
}
