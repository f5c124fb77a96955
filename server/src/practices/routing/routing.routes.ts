import { routingRoutes as routes } from '@evenkeel/contract/policy'
import { fieldsOf, type Fields } from '../../kernel/filter/fields.ts'
import { wordedFields } from '../../kernel/filter/language.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { german } from './routing.fields.de.ts'
import { serve } from '../../platform/http/serve.ts'
import { serviceDirectory } from '../configuration/index.ts'
import { offeredFields, readConditions } from './routing.conditions.ts'
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
    return { fields: offeredFields(wordsFor(caller, fields), { service: services, affects: services }) }
  },
  readRoutingConditions: async ({ database, caller }, { body }) => {
    const fields = wordsFor(caller, await routingFieldsOf(database, caller.tenantId, 'incident'))
    return { conditions: readConditions(body, fields, caller.language) }
  },
})
