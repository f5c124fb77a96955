import { hkdfSync } from 'node:crypto'
import { createThreading } from '../platform/mail/mail.threading.ts'
import { createMailer, parseSmtpUrl, type Mailer } from '../platform/mail/mail.transport.ts'
import { parseAddress } from '../platform/mail/mail.address.ts'
import type { Mailbox } from '../platform/mail/mail.compose.ts'
import { incidentTelling } from '../practices/incident/index.ts'
import { hostOf, type MailHouse, type Telling } from '../practices/notification/index.ts'
import { ConfigurationFault } from './config.ts'

/** The practices whose records people are told about. */
export const tellings: readonly Telling[] = [incidentTelling]

export type MailSettings = {
  readonly smtpUrl: string | undefined
  /** As in a mail: `Evenkeel <desk@example.org>`, or the address alone. */
  readonly from: string
  /** The address people use, without a slash at the end. */
  readonly publicUrl: string
  /** The instance's secret: opens links that wait, and marks the identifiers of our messages, so that an answer to one is known as one. */
  readonly accountKey: Buffer
}

/**
 * How this instance sends mail.
 * @throws ConfigurationFault naming SMTP_URL or MAIL_FROM, without repeating a password
 */
export const mailOf = (settings: MailSettings): { readonly house: MailHouse; readonly mailer: Mailer } => {
  const { smtpUrl, publicUrl } = settings
  const from = mailboxOf(settings.from)
  if (smtpUrl !== undefined) {
    const reading = parseSmtpUrl(smtpUrl)
    if (!reading.ok) throw new ConfigurationFault([`SMTP_URL ${reading.reason}.`])
  }
  const domain = hostOf(publicUrl)
  const threadingKey = Buffer.from(hkdfSync('sha256', settings.accountKey, '', 'evenkeel mail threading', 32))
  return {
    house: {
      tellings,
      from,
      threading: createThreading({ domain, key: threadingKey.toString('hex') }),
      origin: publicUrl,
      accountKey: settings.accountKey,
    },
    mailer: createMailer({ smtpUrl, from, clientName: domain }),
  }
}

const mailboxOf = (text: string): Mailbox => {
  const match = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text)
  const reading = parseAddress(match?.[2] ?? text.trim())
  if (!reading.ok) throw new ConfigurationFault([`MAIL_FROM: ${reading.reason.in('en')}.`])
  return { name: match?.[1] ?? '', address: reading.address }
}
