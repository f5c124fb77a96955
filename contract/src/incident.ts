import { z } from 'zod'
import { ChecklistItem, ChecklistText } from './checklist.ts'
import { cancelReasons, clockMeasures, holdReasons, incidentLinkTypes, resolutionCodes } from './choices.ts'
import { ItemEffect, NamedItem, SaidOfItem } from './record-item.ts'
import { Reason } from './refusal.ts'
import { defineRoutes } from './route.ts'
import { Audience, Id, Instant, Named, PersonRef, RecordLinkType, Version } from './record.ts'

/** States of an incident (ITIL 4 incident management; the six that people know from other desks). */
export const incidentStates = ['new', 'in_progress', 'on_hold', 'resolved', 'closed', 'canceled'] as const
export type IncidentState = (typeof incidentStates)[number]

export const incidentActions = [
  'start',
  'hold',
  'resume',
  'caller_replied',
  'wait_ended',
  'resolve',
  'resolve_with_parent',
  'reopen',
  'still_broken',
  'confirm',
  'close',
  'cancel',
  'withdraw',
] as const
export type IncidentAction = (typeof incidentActions)[number]

/** Those that somebody who works on it may give, and the caller's own. */
export const endReasons = [...cancelReasons, 'withdrawn'] as const
export const incidentChannels = ['portal', 'desk', 'api', 'mail', 'alert', 'phone'] as const

/** 1 = high, 2 = medium, 3 = low, as printed in the priority matrix. */
export const Level = z.union([z.literal(1), z.literal(2), z.literal(3)])
export type Level = z.infer<typeof Level>
/** 1 critical, 2 high, 3 moderate, 4 low, 5 planning. */
export const Priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)])
export type Priority = z.infer<typeof Priority>

const Title = z.string().trim().min(1).max(200)
const LongText = z.string().max(65_536)
const CustomValues = z.record(
  z.string().max(40),
  z.union([z.string().max(4000), z.number(), z.boolean(), z.null()]),
)

export const RaiseIncident = z.strictObject({
  title: Title,
  description: LongText.default(''),
  /** Whom it happens to; oneself when absent. */
  requesterId: Id.optional(),
  /** Null says "unknown": routing decides from the rest. */
  serviceId: Id.nullable().default(null),
  impact: Level.default(3),
  urgency: Level.default(3),
  channel: z.enum(incidentChannels).default('portal'),
  category: z.string().trim().max(80).default(''),
  confidential: z.boolean().default(false),
  custom: CustomValues.default({}),
  /** The ended incident that this one continues: a closed record is never reopened. */
  followsId: Id.optional(),
  /** What it happens to. Who may not edit it names what belongs to them, as involved: what it does to it, the team says. */
  items: z.array(SaidOfItem).max(100).optional(),
  /** Things to do, for the team; takes the right to edit. */
  checklist: z.array(ChecklistText).max(50).optional(),
})
export type RaiseIncident = z.infer<typeof RaiseIncident>

/** What an incident would be, before it is raised. */
export const WeighIncident = z.strictObject({
  items: z.array(SaidOfItem).min(1).max(100),
  serviceId: Id.nullable().default(null),
  impact: Level.default(3),
  urgency: Level.default(3),
})
export type WeighIncident = z.infer<typeof WeighIncident>

export const IncidentWeight = z.object({
  /** What the items make of it, and why: the heaviest first. */
  computed: Level,
  sentences: z.array(z.string()),
  /** What it would be raised with: what was said, or more. */
  impact: Level,
  priority: Priority,
})
export type IncidentWeight = z.infer<typeof IncidentWeight>

export const IncidentRef = z.object({ id: Id, number: z.string(), version: Version })
export type IncidentRef = z.infer<typeof IncidentRef>

/** One row of a list: what decides. */
export const IncidentRow = z.object({
  id: Id,
  number: z.string(),
  title: z.string(),
  state: z.enum(incidentStates),
  priority: Priority,
  service: Named.nullable(),
  team: Named,
  assignee: PersonRef.nullable(),
  requester: PersonRef,
  createdAt: Instant,
  updatedAt: Instant,
  resolvedAt: Instant.nullable(),
  /** When the caller last heard from us, or null when never. */
  lastPublicAt: Instant.nullable(),
  version: Version,
})
export type IncidentRow = z.infer<typeof IncidentRow>

