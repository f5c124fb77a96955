import type { Edge, GroupSize } from '../../kernel/impact/relation.ts'
import { graphOf, type Graph } from '../../kernel/impact/graph.ts'
import { edgeOf, needOf } from './graph.edges.ts'
import type { GraphSource, Related } from './graph.source.ts'
import type { Overlay } from './branch.overlay.ts'
import { carries } from './item.carries.ts'
import type { ItemRow } from './item.repo.ts'

/** Items and relations of the model, wherever they are read from. */
export type ModelRows = {
  readonly items: (ids: readonly string[]) => Promise<ReadonlyMap<string, ItemRow>>
  /** Relations whose lower or upper end is among these; of more than `most`, any `most`. */
  readonly relations: (
    end: 'below' | 'above',
    ids: readonly string[],
    most: number,
  ) => Promise<readonly Related[]>
}

/** What was read once is not read again: for questions that go over the same part of the model several times. */
export const remembered = (rows: ModelRows): ModelRows => {
  const items = new Map<string, ItemRow | null>()
  const relations = { below: new Map<string, Related[]>(), above: new Map<string, Related[]>() }
  return {
    items: async (ids) => {
      const unknown = [...new Set(ids)].filter((id) => !items.has(id))
      const found = unknown.length === 0 ? new Map<string, ItemRow>() : await rows.items(unknown)
      for (const id of unknown) items.set(id, found.get(id) ?? null)
      return new Map(
        ids.flatMap((id): [string, ItemRow][] => {
          const row = items.get(id) ?? null
          return row === null ? [] : [[id, row]]
        }),
      )
    },
    relations: async (end, ids, most) => {
      const known = relations[end]
      const unknown = [...new Set(ids)].filter((id) => !known.has(id))
      const found = unknown.length === 0 ? [] : await rows.relations(end, unknown, most)
      const byEnd = Map.groupBy(found, (one) => (end === 'below' ? one.belowId : one.aboveId))
      // Of an answer that was cut nothing is kept: it would be taken for the whole.
      if (found.length < most) for (const id of unknown) known.set(id, byEnd.get(id) ?? [])
      return [...new Set(ids)].flatMap((id) => known.get(id) ?? byEnd.get(id) ?? []).slice(0, most)
    },
  }
}

/** The same rows with a plan on top. */
export const overlaid = (rows: ModelRows, overlay: Overlay): ModelRows => ({
  items: async (ids) => overlay.items(await rows.items(ids.filter((id) => !overlay.made.has(id))), ids),
  relations: async (end, ids, most) => overlay.relations(await rows.relations(end, ids, most), end, ids),
})

/** The graph of these rows, to be asked hop by hop. */
export const sourceOver = (rows: ModelRows, gone: ReadonlySet<string> = new Set()): GraphSource => {
  const relations = new Map<string, Related>()
  const carrying = async (found: readonly Related[], end: 'below' | 'above'): Promise<readonly Related[]> => {
    const idOf = (one: Related): string => (end === 'above' ? one.aboveId : one.belowId)
    const items = await rows.items([...new Set(found.map(idOf))])
    return found.filter((one) => {
      const item = items.get(idOf(one))
      return item !== undefined && (carries(item) || gone.has(item.id))
    })
  }
  const keep = (found: readonly Related[]): readonly Edge[] => {
    for (const one of found) relations.set(one.id, one)
    return found.map(edgeOf)
  }
  const membersOf = async (groups: readonly string[]): Promise<readonly Edge[]> => {
    const found = await rows.relations('above', groups, 100_000)
    return keep(
      await carrying(
        found.filter(({ type }) => type === 'member_of'),
        'below',
      ),
    )
  }
  return {
    relations,
    membersOf,
    dependents: async (nodes, atMost) => {
      const found = await rows.relations('below', nodes, atMost + 1)
      return keep(
        await carrying(
          found.filter(({ type }) => type !== 'backed_up_by'),
          'above',
        ),
      )
    },
    members: async (groups): Promise<readonly GroupSize[]> => {
      const [items, edges] = await Promise.all([rows.items(groups), membersOf(groups)])
      return groups.map((id) => ({
        id,
        need: needOf(items.get(id)?.values ?? {}).need,
        size: new Set(edges.flatMap((edge) => (edge.group === id ? [edge.support] : []))).size,
      }))
    },
  }
}

