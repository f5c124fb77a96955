import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { canonicalJson, type Json } from '../../kernel/evidence/canonical-json.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { write, type Author, type Tx } from '../journal/write.ts'
import { read, type Database } from '../postgres/database.ts'
import type { Caller } from './caller.ts'
import { says } from '../platform.reasons.ts'

type Stored = { readonly status: number; readonly answer: unknown }

/** The memory of one creating request that named an Idempotency-Key. */
export type OnceStore = {
  /**
   * Remembers the answer in the transaction that made it true. A second request with this key fails here, so that the usual case, a new
   * key, costs no extra round trip.
   */
  remember(tx: Tx, status: number, answer: unknown): void
  /**
   * After a failure: the answer that this key got before, or undefined when it is new.
   * @throws Refusal `key_reused` when the key was used for a different request.
   */
  earlier(database: Database, failure: unknown): Promise<Stored | undefined>
}

/** Keys are per tenant and principal; the whole request (route, parameters, body) has to be the same. */
export const answerOnce = (request: FastifyRequest, caller: Caller): OnceStore | null => {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new Refusal('malformed', says('idempotencyKey'))
  }
  const principal = caller.keyId ?? caller.personId
  const hash = createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(canonicalJson(jsonOf(request.body)))
    .digest()
  const find = (database: Database): Promise<Stored | undefined> =>
    read(database, caller.tenantId, async (q) => {
      const row = await q.maybe<{ request_hash: Buffer; status: number; answer: unknown }>({
        name: 'idempotency_find',
        text: 'select request_hash, status, answer from idempotency where tenant_id = $1 and principal_id = $2 and key = $3',
        values: [caller.tenantId, principal, key],
      })
      if (row === undefined) return undefined
      if (!row.request_hash.equals(hash)) throw new Refusal('key_reused')
      return { status: row.status, answer: row.answer }
    })
  return {
    remember: (tx, status, answer) => {
      tx.insert('idempotency', {
        tenant_id: caller.tenantId,
        principal_id: principal,
        key,
        request_hash: hash,
        status,
        answer: JSON.stringify(answer),
        created_at: caller.now,
      })
    },
    earlier: async (database, failure) =>
      failure instanceof Refusal && failure.code === 'unavailable' ? undefined : find(database),
  }
}

// The body came out of our JSON parser or is absent.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const jsonOf = (body: unknown): Json => (body === undefined ? null : (body as Json))

const keptMs = 24 * 3_600_000

/** Forgets the answers of keys that are older than a day. */
export const sweepIdempotency = (database: Database, author: Author): Promise<void> =>
  write(database, author, async (tx) => {
    tx.send({
      text: 'delete from idempotency where tenant_id = $1 and created_at < $2',
      values: [tx.tenantId, new Date(Date.parse(author.now) - keptMs).toISOString()],
    })
  })
