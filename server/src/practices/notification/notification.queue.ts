import { enqueue, type NewJob, type Queue } from '../../platform/jobs/jobs.ts'
import type { Tx } from '../../platform/journal/write.ts'

/** Where a mail is: what a job carries, and all it carries. */
export type MailPlace = { readonly tenantId: string; readonly mailId: string }

/**
 * Mail on its way out. A try that ends in an answer, even "later", ends its job, and the next try is a job of its own, so that a mail that
 * waits holds up nobody. What the queue itself tries again is a worker that died or a database that went away.
 */
export const mailQueue: Queue = {
  name: 'mail',
  // More than the tries of a mail: those are counted on the mail, where people see them.
  retryLimit: 8,
  retryDelay: 2,
  retryDelayMax: 60,
  // Longer than the mailer's own limit for one attempt.
  expireInSeconds: 300,
}

const jobOf = ({ tenantId, mailId }: MailPlace, tried: number, pause: number): NewJob => ({
  key: `${mailId}/${tried}`,
  data: { tenantId, mailId },
  pause,
})

/** Queues one try of each mail; the same try again is the same job. */
export const enqueueMails = (
  tx: Tx,
  mails: readonly { readonly id: string; readonly try: number }[],
  pauseSeconds = 0,
): void =>
  enqueue(
    tx,
    mailQueue,
    mails.map((mail) => jobOf({ tenantId: tx.tenantId, mailId: mail.id }, mail.try, pauseSeconds)),
  )

/** What a job carries, read back. */
export const placeOf = (data: Record<string, unknown>): MailPlace => {
  const { tenantId, mailId } = data
  if (typeof tenantId !== 'string' || typeof mailId !== 'string')
    throw new TypeError('a mail job names a tenant and a mail')
  return { tenantId, mailId }
}
