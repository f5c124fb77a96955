import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './import.reasons.ts'

export const german: Translation<typeof english> = {
  'state.examine':
    '{state, select, examining {der Probelauf läuft schon} importing {der Import läuft: anhalten und zurücknehmen, was schon da ist, bevor die Datei anders gelesen wird} paused {ein Teil ist schon da: fortsetzen oder zurücknehmen} imported {schon importiert: die Datei noch einmal bringen, um sie anders zu lesen} voided {zurückgenommen: die Datei noch einmal bringen} other {ein Probelauf geht jetzt nicht}}',
  'state.run':
    '{state, select, waiting {noch kein Probelauf: der kommt zuerst} examining {der Probelauf läuft noch} importing {der Import läuft schon} imported {schon importiert} voided {zurückgenommen: die Datei noch einmal bringen} failed {die Datei ließ sich nicht lesen: daraus wird nichts importiert} other {ein Import geht jetzt nicht}}',
  'state.pause':
    '{state, select, waiting {es läuft nichts: eine Zuordnung fehlt noch} examined {es läuft nichts: der Probelauf ist fertig} paused {schon angehalten} imported {es läuft nichts: schon importiert} voided {es läuft nichts: zurückgenommen} failed {es läuft nichts: die Datei ließ sich nicht lesen} other {es läuft nichts}}',
  'state.void':
    '{state, select, examining {der Probelauf läuft: erst anhalten} importing {der Import läuft: erst anhalten} voided {schon zurückgenommen} other {zurücknehmen geht jetzt nicht}}',
  'void.continued':
    'diese Datei hat {count, plural, one {# Vorgang} other {# Vorgänge}} aus einem früheren Import fortgesetzt: was sie dort ergänzt hat, lässt sich nicht allein zurücknehmen; den früheren Import zurücknehmen, dann beide Dateien nach Bedarf noch einmal bringen',
  'state.worker': 'der Import ist inzwischen in einem anderen Zustand',
  'mapping.column': 'die Datei hat keine Spalte namens {column}',
  'mapping.none': 'es gibt keine Zuordnung mit diesem Namen',
  'standIn.team':
    'die Verteilung nennt kein Team für alles Übrige: eine Verteilung mit einem solchen Team veröffentlichen, damit Vorgänge ohne Team jemanden haben',
  'standIn.gone': 'das ist hier nicht aktiv und kann für andere nicht einspringen',
  'file.gone': 'die Datei wird nicht mehr aufbewahrt: noch einmal bringen',
  'file.damaged': 'gespeichert ist nicht die Datei, die gebracht wurde: noch einmal bringen',
  'failed.ours':
    'mehrmals ging bei uns etwas schief: was da ist, bleibt; fortsetzen, und wenn es wieder stehen bleibt, steht der Grund im Protokoll der Instanz',
  'failed.examine': 'beim Probelauf ging bei uns etwas schief: von der Datei ist nichts da',
  'report.none': 'einen Bericht gibt es, sobald der Import fertig ist',
  'column.line': 'Zeile',
  'column.record': 'Vorgang',
  'column.column': 'Spalte',
  'column.value': 'Wert',
  'column.code': 'Schlüssel',
  'column.reason': 'Grund',
  'fact.rows': 'Zeilen',
  'fact.rows.means':
    'Zeilen der Datei unter dem Kopf, und diejenigen davon, die zu Änderungen wurden, schon da waren oder abgelehnt wurden.',
  'fact.records': 'Vorgänge',
  'fact.records.means': 'Verschiedene Kennungen in der Datei, und die Vorgänge hier, die daraus wurden.',
  'fact.updates': 'Änderungen',
  'fact.updates.means': 'Verschiedene Zeilen aller Vorgänge, und Änderungen in deren Verlauf hier.',
  'fact.item': 'Konfigurationsobjekte',
  'fact.item.means': 'Verschiedene Kennungen in der Datei, und Objekte hier, die die Quelle darunter kennt.',
  'fact.item_relation': 'Beziehungen',
  'fact.item_relation.means': 'Verschiedene Beziehungen in der Datei, und die davon, die hier sind.',
  'fact.missed': 'Ziel verfehlt',
  'fact.missed.means':
    'Vorgänge, deren letzte Zeile sagt, dass das andere System das Ziel als verfehlt zählte.',
  'fact.reassigned': 'Mindestens einmal weitergegeben',
  'fact.reassigned.means': 'Vorgänge, deren letzte Zeile mindestens eine Weitergabe zählt.',
  'fact.reopened': 'Mindestens einmal wieder geöffnet',
  'fact.reopened.means': 'Vorgänge, deren letzte Zeile mindestens eine Wiederöffnung zählt.',
  'fact.withoutResolved': 'Ohne Lösungszeit',
  'fact.withoutResolved.means': 'Vorgänge, deren letzte Zeile nicht sagt, wann sie gelöst wurden.',
  'fact.share': '{count} ({share} %)',
  'because.refused': '{count, plural, one {# Zeile wurde abgelehnt} other {# Zeilen wurden abgelehnt}}',
  'because.known':
    '{count, plural, one {# Zeile war schon da, in einem Vorgang eines früheren Imports} other {# Zeilen waren schon da, in Vorgängen früherer Importe}}',
  'because.conflict':
    '{count, plural, one {# wartet} other {# warten}} darauf, dass jemand entscheidet, welches Objekt gemeint ist',
  'source.name':
    '„{source}“ kann keine Quelle von Objekten benennen: Kleinbuchstaben, Ziffern, - und _, mit einem Buchstaben am Anfang; hand und import sind vergeben',
  'because.stopped':
    'nichts in diesem Import erklärt das: abgelehnte Zeilen ansehen, und wer diese Vorgänge seither geändert hat',
}
