import type { Edge, Group, SteadySource } from './relation.ts'
import { neededOf } from './quorum.ts'

/**
 * A whole graph in memory. Nodes, edges and groups are numbered in the order they came; `supporting` lists edges by their support and
 * `membership` the edges of each group, one for each different member.
 */
export type Graph = {
  readonly nodes: readonly string[]
  readonly placeOf: ReadonlyMap<string, number>
  readonly edges: {
    readonly ids: readonly string[]
    readonly dependents: Int32Array
    readonly supports: Int32Array
    /** The number of the group, or one of the two below. */
    readonly groups: Int32Array
  }
  readonly groups: readonly (Group & { readonly size: number; readonly needed: number })[]
  readonly supporting: Listing
  readonly membership: Listing
}

export const NEED = -1
export const WEAK = -2
/** The same member of a group again: says nothing. */
const AGAIN = -3

/** Which edges belong to which number: those of `at` stand in `edges` from `starts[at]` up to `starts[at + 1]`. */
export type Listing = { readonly starts: Int32Array; readonly edges: Int32Array }

/**
 * @param nodes those that have no edge have to be named here; the others may
 * @throws RangeError when an edge is in a group that is not there or belongs to another dependent
 */
export const graphOf = (
  edges: Iterable<Edge>,
  groups: Iterable<Group> = [],
  nodes: Iterable<string> = [],
): Graph => {
  const names: string[] = []
  const placeOf = new Map<string, number>()
  const place = (node: string): number => {
    let at = placeOf.get(node)
    if (at === undefined) {
      at = names.length
      names.push(node)
      placeOf.set(node, at)
    }
    return at
  }
  for (const node of nodes) place(node)
  const groupList = [...groups]
  const groupAt = new Map(groupList.map(({ id }, at) => [id, at]))
  const ids: string[] = []
  const dependents = growing()
  const supports = growing()
  const groupsOfEdges = growing()
  const members = groupList.map(() => new Set<number>())
  const groupOf = ({ group, dependent, strength }: Edge, support: number): number => {
    if (group === null) return strength === 'need' ? NEED : WEAK
    const at = groupAt.get(group)
    if (at === undefined) throw new RangeError(`The group ${group} is not there.`)
    if (groupList[at]?.dependent !== dependent)
      throw new RangeError(`The group ${group} does not belong to ${dependent}.`)
    if (members[at]?.has(support)) return AGAIN
    members[at]?.add(support)
    return at
  }
  for (const edge of edges) {
    const dependent = place(edge.dependent)
    const support = place(edge.support)
    ids.push(edge.id)
    dependents.push(dependent)
    supports.push(support)
    groupsOfEdges.push(groupOf(edge, support))
  }
  const [from, to, inGroup] = [dependents.done(), supports.done(), groupsOfEdges.done()]
  return {
    nodes: names,
    placeOf,
    edges: { ids, dependents: from, supports: to, groups: inGroup },
    groups: groupList.map((group, at) => {
      const size = members[at]?.size ?? 0
      return { ...group, size, needed: neededOf(group.need, size) }
    }),
    supporting: listed(names.length, to, (edge) => inGroup[edge] !== AGAIN),
    membership: listed(groupList.length, inGroup, (edge) => (inGroup[edge] ?? AGAIN) >= 0),
  }
}

/** Room for millions of numbers without a list of as many objects. */
const growing = (): { readonly push: (value: number) => void; readonly done: () => Int32Array } => {
  let [held, count] = [new Int32Array(1024), 0]
  return {
    push: (value) => {
      if (count === held.length) {
        const wider = new Int32Array(count * 2)
        wider.set(held)
        held = wider
      }
      held[count] = value
      count += 1
    },
    done: () => held.slice(0, count),
  }
}

const listed = (count: number, keys: Int32Array, counts: (edge: number) => boolean): Listing => {
  const starts = new Int32Array(count + 1)
  keys.forEach((key, edge) => {
    if (counts(edge)) starts[key + 1] = (starts[key + 1] ?? 0) + 1
  })
  for (let at = 0; at < count; at += 1) starts[at + 1] = (starts[at + 1] ?? 0) + (starts[at] ?? 0)
  const next = starts.slice()
  const edges = new Int32Array(starts[count] ?? 0)
  keys.forEach((key, edge) => {
    if (!counts(edge)) return
    const slot = next[key] ?? 0
    edges[slot] = edge
    next[key] = slot + 1
  })
  return { starts, edges }
}

/** What is written down in a way that cannot be meant. The graph answers all the same. */
export type GraphFault =
  | {
      readonly kind: 'needs_more_than_it_has'
      readonly group: string
      readonly wanted: number
      readonly size: number
    }
  | { readonly kind: 'no_members'; readonly group: string }
  | { readonly kind: 'stands_on_itself'; readonly edge: string; readonly node: string }

export const graphFaults = ({ nodes, edges, groups }: Graph): GraphFault[] => [
  ...groups.flatMap(({ id, need, size }): GraphFault[] => {
    if (size === 0) return [{ kind: 'no_members', group: id }]
    return 'count' in need && need.count > size
      ? [{ kind: 'needs_more_than_it_has', group: id, wanted: need.count, size }]
      : []
  }),
  ...edges.ids.flatMap((id, edge): GraphFault[] => {
    const support = edges.supports[edge]
    return support !== undefined && support === edges.dependents[edge]
      ? [{ kind: 'stands_on_itself', edge: id, node: nodes[support] ?? '' }]
      : []
  }),
]

/** The graph as something to ask hop by hop, as one asks a database. */
export const sourceIn = (graph: Graph): SteadySource => {
  const groups = new Map(graph.groups.map((group) => [group.id, group]))
  return {
    dependents: (nodes, atMost) => {
      const found: Edge[] = []
      for (const node of nodes) {
        const at = graph.placeOf.get(node)
        if (at === undefined) continue
        for (const edge of listing(graph.supporting, at)) {
          found.push(edgeAt(graph, edge))
          if (found.length > atMost) return found
        }
      }
      return found
    },
    members: (ids) => ids.flatMap((id) => groups.get(id) ?? []),
  }
}

export const listing = ({ starts, edges }: Listing, at: number): Int32Array =>
  edges.subarray(starts[at] ?? 0, starts[at + 1] ?? 0)

const edgeAt = ({ nodes, edges, groups }: Graph, edge: number): Edge => {
  const group = edges.groups[edge] ?? NEED
  return {
    id: edges.ids[edge] ?? '',
    dependent: nodes[edges.dependents[edge] ?? -1] ?? '',
    support: nodes[edges.supports[edge] ?? -1] ?? '',
    strength: group === WEAK ? 'weak' : 'need',
    group: groups[group]?.id ?? null,
  }
}
