import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './notification.reasons.ts'

export const german: Translation<typeof english> = {
  'mail.status':
    '{status, select, queued {sie wartet noch} accepted {sie ist gesendet} kept {sie wurde behalten} other {sie wurde zurückgezogen}}; erneut gesendet wird nur, was niemand mehr versucht',
  'mail.linkGone': 'stattdessen einen neuen Link anfordern; dieser ist weg',
  'link.none': 'hier ist kein Link, der noch gilt',
  'link.more': 'diese Person darf Dinge, die hier nicht erlaubt sind',
  'preferences.own': 'worüber jemand benachrichtigt wird, bestimmt jede Person selbst',
  'preferences.fixed': '{setting, select, always {das ist immer so} other {das ist nie so}}, für alle',
  'preferences.atOnce': 'das kann nicht auf eine tägliche Mail warten',
  'preferences.notMailed': 'was nicht per Mail kommt, steht auch in keiner täglichen Mail',
  entryType: 'es gibt keine Einträge wie {type}',
  cursor: 'diesen Cursor hat keine Seite genannt',
  'setAside.worker': 'diesen versucht nur der Worker erneut',
  'setAside.failed': 'es ist wieder fehlgeschlagen: {error}',
  preview:
    'Bei den letzten {examined} Einträgen hätte es {more} Benachrichtigungen mehr und {fewer} weniger gegeben.',
  'preview.with': 'mit: {notices}',
  'preview.without': 'ohne: {notices}',
  'preview.none': 'nichts',
  'preview.by': '{count, plural, one {# Benachrichtigung} other {# Benachrichtigungen}} durch {rules}',
}
