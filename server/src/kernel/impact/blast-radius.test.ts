import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blastRadius, blastRadiusIn } from './blast-radius.ts'
import { anExample, assuming, byTheTable, type Example } from '../../../test/random-graph.ts'
import { graphOf, sourceIn } from './graph.ts'
import { jointLoss, jointLossIn } from './joint-loss.ts'
import type { Edge, Group, Source, SteadySource } from './relation.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 10_000)
// What follows from the table needs fewer graphs than the table itself.
const fewer = Math.ceil(numRuns / 5)
const all = {
  maxDepth: Number.POSITIVE_INFINITY,
  maxNodes: Number.POSITIVE_INFINITY,
  maxEdges: Number.POSITIVE_INFINITY,
}

const held = ({ nodes, edges, groups }: Example) => sourceIn(graphOf(edges, groups, nodes))

/** A source as a database is one: it answers later, in an order of its own, no more than it was asked for. */
const remote = (source: SteadySource): { source: Source; asked: string[][] } => {
  const asked: string[][] = []
  return {
    asked,
    source: {
      dependents: async (nodes, atMost) => {
        asked.push([...nodes])
        return Promise.resolve(source.dependents(nodes, atMost).toReversed())
      },
      members: async (groups) => Promise.resolve(source.members(groups).toReversed()),
    },
  }
}

const needs = (dependent: string, support: string): Edge => ({
  id: `${dependent} needs ${support}`,
  dependent,
  support,
  strength: 'need',
  group: null,
})
const pool = (
  dependent: string,
  count: number,
  members: readonly string[],
): { group: Group; edges: Edge[] } => ({
  group: { id: `pool of ${dependent}`, dependent, need: { count } },
  edges: members.map((support) => ({ ...needs(dependent, support), group: `pool of ${dependent}` })),
})

describe('the blast radius of a node of a cluster', () => {
  const cluster = pool('cluster', 2, ['n1', 'n2', 'n3'])
  const source = sourceIn(
    graphOf(
      [...cluster.edges, needs('database', 'cluster'), needs('n1', 'rack'), needs('n2', 'rack')],
      [cluster.group],
    ),
  )

  test('ends at the cluster, which is at risk and says that nothing is to spare', () => {
    expect(blastRadiusIn(source, ['n1'], all)).toEqual({
      failed: ['n1'],
      affected: [],
      atRisk: [
        {
          node: 'cluster',
          hops: 1,
          quorums: [
            { group: 'pool of cluster', need: 2, size: 3, alive: 2, spare: 0, down: ['n1'], degraded: [] },
          ],
        },
      ],
      reduced: [],
      cut: null,
    })
  })

  test('of the rack both stand in goes through it, with one way that explains it', () => {
    const { affected, atRisk } = blastRadiusIn(source, ['rack'], all)
    expect(affected.map(({ node, health, hops }) => [node, health, hops])).toEqual([
      ['n1', 'down', 1],
      ['n2', 'down', 1],
      ['cluster', 'down', 2],
      ['database', 'down', 3],
    ])
    expect(affected.at(-1)?.path.map(({ node }) => node)).toEqual(['rack', 'n1', 'cluster', 'database'])
    expect(affected.at(-2)?.because).toMatchObject({ by: 'group', quorum: { alive: 1, down: ['n1', 'n2'] } })
    expect(atRisk).toEqual([])
  })

  test('with some to spare is only reduced', () => {
    const wide = pool('cluster', 1, ['n1', 'n2', 'n3'])
    const { atRisk, reduced } = blastRadiusIn(sourceIn(graphOf(wide.edges, [wide.group])), ['n1'], all)
    expect(atRisk).toEqual([])
    expect(reduced).toMatchObject([{ node: 'cluster', quorums: [{ spare: 1 }] }])
  })

  test('says where it stopped, in depth, nodes and edges', () => {
    const cutBy = (caps: Partial<typeof all>) => {
      const { affected, cut } = blastRadiusIn(source, ['rack'], { ...all, ...caps })
      return { nodes: affected.map(({ node }) => node), cut }
    }
    expect(cutBy({ maxDepth: 1 })).toEqual({ nodes: ['n1', 'n2'], cut: { by: 'depth', at: 1 } })
    expect(cutBy({ maxDepth: 3 })).toEqual({ nodes: ['n1', 'n2', 'cluster', 'database'], cut: null })
    expect(cutBy({ maxNodes: 1 })).toEqual({ nodes: ['n1'], cut: { by: 'nodes', at: 1 } })
    expect(cutBy({ maxEdges: 2 })).toEqual({ nodes: ['n1', 'n2'], cut: { by: 'edges', at: 2 } })
    expect(cutBy({ maxDepth: 0 })).toEqual({ nodes: [], cut: { by: 'depth', at: 0 } })
  })

  test('asks a database once a hop, and for nobody twice', async () => {
    const { source: database, asked } = remote(source)
    expect(await blastRadius(database, ['rack'], all)).toEqual(blastRadiusIn(source, ['rack'], all))
    expect(asked).toEqual([['rack'], ['n1', 'n2'], ['cluster'], ['database']])
  })
})

