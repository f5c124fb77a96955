import { Refusal } from '../../kernel/refusal.ts'
import { hashPassword, verifyPassword } from '../../platform/auth/password.hash.ts'
import { passwordFault } from '../../platform/auth/password.policy.ts'
import { newRecoveryCode, recoveryCodeHash } from '../../platform/auth/recovery-code.ts'
import { open, seal } from '../../platform/auth/secret-box.ts'
import { base32, newTotpSecret, totpAddress, totpStep } from '../../platform/auth/totp.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Context } from '../../platform/http/serve.ts'
import type { Site } from '../../platform/http/site.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { accountHash, attemptWorked, giveAttemptBack, takeAttempt } from './people.attempts.ts'
import { queueMail } from './people.mail.ts'
import { journalRefusedSignIn } from './people.refusals.ts'
import { keepRequiredFactor, securityOf, type ProvedFactor } from './people.security.ts'
import { endSessions, giveCookie, ownSession, renewSession, type IssuedSession } from './people.sessions.ts'
import { accountById, factorGiven, useSecondFactor, type SecondFactor } from './people.sign-in.ts'
import { withdrawTokens } from '../../platform/auth/one-time-token.ts'
import { says } from './people.reasons.ts'

type Ask = Pick<Context, 'database' | 'caller' | 'reply' | 'request' | 'site'>

const proofMinutes = 15

/**
 * Checks the password of somebody signed in, under the same lock as a sign-in: a stolen session must not be a place to guess at the
 * password. `use` runs in the transaction that counts it as right.
 */
const withPassword = async <T>(
  { database, caller, request, site }: Ask,
  given: { password: string } & SecondFactor,
  asksFactor: boolean,
  use: (tx: Tx, factor: ProvedFactor | null) => Promise<T>,
): Promise<T> => {
  const own = await read(database, caller.tenantId, (q) =>
    q.one<{ email: string }>({
      text: 'select email from person where tenant_id = $1 and id = $2',
      values: [q.tenantId, caller.personId],
    }),
  )
  const counted = accountHash(own.email)
  const { passwords } = await securityOf(database, caller.tenantId, caller.now)
  const account = await write(database, caller, async (tx) => {
    await takeAttempt(tx, counted, passwords)
    return accountById(tx, caller.personId)
  })
  const refuse = async (reason: 'wrong_password' | 'wrong_second_factor'): Promise<never> => {
    await journalRefusedSignIn(database, caller, {
      reason,
      personId: caller.personId,
      address: request.ip,
      by: counted.toString('hex'),
    })
    throw new Refusal('wrong_credentials')
  }
  if (!(await verifyPassword(account.passwordHash, given.password))) return refuse('wrong_password')
  const factor = asksFactor ? factorGiven(account, given) : 'none'
  if (factor === 'missing') {
    await write(database, caller, async (tx) => giveAttemptBack(tx, counted))
    throw new Refusal('second_factor_needed')
  }
  const done = await write(database, caller, async (tx) => {
    if (asksFactor && !(await useSecondFactor(tx, account, given, site))) return undefined
    attemptWorked(tx, counted)
    return { result: await use(tx, factor === 'none' ? null : factor) }
  })
  return done === undefined ? refuse('wrong_second_factor') : done.result
}

const until = (caller: Caller): { until: string } => ({
  until: new Date(Date.parse(caller.now) + proofMinutes * 60_000).toISOString(),
})

/** "It is me": opens what needs a recent sign-in for another quarter of an hour. */
export const confirmMe = async (
  ask: Ask,
  given: { password: string } & SecondFactor,
): Promise<{ until: string }> => {
  const sessionId = ownSession(ask.caller)
  const session = await withPassword(ask, given, true, (tx, factor) =>
    confirmed(tx, sessionId, ask.caller.personId, factor),
  )
  giveCookie(ask.reply, ask.site, session)
  return until(ask.caller)
}

