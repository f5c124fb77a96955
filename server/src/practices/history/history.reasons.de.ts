import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './history.reasons.ts'

export const german: Translation<typeof english> = {
  permission: 'dafür ist die Berechtigung export nötig',
  cursor: 'das ist kein Cursor des Journals',
}
