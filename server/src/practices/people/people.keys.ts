import type { HeldApiKey } from '@evenkeel/contract/people'
import type { ApiKeyRow, NewApiKey } from '@evenkeel/contract/session'
import { mayAtAll } from '../../kernel/access.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { newCredential } from '../../platform/http/credential.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { loadPrincipal } from './people.principal.ts'
import { ownSession, personExists } from './people.sessions.ts'
import { says } from './people.reasons.ts'

const longestDays = 366
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
    const expires = Date.parse(key.expiresAt)
    const now = Date.parse(author.now)
    if (expires <= now) throw invalid('expiresAt', says('key.past'))
    if (expires > now + longestDays * 86_400_000) throw invalid('expiresAt', says('key.year'))
    const [principal, held] = await Promise.all([
      loadPrincipal(tx, personId),
      tx.one<{ count: number }>({
        text: 'select count(*)::int as count from api_key where tenant_id = $1 and person_id = $2 and revoked_at is null and expires_at > $3',
        values: [tx.tenantId, personId, author.now],
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
export const listApiKeys = (
  database: Database,
  caller: Caller,
  personId: string,
): Promise<{ rows: ApiKeyRow[] }> =>
  read(database, caller.tenantId, async (q) => {
    await personExists(q, personId)
    return {
      rows: await q.rows<ApiKeyRow>({
        text: `select id, name, permissions, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt"
               from api_key where tenant_id = $1 and person_id = $2 and revoked_at is null and expires_at > $3 order by created_at desc`,
        values: [q.tenantId, personId, caller.now],
      }),
    }
  })

/** Keys of everybody that still work, the ones used last first. */
export const listAllApiKeys = (database: Database, caller: Caller): Promise<{ rows: HeldApiKey[] }> =>
  read(database, caller.tenantId, async (q) => ({
    rows: await q.rows<HeldApiKey>({
      text: `select k.id, k.name, k.permissions, k.created_at as "createdAt", k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt",
               json_build_object('id', p.id, 'name', p.name, 'isActive', p.is_active) as person
             from api_key k join person p on p.tenant_id = k.tenant_id and p.id = k.person_id
             where k.tenant_id = $1 and k.revoked_at is null and k.expires_at > $2
             order by k.last_used_at desc nulls last, k.created_at desc limit 5000`,
      values: [q.tenantId, caller.now],
    }),
  }))

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