const nothingElse = { groups: [], gone: new Set<string>() } as const

/** Where it stopped to follow. */
export type GraphCut = { readonly by: 'edges' | 'depth'; readonly at: number }

export type GraphCaps = { readonly hops: number; readonly edges: number }

/**
 * These items and everything above them that they can make worse, with the members of every group on the way and of these groups.
 */
export const graphOver = async (
  source: GraphSource,
  items: ModelRows['items'],
  ids: readonly string[],
  { hops, edges: most }: GraphCaps,
  also: { readonly groups: readonly string[]; readonly gone: ReadonlySet<string> } = nothingElse,
): Promise<{ readonly graph: Graph; readonly cut: GraphCut | null; readonly cutAt: ReadonlySet<string> }> => {
  const edges = new Map<string, Edge>()
  const above = new Map<string, Edge[]>()
  // How bad each can be at most, with all of these down: what cannot reach any further is not asked for.
  const worst = new Map<string, 'degraded' | 'down'>(ids.map((id) => [id, 'down']))
  let front: readonly string[] = [...worst.keys()]
  let asked: readonly string[] = []
  for (let hop = 0; hop < hops && front.length > 0 && edges.size < most; hop += 1) {
    const unasked = front.filter((id) => !above.has(id))
    for (const id of unasked) above.set(id, [])
    asked = unasked
    if (unasked.length > 0)
      for (const edge of await source.dependents(unasked, most - edges.size)) {
        edges.set(edge.id, edge)
        above.get(edge.support)?.push(edge)
      }
    const next = new Set<string>()
    for (const id of front)
      for (const { dependent, strength, group } of above.get(id) ?? []) {
        const isWeak = group === null && strength === 'weak'
        const [here, there] = [worst.get(id), worst.get(dependent)]
        if (there === 'down' || (isWeak && (here !== 'down' || there !== undefined))) continue
        const passed = isWeak ? 'degraded' : (here ?? 'degraded')
        if (passed === there) continue
        worst.set(dependent, passed)
        next.add(dependent)
      }
    front = [...next]
  }
  const reached = [...new Set([...edges.values()].flatMap(({ group }) => group ?? []))]
  const wanted = [...new Set([...reached, ...also.groups])]
  const groupItems = wanted.length === 0 ? new Map<string, ItemRow>() : await items(wanted)
  // A group that is not in use holds nothing up, whatever is planned for it.
  const groupIds = wanted.filter((id) => {
    const item = groupItems.get(id)
    return item !== undefined && (carries(item) || also.gone.has(id))
  })
  const members = groupIds.length === 0 ? [] : await source.membersOf(groupIds)
  // A member that is not in use is no member: neither counted nor able to fail.
  const memberIds = new Set(members.map(({ id }) => id))
  const kept = [...edges.values()].filter(({ group, id }) => group === null || memberIds.has(id))
  for (const edge of members) if (!edges.has(edge.id)) kept.push(edge)
  const groups = groupIds.map((id) => ({
    id,
    dependent: id,
    need: needOf(groupItems.get(id)?.values ?? {}).need,
  }))
  const cut =
    edges.size > most || (edges.size === most && front.length > 0)
      ? ({ by: 'edges', at: most } as const)
      : front.length > 0
        ? ({ by: 'depth', at: hops } as const)
        : null
  return {
    graph: graphOf(kept, groups, ids),
    cut,
    cutAt: new Set(cut === null ? [] : cut.by === 'edges' ? [...asked, ...front] : front),
  }
}
