import { noticeRuleRoutes as routes } from '@evenkeel/contract/notification'
import { fieldsOf, type Fields } from '../../kernel/filter/fields.ts'
import { wordedFields } from '../../kernel/filter/language.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { serve } from '../../platform/http/serve.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { directory } from '../people/index.ts'
import { namesIn, offeredFields, readConditions } from '../routing/index.ts'
import { serviceDirectory } from '../configuration/index.ts'
import { german } from './notification.fields.de.ts'
import { noticeFields } from './notification.fields.ts'

const fieldsFor = async (database: Database, { tenantId, language }: Caller) => {
  const [{ teams }, services] = await Promise.all([
    directory(database, tenantId),
    serviceDirectory(database, tenantId),
  ])
  const fields = noticeFields(namesIn(teams), namesIn(services))
  const worded: Fields = isGerman(language) ? fieldsOf(wordedFields(fields.all, german)) : fields
  return { fields: worded, teams, services }
}

/** Conditions of rules about who is told: for those who write them. */
export const noticeRuleRoutes = serve(routes, {
  readNoticeFields: async ({ database, caller }) => {
    const { fields, teams, services } = await fieldsFor(database, caller)
    return { fields: offeredFields(fields, { team: teams, service: services }) }
  },
  readNoticeConditions: async ({ database, caller }, { body }) => {
    const { fields } = await fieldsFor(database, caller)
    return { conditions: readConditions(body, fields, caller.language) }
  },
})
