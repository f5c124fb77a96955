import { createHash } from 'node:crypto'
import { Refusal } from '../../kernel/refusal.ts'
import { createAddressThrottle, type AddressThrottle } from '../../platform/auth/throttle.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'

/** How many attempts, and how long the lock is: the tenant's policy, within PCI DSS 8.3.4 (at most 10, at least 30 minutes). */
export type Lock = { readonly attempts: number; readonly lockMinutes: number }

// Wrong attempts further apart than a day are slips, not an attack.
const forgottenHours = 24

/** An account as it is counted: by what was typed, whether there is such a person or not. */
export const accountHash = (email: string): Buffer =>
  createHash('sha256').update(email.normalize('NFKC').trim().toLowerCase()).digest()

/**
 * Takes one of the account's attempts before it is made, so that any number of guesses side by side are ten. The last one locks;
 * `attemptWorked` opens again. A lock is not extended by trying against it, and it does not touch open sessions, passkeys or the
 * link of a password reset: locking somebody out on purpose stops nobody for long.
 */
export const takeAttempt = async (
  tx: Tx,
  account: Buffer,
  { attempts, lockMinutes }: Lock,
): Promise<void> => {
  const now = Date.parse(tx.author.now)
  const values = [
    tx.tenantId,
    account,
    tx.author.now,
    new Date(now + lockMinutes * 60_000).toISOString(),
    new Date(now - forgottenHours * 3_600_000).toISOString(),
    attempts,
  ]
  const taken = await tx.maybe<{ failed: number }>({
    name: 'sign_in_attempt_take',
    text: `insert into sign_in_attempt as a (tenant_id, account_hash, failed, last_at, locked_until) values ($1, $2, 1, $3, null)
           on conflict (tenant_id, account_hash) do update set
             failed = case when a.locked_until is not null or a.last_at < $5 then 1 else a.failed + 1 end,
             locked_until = case when a.locked_until is null and a.last_at >= $5 and a.failed + 1 >= $6 then $4::timestamptz end,
             last_at = $3
           where a.locked_until is null or a.locked_until <= $3
           returning failed`,
    values,
  })
  if (taken !== undefined) return
  const locked = await tx.maybe<{ locked_until: string }>({
    text: 'select locked_until from sign_in_attempt where tenant_id = $1 and account_hash = $2',
    values: [tx.tenantId, account],
  })
  const seconds = locked === undefined ? lockMinutes * 60 : (Date.parse(locked.locked_until) - now) / 1000
  throw new Refusal('locked', [], { 'retry-after': String(Math.max(1, Math.ceil(seconds))) })
}

/** Right: earlier failures are forgotten. */
export const attemptWorked = (tx: Tx, account: Buffer): void => {
  tx.send({
    text: 'delete from sign_in_attempt where tenant_id = $1 and account_hash = $2',
    values: [tx.tenantId, account],
  })
}

/** The password was right but the second factor is still to come: this attempt is given back, earlier failures stay. */
export const giveAttemptBack = (tx: Tx, account: Buffer): void => {
  tx.send({
    text: 'update sign_in_attempt set failed = greatest(failed - 1, 0), locked_until = null where tenant_id = $1 and account_hash = $2',
    values: [tx.tenantId, account],
  })
}

/** What an address runs out of, each in a quarter of an hour. */
const allowances = { sign_in: 50, passkey_options: 300, reset: 20, answer: 50 } as const
export type Throttled = keyof typeof allowances

const throttles = new WeakMap<Database, Map<Throttled, AddressThrottle>>()

/** Kept by each process: what an account allows is in the database, this only slows down who tries many accounts. */
export const addressThrottle = (database: Database, what: Throttled): AddressThrottle => {
  let all = throttles.get(database)
  if (all === undefined) throttles.set(database, (all = new Map()))
  let throttle = all.get(what)
  if (throttle === undefined) all.set(what, (throttle = createAddressThrottle(allowances[what], 15 * 60_000)))
  return throttle
}
