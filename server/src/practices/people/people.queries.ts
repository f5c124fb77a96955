import type { PersonRow, PersonSuggestion, PersonView } from '@evenkeel/contract/people'
import type { Permission } from '@evenkeel/contract/permission'
import type { Me } from '@evenkeel/contract/session'
import { mayAtAll } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { isActing, type Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { accountHash } from './people.attempts.ts'
import { rolesIn } from './people.role-words.ts'
import { says } from './people.reasons.ts'
import { isRequiredOf, securityOf } from './people.security.ts'

/** Who the caller is and may be: what the shell draws from. */
export const readMe = async (database: Database, caller: Caller): Promise<Me> => {
  const policy = await securityOf(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const values = [q.tenantId, caller.personId]
    const [person, tenant, roles, teams, credentials, session] = await Promise.all([
      q.one<Me['person'] & { preferences: Me['preferences'] }>({
        text: `select id, name, email, title, phone, language, time_zone as "timeZone", preferences from person
               where tenant_id = $1 and id = $2`,
        values,
      }),
      q.one<Me['tenant']>({
        text: 'select id, slug, name, language, time_zone as "timeZone", is_demo as "isDemo" from tenant where id = $1',
        values: [q.tenantId],
      }),
      q.rows<Me['roles'][number]>({ text: rolesOfPerson, values }),
      q.rows<Me['teams'][number]>({
        text: `select t.id, t.name, m.is_lead as "isLead" from team_member m join team t on t.tenant_id = m.tenant_id and t.id = m.team_id
               where m.tenant_id = $1 and m.person_id = $2 and t.is_active order by lower(t.name)`,
        values,
      }),
      credentialsOf(q, caller.personId),
      caller.sessionId === null
        ? undefined
        : q.maybe<{
            signedInBy: string
            actorId: string | null
            actorName: string | null
          }>({
            text: `select s.signed_in_by as "signedInBy", i.id as "actorId", i.name as "actorName"
                   from session s left join person i on i.tenant_id = s.tenant_id and i.id = s.impersonator_id
                   where s.tenant_id = $1 and s.id = $2`,
            values: [q.tenantId, caller.sessionId],
          }),
    ])
    const { preferences, ...self } = person
    return {
      person: self,
      tenant,
      roles: rolesIn(caller.language, roles),
      teams,
      permissions: [...caller.grants].map(([permission, scopes]) => ({ permission, scopes: [...scopes] })),
      preferences,
      session:
        caller.sessionId === null || session === undefined || caller.sessionEnds === null
          ? null
          : {
              id: caller.sessionId,
              signedInBy: session.signedInBy,
              expiresAt: caller.sessionEnds.latest,
              idleMinutes: policy.sessions.idleMinutes,
              idleUntil: caller.sessionEnds.idle,
              idleSeconds: Math.floor((Date.parse(caller.sessionEnds.idle) - Date.parse(caller.now)) / 1000),
              owes: caller.owes,
              actor:
                session.actorId === null || session.actorName === null
                  ? null
                  : { id: session.actorId, name: session.actorName },
            },
      credentials,
      rules: {
        secondFactorRequired: isRequiredOf(
          policy,
          roles.map((role) => role.id),
        ),
        secondFactors: policy.secondFactor.counts,
        shortestPassword: policy.passwords.shortest,
        keyDays: policy.keys.longestDays,
      },
    }
  })
}

const rolesOfPerson = `select r.id, r.key, r.name from person_role pr join role r on r.tenant_id = pr.tenant_id and r.id = pr.role_id
  where pr.tenant_id = $1 and pr.person_id = $2 order by r.name`

const credentialsOf = (q: Reader, personId: string): Promise<Me['credentials']> =>
  q.one<Me['credentials']>({
    text: `select exists (select 1 from password where tenant_id = $1 and person_id = $2) as "hasPassword",
             exists (select 1 from totp where tenant_id = $1 and person_id = $2 and confirmed_at is not null) as "hasTotp",
             (select count(*)::int from passkey where tenant_id = $1 and person_id = $2) as passkeys,
             (select count(*)::int from recovery_code where tenant_id = $1 and person_id = $2 and used_at is null) as "recoveryCodesLeft"`,
    values: [q.tenantId, personId],
  })

