import type { RelationType } from '@evenkeel/contract/item'
import type { Edge, GroupSize, Source } from '../../kernel/impact/relation.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { edgeOf, needOf } from './graph.edges.ts'
import { sourceOver, type ModelRows } from './graph.rows.ts'
import { heldSql, type Times } from './graph.times.ts'
import { carryingAt, itemsAt } from './item.at.ts'
import type { InForce } from './item.model.ts'
import type { Values } from './item.repo.ts'

/** A relation as it held at the times that were asked about. */
export type Related = {
  readonly id: string
  readonly type: RelationType
  readonly belowId: string
  readonly aboveId: string
  readonly source: string
  readonly validFrom: string
  readonly validTo: string | null
}

/** What of a relation trouble follows. */
export type Linked = Pick<Related, 'id' | 'type' | 'belowId' | 'aboveId'>

const columns = `x.relation_id as id, x.type, x.below_id as "belowId", x.above_id as "aboveId", x.source,
  x.valid_from as "validFrom", x.valid_to as "validTo"`

/** Relations whose lower or upper end is among these items; of more than `most`, any `most`. */
export const relationsOf = (
  q: Reader,
  end: 'below' | 'above',
  ids: readonly string[],
  times: Times,
  most: number,
): Promise<readonly Related[]> => {
  const rows = q.rows<Related>({
    name: `item_relations_${end}_${times.isNow ? 'now' : 'then'}`,
    text: `select ${columns} from item_relation x where x.tenant_id = $1 and x.${end}_id = any($2::uuid[])
             and ${heldSql(times, 'x', '$3', '$4')} limit $5`,
    values: [q.tenantId, ids, times.validAt, times.knownAt, most],
  })
  const { plan } = times
  return plan === undefined ? rows : rows.then((found) => plan.relations(found, end, ids))
}

/** Relations of which both ends are among these items. */
export const relationsAmong = async (
  q: Reader,
  ids: readonly string[],
  times: Times,
): Promise<readonly Related[]> => {
  const found = await q.rows<Related>({
    name: `item_relations_among_${times.isNow ? 'now' : 'then'}`,
    text: `select ${columns} from item_relation x where x.tenant_id = $1 and x.above_id = any($2::uuid[]) and x.below_id = any($2::uuid[])
             and ${heldSql(times, 'x', '$3', '$4')}`,
    values: [q.tenantId, ids, times.validAt, times.knownAt],
  })
  if (times.plan === undefined) return found
  const among = new Set(ids)
  return times.plan
    .relations(found, 'below', ids)
    .filter(({ belowId, aboveId }) => among.has(belowId) && among.has(aboveId))
}

export type GraphSource = Source & {
  /** What was read: relations by id. */
  readonly relations: ReadonlyMap<string, Linked>
  /** The members of groups, as edges. */
  readonly membersOf: (groups: readonly string[]) => Promise<readonly Edge[]>
}

export const rowsIn = (q: Reader, times: Times, force: InForce): ModelRows => ({
  items: (ids) => itemsAt(q, ids, times, force),
  relations: (end, ids, most) => relationsOf(q, end, ids, times, most),
})

/** The graph of relations in the database, at two times. */
export const graphSource = (q: Reader, times: Times, force: InForce): GraphSource => {
  if (times.plan !== undefined) return sourceOver(rowsIn(q, times, force), times.plan.gone)
  const relations = new Map<string, Linked>()
  const carrying = async (found: readonly Related[], end: 'below' | 'above'): Promise<readonly Related[]> => {
    const idOf = (one: Related): string => (end === 'above' ? one.aboveId : one.belowId)
    const there = await carryingAt(q, [...new Set(found.map(idOf))], times, force)
    return found.filter((one) => there.has(idOf(one)))
  }
  const kept = (found: readonly Linked[]): readonly Edge[] => {
    for (const one of found) relations.set(one.id, one)
    return found.map(edgeOf)
  }
  const dependents = async (nodes: readonly string[], atMost: number): Promise<readonly Edge[]> =>
    kept(
      times.isNow
        ? await linkedNow(q, 'below', nodes, times, atMost + 1)
        : await carrying(
            (await relationsOf(q, 'below', nodes, times, atMost + 1)).filter(
              ({ type }) => type !== 'backed_up_by' && type !== 'installed_on',
            ),
            'above',
          ),
    )
  const membersOf = async (groups: readonly string[]): Promise<readonly Edge[]> =>
    kept(
      times.isNow
        ? await linkedNow(q, 'above', groups, times, mostMembers)
        : await carrying(
            (await relationsOf(q, 'above', groups, times, mostMembers)).filter(
              ({ type }) => type === 'member_of',
            ),
            'below',
          ),
    )
  const members = async (groups: readonly string[]): Promise<readonly GroupSize[]> => {
    if (times.isNow) return sizesNow(q, groups, times)
    const [items, edges] = await Promise.all([itemsAt(q, groups, times, force), membersOf(groups)])
    const membersIn = Map.groupBy(edges, ({ group }) => group)
    return groups.map((id) => ({
      id,
      need: needOf(items.get(id)?.values ?? {}).need,
      size: new Set((membersIn.get(id) ?? []).map(({ support }) => support)).size,
    }))
  }
  return { dependents, members, membersOf, relations }
}

const mostMembers = 100_000

/** Relations upwards to items that are in use, or of groups to their members that are, as they are now: one statement a hop. */
const linkedNow = (
  q: Reader,
  end: 'below' | 'above',
  nodes: readonly string[],
  times: Times,
  most: number,
): Promise<Linked[]> =>
  q.rows({
    name: `item_linked_${end}_now`,
    text: `select x.relation_id as id, x.type, x.below_id as "belowId", x.above_id as "aboveId" from item_relation x
             join item a on a.tenant_id = $1 and a.id = x.${end === 'below' ? 'above' : 'below'}_id and a.state in ('in_use', 'in_repair')
           where x.tenant_id = $1 and x.${end}_id = any($2::uuid[])
             and ${end === 'below' ? `x.type not in ('backed_up_by', 'installed_on')` : `x.type = 'member_of'`}
             and ${heldSql(times, 'x', '$3', '$4')} limit $5`,
    values: [q.tenantId, nodes, times.validAt, times.knownAt, most],
  })

/** How many members in use each group has, and how many it needs: counted where they are, however many there are. */
const sizesNow = async (
  q: Reader,
  groups: readonly string[],
  times: Times,
): Promise<readonly GroupSize[]> => {
  const rows = await q.rows<{ id: string; size: number; count: number | null; share: number | null }>({
    name: 'item_group_sizes_now',
    text: `select g.id, (select count(distinct x.below_id)::int from item_relation x
               join item m on m.tenant_id = $1 and m.id = x.below_id and m.state in ('in_use', 'in_repair')
             where x.tenant_id = $1 and x.above_id = g.id and x.type = 'member_of' and ${heldSql(times, 'x', '$3', '$4')}) as size,
             g.values -> 'members_needed' as count, g.values -> 'members_needed_share' as share
           from item g where g.tenant_id = $1 and g.id = any($2::uuid[])`,
    values: [q.tenantId, groups, times.validAt, times.knownAt],
  })
  const found = new Map(rows.map((row) => [row.id, row]))
  return groups.map((id) => {
    const { size = 0, count = null, share = null } = found.get(id) ?? {}
    const values: Values = {
      ...(count === null ? {} : { members_needed: count }),
      ...(share === null ? {} : { members_needed_share: share }),
    }
    return { id, need: needOf(values).need, size }
  })
}
