import type { Translation } from '../language/catalogue.ts'
import type { english } from './barcode.reasons.ts'

export const german: Translation<typeof english> = {
  'barcode.nothing': 'es gibt nichts zu lesen',
  'barcode.unknown':
    'so beginnt kein Strichcode eines Geräts: mit einem Datenbezeichner oder einer Nummer (GS1), + (HIBCC), = oder & (ICCBBA)',
  'barcode.name.deviceIdentifier': 'Gerätekennung',
  'barcode.name.lot': 'Charge',
  'barcode.name.serial': 'Seriennummer',
  'barcode.name.expires': 'Verfallsdatum',
  'barcode.name.made': 'Herstellungsdatum',
  'barcode.name.donation': 'Spendennummer',
  'barcode.name.quantity': 'Menge',
  'barcode.twice': 'noch eine, andere Angabe: {name}',
  'barcode.date': '„{value}“ ist kein Datum der Form {form}',
  'barcode.checkDigit':
    'die Prüfziffer ist {found}, erwartet war {expected}: eine Ziffer wurde verlesen oder vertippt',
  'barcode.checkCharacter':
    'das Prüfzeichen ist „{found}“, erwartet war „{expected}“: ein Zeichen wurde verlesen oder vertippt',
  'barcode.gs1.noIdentifier': 'es gibt keinen Datenbezeichner in Klammern, wie (01)',
  'barcode.gs1.unknown': '„{identifier}“ ist kein Datenbezeichner, der hier bekannt ist',
  'barcode.gs1.character': '„{character}“ kann in ({identifier}) nicht stehen',
  'barcode.gs1.digit': '„{character}“ ist keine Ziffer, und ({identifier}) besteht nur aus Ziffern',
  'barcode.gs1.length': '({identifier}) hat {most} Ziffern, hier sind es {length}',
  'barcode.gs1.empty': 'auf ({identifier}) folgt nichts oder zu wenig',
  'barcode.gs1.long':
    '({identifier}) hat höchstens {most} Zeichen, hier sind es {length}: fehlt ein Trennzeichen?',
  'barcode.hibcc.short': 'das endet zu früh',
  'barcode.hibcc.character': '„{character}“ kann hier nicht stehen',
  'barcode.hibcc.labeler': 'der Hersteller beginnt mit einem Buchstaben',
  'barcode.hibcc.shortPrimary':
    'Hersteller, Produkt und Einheit haben mindestens 6 Zeichen, hier sind es {length}',
  'barcode.hibcc.longPrimary':
    'Hersteller, Produkt und Einheit haben höchstens 23 Zeichen, hier sind es {length}',
  'barcode.hibcc.product': 'Hersteller und Produkt bestehen aus Buchstaben und Ziffern',
  'barcode.hibcc.unit': 'die Einheit ist eine Ziffer, nicht „{found}“',
  'barcode.hibcc.link':
    'das Verbindungszeichen ist „{found}“, der andere Strichcode endet aber mit „{expected}“: sie gehören nicht zum selben Etikett',
  'barcode.hibcc.long': '{name} hat höchstens 18 Zeichen, hier sind es {length}',
  'barcode.hibcc.quantity': '„{value}“ beginnt nicht mit einer Menge',
  'barcode.hibcc.segment': '„{text}“ beginnt mit keinem bekannten Kennzeichen',
  'barcode.hibcc.dateForm':
    'nach $$ sagt eine Ziffer, wie das Datum geschrieben ist; „{found}“ sagt es nicht',
  'barcode.isbt.header': 'der Kopf einer zusammengesetzten Nachricht steht an ihrem Anfang',
  'barcode.isbt.headerForm': '„{text}“ ist kein Kopf einer zusammengesetzten Nachricht, wie =+06000',
  'barcode.isbt.count': 'der Kopf kündigt {said} Datenstrukturen an, es sind {found}',
  'barcode.isbt.unknown': '„{identifier}“ ist kein Datenbezeichner, der hier bekannt ist',
  'barcode.isbt.length': '{identifier} hat {most} Zeichen, hier sind es {length}',
  'barcode.isbt.content': '„{content}“ kann nicht auf {identifier} folgen',
}
