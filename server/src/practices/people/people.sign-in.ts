import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/refusal.ts'
import { isLoopbackName, sessionCookie } from '../../platform/auth/cookie.ts'
import { hashPassword, isOutdated, verifyPassword } from '../../platform/auth/password.hash.ts'
import { recoveryCodeHash } from '../../platform/auth/recovery-code.ts'
import { open } from '../../platform/auth/secret-box.ts'
import { totpStep } from '../../platform/auth/totp.ts'
import { relyingParty } from '../../platform/auth/passkey.ts'
import { matches, readCredential } from '../../platform/http/credential.ts'
import type { StrangerContext } from '../../platform/http/serve.ts'
import type { Site } from '../../platform/http/site.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import {
  accountHash,
  addressThrottle,
  attemptWorked,
  giveAttemptBack,
  takeAttempt,
  type Throttled,
} from './people.attempts.ts'
import { journalRefusedSignIn, type RefusedSignIn } from './people.refusals.ts'
import { securityOf, type ProvedFactor } from './people.security.ts'
import { endSessions, giveCookie, originOf, startSession, type IssuedSession } from './people.sessions.ts'
import { demoTenants, findTenant, type Tenant } from './people.tenant.ts'
import { rolesIn } from './people.role-words.ts'
import { readerOf } from '../../platform/http/reader.ts'
import type { SignedIn, SignInOptions, Me } from '@evenkeel/contract/session'
import { says } from './people.reasons.ts'

export const authorOf = (
  tenantId: string,
  actor: Partial<Author['actor']>,
  { request, now }: Pick<StrangerContext, 'request' | 'now'>,
): Author => ({
  tenantId,
  actor: { kind: 'stranger', id: null, onBehalfOf: null, via: 'api', ...actor },
  request: request.id,
  now,
})

/** Over plain HTTP a password can be read by everybody on the way; only a browser on this very machine may send one. */
export const refusePlainHttp = (site: Site, request: FastifyRequest): void => {
  if (site.secure || isLoopbackName(request.hostname)) return
  throw new Refusal('not_available_here', says('signIn.https'))
}

/** What the sign-in page shows before anybody is known. */
export const signInOptions = async (
  { database, request, site }: StrangerContext,
  slug: string | undefined,
): Promise<SignInOptions> => {
  const [tenant, demos] = await Promise.all([
    findTenant(database, slug, request.hostname),
    site.demo ? demoTenants(database) : [],
  ])
  if (slug !== undefined && (tenant === undefined || tenant.isSuspended)) throw new Refusal('not_found')
  const offered = demos.filter((demo) => tenant === undefined || demo.id === tenant.id)
  const demo = await Promise.all(
    offered.map(async (one) => ({
      tenant: tenantRef(one),
      people: await demoPeople(database, one.id, readerOf(request)),
    })),
  )
  return {
    tenant: tenant === undefined || tenant.isSuspended ? null : tenantRef(tenant),
    ways: [
      'password',
      ...(relyingParty(site.publicUrl) === undefined ? [] : ['passkey' as const]),
      ...(demo.length > 0 ? ['demo' as const] : []),
    ],
    demo,
  }
}

export const tenantRef = ({ slug, name, language }: Tenant) => ({ slug, name, language })

/** The people of the story: those with the most to do first. */
const demoPeople = (database: Database, tenantId: string, language: string) =>
  read(database, tenantId, async (q) => {
    const rows = await q.rows<{ id: string; name: string; title: string; roles: Me['roles'] }>({
      text: `select p.id, p.name, p.title, json_agg(json_build_object('id', r.id, 'key', r.key, 'name', r.name) order by r.name) as roles
             from person p join person_role pr on pr.tenant_id = p.tenant_id and pr.person_id = p.id
               join role r on r.tenant_id = pr.tenant_id and r.id = pr.role_id
             where p.tenant_id = $1 and p.is_active
             group by p.id, p.name, p.title
             order by count(*) filter (where r.key <> 'requester') desc, p.name limit 24`,
      values: [tenantId],
    })
    return rows.map((row) => ({ ...row, roles: rolesIn(language, row.roles).map(({ name }) => name) }))
  })

/** What a sign-in is decided from; the columns of somebody who does not exist are null. */
export type Account = {
  readonly personId: string
  readonly name: string
  readonly isActive: boolean
  readonly passwordHash: string | null
  readonly totpSecret: Buffer | null
  readonly totpLastStep: number | null
  readonly recoveryCodesLeft: number
}

const accountColumns = `p.id as "personId", p.name, p.is_active as "isActive", w.hash as "passwordHash", o.secret as "totpSecret", o.last_step as "totpLastStep",
  (select count(*)::int from recovery_code c where c.tenant_id = p.tenant_id and c.person_id = p.id and c.used_at is null) as "recoveryCodesLeft"`
const accountJoins = `person p left join password w on w.tenant_id = p.tenant_id and w.person_id = p.id
  left join totp o on o.tenant_id = p.tenant_id and o.person_id = p.id and o.confirmed_at is not null`

