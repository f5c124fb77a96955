import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './record.reasons.ts'

export const german: Translation<typeof english> = {
  'version.none': 'Version {version} gibt es noch nicht',
  'version.made': 'inzwischen gibt es Version {version} von jemand anderem',
  conflict: '{by} hat es inzwischen auf {theirs} gesetzt; gewünscht war {yours}',
  system: 'Das System',
  nothing: 'nichts',
  quoted: '„{text}“',
  'custom.none': 'dieses Feld gibt es nicht',
  'custom.needed': '{field} fehlt',
  'custom.text': '{field} ist ein Text',
  'custom.number': '{field} ist eine Zahl',
  'custom.boolean': '{field} ist ja oder nein',
  'custom.date': '{field} ist ein Tag, etwa 2026-03-31',
  'custom.choice': '{field} ist eines von: {choices}',
  'choices.none': 'eine Auswahl hat mindestens eine Möglichkeit',
  'choices.only': 'nur eine Auswahl hat Möglichkeiten',
  'choices.same': 'zwei Möglichkeiten sind gleich',
  'field.taken': 'es gibt oder gab schon ein Feld mit diesem Schlüssel',
  'filter.noJson': 'der Filter ist kein JSON',
  'view.other': 'diese Ansicht gehört jemand anderem',
  'view.team': 'für die Ansicht eines Teams ein Team nennen, und nur dann',
  'view.own': 'Ansichten lassen sich hier nur für sich selbst speichern',
  'view.notInTeam': 'dieses Team ist nicht das eigene',
}
