import type { Translation } from '../kernel/language/catalogue.ts'
import type { english } from './use.reasons.ts'

export const german: Translation<typeof english> = {
  'team.open': 'das Team hat {count, plural, one {# offenen Vorgang} other {# offene Vorgänge}}',
  'team.routing': 'die Verteilregeln geben Vorgänge an das Team',
  'person.open':
    '{count, plural, one {# offener Vorgang ist dieser Person zugewiesen und bleibt} other {# offene Vorgänge sind dieser Person zugewiesen und bleiben}} es, bis jemand übernimmt',
}
