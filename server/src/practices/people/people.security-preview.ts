import type { PolicyPreview } from '@evenkeel/contract/policy'
import type { Owed, SecurityEffect, SecurityPolicy } from '@evenkeel/contract/security'
import { mayAtAll } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { relyingParty } from '../../platform/auth/passkey.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Site } from '../../platform/http/site.ts'
import { offerPolicy, type PolicyOffer } from '../../platform/policy/policy.routes.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import {
  isRequiredOf,
  keyEnd,
  latestEnd,
  owedBy,
  securityOf,
  securityPolicy,
  type AtKeyboard,
} from './people.security.ts'
import { says } from './people.reasons.ts'
import { nextNight, unusedAt } from './people.unused.ts'

type Named = { readonly id: string; readonly name: string }
type Affected = Named & { readonly detail: string }

const shown = 20

/**
 * What publishing would do to whom: who would have to set a second factor up, whose sessions and keys would end, whose account goes
 * tonight. Names and numbers are for those who manage people; to everybody else how somebody signs in stays closed, in sums too.
 */
const previewSecurity = async (
  database: Database,
  caller: Caller,
  document: SecurityPolicy,
): Promise<PolicyPreview> => {
  const current = await securityOf(database, caller.tenantId, caller.now)
  const manages = mayAtAll(caller.grants, 'person.manage')
  return read(database, caller.tenantId, async (q) => {
    await mustKnowRoles(q, document.secondFactor.roleIds)
    const nothing = { sentence: '', examined: 0, changed: 0, examples: [] }
    if (!manages) return nothing
    const [owing, sessions, keys, unused] = await Promise.all([
      whoWouldOwe(q, current, document, caller.now),
      sessionsThatEnd(q, current, document, caller.now),
      keysThatEnd(q, current, document, caller.now),
      accountsThatEnd(q, document, caller.now),
    ])
    const effects: SecurityEffect[] = (
      [
        ['set_up', owing.set_up],
        ['prove', owing.prove],
        ['deactivated', unused.gone],
        ['warned', unused.warned],
        ['sessions', sessions],
        ['keys', keys],
      ] as const
    ).flatMap(([what, people]) =>
      people.length === 0 ? [] : [{ what, count: people.length, people: people.slice(0, shown) }],
    )
    const changed = effects.reduce((sum, { count }) => sum + count, 0)
    return { ...nothing, examined: owing.examined, changed, effects }
  })
}

/** Also what belongs to another tenant is a role there is not. */
const mustKnowRoles = async (q: Reader, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return
  const rows = await q.rows<{ id: string }>({
    text: 'select id from role where tenant_id = $1 and id = any($2)',
    values: [q.tenantId, [...ids]],
  })
  const known = new Set(rows.map(({ id }) => id))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0)
    throw new Refusal(
      'invalid',
      unknown.map((id) => ({
        code: 'role',
        field: 'document.secondFactor.roleIds',
        message: says('role.missing', { id }),
      })),
    )
}

/** People who owe nothing today and would at their next sign-in, or in the session they have. */
const whoWouldOwe = async (
  q: Reader,
  current: SecurityPolicy,
  next: SecurityPolicy,
  now: string,
): Promise<Record<Owed, Affected[]> & { examined: number }> => {
  const people = await q.rows<
    Named & { roleIds: string[]; totp: boolean; passkey: boolean; open: OpenSession[] }
  >({
    text: `select p.id, p.name, array_agg(pr.role_id) as "roleIds",
               exists (select 1 from totp t where t.tenant_id = p.tenant_id and t.person_id = p.id and t.confirmed_at is not null) as totp,
               exists (select 1 from passkey k where k.tenant_id = p.tenant_id and k.person_id = p.id) as passkey,
               coalesce((select json_agg(json_build_object('signedInBy', s.signed_in_by, 'secondFactor', s.second_factor)) from session s
                 where s.tenant_id = p.tenant_id and s.person_id = p.id and s.impersonator_id is null and s.ended_at is null
                   and s.expires_at > $3), '[]') as open
             from person p join person_role pr on pr.tenant_id = p.tenant_id and pr.person_id = p.id
             where p.tenant_id = $1 and p.is_active and exists (select 1 from person_role x
               where x.tenant_id = p.tenant_id and x.person_id = p.id and x.role_id = any($2))
             group by p.tenant_id, p.id, p.name order by lower(p.name), p.id`,
    values: [q.tenantId, next.secondFactor.roleIds, now],
  })
  const found: Record<Owed, Affected[]> = { set_up: [], prove: [] }
  for (const { id, name, roleIds, totp, passkey, open } of people) {
    const held = [...(totp ? (['totp'] as const) : []), ...(passkey ? (['passkey'] as const) : [])]
    // As somebody who came with the password alone; what they hold decides between setting up and proving.
    const bare: AtKeyboard = { roleIds, held, signedInBy: 'password', secondFactor: null }
    const owes = owedBy(next, bare)
    if (owes === 'set_up' && owedBy(current, bare) !== 'set_up') found.set_up.push({ id, name, detail: '' })
    const asked = open.filter((session) => {
      const who = { ...bare, ...session }
      return owedBy(next, who) === 'prove' && owedBy(current, who) === null
    })
    if (asked.length > 0) found.prove.push({ id, name, detail: '' })
  }
  return { ...found, examined: people.filter(({ roleIds }) => isRequiredOf(next, roleIds)).length }
}

