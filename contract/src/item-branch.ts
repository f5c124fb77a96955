import { z } from 'zod'
import { AffectedService, Cut, Outage, PathStep } from './item-graph.ts'
import {
  Availability,
  CreateItem,
  EditItem,
  ItemAction,
  ItemHealth,
  ItemRef,
  QuorumNow,
  RelationType,
} from './item.ts'
import { Id, Instant, PersonRef, Version } from './record.ts'
import { defineRoutes } from './route.ts'

/** How much one question looks at. What it left out for that it says. */
export const branchCaps = { branches: 10, steps: 500, moments: 40 } as const

export const branchStates = ['open', 'applied', 'discarded'] as const
export const BranchState = z.enum(branchStates)
export type BranchState = z.infer<typeof BranchState>

export const branchStepKinds = ['make', 'edit', 'move', 'quorum', 'relate', 'unrelate', 'down'] as const
export const BranchStepKind = z.enum(branchStepKinds)
export type BranchStepKind = z.infer<typeof BranchStepKind>

/** How many members a group would need. */
export const PlannedNeed = z.union([
  z.strictObject({ count: z.int().min(0).max(100_000) }),
  z.strictObject({ percent: z.number().min(0).max(100) }),
])
export type PlannedNeed = z.infer<typeof PlannedNeed>

/** One planned modification. All but `down` hold from the beginning of the window on; `down` holds for a stretch of time. */
export const BranchStepDraft = z.discriminatedUnion('kind', [
  CreateItem.omit({ validFrom: true }).extend({ kind: z.literal('make') }),
  EditItem.omit({ validFrom: true }).extend({ kind: z.literal('edit'), itemId: Id }),
  z.strictObject({ kind: z.literal('move'), itemId: Id, action: ItemAction }),
  z.strictObject({ kind: z.literal('quorum'), itemId: Id, need: PlannedNeed }),
  z.strictObject({ kind: z.literal('relate'), fromId: Id, type: RelationType, toId: Id }),
  z.strictObject({ kind: z.literal('unrelate'), relationId: Id }),
  z.strictObject({
    kind: z.literal('down'),
    itemId: Id,
    effect: z.enum(['down', 'degraded']).default('down'),
    reason: z.string().trim().max(500).default(''),
    /** The window of the branch when absent. */
    from: Instant.optional(),
    until: Instant.optional(),
  }),
])
export type BranchStepDraft = z.infer<typeof BranchStepDraft>

export const BranchRef = z.object({ id: Id, name: z.string(), startsAt: Instant, endsAt: Instant })
export type BranchRef = z.infer<typeof BranchRef>

export const BranchStep = z.object({
  id: Id,
  kind: BranchStepKind,
  /** The item it is about; made by this branch when `kind` is `make`. */
  item: ItemRef,
  /** The other end of a relation. */
  other: ItemRef.nullable(),
  /** What is planned: "db-7 would be retired". */
  sentence: z.string(),
  /** When it takes something down; null for what holds from the window on. */
  from: Instant.nullable(),
  until: Instant.nullable(),
  by: PersonRef.nullable(),
  knownFrom: Instant,
  /** What became of the model since this was planned: "db-7 was retired since"; null where it fits. */
  drift: z.string().nullable(),
})
export type BranchStep = z.infer<typeof BranchStep>

export const ListedBranch = BranchRef.extend({
  owner: PersonRef,
  state: BranchState,
  steps: z.int(),
  version: Version,
  updatedAt: Instant,
})
export type ListedBranch = z.infer<typeof ListedBranch>

export const BranchPage = BranchRef.extend({
  description: z.string(),
  owner: PersonRef,
  state: BranchState,
  version: Version,
  createdAt: Instant,
  updatedAt: Instant,
  closedAt: Instant.nullable(),
  closedBy: PersonRef.nullable(),
  /** Since when what was applied holds. */
  appliedFrom: Instant.nullable(),
  /** The time the answer is for: later steps are not in it. */
  knownAt: Instant,
  isNow: z.boolean(),
  steps: z.array(BranchStep),
  /** Something else is planned in it that is not shown to this reader. */
  more: z.boolean(),
  mayPlan: z.boolean(),
  mayApply: z.boolean(),
})
export type BranchPage = z.infer<typeof BranchPage>

const Stretch = z.object({ from: Instant, until: Instant.nullable() })

/** A service that would be worse than it is at present, and why. */
export const PlannedService = AffectedService.extend({
  /** Without what is planned. */
  before: ItemHealth,
  /** When; an open end stays so. The first one is told by the path. */
  stretches: z.array(Stretch.extend({ health: ItemHealth })),
  /** Branches of which each alone would do it; `jointly` when there are several and none does. */
  alone: z.array(Id).nullable(),
})
export type PlannedService = z.infer<typeof PlannedService>

export const ReserveChange = Stretch.extend({
  item: ItemRef,
  change: z.enum(['lost', 'gained']),
  before: QuorumNow.nullable(),
  after: QuorumNow.nullable(),
  /** "From 3 of 4 down to 2 of 4, 2 needed: no reserve left." */
  sentence: z.string(),
  availability: z.object({ before: Availability, after: Availability }).nullable(),
})
export type ReserveChange = z.infer<typeof ReserveChange>

