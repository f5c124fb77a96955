import type { Reader } from '../../platform/postgres/database.ts'

/** What a person is to a record, beside its requester, its assignee and its team. */
export type Following = {
  /** It happens to them too. */
  readonly affected: boolean
  /** Somebody else added them as a watcher. */
  readonly shared: boolean
  readonly watching: boolean
}

export const followingOf = async (q: Reader, recordId: string, personId: string): Promise<Following> =>
  q.one<Following>({
    name: 'record_following_of',
    text: `select exists (select from affected_person where tenant_id = $1 and record_id = $2 and person_id = $3) as affected,
             exists (select from watcher where tenant_id = $1 and record_id = $2 and person_id = $3 and shared_by is not null) as shared,
             exists (select from watcher where tenant_id = $1 and record_id = $2 and person_id = $3) as watching`,
    values: [q.tenantId, recordId, personId],
  })

/**
 * SQL that is true when a person follows a record with rights of their own: affected, or added by somebody else. Watching of one's own
 * accord gives no rights, so that rights which end, end.
 */
export const followsSql = (record: string, person: string): string =>
  `(exists (select from affected_person fa where fa.tenant_id = ${record}.tenant_id and fa.record_id = ${record}.id and fa.person_id = ${person})
    or exists (select from watcher fw where fw.tenant_id = ${record}.tenant_id and fw.record_id = ${record}.id and fw.person_id = ${person} and fw.shared_by is not null))`
