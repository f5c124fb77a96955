import type { shell as english } from '../en/shell.ts'
import type { Translation } from '../catalogue.ts'

export const shell: Translation<typeof english> = {
  'account.density': 'Zeilen',
  'account.density.comfortable': 'Großzügig',
  'account.density.compact': 'Kompakt',
  'account.dropsDrafts':
    '{count, plural, one {# Entwurf, der nicht gesendet wurde, wird verworfen} other {# Entwürfe, die nicht gesendet wurden, werden verworfen}}',
  'account.open': 'Konto von {name}',
  'account.scheme': 'Farben',
  'account.scheme.auto': 'System',
  'account.scheme.dark': 'Dunkel',
  'account.scheme.light': 'Hell',
  'account.signOut': 'Abmelden',

  'admin.none': 'Nichts zu verwalten',
  'admin.noneText':
    'Die eigenen Rollen umfassen keine Verwaltung. Wer hier Rollen verwaltet, kann das ändern.',
  'admin.overview': 'Übersicht',
  'admin.section.instance': 'Instanz',
  'admin.section.people': 'Personen und Zugriff',
  'admin.section.rules': 'Regeln',
  'admin.section.work': 'Arbeit',
  'admin.title': 'Verwaltung',

  'bell.all': 'Alle als gelesen markieren',
  'bell.none': 'Nichts Neues',
  'bell.noneText':
    'Wenn bei den eigenen Vorgängen etwas geschieht, steht es hier, mit dem Grund der Benachrichtigung.',
  'bell.open':
    '{count, plural, =0 {Benachrichtigungen: keine ungelesen} one {Benachrichtigungen: # ungelesen} other {Benachrichtigungen: # ungelesen}}',
  'bell.title': 'Benachrichtigungen',
  'bell.unread': 'Ungelesen',
  'bell.why': 'Warum habe ich das bekommen',
  'bell.whyOf': 'Warum habe ich das bekommen: {headline}',

  'dialog.back': 'Zurück',
  'dialog.close': 'Schließen',

  'edit.begin': '{field} bearbeiten',
  'edit.choose': '{field}:',
  'edit.conflict': 'Jemand anderes hat „{field}“ geändert, während es hier bearbeitet wurde.',
  'edit.empty': 'Leer',
  'edit.keepTheirs': 'Andere Fassung behalten',
  'edit.kept': 'Der eigene Text bleibt erhalten.',
  'edit.mine': 'Eigene Fassung',
  'edit.nothingFound': 'Nichts gefunden',
  'edit.saved': 'Gespeichert',
  'edit.saving': 'Wird gespeichert',
  'edit.search': 'Suchen',
  'edit.searchFor': 'Suchen: {field}',
  'edit.theirs': 'Andere Fassung',
  'edit.useMine': 'Eigene Fassung nehmen',

  'fault.away': 'Der Server antwortet gerade nicht. Nichts Eingegebenes geht verloren.',
  'fault.offline': 'Dieses Gerät ist offline. Nichts Eingegebenes geht verloren.',
  'fault.reference': 'Referenz: {reference}',
  'fault.retry': 'Erneut versuchen',

  'key.Enter': 'Eingabe',
  'key.Escape': 'Esc',
  'key.Space': 'Leertaste',

  'keys.assign': 'Zuweisen',
  'keys.closePreview': 'Vorschau schließen, Auswahl aufheben',
  'keys.comment': 'Kommentar schreiben',
  'keys.everywhere': 'Überall',
  'keys.go': 'Gehe zu',
  'keys.list': 'In einer Liste',
  'keys.moves': 'Zu den nächsten Schritten',
  'keys.next': 'Nächste Zeile',
  'keys.note': 'Arbeitsnotiz schreiben',
  'keys.open': 'Öffnen',
  'keys.preview': 'Vorschau öffnen oder schließen',
  'keys.previous': 'Vorherige Zeile',
  'keys.record': 'Bei einem Vorgang',
  'keys.select': 'Auswählen',
  'keys.title': 'Tasten',

  'notFound.action': 'Zu den Störungen',
  'notFound.text': 'Die Adresse ist vertippt oder führt zu etwas, das hier nicht sichtbar ist.',
  'notFound.title': 'Hier ist nichts',

  'proof.noWay':
    'Dieses Konto hat hier weder Passwort noch Passkey, also gibt es nichts zum Bestätigen. Dafür mit einem eigenen Passwort anmelden.',
  'proof.or': 'oder',
  'proof.passkey': 'Passkey verwenden',
  'proof.submit': 'Bestätigen',
  'proof.text': 'Das ändert, wer hineinkommt oder was jemand darf. Nach 15 Minuten wird erneut gefragt.',
  'proof.title': 'Bestätigen, wer am Gerät ist',
  'proof.totp': 'Code der Authenticator-App',

  'rail.admin': 'Verwaltung',
  'rail.home': 'Start',
  'rail.incidents': 'Störungen',
  'rail.journal': 'Journal',
  'rail.open': 'Menü öffnen',
  'rail.openIncidents': '{count, plural, one {# offen} other {# offen}}',
  'rail.title': 'Hauptmenü',
  'rail.toggle': 'Menü breiter oder schmaler machen',

  'settings.keys': 'API-Schlüssel',
  'settings.notifications': 'Benachrichtigungen',
  'settings.profile': 'Profil',
  'settings.security': 'Anmeldung',
  'settings.sessions': 'Sitzungen',
  'settings.title': 'Einstellungen',

  'shell.away': 'Verbindung wird wiederhergestellt. Die Anzeige kann kurz veraltet sein.',
  'shell.skip': 'Zum Inhalt springen',
}