/** Roles are shown to those who manage people or answer for access. */
const seesRoles = (caller: Caller): boolean =>
  mayAtAll(caller.grants, 'person.manage') ||
  mayAtAll(caller.grants, 'role.manage') ||
  mayAtAll(caller.grants, 'access.explain')

const teamsJson = `coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name, 'isLead', m.is_lead) order by lower(t.name))
  from team_member m join team t on t.tenant_id = m.tenant_id and t.id = m.team_id
  where m.tenant_id = p.tenant_id and m.person_id = p.id and t.is_active), '[]')`
const rolesJson = `coalesce((select json_agg(json_build_object('id', r.id, 'key', r.key, 'name', r.name) order by r.name)
  from person_role pr join role r on r.tenant_id = pr.tenant_id and r.id = pr.role_id
  where pr.tenant_id = p.tenant_id and pr.person_id = p.id), '[]')`
const rowColumns = `p.id, p.name, p.email, p.title, p.is_vip as "isVip", p.is_active as "isActive", p.version, ${teamsJson} as teams`

const withRolesIn = <Shown extends Pick<PersonRow, 'roles'>>(language: string, row: Shown): Shown => ({
  ...row,
  roles: row.roles === null ? null : rolesIn(language, row.roles),
})

export type PeopleQuery = {
  readonly q?: string | undefined
  readonly teamId?: string | undefined
  readonly roleId?: string | undefined
  readonly active?: 'true' | 'false' | undefined
  readonly locked?: 'true' | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** People by name, a page at a time. One statement. */
export const listPeople = (
  database: Database,
  caller: Caller,
  query: PeopleQuery,
): Promise<{ rows: PersonRow[]; next: string | null }> =>
  read(database, caller.tenantId, async (q) => {
    const after = readCursor(query.cursor)
    const withRoles = seesRoles(caller)
    if (query.roleId !== undefined && !withRoles)
      throw new Refusal('unknown_field', says('person.noFilterByRole'))
    if (query.locked !== undefined && !mayAtAll(caller.grants, 'person.manage'))
      throw new Refusal('unknown_field', says('person.noFilterByLock'))
    const rows = await q.rows<PersonRow>({
      text: `select ${rowColumns}, ${withRoles ? rolesJson : 'null'} as roles from person p
             where p.tenant_id = $1
               and ($2::text is null or p.id in (select s.id from search_people($2, 1000) s))
               and ($3::uuid is null or exists (select 1 from team_member m where m.tenant_id = $1 and m.team_id = $3 and m.person_id = p.id))
               and ($4::uuid is null or exists (select 1 from person_role pr where pr.tenant_id = $1 and pr.role_id = $4 and pr.person_id = p.id))
               and ($5::boolean is null or p.is_active = $5)
               and ($9::timestamptz is null or exists (select 1 from sign_in_attempt a where a.tenant_id = $1 and a.locked_until > $9
                 and a.account_hash = sha256(convert_to(lower(btrim(normalize(p.email, NFKC))), 'UTF8'))))
               and ($6::text is null or (lower(p.name), p.id) > ($6, $7::uuid))
             order by lower(p.name), p.id limit $8`,
      values: [
        q.tenantId,
        query.q === undefined || query.q === '' ? null : query.q,
        query.teamId ?? null,
        query.roleId ?? null,
        query.active === undefined ? null : query.active === 'true',
        after?.name ?? null,
        after?.id ?? null,
        query.limit + 1,
        query.locked === undefined ? null : caller.now,
      ],
    })
    const page = rows.slice(0, query.limit).map((row) => withRolesIn(caller.language, row))
    const last = page.at(-1)
    return { rows: page, next: rows.length > query.limit && last !== undefined ? cursorOf(last) : null }
  })

const cursorOf = ({ name, id }: { name: string; id: string }): string =>
  Buffer.from(JSON.stringify([name.toLowerCase(), id])).toString('base64url')

const readCursor = (text: string | undefined): { name: string; id: string } | undefined => {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (Array.isArray(value) && value.length === 2) {
      const [name, id]: unknown[] = value
      if (typeof name === 'string' && typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id))
        return { name, id }
    }
  } catch {
    // Falls through to the refusal.
  }
  throw new Refusal('malformed', says('cursor'))
}