export const confirmed = (
  tx: Tx,
  sessionId: string,
  personId: string,
  factor: ProvedFactor | null,
): Promise<IssuedSession> => {
  tx.journal({
    type: 'session.confirmed',
    subject: { kind: 'person', id: personId },
    data: { session: sessionId },
  })
  return renewSession(tx, sessionId, personId, true, factor)
}

/** After a credential changed: whoever holds another session of this person, or an old secret of this one, is out. */
export const startOver = async (
  tx: Tx,
  caller: Caller,
  sessionId: string,
  factor: ProvedFactor | null = null,
): Promise<IssuedSession> => {
  await endSessions(tx, { personId: caller.personId, except: sessionId }, 'a credential changed')
  return renewSession(tx, sessionId, caller.personId, false, factor)
}

const changeCredential = async (
  { database, caller, reply, site }: Ask,
  change: (tx: Tx) => Promise<void>,
  factor: ProvedFactor | null = null,
): Promise<void> => {
  const sessionId = ownSession(caller)
  const session = await write(database, caller, async (tx) => {
    await change(tx)
    return startOver(tx, caller, sessionId, factor)
  })
  giveCookie(reply, site, session)
}

const ofPerson = (caller: Caller) => ({ kind: 'person', id: caller.personId })

/** @throws Refusal `invalid` naming what is wrong with the password */
export const acceptable = (
  password: string,
  owner: { name: string; email: string },
  { shortest }: { readonly shortest: number },
): void => {
  const fault = passwordFault(password, owner, shortest)
  if (fault !== undefined) throw new Refusal('invalid', [fault])
}

/** Sets the hash; outstanding reset links stop working, and the person hears of it by mail. */
export const storePassword = async (
  tx: Tx,
  personId: string,
  hash: string,
  entry: { type: string },
): Promise<void> => {
  const person = await tx.one<{ name: string; email: string; language: string; tenant: string }>({
    text: 'select p.name, p.email, p.language, t.name as tenant from person p join tenant t on t.id = p.tenant_id where p.tenant_id = $1 and p.id = $2',
    values: [tx.tenantId, personId],
  })
  tx.send({
    text: `insert into password (tenant_id, person_id, hash, changed_at) values ($1, $2, $3, $4)
           on conflict (tenant_id, person_id) do update set hash = excluded.hash, changed_at = excluded.changed_at`,
    values: [tx.tenantId, personId, hash, tx.author.now],
  })
  withdrawTokens(tx, personId, ['invitation', 'reset'])
  attemptWorked(tx, accountHash(person.email))
  const entryId = tx.journal({ type: entry.type, subject: { kind: 'person', id: personId }, data: {} })
  if (entry.type !== 'credential.password_changed') return
  queueMail(tx, null, {
    kind: 'password_changed',
    personId,
    to: { name: person.name, address: person.email },
    language: person.language,
    tenantName: person.tenant,
    entryId,
    link: null,
    expiresAt: null,
  })
}

/** Changes one's own password; the current one is asked for even in a session that was proved just now. */
export const changePassword = async (
  ask: Ask,
  { current, password }: { current?: string | undefined; password: string },
): Promise<void> => {
  const { database, caller, reply, site } = ask
  const sessionId = ownSession(caller)
  const owner = await read(database, caller.tenantId, (q) =>
    q.one<{ name: string; email: string; has_password: boolean }>({
      text: `select p.name, p.email, w.person_id is not null as has_password from person p
             left join password w on w.tenant_id = p.tenant_id and w.person_id = p.id where p.tenant_id = $1 and p.id = $2`,
      values: [q.tenantId, caller.personId],
    }),
  )
  acceptable(password, owner, (await securityOf(database, caller.tenantId, caller.now)).passwords)
  if (current === password) {
    throw new Refusal('invalid', [{ code: 'same', field: 'password', message: says('password.same') }])
  }
  const change = async (tx: Tx, hash: string): Promise<IssuedSession> => {
    await storePassword(tx, caller.personId, hash, { type: 'credential.password_changed' })
    return startOver(tx, caller, sessionId)
  }
  const hash = await hashPassword(password)
  let session: IssuedSession
  if (!owner.has_password) session = await write(database, caller, (tx) => change(tx, hash))
  else if (current === undefined) {
    throw new Refusal('invalid', [{ code: 'missing', field: 'current', message: says('password.current') }])
  } else session = await withPassword(ask, { password: current }, false, (tx) => change(tx, hash))
  giveCookie(reply, site, session)
}

