import { uuidv7 } from '../../kernel/uuid.ts'
import type { Tx } from '../../platform/journal/write.ts'

/** Mail about an account. The link signs nobody in; it lets its holder set a password once. */
export type AccountMail = {
  readonly kind: 'invitation' | 'reset' | 'password_changed'
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
  readonly expiresAt: string | null
}

const subjects = {
  invitation: (tenant: string) => `Your account at ${tenant}`,
  reset: (tenant: string) => `Set a new password for ${tenant}`,
  password_changed: (tenant: string) => `Your password for ${tenant} was changed`,
} as const

/** Hands the mail over in the transaction that wants it. Kept in the outbox until a transport takes it. */
export const queueMail = (tx: Tx, mail: AccountMail): void => {
  const id = uuidv7()
  tx.send({
    text: `insert into outbound_mail (tenant_id, id, person_id, entry_id, to_address, subject, message, message_id, status, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, 'kept', $9)`,
    values: [
      tx.tenantId,
      id,
      mail.personId,
      mail.entryId,
      mail.to.address,
      subjects[mail.kind](mail.tenantName),
      JSON.stringify(mail),
      `<${id}@evenkeel.invalid>`,
      tx.author.now,
    ],
  })
}
