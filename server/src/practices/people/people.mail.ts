import { uuidv7 } from '../../kernel/uuid.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { open, seal } from '../../platform/auth/secret-box.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { says } from './people.reasons.ts'

/** Mail about an account. The link signs nobody in; it lets its holder set a password once. */
export type AccountMail = {
  readonly kind:
    | 'invitation'
    | 'reset'
    | 'password_changed'
    | 'second_factor_added'
    | 'unused_warning'
    | 'unused_accounts'
    | 'items_end'
    | 'items_attest'
  readonly personId: string
  readonly to: { readonly name: string; readonly address: string }
  readonly language: string
  /** The tenant's name, as people know it. */
  readonly tenantName: string
  /** The journal entry that led to it. */
  readonly entryId: string
  /**
   * The address with the secret, below the instance's configured address; null where there is nothing to open. Whoever reads it can
   * take the account over: an outbox shows it to nobody but those who manage people.
   */
  readonly link: string | null
  /** Until when the link works, or, without one, until when the mail is worth sending; it says so. */
  readonly expiresAt: string | null
  /** Accounts it tells of: to be deactivated at an instant, or deactivated already. */
  readonly accounts?: readonly { readonly name: string; readonly at: string | null }[]
  /** Sentences it consists of, in the reader's language. */
  readonly lines?: readonly string[]
}

/**
 * Hands the mail over in the transaction that wants it; the words are made when it is sent. Until then the link stands in a column of its
 * own, encrypted under the instance's key, and in no journal entry, job or log: a copy of the database opens no account.
 */
export const queueMail = (tx: Tx, accountKey: Buffer | null, mail: AccountMail): string => {
  const id = uuidv7()
  const { kind, personId, to, language, tenantName, entryId, link, expiresAt, accounts, lines } = mail
  tx.insert('outbound_mail', {
    tenant_id: tx.tenantId,
    id,
    kind,
    person_id: personId,
    entry_id: entryId,
    to_address: to.address,
    facts: JSON.stringify({
      name: to.name,
      language,
      tenantName,
      ...(accounts === undefined ? {} : { accounts }),
      ...(lines === undefined ? {} : { lines }),
    }),
    secret: link === null ? null : sealedLink(accountKey, id, link),
    expires_at: expiresAt,
    due_at: tx.author.now,
    created_at: tx.author.now,
  })
  tx.journal({ type: 'mail.queued', subject: { kind: 'mail', id }, data: { kind, personId }, cause: entryId })
  return id
}

const sealedLink = (accountKey: Buffer | null, mailId: string, link: string): Buffer => {
  if (accountKey === null) throw new Refusal('not_available_here', says('accountKey.link'))
  return seal(accountKey, mailId, Buffer.from(link))
}

/** The link of a mail that waits. */
export const openLink = (accountKey: Buffer, mailId: string, sealed: Buffer): string =>
  open(accountKey, mailId, sealed).toString()