export type SuggestionQuery = {
  readonly q: string
  readonly teamId?: string | undefined
  readonly may?: Permission | undefined
  readonly limit: number
}

/** A few active people while somebody types: by the beginning of any word of their name or address. One statement. */
export const suggestPeople = (
  database: Database,
  caller: Caller,
  query: SuggestionQuery,
): Promise<{ rows: PersonSuggestion[] }> =>
  read(database, caller.tenantId, async (q) => ({
    rows: await q.rows<PersonSuggestion>({
      name: 'people_suggest',
      text: `select p.id, p.name, p.title, p.email, p.is_vip as "isVip", ${teamsJson} as teams from person p
             where p.tenant_id = $1 and p.is_active
               and ($2 = '' or p.id in (select s.id from search_people($2, 200) s))
               and ($3::uuid is null or exists (select 1 from team_member m where m.tenant_id = $1 and m.team_id = $3 and m.person_id = p.id))
               and ($4::text is null or exists (select 1 from person_role pr join role_permission rp on rp.tenant_id = pr.tenant_id and rp.role_id = pr.role_id
                      where pr.tenant_id = $1 and pr.person_id = p.id and rp.permission = $4))
             order by starts_with(lower(p.name), lower($2)) desc, lower(p.name), p.id limit $5`,
      values: [q.tenantId, query.q, query.teamId ?? null, query.may ?? null, query.limit],
    }),
  }))

/** One person as their page shows them. Statements: 4, sent in one flush. */
export const readPerson = (database: Database, caller: Caller, personId: string): Promise<PersonView> =>
  read(database, caller.tenantId, async (q) => {
    const manages = mayAtAll(caller.grants, 'person.manage')
    const values = [q.tenantId, personId]
    const [row, credentials, signs] = await Promise.all([
      q.maybe<Omit<PersonView, 'account' | 'allowed'>>({
        text: `select ${rowColumns}, ${seesRoles(caller) ? rolesJson : 'null'} as roles, p.phone, p.language, p.time_zone as "timeZone",
                 p.created_at as "createdAt" from person p where p.tenant_id = $1 and p.id = $2`,
        values,
      }),
      credentialsOf(q, personId),
      q.one<{ lastSeenAt: string | null; invitedUntil: string | null }>({
        text: `select (select max(last_seen_at) from session where tenant_id = $1 and person_id = $2 and impersonator_id is null) as "lastSeenAt",
                 (select max(expires_at) from one_time_token where tenant_id = $1 and person_id = $2 and purpose = 'invitation'
                    and used_at is null and expires_at > $3) as "invitedUntil"`,
        values: [...values, caller.now],
      }),
    ])
    if (row === undefined) throw new Refusal('not_found')
    const lock = await q.maybe<{ locked_until: string | null }>({
      text: 'select locked_until from sign_in_attempt where tenant_id = $1 and account_hash = $2 and locked_until > $3',
      values: [q.tenantId, accountHash(row.email), caller.now],
    })
    const { recoveryCodesLeft: _, ...account } = credentials
    const isSelf = personId === caller.personId
    return {
      ...withRolesIn(caller.language, row),
      account: manages ? { ...account, ...signs, lockedUntil: lock?.locked_until ?? null } : null,
      allowed: [
        ...(manages ? ['person.manage'] : []),
        ...(mayAtAll(caller.grants, 'role.manage') ? ['role.manage'] : []),
        ...(mayAtAll(caller.grants, 'impersonate') && !isSelf && row.isActive && !isActing(caller)
          ? ['act_as']
          : []),
      ],
    }
  })
