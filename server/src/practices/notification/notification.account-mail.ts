import {
  parseTemplate,
  templateToHtml,
  templateToText,
  type Template,
} from '../../platform/mail/mail.template.ts'
import type { AccountMail } from '../people/index.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Words } from './notification.telling.ts'

/** What the row of such a mail keeps, beside the link. */
export type AccountFacts = Pick<AccountMail, 'language' | 'tenantName' | 'accounts' | 'lines'> & {
  readonly name: string
}

const variables = { tenant: 'text', until: 'text', accounts: 'text', lines: 'text', link: 'url' } as const
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
  second_factor_added: {
    subject: (tenant) => `A second factor was added to your account at ${tenant}`,
    body: template(
      [
        'One-time codes or a passkey were set up for your account at {{tenant}}. From now on they are asked for when you sign in.',
        'If it was not you, tell the people who run {{tenant}} at once.',
      ].join('\n\n'),
    ),
  },
  unused_warning: {
    subject: (tenant) => `Your account at ${tenant} is about to be deactivated`,
    body: template(
      [
        'Nobody has used your account at {{tenant}} for a long time. It is deactivated on {{until}}, and its API keys stop working.',
        'To keep it, sign in once before then:',
        '{{link}}',
        'If you do not need it any more, there is nothing to do. The people who run {{tenant}} can give it back later.',
      ].join('\n\n'),
    ),
  },
  unused_accounts: {
    subject: (tenant) => `Unused accounts at ${tenant}`,
    body: template(
      [
        'Accounts at {{tenant}} that nobody has used for as long as the security policy allows, or soon will not have:',
        '{{accounts}}',
        'Whoever still has to be deactivated keeps the account by signing in once; they were told by mail. An account that was deactivated can be reactivated under Administration, People.',
      ].join('\n\n'),
    ),
  },
  items_end: {
    subject: (tenant) => `What ends soon at ${tenant}`,
    body: template(
      [
        'Contracts, licenses or warranties at {{tenant}} that you look after come to an end:',
        '{{lines}}',
        'Each is told once. They stand under Assets, those that end first at the top:',
        '{{link}}',
      ].join('\n\n'),
    ),
  },
  items_attest: {
    subject: (tenant) => `To be confirmed at ${tenant}`,
    body: template(
      [
        'Somebody at {{tenant}} asks you to confirm that what is known of items that you look after is right:',
        '{{lines}}',
        'Most of it is one press for all of them. What is not right needs a sentence that says what:',
        '{{link}}',
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
  second_factor_added: {
    subject: (tenant) => `Ein zweiter Faktor wurde Ihrem Konto bei ${tenant} hinzugefügt`,
    body: template(
      [
        'Für Ihr Konto bei {{tenant}} wurden Einmalcodes oder ein Passkey eingerichtet. Ab jetzt wird beim Anmelden danach gefragt.',
        'Wenn Sie das nicht waren, sagen Sie es sofort denen, die {{tenant}} betreiben.',
      ].join('\n\n'),
    ),
  },
  unused_warning: {
    subject: (tenant) => `Ihr Konto bei ${tenant} wird bald deaktiviert`,
    body: template(
      [
        'Ihr Konto bei {{tenant}} wurde lange nicht benutzt. Am {{until}} wird es deaktiviert, und seine API-Schlüssel gelten nicht mehr.',
        'Um es zu behalten, genügt es, sich vorher einmal anzumelden:',
        '{{link}}',
        'Wird es nicht mehr gebraucht, ist nichts zu tun. Wer {{tenant}} betreibt, kann es später wieder aktivieren.',
      ].join('\n\n'),
    ),
  },
  unused_accounts: {
    subject: (tenant) => `Unbenutzte Konten bei ${tenant}`,
    body: template(
      [
        'Konten bei {{tenant}}, die so lange niemand benutzt hat, wie die Sicherheitsrichtlinie erlaubt, oder bei denen es bald so weit ist:',
        '{{accounts}}',
        'Wer noch nicht deaktiviert ist, behält das Konto durch eine einzige Anmeldung und hat darüber eine Mail bekommen. Ein deaktiviertes Konto lässt sich unter Verwaltung, Personen wieder aktivieren.',
      ].join('\n\n'),
    ),
  },
  items_end: {
    subject: (tenant) => `Was bei ${tenant} bald endet`,
    body: template(
      [
        'Verträge, Lizenzen oder Garantien bei {{tenant}}, für die Sie zuständig sind, laufen aus:',
        '{{lines}}',
        'Jedes Ende wird einmal gemeldet. Alle stehen unter Vermögen, was zuerst endet, zuoberst:',
        '{{link}}',
      ].join('\n\n'),
    ),
  },
  items_attest: {
    subject: (tenant) => `Bei ${tenant} zu bestätigen`,
    body: template(
      [
        'Jemand bei {{tenant}} bittet um Bestätigung, dass stimmt, was über Objekte bekannt ist, für die Sie zuständig sind:',
        '{{lines}}',
        'Das meiste geht mit einem Druck für alle zusammen. Wo etwas nicht stimmt, genügt ein Satz, der sagt, was:',
        '{{link}}',
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
    // Without one that stands for the person, the address where everybody signs in.
    link: link ?? addressOf(kind, origin),
    lines: (facts.lines ?? []).join('\n'),
    accounts: accountLines(facts, german, until.timeZone),
    until:
      until.instant === null ? '' : inWords(until.instant, until.timeZone, german ? facts.language : 'en-GB'),
  }
  return {
    subject: subject(facts.tenantName),
    text: templateToText(body, values, { origin }),
    html: templateToHtml(body, values, { origin }),
  }
}

const addressOf = (kind: AccountMail['kind'], origin: string): string => {
  if (kind === 'items_end') return `${origin}/assets`
  if (kind === 'items_attest') return `${origin}/attestations`
  return kind === 'unused_warning' ? origin : ''
}

const accountLines = ({ accounts = [], language }: AccountFacts, german: boolean, timeZone: string): string =>
  accounts
    .map(({ name, at }) => {
      if (at === null) return german ? `${name}: deaktiviert` : `${name}: deactivated`
      const day = inWords(at, timeZone, german ? language : 'en-GB')
      return german ? `${name}: wird am ${day} deaktiviert` : `${name}: is deactivated on ${day}`
    })
    .join('\n')

const inWords = (instant: string, timeZone: string, language: string): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(new Date(instant))} (${timeZone})`
