import type { SimilarIncident } from '@evenkeel/contract/incident-list'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { reachSql } from '../record/index.ts'

type Query = {
  readonly title: string
  readonly serviceId?: string | undefined
  readonly requesterId?: string | undefined
}

/**
 * Open incidents that may be about the same: similar words in the title (trigrams), and among those of the same service or requester
 * already a weaker similarity. Only what the reader may see is ever considered, so nothing can be guessed from what is missing.
 */
export const similarIncidents = async (
  database: Database,
  caller: Caller,
  query: Query,
): Promise<SimilarIncident[]> => {
  const parameters = parametersFrom(5)
  const reach = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  const rows = await read(database, caller.tenantId, (q) =>
    q.rows<
      Omit<SimilarIncident, 'because'> & { likeness: number; same_service: boolean; same_requester: boolean }
    >({
      text: `select r.id, r.number, r.title, r.state, r.priority, c.likeness,
               coalesce(r.service_id = $3, false) as same_service, r.requester_id = $4 as same_requester,
               (select count(*)::int from affected_person f where f.tenant_id = $1 and f.record_id = r.id) as affected
             from similar_open_records($2, 'incident', $3, $4) as c
             join record r on r.tenant_id = $1 and r.id = c.id
             where ${reach}
             order by c.likeness + case when r.service_id = $3 then 0.2 else 0 end + case when r.requester_id = $4 then 0.1 else 0 end desc, r.id desc
             limit 8`,
      values: [
        q.tenantId,
        query.title,
        query.serviceId ?? null,
        query.requesterId ?? caller.personId,
        ...parameters.values,
      ],
    }),
  )
  return rows.map(({ likeness, same_service, same_requester, ...row }) => ({
    ...row,
    because: [
      ...(likeness >= likeWords ? (['words'] as const) : []),
      ...(same_service ? (['service'] as const) : []),
      ...(same_requester ? (['requester'] as const) : []),
    ],
  }))
}

const likeWords = 0.3
