import type { Permission, Scope } from '@evenkeel/contract/permission'
import type { FastifyRequest } from 'fastify'
import { intersect, isPermission, onlyPermissions, type Grants, type Reach } from '../../kernel/access.ts'
import { tenantCache } from '../../platform/cache/tenant-cache.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { matches, readCredential, type Credential } from '../../platform/http/credential.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'

export const cookieNames = { secure: '__Host-evenkeel', plain: 'evenkeel' } as const

/** A person with what they may do, however they came in. */
type Principal = {
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
  readonly expiresAt: string
}
type Key = { readonly principal: Principal; readonly secretHash: Buffer; readonly expiresAt: string }
type Known = {
  readonly sessions: Map<string, Promise<Session | null>>
  readonly keys: Map<string, Promise<Key | null>>
  readonly until: number
}

// Whatever changes somebody's rights drops everything known about the tenant's callers: at once here, within the journal tail's delay
// in other processes, and after five seconds even if no tail ran (rights end within 5 s).
const heldMilliseconds = 5000
const known = tenantCache<{ current: Known }>(
  ['person.', 'team.', 'role.', 'session.', 'api_key.', 'service.', 'tenant.'],
  () => Promise.resolve({ current: { sessions: new Map(), keys: new Map(), until: 0 } }),
)

const callersOf = async (database: Database, tenantId: string): Promise<Known> => {
  const held = await known(database, tenantId)
  if (performance.now() >= held.current.until) {
    held.current = { sessions: new Map(), keys: new Map(), until: performance.now() + heldMilliseconds }
  }
  return held.current
}

const remembered = <T>(map: Map<string, Promise<T>>, id: string, load: () => Promise<T>): Promise<T> => {
  let value = map.get(id)
  if (value === undefined) {
    value = load()
    map.set(id, value)
    value.catch(() => map.delete(id))
  }
  return value
}

/** Who calls: by the session's cookie or by an API key in the Authorization header; null for strangers. */
export const authenticate = async (
  database: Database,
  request: FastifyRequest,
  now: string,
): Promise<Caller | null> => {
  const header = request.headers.authorization
  if (header !== undefined) {
    const text = /^Bearer ek_([A-Za-z0-9_-]+)$/.exec(header)?.[1]
    const credential = text === undefined ? undefined : readCredential(text)
    return credential === undefined ? null : keyCaller(database, request, credential, now)
  }
  const cookie = request.cookies[cookieNames.secure] ?? request.cookies[cookieNames.plain]
  const credential = cookie === undefined ? undefined : readCredential(cookie)
  return credential === undefined ? null : sessionCaller(database, request, credential, now)
}

const sessionCaller = async (
  database: Database,
  request: FastifyRequest,
  credential: Credential,
  now: string,
): Promise<Caller | null> => {
  const { sessions } = await callersOf(database, credential.tenantId)
  const session = await remembered(sessions, credential.id, () =>
    read(database, credential.tenantId, (q) => loadSession(q, credential.id)),
  )
  if (session === null || session.expiresAt <= now || !matches(credential, session.secretHash)) return null
  const { principal } = session
  return {
    ...callerOf(principal, request, credential.tenantId, now),
    actor: {
      kind: 'person',
      id: session.impersonatorId ?? principal.personId,
      onBehalfOf: session.impersonatorId === null ? null : principal.personId,
      via: 'session',
    },
    sessionId: credential.id,
    keyId: null,
    provedAt: session.provedAt,
  }
}

const keyCaller = async (
  database: Database,
  request: FastifyRequest,
  credential: Credential,
  now: string,
): Promise<Caller | null> => {
  const { keys } = await callersOf(database, credential.tenantId)
  const key = await remembered(keys, credential.id, () =>
    read(database, credential.tenantId, (q) => loadKey(q, credential.id)),
  )
  if (key === null || key.expiresAt <= now || !matches(credential, key.secretHash)) return null
  return {
    ...callerOf(key.principal, request, credential.tenantId, now),
    actor: { kind: 'key', id: credential.id, onBehalfOf: key.principal.personId, via: 'key' },
    sessionId: null,
    keyId: credential.id,
    provedAt: null,
  }
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
    mfa_at: string | null
    created_at: string
    expires_at: string
  }>({
    name: 'session_find',
    text: `select s.person_id, s.secret_hash, s.impersonator_id, s.mfa_at, s.created_at, s.expires_at from session s
           join tenant t on t.id = s.tenant_id where s.tenant_id = $1 and s.id = $2 and s.ended_at is null and t.suspended_at is null`,
    values: [q.tenantId, id],
  })
  if (row === undefined) return null
  const principal = await loadPrincipal(q, row.person_id)
  const impersonator = row.impersonator_id === null ? null : await loadPrincipal(q, row.impersonator_id)
  if (principal === null || (row.impersonator_id !== null && impersonator === null)) return null
  return {
    principal:
      impersonator === null
        ? principal
        : { ...principal, grants: intersect(principal.grants, impersonator.grants) },
    secretHash: row.secret_hash,
    impersonatorId: row.impersonator_id,
    provedAt: row.mfa_at ?? row.created_at,
    expiresAt: row.expires_at,
  }
}

const loadKey = async (q: Reader, id: string): Promise<Key | null> => {
  const row = await q.maybe<{
    person_id: string
    secret_hash: Buffer
    permissions: string[]
    expires_at: string
  }>({
    name: 'api_key_find',
    text: `select k.person_id, k.secret_hash, k.permissions, k.expires_at from api_key k join tenant t on t.id = k.tenant_id
           where k.tenant_id = $1 and k.id = $2 and k.revoked_at is null and t.suspended_at is null`,
    values: [q.tenantId, id],
  })
  if (row === undefined) return null
  const principal = await loadPrincipal(q, row.person_id)
  if (principal === null) return null
  return {
    principal: { ...principal, grants: onlyPermissions(principal.grants, new Set(row.permissions)) },
    secretHash: row.secret_hash,
    expiresAt: row.expires_at,
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
