import type { RelationType } from '@evenkeel/contract/item'
import type { BranchStepDraft } from '@evenkeel/contract/item-branch'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { graphOf } from '../../kernel/impact/graph.ts'
import { differenceOf, feltHealth, quorumsIn } from '../../kernel/impact/difference.ts'
import { healthOf } from '../../kernel/impact/health.ts'
import { isInEffect, overlayOf, type PlannedStep } from './branch.overlay.ts'
import { contradictionsIn } from './branch.words.ts'
import { edgeOf, needOf } from './graph.edges.ts'
import { graphOver, overlaid, remembered, sourceOver, type ModelRows } from './graph.rows.ts'
import type { Related } from './graph.source.ts'
import { carries } from './item.carries.ts'
import type { ItemRow } from './item.repo.ts'
import { endsOf } from './relation.words.ts'

type Model = { readonly items: ReadonlyMap<string, ItemRow>; readonly relations: readonly Related[] }

const item = (id: string, state: ItemRow['state'], need: number | undefined): ItemRow => ({
  id,
  class: 'server',
  name: id,
  state,
  values: need === undefined ? {} : { members_needed: need },
  missing: 0,
  ownerId: null,
  supportTeamId: null,
  criticality: null,
  mergedIntoId: null,
  version: 1,
  createdAt: '',
  updatedAt: '',
})

const types = ['depends_on', 'member_of', 'member_of', 'connected_to', 'backed_up_by'] as const
const at = (hour: number): string => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()
const relation = (id: string, type: RelationType, from: string, to: string): Related => ({
  id,
  type,
  ...endsOf(type, from, to),
  source: 'hand',
  validFrom: '',
  validTo: null,
})

/** Small, dense and careless models with cycles, and plans of all kinds for them, of two branches, some over already, some to come. */
const anExample = fc.integer({ min: 2, max: 8 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, n) => `n${n}`)
  const anId = fc.constantFrom(...ids)
  const aLine = fc.record({ type: fc.constantFrom(...types), from: anId, to: anId })
  const aDraft = (lines: number): fc.Arbitrary<BranchStepDraft> =>
    fc.oneof(
      fc.record({
        kind: fc.constant('down' as const),
        itemId: anId,
        effect: fc.constantFrom('down' as const, 'degraded' as const),
        reason: fc.constant(''),
      }),
      fc.record({
        kind: fc.constant('move' as const),
        itemId: anId,
        action: fc.constantFrom('retire' as const, 'put_in_use' as const, 'send_to_repair' as const),
      }),
      fc.record({
        kind: fc.constant('quorum' as const),
        itemId: anId,
        need: fc.oneof(
          fc.record({ count: fc.integer({ min: 0, max: 4 }) }),
          fc.record({ percent: fc.constantFrom(0, 50, 100) }),
        ),
      }),
      fc.record({
        kind: fc.constant('relate' as const),
        fromId: anId,
        type: fc.constantFrom(...types),
        toId: anId,
      }),
      fc.nat(Math.max(lines - 1, 0)).map((n) => ({ kind: 'unrelate' as const, relationId: `r${n}` })),
    )
  return fc
    .record({
      items: fc.array(
        fc.tuple(
          fc.constantFrom<ItemRow['state']>('in_use', 'in_use', 'in_use', 'planned', 'retired', 'in_repair'),
          fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
        ),
        { minLength: count, maxLength: count },
      ),
      lines: fc.array(aLine, { minLength: 1, maxLength: 3 * count }),
    })
    .chain(({ items, lines }) => {
      const seen = new Set<string>()
      const relations = lines
        .filter(({ type, from, to }) => {
          const { belowId, aboveId } = endsOf(type, from, to)
          const place = `${type} ${belowId} ${aboveId}`
          return from !== to && !seen.has(place) && seen.add(place)
        })
        .map(({ type, from, to }, n) => relation(`r${n}`, type, from, to))
      const model: Model = {
        items: new Map(ids.map((id, n) => [id, item(id, ...(items[n] ?? ['in_use', undefined]))])),
        relations,
      }
      const aStep = fc.record({
        draft: aDraft(relations.length),
        branch: fc.constantFrom('A', 'B'),
        from: fc.integer({ min: 0, max: 6 }),
        length: fc.integer({ min: 1, max: 6 }),
      })
      return fc.record({
        model: fc.constant(model),
        steps: fc
          .array(aStep, { maxLength: 7 })
          .map((list) => list.flatMap((one, n) => planned(model, one, n))),
        hour: fc.integer({ min: 0, max: 12 }),
      })
    })
})