type OpenSession = Pick<AtKeyboard, 'signedInBy' | 'secondFactor'>

/** Sessions that are open today and would not be, by person; how many of theirs. */
const sessionsThatEnd = async (
  q: Reader,
  current: SecurityPolicy,
  next: SecurityPolicy,
  now: string,
): Promise<Affected[]> => {
  const rows = await q.rows<Named & { startedAt: string; lastSeenAt: string; expiresAt: string }>({
    text: `select p.id, p.name, s.created_at as "startedAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt"
           from session s join person p on p.tenant_id = s.tenant_id and p.id = s.person_id
           where s.tenant_id = $1 and s.ended_at is null and s.expires_at > $2 order by lower(p.name), p.id`,
    values: [q.tenantId, now],
  })
  const isOpen = (policy: SecurityPolicy, row: (typeof rows)[number]): boolean =>
    latestEnd(policy, row) > now &&
    Date.parse(now) - Date.parse(row.lastSeenAt) < policy.sessions.idleMinutes * 60_000
  return counted(rows.filter((row) => isOpen(current, row) && !isOpen(next, row)))
}

const keysThatEnd = async (
  q: Reader,
  current: SecurityPolicy,
  next: SecurityPolicy,
  now: string,
): Promise<Affected[]> => {
  const rows = await q.rows<Named & { key: string; createdAt: string; expiresAt: string }>({
    text: `select p.id, p.name, k.name as key, k.created_at as "createdAt", k.expires_at as "expiresAt"
           from api_key k join person p on p.tenant_id = k.tenant_id and p.id = k.person_id
           where k.tenant_id = $1 and k.revoked_at is null and k.expires_at > $2 order by lower(p.name), k.name`,
    values: [q.tenantId, now],
  })
  return rows
    .filter((row) => keyEnd(current, row) > now && keyEnd(next, row) <= now)
    .map(({ id, name, key }) => ({ id, name, detail: key }))
}

const accountsThatEnd = async (
  q: Reader,
  next: SecurityPolicy,
  now: string,
): Promise<{ gone: Affected[]; warned: Affected[] }> => {
  const { timeZone } = await q.one<{ timeZone: string }>({
    text: 'select time_zone as "timeZone" from tenant where id = $1',
    values: [q.tenantId],
  })
  const { gone, warned } = await unusedAt(q, next.accounts.unusedDays, nextNight(now, timeZone))
  return {
    gone: gone.map(({ id, name, lastUsedAt }) => ({ id, name, detail: lastUsedAt })),
    warned: warned.map(({ id, name, goneAt }) => ({ id, name, detail: goneAt })),
  }
}

const counted = (rows: readonly Named[]): Affected[] => {
  const people = new Map<string, { name: string; count: number }>()
  for (const { id, name } of rows) people.set(id, { name, count: (people.get(id)?.count ?? 0) + 1 })
  return [...people].map(([id, { name, count }]) => ({ id, name, detail: String(count) }))
}

/** A policy nobody could satisfy would lock everybody out. */
const mustBePossible = (site: Site, { secondFactor }: SecurityPolicy): void => {
  if (secondFactor.roleIds.length === 0) return
  const possible = secondFactor.counts.some((kind) =>
    kind === 'totp' ? site.accountKey !== null : relyingParty(site.publicUrl) !== undefined,
  )
  if (!possible)
    throw new Refusal('not_available_here', [
      {
        code: 'second_factor',
        field: 'document.secondFactor.counts',
        message: says(secondFactor.counts.includes('passkey') ? 'factor.noPasskeys' : 'factor.noCodes'),
      },
    ])
}

export const securityOffer: PolicyOffer = offerPolicy(securityPolicy, previewSecurity, {
  check: mustBePossible,
  needsPresence: true,
})
