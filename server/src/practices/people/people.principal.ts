import { wantedLanguage } from '../../platform/http/reader.ts'
import type { Permission, Scope } from '@evenkeel/contract/permission'
import type { SecurityPolicy } from '@evenkeel/contract/security'
import type { FastifyRequest } from 'fastify'
import {
  intersect,
  isPermission,
  onlyPermissions,
  withoutPermissions,
  type Grants,
  type Reach,
} from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { sessionCookie } from '../../platform/auth/cookie.ts'
import { tenantCache } from '../../platform/cache/tenant-cache.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { matches, readCredential, type Credential } from '../../platform/http/credential.ts'
import type { Site } from '../../platform/http/site.ts'
import { write } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { neverWhileActing } from './people.access.ts'
import {
  keyEnd,
  latestEnd,
  owedBy,
  securityPolicy,
  standingOf,
  type AtKeyboard,
  type ProvedFactor,
} from './people.security.ts'
import { tenantExists } from './people.tenant.ts'
import { says } from './people.reasons.ts'

/** A person with what they may do, however they came in. */
export type Principal = {
  readonly personId: string
  readonly name: string
  readonly language: string
  readonly timeZone: string
  readonly grants: Grants
  readonly reach: Reach
}
type Session = {
  readonly principal: Principal
  readonly secretHash: Buffer
  readonly impersonatorId: string | null
  readonly provedAt: string | null
  readonly startedAt: string
  readonly expiresAt: string
  readonly lastSeenAt: string
  readonly atKeyboard: AtKeyboard
}
type Key = {
  readonly principal: Principal
  readonly secretHash: Buffer
  readonly createdAt: string
  readonly expiresAt: string
  readonly lastUsedAt: string | null
}
type Known = {
  readonly sessions: Map<string, Promise<Session | null>>
  readonly keys: Map<string, Promise<Key | null>>
  /** Read again as often as callers are: a stricter policy holds within five seconds in every process. */
  policy: Promise<SecurityPolicy> | null
  readonly until: number
}

// Whatever ends or changes somebody's rights drops everything known about the tenant's callers: at once here, within the journal
// tail's delay in other processes, and after four seconds even if no tail ran (rights end within 5 s). Entries that strangers can
// cause (refused sign-ins) or that only add a session are not among them: nobody empties the cache from outside.
const heldMilliseconds = 4000
const known = tenantCache<{ current: Known }>(
  [
    'person.',
    'team.',
    'role.',
    'session.ended',
    'session.renewed',
    'api_key.',
    'service.',
    'tenant.',
    'policy.',
  ],
  () => Promise.resolve({ current: emptyUntil(0) }),
)
const emptyUntil = (until: number): Known => ({
  sessions: new Map(),
  keys: new Map(),
  policy: null,
  until,
})

const callersOf = async (database: Database, tenantId: string): Promise<Known> => {
  const held = await known(database, tenantId)
  const now = performance.now()
  if (now >= held.current.until) held.current = emptyUntil(now + heldMilliseconds)
  return held.current
}

const policyFor = (
  database: Database,
  tenantId: string,
  held: Known,
  now: string,
): Promise<SecurityPolicy> => {
  if (held.policy !== null) return held.policy
  const loading = read(database, tenantId, (q) => policyAt(q, securityPolicy, now)).then(
    ({ document }) => document,
  )
  held.policy = loading
  loading.catch(() => {
    if (held.policy === loading) held.policy = null
  })
  return loading
}

/** Loads once for requests side by side; what was not found is not remembered, so that guesses leave nothing behind. */
const remembered = async <T>(
  map: Map<string, Promise<T | null>>,
  id: string,
  load: () => Promise<T | null>,
): Promise<T | null> => {
  const held = map.get(id)
  if (held !== undefined) return held
  const loading = load()
  map.set(id, loading)
  try {
    const value = await loading
    if (value === null) map.delete(id)
    return value
  } catch (error) {
    map.delete(id)
    throw error
  }
}

