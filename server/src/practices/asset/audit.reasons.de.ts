import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './audit.reasons.ts'

export const german: Translation<typeof english> = {
  scope: 'entweder die Elemente durch einen Filter angeben oder einen Ort',
  place: 'dies ist kein sichtbarer Ort',
  none: 'es gibt nichts zu suchen: kein Element, das in Betrieb, auf Lager oder in Reparatur ist',
  most: 'eine Inventur sucht höchstens {most} Elemente; den Umfang enger fassen',
  closed: 'diese Inventur ist geschlossen',
  changed: 'jemand hat diese Inventur inzwischen geändert',
  'decide.not': 'dieses Element fehlt in dieser Inventur nicht, ist nicht woanders und nicht unerwartet',
  'decide.move': 'niemand hat gesagt, wo es gescannt wurde; es kann nicht dorthin verlegt werden',
  'decide.lost': 'es wurde gescannt und ist also nicht verloren',
  'decide.believed': 'gesagt, aber eine Quelle, der vor Inventuren geglaubt wird, sagt etwas anderes',
  note: 'bei der Inventur {name} nicht gefunden',
}