const planned = (
  { relations }: Model,
  {
    draft,
    branch,
    from,
    length,
  }: {
    readonly draft: BranchStepDraft
    readonly branch: string
    readonly from: number
    readonly length: number
  },
  n: number,
): PlannedStep[] => {
  const step = {
    id: `s${n}`,
    branchId: branch,
    document: draft,
    from: at(from),
    until: draft.kind === 'down' ? at(from + length) : null,
  }
  if (draft.kind === 'make') return []
  if (draft.kind === 'relate')
    return draft.fromId === draft.toId
      ? []
      : [{ ...step, itemId: draft.fromId, otherId: draft.toId, basis: {} }]
  if (draft.kind !== 'unrelate') return [{ ...step, itemId: draft.itemId, otherId: null, basis: {} }]
  const found = relations.find(({ id }) => id === draft.relationId)
  return found === undefined
    ? []
    : [{ ...step, itemId: found.aboveId, otherId: found.belowId, basis: { relation: found } }]
}

/** The steps done to a copy of everything, one after the other, and the whole graph looked at. */
const byHand = (model: Model, steps: readonly PlannedStep[], now: string) => {
  const items = new Map([...model.items].map(([id, row]) => [id, { ...row, values: { ...row.values } }]))
  let relations = [...model.relations]
  const own = new Map<string, 'down' | 'degraded'>()
  const hit = (id: string, health: 'down' | 'degraded'): void => {
    if (own.get(id) !== 'down') own.set(id, health)
  }
  const active = steps.filter((step) => isInEffect(step, now))
  const order = active.toSorted((a, b) =>
    a.from === b.from ? (a.id < b.id ? -1 : 1) : a.from < b.from ? -1 : 1,
  )
  for (const { id, document: draft } of order) {
    if (draft.kind === 'down') hit(draft.itemId, draft.effect)
    const row = 'itemId' in draft ? items.get(draft.itemId) : undefined
    if (draft.kind === 'move' && row !== undefined)
      items.set(row.id, {
        ...row,
        state: draft.action === 'retire' ? 'retired' : draft.action === 'put_in_use' ? 'in_use' : 'in_repair',
      })
    if (draft.kind === 'quorum' && row !== undefined)
      items.set(row.id, {
        ...row,
        values:
          'count' in draft.need
            ? { members_needed: draft.need.count }
            : { members_needed_share: draft.need.percent },
      })
    if (draft.kind === 'relate') {
      const line = relation(id, draft.type, draft.fromId, draft.toId)
      const same = (one: Related): boolean =>
        one.type === line.type && one.belowId === line.belowId && one.aboveId === line.aboveId
      if (!relations.some(same)) relations.push(line)
    }
  }
  // What ends, ends whoever says first that it does; what another step says of the same two is there all the same.
  const ended = new Set(
    order.flatMap(({ document: draft }) => (draft.kind === 'unrelate' ? [draft.relationId] : [])),
  )
  relations = relations.filter(({ id }) => !ended.has(id))
  for (const { id, document: draft } of order)
    if (draft.kind === 'relate') {
      const line = relation(id, draft.type, draft.fromId, draft.toId)
      if (
        !relations.some(
          (one) => one.type === line.type && one.belowId === line.belowId && one.aboveId === line.aboveId,
        )
      )
        relations.push(line)
    }
  const counts = (id: string): boolean => {
    const [was, is] = [model.items.get(id), items.get(id)]
    return (is !== undefined && carries(is)) || (was !== undefined && carries(was))
  }
  for (const [id, row] of items) {
    const was = model.items.get(id)
    if (was === undefined) continue
    if (carries(was) && !carries(row)) hit(id, 'down')
    if (was.state !== 'in_repair' && row.state === 'in_repair') hit(id, 'down')
  }
  const lines = relations.filter(
    (one) =>
      one.type !== 'backed_up_by' && counts(one.aboveId) && (one.type !== 'member_of' || counts(one.belowId)),
  )
  const groups = [...items.values()].map(({ id, values }) => ({
    id,
    dependent: id,
    need: needOf(values).need,
  }))
  const graph = graphOf(lines.map(edgeOf), groups, items.keys())
  return { graph, healths: healthOf(graph, (id) => own.get(id) ?? 'up') }
}

const rowsOf = ({ items, relations }: Model): ModelRows => ({
  items: async (ids) => new Map([...items].filter(([id]) => ids.includes(id))),
  relations: async (end, ids, most) =>
    relations.filter((one) => ids.includes(end === 'below' ? one.belowId : one.aboveId)).slice(0, most),
})