/** Who calls: by the session's cookie or by an API key in the Authorization header; null for strangers. */
export const authenticate = async (
  database: Database,
  request: FastifyRequest,
  now: string,
  site: Site,
): Promise<Caller | null> => {
  // Addresses end up in logs, histories and other people's mail. A key that was sent in one is refused even if it is right.
  if (/[?&][^=]*=ek_[A-Za-z0-9_-]{86}/.test(request.url)) {
    throw new Refusal('malformed', says('key.address'))
  }
  const header = request.headers.authorization
  const credential =
    header === undefined
      ? readCredential(sessionCookie(request, site.secure) ?? '')
      : readCredential(/^Bearer ek_([A-Za-z0-9_-]+)$/.exec(header)?.[1] ?? '')
  if (credential === undefined || !(await tenantExists(database, credential.tenantId))) return null
  return header === undefined
    ? sessionCaller(database, request, credential, now)
    : keyCaller(database, request, credential, now)
}

const sessionCaller = async (
  database: Database,
  request: FastifyRequest,
  credential: Credential,
  now: string,
): Promise<Caller | null> => {
  const held = await callersOf(database, credential.tenantId)
  const [session, policy] = await Promise.all([
    remembered(held.sessions, credential.id, () =>
      read(database, credential.tenantId, (q) => loadSession(q, credential.id)),
    ),
    policyFor(database, credential.tenantId, held, now),
  ])
  if (session === null || !matches(credential, session.secretHash)) return null
  const latest = latestEnd(policy, session)
  if (latest <= now) return null
  const { idleMinutes } = policy.sessions
  const seen = await seenAwake(database, request, credential, session.lastSeenAt, now, idleMinutes)
  if (seen === null) return null
  const { principal } = session
  const owes = owedBy(policy, session.atKeyboard)
  return {
    // Whoever owes a second factor may do nothing, whatever a route forgets to ask.
    ...callerOf(owes === null ? principal : withoutRights(principal), request, credential.tenantId, now),
    actor: {
      kind: 'person',
      id: session.impersonatorId ?? principal.personId,
      onBehalfOf: session.impersonatorId === null ? null : principal.personId,
      via: 'session',
    },
    sessionId: credential.id,
    keyId: null,
    provedAt: session.provedAt,
    owes,
    sessionEnds: { idle: new Date(seen + idleMinutes * minute).toISOString(), latest },
  }
}

const withoutRights = (principal: Principal): Principal => ({
  ...principal,
  grants: new Map(),
  reach: { ...principal.reach, teamIds: new Set(), serviceIds: new Set() },
})

const keyCaller = async (
  database: Database,
  request: FastifyRequest,
  credential: Credential,
  now: string,
): Promise<Caller | null> => {
  const held = await callersOf(database, credential.tenantId)
  const [key, policy] = await Promise.all([
    remembered(held.keys, credential.id, () =>
      read(database, credential.tenantId, (q) => loadKey(q, credential.id)),
    ),
    policyFor(database, credential.tenantId, held, now),
  ])
  if (key === null || keyEnd(policy, key) <= now || !matches(credential, key.secretHash)) return null
  await noteUse(database, 'api_key', credential, key.lastUsedAt, now, minute)
  return {
    ...callerOf(key.principal, request, credential.tenantId, now),
    // Programs are answered in the language they ask for, not in that of the person who made the key.
    language: wantedLanguage(request),
    actor: { kind: 'key', id: credential.id, onBehalfOf: key.principal.personId, via: 'key' },
    sessionId: null,
    keyId: credential.id,
    provedAt: null,
    // Made in a session that owed nothing, by somebody who had just proved to be there.
    owes: null,
    sessionEnds: null,
  }
}

const minute = 60_000
// When each session and key was last used here; the database hears of it once a minute at most, so that reading stays reading.
const uses = new WeakMap<Database, Map<string, { seen: number; told: number }>>()
const mostUses = 100_000

