import type { Translation } from '../language/catalogue.ts'
import type { english } from './difference.reasons.ts'

export const german: Translation<typeof english> = {
  'difference.document': 'das Dokument',
  'difference.changes': '{where} ändert sich von {from} zu {to}',
  'difference.isNew': '{where} ist neu: {to}',
  'difference.isGone': '{where} fällt weg: {from}',
  'difference.gets': '{where} erhält {what}',
  'difference.loses': '{where} verliert {what}',
  'difference.moves': '{what} rückt von Stelle {from} auf {to}',
  'difference.reordered': '{where} kommt in anderer Reihenfolge',
  'difference.quoted': '„{name}“',
  'difference.everything': 'alles',
  'difference.nothing': 'nichts',
  'difference.and': 'und',
  'difference.or': 'oder',
  'difference.not': 'nicht',
}
