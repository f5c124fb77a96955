import { spreadIn, spreadOver } from './blast-radius.ts'
import type { Step } from './explanation.ts'
import { DOWN } from './level.ts'
import type { Quorum } from './quorum.ts'
import type { Source, SteadySource } from './relation.ts'
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
