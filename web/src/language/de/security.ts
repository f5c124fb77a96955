/** Die Sicherheitsrichtlinie, der zweite Faktor, den eine Rolle verlangt, und das Ende einer unbenutzten Sitzung. */
export const security = {
  'factor.lost':
    'Verloren? Wer dies betreibt, kann ihn vom Konto entfernen; danach lässt sich hier ein neuer einrichten.',
  'factor.passkey': 'Passkey',
  'factor.passkeyText': 'Fingerabdruck, Gesicht oder ein Sicherheitsschlüssel. Nichts zu tippen.',
  'factor.proveText':
    '{tenant} verlangt für diese Rolle einen zweiten Faktor neben dem Passwort. Er ist schon eingerichtet: damit bestätigen, dann geht es weiter.',
  'factor.proveTitle': 'Identität bestätigen',
  'factor.signedInAs': 'Angemeldet als {name}',
  'factor.text':
    '{tenant} verlangt für diese Rolle einen zweiten Faktor, damit ein gestohlenes Passwort nichts öffnet. Einmal einrichten; es dauert eine Minute.',
  'factor.title': 'Noch ein Schritt',
  'factor.totp': 'Codes vom Telefon',
  'factor.totpBegin': 'Codes einrichten',
  'factor.totpText': 'Sechs Ziffern aus einer Authentifizierungs-App, nach denen beim Anmelden gefragt wird.',

  'idle.left': 'Abmeldung in',
  'idle.stay': 'Angemeldet bleiben',
  'idle.text':
    '{minutes, plural, one {Nach # Minute, in der hier nichts getan wird, folgt die Abmeldung, damit niemand in fremdem Namen weitermacht. Geschriebenes bleibt auf diesem Gerät erhalten.} other {Nach # Minuten, in denen hier nichts getan wird, folgt die Abmeldung, damit niemand in fremdem Namen weitermacht. Geschriebenes bleibt auf diesem Gerät erhalten.}}',
  'idle.title': 'Noch da?',

  'security.accounts': 'Unbenutzte Konten',
  'security.attempts': 'Fehlversuche bis zur Sperre',
  'security.attemptsText': 'PCI DSS 8.3.4 erlaubt höchstens 10.',
  'security.characters': 'Zeichen',
  'security.clearRoles': 'Keine Rolle',
  'security.counts': 'Was als zweiter Faktor zählt',
  'security.countsText': 'Wiederherstellungscodes vertreten Einmalcodes.',
  'security.days': 'Tage',
  'security.effect.deactivated':
    '{count, plural, one {# Konto würde heute Nacht deaktiviert:} other {# Konten würden heute Nacht deaktiviert:}}',
  'security.effect.goneAt': 'deaktiviert am {at}',
  'security.effect.hidden': 'Wen es träfe, sehen nur diejenigen, die Personen verwalten.',
  'security.effect.keys':
    '{count, plural, one {# API-Schlüssel würde sofort ungültig:} other {# API-Schlüssel würden sofort ungültig:}}',
  'security.effect.lastUsed': 'zuletzt benutzt {at}',
  'security.effect.more': '{count, plural, one {und # weitere Person} other {und # weitere}}',
  'security.effect.nobody': 'Heute würde niemand etwas merken.',
  'security.effect.prove':
    '{count, plural, one {# Person müsste mit ihrem zweiten Faktor bestätigen:} other {# Personen müssten mit ihrem zweiten Faktor bestätigen:}}',
  'security.effect.sessionCount': '{count, plural, one {# Sitzung} other {# Sitzungen}}',
  'security.effect.sessions':
    '{count, plural, one {# Person würde sofort abgemeldet:} other {# Personen würden sofort abgemeldet:}}',
  'security.effect.set_up':
    '{count, plural, one {# Person hat keinen zweiten Faktor und müsste zuerst einen einrichten:} other {# Personen haben keinen zweiten Faktor und müssten zuerst einen einrichten:}}',
  'security.effect.some': 'Es träfe sofort:',
  'security.effect.warned':
    '{count, plural, one {# Person bekäme heute Nacht Nachricht, dass ihr Konto bald deaktiviert wird:} other {# Personen bekämen heute Nacht Nachricht, dass ihre Konten bald deaktiviert werden:}}',
  'security.factor': 'Zweiter Faktor',
  'security.hours': 'Stunden',
  'security.idle': 'Eine Sitzung endet nach',
  'security.idleText':
    'Ohne dass die Person etwas tut. PCI DSS 8.2.8 und HIPAA verlangen 15 Minuten; 2 bis 5 passen zu einem Rechner, den sich viele teilen.',
  'security.keyDays': 'Ein API-Schlüssel gilt höchstens',
  'security.keyDaysText': 'Gezählt ab seiner Erstellung, auch für vorhandene Schlüssel.',
  'security.keys': 'API-Schlüssel',
  'security.lock': 'Die Sperre dauert',
  'security.lockText': 'PCI DSS 8.3.4 verlangt mindestens 30 Minuten. Ein neues Passwort hebt sie auf.',
  'security.longest': 'Und in jedem Fall nach',
  'security.longestText': 'Auch wenn ständig gearbeitet wird.',
  'security.minutes': 'Minuten',
  'security.noRoles': 'Niemand muss einen haben',
  'security.passkey': 'Passkeys',
  'security.passwords': 'Passwörter',
  'security.range': 'Von {from} bis {to}.',
  'security.roles': 'Rollen, die einen brauchen',
  'security.rolesText':
    'Wer sie hat, richtet zuerst einen ein. Ein Klick in einer Demo und API-Schlüssel werden nicht danach gefragt.',
  'security.sessions': 'Sitzungen',
  'security.shortest': 'Kürzestes Passwort',
  'security.shortestText': 'Für Passwörter, die ab jetzt gewählt werden.',
  'security.totp': 'Einmalcodes aus einer App',
  'security.tries': 'Versuche',
  'security.unused': 'Konten deaktivieren, die niemand benutzt',
  'security.unusedDays': 'Unbenutzt seit',
  'security.unusedDaysText':
    'PCI DSS 8.2.6 verlangt 90. Eine Anmeldung oder ein API-Schlüssel gilt als Benutzung. Die Person bekommt 14 Tage vorher eine Mail, die Verwaltung ebenso; der letzte Zugang zur Verwaltung bleibt.',
  'security.unusedText': 'Nachts um zwei, mit Eintrag im Journal. Sie lassen sich wieder aktivieren.',
} as const
