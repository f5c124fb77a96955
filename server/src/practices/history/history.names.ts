import type { Json, JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { rolesIn } from '../people/index.ts'
import { reachSql } from '../record/index.ts'
import { says } from './history.reasons.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Every id that a value mentions, at any depth. */
export const idsIn = (value: Json, found: Set<string> = new Set()): Set<string> => {
  if (typeof value === 'string') {
    if (uuid.test(value)) found.add(value)
  } else if (Array.isArray(value)) for (const item of value) idsIn(item, found)
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) idsIn(item, found)
  return found
}

/** Words for ids: names of people, teams and what is set up, numbers of records. A record out of reach gets words that do not tell it. */
export const namesOf = async (
  q: Reader,
  caller: Caller,
  values: readonly JsonObject[],
  more: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> => {
  const unseen = says('unseen').in(caller.language)
  const ids = new Set(more.filter((id) => id !== null))
  for (const value of values) idsIn(value, ids)
  if (ids.size === 0) return new Map()
  const parameters = parametersFrom(3)
  const reach = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  const [named, roles, records] = await Promise.all([
    q.rows<{ id: string; name: string }>({
      name: 'history_names',
      text: `select id, name from person where tenant_id = $1 and id = any($2)
             union all select id, name from team where tenant_id = $1 and id = any($2)
             union all select id, name from service where tenant_id = $1 and id = any($2)
             union all select id, name from api_key where tenant_id = $1 and id = any($2)
             union all select id, name from tenant where id = $1 and id = any($2)`,
      values: [q.tenantId, [...ids]],
    }),
    q.rows<{ id: string; key: string; name: string }>({
      name: 'history_roles',
      text: 'select id, key, name from role where tenant_id = $1 and id = any($2)',
      values: [q.tenantId, [...ids]],
    }),
    q.rows<{ id: string; number: string | null }>({
      text: `select r.id, case when ${reach} then r.number end as number from record r where r.tenant_id = $1 and r.id = any($2)`,
      values: [q.tenantId, [...ids], ...parameters.values],
    }),
  ])
  return new Map([
    ...[...named, ...rolesIn(caller.language, roles)].map((row) => [row.id, row.name] as const),
    ...records.map((row) => [row.id, row.number ?? unseen] as const),
  ])
}
