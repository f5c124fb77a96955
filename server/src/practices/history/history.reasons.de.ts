import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './history.reasons.ts'

export const german: Translation<typeof english> = {
  permission: 'dafür ist die Berechtigung export nötig',
  cursor: 'das ist kein Cursor des Journals',
  unseen: 'etwas, das hier nicht sichtbar ist',
  withheld: '(zurückgehalten)',
  erased: '(gelöscht)',
  yes: 'ja',
  no: 'nein',
  none: 'nichts',
  'verify.start': 'Der signierte Kopf für {count} Einträge, bei dem dieser Abschnitt beginnt, stimmt nicht.',
  'verify.missing': 'Eintrag {entry} fehlt.',
  'verify.content': 'Der Inhalt von Eintrag {entry} ist nicht der, der versiegelt wurde.',
  'verify.personal': 'Eine personenbezogene Angabe von Eintrag {entry} ist nicht die, die versiegelt wurde.',
  'verify.gap': 'Die Einträge von {from} bis {to} fehlen.',
  'verify.rewritten':
    'Die Einträge bis {to} führen nicht zum signierten Kopf für {count}: Einträge und ihre Hashes wurden gemeinsam geändert.',
  'verify.signature': 'Die Signatur des Kopfes für {count} Einträge stimmt nicht.',
  'verify.stray': 'Kein signierter Kopf umfasst Eintrag {entry}.',
}
