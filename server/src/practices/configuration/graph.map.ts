import type { ItemMap, MapItem, MapRelation } from '@evenkeel/contract/item-graph'
import { Refusal } from '../../kernel/refusal.ts'
import { isId } from '../../kernel/filter/bind.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { cutIn } from './graph.blast.ts'
import { graphSource, relationsAmong, relationsOf, type Related } from './graph.source.ts'
import { heldSql, type Times } from './graph.times.ts'
import { readableWith } from './branch.access.ts'
import type { Overlay } from './branch.overlay.ts'
import { timesWith } from './branch.plan.ts'
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
  readonly branches?: string | undefined
  readonly validAt?: string | undefined
  readonly knownAt?: string | undefined
}

const mostStarts = 50
/** Relations that one hop looks at for each item that the map may show. */
const relationsAnItem = 10

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
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const branchIds = branchesIn(asked.branches)
    const times = await timesWith(q, caller, { ...asked, branchIds }, force)
    const starts = await startsOf(q, caller, asked, force)
    const found = await walk(q, caller, asked, starts.ids, times, force)
    const cut = starts.more ? ({ by: 'nodes', at: asked.maxItems } as const) : found.cut
    const ids = [...found.hops.keys()]
    const groups = [
      ...new Set(found.relations.flatMap(({ type, aboveId }) => (type === 'member_of' ? [aboveId] : []))),
    ]
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
    const membersIn = Map.groupBy(members, ({ group }) => group)
    const told = ids.flatMap((id): MapItem[] => {
      const row = items.get(id)
      if (row === undefined) return []
      const own = [...new Set((membersIn.get(id) ?? []).map(({ support }) => support))]
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
          planned: times.plan?.standingOf(id) ?? null,
        },
      ]
    })
    const shown = new Set(told.map(({ id }) => id))
    return {
      validAt: times.plan?.at ?? times.validAt,
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
          planned: times.plan?.isRelationPlanned(one.id) === true,
        })),
      cut: cutIn(cut ?? healths.cut, language),
    }
  })
}

const mostBranches = 10

const branchesIn = (text: string | undefined): readonly string[] => {
  const ids = [...new Set((text ?? '').split(',').filter((id) => id !== ''))]
  if (ids.length > mostBranches || !ids.every(isId))
    throw new Refusal('malformed', [
      { code: 'branches', field: 'branches', message: says('map.branches', { most: mostBranches }) },
    ])
  return ids
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

const isDrawn = ({ type }: Related): boolean => type !== 'installed_on'

const walk = async (
  q: Reader,
  caller: Caller,
  { hops: most, direction, maxItems }: MapQuestion,
  starts: readonly string[],
  times: Times,
  force: InForce,
): Promise<Walk> => {
  const hops = new Map(starts.map((id) => [id, 0]))
  const hidden = new Set<string>()
  const mostRelations = relationsAnItem * maxItems
  let cut: Walk['cut'] = null
  let front = [...starts]
  for (let hop = 1; hop <= most && front.length > 0; hop += 1) {
    const [down, up] = await Promise.all([
      direction === 'above' ? [] : relationsOf(q, 'above', front, times, mostRelations + 1),
      direction === 'below' ? [] : relationsOf(q, 'below', front, times, mostRelations + 1),
    ])
    if (down.length > mostRelations || up.length > mostRelations) cut ??= { by: 'edges', at: mostRelations }
    // What is installed on something neither carries it nor falls with it: licenses count it, the map does not show it.
    const unknown = [
      ...new Set([
        ...down.filter(isDrawn).map(({ belowId }) => belowId),
        ...up.filter(isDrawn).map(({ aboveId }) => aboveId),
      ]),
    ].filter((id) => !hops.has(id) && !hidden.has(id))
    // As many as there is room for, and one more that tells that there is none.
    const looked = unknown.slice(0, mostLooked(maxItems - hops.size))
    const [reads, items] = await Promise.all([
      looked.length === 0 ? () => false : readableWith(q, caller, looked, times.plan),
      itemsAt(q, looked, times, force),
    ])
    const next: string[] = []
    for (const id of looked) {
      if (!reads(id) || !items.has(id)) hidden.add(id)
      else if (hops.size < maxItems) {
        hops.set(id, hop)
        next.push(id)
      } else cut ??= { by: 'nodes', at: maxItems }
    }
    if (looked.length < unknown.length) cut ??= { by: 'nodes', at: maxItems }
    front = next
  }
  const ids = [...hops.keys()]
  const [relations, more] = await Promise.all([
    relationsAmong(q, ids, times),
    goingOn(q, caller, ids, direction, times),
  ])
  return {
    hops,
    relations: relations.filter(isDrawn),
    more,
    cut: cut ?? (more.size > 0 ? { by: 'depth', at: most } : null),
  }
}

/** Some are hidden from this reader or were not there then: so more are looked at than there is room for. */
const mostLooked = (room: number): number => 2 * room + 200

/** Which of these have relations to items that are not among them, and that this reader may see: what a plan ends leads nowhere, what it makes does. */
const goingOn = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
  direction: MapQuestion['direction'],
  times: Times,
): Promise<ReadonlySet<string>> => {
  const parameters = parametersFrom(6)
  const reach = itemReachSql(caller, 'item.read', parameters)
  const known = times.isNow
    ? 'true'
    : `exists (select from item_fact f where f.tenant_id = $1 and f.item_id = r.id and ${heldSql(times, 'f', '$3', '$4')})`
  const beyond = (end: 'below' | 'above', other: 'below' | 'above'): string =>
    `exists (select from item_relation x join item r on r.tenant_id = $1 and r.id = x.${other}_id
       where x.tenant_id = $1 and x.${end}_id = i.id and x.${other}_id <> all($2::uuid[]) and x.type <> 'installed_on' and ${heldSql(times, 'x', '$3', '$4')}
         and x.relation_id <> all($5::uuid[]) and ${known} and ${reach})`
  const either = [
    ...(direction === 'above' ? [] : [beyond('above', 'below')]),
    ...(direction === 'below' ? [] : [beyond('below', 'above')]),
  ]
  const [rows, planned] = await Promise.all([
    q.rows<{ id: string }>({
      text: `select i.id from unnest($2::uuid[]) i (id) where ${either.join(' or ')}`,
      values: [
        q.tenantId,
        ids,
        times.validAt,
        times.knownAt,
        [...(times.plan?.ended ?? [])],
        ...parameters.values,
      ],
    }),
    plannedOn(q, caller, ids, direction, times.plan),
  ])
  return new Set([...rows.map(({ id }) => id), ...planned])
}

/** Which of these a plan relates to items that are not among them, and that this reader may see. */
const plannedOn = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
  direction: MapQuestion['direction'],
  plan: Overlay | undefined,
): Promise<readonly string[]> => {
  if (plan === undefined) return []
  const among = new Set(ids)
  const ways = [
    ...(direction === 'above' ? [] : plan.relations([], 'above', ids))
      .filter(isDrawn)
      .map(({ belowId, aboveId }) => ({ from: aboveId, to: belowId })),
    ...(direction === 'below' ? [] : plan.relations([], 'below', ids))
      .filter(isDrawn)
      .map(({ belowId, aboveId }) => ({ from: belowId, to: aboveId })),
  ].filter(({ to }) => !among.has(to))
  if (ways.length === 0) return []
  const reads = await readableWith(q, caller, [...new Set(ways.map(({ to }) => to))], plan)
  return ways.filter(({ to }) => reads(to)).map(({ from }) => from)
}
