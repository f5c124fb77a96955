import { incidentChannels } from '@evenkeel/contract/incident'
import { fieldsOf, type Field, type Fields, type Names } from '../../kernel/filter/fields.ts'

/** What a routing rule may look at: what is known of a record in the moment it is raised. */
export const routingFields = (services: Names, custom: readonly Field[]): Fields =>
  fieldsOf([
    { name: 'text', label: 'words', type: 'words' },
    { name: 'title', label: 'title', type: 'text' },
    { name: 'service', label: 'service', type: 'reference', names: services },
    { name: 'affects', label: 'affected services', type: 'list of references', names: services },
    { name: 'criticality', label: 'criticality of what it affects', type: 'number', whole: true },
    { name: 'item_class', label: 'classes of its items', type: 'words' },
    { name: 'requester', label: 'requester', aliases: ['caller'], type: 'reference' },
    {
      name: 'priority',
      label: 'priority',
      type: 'ordered choice',
      choices: ['1', '2', '3', '4', '5'].map((value) => ({ value, label: value })),
    },
    { name: 'impact', label: 'impact', type: 'number', whole: true },
    { name: 'urgency', label: 'urgency', type: 'number', whole: true },
    {
      name: 'channel',
      label: 'channel',
      type: 'choice',
      choices: incidentChannels.map((value) => ({ value, label: value })),
    },
    { name: 'category', label: 'category', type: 'text' },
    { name: 'confidential', label: 'confidential', type: 'boolean' },
    { name: 'created', label: 'created', type: 'instant' },
    ...custom,
  ])