/** A row with the values of the custom fields that were asked for, by key; where it has none, there is none. */
export const ListedIncident = IncidentRow.extend({
  /** The clock that runs out next, else one that is paused; null where there is none or the reader may not know. */
  clock: z
    .object({
      measures: z.enum(clockMeasures),
      phase: z.enum(['running', 'paused']),
      /** In the past where it was missed and still runs; null while it is paused. */
      deadline: Instant.nullable(),
    })
    .nullable(),
  custom: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type ListedIncident = z.infer<typeof ListedIncident>

/** A button: the move, whether it is ready, and what is missing when it is not. */
export const OfferedMove = z.object({
  action: z.enum(incidentActions),
  label: z.string(),
  ready: z.boolean(),
  reasons: z.array(Reason),
})
export type OfferedMove = z.infer<typeof OfferedMove>

export const Relative = z.object({
  id: Id,
  number: z.string(),
  title: z.string(),
  state: z.enum(incidentStates),
})
export type Relative = z.infer<typeof Relative>

export const IncidentView = IncidentRow.extend({
  description: z.string(),
  impact: Level,
  urgency: Level,
  /** What was said before the caller's standing made it more urgent; null when nothing did, and for readers who may not see internals. */
  urgencyRaisedFrom: Level.nullable(),
  /** What the matrix gives, also while somebody overrides it. */
  computedPriority: Priority,
  /** How the priority came about, in one sentence, with the version of the matrix. */
  priorityReason: z.string(),
  overrideReason: z.string().nullable(),
  /** Why it is with this team and person; null for readers who may not see internals. */
  routing: z.object({ sentence: z.string(), rule: z.string(), version: z.int() }).nullable(),
  channel: z.enum(incidentChannels),
  category: z.string(),
  confidential: z.boolean(),
  hold: z
    .object({
      reason: z.enum(holdReasons),
      until: Instant.nullable(),
      on: z.string().nullable(),
      since: Instant,
    })
    .nullable(),
  resolution: z
    .object({ code: z.enum(resolutionCodes), notes: z.string(), by: PersonRef.nullable(), at: Instant })
    .nullable(),
  cancelReason: z.enum(endReasons).nullable(),
  closedAt: Instant.nullable(),
  autoCloseAt: Instant.nullable(),
  /** Of these, a reader sees the ones within their own reach. */
  parent: Relative.nullable(),
  children: z.array(Relative),
  links: z.array(Relative.extend({ type: RecordLinkType, direction: z.enum(['out', 'in']) })),
  /** Only oneself for readers who may not see internals. */
  watchers: z.array(PersonRef),
  watching: z.boolean(),
  /** `people`: only oneself for readers who may not see internals. */
  affected: z.object({ count: z.int(), includesMe: z.boolean(), people: z.array(PersonRef) }),
  /** What it happens to or is about, with how each is now; of these, a reader sees what they may see. None for readers who may not see internals. */
  items: z.array(NamedItem),
  /** What its items and its people make of its impact, and why; null where nothing was weighed yet, and for readers who may not see internals. */
  impactComputed: z.object({ level: Level, sentences: z.array(z.string()) }).nullable(),
  /** What the team set out to do; null for readers who may not see internals. */
  checklist: z.array(ChecklistItem).nullable(),
  reopenCount: z.int(),
  /** Null for readers who may not see internals. */
  reassignmentCount: z.int().nullable(),
  custom: z.record(z.string(), z.unknown()),
  /** Where it was brought from; null for what began here, and for readers who may not see internals. */
  imported: z
    .object({
      /** The other system, and what it is known by there. */
      source: z.string(),
      key: z.string(),
      batchId: Id,
      fileName: z.string(),
      by: PersonRef,
      at: Instant,
    })
    .nullable(),
  /** The moves to draw, in the order of the process. */
  moves: z.array(OfferedMove),
  /** The other things this reader may do here: names of permissions. */
  allowed: z.array(z.string()),
})
export type IncidentView = z.infer<typeof IncidentView>

/** Edit any of these in place; the version says what was seen. Fields nobody else touched merge. */
export const EditIncident = z
  .strictObject({
    title: Title,
    description: LongText,
    serviceId: Id.nullable(),
    impact: Level,
    urgency: Level,
    category: z.string().trim().max(80),
    confidential: z.boolean(),
    custom: CustomValues,
  })
  .partial()
export type EditIncident = z.infer<typeof EditIncident>

/** A team, a person of it, or a person alone, whose team it then becomes. A null person gives it back to the team. */
export const AssignIncident = z.strictObject({ teamId: Id.optional(), personId: Id.nullable().optional() })
export type AssignIncident = z.infer<typeof AssignIncident>

/** Null stops overriding: the computed priority counts again. */
export const OverridePriority = z.strictObject({
  priority: Priority.nullable(),
  reason: z.string().trim().min(3).max(500),
})
export type OverridePriority = z.infer<typeof OverridePriority>

const Start = z.strictObject({ action: z.literal('start') })
const Hold = z.strictObject({
  action: z.literal('hold'),
  reason: z.enum(holdReasons).optional(),
  /** Asked of the caller, visible to them; needed when waiting for the caller. */
  question: z.string().trim().max(65_536).optional(),
  /** Number of the change, problem or vendor case it waits for. */
  on: z.string().trim().max(120).optional(),
  /** When it goes on by itself, at the latest. */
  until: Instant.optional(),
})
const Resume = z.strictObject({ action: z.literal('resume') })
const Resolve = z.strictObject({
  action: z.literal('resolve'),
  code: z.enum(resolutionCodes).exclude(['with_parent']).optional(),
  notes: z.string().trim().max(65_536).optional(),
})
const Reopen = z.strictObject({
  action: z.literal('reopen'),
  reason: z.string().trim().max(2000).optional(),
})
const Cancel = z.strictObject({
  action: z.literal('cancel'),
  reason: z.enum(cancelReasons).optional(),
  duplicateOf: Id.optional(),
})

/** What becomes of the open children when their parent is resolved; every one of them is named in one list or the other. */
export const ResolveChildren = z.strictObject({
  resolve: z.array(Id).max(1000).default([]),
  except: z
    .array(z.strictObject({ id: Id, reason: z.string().trim().min(3).max(500) }))
    .max(1000)
    .default([]),
})
export type ResolveChildren = z.infer<typeof ResolveChildren>

export const MoveIncident = z.discriminatedUnion('action', [
  Start,
  Hold,
  Resume,
  Resolve.extend({ children: ResolveChildren.optional() }),
  Reopen,
  z.strictObject({ action: z.literal('still_broken'), reason: z.string().trim().max(65_536).optional() }),
  z.strictObject({ action: z.literal('confirm') }),
  Cancel,
  z.strictObject({ action: z.literal('withdraw') }),
])
export type MoveIncident = z.infer<typeof MoveIncident>

/** The moves that need nothing that only this one incident knows: what macros and bulk actions may make. */
export const RepeatableMove = z.discriminatedUnion('action', [Start, Hold, Resume, Resolve, Reopen, Cancel])

export const WriteComment = z.strictObject({ audience: Audience, body: z.string().trim().min(1).max(65_536) })
export type WriteComment = z.infer<typeof WriteComment>

export const LinkIncident = z.strictObject({ type: z.enum(incidentLinkTypes), toId: Id })
export type LinkIncident = z.infer<typeof LinkIncident>

/** What resolving this incident would do beyond it. Children outside the reader's reach are counted with their names left out. */
export const ResolvePreview = z.object({
  children: z.array(
    z.object({
      id: Id,
      number: z.string().nullable(),
      title: z.string().nullable(),
      state: z.enum(incidentStates),
      requester: PersonRef.nullable(),
    }),
  ),
  /** How many people hear of it once each: callers and affected people of this incident and its open children. */
  people: z.int(),
})
export type ResolvePreview = z.infer<typeof ResolvePreview>

/** One line of the timeline, oldest first within a page. */
export const TimelineItem = z.object({
  id: Id,
  at: Instant,
  type: z.string(),
  actor: PersonRef.nullable(),
  via: z.string(),
  audience: Audience.nullable(),
  body: z.string().nullable(),
  /** What changed, from what to what, with names instead of ids. */
  changes: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  sentence: z.string().nullable(),
  /** The linked incident that it happened to; null for the incident itself. */
  record: z.object({ id: Id, number: z.string() }).nullable(),
})
export type TimelineItem = z.infer<typeof TimelineItem>

const ById = z.object({ id: Id })
const ByIdAndItem = z.object({ id: Id, itemId: Id })
const ByIdAndPerson = z.object({ id: Id, personId: Id })
const OptionalPerson = z.strictObject({ personId: Id.optional() })

export const incidentRoutes = defineRoutes({
  raiseIncident: {
    method: 'POST',
    path: '/incidents',
    summary: 'Raise an incident',
    access: 'incident.raise',
    body: RaiseIncident,
    answer: IncidentRef,
    status: 201,
    idempotent: true,
  },
  weighIncident: {
    method: 'POST',
    path: '/incidents/weigh',
    summary: 'What impact an incident with these items would have, and why',
    access: 'item.read',
    body: WeighIncident,
    answer: IncidentWeight,
  },
  readIncident: {
    method: 'GET',
    path: '/incidents/{id}',
    summary: 'Read one incident',
    access: 'incident.read',
    params: ById,
    answer: IncidentView,
  },
  editIncident: {
    method: 'PATCH',
    path: '/incidents/{id}',
    summary: 'Edit fields in place',
    access: 'incident.edit',
    params: ById,
    body: EditIncident,
    answer: IncidentRef,
    versioned: true,
  },
  assignIncident: {
    method: 'POST',
    path: '/incidents/{id}/assignment',
    summary: 'Give it to a team or a person',
    access: 'incident.assign',
    params: ById,
    body: AssignIncident,
    answer: IncidentRef,
    versioned: true,
  },
  overrideIncidentPriority: {
    method: 'POST',
    path: '/incidents/{id}/priority',
    summary: 'Override the computed priority, or stop overriding',
    access: 'incident.override_priority',
    params: ById,
    body: OverridePriority,
    answer: IncidentRef,
    versioned: true,
  },
  moveIncident: {
    method: 'POST',
    path: '/incidents/{id}/moves',
    summary: 'Make a move of the process',
    access: 'incident.read',
    params: ById,
    body: MoveIncident,
    answer: IncidentRef,
    versioned: true,
  },
  commentIncident: {
    method: 'POST',
    path: '/incidents/{id}/comments',
    summary: 'Write a comment or a work note',
    access: 'incident.read',
    params: ById,
    body: WriteComment,
    answer: ById,
    status: 201,
    idempotent: true,
  },
  incidentTimeline: {
    method: 'GET',
    path: '/incidents/{id}/timeline',
    summary: 'What happened, in order',
    access: 'incident.read',
    params: ById,
    query: z.strictObject({
      after: Id.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    answer: z.object({ items: z.array(TimelineItem), next: Id.nullable() }),
  },
  watchIncident: {
    method: 'POST',
    path: '/incidents/{id}/watchers',
    summary: 'Watch it, or share it with somebody by adding them',
    access: 'incident.watch',
    params: ById,
    body: OptionalPerson,
    status: 204,
  },
  unwatchIncident: {
    method: 'DELETE',
    path: '/incidents/{id}/watchers/{personId}',
    summary: 'Stop watching, or remove a watcher',
    access: 'incident.watch',
    params: ByIdAndPerson,
    status: 204,
  },
  addAffected: {
    method: 'POST',
    path: '/incidents/{id}/affected',
    summary: 'Say that it affects oneself too, or somebody else; only of what one may see',
    access: 'incident.affected',
    params: ById,
    body: OptionalPerson,
    status: 204,
  },
  nameIncidentItem: {
    method: 'PUT',
    path: '/incidents/{id}/items/{itemId}',
    summary: 'Say what it does to an item; said again, the last counts',
    access: 'incident.edit',
    params: ByIdAndItem,
    body: z.strictObject({ effect: ItemEffect.default('involved') }),
    status: 204,
  },
  dropIncidentItem: {
    method: 'DELETE',
    path: '/incidents/{id}/items/{itemId}',
    summary: 'Say that it has nothing to do with an item after all',
    access: 'incident.edit',
    params: ByIdAndItem,
    status: 204,
  },
  removeAffected: {
    method: 'DELETE',
    path: '/incidents/{id}/affected/{personId}',
    summary: 'Say that it does not affect them after all',
    access: 'incident.affected',
    params: ByIdAndPerson,
    status: 204,
  },
  linkIncident: {
    method: 'POST',
    path: '/incidents/{id}/links',
    summary: 'Link two incidents',
    access: 'incident.link',
    params: ById,
    body: LinkIncident,
    status: 204,
  },
  unlinkIncident: {
    method: 'DELETE',
    path: '/incidents/{id}/links/{type}/{toId}',
    summary: 'Remove a link',
    access: 'incident.link',
    params: z.object({ id: Id, type: z.enum(incidentLinkTypes), toId: Id }),
    status: 204,
  },
  setIncidentParent: {
    method: 'PUT',
    path: '/incidents/{id}/parent',
    summary: 'Make it a child of another incident, or a child no longer',
    access: 'incident.link',
    params: ById,
    body: z.strictObject({ parentId: Id.nullable() }),
    answer: IncidentRef,
    versioned: true,
  },
  previewResolve: {
    method: 'GET',
    path: '/incidents/{id}/resolving',
    summary: 'What resolving it would do to its children and their callers',
    access: 'incident.work',
    params: ById,
    answer: ResolvePreview,
  },
})
