import { z } from 'zod'
import { fieldTypes, Filter } from './filter.ts'
import { Level, Priority } from './incident.ts'
import { Id, Instant, PersonRef } from './record.ts'
import { defineRoutes } from './route.ts'
import { SecurityEffect } from './security.ts'

const Row = z.strictObject({ high: Priority, medium: Priority, low: Priority })

/** Impact down, urgency across: the matrix as printed in the service agreement; a service may have its own. */
export const Matrix = z.strictObject({ high: Row, medium: Row, low: Row })
export type Matrix = z.infer<typeof Matrix>

export const PriorityMatrix = z.strictObject({
  matrix: Matrix,
  services: z.array(z.strictObject({ serviceId: Id, matrix: Matrix })).max(1000),
})
export type PriorityMatrix = z.infer<typeof PriorityMatrix>

/** How a rule picks a person of its team: nobody, the one who had nothing for longest, or the one with the least open work. */
export const Pick = z.enum(['none', 'round_robin', 'least_open_work'])
export type Pick = z.infer<typeof Pick>

export const RoutingRule = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'lower-case letters, digits, - and _'),
  name: z.string().trim().min(1).max(80),
  when: Filter,
  teamId: Id,
  pick: Pick,
})
export type RoutingRule = z.infer<typeof RoutingRule>

/** Rules in order: the first that holds decides. Then the service's support team, then the catch-all team. */
export const RoutingPolicy = z.strictObject({
  rules: z.array(RoutingRule).max(500).default([]),
  /** How a person is picked where the service decided. */
  servicePick: Pick.default('none'),
  /** Where everything goes that no rule and no service claims. Null only before a tenant is set up. */
  catchAllTeamId: Id.nullable(),
})
export type RoutingPolicy = z.infer<typeof RoutingPolicy>

export const IncidentRules = z.strictObject({
  /** Days of 24 hours after resolution without objection until it closes by itself; until then the caller may say "still broken". */
  autoCloseDays: z.int().min(1).max(365),
  /** An incident of a very important person starts one step more urgent than was said, visibly; the matrix is never touched. */
  vipRaisesUrgency: z.boolean(),
})
export type IncidentRules = z.infer<typeof IncidentRules>

const ByCriticality = z.strictObject({ '1': Level, '2': Level, '3': Level, '4': Level })

/** What an incident means for the business, computed: the worst of what its services and its people say. Levels: 1 high, 2 medium, 3 low. */
export const ImpactRules = z.strictObject({
  /** A service that is down, by its criticality. */
  down: ByCriticality,
  /** A service that is degraded, by its criticality. */
  degraded: ByCriticality,
  /** From how many people on, the caller among them. */
  people: z
    .strictObject({ medium: z.int().min(2).max(1_000_000), high: z.int().min(2).max(1_000_000) })
    .refine(({ medium, high }) => medium <= high, 'medium begins at no more people than high'),
})
export type ImpactRules = z.infer<typeof ImpactRules>

/** By the clock on the wall, `HH:MM` from `00:00` to `24:00`. */
const Hours = z.array(z.object({ from: z.string(), to: z.string() }))
const Day = Hours.default([])

/** The shape of working hours, for forms; what makes sense the server says, day by day. */
export const CalendarForm = z.object({
  zone: z.string(),
  week: z.object({
    monday: Day,
    tuesday: Day,
    wednesday: Day,
    thursday: Day,
    friday: Day,
    saturday: Day,
    sunday: Day,
  }),
  holidays: z.array(z.object({ date: z.string(), name: z.string(), hours: Hours })).default([]),
  yearlyHolidays: z
    .array(
      z.object({
        date: z.string(),
        name: z.string(),
        hours: Hours,
        firstYear: z.int().optional(),
        lastYear: z.int().optional(),
      }),
    )
    .default([]),
})
export type CalendarForm = z.infer<typeof CalendarForm>

const PolicyHead = z.object({
  kind: z.string(),
  title: z.string(),
  /** Named policies, such as calendars; empty for the one of its kind. */
  name: z.string(),
  /** 0 is what comes with the product. */
  version: z.int(),
  effectiveFrom: Instant,
})
export const PolicyVersionView = PolicyHead.extend({
  document: z.unknown(),
  note: z.string(),
  author: PersonRef.nullable(),
  publishedAt: Instant.nullable(),
})
export type PolicyVersionView = z.infer<typeof PolicyVersionView>

