import { parametersFrom, type Parameters } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { mayAtAll } from '../../kernel/access.ts'
import { publicEntries } from '../incident/index.ts'
import { reachSql } from '../record/index.ts'

/** What of the journal (alias `j`) a reader sees, as SQL; `$1` is the tenant. */
export type Sight = {
  readonly parameters: Parameters
  /** Whether the entry is there for this reader. */
  readonly visible: string
  /** Whether its incident's internal side is; meaningless for entries about something else. */
  readonly internal: string
  /** Whether personal values of entries about anything but incidents are shown. */
  readonly people: boolean
}

/**
 * An incident's entries are for those who may read it, and its internal ones for those who may read internals. Entries about something
 * else that were made because of an incident (mail, notices, downloads) go with that incident.
 */
export const sightOf = (caller: Caller): Sight => {
  const parameters = parametersFrom(2)
  const readable = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  const internals = reachSql(caller.grants, 'incident.read_internal', caller.reach, parameters)
  const open = parameters.next([...publicEntries], 'text[]')
  const record = (id: string, reach: string): string =>
    `exists (select from record r where r.tenant_id = $1 and r.id = ${id} and (${reach}))`
  const internal = `(j.subject_kind = 'incident' and ${record('j.subject_id', internals)})`
  const named = `case when j.data->>'recordId' ~ '^[0-9a-f-]{36}$' then (j.data->>'recordId')::uuid end`
  return {
    parameters,
    internal,
    people: mayAtAll(caller.grants, 'person.read'),
    visible: `(case when j.subject_kind = 'incident'
        then ${record('j.subject_id', readable)} and (j.type = any(${open}) or ${internal})
        else (${named} is null or ${record(named, internals)})
          and not exists (
            select from journal c where c.tenant_id = $1 and c.id = j.cause and c.subject_kind = 'incident'
              and not ${record('c.subject_id', internals)})
        end)`,
  }
}