/** An operator at the command line, or a seed, sets a password. */
export const setPassword = async (
  database: Database,
  author: Author,
  personId: string,
  password: string,
): Promise<void> => {
  const owner = await read(database, author.tenantId, (q) =>
    q.one<{ name: string; email: string }>({
      text: 'select name, email from person where tenant_id = $1 and id = $2',
      values: [q.tenantId, personId],
    }),
  )
  acceptable(password, owner, (await securityOf(database, author.tenantId, author.now)).passwords)
  const hash = await hashPassword(password)
  await write(database, author, async (tx) => {
    await storePassword(tx, personId, hash, { type: 'credential.password_set' })
    await endSessions(tx, { personId }, 'a credential changed')
  })
}

const keyOf = (site: Site): Buffer => {
  if (site.accountKey === null) {
    throw new Refusal('not_available_here', says('codes.noAccountKey'))
  }
  return site.accountKey
}

/** A new seed, not in force before a code made from it was typed in. */
export const enrolTotp = async ({
  database,
  caller,
  site,
}: Ask): Promise<{ secret: string; address: string }> => {
  ownSession(caller)
  const key = keyOf(site)
  const secret = newTotpSecret()
  const account = await write(database, caller, async (tx) => {
    const [row, person] = await Promise.all([
      tx.maybe<{ confirmed_at: string | null }>({
        text: 'select confirmed_at from totp where tenant_id = $1 and person_id = $2 for update',
        values: [tx.tenantId, caller.personId],
      }),
      tx.one<{ email: string; tenant: string }>({
        text: 'select p.email, t.name as tenant from person p join tenant t on t.id = p.tenant_id where p.tenant_id = $1 and p.id = $2',
        values: [tx.tenantId, caller.personId],
      }),
    ])
    if (row !== undefined && row.confirmed_at !== null) {
      throw new Refusal('already_exists', says('codes.already'))
    }
    tx.send({
      text: `insert into totp (tenant_id, person_id, secret) values ($1, $2, $3)
             on conflict (tenant_id, person_id) do update set secret = excluded.secret, last_step = 0`,
      values: [tx.tenantId, caller.personId, seal(key, caller.personId, secret)],
    })
    return person
  })
  return {
    secret: base32(secret),
    address: totpAddress(secret, `Evenkeel ${account.tenant}`, account.email),
  }
}

/** The code shows that the seed arrived; from now on it is asked for. Answers the recovery codes, this once. */
export const confirmTotp = async (ask: Ask, code: string): Promise<{ codes: string[] }> => {
  const { caller, site } = ask
  const key = keyOf(site)
  const codes = newCodes()
  await changeCredential(
    ask,
    async (tx) => {
      const row = await tx.maybe<{ secret: Buffer; last_step: number }>({
        text: 'select secret, last_step from totp where tenant_id = $1 and person_id = $2 and confirmed_at is null for update',
        values: [tx.tenantId, caller.personId],
      })
      if (row === undefined) throw new Refusal('not_ready', says('codes.begin'))
      const step = await totpStep(open(key, caller.personId, row.secret), code, caller.now, row.last_step)
      if (step === null) {
        throw new Refusal('invalid', [
          {
            code: 'wrong_code',
            field: 'totp',
            message: says('codes.wrong'),
          },
        ])
      }
      tx.send({
        text: 'update totp set confirmed_at = $3, last_step = $4 where tenant_id = $1 and person_id = $2',
        values: [tx.tenantId, caller.personId, caller.now, step],
      })
      storeCodes(tx, caller.personId, codes)
      const entryId = tx.journal({ type: 'credential.totp_added', subject: ofPerson(caller), data: {} })
      await tellFactorAdded(tx, caller.personId, entryId)
    },
    'totp',
  )
  return { codes }
}

