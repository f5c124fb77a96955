import { mayAtAll } from '../../kernel/access.ts'
import type { Column } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { itemReachSql } from './item.access.ts'

// How lists of other practices speak of items: by names this reader may know, and of none that they may not see.

/** Items that a filter names, by id or name, as far as this reader may see them. Whoever shares a name comes along, so that it is known to be shared. */
export const itemsSpokenOf = async (
  q: Reader,
  caller: Caller,
  { ids, names }: { readonly ids: readonly string[]; readonly names: readonly string[] },
): Promise<ReadonlyMap<string, { readonly name: string }>> => {
  const parameters = parametersFrom(4)
  const reach = itemReachSql(caller, 'item.read', parameters)
  const rows = await q.rows<{ id: string; name: string }>({
    text: `select r.id, r.name from item r where r.tenant_id = $1 and r.merged_into_id is null and ${reach}
             and (r.id = any($2::uuid[]) or lower(r.name) = any($3::text[])
               or lower(r.name) in (select lower(o.name) from item o where o.tenant_id = $1 and o.id = any($2::uuid[])))
           limit 1000`,
    values: [q.tenantId, ids, names, ...parameters.values],
  })
  return new Map(rows.map(({ id, name }) => [id, { name }]))
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** For columns, which have no parameters of their own: ids and nothing else. */
const written = {
  values: [],
  next: (value: unknown, type: string): string => {
    const ids = [value].flat()
    if (!ids.every((id) => typeof id === 'string' && uuid.test(id))) throw new Error('not an id')
    return type.endsWith('[]') ? `array['${ids.join("','")}']::${type}` : `'${ids.join('')}'::${type}`
  },
}

/**
 * The items that a record (alias `r`) names, and the items that what it names stands on, as columns of lists: `named` holds items within this
 * reader's reach. What something stands on may lead through items out of sight, so it is there for those who see all; else undefined.
 */
export const itemColumns = (
  caller: Caller,
): { readonly named: Column; readonly standsOn: Column | undefined } | undefined => {
  if (!mayAtAll(caller.grants, 'item.read')) return undefined
  const all = caller.grants.get('item.read')?.has('all') === true
  const seen = all
    ? 'true'
    : `x.item_id in (select r.id from item r where r.tenant_id = $1 and ${itemReachSql(caller, 'item.read', written)})`
  return {
    named: {
      sql: `array(select x.item_id from record_item x where x.tenant_id = $1 and x.record_id = r.id and (${seen}))`,
      overlaps: (ids) =>
        `r.id in (select x.record_id from record_item x where x.tenant_id = $1 and x.item_id = any(${ids}) and (${seen}))`,
    },
    standsOn: all
      ? {
          sql: `array(${walked('below', 'above', 'select x.item_id from record_item x where x.tenant_id = $1 and x.record_id = r.id union select r.service_id where r.service_id is not null')})`,
          overlaps: (ids) =>
            `(r.service_id in (${walked('above', 'below', `select unnest(${ids})`)})
              or r.id in (select n.record_id from record_item n where n.tenant_id = $1 and n.item_id in (${walked('above', 'below', `select unnest(${ids})`)})))`,
        }
      : undefined,
  }
}

/** These items and all there are in one direction, as relations are now; rings end where they began. */
const walked = (to: 'above' | 'below', from: 'above' | 'below', start: string): string =>
  `with recursive way (id) as (${start} union
     select y.${to}_id from way w join item_relation y on y.tenant_id = $1 and y.${from}_id = w.id
       and y.known_to is null and y.valid_to is null and y.type <> 'backed_up_by')
   select id from way`