/** One thing that differs between two versions: where, and what it was and is. */
export const PolicyDifference = z.object({ path: z.string(), sentence: z.string() })

/** What publishing would change, on real records. */
export const PolicyPreview = z.object({
  sentence: z.string(),
  examined: z.int(),
  changed: z.int(),
  examples: z.array(
    z.object({ id: Id, number: z.string(), title: z.string(), before: z.string(), after: z.string() }),
  ),
  /** Where it is about people instead of records: what happens to whom. */
  effects: z.array(SecurityEffect).optional(),
})
export type PolicyPreview = z.infer<typeof PolicyPreview>

const ByKind = z.object({ kind: z.string().regex(/^[a-z_]{1,40}$/) })
const ByName = z.strictObject({ name: z.string().max(80).default('') })

export const policyRoutes = defineRoutes({
  listPolicies: {
    method: 'GET',
    path: '/policies',
    summary: 'Every policy with the version in force',
    access: 'policy.read',
    answer: z.object({ policies: z.array(PolicyHead) }),
  },
  readPolicy: {
    method: 'GET',
    path: '/policies/{kind}',
    summary: 'A policy as it is in force, or one of its versions',
    access: 'policy.read',
    params: ByKind,
    query: ByName.extend({ version: z.coerce.number().int().min(0).optional() }),
    answer: PolicyVersionView,
  },
  policyVersions: {
    method: 'GET',
    path: '/policies/{kind}/versions',
    summary: 'The versions of a policy, newest first',
    access: 'policy.read',
    params: ByKind,
    query: ByName,
    answer: z.object({ versions: z.array(PolicyVersionView.omit({ document: true })) }),
  },
  comparePolicy: {
    method: 'GET',
    path: '/policies/{kind}/difference',
    summary: 'What two versions of a policy differ in',
    access: 'policy.read',
    params: ByKind,
    query: ByName.extend({ from: z.coerce.number().int().min(0), to: z.coerce.number().int().min(0) }),
    answer: z.object({ differences: z.array(PolicyDifference) }),
  },
  previewPolicy: {
    method: 'POST',
    path: '/policies/{kind}/preview',
    summary: 'What publishing this document would change',
    access: 'policy.read',
    params: ByKind,
    body: z.strictObject({
      name: z.string().max(80).default(''),
      document: z.unknown(),
      last: z.int().min(1).max(10_000).default(1000),
    }),
    answer: PolicyPreview.extend({ differences: z.array(PolicyDifference) }),
  },
  publishPolicy: {
    method: 'POST',
    path: '/policies/{kind}/versions',
    summary: 'Publish the next version of a policy',
    access: 'policy.publish',
    params: ByKind,
    body: z.strictObject({
      name: z.string().max(80).default(''),
      document: z.unknown(),
      note: z.string().trim().min(1).max(500),
      /** The version this was made from. */
      basedOn: z.int().min(0),
      effectiveFrom: Instant.optional(),
    }),
    answer: z.object({ version: z.int() }),
    status: 201,
    idempotent: true,
  },
})

export const RoutingField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(fieldTypes),
  operators: z.array(z.string()),
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
})
export type RoutingField = z.infer<typeof RoutingField>

/** A condition in its three forms; without a filter, what is wrong with it. */
export const RoutingCondition = z.object({
  filter: Filter.nullable(),
  text: z.string(),
  sentence: z.string(),
  faults: z.array(z.string()),
})
export type RoutingCondition = z.infer<typeof RoutingCondition>

/** Conditions to be read, each as text or as a filter. */
export const ReadConditions = z.strictObject({
  conditions: z
    .array(z.union([z.strictObject({ text: z.string().max(20_480) }), z.strictObject({ filter: Filter })]))
    .max(500),
})
export type ReadConditions = z.infer<typeof ReadConditions>

export const routingRoutes = defineRoutes({
  readRoutingFields: {
    method: 'GET',
    path: '/routing/fields',
    summary: 'What routing rules may look at',
    access: 'policy.read',
    answer: z.object({ fields: z.array(RoutingField) }),
  },
  readRoutingConditions: {
    method: 'POST',
    path: '/routing/conditions',
    summary: 'Conditions of routing rules as text, as a filter and in words',
    access: 'policy.read',
    body: ReadConditions,
    answer: z.object({ conditions: z.array(RoutingCondition) }),
  },
})
