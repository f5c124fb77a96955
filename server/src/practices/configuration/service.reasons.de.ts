import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './service.reasons.ts'

export const german: Translation<typeof english> = {
  team: 'das ist kein aktives Team',
  person: 'das ist keine aktive Person',
  taken: 'es gibt schon einen Dienst mit diesem Namen',
  changed: 'jemand hat diesen Dienst inzwischen geändert',
  'use.supports': 'das Team betreut den Dienst {service}',
  'use.owns': 'diese Person verantwortet {services}',
}
