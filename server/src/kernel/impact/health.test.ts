import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anExample, byTheTable, shown, type Example } from '../../../test/random-graph.ts'
import { graphFaults, graphOf } from './graph.ts'
import { healthOf } from './health.ts'
import type { Health } from './level.ts'
import { neededOf, type Need } from './quorum.ts'
import type { Edge, Group } from './relation.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 10_000)
// What follows from the table needs fewer graphs than the table itself.
const fewer = Math.ceil(numRuns / 5)

/** `app needs db`, `web uses cdn`, `shop of pool has node-1`: one edge a line, named by its line. */
const drawn = (lines: readonly string[], needs: Readonly<Record<string, Need>> = {}) => {
  const groups = new Map<string, Group>()
  const edges = lines.map((line): Edge => {
    const [dependent = '', verb = '', ...rest] = line.split(' ')
    const edge = { id: line, dependent, support: rest.at(-1) ?? '' }
    if (verb !== 'of') return { ...edge, strength: verb === 'uses' ? 'weak' : 'need', group: null }
    const group = rest[0] ?? ''
    groups.set(group, { id: group, dependent, need: needs[group] ?? { count: 1 } })
    return { ...edge, strength: 'need', group }
  })
  return graphOf(edges, groups.values())
}

const found = (own: Readonly<Record<string, Health>>) => (node: string) => own[node] ?? 'up'

const solved = ({ nodes, edges, groups, own }: Example) =>
  healthOf(graphOf(edges, groups, nodes), (node) => own.get(node) ?? 'up')

describe('what a node needs', () => {
  test('takes it down when it is down, through as many as there are', () => {
    const health = healthOf(drawn(['mail needs app', 'app needs db']), found({ db: 'down' }))
    expect(health.of('mail')).toEqual({
      node: 'mail',
      health: 'down',
      because: { by: 'need', edge: 'mail needs app', support: 'app' },
      quorums: [],
    })
    expect(health.path('mail').map(({ node }) => node)).toEqual(['db', 'app', 'mail'])
    expect(health.troubled()).toEqual(['mail', 'app', 'db'])
  })

  test('degrades it when it is degraded', () => {
    expect(healthOf(drawn(['app needs db']), found({ db: 'degraded' })).of('app')?.health).toBe('degraded')
  })

  test('does not care how those above it are', () => {
    expect(healthOf(drawn(['app needs db']), found({ app: 'down' })).of('db')?.health).toBe('up')
  })

  test('is not made better by the node itself being up, nor the node by what it needs', () => {
    const lines = drawn(['app needs db'])
    expect(healthOf(lines, found({ app: 'up', db: 'down' })).of('app')?.health).toBe('down')
    expect(healthOf(lines, found({ app: 'down', db: 'up' })).of('app')?.because).toEqual({ by: 'own' })
  })
})

describe('what a node uses weakly', () => {
  test('degrades it when it is down, and never takes it down', () => {
    const health = healthOf(drawn(['app uses backup', 'shop needs app']), found({ backup: 'down' }))
    expect(health.of('app')).toMatchObject({ health: 'degraded', because: { by: 'weak', support: 'backup' } })
    expect(health.of('shop')?.health).toBe('degraded')
  })

  test('does nothing when it is degraded, so that one failure does not color a whole network', () => {
    const health = healthOf(drawn(['a uses b', 'b uses c', 'c uses d']), found({ d: 'down' }))
    expect(['c', 'b', 'a'].map((node) => health.of(node)?.health)).toEqual(['degraded', 'up', 'up'])
  })
})

describe('a group of which two of three are needed', () => {
  const graph = drawn(['shop of pool n1', 'shop of pool n2', 'shop of pool n3', 'portal needs shop'], {
    pool: { count: 2 },
  })

  test('is well with all of them', () => {
    expect(healthOf(graph, found({})).of('shop')).toEqual({
      node: 'shop',
      health: 'up',
      because: null,
      quorums: [],
    })
  })

  test('stands with one down: degraded, redundancy lost, none to spare; and what stands on it is well', () => {
    const health = healthOf(graph, found({ n2: 'down' }))
    const quorum = {
      group: 'pool',
      need: 2,
      size: 3,
      alive: 2,
      spare: 0,
      down: ['n2'],
      degraded: [],
    }
    expect(health.of('shop')).toEqual({
      node: 'shop',
      health: 'degraded',
      because: { by: 'group', quorum },
      quorums: [quorum],
    })
    expect(health.of('portal')?.health).toBe('up')
  })

  test('takes its dependent down with two down, and says which', () => {
    const health = healthOf(graph, found({ n1: 'down', n3: 'down' }))
    expect(health.of('shop')).toMatchObject({
      health: 'down',
      because: { by: 'group', quorum: { alive: 1, spare: -1, down: ['n1', 'n3'] } },
    })
    expect(health.path('portal').map(({ node }) => node)).toEqual(['n1', 'shop', 'portal'])
  })

  test('counts a degraded member as alive, and is degraded only when fewer than two are well', () => {
    expect(healthOf(graph, found({ n1: 'degraded' })).of('shop')?.health).toBe('up')
    const health = healthOf(graph, found({ n1: 'degraded', n2: 'degraded' }))
    expect(health.of('shop')).toMatchObject({
      health: 'degraded',
      because: { by: 'group', quorum: { alive: 3, degraded: ['n1', 'n2'] } },
    })
    expect(health.of('portal')?.health).toBe('degraded')
  })

  test('counts a member that is named twice once', () => {
    const twice = drawn(['shop of pool n1', 'shop of pool n1', 'shop of pool n2'], { pool: { count: 2 } })
    expect(twice.groups[0]).toMatchObject({ size: 2, needed: 2 })
    expect(healthOf(twice, found({ n1: 'down' })).of('shop')?.health).toBe('down')
  })
})

