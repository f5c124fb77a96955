import type { Because, Step } from './explanation.ts'
import { listing, WEAK, type Graph } from './graph.ts'
import {
  DEGRADED,
  DOWN,
  healthAt,
  levelOf,
  throughGroup,
  throughNeed,
  throughWeak,
  UP,
  type Health,
  type Level,
} from './level.ts'
import { quorumOf, type Quorum } from './quorum.ts'

export type NodeHealth = {
  readonly node: string
  readonly health: Health
  /** What made it so; nothing makes a node up. */
  readonly because: Because | null
  /** Its groups that are short of a member, standing or not, in the order of their ids. */
  readonly quorums: readonly Quorum[]
}

export type HealthOfAll = {
  readonly of: (node: string) => NodeHealth | undefined
  /** How it looks to what needs it: redundancy that is lost shows on the node that lost it and goes no further. */
  readonly passedOn: (node: string) => Health
  /** From the finding that began it to `node`, both included; empty when it is up. */
  readonly path: (node: string) => readonly Step[]
  /** Every node that is degraded or down, in the order of the graph. */
  readonly troubled: () => readonly string[]
}

const NOTHING = -1
const OWN = -2
const GROUPS = -3
const byGroup = (group: number): number => GROUPS - group

/**
 * The health of every node, by the table in README.md.
 *
 * In rounds: what changed in one is passed on in the next, each edge at most twice, so the work is linear in nodes and edges. The cause kept
 * is the one of the round in which a node became as bad as it is, and among several the node's own, then the support, then the group with
 * the smallest id: the same findings give the same explanation, in whatever order nodes and edges came, and causes never run in a circle.
 * @param own what was found out about the node itself
 */
export const healthOf = (graph: Graph, own: (node: string) => Health): HealthOfAll => {
  const { nodes, edges, groups, supporting, membership } = graph
  const count = nodes.length
  const level = new Uint8Array(count)
  const passed = new Uint8Array(count)
  const round = new Int32Array(count)
  const cause = new Int32Array(count).fill(NOTHING)
  const downIn = new Int32Array(groups.length)
  const unwellIn = new Int32Array(groups.length)
  const groupsOf = new Map<number, number[]>()

  const rank = (because: number): string => {
    if (because === OWN) return ''
    if (because >= 0) return `e${nodes[edges.supports[because] ?? -1] ?? ''} ${edges.ids[because] ?? ''}`
    return `g${groups[GROUPS - because]?.id ?? ''}`
  }
  let raised: number[] = []
  const raise = (node: number, to: Level, because: number, now: number): void => {
    const was = level[node] ?? UP
    if (to > was) {
      // Once a round is enough: what it became in this round is read at the beginning of the next.
      if (to >= DEGRADED && (round[node] !== now || was < DEGRADED)) raised.push(node)
      level[node] = to
      round[node] = now
      cause[node] = because
    } else if (to === was && to !== UP && round[node] === now && rank(because) < rank(cause[node] ?? OWN)) {
      cause[node] = because
    }
  }

  nodes.forEach((node, at) => {
    raise(at, levelOf(own(node)), OWN, 0)
  })
  for (let now = 1; raised.length > 0; now += 1) {
    const front = raised.map((node): [number, Level, Level] => {
      const [before, after] = [levelAt(passed, node), throughNeed(levelAt(level, node))]
      passed[node] = after
      return [node, before, after]
    })
    raised = []
    for (const [node, before, after] of front) {
      for (const edge of listing(supporting, node)) {
        const dependent = edges.dependents[edge] ?? 0
        const group = edges.groups[edge] ?? WEAK
        if (group < 0) {
          raise(dependent, group === WEAK ? throughWeak(after) : throughNeed(after), edge, now)
          continue
        }
        const { needed, size } = groups[group] ?? { needed: 0, size: 0 }
        if (before < DEGRADED) unwellIn[group] = (unwellIn[group] ?? 0) + 1
        if (after === DOWN) downIn[group] = (downIn[group] ?? 0) + 1
        raise(
          dependent,
          throughGroup(needed, size, downIn[group] ?? 0, unwellIn[group] ?? 0),
          byGroup(group),
          now,
        )
      }
    }
  }
  groups.forEach((group, at) => {
    const node = graph.placeOf.get(group.dependent)
    if (node !== undefined && (downIn[at] ?? 0) > 0) groupsOf.set(node, [...(groupsOf.get(node) ?? []), at])
  })

  const membersOf = (group: number): { node: number; name: string; level: Level }[] =>
    [...listing(membership, group)].map((edge) => {
      const node = edges.supports[edge] ?? 0
      return { node, name: nodes[node] ?? '', level: levelAt(level, node) }
    })
  const quorumAt = (group: number): Quorum => {
    const members = membersOf(group)
    const { id = '', needed: need = 0, size = 0 } = groups[group] ?? {}
    const at = (wanted: Level): string[] =>
      members.filter((member) => member.level === wanted).map(({ name }) => name)
    return quorumOf(id, { need, size }, at(DOWN), at(DEGRADED))
  }
  const becauseOf = (node: number): Because | null => {
    const because = cause[node] ?? NOTHING
    if (because === NOTHING) return null
    if (because === OWN) return { by: 'own' }
    if (because <= GROUPS) return { by: 'group', quorum: quorumAt(GROUPS - because) }
    return {
      by: edges.groups[because] === WEAK ? 'weak' : 'need',
      edge: edges.ids[because] ?? '',
      support: nodes[edges.supports[because] ?? -1] ?? '',
    }
  }
  const stepBack = (node: number): number | undefined => {
    const because = cause[node] ?? NOTHING
    if (because >= 0) return edges.supports[because]
    if (because > GROUPS) return undefined
    // Degraded by a group that is short of well members; otherwise by those that are down. The first of them was there when it happened.
    const counts = level[node] === DEGRADED ? DEGRADED : DOWN
    return membersOf(GROUPS - because)
      .filter((member) => member.level >= counts)
      .sort((a, b) => (round[a.node] ?? 0) - (round[b.node] ?? 0) || (a.name < b.name ? -1 : 1))[0]?.node
  }
  return {
    of: (name) => {
      const node = graph.placeOf.get(name)
      if (node === undefined) return undefined
      return {
        node: name,
        health: healthAt(levelAt(level, node)),
        because: becauseOf(node),
        quorums: (groupsOf.get(node) ?? []).map(quorumAt).sort((a, b) => (a.group < b.group ? -1 : 1)),
      }
    },
    passedOn: (name) => {
      const node = graph.placeOf.get(name)
      return node === undefined ? 'up' : healthAt(throughNeed(levelAt(level, node)))
    },
    path: (name) => {
      const steps: Step[] = []
      for (let node = graph.placeOf.get(name); node !== undefined; node = stepBack(node)) {
        const because = becauseOf(node)
        if (because === null) break
        steps.unshift({ node: nodes[node] ?? '', health: healthAt(levelAt(level, node)), because })
      }
      return steps
    },
    troubled: () =>
      nodes.filter((_, at) => healthAt(levelAt(level, at)) === 'degraded' || level[at] === DOWN),
  }
}

// The arrays hold levels and nothing else.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const levelAt = (levels: Uint8Array, at: number): Level => (levels[at] ?? UP) as Level
