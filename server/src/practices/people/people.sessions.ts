import type { SessionRow } from '@evenkeel/contract/session'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { setSessionCookie } from '../../platform/auth/cookie.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { newCredential } from '../../platform/http/credential.ts'
import type { Site } from '../../platform/http/site.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { says } from './people.reasons.ts'
import {
  openSessionSql,
  openSessionValues,
  securityOf,
  securityPolicy,
  type ProvedFactor,
} from './people.security.ts'

const actingMilliseconds = 3_600_000

/** What a cookie is made of; only the hash of its secret is stored. */
export type IssuedSession = { readonly id: string; readonly text: string; readonly expiresAt: string }

export type SessionStart = {
  readonly personId: string
  /** How the person proved who they are: password, password+totp, password+recovery_code, passkey, demo, acting. */
  readonly signedInBy: string
  /** The second factor among it. */
  readonly secondFactor?: ProvedFactor
  readonly address: string
  readonly userAgent: string
  readonly acting?: { readonly impersonatorId: string; readonly parentId: string; readonly reason: string }
}

/** Where a request came from, as far as its session remembers. */
export const originOf = (request: FastifyRequest): { address: string; userAgent: string } => ({
  address: request.ip,
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
})

/** A new session with a new secret: nothing that was known before the sign-in opens it. */
export const startSession = async (tx: Tx, start: SessionStart): Promise<IssuedSession> => {
  const id = uuidv7()
  const { text, hash } = newCredential(tx.tenantId, id)
  const { now } = tx.author
  const { acting } = start
  const proves = acting === undefined && start.signedInBy !== 'demo'
  const { sessions } = (await policyAt(tx, securityPolicy, now)).document
  const longest = acting === undefined ? sessions.longestHours * 3_600_000 : actingMilliseconds
  const expiresAt = new Date(Date.parse(now) + longest).toISOString()
  tx.send({
    name: 'session_start',
    text: `insert into session (tenant_id, id, person_id, secret_hash, impersonator_id, parent_id, signed_in_by, proved_at,
             user_agent, address, created_at, last_seen_at, expires_at, second_factor)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13)`,
    values: [
      tx.tenantId,
      id,
      start.personId,
      hash,
      acting?.impersonatorId ?? null,
      acting?.parentId ?? null,
      start.signedInBy,
      proves ? now : null,
      start.userAgent,
      start.address,
      now,
      expiresAt,
      start.secondFactor ?? null,
    ],
  })
  tx.journal({
    type: 'session.started',
    subject: { kind: 'person', id: start.personId },
    data: {
      session: id,
      by: start.signedInBy,
      address: start.address,
      userAgent: start.userAgent,
      ...(acting === undefined ? {} : { reason: acting.reason }),
    },
    personal: ['/address', '/userAgent', ...(acting === undefined ? [] : ['/reason'])],
  })
  return { id, text, expiresAt }
}

export const giveCookie = (reply: FastifyReply, site: Site, session: IssuedSession): void =>
  setSessionCookie(reply, site.secure, session.text, session.expiresAt)

/** Which sessions to end: one, all of a person, or all but one. Sessions of somebody acting from one of them end with it. */
export type Ending = { readonly personId: string; readonly only?: string; readonly except?: string }

/** Answers how many ended. */
export const endSessions = async (tx: Tx, ending: Ending, reason: string): Promise<number> => {
  const { now } = tx.author
  const ended = await tx.rows<{ id: string; person_id: string }>({
    text: `update session set ended_at = $5
           where tenant_id = $1 and ended_at is null and expires_at > $5
             and (id in (select id from session where tenant_id = $1 and person_id = $2 and ($3::uuid is null or id = $3) and ($4::uuid is null or id <> $4))
               or parent_id in (select id from session where tenant_id = $1 and person_id = $2 and ($3::uuid is null or id = $3) and ($4::uuid is null or id <> $4)))
           returning id, person_id`,
    values: [tx.tenantId, ending.personId, ending.only ?? null, ending.except ?? null, now],
  })
  for (const session of ended) {
    tx.journal({
      type: 'session.ended',
      subject: { kind: 'person', id: session.person_id },
      data: { session: session.id, reason },
    })
  }
  return ended.length
}

/**
 * The same session under a new secret: after a credential changed, and after the person proved again that it is them (`proved`, which
 * alone renews the proof).
 * @param factor the second factor that was proved with it
 */