test('a member that gets worse twice counts once', () => {
  const graph = drawn(
    [
      'shop of pool n1',
      'shop of pool n2',
      'portal needs shop',
      'n1 uses power',
      'n1 needs rack',
      'rack needs power',
    ],
    { pool: { count: 1 } },
  )
  const health = healthOf(graph, found({ power: 'down' }))
  expect(health.of('shop')?.quorums).toMatchObject([{ alive: 1, spare: 0, down: ['n1'] }])
  expect(health.of('portal')?.health).toBe('up')
})

test('redundancy that was lost is explained by who is down, not by who is degraded', () => {
  const graph = drawn(['shop of pool n1', 'shop of pool n2', 'shop of pool n3', 'n2 needs rack'])
  const health = healthOf(graph, found({ n1: 'degraded', rack: 'down' }))
  expect(health.path('shop').map(({ node }) => node)).toEqual(['rack', 'n2', 'shop'])
})

describe('of several causes at once', () => {
  const causeIn = (lines: readonly string[], own: Readonly<Record<string, Health>>) =>
    healthOf(drawn(lines), found(own)).of('shop')?.because

  test('the smallest support is named, whatever came first', () => {
    const lines = ['shop needs b', 'shop needs a', 'shop of pool c']
    const own = { a: 'down', b: 'down', c: 'down' } as const
    expect(causeIn(lines, own)).toMatchObject({ by: 'need', support: 'a' })
    expect(causeIn(lines.toReversed(), own)).toMatchObject({ by: 'need', support: 'a' })
  })

  test('its own finding comes before all others', () => {
    expect(causeIn(['shop needs a'], { shop: 'down', a: 'down' })).toEqual({ by: 'own' })
  })
})

describe('how many a group needs', () => {
  test('is a share rounded up, without a computer adding one by itself', () => {
    expect(neededOf({ share: 0.5 }, 3)).toBe(2)
    expect(neededOf({ share: 0.67 }, 3)).toBe(3)
    expect(neededOf({ share: 1 / 3 }, 3)).toBe(1)
    expect(neededOf({ share: 0.07 }, 100)).toBe(7)
    expect(neededOf({ share: 0.01 }, 3)).toBe(1)
  })

  test('is never more than it has, and the graph says that somebody wrote so', () => {
    const graph = drawn(['shop of pool n1', 'shop of pool n2'], { pool: { count: 3 } })
    expect(healthOf(graph, found({})).of('shop')?.health).toBe('up')
    expect(graphFaults(graph)).toEqual([
      { kind: 'needs_more_than_it_has', group: 'pool', wanted: 3, size: 2 },
    ])
  })

  test('of none is never short', () => {
    const graph = graphOf([], [{ id: 'pool', dependent: 'shop', need: { count: 1 } }], ['shop'])
    expect(healthOf(graph, found({})).of('shop')?.health).toBe('up')
    expect(graphFaults(graph)).toEqual([{ kind: 'no_members', group: 'pool' }])
  })
})

describe('what nobody found out', () => {
  test('is shown on the node, counts as alive, and is not passed on', () => {
    const graph = drawn(['shop needs app', 'app of pool n1', 'app of pool n2'], { pool: { count: 2 } })
    const health = healthOf(graph, found({ n1: 'unknown', n2: 'unknown' }))
    expect(['n1', 'app', 'shop'].map((node) => health.of(node)?.health)).toEqual(['unknown', 'up', 'up'])
  })

  test('gives way to what is known from below', () => {
    expect(healthOf(drawn(['app needs db']), found({ app: 'unknown', db: 'down' })).of('app')?.health).toBe(
      'down',
    )
  })
})

describe('a cycle', () => {
  test('does not take itself down', () => {
    expect(healthOf(drawn(['a needs b', 'b needs c', 'c needs a']), found({})).troubled()).toEqual([])
  })

  test('goes down from outside, and the explanation ends outside', () => {
    const health = healthOf(drawn(['a needs b', 'b needs c', 'c needs a', 'b needs d']), found({ d: 'down' }))
    expect(health.path('c').map(({ node }) => node)).toEqual(['d', 'b', 'a', 'c'])
  })

  test('of one is a node that stands on itself, which is said', () => {
    const graph = drawn(['a needs a'])
    expect(healthOf(graph, found({})).of('a')?.health).toBe('up')
    expect(graphFaults(graph)).toEqual([{ kind: 'stands_on_itself', edge: 'a needs a', node: 'a' }])
  })
})