const useOf = (database: Database, id: string, stored: number): { seen: number; told: number } => {
  let all = uses.get(database)
  if (all === undefined) uses.set(database, (all = new Map()))
  const use = all.get(id) ?? { seen: stored, told: stored }
  use.seen = Math.max(use.seen, stored)
  use.told = Math.max(use.told, stored)
  // Moved to the end: the map's order is the order of use, and the longest unused is forgotten first.
  all.delete(id)
  all.set(id, use)
  if (all.size > mostUses) all.delete(all.keys().next().value ?? id)
  return use
}

/**
 * When the session was last used, milliseconds; null when it is idle for too long: 14:59 of 15 minutes are well, 15:00 are not. A request
 * by a person keeps it awake. What a page asks for by itself does not: live streams (their Accept says so) and requests marked
 * `evenkeel-background`.
 */
const seenAwake = async (
  database: Database,
  request: FastifyRequest,
  credential: Credential,
  lastSeenAt: string,
  now: string,
  idleMinutes: number,
): Promise<number | null> => {
  const { seen } = useOf(database, credential.id, Date.parse(lastSeenAt))
  if (Date.parse(now) - seen >= idleMinutes * minute) return null
  const byItself =
    request.headers['evenkeel-background'] !== undefined ||
    request.headers.accept?.includes('text/event-stream') === true
  if (byItself) return seen
  // Other processes learn of it in time, also where sessions are short.
  await noteUse(
    database,
    'session',
    credential,
    lastSeenAt,
    now,
    Math.min(minute, (idleMinutes * minute) / 8),
  )
  return Math.max(seen, Date.parse(now))
}

const noteUse = async (
  database: Database,
  table: 'session' | 'api_key',
  { tenantId, id }: Credential,
  storedAt: string | null,
  now: string,
  every: number,
): Promise<void> => {
  const at = Date.parse(now)
  const use = useOf(database, id, storedAt === null ? 0 : Date.parse(storedAt))
  use.seen = Math.max(use.seen, at)
  if (at - use.told < every) return
  use.told = at
  const text =
    table === 'session'
      ? 'update session set last_seen_at = greatest(last_seen_at, $3) where tenant_id = $1 and id = $2'
      : 'update api_key set last_used_at = $3 where tenant_id = $1 and id = $2'
  const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'session' } as const
  // A request that can be answered is answered, even if this cannot be noted: the next one tries again.
  await write(database, { tenantId, actor, request: null, now }, async (tx) =>
    tx.send({ name: `${table}_seen`, text, values: [tenantId, id, now] }),
  ).catch(() => {
    use.told = 0
  })
}

const callerOf = (principal: Principal, request: FastifyRequest, tenantId: string, now: string) => ({
  tenantId,
  now,
  request: request.id,
  personId: principal.personId,
  personName: principal.name,
  language: principal.language,
  timeZone: principal.timeZone,
  grants: principal.grants,
  reach: principal.reach,
})

const loadSession = async (q: Reader, id: string): Promise<Session | null> => {
  const row = await q.maybe<{
    person_id: string
    secret_hash: Buffer
    impersonator_id: string | null
    proved_at: string | null
    started_at: string
    expires_at: string
    last_seen_at: string
    signed_in_by: string
    second_factor: ProvedFactor | null
  }>({
    name: 'session_find',
    text: `select s.person_id, s.secret_hash, s.impersonator_id, s.proved_at, s.last_seen_at, least(s.expires_at, p.expires_at) as expires_at,
             coalesce(p.created_at, s.created_at) as started_at, coalesce(p.signed_in_by, s.signed_in_by) as signed_in_by,
             case when p.id is null then s.second_factor else p.second_factor end as second_factor
           from session s join tenant t on t.id = s.tenant_id
             left join session p on p.tenant_id = s.tenant_id and p.id = s.parent_id
           where s.tenant_id = $1 and s.id = $2 and s.ended_at is null and p.ended_at is null and t.suspended_at is null`,
    values: [q.tenantId, id],
  })
  if (row === undefined) return null
  const [principal, impersonator, standing] = await Promise.all([
    loadPrincipal(q, row.person_id),
    row.impersonator_id === null ? null : loadPrincipal(q, row.impersonator_id),
    standingOf(q, row.impersonator_id ?? row.person_id),
  ])
  if (principal === null || (row.impersonator_id !== null && impersonator === null)) return null
  return {
    principal: impersonator === null ? principal : actingAs(principal, impersonator),
    secretHash: row.secret_hash,
    impersonatorId: row.impersonator_id,
    provedAt: row.proved_at,
    startedAt: row.started_at,
    expiresAt: row.expires_at,
    lastSeenAt: row.last_seen_at,
    atKeyboard: { ...standing, signedInBy: row.signed_in_by, secondFactor: row.second_factor },
  }
}

