import { Temporal } from '../../kernel/time/temporal.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { queueMail } from './people.mail.ts'
import { endAccount } from './people.manage.ts'
import { securityPolicy } from './people.security.ts'

const day = 86_400_000
/** How long before it happens a person and their administrators hear of it. */
const warnedDays = 14
const nightHour = 2

/** An active account and when it was last used: a session, an API key, being made or being reactivated. */
export type AccountUse = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly language: string
  readonly lastUsedAt: string
  readonly warnedAt: string | null
  readonly mayAdminister: boolean
}

/** Active people whose account nobody used since an instant, the longest unused first. */
const unusedSince = (q: Reader, since: string, personId: string | null = null): Promise<AccountUse[]> =>
  q.rows<AccountUse>({
    text: `select * from (
             select p.id, p.name, p.email, p.language, u.warned_at as "warnedAt",
               greatest(p.created_at, u.last_used_at,
                 (select max(s.last_seen_at) from session s where s.tenant_id = p.tenant_id and s.person_id = p.id and s.impersonator_id is null),
                 (select max(k.last_used_at) from api_key k where k.tenant_id = p.tenant_id and k.person_id = p.id)) as "lastUsedAt",
               exists (select 1 from person_role pr join role_permission rp on rp.tenant_id = pr.tenant_id and rp.role_id = pr.role_id
                 where pr.tenant_id = p.tenant_id and pr.person_id = p.id and rp.permission = 'role.manage') as "mayAdminister"
             from person p left join account_use u on u.tenant_id = p.tenant_id and u.person_id = p.id
             where p.tenant_id = $1 and p.is_active and p.created_at <= $2 and ($3::uuid is null or p.id = $3)) account
           where "lastUsedAt" <= $2 order by "lastUsedAt", id`,
    values: [q.tenantId, since, personId],
  })

const administrators = async (q: Reader): Promise<number> => {
  const row = await q.one<{ count: number }>({
    text: `select count(distinct p.id)::int as count from person p
             join person_role pr on pr.tenant_id = p.tenant_id and pr.person_id = p.id
             join role_permission rp on rp.tenant_id = pr.tenant_id and rp.role_id = pr.role_id and rp.permission = 'role.manage'
           where p.tenant_id = $1 and p.is_active`,
    values: [q.tenantId],
  })
  return row.count
}

/** The night's work falls due at two by the tenant's clock; who was away then does it on their return. */
export const lastNight = (now: string, zone: string): string => {
  const here = Temporal.Instant.from(now).toZonedDateTimeISO(zone)
  const tonight = here.withPlainTime({ hour: nightHour })
  const due = Temporal.ZonedDateTime.compare(tonight, here) <= 0 ? tonight : tonight.subtract({ days: 1 })
  return new Date(due.epochMilliseconds).toISOString()
}

export const nextNight = (now: string, zone: string): string => {
  const next = Temporal.Instant.from(lastNight(now, zone))
    .toZonedDateTimeISO(zone)
    .add({ days: 1 })
    .withPlainTime({ hour: nightHour })
  return new Date(next.epochMilliseconds).toISOString()
}

export type Unused = {
  /** Deactivated in that night; of the administrators, one always stays. */
  readonly gone: readonly AccountUse[]
  /** Deactivated within a fortnight of it, and not told since they last used the account. */
  readonly warned: readonly (AccountUse & { readonly goneAt: string })[]
}

/** What a night does under a policy (PCI DSS 8.2.6). Pure but for what it reads. */
export const unusedAt = async (q: Reader, unusedDays: number | null, night: string): Promise<Unused> => {
  if (unusedDays === null) return { gone: [], warned: [] }
  const at = Date.parse(night)
  const since = new Date(at - (unusedDays - warnedDays) * day).toISOString()
  const [accounts, all] = await Promise.all([unusedSince(q, since), administrators(q)])
  const goneAt = (account: AccountUse): number => Date.parse(account.lastUsedAt) + unusedDays * day
  const due = accounts.filter((account) => goneAt(account) <= at)
  const last = due.findLast((account) => account.mayAdminister)
  const everyAdministrator = due.filter((account) => account.mayAdminister).length === all
  return {
    gone: everyAdministrator ? due.filter((account) => account !== last) : due,
    warned: accounts
      .filter((account) => goneAt(account) > at)
      .filter(({ warnedAt, lastUsedAt }) => warnedAt === null || warnedAt <= lastUsedAt)
      .map((account) => ({ ...account, goneAt: new Date(goneAt(account)).toISOString() })),
  }
}

const batch = 200

/**
 * Deactivates accounts that nobody used for as long as the policy says, and tells those whose turn comes within a fortnight. Each account
 * is a transaction of its own; run again, it finds nothing left to do.
 */
