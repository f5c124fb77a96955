import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { rightsOn } from './item.commands.ts'
import type { NameOf } from './item.value.ts'

/** Names of what values refer to; of items only those that this reader sees. */
export const namesFor = async (q: Reader, caller: Caller, ids: readonly string[]): Promise<NameOf> => {
  if (ids.length === 0) return () => undefined
  const [rows, rights] = await Promise.all([
    q.rows<{ id: string; kind: string; name: string }>({
      text: `select id, 'person' as kind, name from person where tenant_id = $1 and id = any($2::uuid[])
             union all select id, 'team', name from team where tenant_id = $1 and id = any($2::uuid[])
             union all select id, 'item', name from item where tenant_id = $1 and id = any($2::uuid[])`,
      values: [q.tenantId, [...new Set(ids)]],
    }),
    rightsOn(q, caller, [...new Set(ids)], 'item.read'),
  ])
  const names = new Map(rows.map(({ id, kind, name }) => [`${kind} ${id}`, name]))
  return (kind, id) =>
    kind === 'item' && rights.get(id)?.read !== true ? undefined : names.get(`${kind} ${id}`)
}
