import {
  SecurityPolicy,
  type Owed,
  type SecondFactorKind,
  type SecurityPolicy as Security,
} from '@evenkeel/contract/security'
import { Refusal } from '../../kernel/refusal.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { definePolicy, policyAt, policyInForce } from '../../platform/policy/policy.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { says } from './people.reasons.ts'

/**
 * How people sign in and how long that holds. What comes with the product suits an office: a working day without a touch, a week in all.
 * Who answers to PCI DSS publishes 15 minutes (8.2.8), a second factor (8.4.2) and 90 days (8.2.6); to HIPAA 15 minutes, 2 to 5 where a
 * workstation is everybody's (164.312(a)(2)(iii)). What PCI DSS 8.3.4 and 8.3.6 ask for cannot be set lower.
 */
export const securityPolicy = definePolicy<Security>({
  kind: 'security',
  title: 'Security',
  schema: SecurityPolicy,
  initial: {
    sessions: { idleMinutes: 480, longestHours: 168 },
    secondFactor: { roleIds: [], counts: ['totp', 'passkey'] },
    passwords: { shortest: 12, attempts: 10, lockMinutes: 30 },
    accounts: { unusedDays: null },
    keys: { longestDays: 366 },
  },
})

/** From memory; another process's version is known here within the journal tail's delay. */
export const securityOf = async (database: Database, tenantId: string, now: string): Promise<Security> =>
  (await policyInForce(database, tenantId, securityPolicy, now)).document

/** The second factor that a session proved, as its row keeps it. */
export type ProvedFactor = SecondFactorKind | 'recovery_code'

/** Whoever is at the keyboard: for somebody acting as another person, themselves. */
export type AtKeyboard = {
  readonly roleIds: readonly string[]
  readonly held: readonly SecondFactorKind[]
  readonly signedInBy: string
  readonly secondFactor: ProvedFactor | null
}

export const isRequiredOf = ({ secondFactor }: Security, roleIds: readonly string[]): boolean =>
  roleIds.some((id) => secondFactor.roleIds.includes(id))

/** A recovery code stands in for the one-time codes it was printed with. */
const kindOf = (proved: ProvedFactor): SecondFactorKind => (proved === 'recovery_code' ? 'totp' : proved)

/**
 * What a session owes before it may do anything else. Who has a factor that counts proves that one: a password alone must not be enough
 * to add another. The demo's click proves nobody and changes no credential; it owes nothing.
 */
export const owedBy = (policy: Security, who: AtKeyboard): Owed | null => {
  if (who.signedInBy === 'demo' || !isRequiredOf(policy, who.roleIds)) return null
  const { counts } = policy.secondFactor
  if (who.secondFactor !== null && counts.includes(kindOf(who.secondFactor))) return null
  return who.held.some((kind) => counts.includes(kind)) ? 'prove' : 'set_up'
}

const hour = 3_600_000

/** When a session ends at the latest. Its own end holds too: a policy that allows more does not lengthen what began under another. */
export const latestEnd = (
  { sessions }: Security,
  session: { readonly startedAt: string; readonly expiresAt: string },
): string => {
  const longest = new Date(Date.parse(session.startedAt) + sessions.longestHours * hour).toISOString()
  return longest < session.expiresAt ? longest : session.expiresAt
}

/** When a key stops working; a shorter life holds for keys that exist, too. */
export const keyEnd = (
  { keys }: Security,
  key: { readonly createdAt: string; readonly expiresAt: string },
): string => {
  const longest = new Date(Date.parse(key.createdAt) + keys.longestDays * 24 * hour).toISOString()
  return longest < key.expiresAt ? longest : key.expiresAt
}

/** As SQL over a key `k`: the days of the policy are the parameter. */
export const keyEndSql = (parameter: number): string =>
  `least(k.expires_at, k.created_at + make_interval(hours => 24 * $${parameter}::int))`

/** Over a session `s`, whether it is open: parameters are now, the policy's idle minutes and its longest hours, in this order. */
export const openSessionSql = (first: number): string =>
  `s.ended_at is null and s.expires_at > $${first}::timestamptz
     and s.last_seen_at > $${first}::timestamptz - make_interval(mins => $${first + 1}::int)
     and s.created_at > $${first}::timestamptz - make_interval(hours => $${first + 2}::int)`

export const openSessionValues = (policy: Security, now: string): readonly [string, number, number] => [
  now,
  policy.sessions.idleMinutes,
  policy.sessions.longestHours,
]

/** Roles and factors of a person, as they are. */
export const standingOf = async (
  q: Reader,
  personId: string,
): Promise<Pick<AtKeyboard, 'roleIds' | 'held'>> => {
  const row = await q.one<{ roleIds: string[]; totp: boolean; passkey: boolean }>({
    name: 'person_standing',
    text: `select array(select role_id from person_role where tenant_id = $1 and person_id = $2) as "roleIds",
             exists (select 1 from totp where tenant_id = $1 and person_id = $2 and confirmed_at is not null) as totp,
             exists (select 1 from passkey where tenant_id = $1 and person_id = $2) as passkey`,
    values: [q.tenantId, personId],
  })
  return {
    roleIds: row.roleIds,
    held: [...(row.totp ? (['totp'] as const) : []), ...(row.passkey ? (['passkey'] as const) : [])],
  }
}

/**
 * Refuses to leave somebody without the second factor their role asks for; called in the transaction that removed one, which the refusal
 * undoes.
 */
export const keepRequiredFactor = async (tx: Tx, personId: string): Promise<void> => {
  const [{ document }, standing] = await Promise.all([
    policyAt(tx, securityPolicy, tx.author.now),
    standingOf(tx, personId),
  ])
  if (!isRequiredOf(document, standing.roleIds)) return
  if (standing.held.some((kind) => document.secondFactor.counts.includes(kind))) return
  throw new Refusal('not_ready', [
    {
      code: 'second_factor_required',
      message: says('factor.required'),
    },
  ])
}