describe('on the way outwards', () => {
  const weak = (dependent: string, support: string): Edge => ({
    ...needs(dependent, support),
    strength: 'weak',
  })

  test('a node that gets worse twice is asked for once, and counts once in its group', async () => {
    const members = pool('shop', 1, ['n1', 'n2'])
    const source = sourceIn(
      graphOf(
        [
          ...members.edges,
          needs('portal', 'shop'),
          weak('n1', 'power'),
          needs('n1', 'rack'),
          needs('rack', 'power'),
        ],
        [members.group],
      ),
    )
    const { source: database, asked } = remote(source)
    const { affected, atRisk } = await blastRadius(database, ['power'], all)
    expect(affected.map(({ node, health, hops }) => [node, health, hops])).toEqual([
      ['rack', 'down', 1],
      ['n1', 'down', 2],
    ])
    expect(atRisk).toMatchObject([{ node: 'shop', quorums: [{ spare: 0, down: ['n1'], degraded: [] }] }])
    expect(asked).toEqual([['power'], ['rack', 'n1']])
  })

  test('of several causes at once the smallest support is named, whatever came first', () => {
    const edges = [needs('shop', 'b'), needs('shop', 'a')]
    for (const order of [edges, edges.toReversed()])
      expect(blastRadiusIn(sourceIn(graphOf(order)), ['b', 'a'], all).affected[0]?.because).toMatchObject({
        support: 'a',
      })
  })
})

test('a cap is stated when only what is known already would go on', () => {
  // What n1 leads to was asked for when it was degraded; at the second hop it goes down, and nothing new has to be asked.
  const source = sourceIn(
    graphOf([
      { ...needs('n1', 'power'), id: 'weak', strength: 'weak' },
      needs('n1', 'rack'),
      needs('rack', 'power'),
      { ...needs('shop', 'n1'), strength: 'weak' },
    ]),
  )
  expect(blastRadiusIn(source, ['power'], { ...all, maxDepth: 2 })).toMatchObject({
    affected: [{ node: 'rack' }, { node: 'n1' }],
    cut: { by: 'depth', at: 2 },
  })
  expect(blastRadiusIn(source, ['power'], { ...all, maxDepth: 3 })).toMatchObject({
    affected: [{ node: 'rack' }, { node: 'n1' }, { node: 'shop', health: 'degraded' }],
    cut: null,
  })
})

describe('two sets together', () => {
  const cluster = pool('cluster', 2, ['n1', 'n2', 'n3'])
  const source = sourceIn(graphOf([...cluster.edges, needs('database', 'cluster')], [cluster.group]))

  test('take down what each alone leaves standing', () => {
    const { lost, cut } = jointLossIn(source, { one: ['n1'], other: ['n2'] }, all)
    expect(lost.map(({ node }) => node)).toEqual(['cluster', 'database'])
    expect(lost[0]?.quorums).toMatchObject([{ alive: 1, spare: -1, down: ['n1', 'n2'] }])
    expect(cut).toBeNull()
  })

  test('lose nothing jointly when one of them does it by itself, or what is down already does', () => {
    expect(jointLossIn(source, { one: ['n1', 'n2'], other: ['n3'] }, all).lost).toEqual([])
    expect(jointLossIn(source, { one: ['n1'], other: ['n2'], already: ['n3'] }, all).lost).toEqual([])
  })

  test('have their cap said', () => {
    expect(jointLossIn(source, { one: ['n1'], other: ['n2'] }, { ...all, maxDepth: 1 }).cut).toEqual({
      by: 'depth',
      at: 1,
    })
  })
})

const someOf = (nodes: readonly string[]) => fc.subarray([...nodes], { maxLength: Math.min(3, nodes.length) })
const aFailure = anExample.chain((example) => fc.tuple(fc.constant(example), someOf(example.nodes)))
const threeSets = anExample.chain((example) =>
  fc.tuple(fc.constant(example), someOf(example.nodes), someOf(example.nodes), someOf(example.nodes)),
)

