import * as fc from 'fast-check'
import type { Health } from '../src/kernel/impact/level.ts'
import type { Need } from '../src/kernel/impact/quorum.ts'
import type { Edge, Group } from '../src/kernel/impact/relation.ts'

/** A graph as its parts, with what was found out about each node. */
export type Example = {
  readonly nodes: readonly string[]
  readonly edges: readonly Edge[]
  readonly groups: readonly Group[]
  readonly own: ReadonlyMap<string, Health>
}

const aNeed: fc.Arbitrary<Need> = fc.oneof(
  fc.record({ count: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ share: fc.constantFrom(0, 0.01, 0.25, 1 / 3, 0.5, 0.67, 0.75, 1) }),
)

/** Small, dense and careless: cycles, members named twice, nodes that stand on themselves, groups that want more than they have. */
export const anExample: fc.Arbitrary<Example> = fc.integer({ min: 1, max: 9 }).chain((count) => {
  const nodes = Array.from({ length: count }, (_, at) => `n${at}`)
  const aNode = fc.constantFrom(...nodes)
  return fc
    .array(fc.record({ dependent: aNode, need: aNeed }), { maxLength: 4 })
    .map((list) => list.map((group, at): Group => ({ id: `g${at}`, ...group })))
    .chain((groups) => {
      const anEdge = fc.record({
        dependent: aNode,
        support: aNode,
        strength: fc.constantFrom('need', 'need', 'weak'),
      })
      const aPlace = fc.integer({ min: -groups.length - 1, max: groups.length - 1 })
      return fc.record({
        nodes: fc.constant(nodes),
        groups: fc.constant(groups),
        edges: fc.array(fc.tuple(anEdge, aPlace), { maxLength: 3 * count }).map((list) =>
          list.map(([edge, at], place): Edge => {
            const group = groups[at]
            return {
              id: `e${place}`,
              ...edge,
              group: group?.id ?? null,
              ...(group ? { dependent: group.dependent } : {}),
            }
          }),
        ),
        own: fc
          .array(fc.constantFrom<Health>('up', 'up', 'up', 'up', 'up', 'degraded', 'down', 'unknown'), {
            minLength: count,
            maxLength: count,
          })
          .map((list) => new Map(nodes.map((node, at) => [node, list[at] ?? 'up']))),
      })
    })
})

const order = ['up', 'unknown', 'redundancy lost', 'degraded', 'down'] as const
export type Word = (typeof order)[number]

const worst = (words: readonly Word[]): Word => order.findLast((word) => words.includes(word)) ?? 'up'

/**
 * The table of README.md taken literally: everything as well as its own finding says, then every node looked at again and again until nothing
 * changes, or `rounds` times.
 */
export const byTheTable = (
  { nodes, edges, groups, own }: Example,
  rounds = Number.POSITIVE_INFINITY,
): Map<string, Word> => {
  const finding = (node: string): Word => own.get(node) ?? 'up'
  let state = new Map(nodes.map((node) => [node, finding(node)]))
  for (let round = 0; round < rounds; round += 1) {
    const before = state
    const is = (node: string, ...words: readonly Word[]): boolean => words.includes(before.get(node) ?? 'up')
    state = new Map(
      nodes.map((node) => {
        const single = edges.filter((edge) => edge.dependent === node && edge.group === null)
        const verdicts = single.map(({ support, strength }): Word => {
          if (strength === 'weak') return is(support, 'down') ? 'degraded' : 'up'
          if (is(support, 'down')) return 'down'
          return is(support, 'degraded') ? 'degraded' : 'up'
        })
        for (const group of groups.filter(({ dependent }) => dependent === node)) {
          const members = [
            ...new Set(edges.filter((edge) => edge.group === group.id).map(({ support }) => support)),
          ]
          const alive = members.filter((member) => !is(member, 'down'))
          const well = alive.filter((member) => !is(member, 'degraded'))
          // A third of three is one, whatever a computer makes of 1 / 3.
          const share =
            'share' in group.need ? Math.ceil(Number((group.need.share * members.length).toFixed(6))) : 0
          const needed = Math.min('count' in group.need ? group.need.count : share, members.length)
          if (alive.length < needed) verdicts.push('down')
          else if (well.length < needed) verdicts.push('degraded')
          else if (alive.length < members.length) verdicts.push('redundancy lost')
        }
        return [node, worst([finding(node), ...verdicts])]
      }),
    )
    if (nodes.every((node) => state.get(node) === before.get(node))) break
  }
  return state
}

export const shown = (word: Word | undefined): Health =>
  word === undefined || word === 'redundancy lost' ? 'degraded' : word

/** The same with some nodes down and everything else up. */
export const assuming = (example: Example, failed: readonly string[]): Example => ({
  ...example,
  own: new Map(failed.map((node) => [node, 'down'])),
})