test('a graph refuses an edge in a group that is not there or is somebody else’s', () => {
  const edge: Edge = { id: 'e', dependent: 'shop', support: 'n1', strength: 'need', group: 'pool' }
  expect(() => graphOf([edge])).toThrow('The group pool is not there.')
  expect(() => graphOf([edge], [{ id: 'pool', dependent: 'portal', need: { count: 1 } }])).toThrow(
    'The group pool does not belong to shop.',
  )
})

describe('on any graph', () => {
  test('health is what the table says, taken literally', () => {
    fc.assert(
      fc.property(anExample, (example) => {
        const [expected, health] = [byTheTable(example), solved(example)]
        expect(example.nodes.map((node) => health.of(node)?.health)).toEqual(
          example.nodes.map((node) => shown(expected.get(node))),
        )
        expect(health.troubled()).toEqual(
          example.nodes.filter((node) => ['degraded', 'down'].includes(shown(expected.get(node)))),
        )
      }),
      { numRuns },
    )
  })

  test('every explanation leads step by step from a finding to the node, and its numbers are true', () => {
    fc.assert(
      fc.property(anExample, (example) => {
        const [expected, health] = [byTheTable(example), solved(example)]
        const among = (group: string, word: string) =>
          [...new Set(example.edges.filter((edge) => edge.group === group).map(({ support }) => support))]
            .filter((node) => expected.get(node) === word)
            .sort()
        for (const node of example.nodes) {
          const [path, { because, quorums } = { because: null, quorums: [] }] = [
            health.path(node),
            health.of(node),
          ]
          expect(path.at(-1)?.because ?? null).toEqual(because)
          expect(because === null).toBe(expected.get(node) === 'up')
          path.forEach((step, at) => {
            const before = path[at - 1]?.node ?? ''
            expect(step.health).toBe(shown(expected.get(step.node)))
            if (step.because.by === 'own') {
              expect(at).toBe(0)
              expect(example.own.get(step.node)).toBe(step.health)
            } else if (step.because.by === 'group') {
              const { quorum } = step.because
              const counted =
                expected.get(step.node) === 'degraded' ? [...quorum.down, ...quorum.degraded] : quorum.down
              expect(counted).toContain(before)
            } else {
              expect(step.because.support).toBe(before)
              const { edge } = step.because
              expect(example.edges.find(({ id }) => id === edge)).toMatchObject({
                dependent: step.node,
                support: before,
              })
            }
          })
          for (const quorum of quorums) {
            expect(quorum.down).toEqual(among(quorum.group, 'down'))
            expect(quorum.degraded).toEqual(among(quorum.group, 'degraded'))
            expect(quorum.spare).toBe(quorum.size - quorum.down.length - quorum.need)
          }
        }
      }),
      { numRuns: fewer },
    )
  })

  test('the answer does not depend on the order in which the graph was told', () => {
    fc.assert(
      fc.property(
        anExample.chain((example) =>
          fc.tuple(
            fc.constant(example),
            fc.shuffledSubarray([...example.edges], { minLength: example.edges.length }),
            fc.shuffledSubarray([...example.nodes], { minLength: example.nodes.length }),
            fc.shuffledSubarray([...example.groups], { minLength: example.groups.length }),
          ),
        ),
        ([example, edges, nodes, groups]) => {
          const [one, other] = [solved(example), solved({ ...example, edges, nodes, groups })]
          for (const node of nodes) {
            expect(other.of(node)).toEqual(one.of(node))
            expect(other.path(node)).toEqual(one.path(node))
          }
        },
      ),
      { numRuns: fewer },
    )
  })

  test('nothing gets better when a node gets worse', () => {
    const order = ['up', 'unknown', 'degraded', 'down']
    fc.assert(
      fc.property(anExample, fc.nat(), fc.constantFrom<Health>('degraded', 'down'), (example, pick, to) => {
        const node = example.nodes[pick % example.nodes.length] ?? ''
        fc.pre(order.indexOf(example.own.get(node) ?? 'up') < order.indexOf(to))
        const [before, after] = [
          solved(example),
          solved({ ...example, own: new Map(example.own).set(node, to) }),
        ]
        for (const one of example.nodes)
          expect(order.indexOf(after.of(one)?.health ?? '')).toBeGreaterThanOrEqual(
            order.indexOf(before.of(one)?.health ?? ''),
          )
      }),
      { numRuns: fewer },
    )
  })

  test('without a finding nothing is wrong, whatever circles there are', () => {
    fc.assert(
      fc.property(anExample, (example) => {
        expect(solved({ ...example, own: new Map() }).troubled()).toEqual([])
      }),
      { numRuns: fewer },
    )
  })
})
