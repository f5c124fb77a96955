import { routingRoutes as routes } from '@evenkeel/contract/policy'
import { bindFilter } from '../../kernel/filter/bind.ts'
import { describeFilter } from '../../kernel/filter/describe.ts'
import { fieldsOf, operatorsOf, type Fields } from '../../kernel/filter/fields.ts'
import { faultSaying, messagesIn, wordedFields } from '../../kernel/filter/language.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { german } from './routing.fields.de.ts'
import { filterToText } from '../../kernel/filter/print.ts'
import { parseFilter } from '../../kernel/filter/text.ts'
import { serve } from '../../platform/http/serve.ts'
import { serviceDirectory } from '../service/index.ts'
import { routingFieldsOf } from './routing.route.ts'

const wordsFor = ({ language }: Caller, fields: Fields): Fields =>
  isGerman(language) ? fieldsOf(wordedFields(fields.all, german)) : fields

/** What rules may look at, and their conditions as text, as JSON and as a sentence: for those who write them. */
export const routingRoutes = serve(routes, {
  readRoutingFields: async ({ database, caller }) => {
    const [fields, services] = await Promise.all([
      routingFieldsOf(database, caller.tenantId, 'incident'),
      serviceDirectory(database, caller.tenantId),
    ])
    return {
      fields: wordsFor(caller, fields).all.map((field) => ({
        name: field.name,
        label: field.label,
        type: field.type,
        operators: [...operatorsOf(field)],
        choices:
          'choices' in field
            ? field.choices.map(({ value, label }) => ({ value, label }))
            : field.name === 'service'
              ? [...services.values()].map(({ id, name }) => ({ value: id, label: name }))
              : [],
      })),
    }
  },
  readRoutingConditions: async ({ database, caller }, { body }) => {
    const fields = wordsFor(caller, await routingFieldsOf(database, caller.tenantId, 'incident'))
    const messages = messagesIn(caller.language)
    return {
      conditions: body.conditions.map((given) => {
        const reading =
          'text' in given ? parseFilter(given.text, fields) : ({ ok: true, filter: given.filter } as const)
        if (!reading.ok)
          return {
            filter: null,
            text: 'text' in given ? given.text : '',
            sentence: '',
            faults: reading.faults.map((fault) => faultSaying(fault).in(caller.language)),
          }
        const binding = bindFilter(reading.filter, fields)
        if (!binding.ok)
          return {
            filter: null,
            text: 'text' in given ? given.text : '',
            sentence: '',
            faults: binding.faults.map((fault) => faultSaying(fault).in(caller.language)),
          }
        return {
          filter: reading.filter,
          text: filterToText(binding.bound, fields),
          sentence: describeFilter(binding.bound, messages),
          faults: [],
        }
      }),
    }
  },
})
