import {
  parseTemplate,
  templateToHtml,
  templateToText,
  type Template,
} from '../../platform/mail/mail.template.ts'
import type { AccountMail } from '../people/index.ts'
import { isGerman } from './notification.language.ts'
import type { Words } from './notification.telling.ts'

/** What the row of such a mail keeps, beside the link. */
export type AccountFacts = Pick<AccountMail, 'language' | 'tenantName'> & { readonly name: string }

const variables = { tenant: 'text', until: 'text', link: 'url' } as const
type Variable = keyof typeof variables

const template = (source: string): Template<Variable> => {
  const parsed = parseTemplate(source, variables)
  if (!parsed.ok) throw new TypeError(parsed.faults.map((fault) => fault.message.in('en')).join('; '))
  return parsed.template
}

type AccountWording = {
  readonly subject: (tenant: string) => string
  readonly body: Template<Variable>
}

const mails: Readonly<Record<AccountMail['kind'], AccountWording>> = {
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

const germanMails: Readonly<Record<AccountMail['kind'], AccountWording>> = {
  invitation: {
    subject: (tenant) => `Ihr Konto bei ${tenant}`,
    body: template(
      [
        'Sie haben ein Konto bei {{tenant}}. Wählen Sie hier Ihr Passwort:',
        '{{link}}',
        'Der Link gilt einmal, bis {{until}}. Er ist nur für Sie: Niemand bei {{tenant}} wird Sie danach fragen.',
      ].join('\n\n'),
    ),
  },
  reset: {
    subject: (tenant) => `Neues Passwort für ${tenant} setzen`,
    body: template(
      [
        'Für Ihr Konto bei {{tenant}} wurde ein neues Passwort angefordert. Wenn Sie das waren, setzen Sie es hier:',
        '{{link}}',
        'Der Link gilt einmal, bis {{until}}. Wenn Sie es nicht waren, ist nichts zu tun: Ihr Passwort bleibt, wie es ist.',
      ].join('\n\n'),
    ),
  },
  password_changed: {
    subject: (tenant) => `Ihr Passwort für ${tenant} wurde geändert`,
    body: template(
      [
        'Das Passwort Ihres Kontos bei {{tenant}} wurde geändert, und Sie wurden überall sonst abgemeldet.',
        'Wenn Sie das nicht waren, sagen Sie es sofort denen, die {{tenant}} betreiben.',
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
  const german = isGerman(facts.language)
  const { subject, body } = (german ? germanMails : mails)[kind]
  const values = {
    tenant: facts.tenantName,
    link: link ?? '',
    until:
      until.instant === null ? '' : inWords(until.instant, until.timeZone, german ? facts.language : 'en-GB'),
  }
  return {
    subject: subject(facts.tenantName),
    text: templateToText(body, values, { origin }),
    html: templateToHtml(body, values, { origin }),
  }
}

const inWords = (instant: string, timeZone: string, language: string): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(new Date(instant))} (${timeZone})`
