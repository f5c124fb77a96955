import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { anExample } from '../../../test/random-graph.ts'
import { conesOf } from './cone.ts'
import { graphOf } from './graph.ts'
import { healthOf } from './health.ts'
import type { Health } from './level.ts'

const numRuns = Math.ceil(Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 10_000) / 5)

test('in the cone above a node, everything is as it is in the whole graph', () => {
  fc.assert(
    fc.property(
      anExample,
      fc.nat(),
      fc.constantFrom<Health>('up', 'degraded', 'down'),
      (example, pick, set) => {
        const { nodes, edges, groups, own } = example
        const graph = graphOf(edges, groups, nodes)
        const start = graph.nodes[pick % graph.nodes.length] ?? ''
        const ofAll = (node: string): Health => own.get(node) ?? 'up'
        const before = healthOf(graph, ofAll)
        const { graph: cone, within } = conesOf(graph)([start])
        const changed = (node: string): Health => (node === start ? set : ofAll(node))
        const whole = healthOf(graph, changed)
        const part = healthOf(cone, (node) => (within.has(node) ? changed(node) : before.passedOn(node)))
        for (const node of graph.nodes) {
          if (within.has(node)) expect(part.of(node)?.health).toBe(whole.of(node)?.health)
          // Nothing below or beside it notices.
          else expect(whole.of(node)?.health).toBe(before.of(node)?.health)
        }
      },
    ),
    { numRuns },
  )
})

test('a cone holds what is above, whole groups, and nothing that only stands beside', () => {
  const graph = graphOf(
    [
      { id: '1', dependent: 'shop', support: 'app', strength: 'need', group: null },
      { id: '2', dependent: 'app', support: 'n1', strength: 'need', group: 'pool' },
      { id: '3', dependent: 'app', support: 'n2', strength: 'need', group: 'pool' },
      { id: '4', dependent: 'n2', support: 'rack', strength: 'need', group: null },
      { id: '5', dependent: 'mail', support: 'n2', strength: 'need', group: null },
    ],
    [{ id: 'pool', dependent: 'app', need: { count: 1 } }],
  )
  const { graph: cone, within } = conesOf(graph)(['n1', 'gone'])
  expect([...within].toSorted()).toEqual(['app', 'n1', 'shop'])
  expect(cone.nodes.toSorted()).toEqual(['app', 'n1', 'n2', 'shop'])
  expect(cone.groups).toMatchObject([{ id: 'pool', size: 2, needed: 1 }])
})