export const BranchOutlook = z.object({
  /** The instant that was asked about; null for everything the branches would do, one moment after the other. */
  at: Instant.nullable(),
  knownAt: Instant,
  branches: z.array(BranchRef),
  /** The stretches of time that differ. */
  moments: z.array(Stretch),
  services: z.array(PlannedService),
  /** Everything else that would be worse. */
  items: z.array(
    z.object({
      item: ItemRef,
      health: z.enum(['degraded', 'down']),
      from: Instant,
      until: Instant.nullable(),
      path: z.array(PathStep),
      sentence: z.string(),
    }),
  ),
  /** What would be better than it is. */
  better: z.array(z.object({ item: ItemRef, before: ItemHealth, after: ItemHealth, from: Instant })),
  reserve: z.array(ReserveChange),
  usersServed: z.int(),
  /** Steps of different branches that contradict each other. */
  conflicts: z.array(z.object({ branchIds: z.array(Id), items: z.array(ItemRef), sentence: z.string() })),
  /** Steps that do not fit what is there any more. */
  drift: z.array(z.object({ branchId: Id, stepId: Id, item: ItemRef, sentence: z.string() })),
  /** What else is not well at present and was counted. */
  outages: z.array(Outage),
  cut: Cut.nullable(),
  sentence: z.string(),
})
export type BranchOutlook = z.infer<typeof BranchOutlook>

const ById = z.object({ id: Id })
const Ref = z.object({ id: Id, version: Version })
const BranchName = z.string().trim().min(1).max(120)
const Description = z.string().trim().max(4000)

export const itemBranchRoutes = defineRoutes({
  listBranches: {
    method: 'GET',
    path: '/item-branches',
    summary: 'What is planned for items, as branches: the open ones, or those that are closed',
    access: 'item.read',
    query: z.strictObject({
      state: z.enum(['open', 'closed']).default('open'),
      /** Only those that plan something for this item. */
      itemId: Id.optional(),
    }),
    answer: z.object({ rows: z.array(ListedBranch), more: z.boolean() }),
  },
  createBranch: {
    method: 'POST',
    path: '/item-branches',
    summary: 'Begin a plan: changes of items on top of what is there',
    access: 'item.plan',
    body: z.strictObject({
      name: BranchName,
      description: Description.default(''),
      startsAt: Instant,
      endsAt: Instant,
    }),
    answer: Ref,
    status: 201,
    idempotent: true,
  },
  readBranch: {
    method: 'GET',
    path: '/item-branches/{id}',
    summary:
      'What a branch plans, step by step, and what of it does not fit any more; as it was known at any time',
    access: 'item.read',
    params: ById,
    query: z.strictObject({ knownAt: Instant.optional() }),
    answer: BranchPage,
  },
  editBranch: {
    method: 'PATCH',
    path: '/item-branches/{id}',
    summary: 'Rename a branch, describe it, move its window, give it to somebody',
    access: 'item.plan',
    params: ById,
    body: z.strictObject({
      name: BranchName.optional(),
      description: Description.optional(),
      startsAt: Instant.optional(),
      endsAt: Instant.optional(),
      ownerId: Id.optional(),
    }),
    answer: Ref,
    versioned: true,
  },
  addBranchStep: {
    method: 'POST',
    path: '/item-branches/{id}/steps',
    summary: 'Plan one more modification in a branch',
    access: 'item.plan',
    params: ById,
    body: BranchStepDraft,
    answer: z.object({ stepId: Id, itemId: Id, version: Version }),
    status: 201,
    idempotent: true,
  },
  removeBranchStep: {
    method: 'DELETE',
    path: '/item-branches/{id}/steps/{stepId}',
    summary: 'Take a modification out of a branch',
    access: 'item.plan',
    params: z.object({ id: Id, stepId: Id }),
    answer: Ref,
  },
  discardBranch: {
    method: 'POST',
    path: '/item-branches/{id}/discard',
    summary: 'Close a branch: nothing of it will be done',
    access: 'item.plan',
    params: ById,
    body: z.strictObject({ reason: z.string().trim().max(500).default('') }),
    answer: Ref,
    versioned: true,
  },
  applyBranch: {
    method: 'POST',
    path: '/item-branches/{id}/apply',
    summary: 'Make a branch true, all of it or nothing; or only try',
    access: 'item.manage',
    params: ById,
    body: z.strictObject({
      dryRun: z.boolean().default(false),
      /** Since when it is so; now when absent, never in the future. */
      validFrom: Instant.optional(),
    }),
    answer: Ref.extend({
      applied: z.boolean(),
      refused: z.array(z.object({ stepId: Id, sentence: z.string() })),
    }),
    versioned: true,
  },
  readBranchOutlook: {
    method: 'POST',
    path: '/item-branches/outlook',
    summary:
      'What would follow if these branches ran, compared with the present model: services worse off and why, reserve lost, conflicts, drift',
    access: 'item.read',
    body: z.strictObject({
      branchIds: z.array(Id).min(1).max(branchCaps.branches),
      /** "Sunday 03:00"; every moment at which something differs when absent. */
      at: Instant.optional(),
      /** What was planned and believed at that time; now when absent. */
      knownAt: Instant.optional(),
      /** What is not well at present, and what other branches take down then, counts too. */
      withCurrentOutages: z.boolean().default(false),
    }),
    answer: BranchOutlook,
  },
})
