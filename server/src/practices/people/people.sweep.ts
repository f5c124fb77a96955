import { write, type Author } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { keepLastUse } from './people.unused.ts'

const keptDays = 90

/**
 * Removes what no longer stands for anything: sessions, links and challenges that ended three months ago, attempts of yesterday. What
 * happened stays in the journal. Run once a day for each tenant.
 */
export const sweepAccess = (database: Database, author: Author): Promise<void> =>
  write(database, author, async (tx) => {
    const now = Date.parse(author.now)
    const ago = (days: number): string => new Date(now - days * 86_400_000).toISOString()
    const gone = [
      // Sessions of somebody acting go before those they were below.
      [
        'delete from session where tenant_id = $1 and least(expires_at, ended_at) < $2 and parent_id is not null',
        keptDays,
      ],
      [
        `delete from session s where s.tenant_id = $1 and least(s.expires_at, s.ended_at) < $2
           and not exists (select 1 from session c where c.tenant_id = s.tenant_id and c.parent_id = s.id)`,
        keptDays,
      ],
      ['delete from one_time_token where tenant_id = $1 and least(expires_at, used_at) < $2', keptDays],
      ['delete from passkey_ceremony where tenant_id = $1 and expires_at < $2', 0],
      [
        'delete from sign_in_attempt where tenant_id = $1 and last_at < $2 and (locked_until is null or locked_until < $2)',
        1,
      ],
    ] as const
    keepLastUse(tx, ago(keptDays))
    for (const [text, days] of gone) tx.send({ text, values: [tx.tenantId, ago(days)] })
  })
