import { graphOf, listing, NEED, WEAK, type Graph } from './graph.ts'
import type { Edge } from './relation.ts'

/** What can be worse because of some nodes: they and everything above them, with what that stands on besides. */
export type Cone = {
  /** Every edge and whole group of the nodes within; what only supports them is there without what it stands on itself. */
  readonly graph: Graph
  readonly within: ReadonlySet<string>
}

/**
 * Cones of one graph, each in the time that its own edges take: so a question about one node of a large graph does not cost the whole. Health within a cone is as in the graph, as long as the nodes beside it are given what
 * they pass on there (`passedOn`) for their own.
 */
export const conesOf = (whole: Graph): ((starts: Iterable<string>) => Cone) => {
  const { nodes, edges, groups, supporting } = whole
  const byDependent = new Map<number, number[]>()
  for (let node = 0; node < nodes.length; node += 1)
    for (const edge of listing(supporting, node)) {
      const dependent = edges.dependents[edge] ?? -1
      const known = byDependent.get(dependent)
      if (known === undefined) byDependent.set(dependent, [edge])
      else known.push(edge)
    }
  const edgeAt = (at: number): Edge => {
    const group = edges.groups[at] ?? NEED
    return {
      id: edges.ids[at] ?? '',
      dependent: nodes[edges.dependents[at] ?? -1] ?? '',
      support: nodes[edges.supports[at] ?? -1] ?? '',
      strength: group === WEAK ? 'weak' : 'need',
      group: groups[group]?.id ?? null,
    }
  }
  return (starts) => {
    const within = new Set<number>()
    const open = [...starts].flatMap((name) => whole.placeOf.get(name) ?? [])
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (within.has(node)) continue
      within.add(node)
      for (const edge of listing(supporting, node)) open.push(edges.dependents[edge] ?? node)
    }
    const names = new Set([...within].map((node) => nodes[node] ?? ''))
    return {
      graph: graphOf(
        [...within].flatMap((node) => (byDependent.get(node) ?? []).map(edgeAt)),
        groups.filter(({ dependent }) => names.has(dependent)),
        names,
      ),
      within: names,
    }
  }
}
