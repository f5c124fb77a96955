import { routingRoutes as routes } from '@evenkeel/contract/policy'
import { bindFilter } from '../../kernel/filter/bind.ts'
import { describeFilter } from '../../kernel/filter/describe.ts'
import { operatorsOf } from '../../kernel/filter/fields.ts'
import { filterToText } from '../../kernel/filter/print.ts'
import { parseFilter } from '../../kernel/filter/text.ts'
import { serve } from '../../platform/http/serve.ts'
import { serviceDirectory } from '../service/index.ts'
import { routingFieldsOf } from './routing.route.ts'

/** What rules may look at, and their conditions as text, as JSON and as a sentence: for those who write them. */
export const routingRoutes = serve(routes, {
  readRoutingFields: async ({ database, caller }) => {
    const [fields, services] = await Promise.all([
      routingFieldsOf(database, caller.tenantId, 'incident'),
      serviceDirectory(database, caller.tenantId),
    ])
    return {
      fields: fields.all.map((field) => ({
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
    const fields = await routingFieldsOf(database, caller.tenantId, 'incident')
    return {
      conditions: body.conditions.map((given) => {
        const reading =
          'text' in given ? parseFilter(given.text, fields) : ({ ok: true, filter: given.filter } as const)
        if (!reading.ok)
          return {
            filter: null,
            text: 'text' in given ? given.text : '',
            sentence: '',
            faults: reading.faults.map(({ message }) => message),
          }
        const binding = bindFilter(reading.filter, fields)
        if (!binding.ok)
          return {
            filter: null,
            text: 'text' in given ? given.text : '',
            sentence: '',
            faults: binding.faults.map(({ message }) => message),
          }
        return {
          filter: reading.filter,
          text: filterToText(binding.bound, fields),
          sentence: describeFilter(binding.bound),
          faults: [],
        }
      }),
    }
  },
})