export const removeTotp = (ask: Ask): Promise<void> =>
  changeCredential(ask, async (tx) => {
    await dropTotp(tx, ask.caller.personId)
    await keepRequiredFactor(tx, ask.caller.personId)
  })

/** Removes one-time codes and recovery codes; a refusal when there are none. */
export const dropTotp = async (tx: Tx, personId: string): Promise<void> => {
  const values = [tx.tenantId, personId]
  const [row] = await Promise.all([
    tx.maybe<{ confirmed_at: string | null }>({
      text: 'delete from totp where tenant_id = $1 and person_id = $2 returning confirmed_at',
      values,
    }),
    tx.rows({ text: 'delete from recovery_code where tenant_id = $1 and person_id = $2', values }),
  ])
  if (row === undefined || row.confirmed_at === null) throw new Refusal('not_found')
  tx.journal({ type: 'credential.totp_removed', subject: { kind: 'person', id: personId }, data: {} })
}

/** Removes every second factor; a refusal when there is none. */
export const dropFactors = async (tx: Tx, personId: string): Promise<void> => {
  const passkeys = await tx.rows<{ id: string }>({
    text: 'delete from passkey where tenant_id = $1 and person_id = $2 returning id',
    values: [tx.tenantId, personId],
  })
  for (const { id } of passkeys)
    tx.journal({
      type: 'credential.passkey_removed',
      subject: { kind: 'person', id: personId },
      data: { passkey: id },
    })
  const totp = await tx.maybe({
    text: 'select 1 from totp where tenant_id = $1 and person_id = $2 and confirmed_at is not null',
    values: [tx.tenantId, personId],
  })
  if (totp !== undefined) await dropTotp(tx, personId)
  else if (passkeys.length === 0) throw new Refusal('not_found')
}

/** Whoever gets at somebody's password first could add a factor of their own: the person hears of each. */
export const tellFactorAdded = async (tx: Tx, personId: string, entryId: string): Promise<void> => {
  const person = await tx.one<{ name: string; email: string; language: string; tenant: string }>({
    text: 'select p.name, p.email, p.language, t.name as tenant from person p join tenant t on t.id = p.tenant_id where p.tenant_id = $1 and p.id = $2',
    values: [tx.tenantId, personId],
  })
  queueMail(tx, null, {
    kind: 'second_factor_added',
    personId,
    to: { name: person.name, address: person.email },
    language: person.language,
    tenantName: person.tenant,
    entryId,
    link: null,
    expiresAt: null,
  })
}

export const renewRecoveryCodes = async (ask: Ask): Promise<{ codes: string[] }> => {
  const { caller } = ask
  const codes = newCodes()
  await changeCredential(ask, async (tx) => {
    const row = await tx.maybe({
      text: 'select 1 from totp where tenant_id = $1 and person_id = $2 and confirmed_at is not null for update',
      values: [tx.tenantId, caller.personId],
    })
    if (row === undefined) throw new Refusal('not_ready', says('codes.recovery'))
    tx.send({
      text: 'delete from recovery_code where tenant_id = $1 and person_id = $2',
      values: [tx.tenantId, caller.personId],
    })
    storeCodes(tx, caller.personId, codes)
    tx.journal({ type: 'credential.recovery_codes_renewed', subject: ofPerson(caller), data: {} })
  })
  return { codes }
}

const newCodes = (): string[] => Array.from({ length: 10 }, newRecoveryCode)

const storeCodes = (tx: Tx, personId: string, codes: readonly string[]): void => {
  tx.send({
    text: 'insert into recovery_code (tenant_id, person_id, code_hash) select $1, $2, unnest($3::bytea[])',
    values: [tx.tenantId, personId, codes.map(recoveryCodeHash)],
  })
}
