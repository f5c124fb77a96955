import type { QuickReply } from '@evenkeel/contract/template'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { followingOf } from '../record/index.ts'
import { rightsOn } from './incident.command.ts'
import { filledIn, replyValues } from './incident.replies.ts'
import { findIncident } from './incident.repo.ts'
import { policiesAt } from './incident.rules.ts'
import { templateToUse } from './incident.templates.ts'

/** A quick reply filled in for one incident: text for the composer, sent by nobody yet. */
export const readQuickReply = async (
  database: Database,
  caller: Caller,
  id: string,
  replyId: string,
): Promise<QuickReply> => {
  const policies = await policiesAt(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const [row, following, template] = await Promise.all([
      findIncident(q, id),
      followingOf(q, id, caller.personId),
      templateToUse(q, caller, replyId, 'quick_reply'),
    ])
    if (row === undefined) throw new Refusal('not_found')
    const by = rightsOn(row, caller, following)
    if (!by.may('incident.read')) throw new Refusal('not_found')
    const { audience, body } = template.document
    return { audience, body: filledIn(body, await replyValues(q, caller, row, policies)) }
  })
}
