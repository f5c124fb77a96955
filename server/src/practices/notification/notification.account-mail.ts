import {
  parseTemplate,
  templateToHtml,
  templateToText,
  type Template,
} from '../../platform/mail/mail.template.ts'
import type { AccountMail } from '../people/index.ts'
import type { Words } from './notification.telling.ts'

/** What the row of such a mail keeps, beside the link. */
export type AccountFacts = Pick<AccountMail, 'language' | 'tenantName'> & { readonly name: string }

const variables = { tenant: 'text', until: 'text', link: 'url' } as const
type Variable = keyof typeof variables

const template = (source: string): Template<Variable> => {
  const parsed = parseTemplate(source, variables)
  if (!parsed.ok) throw new TypeError(parsed.faults.map((fault) => fault.message).join('; '))
  return parsed.template
}

const mails: Readonly<
  Record<
    AccountMail['kind'],
    { readonly subject: (tenant: string) => string; readonly body: Template<Variable> }
  >
> = {
  invitation: {
    subject: (tenant) => `Your account at ${tenant}`,
    body: template(
      [
        'You have an account at {{tenant}}. Choose your password here:',
        '{{link}}',
        'The link works once, until {{until}}. It is for you alone: nobody at {{tenant}} will ask you for it.',
      ].join('\n\n'),
    ),
  },
  reset: {
    subject: (tenant) => `Set a new password for ${tenant}`,
    body: template(
      [
        'Somebody asked for a new password for your account at {{tenant}}. If it was you, set it here:',
        '{{link}}',
        'The link works once, until {{until}}. If it was not you, do nothing: your password stays as it is.',
      ].join('\n\n'),
    ),
  },
  password_changed: {
    subject: (tenant) => `Your password for ${tenant} was changed`,
    body: template(
      [
        'The password of your account at {{tenant}} was changed, and you were signed out everywhere else.',
        'If it was not you, tell the people who run {{tenant}} at once.',
      ].join('\n\n'),
    ),
  },
}

export type AccountWords = Words & { readonly subject: string }

/** @param link null where there is none to open; anything that is no address is printed as it is */
export const accountWords = (
  kind: AccountMail['kind'],
  facts: AccountFacts,
  link: string | null,
  until: { readonly instant: string | null; readonly timeZone: string },
  origin: string,
): AccountWords => {
  const { subject, body } = mails[kind]
  const values = {
    tenant: facts.tenantName,
    link: link ?? '',
    until: until.instant === null ? '' : inWords(until.instant, until.timeZone),
  }
  return {
    subject: subject(facts.tenantName),
    text: templateToText(body, values, { origin }),
    html: templateToHtml(body, values, { origin }),
  }
}

const inWords = (instant: string, timeZone: string): string =>
  `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone }).format(new Date(instant))} (${timeZone})`
