import type { Translation } from '@evenkeel/server/kernel/language/catalogue'
import type { organization as english } from '../en/organization.ts'

export const organization: Translation<typeof english> = {
  'organization.title': 'Alles mitnehmen',
  'organization.about':
    'Alles, was die Organisation hat, in einer Datei, die jedes Programm lesen kann. Sie lässt sich in ein anderes Evenkeel einspielen und kommt von dort Byte für Byte gleich wieder heraus.',
  'organization.aboutShort':
    'Alles, was die Organisation hat, in einer Datei, die sich ohne Evenkeel lesen lässt.',
  'organization.inside': 'Was darin ist',
  'organization.inside.records':
    'Jede Störung mit Kommentaren, Arbeitsnotizen, Verknüpfungen, Checklisten und Dateien, auch vertrauliche',
  'organization.inside.history': 'Das Journal, mit den persönlichen Angaben, die nicht gelöscht wurden',
  'organization.inside.people':
    'Personen, Teams, Rollen, Dienste, Regeln in allen Fassungen, Felder, Vorlagen und Ansichten',
  'organization.outside': 'Was nicht darin ist',
  'organization.outside.credentials':
    'Passwörter, Passkeys, zweite Faktoren, Sitzungen und API-Schlüssel: Niemand meldet sich damit an',
  'organization.outside.seals':
    'Die Siegel des Journals: Es wird dort, wo es eingespielt wird, neu versiegelt',
  'organization.outside.instance':
    'E-Mails, die gesendet wurden oder warten, und welche Datei ein Import gelesen hat',
  'organization.care': 'Wie die Datenbank aufbewahren',
  'organization.careText':
    'Wer die Datei hat, liest alles darin, unabhängig von der eigenen Rolle. Dass sie geholt wurde, steht im Journal.',
  'organization.get': 'Archiv herunterladen',
  'organization.preparing':
    'Der Download beginnt, sobald alles niedergeschrieben ist; mit vielen Dateien dauert das Minuten.',
  'organization.begun':
    '{rows, plural, one {# Zeile} other {# Zeilen}} und {files, plural, =0 {keine Dateien} one {# Datei} other {# Dateien}} ({size}) sind unterwegs.',
  'organization.again': 'Falls nichts ankommt, hier herunterladen.',
  'organization.format':
    'Es ist ein tar-Archiv aus JSON Lines und Dateien; docs/generated/export.md im Quelltext sagt, was jedes Feld ist. Wer eine Instanz betreibt, spielt es so ein:',
}
