import { spreadIn, spreadOver } from './blast-radius.ts'
import type { Step } from './explanation.ts'
import { DOWN, UP } from './level.ts'
import type { Quorum } from './quorum.ts'
import type { Edge, GroupSize, Source, SteadySource } from './relation.ts'
import type { Caps, Cut, Spread } from './spread.ts'

/** A node that neither set takes down by itself, and both together do. */
export type JointlyLost = {
  readonly node: string
  readonly path: readonly Step[]
  readonly quorums: readonly Quorum[]
}

export type JointLoss = {
  /** Nearest first, then by id. */
  readonly lost: readonly JointlyLost[]
  /** Then one of the three answers is not whole: more may be lost, and some of these perhaps to one set alone. */
  readonly cut: Cut | null
}

/** What goes down only when `one` and `other` are down together, while `already` is down anyway. */
export const jointLoss = async (
  source: Source,
  sets: {
    readonly one: Iterable<string>
    readonly other: Iterable<string>
    readonly already?: Iterable<string>
  },
  caps: Caps,
): Promise<JointLoss> => {
  const [one, other, already] = [[...sets.one], [...sets.other], [...(sets.already ?? [])]]
  const alone = [
    await spreadOver(source, [...one, ...already], caps),
    await spreadOver(source, [...other, ...already], caps),
  ]
  return lossOf(alone, await spreadOver(source, [...one, ...other, ...already], caps))
}

/** The same in memory. */
export const jointLossIn = (
  source: SteadySource,
  sets: {
    readonly one: Iterable<string>
    readonly other: Iterable<string>
    readonly already?: Iterable<string>
  },
  caps: Caps,
): JointLoss => {
  const [one, other, already] = [[...sets.one], [...sets.other], [...(sets.already ?? [])]]
  const alone = [spreadIn(source, [...one, ...already], caps), spreadIn(source, [...other, ...already], caps)]
  return lossOf(alone, spreadIn(source, [...one, ...other, ...already], caps))
}

const lossOf = (alone: readonly Spread[], together: Spread): JointLoss => ({
  lost: [...together.reached()]
    .filter(({ node, level }) => level === DOWN && alone.every((spread) => spread.levelOf(node) < DOWN))
    .sort((a, b) => a.hops - b.hops || (a.node < b.node ? -1 : 1))
    .map(({ node, quorums }) => ({ node, path: together.path(node), quorums })),
  cut: [...alone, together].map((spread) => spread.cut()).find((cut) => cut !== null) ?? null,
})

/** How much of a loss is due to which of the nodes that fail. */
export type Shares = {
  /** Those of the failing nodes that would each take `node` as far down alone, while `already` is down anyway. */
  readonly aloneFor: (node: string) => readonly string[]
  /** It is that bad without any of them. */
  readonly isSo: (node: string) => boolean
  readonly cut: Cut | null
}

/**
 * Which single failures suffice, and what only all of them together take down. The source is asked anew for what one failure alone reaches
 * only where it was not asked before.
 */
export const sharesOf = async (
  source: Source,
  sets: { readonly failed: readonly string[]; readonly already: readonly string[] },
  caps: Caps,
): Promise<Shares> => {
  const { failed, already } = sets
  const once = rememberingSource(source)
  const together = await spreadOver(once, [...failed, ...already], caps)
  const before = await spreadOver(once, already, caps)
  const alone = new Map<string, Spread>()
  for (const node of failed) alone.set(node, await spreadOver(once, [node, ...already], caps))
  return {
    aloneFor: (node) =>
      failed.filter((one) => (alone.get(one)?.levelOf(node) ?? UP) >= together.levelOf(node)),
    isSo: (node) => before.levelOf(node) >= together.levelOf(node),
    cut: [before, ...alone.values()].map((spread) => spread.cut()).find((cut) => cut !== null) ?? null,
  }
}

/** Keeps what the source answered; an answer that was cut is not kept, because it is not the whole. */
export const rememberingSource = (source: Source): Source => {
  const dependents = new Map<string, readonly Edge[]>()
  const groups = new Map<string, GroupSize>()
  return {
    dependents: async (nodes, atMost) => {
      const unknown = nodes.filter((node) => !dependents.has(node))
      const found = unknown.length === 0 ? [] : await source.dependents(unknown, atMost)
      const bySupport = Map.groupBy(found, ({ support }) => support)
      if (found.length <= atMost) for (const node of unknown) dependents.set(node, bySupport.get(node) ?? [])
      return nodes.flatMap((node) => dependents.get(node) ?? bySupport.get(node) ?? []).slice(0, atMost + 1)
    },
    members: async (ids) => {
      const unknown = ids.filter((id) => !groups.has(id))
      const found = unknown.length === 0 ? [] : await source.members(unknown)
      for (const size of found) groups.set(size.id, size)
      return ids.flatMap((id) => groups.get(id) ?? [])
    },
  }
}
