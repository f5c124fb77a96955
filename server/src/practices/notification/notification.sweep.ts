import { write, type Author } from '../../platform/journal/write.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { notificationPolicy } from './notification.policy.ts'

// A batch is over within a moment: a long transaction would hold back everybody who reads the journal.
const mostInOneBatch = 1000

/**
 * Removes what is older than the policy keeps: settled mail first, then notifications that no mail stands for any more. Who was told, when
 * and why stays in the journal. Answers how many rows went.
 */
export const sweepNotices = async (
  database: Database,
  author: Author,
  batch: number = mostInOneBatch,
): Promise<number> => {
  const { document } = await policyInForce(database, author.tenantId, notificationPolicy, author.now)
  const before = new Date(Date.parse(author.now) - document.keepDays * 86_400_000).toISOString()
  let removed = 0
  for (const text of removals) {
    for (;;) {
      const gone = await write(database, author, (tx) =>
        tx.rows({ text, values: [tx.tenantId, before, batch] }),
      )
      removed += gone.length
      if (gone.length < batch) break
    }
  }
  return removed
}

const removals = [
  `delete from outbound_mail where tenant_id = $1 and id in (
     select id from outbound_mail where tenant_id = $1 and settled_at < $2 order by settled_at limit $3 for update skip locked)
   returning id`,
  `delete from notification where tenant_id = $1 and id in (
     select n.id from notification n where n.tenant_id = $1 and n.created_at < $2
       and not exists (select from outbound_mail m where m.tenant_id = $1 and m.notification_id = n.id)
     order by n.created_at limit $3 for update skip locked)
   returning id`,
]
