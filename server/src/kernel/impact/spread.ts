import type { Because, Step } from './explanation.ts'
import { DEGRADED, DOWN, healthAt, throughGroup, throughNeed, throughWeak, UP, type Level } from './level.ts'
import { neededOf, quorumOf, type Quorum } from './quorum.ts'
import type { Edge, GroupSize } from './relation.ts'

export type Caps = {
  /** How many hops outwards. */
  readonly maxDepth: number
  /** How many nodes beside the failed ones the answer names. */
  readonly maxNodes: number
  /** How many edges are looked at. */
  readonly maxEdges: number
}

/** What kept an answer from being whole: relations beyond it were not followed. */
export type Cut = { readonly by: 'depth' | 'nodes' | 'edges'; readonly at: number }

/** A failure on its way outwards. Whoever holds the relations is asked for them between two hops. */
export type Spread = {
  /** The nodes whose dependents the next hop needs, and how many edges it may look at. */
  readonly wanted: () => { readonly nodes: readonly string[]; readonly atMost: number }
  /** Of the groups in `edges`, those that are not known yet. */
  readonly unknownGroups: (edges: readonly Edge[]) => readonly string[]
  readonly hop: (edges: readonly Edge[], groups: readonly GroupSize[]) => void
  /** It has come to rest, or to a cap. */
  readonly ended: () => boolean
  readonly cut: () => Cut | null
  /** Everything that is not as well as before, failed nodes included. */
  readonly reached: () => Iterable<Reached>
  readonly levelOf: (node: string) => Level
  /** From a failed node to `node`, both included. */
  readonly path: (node: string) => readonly Step[]
}

export type Reached = {
  readonly node: string
  readonly level: Level
  readonly hops: number
  readonly because: Because
  /** Groups of this node that lost a member, in the order of their ids. */
  readonly quorums: readonly Quorum[]
}

type Cause =
  | { readonly by: 'own' }
  | { readonly by: 'edge'; readonly edge: Edge }
  | { readonly by: 'group'; readonly group: string }
type State = { level: Level; passed: Level; round: number; cause: Cause; edges: readonly Edge[] | undefined }
type GroupState = {
  readonly id: string
  readonly need: number
  readonly size: number
  readonly down: Set<string>
  readonly unwell: Set<string>
}

/**
 * The table in README.md with `failed` down and everything else up, hop by hop.
 *
 * After n hops it says what the table says after n rounds. A cap keeps the worst of the hop that it fell into, then the smallest ids, and ends
 * there: what is named is true (at least so bad, for this reason), what is missing is said by `cut`.
 */
