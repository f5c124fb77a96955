import type { Because, Step } from './explanation.ts'
import { DEGRADED, DOWN, REDUCED } from './level.ts'
import type { Quorum } from './quorum.ts'
import type { Source, SteadySource } from './relation.ts'
import { spread, type Caps, type Cut, type Spread } from './spread.ts'

/** A node that is worse off, and one shortest way that leads there from something that failed. */
export type Affected = {
  readonly node: string
  readonly health: 'degraded' | 'down'
  readonly hops: number
  readonly because: Because
  /** From a failed node to this one, both included. */
  readonly path: readonly Step[]
  /** Its groups that lost a member, standing or not. */
  readonly quorums: readonly Quorum[]
}

/** A node that goes on because others are left. The group with the least to spare comes first. */
export type Held = { readonly node: string; readonly hops: number; readonly quorums: readonly Quorum[] }

export type BlastRadius = {
  readonly failed: readonly string[]
  /** Nearest first, then by id. */
  readonly affected: readonly Affected[]
  /** Kept up by redundancy that is used up: the next failure in the group takes them down. */
  readonly atRisk: readonly Held[]
  /** Kept up by redundancy, with some to spare. */
  readonly reduced: readonly Held[]
  /** What is named holds all the same: it is at least so bad, and for this reason. */
  readonly cut: Cut | null
}

export const blastRadius = async (
  source: Source,
  failed: Iterable<string>,
  caps: Caps,
): Promise<BlastRadius> => {
  const nodes = [...new Set(failed)]
  return radiusOf(nodes, await spreadOver(source, nodes, caps))
}

/** The same in memory. */
export const blastRadiusIn = (source: SteadySource, failed: Iterable<string>, caps: Caps): BlastRadius => {
  const nodes = [...new Set(failed)]
  return radiusOf(nodes, spreadIn(source, nodes, caps))
}

export const spreadOver = async (source: Source, failed: Iterable<string>, caps: Caps): Promise<Spread> => {
  const going = spread(failed, caps)
  while (!going.ended()) {
    const { nodes, atMost } = going.wanted()
    const edges = nodes.length > 0 ? await source.dependents(nodes, atMost) : []
    const groups = going.unknownGroups(edges)
    going.hop(edges, groups.length > 0 ? await source.members(groups) : [])
  }
  return going
}

export const spreadIn = (source: SteadySource, failed: Iterable<string>, caps: Caps): Spread => {
  const going = spread(failed, caps)
  while (!going.ended()) {
    const { nodes, atMost } = going.wanted()
    const edges = nodes.length > 0 ? source.dependents(nodes, atMost) : []
    const groups = going.unknownGroups(edges)
    going.hop(edges, groups.length > 0 ? source.members(groups) : [])
  }
  return going
}

const radiusOf = (failed: readonly string[], going: Spread): BlastRadius => {
  const assumed = new Set(failed)
  const reached = [...going.reached()]
    .filter(({ node }) => !assumed.has(node))
    .sort((a, b) => a.hops - b.hops || (a.node < b.node ? -1 : 1))
  const held = reached
    .filter(({ level }) => level === REDUCED)
    .map(({ node, hops, quorums }) => ({
      node,
      hops,
      quorums: quorums.toSorted((a, b) => a.spare - b.spare || (a.group < b.group ? -1 : 1)),
    }))
  const usedUp = ({ quorums }: Held): boolean => quorums.some(({ spare }) => spare <= 0)
  return {
    failed,
    affected: reached
      .filter(({ level }) => level >= DEGRADED)
      .map(({ node, level, hops, because, quorums }) => ({
        node,
        health: level === DOWN ? 'down' : 'degraded',
        hops,
        because,
        path: going.path(node),
        quorums,
      })),
    atRisk: held.filter(usedUp),
    reduced: held.filter((one) => !usedUp(one)),
    cut: going.cut(),
  }
}
