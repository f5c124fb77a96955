import type { BranchStepDraft, PlannedNeed } from '@evenkeel/contract/item-branch'
import type { ItemHealth, RelationType } from '@evenkeel/contract/item'
import type { Related } from './graph.source.ts'
import { carries } from './item.carries.ts'
import { itemProcess } from './item.process.ts'
import type { ItemRow, Values } from './item.repo.ts'
import { endsOf } from './relation.words.ts'

// What branches plan, laid over the rows of the model while they are read. Pure, and as large as the steps, however large the model is.

/** What a step was planned on. */
export type Basis = {
  readonly state?: ItemRow['state']
  readonly name?: string
  readonly class?: string
  readonly values?: Values
  readonly relation?: { readonly type: RelationType; readonly belowId: string; readonly aboveId: string }
}

export type PlannedStep = {
  readonly id: string
  readonly branchId: string
  readonly itemId: string
  readonly otherId: string | null
  readonly document: BranchStepDraft
  readonly basis: Basis
  /** When it is in effect; without an end for what stays. */
  readonly from: string
  readonly until: string | null
}

/** Taken down by a plan. */
export type PlannedDown = {
  readonly itemId: string
  readonly health: ItemHealth
  readonly stepId: string
  readonly branchId: string
  readonly reason: string
  readonly until: string | null
}

export type Overlay = {
  readonly at: string
  /** Items of which something is planned, and both ends of relations that come or go: trouble is looked for from there upwards. */
  readonly touched: readonly string[]
  /** Groups whose members or need may differ. */
  readonly groups: readonly string[]
  readonly made: ReadonlyMap<string, ItemRow>
  readonly downs: ReadonlyMap<string, PlannedDown>
  /** Taken out of use by the plan: still a member, and down for whatever needs it. */
  readonly gone: ReadonlySet<string>
  /** In use again by the plan. */
  readonly restored: ReadonlySet<string>
  /** Relations of the model that the plan ends. */
  readonly ended: ReadonlySet<string>
  readonly items: (rows: ReadonlyMap<string, ItemRow>, ids: readonly string[]) => ReadonlyMap<string, ItemRow>
  readonly relations: (
    rows: readonly Related[],
    end: 'below' | 'above',
    ids: readonly string[],
  ) => readonly Related[]
  readonly isRelationPlanned: (id: string) => boolean
  /** What is planned for an item; null for nothing. */
  readonly standingOf: (id: string) => 'made' | 'changed' | 'gone' | 'down' | null
}

/** In effect at an instant: half-open, so that windows that touch never meet. */
export const isInEffect = ({ from, until }: Pick<PlannedStep, 'from' | 'until'>, at: string): boolean =>
  from <= at && (until === null || at < until)

export const needValues = (need: PlannedNeed): Readonly<Record<string, number | null>> =>
  'count' in need
    ? { members_needed: need.count, members_needed_share: null }
    : { members_needed: null, members_needed_share: need.percent }

type Patch = (row: ItemRow) => ItemRow

const withValues = (
  row: ItemRow,
  patch: Readonly<Record<string, Values[string] | null>>,
  name: string | undefined,
): ItemRow => {
  const values = Object.fromEntries(
    Object.entries({ ...row.values, ...patch }).filter(
      (pair): pair is [string, Values[string]] => pair[1] !== null,
    ),
  )
  return kept({ ...row, values, ...(name === undefined ? {} : { name }) })
}

/** The columns that lists keep of values. */
const kept = (row: ItemRow): ItemRow => {
  const text = (key: string): string | null => {
    const value = row.values[key]
    return typeof value === 'string' ? value : null
  }
  const criticality = Number(text('criticality') ?? Number.NaN)
  return {
    ...row,
    ownerId: text('owner'),
    supportTeamId: text('support_team'),
    criticality: Number.isInteger(criticality) ? criticality : null,
  }
}

const madeRow = ({ itemId, from }: PlannedStep, draft: BranchStepDraft & { kind: 'make' }): ItemRow =>
  kept({
    id: itemId,
    class: draft.class,
    name: draft.name,
    state: draft.state,
    values: draft.values,
    missing: 0,
    ownerId: null,
    supportTeamId: null,
    criticality: null,
    mergedIntoId: null,
    version: 1,
    createdAt: from,
    updatedAt: from,
  })

const patchOf = (draft: BranchStepDraft): Patch | undefined => {
  if (draft.kind === 'edit') return (row) => withValues(row, draft.values, draft.name)
  if (draft.kind === 'quorum') return (row) => withValues(row, needValues(draft.need), undefined)
  if (draft.kind === 'move') return (row) => ({ ...row, state: itemProcess.moves[draft.action].to })
  return undefined
}

