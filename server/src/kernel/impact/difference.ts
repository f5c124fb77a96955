import { listing, type Graph } from './graph.ts'
import type { HealthOfAll, NodeHealth } from './health.ts'
import type { Health } from './level.ts'
import { quorumOf, type Quorum } from './quorum.ts'

/** A graph, and how its nodes are. */
export type Standing = { readonly graph: Graph; readonly healths: HealthOfAll }

export type Shift = { readonly node: string; readonly before: Health; readonly after: Health }

/** A group that has more or less to spare than it had; null where it is not there. */
export type ReserveShift = {
  readonly group: string
  readonly before: Quorum | null
  readonly after: Quorum | null
}

export type Difference = {
  readonly worse: readonly Shift[]
  readonly better: readonly Shift[]
  readonly lost: readonly ReserveShift[]
  readonly gained: readonly ReserveShift[]
}

const weight: Readonly<Record<Health, number>> = { up: 0, unknown: 0, degraded: 1, down: 2 }

/** The worse of two; `unknown` is no finding. */
export const worseOf = (one: Health, other: Health): Health => (weight[one] >= weight[other] ? one : other)
export const isWorse = (one: Health, than: Health): boolean => weight[one] > weight[than]

/** How a node is for what stands on it: redundancy that is lost and holds is told of the group, not as being degraded. */
export const feltHealth = (node: NodeHealth | undefined): Health => {
  if (node === undefined) return 'up'
  const { health, because } = node
  if (health !== 'degraded' || because?.by !== 'group') return health
  const { size, down, degraded, need } = because.quorum
  return size - down.length - degraded.length >= need ? 'up' : health
}

/** Where each group stands. */
export const quorumsIn = ({ graph, healths }: Standing): ReadonlyMap<string, Quorum> =>
  new Map(
    graph.groups.map(({ id, size, needed }, at) => {
      const members = [...listing(graph.membership, at)].map(
        (edge) => graph.nodes[graph.edges.supports[edge] ?? -1] ?? '',
      )
      const that = (health: Health): string[] =>
        members.filter((member) => healths.of(member)?.health === health)
      return [id, quorumOf(id, { need: needed, size }, that('down'), that('degraded'))]
    }),
  )

/** What differs between two pictures of the same model. What is not in one of them is up there. */
export const differenceOf = (before: Standing, after: Standing): Difference => {
  const shifts = [...new Set([...before.graph.nodes, ...after.graph.nodes])].map((node): Shift => ({
    node,
    before: feltHealth(before.healths.of(node)),
    after: feltHealth(after.healths.of(node)),
  }))
  const [was, is] = [quorumsIn(before), quorumsIn(after)]
  const reserves = [...new Set([...was.keys(), ...is.keys()])].map((group): ReserveShift => ({
    group,
    before: was.get(group) ?? null,
    after: is.get(group) ?? null,
  }))
  const spare = (quorum: Quorum | null): number => quorum?.spare ?? 0
  return {
    worse: shifts.filter((one) => isWorse(one.after, one.before)),
    better: shifts.filter((one) => isWorse(one.before, one.after)),
    lost: reserves.filter((one) => spare(one.after) < spare(one.before)),
    gained: reserves.filter((one) => spare(one.after) > spare(one.before)),
  }
}
