import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { anExample, byTheTable, shown } from '../../../test/random-graph.ts'
import { graphOf } from './graph.ts'
import { recoveryIn, type Passing } from './recovery.ts'

const at = (hour: number): string => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()

test('two of three nodes are down until different times: the service is back with the first of them', () => {
  const edges = ['a', 'b', 'c'].map((support) => ({
    id: support,
    dependent: 'group',
    support,
    strength: 'need' as const,
    group: 'group',
  }))
  const needs = { id: 'x', dependent: 'service', support: 'group', strength: 'need' as const, group: null }
  const graph = graphOf([...edges, needs], [{ id: 'group', dependent: 'group', need: { count: 2 } }])
  const until = recoveryIn(
    graph,
    new Map<string, Passing>([
      ['a', { health: 'down', until: at(6) }],
      ['b', { health: 'down', until: at(4) }],
    ]),
  )
  expect(['service', 'group', 'a', 'b', 'c'].map(until)).toEqual([at(4), at(4), at(6), at(4), null])
})

test('agrees with looking at every hour, on any graph', () => {
  const weight = { up: 0, unknown: 0, degraded: 1, down: 2 }
  fc.assert(
    fc.property(
      anExample,
      fc.array(fc.option(fc.integer({ min: 1, max: 5 })), { minLength: 9, maxLength: 9 }),
      (example, hours) => {
        const findings = new Map(
          example.nodes.flatMap((node, place): [string, Passing][] => {
            const health = example.own.get(node) ?? 'up'
            const hour = hours[place] ?? null
            return health === 'up' ? [] : [[node, { health, until: hour === null ? null : at(hour) }]]
          }),
        )
        const until = recoveryIn(graphOf(example.edges, example.groups, example.nodes), findings)
        const healthAt = (hour: number): ReadonlyMap<string, keyof typeof weight> => {
          const own = new Map(
            [...findings]
              .filter(([, one]) => one.until === null || one.until > at(hour))
              .map(([node, { health }]) => [node, health]),
          )
          const words = byTheTable({ ...example, own })
          return new Map(
            example.nodes.map((node) => [node, words.get(node) === 'up' ? 'up' : shown(words.get(node))]),
          )
        }
        const now = healthAt(0)
        for (const node of example.nodes) {
          const hour = [1, 2, 3, 4, 5].find(
            (one) => weight[healthAt(one).get(node) ?? 'up'] < weight[now.get(node) ?? 'up'],
          )
          expect([node, until(node)]).toEqual([node, hour === undefined ? null : at(hour)])
        }
      },
    ),
    { numRuns: 500 },
  )
})