describe('on any graph', () => {
  test('the blast radius is what the table says with the failed nodes down', () => {
    fc.assert(
      fc.property(aFailure, ([example, failed]) => {
        const expected = byTheTable(assuming(example, failed))
        const names = (...words: readonly string[]) =>
          example.nodes.filter((node) => !failed.includes(node) && words.includes(expected.get(node) ?? ''))
        const { affected, atRisk, reduced, cut } = blastRadiusIn(held(example), failed, all)
        expect(cut).toBeNull()
        expect(
          affected
            .filter(({ health }) => health === 'down')
            .map(({ node }) => node)
            .sort(),
        ).toEqual(names('down'))
        expect(
          affected
            .filter(({ health }) => health === 'degraded')
            .map(({ node }) => node)
            .sort(),
        ).toEqual(names('degraded'))
        expect([...atRisk, ...reduced].map(({ node }) => node).sort()).toEqual(names('redundancy lost'))
        for (const { quorums } of atRisk) expect(Math.min(...quorums.map(({ spare }) => spare))).toBe(0)
        for (const { quorums } of reduced)
          expect(Math.min(...quorums.map(({ spare }) => spare))).toBeGreaterThan(0)
        for (const { path, node, hops, because } of affected) {
          expect(failed).toContain(path[0]?.node)
          expect(path.at(-1)).toMatchObject({ node, because })
          path.slice(1).forEach((step, at) => {
            const before = path[at]?.node ?? ''
            if (step.because.by !== 'group') expect(step.because).toMatchObject({ support: before })
            else {
              const { down, degraded } = step.because.quorum
              expect(step.health === 'down' ? down : [...down, ...degraded]).toContain(before)
            }
          })
          expect(path.length - 1).toBeLessThanOrEqual(hops)
        }
      }),
      { numRuns },
    )
  })

  test('one more failure in the group takes down every node that is at risk', () => {
    fc.assert(
      fc.property(aFailure, ([example, failed]) => {
        for (const { node, quorums } of blastRadiusIn(held(example), failed, all).atRisk) {
          const spent = quorums.find(({ spare }) => spare === 0)
          const left = example.edges.find(
            ({ group, support }) => group === spent?.group && !spent?.down.includes(support),
          )
          // A group that needs none of its members loses nothing more.
          if (left === undefined) continue
          expect(byTheTable(assuming(example, [...failed, left.support])).get(node)).toBe('down')
        }
      }),
      { numRuns: fewer },
    )
  })

  test('a database that answers in its own order gives the same answer as memory', async () => {
    await fc.assert(
      fc.asyncProperty(aFailure, async ([example, failed]) => {
        const source = held(example)
        const { source: database, asked } = remote(source)
        expect(await blastRadius(database, failed, all)).toEqual(blastRadiusIn(source, failed, all))
        expect(asked.flat().length).toBe(new Set(asked.flat()).size)
        for (const maxDepth of [0, 1, 2])
          expect(await blastRadius(database, failed, { ...all, maxDepth })).toEqual(
            blastRadiusIn(source, failed, { ...all, maxDepth }),
          )
      }),
      { numRuns: fewer },
    )
  })

  test('a cap of n hops gives what the table says after n rounds, and is stated when there is more', () => {
    fc.assert(
      fc.property(aFailure, fc.nat({ max: 4 }), ([example, failed], maxDepth) => {
        const after = byTheTable(assuming(example, failed), maxDepth)
        const whole = blastRadiusIn(held(example), failed, all)
        const answer = blastRadiusIn(held(example), failed, { ...all, maxDepth })
        const down = (word: string) =>
          example.nodes.filter((node) => !failed.includes(node) && after.get(node) === word)
        expect(
          answer.affected
            .filter(({ health }) => health === 'down')
            .map(({ node }) => node)
            .sort(),
        ).toEqual(down('down'))
        expect([...answer.atRisk, ...answer.reduced].map(({ node }) => node).sort()).toEqual(
          down('redundancy lost'),
        )
        if (answer.cut === null) expect(answer).toEqual(whole)
        else expect(answer.cut).toEqual({ by: 'depth', at: maxDepth })
      }),
      { numRuns },
    )
  })

  test('a cap on nodes or edges names only what is true, and says so when something is missing', () => {
    const order = ['up', 'degraded', 'down']
    fc.assert(
      fc.property(
        aFailure,
        fc.record({ maxNodes: fc.nat({ max: 6 }), maxEdges: fc.nat({ max: 12 }) }),
        ([example, failed], caps) => {
          const whole = blastRadiusIn(held(example), failed, all)
          const answer = blastRadiusIn(held(example), failed, { ...all, ...caps })
          const named = [...answer.affected, ...answer.atRisk, ...answer.reduced]
          expect(named.length).toBeLessThanOrEqual(caps.maxNodes)
          const truth = new Map(whole.affected.map(({ node, health }) => [node, order.indexOf(health)]))
          for (const { node, health } of answer.affected)
            expect(truth.get(node)).toBeGreaterThanOrEqual(order.indexOf(health))
          if (answer.cut === null) expect(answer).toEqual(whole)
        },
      ),
      { numRuns: fewer },
    )
  })

  test('what two sets lose jointly is what the table takes down with both and with neither alone', async () => {
    await fc.assert(
      fc.asyncProperty(threeSets, async ([example, one, other, already]) => {
        const isDown = (failed: readonly string[]) => {
          const state = byTheTable(assuming(example, failed))
          return (node: string) => state.get(node) === 'down'
        }
        const [byOne, byOther, byBoth] = [
          isDown([...one, ...already]),
          isDown([...other, ...already]),
          isDown([...one, ...other, ...already]),
        ]
        const source = held(example)
        const loss = jointLossIn(source, { one, other, already }, all)
        expect(loss.lost.map(({ node }) => node).sort()).toEqual(
          example.nodes.filter((node) => byBoth(node) && !byOne(node) && !byOther(node)),
        )
        expect(await jointLoss(remote(source).source, { one, other, already }, all)).toEqual(loss)
      }),
      { numRuns },
    )
  })
})