/**
 * The rights both have. A scope is about whose rows they are, so what the one at the keyboard may do to their own rows says nothing
 * about this person's: only what they may do to all rows carries over, and confidential records, which even that does not open, stay
 * closed.
 */
const actingAs = (principal: Principal, impersonator: Principal): Principal => {
  const everywhere = new Map([...impersonator.grants].filter(([, scopes]) => scopes.has('all')))
  return {
    ...principal,
    grants: withoutPermissions(intersect(principal.grants, everywhere), neverWhileActing),
    reach: { ...principal.reach, closedToConfidential: true },
  }
}

const loadKey = async (q: Reader, id: string): Promise<Key | null> => {
  const row = await q.maybe<{
    person_id: string
    secret_hash: Buffer
    permissions: string[]
    created_at: string
    expires_at: string
    last_used_at: string | null
  }>({
    name: 'api_key_find',
    text: `select k.person_id, k.secret_hash, k.permissions, k.created_at, k.expires_at, k.last_used_at from api_key k join tenant t on t.id = k.tenant_id
           where k.tenant_id = $1 and k.id = $2 and k.revoked_at is null and t.suspended_at is null`,
    values: [q.tenantId, id],
  })
  if (row === undefined) return null
  const principal = await loadPrincipal(q, row.person_id)
  if (principal === null) return null
  return {
    principal: { ...principal, grants: onlyPermissions(principal.grants, new Set(row.permissions)) },
    secretHash: row.secret_hash,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}

/** An active person with their rights as they are now; null when there is none. */
export const loadPrincipal = async (q: Reader, personId: string): Promise<Principal | null> => {
  const values = [q.tenantId, personId]
  const [person, rights, teams, services] = await Promise.all([
    q.maybe<{ name: string; language: string; time_zone: string }>({
      name: 'principal_person',
      text: 'select name, language, time_zone from person where tenant_id = $1 and id = $2 and is_active',
      values,
    }),
    q.rows<{ permission: string; scope: Scope }>({
      name: 'principal_rights',
      text: 'select distinct rp.permission, rp.scope from person_role pr join role_permission rp on rp.tenant_id = pr.tenant_id and rp.role_id = pr.role_id where pr.tenant_id = $1 and pr.person_id = $2',
      values,
    }),
    q.rows<{ team_id: string }>({
      name: 'principal_teams',
      text: 'select team_id from team_member where tenant_id = $1 and person_id = $2',
      values,
    }),
    q.rows<{ id: string }>({
      name: 'principal_services',
      text: 'select s.id from service s join team_member m on m.tenant_id = s.tenant_id and m.team_id = s.support_team_id where m.tenant_id = $1 and m.person_id = $2',
      values,
    }),
  ])
  if (person === undefined) return null
  const grants = new Map<Permission, Set<Scope>>()
  for (const { permission, scope } of rights) {
    // A permission that this version no longer knows gives nothing.
    if (isPermission(permission)) grants.set(permission, (grants.get(permission) ?? new Set()).add(scope))
  }
  const reach: Reach = {
    personId,
    teamIds: new Set(teams.map((row) => row.team_id)),
    serviceIds: new Set(services.map((row) => row.id)),
  }
  return { personId, name: person.name, language: person.language, timeZone: person.time_zone, grants, reach }
}
