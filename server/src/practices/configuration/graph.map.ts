import type { ItemMap, MapItem, MapRelation } from '@evenkeel/contract/item-graph'
import { Refusal } from '../../kernel/refusal.ts'
import { isId } from '../../kernel/filter/bind.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { cutIn } from './graph.blast.ts'
import { graphSource, relationsOf, type Related } from './graph.source.ts'
import { timesOf, type Times } from './graph.times.ts'
import { itemReachSql } from './item.access.ts'
import { itemsAt, refOf } from './item.at.ts'
import { rightsOn } from './item.commands.ts'
import { healthsAt } from './item.healths.ts'
import { inForce, modelOf, type InForce } from './item.model.ts'
import { openRecordsOf, quorumNow } from './item.page.ts'
import { says } from './item.reasons.ts'
import type { ItemRow } from './item.repo.ts'
import { relationWords, troubleOf } from './relation.words.ts'

export type MapQuestion = {
  readonly items?: string | undefined
  readonly hops: number
  readonly direction: 'both' | 'below' | 'above'
  readonly maxItems: number
  readonly validAt?: string | undefined
  readonly knownAt?: string | undefined
}

const mostStarts = 50
/** Relations that one hop looks at. */
const mostRelations = 20_000

/**
 * Items and what lies around them, hop by hop. What this reader may not see is not on the map, and nothing is looked for behind it; that
 * trouble comes through it all the same is what the blast radius says.
 */
export const readItemMap = async (
  database: Database,
  caller: Caller,
  asked: MapQuestion,
): Promise<ItemMap> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const times = timesOf(asked, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const starts = await startsOf(q, caller, asked, force)
    const found = await walk(q, caller, asked, starts.ids, times, force)
    const cut = starts.more ? ({ by: 'nodes', at: asked.maxItems } as const) : found.cut
    const ids = [...found.hops.keys()]
    const groups = ids.filter((id) =>
      found.relations.some(({ type, aboveId }) => type === 'member_of' && aboveId === id),
    )
    const [items, open, members] = await Promise.all([
      itemsAt(q, ids, times, force),
      openRecordsOf(q, caller, ids),
      groups.length === 0 ? [] : graphSource(q, times, force).membersOf(groups),
    ])
    const healths = await healthsAt(
      q,
      caller,
      [...ids, ...members.map(({ support }) => support)],
      times,
      force,
    )
    const told = ids.flatMap((id): MapItem[] => {
      const row = items.get(id)
      if (row === undefined) return []
      const own = [...new Set(members.flatMap((edge) => (edge.group === id ? [edge.support] : [])))]
      return [
        {
          ...refOf(row, force, language),
          hops: found.hops.get(id) ?? 0,
          health: healths(id),
          isService: modelOf(force.models, row.class).isService,
          criticality: criticalityOf(row),
          quorum: quorumNow(row, own, healths, language),
          openRecords: open(id).length,
          more: found.more.has(id),
        },
      ]
    })
    const shown = new Set(told.map(({ id }) => id))
    return {
      validAt: times.validAt,
      knownAt: times.knownAt,
      items: told,
      relations: found.relations
        .filter(({ belowId, aboveId }) => shown.has(belowId) && shown.has(aboveId))
        .map((one): MapRelation => ({
          id: one.id,
          type: one.type,
          belowId: one.belowId,
          aboveId: one.aboveId,
          trouble: troubleOf(one.type),
          words: relationWords(one.type, 'out', language),
        })),
      cut: cutIn(cut, language),
    }
  })
}

const criticalityOf = ({ criticality }: ItemRow): MapItem['criticality'] =>
  criticality === 1 || criticality === 2 || criticality === 3 || criticality === 4 ? criticality : null

/** Where the map begins: the items that were named, or services, the most critical first. */
const startsOf = async (
  q: Reader,
  caller: Caller,
  { items, maxItems }: MapQuestion,
  { models }: InForce,
): Promise<{ readonly ids: readonly string[]; readonly more: boolean }> => {
  if (items !== undefined && items !== '') {
    const ids = [...new Set(items.split(','))]
    if (ids.length > mostStarts || !ids.every(isId))
      throw new Refusal('malformed', [
        { code: 'items', field: 'items', message: says('map.items', { most: mostStarts }) },
      ])
    const rights = await rightsOn(q, caller, ids, 'item.read')
    if (ids.some((id) => rights.get(id)?.read !== true)) throw new Refusal('not_found')
    return { ids, more: false }
  }
  const parameters = parametersFrom(4)
  const reach = itemReachSql(caller, 'item.read', parameters)
  const rows = await q.rows<{ id: string }>({
    text: `select r.id from item r where r.tenant_id = $1 and r.class = any($2::text[]) and r.merged_into_id is null
             and r.state in ('in_use', 'in_repair') and ${reach} order by r.criticality, r.name, r.id limit $3`,
    values: [q.tenantId, models.within('service'), maxItems + 1, ...parameters.values],
  })
  return { ids: rows.slice(0, maxItems).map(({ id }) => id), more: rows.length > maxItems }
}

type Walk = {
  readonly hops: ReadonlyMap<string, number>
  readonly relations: readonly Related[]
  readonly more: ReadonlySet<string>
  readonly cut: { readonly by: 'depth' | 'nodes' | 'edges'; readonly at: number } | null
}

const walk = async (
  q: Reader,
  caller: Caller,
  { hops: most, direction, maxItems }: MapQuestion,
  starts: readonly string[],
  times: Times,
  force: InForce,
): Promise<Walk> => {
  const hops = new Map(starts.map((id) => [id, 0]))
  const relations = new Map<string, Related>()
  const more = new Set<string>()
  const hidden = new Set<string>()
  let cut: Walk['cut'] = null
  let front = [...starts]
  // One hop further than is shown: it tells which items have more around them, and which relations close a circle.
  for (let hop = 1; hop <= most + 1 && front.length > 0; hop += 1) {
    const [down, up] = await Promise.all([
      direction === 'above' ? [] : relationsOf(q, 'above', front, times, mostRelations + 1),
      direction === 'below' ? [] : relationsOf(q, 'below', front, times, mostRelations + 1),
    ])
    if (down.length > mostRelations || up.length > mostRelations) cut ??= { by: 'edges', at: mostRelations }
    const around = [...down, ...up]
    const unknown = [...new Set(around.flatMap(({ belowId, aboveId }) => [belowId, aboveId]))].filter(
      (id) => !hops.has(id) && !hidden.has(id),
    )
    const [rights, items] = await Promise.all([
      unknown.length === 0 ? new Map<string, { read: boolean }>() : rightsOn(q, caller, unknown, 'item.read'),
      itemsAt(q, unknown, times, force),
    ])
    const next: string[] = []
    for (const id of unknown) {
      if (rights.get(id)?.read !== true || !items.has(id)) hidden.add(id)
      else if (hop <= most && hops.size < maxItems) {
        hops.set(id, hop)
        next.push(id)
      } else if (hop <= most) cut ??= { by: 'nodes', at: maxItems }
    }
    for (const one of around) {
      const [hasBelow, hasAbove] = [hops.has(one.belowId), hops.has(one.aboveId)]
      if (hasBelow && hasAbove) relations.set(one.id, one)
      else if (hasBelow && !hidden.has(one.aboveId)) more.add(one.belowId)
      else if (hasAbove && !hidden.has(one.belowId)) more.add(one.aboveId)
    }
    front = next
  }
  return {
    hops,
    relations: [...relations.values()],
    more,
    cut: cut ?? (more.size > 0 ? { by: 'depth', at: most } : null),
  }
}