/** By when steps take effect, then by when they were said: the order in which one comes on top of the other. */
export const inOrder = (steps: readonly PlannedStep[]): PlannedStep[] =>
  steps.toSorted((a, b) => (a.from === b.from ? (a.id < b.id ? -1 : 1) : a.from < b.from ? -1 : 1))

const heavier = (one: PlannedDown | undefined, other: PlannedDown): PlannedDown => {
  if (one === undefined || (one.health === 'degraded' && other.health === 'down')) return other
  if (one.health !== other.health || one.until === null) return one
  return other.until === null || other.until > one.until ? other : one
}

/**
 * The steps that are in effect at an instant, one on top of the other.
 * @param base the items of which something is planned, as they are without it
 */
export const overlayOf = (
  all: readonly PlannedStep[],
  at: string,
  base: ReadonlyMap<string, ItemRow>,
): Overlay => {
  const steps = inOrder(all.filter((step) => isInEffect(step, at)))
  const made = new Map<string, ItemRow>()
  const patches = new Map<string, Patch[]>()
  const downs = new Map<string, PlannedDown>()
  const added = new Map<string, Related>()
  const ended = new Set<string>()
  const touched = new Set<string>()
  const groups = new Set<string>()
  const down = (step: PlannedStep, health: ItemHealth, reason: string): void => {
    const { itemId, id, branchId, until } = step
    downs.set(itemId, heavier(downs.get(itemId), { itemId, health, stepId: id, branchId, reason, until }))
  }
  for (const step of steps) {
    const { document: draft, itemId, basis } = step
    if (draft.kind !== 'relate' && draft.kind !== 'unrelate') touched.add(itemId)
    if (draft.kind === 'make') made.set(itemId, madeRow(step, draft))
    if (draft.kind === 'down') down(step, draft.effect, draft.reason)
    if (draft.kind === 'quorum' || draft.kind === 'edit') groups.add(itemId)
    const patch = patchOf(draft)
    if (patch !== undefined) patches.set(itemId, [...(patches.get(itemId) ?? []), patch])
    const ends =
      draft.kind === 'relate'
        ? { type: draft.type, ...endsOf(draft.type, draft.fromId, draft.toId) }
        : draft.kind === 'unrelate'
          ? basis.relation
          : undefined
    if (ends === undefined) continue
    touched.add(ends.belowId).add(ends.aboveId)
    if (ends.type === 'member_of') groups.add(ends.aboveId)
    if (draft.kind === 'unrelate') ended.add(draft.relationId)
    else added.set(step.id, { id: step.id, ...ends, source: 'plan', validFrom: step.from, validTo: null })
  }
  const patched = (row: ItemRow): ItemRow =>
    (patches.get(row.id) ?? []).reduce((now, patch) => patch(now), row)
  const gone = new Set<string>()
  const restored = new Set<string>()
  for (const [id, row] of [...base, ...made]) {
    const after = patched(row)
    if (carries(row) && !carries(after)) gone.add(id)
    if (row.state === 'in_repair' && after.state !== 'in_repair') restored.add(id)
    const left = steps.findLast((step) => step.itemId === id && step.document.kind === 'move')
    if (left !== undefined && (gone.has(id) || (row.state !== 'in_repair' && after.state === 'in_repair')))
      down(left, 'down', '')
  }
  return {
    at,
    touched: [...touched],
    groups: [...groups],
    made,
    downs,
    gone,
    restored,
    ended,
    items: (rows, ids) => {
      if (made.size === 0 && patches.size === 0) return rows
      const found = new Map<string, ItemRow>()
      for (const id of ids) {
        const row = made.get(id) ?? rows.get(id)
        if (row !== undefined) found.set(id, patches.has(id) ? patched(row) : row)
      }
      return found
    },
    relations: (rows, end, ids) => {
      if (ended.size === 0 && added.size === 0) return rows
      const stay = rows.filter(({ id }) => !ended.has(id))
      const asked = new Set(ids)
      const there = new Set(stay.map(placeOf))
      const more = [...added.values()].filter(
        (one) => asked.has(end === 'below' ? one.belowId : one.aboveId) && !there.has(placeOf(one)),
      )
      return [...stay, ...more]
    },
    isRelationPlanned: (id) => added.has(id),
    standingOf: (id) => {
      if (gone.has(id)) return 'gone'
      if (downs.has(id)) return 'down'
      if (made.has(id)) return 'made'
      return patches.has(id) ? 'changed' : null
    },
  }
}

const placeOf = ({ type, belowId, aboveId }: Related): string => `${type} ${belowId} ${aboveId}`