export const spread = (failed: Iterable<string>, caps: Caps): Spread => {
  const states = new Map<string, State>()
  const groups = new Map<string, GroupState>()
  const groupsOf = new Map<string, GroupState[]>()
  let front: string[] = []
  let [now, room, edgesLeft] = [0, caps.maxNodes, caps.maxEdges]
  let cut: Cut | null = null
  for (const node of new Set(failed)) {
    states.set(node, { level: DOWN, passed: UP, round: 0, cause: { by: 'own' }, edges: undefined })
    front.push(node)
  }

  const rank = (cause: Cause): string => {
    if (cause.by === 'own') return ''
    return cause.by === 'edge' ? `e${cause.edge.support} ${cause.edge.id}` : `g${cause.group}`
  }
  const asked = (): string[] => front.filter((node) => states.get(node)?.edges === undefined)
  // Behind the last hop it is only asked whether there would be more.
  const deepEnough = (): boolean => now >= caps.maxDepth
  const hop = (edges: readonly Edge[], sizes: readonly GroupSize[]): void => {
    if (deepEnough()) {
      if (edges.length > 0 || front.some((node) => (states.get(node)?.edges?.length ?? 0) > 0))
        cut = { by: 'depth', at: caps.maxDepth }
      front = []
      return
    }
    now += 1
    for (const { id, need, size } of sizes)
      groups.set(id, { id, need: neededOf(need, size), size, down: new Set(), unwell: new Set() })
    const kept = edges.slice(0, Math.max(edgesLeft, 0))
    edgesLeft -= kept.length
    if (kept.length < edges.length) cut = { by: 'edges', at: caps.maxEdges }
    keepEdges(kept)
    const raised = new Map<string, { level: Level; cause: Cause }>()
    const raise = (node: string, level: Level, cause: Cause): void => {
      if (level <= (states.get(node)?.level ?? UP)) return
      const before = raised.get(node)
      if (before && (level < before.level || (level === before.level && rank(cause) >= rank(before.cause))))
        return
      raised.set(node, { level, cause })
    }
    for (const node of front) {
      const state = states.get(node)
      if (state === undefined) continue
      state.passed = throughNeed(state.level)
      for (const edge of state.edges ?? []) passOn(edge, state.passed, raise)
    }
    admit(raised)
  }
  const keepEdges = (edges: readonly Edge[]): void => {
    const bySupport = Map.groupBy(edges, ({ support }) => support)
    for (const node of asked()) {
      const state = states.get(node)
      if (state) state.edges = bySupport.get(node) ?? []
    }
  }
  const passOn = (
    edge: Edge,
    level: Level,
    raise: (node: string, level: Level, cause: Cause) => void,
  ): void => {
    if (edge.group === null) {
      raise(edge.dependent, edge.strength === 'weak' ? throughWeak(level) : throughNeed(level), {
        by: 'edge',
        edge,
      })
      return
    }
    const group = groups.get(edge.group)
    if (group === undefined) return
    if (group.unwell.size === 0)
      groupsOf.set(edge.dependent, [...(groupsOf.get(edge.dependent) ?? []), group])
    group.unwell.add(edge.support)
    if (level === DOWN) group.down.add(edge.support)
    raise(edge.dependent, throughGroup(group.need, group.size, group.down.size, group.unwell.size), {
      by: 'group',
      group: group.id,
    })
  }
  const admit = (raised: ReadonlyMap<string, { readonly level: Level; readonly cause: Cause }>): void => {
    front = []
    const worstFirst = [...raised].sort(
      ([a, { level: one }], [b, { level: other }]) => other - one || (a < b ? -1 : 1),
    )
    for (const [node, { level, cause }] of worstFirst) {
      const state = states.get(node)
      if (state) Object.assign(state, { level, cause, round: now })
      else if (room > 0) {
        room -= 1
        states.set(node, { level, passed: UP, round: now, cause, edges: undefined })
      } else {
        cut = { by: 'nodes', at: caps.maxNodes }
        continue
      }
      if (level >= DEGRADED) front.push(node)
    }
  }

  const groupQuorum = ({ id, need, size, down, unwell }: GroupState): Quorum =>
    quorumOf(
      id,
      { need, size },
      down,
      [...unwell].filter((member) => !down.has(member)),
    )
  const becauseOf = (cause: Cause): Because => {
    if (cause.by === 'own') return cause
    if (cause.by === 'edge')
      return {
        by: cause.edge.strength,
        edge: cause.edge.id,
        support: cause.edge.support,
      }
    const group = groups.get(cause.group)
    return group ? { by: 'group', quorum: groupQuorum(group) } : { by: 'own' }
  }
  const stepBack = ({ level, cause }: State): string | undefined => {
    if (cause.by === 'own') return undefined
    if (cause.by === 'edge') return cause.edge.support
    // Degraded by a group that is short of well members; otherwise by those that are down. The first of them was there when it happened.
    const group = groups.get(cause.group)
    return [...((level === DEGRADED ? group?.unwell : group?.down) ?? [])].sort(
      (a, b) => (states.get(a)?.round ?? 0) - (states.get(b)?.round ?? 0) || (a < b ? -1 : 1),
    )[0]
  }
  return {
    wanted: () => ({ nodes: asked(), atMost: deepEnough() ? 0 : Math.max(edgesLeft, 0) }),
    unknownGroups: (edges) =>
      deepEnough()
        ? []
        : [...new Set(edges.flatMap(({ group }) => (group === null || groups.has(group) ? [] : [group])))],
    hop,
    ended: () => cut !== null || front.length === 0,
    cut: () => cut,
    reached: function* () {
      for (const [node, { level, round, cause }] of states)
        yield {
          node,
          level,
          hops: round,
          because: becauseOf(cause),
          quorums: (groupsOf.get(node) ?? [])
            .filter(({ down }) => down.size > 0)
            .map(groupQuorum)
            .sort((a, b) => (a.group < b.group ? -1 : 1)),
        }
    },
    levelOf: (node) => states.get(node)?.level ?? UP,
    path: (node) => {
      const steps: Step[] = []
      for (let at: string | undefined = node; at !== undefined;) {
        const state = states.get(at)
        if (state === undefined) break
        steps.unshift({ node: at, health: healthAt(state.level), because: becauseOf(state.cause) })
        at = stepBack(state)
      }
      return steps
    },
  }
}
