import type { list as english } from '../en/list.ts'
import type { Translation } from '../catalogue.ts'

export const list: Translation<typeof english> = {
  'filter.apply': 'Eingabetaste zum Anwenden',
  'filter.clear': 'Filter löschen',

  'list.clear': 'Aufheben',
  'list.copy': 'Nummern und Titel kopieren',
  'list.count': '{count}',
  'list.countCapped': '{count}+',
  'list.keptRows': 'Die Liste darunter ist noch wie zuvor.',
  'list.loading': 'Wird geladen',
  'list.select': 'Auswählen',
  'list.selectRow': '{title} auswählen',
  'list.selected': '{count, plural, one {# ausgewählt} other {# ausgewählt}}',
  'list.selection': 'Ausgewählte Zeilen',
  'list.waiting': '{count, plural, one {# neue Störung: anzeigen} other {# neue Störungen: anzeigen}}',
}
