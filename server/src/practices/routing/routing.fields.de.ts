import type { incidentChannels } from '@evenkeel/contract/incident'
import type { FieldWords } from '../../kernel/filter/language.ts'

/** What routing rules look at, in German. */
export const german: FieldWords = {
  labels: {
    text: 'Wörter',
    title: 'Titel',
    service: 'Dienst',
    affects: 'betroffene Dienste',
    criticality: 'Kritikalität des Betroffenen',
    item_class: 'Klassen der Objekte',
    requester: 'meldende Person',
    priority: 'Priorität',
    impact: 'Auswirkung',
    urgency: 'Dringlichkeit',
    channel: 'Eingang über',
    category: 'Kategorie',
    confidential: 'vertraulich',
    created: 'gemeldet',
  },
  choices: {
    channel: {
      portal: 'Portal',
      desk: 'Service Desk',
      api: 'API',
      mail: 'E-Mail',
      alert: 'Alarm',
      phone: 'Telefon',
    } satisfies Record<(typeof incidentChannels)[number], string>,
  },
}
