import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anExample, assuming, byTheTable } from '../../../test/random-graph.ts'
import { graphOf, sourceIn } from './graph.ts'
import { rememberingSource, sharesOf } from './joint-loss.ts'
import type { Source } from './relation.ts'

const all = {
  maxDepth: Number.POSITIVE_INFINITY,
  maxNodes: Number.POSITIVE_INFINITY,
  maxEdges: Number.POSITIVE_INFINITY,
}
const weight = { up: 0, unknown: 1, 'redundancy lost': 2, degraded: 3, down: 4 }

const counted = (
  source: ReturnType<typeof sourceIn>,
): { readonly source: Source; readonly asked: string[] } => {
  const asked: string[] = []
  return {
    asked,
    source: {
      dependents: async (nodes, atMost) => {
        asked.push(...nodes)
        return source.dependents(nodes, atMost)
      },
      members: async (groups) => source.members(groups),
    },
  }
}

describe('which single failures suffice', () => {
  const three = ['a', 'b', 'c']
  const edges = three.map((support) => ({
    id: support,
    dependent: 'group',
    support,
    strength: 'need' as const,
    group: 'group',
  }))
  const alsoDirect = { id: 'x', dependent: 'other', support: 'a', strength: 'need' as const, group: null }
  const graph = graphOf([...edges, alsoDirect], [{ id: 'group', dependent: 'group', need: { count: 2 } }])

  test('none for a group that only both together take down, one for what stands on it alone', async () => {
    const shares = await sharesOf(counted(sourceIn(graph)).source, { failed: ['a', 'b'], already: [] }, all)
    expect([shares.aloneFor('group'), shares.aloneFor('other')]).toEqual([[], ['a']])
  })

  test('each of them when another member is down anyway', async () => {
    const { source } = counted(sourceIn(graph))
    const shares = await sharesOf(source, { failed: ['a', 'b'], already: ['c'] }, all)
    expect(shares.aloneFor('group')).toEqual(['a', 'b'])
    expect(shares.isSo('group')).toBe(false)
  })

  test('on any graph, as the table says with each of them alone', async () => {
    const aCase = anExample.chain((example) =>
      fc.tuple(
        fc.constant(example),
        fc.subarray([...example.nodes], { maxLength: Math.min(3, example.nodes.length) }),
        fc.subarray([...example.nodes], { maxLength: Math.min(2, example.nodes.length) }),
      ),
    )
    await fc.assert(
      fc.asyncProperty(aCase, async ([example, failed, already]) => {
        const { source, asked } = counted(sourceIn(graphOf(example.edges, example.groups, example.nodes)))
        const shares = await sharesOf(source, { failed, already }, all)
        const level = (down: readonly string[], node: string): number =>
          weight[byTheTable(assuming(example, down)).get(node) ?? 'up']
        for (const node of example.nodes) {
          const together = level([...failed, ...already], node)
          expect([node, shares.aloneFor(node)]).toEqual([
            node,
            failed.filter((one) => level([one, ...already], node) >= together),
          ])
          expect([node, shares.isSo(node)]).toEqual([node, level(already, node) >= together])
        }
        // Nothing is asked for twice, however many single failures are looked at.
        expect(new Set(asked).size).toBe(asked.length)
      }),
      { numRuns: 2000 },
    )
  })
})

test('an answer that was cut is not taken for the whole', async () => {
  const many = graphOf(
    ['a', 'b', 'c'].map((dependent) => ({
      id: dependent,
      dependent,
      support: 's',
      strength: 'need' as const,
      group: null,
    })),
  )
  const { source, asked } = counted(sourceIn(many))
  const once = rememberingSource(source)
  expect(await once.dependents(['s'], 1)).toHaveLength(2)
  expect(await once.dependents(['s'], 9)).toHaveLength(3)
  expect(await once.dependents(['s'], 9)).toHaveLength(3)
  expect(asked).toEqual(['s', 's'])
})
