import type { HeldApiKey } from '@evenkeel/contract/people'
import type { ApiKeyRow, NewApiKey } from '@evenkeel/contract/session'
import { mayAtAll } from '../../kernel/access.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { newCredential } from '../../platform/http/credential.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { loadPrincipal } from './people.principal.ts'
import { keyEndSql, securityOf, securityPolicy } from './people.security.ts'
import { ownSession, personExists } from './people.sessions.ts'
import { says } from './people.reasons.ts'

const most = 50

/** A key of one's own: never more than one may oneself, and never another key's work. */
export const createApiKey = (
  database: Database,
  caller: Caller,
  key: NewApiKey,
): Promise<{ id: string; secret: string }> => {
  ownSession(caller)
  return createApiKeyFor(database, caller, caller.personId, key)
}

/** A key for a person; run by an operator at the command line, or by the person. */
export const createApiKeyFor = (
  database: Database,
  author: Author,
  personId: string,
  key: NewApiKey,
): Promise<{ id: string; secret: string }> =>
  write(database, author, async (tx) => {
    const { longestDays } = (await policyAt(tx, securityPolicy, author.now)).document.keys
    const expires = Date.parse(key.expiresAt)
    const now = Date.parse(author.now)
    if (expires <= now) throw invalid('expiresAt', says('key.past'))
    if (expires > now + longestDays * 86_400_000)
      throw invalid('expiresAt', says('key.longest', { days: longestDays }))
    const [principal, held] = await Promise.all([
      loadPrincipal(tx, personId),
      tx.one<{ count: number }>({
        text: `select count(*)::int as count from api_key k where k.tenant_id = $1 and k.person_id = $2 and k.revoked_at is null
                 and ${keyEndSql(4)} > $3`,
        values: [tx.tenantId, personId, author.now, longestDays],
      }),
    ])
    if (principal === null) throw new Refusal('not_found')
    if (held.count >= most) throw new Refusal('not_ready', says('key.most', { most }))
    const beyond = key.permissions.filter((permission) => !mayAtAll(principal.grants, permission))
    if (beyond.length > 0) {
      throw new Refusal(
        'forbidden',
        beyond.map((permission) => ({
          code: permission,
          field: 'permissions',
          message: says('key.beyond', { permission }),
        })),
      )
    }
    const id = uuidv7()
    const { text, hash } = newCredential(tx.tenantId, id)
    const permissions = [...new Set(key.permissions)].sort()
    tx.send({
      text: `insert into api_key (tenant_id, id, person_id, name, secret_hash, permissions, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        tx.tenantId,
        id,
        personId,
        key.name,
        hash,
        permissions,
        author.now,
        new Date(expires).toISOString(),
      ],
    })
    tx.journal({
      type: 'api_key.created',
      subject: { kind: 'person', id: personId },
      data: { key: id, name: key.name, permissions, expiresAt: new Date(expires).toISOString() },
    })
    return { id, secret: `ek_${text}` }
  })

/** Keys of a person that still work. */
export const listApiKeys = async (
  database: Database,
  caller: Caller,
  personId: string,
): Promise<{ rows: ApiKeyRow[] }> => {
  const { keys } = await securityOf(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    await personExists(q, personId)
    return {
      rows: await q.rows<ApiKeyRow>({
        text: `select k.id, k.name, k.permissions, k.created_at as "createdAt", ${keyEndSql(4)} as "expiresAt", k.last_used_at as "lastUsedAt"
               from api_key k where k.tenant_id = $1 and k.person_id = $2 and k.revoked_at is null and ${keyEndSql(4)} > $3
               order by k.created_at desc`,
        values: [q.tenantId, personId, caller.now, keys.longestDays],
      }),
    }
  })
}

/** Keys of everybody that still work, the ones used last first. */
export const listAllApiKeys = async (database: Database, caller: Caller): Promise<{ rows: HeldApiKey[] }> => {
  const { keys } = await securityOf(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    return {
      rows: await q.rows<HeldApiKey>({
        text: `select k.id, k.name, k.permissions, k.created_at as "createdAt", ${keyEndSql(3)} as "expiresAt", k.last_used_at as "lastUsedAt",
               json_build_object('id', p.id, 'name', p.name, 'isActive', p.is_active) as person
             from api_key k join person p on p.tenant_id = k.tenant_id and p.id = k.person_id
             where k.tenant_id = $1 and k.revoked_at is null and ${keyEndSql(3)} > $2
             order by k.last_used_at desc nulls last, k.created_at desc limit 5000`,
        values: [q.tenantId, caller.now, keys.longestDays],
      }),
    }
  })
}

export const revokeApiKey = (
  database: Database,
  caller: Caller,
  personId: string,
  keyId: string,
): Promise<void> =>
  write(database, caller, async (tx) => {
    if ((await revoke(tx, personId, keyId)) === 0) throw new Refusal('not_found')
  })

/** Revokes one key, or all of a person; answers how many. */
export const revoke = async (tx: Tx, personId: string, keyId: string | null): Promise<number> => {
  const rows = await tx.rows<{ id: string }>({
    text: `update api_key set revoked_at = $4 where tenant_id = $1 and person_id = $2 and ($3::uuid is null or id = $3) and revoked_at is null
           returning id`,
    values: [tx.tenantId, personId, keyId, tx.author.now],
  })
  for (const { id } of rows) {
    tx.journal({ type: 'api_key.revoked', subject: { kind: 'person', id: personId }, data: { key: id } })
  }
  return rows.length
}
