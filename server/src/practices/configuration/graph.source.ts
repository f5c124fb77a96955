import type { RelationType } from '@evenkeel/contract/item'
import type { Edge, GroupSize, Source } from '../../kernel/impact/relation.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { edgeOf, needOf } from './graph.edges.ts'
import { sourceOver, type ModelRows } from './graph.rows.ts'
import { heldSql, type Times } from './graph.times.ts'
import { itemsAt } from './item.at.ts'
import { carries } from './item.carries.ts'
import type { InForce } from './item.model.ts'

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

export type GraphSource = Source & {
  /** What was read: relations by id. */
  readonly relations: ReadonlyMap<string, Related>
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
  const relations = new Map<string, Related>()
  const carrying = async (found: readonly Related[], end: 'below' | 'above'): Promise<readonly Related[]> => {
    const idOf = (one: Related): string => (end === 'above' ? one.aboveId : one.belowId)
    const items = await itemsAt(q, [...new Set(found.map(idOf))], times, force)
    return found.filter((one) => {
      const item = items.get(idOf(one))
      return item !== undefined && carries(item)
    })
  }
  const dependents = async (nodes: readonly string[], atMost: number): Promise<readonly Edge[]> => {
    const found = times.isNow
      ? await dependentsNow(q, nodes, times, atMost + 1)
      : await carrying(
          (await relationsOf(q, 'below', nodes, times, atMost + 1)).filter(
            ({ type }) => type !== 'backed_up_by',
          ),
          'above',
        )
    for (const one of found) relations.set(one.id, one)
    return found.map(edgeOf)
  }
  const membersOf = async (groups: readonly string[]): Promise<readonly Edge[]> => {
    const found = (await relationsOf(q, 'above', groups, times, 100_000)).filter(
      ({ type }) => type === 'member_of',
    )
    const members = await carrying(found, 'below')
    for (const one of members) relations.set(one.id, one)
    return members.map(edgeOf)
  }
  const members = async (groups: readonly string[]): Promise<readonly GroupSize[]> => {
    const [items, edges] = await Promise.all([itemsAt(q, groups, times, force), membersOf(groups)])
    return groups.map((id) => ({
      id,
      need: needOf(items.get(id)?.values ?? {}).need,
      size: new Set(edges.flatMap((edge) => (edge.group === id ? [edge.support] : []))).size,
    }))
  }
  return { dependents, members, membersOf, relations }
}

/** Relations upwards to items that are in use, as they are now: one statement a hop. */
const dependentsNow = (q: Reader, nodes: readonly string[], times: Times, most: number): Promise<Related[]> =>
  q.rows({
    name: 'item_dependents_now',
    text: `select ${columns} from item_relation x
             join item a on a.tenant_id = $1 and a.id = x.above_id and a.state in ('in_use', 'in_repair')
           where x.tenant_id = $1 and x.below_id = any($2::uuid[]) and x.type <> 'backed_up_by'
             and ${heldSql(times, 'x', '$3', '$4')} limit $5`,
    values: [q.tenantId, nodes, times.validAt, times.knownAt, most],
  })