export const accountByEmail = (q: Reader, email: string): Promise<Account | undefined> =>
  q.maybe<Account>({
    name: 'account_by_email',
    text: `select ${accountColumns} from ${accountJoins} where p.tenant_id = $1 and p.email_key = lower($2)`,
    values: [q.tenantId, email.trim()],
  })

export const accountById = (q: Reader, personId: string): Promise<Account> =>
  q.one<Account>({
    name: 'account_by_id',
    text: `select ${accountColumns} from ${accountJoins} where p.tenant_id = $1 and p.id = $2`,
    values: [q.tenantId, personId],
  })

export type SecondFactor = { readonly totp?: string | undefined; readonly recoveryCode?: string | undefined }

/** Which second factor the account asks for and got: none needed, still missing, or the one given. */
export const factorGiven = (
  account: Account,
  given: SecondFactor,
): 'none' | 'missing' | 'totp' | 'recovery_code' => {
  if (account.totpSecret === null) return 'none'
  if (given.totp !== undefined) return 'totp'
  return given.recoveryCode === undefined ? 'missing' : 'recovery_code'
}

/** Uses the second factor up: a code works once, whoever else sends it at the same moment. */
export const useSecondFactor = async (
  tx: Tx,
  account: Account,
  given: SecondFactor,
  site: Site,
): Promise<boolean> => {
  if (account.totpSecret === null) return true
  if (given.totp !== undefined) {
    if (site.accountKey === null) throw new Refusal('not_available_here', says('accountKey'))
    const secret = open(site.accountKey, account.personId, account.totpSecret)
    const step = await totpStep(secret, given.totp, tx.author.now, account.totpLastStep ?? 0)
    if (step === null) return false
    const used = await tx.maybe({
      text: 'update totp set last_step = $3 where tenant_id = $1 and person_id = $2 and last_step < $3 returning 1',
      values: [tx.tenantId, account.personId, step],
    })
    return used !== undefined
  }
  if (given.recoveryCode === undefined) return false
  const used = await tx.maybe({
    text: 'update recovery_code set used_at = $4 where tenant_id = $1 and person_id = $2 and code_hash = $3 and used_at is null returning 1',
    values: [tx.tenantId, account.personId, recoveryCodeHash(given.recoveryCode), tx.author.now],
  })
  if (used === undefined) return false
  tx.journal({
    type: 'credential.recovery_code_used',
    subject: { kind: 'person', id: account.personId },
    data: { left: account.recoveryCodesLeft - 1 },
  })
  return true
}

/** Refuses an address that is out of attempts; answers how to say that this one is not to be counted against it. */
export const takeAddressAttempt = async (
  { database, request, now }: Pick<StrangerContext, 'database' | 'request' | 'now'>,
  tenantId: string | undefined,
  what: Throttled = 'sign_in',
): Promise<{ worked: (who: string) => void; undecided: () => void }> => {
  const throttle = addressThrottle(database, what)
  const wait = throttle.begin(request.ip, Date.parse(now))
  if (wait === 0) {
    return {
      worked: (who) => throttle.succeeded(request.ip, who),
      undecided: () => throttle.undecided(request.ip),
    }
  }
  if (tenantId !== undefined) {
    await journalRefusedSignIn(database, authorOf(tenantId, {}, { request, now }), {
      reason: 'too_many_from_address',
      personId: undefined,
      address: request.ip,
      by: request.ip,
    })
  }
  throw new Refusal('too_many_requests', says('signIn.attempts'), {
    'retry-after': String(wait),
  })
}

/** Ends the session that the browser still holds, whoever's it is: a sign-in begins a new one. */
const endHeldSession = async (tx: Tx, request: FastifyRequest, site: Site): Promise<void> => {
  const held = readCredential(sessionCookie(request, site.secure) ?? '')
  if (held === undefined || held.tenantId !== tx.tenantId) return
  const row = await tx.maybe<{ person_id: string; secret_hash: Buffer }>({
    text: 'select person_id, secret_hash from session where tenant_id = $1 and id = $2 and ended_at is null',
    values: [tx.tenantId, held.id],
  })
  if (row !== undefined && matches(held, row.secret_hash))
    await endSessions(tx, { personId: row.person_id, only: held.id }, 'signed in again')
}

/** The last step of every way in: the old session ends, a new one starts, the cookie carries it. */
export const begin = async (
  tx: Tx,
  request: FastifyRequest,
  site: Site,
  personId: string,
  signedInBy: string,
  secondFactor?: ProvedFactor,
): Promise<IssuedSession> => {
  await endHeldSession(tx, request, site)
  return startSession(tx, {
    personId,
    signedInBy,
    ...(secondFactor === undefined ? {} : { secondFactor }),
    ...originOf(request),
  })
}