export const renewSession = async (
  tx: Tx,
  sessionId: string,
  personId: string,
  proved: boolean,
  factor: ProvedFactor | null = null,
): Promise<IssuedSession> => {
  const { text, hash } = newCredential(tx.tenantId, sessionId)
  const row = await tx.maybe<{ expires_at: string }>({
    text: `update session set secret_hash = $4, last_seen_at = greatest(last_seen_at, $5), proved_at = case when $6 then $5 else proved_at end,
             second_factor = coalesce($7, second_factor)
           where tenant_id = $1 and id = $2 and person_id = $3 and ended_at is null and expires_at > $5 returning expires_at`,
    values: [tx.tenantId, sessionId, personId, hash, tx.author.now, proved, factor],
  })
  if (row === undefined) throw new Refusal('not_signed_in')
  tx.journal({
    type: 'session.renewed',
    subject: { kind: 'person', id: personId },
    data: { session: sessionId },
  })
  return { id: sessionId, text, expiresAt: row.expires_at }
}

/** The caller's own session; a refusal for keys and for somebody acting, who must not touch credentials. */
export const ownSession = (caller: Caller): string => {
  if (caller.sessionId === null) throw new Refusal('forbidden', says('key.signIn'))
  if (caller.actor.onBehalfOf !== null) throw new Refusal('forbidden', says('acting'))
  return caller.sessionId
}

/** Sessions of a person that are open, newest first. */
export const openSessions = async (
  database: Database,
  caller: Caller,
  personId: string,
): Promise<{ rows: SessionRow[] }> => {
  const policy = await securityOf(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    await personExists(q, personId)
    const rows = await q.rows<
      Omit<SessionRow, 'isThis' | 'actor'> & { actorId: string | null; actorName: string | null }
    >({
      text: `select s.id, s.signed_in_by as "signedInBy", s.address, s.user_agent as "userAgent", s.created_at as "createdAt",
               s.last_seen_at as "lastSeenAt",
               least(s.expires_at, s.created_at + make_interval(hours => $5::int)) as "expiresAt", i.id as "actorId", i.name as "actorName"
             from session s left join person i on i.tenant_id = s.tenant_id and i.id = s.impersonator_id
             where s.tenant_id = $1 and s.person_id = $2 and ${openSessionSql(3)}
             order by s.created_at desc limit 200`,
      values: [q.tenantId, personId, ...openSessionValues(policy, caller.now)],
    })
    return {
      rows: rows.map(({ actorId, actorName, ...row }) => ({
        ...row,
        isThis: row.id === caller.sessionId,
        actor: actorId === null || actorName === null ? null : { id: actorId, name: actorName },
      })),
    }
  })
}

export const personExists = async (q: Reader, personId: string): Promise<void> => {
  await q.one({
    text: 'select 1 from person where tenant_id = $1 and id = $2',
    values: [q.tenantId, personId],
  })
}

/** Ends one session of one's own, wherever it is. */
export const endOwnSession = (database: Database, caller: Caller, sessionId: string): Promise<void> =>
  write(database, caller, async (tx) => {
    ownSession(caller)
    const ended = await endSessions(tx, { personId: caller.personId, only: sessionId }, 'ended by the person')
    if (ended === 0) throw new Refusal('not_found')
  })

/** Ends every other session of one's own. */
export const endOtherSessions = (database: Database, caller: Caller): Promise<{ ended: number }> =>
  write(database, caller, async (tx) => ({
    ended: await endSessions(
      tx,
      { personId: caller.personId, except: ownSession(caller) },
      'ended by the person',
    ),
  }))

/** Signs out of the session the request came with; who acts as somebody else is signed out themselves. */
export const signOut = (database: Database, caller: Caller): Promise<void> =>
  write(database, caller, async (tx) => {
    if (caller.sessionId === null) throw new Refusal('forbidden', says('key.signOut'))
    const { parent_id: parentId, impersonator_id: impersonatorId } = await tx.one<{
      parent_id: string | null
      impersonator_id: string | null
    }>({
      text: 'select parent_id, impersonator_id from session where tenant_id = $1 and id = $2',
      values: [tx.tenantId, caller.sessionId],
    })
    await endSessions(
      tx,
      { personId: impersonatorId ?? caller.personId, only: parentId ?? caller.sessionId },
      'signed out',
    )
  })

/** An administrator signs a person out everywhere. */
export const endSessionsOf = (
  database: Database,
  caller: Caller,
  personId: string,
): Promise<{ ended: number }> =>
  write(database, caller, async (tx) => {
    await personExists(tx, personId)
    return { ended: await endSessions(tx, { personId }, 'ended by an administrator') }
  })
