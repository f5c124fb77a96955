import { createHmac, hkdfSync } from 'node:crypto'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { credentialWith, hashOf, newCredential, readCredential, type Credential } from '../http/credential.ts'
import type { Tx } from '../journal/write.ts'
import type { Reader } from '../postgres/database.ts'

/** What a link that lets its holder set a password may be for, and how many minutes it works. */
export const tokenMinutes = { invitation: 72 * 60, reset: 60 } as const
export type LinkPurpose = keyof typeof tokenMinutes

/** Every link that stands for a person comes from here. `answer` says one thing about one record, until it is too late to say it. */
export type TokenPurpose = LinkPurpose | 'answer'

export type TokenHolder = {
  readonly personId: string
  readonly subjectId: string | null
  readonly expiresAt: string
}

/** A new token for this purpose; earlier unused ones of the person for it stop working. The text is in nobody's hands but the caller's. */
export const issueToken = (
  tx: Tx,
  purpose: LinkPurpose,
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

/**
 * The token of a mail that is composed anew with every try: the same each time, because its secret is derived from the mail's id under the
 * instance's key instead of drawn. Two copies of a mail are one link, and nothing that opens it lies anywhere until it is stored by its hash.
 */
export const tokenOfMail = (
  accountKey: Buffer,
  tenantId: string,
  mailId: string,
): { readonly text: string; readonly hash: Buffer } => {
  const key = Buffer.from(hkdfSync('sha256', accountKey, '', 'evenkeel links in mail', 32))
  return credentialWith(tenantId, mailId, createHmac('sha256', key).update(`${tenantId}/${mailId}`).digest())
}

export type MailToken = {
  readonly id: string
  readonly purpose: TokenPurpose
  readonly personId: string
  readonly subjectId: string
  readonly hash: Buffer
  readonly expiresAt: string
}

/** From now on the link works; a later try of the same mail changes nothing. */
export const storeMailToken = (tx: Tx, token: MailToken): void => {
  tx.send({
    text: `insert into one_time_token (tenant_id, id, purpose, person_id, subject_id, secret_hash, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    values: [
      tx.tenantId,
      token.id,
      token.purpose,
      token.personId,
      token.subjectId,
      token.hash,
      tx.author.now,
      token.expiresAt,
    ],
  })
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

export type UsedToken = TokenHolder & {
  readonly usedAt: string | null
  readonly outcome: string | null
  readonly outcomeId: string | null
}

/** Whose it is and, when it was used already, what came of it. */
export const recallToken = async (
  q: Reader,
  purpose: TokenPurpose,
  token: Credential,
  now: string,
): Promise<UsedToken> => {
  const holder = await q.maybe<UsedToken>({
    text: `select ${columns}, used_at as "usedAt", outcome, outcome_id as "outcomeId" from one_time_token
           where tenant_id = $1 and id = $2 and purpose = $3 and secret_hash = $4 and expires_at > $5`,
    values: valuesOf(q, purpose, token, now),
  })
  // Used without an outcome: somebody withdrew it.
  if (holder === undefined || (holder.usedAt !== null && holder.outcome === null))
    throw new Refusal('link_gone')
  return holder
}

/** What the use of a token came to. */
export const noteOutcome = (tx: Tx, token: Credential, outcome: string, outcomeId: string): void => {
  tx.send({
    text: 'update one_time_token set outcome = $3, outcome_id = $4 where tenant_id = $1 and id = $2',
    values: [tx.tenantId, token.id, outcome, outcomeId],
  })
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
