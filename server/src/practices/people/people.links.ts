import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/refusal.ts'
import {
  issueToken,
  peekToken,
  readToken,
  useToken,
  type LinkPurpose,
} from '../../platform/auth/one-time-token.ts'
import { hashPassword } from '../../platform/auth/password.hash.ts'
import type { StrangerContext } from '../../platform/http/serve.ts'
import type { Site } from '../../platform/http/site.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { acceptable, storePassword } from './people.credentials.ts'
import { queueMail } from './people.mail.ts'
import { journalRefusedSignIn } from './people.refusals.ts'
import { securityOf } from './people.security.ts'
import { endSessions } from './people.sessions.ts'
import { authorOf, takeAddressAttempt } from './people.sign-in.ts'
import { findTenant } from './people.tenant.ts'
import { says } from './people.reasons.ts'

/** Pages of the web application; the token is in the fragment, which browsers send to nobody. */
const pages = { invitation: 'welcome', reset: 'new-password' } as const satisfies Record<LinkPurpose, string>

// From the configured address only: a request's Host header is whatever its sender wrote.
const linkOf = (site: Site, purpose: LinkPurpose, token: string): string =>
  `${site.publicUrl}/${pages[purpose]}#${token}`

type Addressee = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly language: string
  readonly tenant: string
}

/** Issues the link and queues its mail; the journal keeps that it was sent and how long it works, never the secret. */
const sendLink = (tx: Tx, site: Site, purpose: LinkPurpose, to: Addressee): void => {
  const token = issueToken(tx, purpose, to.id)
  const entryId = tx.journal({
    type: purpose === 'invitation' ? 'person.invited' : 'person.reset_requested',
    subject: { kind: 'person', id: to.id },
    data: { token: token.id, expiresAt: token.expiresAt },
  })
  queueMail(tx, site.accountKey, {
    kind: purpose,
    personId: to.id,
    to: { name: to.name, address: to.email },
    language: to.language,
    tenantName: to.tenant,
    entryId,
    link: linkOf(site, purpose, token.text),
    expiresAt: token.expiresAt,
  })
}

const addresseeColumns = 'p.id, p.name, p.email, p.language, t.name as tenant'

/** Sends the invitation, again if need be; a refusal for those who have a way in already. */
export const invite = async (tx: Tx, site: Site, personId: string): Promise<void> => {
  const person = await tx.maybe<Addressee & { has_password: boolean }>({
    text: `select ${addresseeColumns}, exists (select 1 from password w where w.tenant_id = p.tenant_id and w.person_id = p.id) as has_password
           from person p join tenant t on t.id = p.tenant_id where p.tenant_id = $1 and p.id = $2 and p.is_active`,
    values: [tx.tenantId, personId],
  })
  if (person === undefined) throw new Refusal('not_found')
  if (person.has_password) throw new Refusal('not_ready', says('password.theirs'))
  sendLink(tx, site, 'invitation', person)
}

const floorMilliseconds = 250
const mostPerHour = 3

/**
 * Somebody says they forgot their password. The answer is the same and comes after the same time whether there is such an account or
 * not, and whether a mail is sent or not: three an hour, so that nobody's mailbox is filled by strangers.
 */
export const requestReset = async (
  context: StrangerContext,
  body: { tenant?: string | undefined; email: string },
): Promise<void> => {
  const { database, request, site, now } = context
  const floor = sleep(floorMilliseconds)
  const tenant = await findTenant(database, body.tenant, request.hostname)
  await takeAddressAttempt(context, tenant?.id, 'reset')
  try {
    if (tenant !== undefined && !tenant.isSuspended) {
      const stranger = authorOf(tenant.id, {}, context)
      const sent = await write(database, stranger, async (tx) => {
        const person = await tx.maybe<Addressee & { recent: number }>({
          text: `select ${addresseeColumns}, (select count(*)::int from one_time_token k where k.tenant_id = p.tenant_id and k.person_id = p.id
                   and k.purpose = 'reset' and k.created_at > $3) as recent
                 from person p join tenant t on t.id = p.tenant_id where p.tenant_id = $1 and p.email_key = lower($2) and p.is_active for update of p`,
          values: [tx.tenantId, body.email.trim(), new Date(Date.parse(now) - 3_600_000).toISOString()],
        })
        if (person !== undefined && person.recent < mostPerHour) sendLink(tx, site, 'reset', person)
        return person !== undefined
      })
      if (!sent) {
        await journalRefusedSignIn(database, stranger, {
          reason: 'unknown_account_reset',
          personId: undefined,
          address: request.ip,
          by: request.ip,
        })
      }
    }
  } finally {
    await floor
  }
}

/**
 * Sets the password with a link and uses the link up. Signs nobody in: somebody who came by the link of another still lacks the
 * second factor, and the person hears of the change. Every session of the person ends.
 */
export const acceptLink = async (
  context: Pick<StrangerContext, 'database' | 'now'> & { request: FastifyRequest },
  purpose: LinkPurpose,
  body: { token: string; password: string },
): Promise<{ tenant: { slug: string; name: string; language: string }; email: string }> => {
  const { database, now } = context
  const token = readToken(body.token)
  const owner = await holderOf(database, purpose, token, now)
  acceptable(body.password, owner, (await securityOf(database, token.tenantId, now)).passwords)
  const hash = await hashPassword(body.password)
  const author = authorOf(token.tenantId, { kind: 'person', id: owner.personId, via: purpose }, context)
  await write(database, author, async (tx) => {
    const { personId } = await useToken(tx, purpose, token)
    await storePassword(tx, personId, hash, {
      type: purpose === 'reset' ? 'credential.password_changed' : 'credential.password_set',
    })
    await endSessions(tx, { personId }, 'a credential changed')
  })
  return {
    tenant: { slug: owner.slug, name: owner.tenantName, language: owner.language },
    email: owner.email,
  }
}

type Holder = {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly slug: string
  readonly tenantName: string
  readonly language: string
}

const holderOf = (
  database: Database,
  purpose: LinkPurpose,
  token: ReturnType<typeof readToken>,
  now: string,
): Promise<Holder> =>
  read(database, token.tenantId, async (q) => {
    const { personId } = await peekToken(q, purpose, token, now)
    const holder = await q.maybe<Holder>({
      text: `select p.id as "personId", p.name, p.email, t.slug, t.name as "tenantName", t.language
             from person p join tenant t on t.id = p.tenant_id where p.tenant_id = $1 and p.id = $2 and p.is_active and t.suspended_at is null`,
      values: [q.tenantId, personId],
    })
    if (holder === undefined) throw new Refusal('link_gone')
    return holder
  })
