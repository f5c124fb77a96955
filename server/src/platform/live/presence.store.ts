import { randomUUID } from 'node:crypto'
import { presenceEndsMilliseconds } from '@evenkeel/contract/live'
import { read, transaction, type Database } from '../postgres/database.ts'
import { mostPagesOfOne, type Doing, type Place, type PresentElsewhere } from './presence.ts'

/** Where the processes of an instance tell each other who is there: a row for each page, written as often as the page is heard of. */
export const storePresence = (database: Database) => {
  const process = randomUUID()
  return {
    /** Tells the others; answers whom they told of on this record. */
    tell: (
      { tenantId, recordId, page }: Place,
      personId: string,
      doing: Doing,
    ): Promise<readonly PresentElsewhere[]> =>
      transaction(database, tenantId, 'read write', async (_, q) => {
        const [others] = await Promise.all([
          q.rows<PresentElsewhere>(elsewhere(tenantId, [recordId], process)),
          q.rows(
            doing === 'leaving'
              ? {
                  name: 'presence_leave',
                  text: 'delete from presence where tenant_id = $1 and person_id = $2 and page = $3',
                  values: [tenantId, personId, page],
                }
              : {
                  name: 'presence_tell',
                  text: `insert into presence (tenant_id, person_id, page, record_id, process, is_writing, seen_at)
                         values ($1, $2, $3, $4, $5, $6, clock_timestamp())
                         on conflict (tenant_id, person_id, page) do update set record_id = excluded.record_id,
                           process = excluded.process, is_writing = excluded.is_writing, seen_at = excluded.seen_at`,
                  values: [tenantId, personId, page, recordId, process, doing === 'writing'],
                },
          ),
          q.rows({
            name: 'presence_bound',
            text: `delete from presence where tenant_id = $1 and person_id = $2 and page in
                     (select page from presence where tenant_id = $1 and person_id = $2 order by seen_at desc offset $3)`,
            values: [tenantId, personId, mostPagesOfOne],
          }),
        ])
        return others
      }),
    /** Whom other processes know to be on these records. */
    others: (tenantId: string, recordIds: readonly string[]): Promise<readonly PresentElsewhere[]> =>
      read(database, tenantId, (q) => q.rows<PresentElsewhere>(elsewhere(tenantId, recordIds, process))),
    /** Forgets pages of a tenant that were not heard of for long, whichever process knew them. */
    sweep: (tenantId: string): Promise<unknown> =>
      transaction(database, tenantId, 'read write', (_, q) =>
        q.rows({
          name: 'presence_sweep',
          text: `delete from presence where tenant_id = $1 and seen_at < clock_timestamp() - $2 * interval '1 ms'`,
          values: [tenantId, presenceEndsMilliseconds],
        }),
      ),
  }
}

const elsewhere = (tenantId: string, recordIds: readonly string[], process: string) => ({
  name: 'presence_elsewhere',
  text: `select p.person_id as id, n.name, p.is_writing as writing, p.record_id as "recordId", p.page,
           greatest(0, extract(epoch from clock_timestamp() - p.seen_at) * 1000)::int as "agoMilliseconds"
         from presence p join person n on n.tenant_id = p.tenant_id and n.id = p.person_id
         where p.tenant_id = $1 and p.record_id = any($2) and p.process <> $3
           and p.seen_at > clock_timestamp() - $4 * interval '1 ms'`,
  values: [tenantId, recordIds, process, presenceEndsMilliseconds],
})
