import { sayings } from '../kernel/language/saying.ts'
import { german } from './use.reasons.de.ts'

export const english = {
  'team.open': 'the team has {count, plural, one {# open record} other {# open records}}',
  'team.routing': 'routing sends records to the team',
  'person.open':
    '{count, plural, one {# open record is assigned to them and stays} other {# open records are assigned to them and stay}} so until somebody takes over',
} as const

export const says = sayings(english, german)
