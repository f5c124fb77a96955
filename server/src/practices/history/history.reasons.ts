import { sayings } from '../../kernel/language/saying.ts'
import { german } from './history.reasons.de.ts'

export const english = {
  permission: 'this needs the permission export',
  cursor: 'this is no cursor of the journal',
} as const

export const says = sayings(english, german)
