import type { session as english } from '../en/session.ts'
import type { Translation } from '../catalogue.ts'

export const session: Translation<typeof english> = {
  'signIn.back': 'Zurück',
  'signIn.demo': 'oder zum Umsehen anmelden als',
  'signIn.digit': 'Ziffer {number}',
  'signIn.elsewhere': 'Anderswo anmelden',
  'signIn.email': 'E-Mail',
  'signIn.password': 'Passwort',
  'signIn.recovery': 'Wiederherstellungscode',
  'signIn.showPassword': 'Passwort anzeigen',
  'signIn.submit': 'Anmelden',
  'signIn.tenant': 'Organisation',
  'signIn.tenantHint': 'Ihr Kurzname, zum Beispiel harbor-hospital',
  'signIn.title': 'Bei Evenkeel anmelden',
  'signIn.titleAt': 'Bei {tenant} anmelden',
  'signIn.totp': 'Die sechs Ziffern eingeben, die die Authenticator-App gerade zeigt.',
  'signIn.useRecovery': 'Wiederherstellungscode verwenden',
  'signIn.useTotp': 'Authenticator-App verwenden',
}