const caps = { hops: 100, edges: 10_000 }

describe('a plan laid over a model', () => {
  test('gives what the same steps do to a copy of it, on any graph, at any time, and leaves the model as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anExample, async ({ model, steps, hour }) => {
        const before = JSON.stringify([[...model.items], model.relations])
        const now = at(hour)
        const plan = overlayOf(steps, now, model.items)
        const rows = overlaid(remembered(rowsOf(model)), plan)
        const { graph } = await graphOver(sourceOver(rows, plan.gone), rows.items, plan.touched, caps, plan)
        const healths = healthOf(graph, (id) => plan.downs.get(id)?.health ?? 'up')
        const hand = byHand(model, steps, now)
        for (const id of model.items.keys())
          expect([id, healths.of(id)?.health ?? 'up']).toEqual([id, hand.healths.of(id)?.health ?? 'up'])
        const [ours, theirs] = [quorumsIn({ graph, healths }), quorumsIn(hand)]
        for (const [id, { need, size, alive, spare }] of ours)
          expect([id, { need, size, alive, spare }]).toMatchObject([
            id,
            (({ need: n, size: s, alive: a, spare: p }) => ({ need: n, size: s, alive: a, spare: p }))(
              theirs.get(id) ?? { need: 0, size: 0, alive: 0, spare: 0 },
            ),
          ])
        expect(JSON.stringify([[...model.items], model.relations])).toBe(before)
      }),
      { numRuns: 5000 },
    )
  })

  test('differs from the present model exactly where the whole of both pictures differs', async () => {
    await fc.assert(
      fc.asyncProperty(anExample, async ({ model, steps, hour }) => {
        const plan = overlayOf(steps, at(hour), model.items)
        const base = remembered(rowsOf(model))
        const picture = async (rows: ModelRows, gone: ReadonlySet<string>, own: boolean) => {
          const { graph } = await graphOver(sourceOver(rows, gone), rows.items, plan.touched, caps, {
            groups: plan.groups,
            gone,
          })
          return {
            graph,
            healths: healthOf(graph, (id) => (own ? (plan.downs.get(id)?.health ?? 'up') : 'up')),
          }
        }
        const found = differenceOf(
          await picture(base, new Set(), false),
          await picture(overlaid(base, plan), plan.gone, true),
        )
        const [was, is] = [byHand(model, [], at(0)), byHand(model, steps, at(hour))]
        const worse = [...model.items.keys()].filter((id) => {
          const weight = { up: 0, unknown: 0, degraded: 1, down: 2 }
          return weight[feltHealth(is.healths.of(id))] > weight[feltHealth(was.healths.of(id))]
        })
        expect(found.worse.map(({ node }) => node).toSorted()).toEqual(worse.toSorted())
        const [before, after] = [quorumsIn(was), quorumsIn(is)]
        const lost = [...model.items.keys()].filter(
          (id) => (after.get(id)?.spare ?? 0) < (before.get(id)?.spare ?? 0),
        )
        expect(found.lost.map(({ group }) => group).toSorted()).toEqual(lost.toSorted())
      }),
      { numRuns: 2000 },
    )
  })

  test('windows that touch never meet', () => {
    const step = { from: at(1), until: at(2) }
    expect([at(0), at(1), at(2)].map((one) => isInEffect(step, one))).toEqual([false, true, false])
  })
})

test('steps of one branch never contradict each other; those of two do where they change the same', () => {
  const step = (id: string, branchId: string, document: BranchStepDraft, itemId = 'n1'): PlannedStep => ({
    id,
    branchId,
    itemId,
    otherId: null,
    document,
    basis: {},
    from: at(0),
    until: null,
  })
  const retire: BranchStepDraft = { kind: 'move', itemId: 'n1', action: 'retire' }
  const supplier = (value: string): BranchStepDraft => ({
    kind: 'edit',
    itemId: 'n1',
    values: { supplier: value },
  })
  expect(contradictionsIn([[step('1', 'A', retire), step('2', 'A', supplier('x'))]])).toEqual([])
  const reasons = (one: BranchStepDraft, other: BranchStepDraft): string[] =>
    contradictionsIn([[step('1', 'A', one)], [step('2', 'B', other)]]).map(({ because }) => because)
  expect(reasons(retire, supplier('x'))).toEqual(['gone'])
  expect(reasons(supplier('x'), supplier('y'))).toEqual(['attribute'])
  expect(reasons(supplier('x'), supplier('x'))).toEqual([])
  expect(reasons(retire, { kind: 'move', itemId: 'n1', action: 'send_to_repair' })).toEqual(['move'])
})
