import type { SetAside } from '@evenkeel/contract/notification'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { retrySetback, type Reaction } from '../../platform/journal/reactions.ts'
import { write } from '../../platform/journal/write.ts'
import { connectionLost, read, type Database } from '../../platform/postgres/database.ts'
import { says } from './notification.reasons.ts'

/** Entries of the tenant that a reaction could not handle, newest first. What failed is told by its kind, not in its own words. */
export const listSetAside = (database: Database, caller: Caller): Promise<{ rows: SetAside[] }> =>
  read(database, caller.tenantId, async (q) => ({
    rows: await q.rows<SetAside>({
      name: 'set_aside_list',
      text: `select s.reaction, s.entry_id as "entryId", j.type, j.at as "entryAt", split_part(s.failure, ':', 1) as failure,
               s.set_aside_at as "setAsideAt"
             from reaction_setback s join journal j on j.tenant_id = s.tenant_id and j.id = s.entry_id
             where s.tenant_id = $1 order by s.set_aside_at desc, s.entry_id desc limit 500`,
      values: [q.tenantId],
    }),
  }))

/** Lets a reaction try an entry again, after what failed was mended. Fails as a whole or not at all. */
export const retrySetAside = async (
  database: Database,
  caller: Caller,
  reactions: readonly Reaction[],
  name: string,
  entryId: string,
): Promise<void> => {
  const reaction = reactions.find((one) => one.name === name)
  try {
    await write(database, caller, async (tx) => {
      await tx.one({
        name: 'set_aside_find',
        text: 'select 1 from reaction_setback where tenant_id = $1 and reaction = $2 and entry_id = $3',
        values: [tx.tenantId, name, entryId],
      })
      if (reaction === undefined) throw new Refusal('not_available_here', says('setAside.worker'))
      await retrySetback(tx, reaction, entryId)
      tx.journal({
        type: 'reaction.retried',
        subject: { kind: 'tenant', id: tx.tenantId },
        data: { reaction: name },
        cause: entryId,
      })
    })
  } catch (error) {
    if (error instanceof Refusal || connectionLost(error)) throw error
    throw new Refusal('not_ready', [
      {
        code: 'still_fails',
        message: says('setAside.failed', { error: error instanceof Error ? error.name : 'unknown' }),
      },
    ])
  }
}
