import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './attestation.reasons.ts'

export const german: Translation<typeof english> = {
  none: 'der Filter findet kein verwaltbares Objekt, das in Betrieb, auf Lager oder in Reparatur ist',
  most: 'eine Bestätigungsrunde fragt nach höchstens {most} Objekten; den Filter enger fassen',
  due: 'der Tag, bis zu dem sie läuft, ist schon vorbei',
  closed: 'diese Bestätigungsrunde ist geschlossen',
  changed: 'jemand hat diese Bestätigungsrunde inzwischen geändert',
  notIn: 'ein Objekt gehört nicht zu dieser Bestätigungsrunde oder ist nicht sichtbar',
  notYours: 'ob ein Objekt stimmt, sagt nur, wer dafür zuständig ist oder es verwaltet',
  note: 'angeben, was nicht stimmt',
  'told.asked':
    'Bis {day} bestätigen, dass stimmt, was über {count, plural, one {# Objekt} other {# Objekte}} bekannt ist',
  'told.again': 'Noch bis {day} zu bestätigen: {count, plural, one {# Objekt} other {# Objekte}}',
  'told.due': 'Jetzt fällig und nicht bestätigt: {count, plural, one {# Objekt} other {# Objekte}}',
}