export const signedIn = (
  reply: FastifyReply,
  site: Site,
  tenant: Tenant,
  person: { id: string; name: string },
  recoveryCodesLeft: number | null,
  session: IssuedSession,
): SignedIn => {
  giveCookie(reply, site, session)
  return { person, tenant: tenantRef(tenant), recoveryCodesLeft }
}

/**
 * Signs in with a password. What is wrong (no such tenant, no such account, no password, wrong password, deactivated) is never said,
 * and every case does the same work: one row for the attempt, one look-up, one argon2.
 */
export const signIn = async (
  context: StrangerContext,
  body: { tenant?: string | undefined; email: string; password: string } & SecondFactor,
): Promise<SignedIn> => {
  const { database, request, reply, site } = context
  refusePlainHttp(site, request)
  const tenant = await findTenant(database, body.tenant, request.hostname)
  const address = await takeAddressAttempt(context, tenant?.id)
  if (tenant === undefined) {
    await verifyPassword(null, body.password)
    throw new Refusal('wrong_credentials')
  }
  const account = accountHash(body.email)
  const { passwords } = await securityOf(database, tenant.id, context.now)
  const stranger = authorOf(tenant.id, {}, context)
  const refuse = async (reason: RefusedSignIn['reason'], personId?: string): Promise<never> => {
    await journalRefusedSignIn(database, stranger, {
      reason,
      personId,
      address: request.ip,
      by: account.toString('hex'),
    })
    throw new Refusal('wrong_credentials')
  }
  const found = await write(database, stranger, async (tx) => {
    const [, row] = await Promise.all([takeAttempt(tx, account, passwords), accountByEmail(tx, body.email)])
    return row
  }).catch(async (error: unknown) => {
    if (error instanceof Refusal && error.code === 'locked') await refuse('locked').catch(() => {})
    throw error
  })
  const right = await verifyPassword(found?.passwordHash ?? null, body.password)
  if (found === undefined) return refuse('unknown_account')
  const { personId } = found
  if (found.passwordHash === null) return refuse('no_password', personId)
  if (!right) return refuse('wrong_password', personId)
  if (!found.isActive) return refuse('deactivated', personId)
  if (tenant.isSuspended) return refuse('suspended', personId)
  const factor = factorGiven(found, body)
  if (factor === 'missing') {
    address.undecided()
    await write(database, stranger, async (tx) => giveAttemptBack(tx, account))
    throw new Refusal('second_factor_needed')
  }
  const by = factor === 'none' ? 'password' : `password+${factor}`
  const rehashed = isOutdated(found.passwordHash) ? await hashPassword(body.password) : undefined
  const author = authorOf(tenant.id, { kind: 'person', id: personId, via: by }, context)
  const session = await write(database, author, async (tx) => {
    if (!(await stillSo(tx, found))) return undefined
    if (!(await useSecondFactor(tx, found, body, site))) return undefined
    attemptWorked(tx, account)
    if (rehashed !== undefined) {
      tx.send({
        text: 'update password set hash = $3 where tenant_id = $1 and person_id = $2',
        values: [tx.tenantId, personId, rehashed],
      })
    }
    return begin(tx, request, site, personId, by, factor === 'none' ? undefined : factor)
  })
  if (session === undefined) return refuse('wrong_second_factor', personId)
  address.worked(personId)
  const left = factor === 'none' ? null : found.recoveryCodesLeft - (factor === 'recovery_code' ? 1 : 0)
  return signedIn(reply, site, tenant, { id: personId, name: found.name }, left, session)
}

/** Between the look-up and now the password may have been changed or the person deactivated: then what was proved proves nothing. */
const stillSo = async (tx: Tx, { personId, passwordHash }: Account): Promise<boolean> => {
  const row = await tx.maybe({
    text: `select 1 from password w join person p on p.tenant_id = w.tenant_id and p.id = w.person_id
           where w.tenant_id = $1 and w.person_id = $2 and w.hash = $3 and p.is_active for share`,
    values: [tx.tenantId, personId, passwordHash],
  })
  return row !== undefined
}

/** One click as somebody of the demo; on every other instance and for every other tenant this address does not exist. */
export const demoSignIn = async (
  context: StrangerContext,
  body: { tenant: string; personId: string },
): Promise<SignedIn> => {
  const { database, request, reply, site } = context
  if (!site.demo) throw new Refusal('not_found')
  refusePlainHttp(site, request)
  const tenant = await findTenant(database, body.tenant, request.hostname)
  if (tenant === undefined || !tenant.isDemo || tenant.isSuspended) throw new Refusal('not_found')
  const author = authorOf(tenant.id, { kind: 'person', id: body.personId, via: 'demo' }, context)
  const { person, session } = await write(database, author, async (tx) => {
    const person = await tx.one<{ id: string; name: string }>({
      text: 'select id, name from person where tenant_id = $1 and id = $2 and is_active',
      values: [tx.tenantId, body.personId],
    })
    return { person, session: await begin(tx, request, site, person.id, 'demo') }
  })
  return signedIn(reply, site, tenant, person, null, session)
}
