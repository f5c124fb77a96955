import type { session as english } from '../en/session.ts'
import type { Translation } from '@evenkeel/server/kernel/language/catalogue'

export const session: Translation<typeof english> = {
  'forgot.askText': 'Angeben, um welches Konto es geht. Ein Link für ein neues Passwort kommt per E-Mail.',
  'forgot.back': 'Zurück zur Anmeldung',
  'forgot.sent': 'Ins Postfach sehen',
  'forgot.sentText':
    'Wenn {email} hier ein Konto hat, ist ein Link dorthin unterwegs. Er gilt einmal und eine Stunde lang. Nichts angekommen? Im Spam-Ordner nachsehen oder bei der Verwaltung nachfragen.',
  'forgot.submit': 'Link senden',
  'forgot.title': 'Passwort vergessen',

  'link.asUsual': 'Anmelden',
  'link.choose': 'Passwort wählen',
  'link.done': 'Das Passwort ist festgelegt',
  'link.doneText': 'Bei {tenant} mit {email} und dem eben gewählten Passwort anmelden.',
  'link.goneInvitation':
    'Wer eingeladen hat, kann die Einladung noch einmal senden. Ist schon ein Passwort gewählt, damit anmelden.',
  'link.goneReset': 'Einen neuen Link anfordern. Nur der zuletzt gesendete gilt, und nur einmal.',
  'link.goneTitle': 'Dieser Link gilt nicht mehr',
  'link.invitationText': 'Willkommen. Das Passwort wählen, mit dem die Anmeldung künftig geht.',
  'link.invitationTitle': 'Willkommen bei Evenkeel',
  'link.newLink': 'Neuen Link anfordern',
  'link.resetText': 'Es ersetzt das alte, und alle eigenen Sitzungen enden.',
  'link.resetTitle': 'Neues Passwort festlegen',

  'signIn.back': 'Zurück',
  'signIn.codesLow':
    '{count, plural, =0 {Das war der letzte Wiederherstellungscode. Neue gibt es unter Einstellungen, Anmeldung.} one {# Wiederherstellungscode ist übrig. Neue gibt es unter Einstellungen, Anmeldung.} other {# Wiederherstellungscodes sind übrig. Neue gibt es unter Einstellungen, Anmeldung.}}',
  'signIn.demo': 'oder zum Umsehen anmelden als',
  'signIn.digit': 'Ziffer {number}',
  'signIn.elsewhere': 'Anderswo anmelden',
  'signIn.email': 'E-Mail',
  'signIn.forgot': 'Passwort vergessen',
  'signIn.lockedFor':
    '{minutes, plural, one {In # Minute erneut versuchen oder ein neues Passwort festlegen.} other {In # Minuten erneut versuchen oder ein neues Passwort festlegen.}}',
  'signIn.or': 'oder',
  'signIn.passkey': 'Mit einem Passkey anmelden',
  'signIn.password': 'Passwort',
  'signIn.recovery': 'Wiederherstellungscode',
  'signIn.showPassword': 'Passwort anzeigen',
  'signIn.submit': 'Anmelden',
  'signIn.tenant': 'Organisation',
  'signIn.tenantFirst': 'Zuerst angeben, wo angemeldet wird',
  'signIn.tenantHint': 'Ihr Kurzname, zum Beispiel harbor-hospital',
  'signIn.title': 'Bei Evenkeel anmelden',
  'signIn.titleAt': 'Bei {tenant} anmelden',
  'signIn.totp': 'Die sechs Ziffern eingeben, die die Authenticator-App gerade zeigt.',
  'signIn.useRecovery': 'Wiederherstellungscode verwenden',
  'signIn.useTotp': 'Authenticator-App verwenden',
  'signIn.waitFor':
    '{minutes, plural, one {In # Minute erneut versuchen.} other {In # Minuten erneut versuchen.}}',
  'signIn.wrongHint': 'Adresse und Passwort prüfen; Groß- und Kleinschreibung zählt.',
}
