import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { hashOf, newCredential, readCredential, type Credential } from '../http/credential.ts'
import type { Tx } from '../journal/write.ts'
import type { Reader } from '../postgres/database.ts'

/** What a link may be for, and how many minutes it works. Every link that stands for a person comes from here. */
export const tokenMinutes = { invitation: 72 * 60, reset: 60 } as const
export type TokenPurpose = keyof typeof tokenMinutes

export type TokenHolder = {
  readonly personId: string
  readonly subjectId: string | null
  readonly expiresAt: string
}

/** A new token for this purpose; earlier unused ones of the person for it stop working. The text is in nobody's hands but the caller's. */
export const issueToken = (
  tx: Tx,
  purpose: TokenPurpose,
  personId: string,
  subjectId: string | null = null,
): { readonly text: string; readonly id: string; readonly expiresAt: string } => {
  const id = uuidv7()
  const { text, hash } = newCredential(tx.tenantId, id)
  const { now } = tx.author
  const expiresAt = new Date(Date.parse(now) + tokenMinutes[purpose] * 60_000).toISOString()
  withdrawTokens(tx, personId, [purpose])
  tx.send({
    text: `insert into one_time_token (tenant_id, id, purpose, person_id, subject_id, secret_hash, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [tx.tenantId, id, purpose, personId, subjectId, hash, now, expiresAt],
  })
  return { text, id, expiresAt }
}

/** Unused tokens of the person stop working. */
export const withdrawTokens = (tx: Tx, personId: string, purposes: readonly TokenPurpose[]): void => {
  tx.send({
    text: 'update one_time_token set used_at = $4 where tenant_id = $1 and person_id = $2 and purpose = any($3) and used_at is null',
    values: [tx.tenantId, personId, purposes, tx.author.now],
  })
}

/**
 * The token as somebody sent it. Whatever is wrong with it (used, expired, another purpose, truncated, never existed) gets the one
 * answer `link_gone`.
 */
export const readToken = (text: string): Credential => {
  const token = readCredential(text)
  if (token === undefined) throw new Refusal('link_gone')
  return token
}

const alive = `tenant_id = $1 and id = $2 and purpose = $3 and secret_hash = $4 and used_at is null and expires_at > $5`
const columns = 'person_id as "personId", subject_id as "subjectId", expires_at as "expiresAt"'

const valuesOf = (q: Reader, purpose: TokenPurpose, token: Credential, now: string) => {
  if (q.tenantId !== token.tenantId) throw new Refusal('link_gone')
  return [token.tenantId, token.id, purpose, hashOf(token.secret), now]
}

/** Whose it is, without using it. */
export const peekToken = async (
  q: Reader,
  purpose: TokenPurpose,
  token: Credential,
  now: string,
): Promise<TokenHolder> => {
  const holder = await q.maybe<TokenHolder>({
    text: `select ${columns} from one_time_token where ${alive}`,
    values: valuesOf(q, purpose, token, now),
  })
  if (holder === undefined) throw new Refusal('link_gone')
  return holder
}

/** Uses it up: of any number of requests with it, one gets the holder. */
export const useToken = async (tx: Tx, purpose: TokenPurpose, token: Credential): Promise<TokenHolder> => {
  const holder = await tx.maybe<TokenHolder>({
    text: `update one_time_token set used_at = $5 where ${alive} returning ${columns}`,
    values: valuesOf(tx, purpose, token, tx.author.now),
  })
  if (holder === undefined) throw new Refusal('link_gone')
  return holder
}
