import { sayings } from '../../kernel/language/saying.ts'
import { german } from './service.reasons.de.ts'

export const english = {
  team: 'this is not an active team',
  person: 'this is not an active person',
  taken: 'there is a service with this name',
  changed: 'somebody changed this service in the meantime',
  'use.supports': 'the team supports the service {service}',
  'use.owns': 'they own {services}',
} as const

export const says = sayings(english, german)