export const endUnusedAccounts = async (database: Database, author: Author): Promise<void> => {
  const policy = await policyInForce(database, author.tenantId, securityPolicy, author.now)
  const { unusedDays } = policy.document.accounts
  if (unusedDays === null) return
  const { timeZone } = await read(database, author.tenantId, (q) =>
    q.one<{ timeZone: string }>({
      text: 'select time_zone as "timeZone" from tenant where id = $1',
      values: [q.tenantId],
    }),
  )
  const night = lastNight(author.now, timeZone)
  // The first night after it was published.
  if (policy.effectiveFrom > night) return
  const { gone, warned } = await read(database, author.tenantId, (q) => unusedAt(q, unusedDays, night))
  const ended: AccountUse[] = []
  for (const account of gone) {
    if (await endUnused(database, author, account, { unusedDays, policyVersion: policy.version, night }))
      ended.push(account)
  }
  for (let from = 0; from < warned.length; from += batch)
    await write(database, author, async (tx) => warn(tx, warned.slice(from, from + batch)))
  if (ended.length + warned.length > 0)
    await write(database, author, (tx) => tellAdministrators(tx, ended, warned))
}

type Why = { readonly unusedDays: number; readonly policyVersion: number; readonly night: string }

/** Looked at again under its lock: who came back in the meantime stays, and so does the last administrator. */
const endUnused = async (
  database: Database,
  author: Author,
  account: AccountUse,
  { unusedDays, policyVersion, night }: Why,
): Promise<boolean> => {
  try {
    return await write(database, author, async (tx) => {
      const since = new Date(Date.parse(night) - unusedDays * day).toISOString()
      const [still] = await unusedSince(tx, since, account.id)
      if (still === undefined) return false
      await endAccount(tx, account.id, {
        reason: 'unused',
        unusedDays,
        policyVersion,
        lastUsedAt: account.lastUsedAt,
      })
      return true
    })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_ready') return false
    throw error
  }
}

const warn = async (tx: Tx, accounts: Unused['warned']): Promise<void> => {
  const tenant = await tenantName(tx)
  for (const account of accounts) {
    tx.send({
      text: `insert into account_use (tenant_id, person_id, warned_at) values ($1, $2, $3)
             on conflict (tenant_id, person_id) do update set warned_at = excluded.warned_at`,
      values: [tx.tenantId, account.id, tx.author.now],
    })
    const entryId = tx.journal({
      type: 'person.unused_warned',
      subject: { kind: 'person', id: account.id },
      data: { lastUsedAt: account.lastUsedAt, deactivatedAt: account.goneAt },
    })
    queueMail(tx, null, {
      kind: 'unused_warning',
      personId: account.id,
      to: { name: account.name, address: account.email },
      language: account.language,
      tenantName: tenant,
      entryId,
      link: null,
      expiresAt: account.goneAt,
    })
  }
}

const most = 100

/** One mail for each of those who manage people, with everybody in it. */
const tellAdministrators = async (
  tx: Tx,
  ended: readonly AccountUse[],
  warned: Unused['warned'],
): Promise<void> => {
  const [tenant, readers] = await Promise.all([
    tenantName(tx),
    tx.rows<{ id: string; name: string; email: string; language: string }>({
      text: `select distinct p.id, p.name, p.email, p.language from person p
               join person_role pr on pr.tenant_id = p.tenant_id and pr.person_id = p.id
               join role_permission rp on rp.tenant_id = pr.tenant_id and rp.role_id = pr.role_id and rp.permission = 'person.manage'
             where p.tenant_id = $1 and p.is_active`,
      values: [tx.tenantId],
    }),
  ])
  const entryId = tx.journal({
    type: 'person.unused_told',
    subject: { kind: 'tenant', id: tx.tenantId },
    data: { deactivated: ended.length, warned: warned.length },
  })
  const accounts = [
    ...ended.map(({ name }) => ({ name, at: null })),
    ...warned.map(({ name, goneAt }) => ({ name, at: goneAt })),
  ].slice(0, most)
  for (const reader of readers)
    queueMail(tx, null, {
      kind: 'unused_accounts',
      personId: reader.id,
      to: { name: reader.name, address: reader.email },
      language: reader.language,
      tenantName: tenant,
      entryId,
      link: null,
      expiresAt: null,
      accounts,
    })
}

const tenantName = async (q: Reader): Promise<string> =>
  (await q.one<{ name: string }>({ text: 'select name from tenant where id = $1', values: [q.tenantId] }))
    .name

/** Before sessions are swept away: when each account was last used, as far as they tell. */
export const keepLastUse = (tx: Tx, endedBefore: string): void =>
  tx.send({
    text: `insert into account_use (tenant_id, person_id, last_used_at)
             select s.tenant_id, s.person_id, max(s.last_seen_at) from session s
             where s.tenant_id = $1 and s.impersonator_id is null and least(s.expires_at, s.ended_at) < $2 group by s.tenant_id, s.person_id
           on conflict (tenant_id, person_id) do update set last_used_at = greatest(account_use.last_used_at, excluded.last_used_at)`,
    values: [tx.tenantId, endedBefore],
  })
