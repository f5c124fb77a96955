import { z } from 'zod'
import { clockMeasures } from './choices.ts'
import { Filter } from './filter.ts'
import { Priority } from './incident.ts'
import { Id, Instant } from './record.ts'
import { defineRoutes } from './route.ts'

/** With customers (SLA), between teams (OLA), with suppliers (underpinning contract). */
export const agreementKinds = ['sla', 'ola', 'contract'] as const
export type AgreementKind = (typeof agreementKinds)[number]

/** Two things, never mixed: an amount of working time, or the same clock time so many working days later. */
export const TargetTime = z.union([
  z.strictObject({
    workingMinutes: z
      .int()
      .min(1)
      .max(366 * 1440),
  }),
  z.strictObject({ workingDays: z.int().min(1).max(366) }),
])
export type TargetTime = z.infer<typeof TargetTime>

/** The first line that fits a record is its target; an empty list fits every record. */
export const TargetLine = z.strictObject({
  priorities: z.array(Priority).max(5).default([]),
  serviceIds: z.array(Id).max(500).default([]),
  time: TargetTime,
})

/** A share of the target, or working minutes before the deadline. */
export const ClockWarning = z.union([
  z.strictObject({ percent: z.int().min(1).max(99) }),
  z.strictObject({
    minutesBefore: z
      .int()
      .min(1)
      .max(30 * 1440),
  }),
])
export type ClockWarning = z.infer<typeof ClockWarning>

const Condition = Filter.nullable().default(null)

export const AgreedClock = z.strictObject({
  measures: z.enum(clockMeasures),
  start: Filter,
  pause: Condition,
  resume: Condition,
  stop: Filter,
  reset: Condition,
  cancel: Condition,
  /** From the moment at which `start` holds, or back to when the record was raised. */
  begins: z.enum(['at_start', 'at_origin']).default('at_start'),
  cancels: z.enum(['when_start_ends', 'on_condition', 'never']).default('when_start_ends'),
  resumes: z.enum(['when_pause_ends', 'on_condition']).default('when_pause_ends'),
  /** After an end: it goes on without the time between, or another round begins. */
  again: z.enum(['continues', 'anew']).default('continues'),
  /** A miss under a shorter target than the one in force now: judged by the new one, or it stays a miss. */
  lengthened: z.enum(['judged_anew', 'miss_stays']).default('judged_anew'),
  /** The name of a calendar; null is round the clock. */
  calendar: z.string().min(1).max(80).nullable(),
  targets: z.array(TargetLine).min(1).max(100),
  warnings: z.array(ClockWarning).max(5).default([]),
})
export type AgreedClock = z.infer<typeof AgreedClock>

export const Agreement = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'lower-case letters, digits, - and _'),
  name: z.string().trim().min(1).max(80),
  kind: z.enum(agreementKinds),
  /** With whom: a customer, a team, a supplier. */
  party: z.string().trim().max(80).default(''),
  when: Filter,
  clocks: z.array(AgreedClock).min(1).max(clockMeasures.length),
})
export type Agreement = z.infer<typeof Agreement>

/** Agreements in the order of their precedence: of those that fit a record, the first one that promises something has its clock. */
export const ServiceLevels = z.strictObject({ agreements: z.array(Agreement).max(200).default([]) })
export type ServiceLevels = z.infer<typeof ServiceLevels>

/** Who has the time: a team of ours, or whoever it waits for. */
export const clockHolders = ['team', 'caller', 'supplier', 'problem', 'change'] as const
export const ClockHolder = z.object({
  is: z.enum(clockHolders),
  /** The team's name; null for the others. */
  team: z.string().nullable(),
})
export type ClockHolder = z.infer<typeof ClockHolder>

export const clockPhases = ['running', 'paused', 'stopped', 'canceled'] as const

export const ClockView = z.object({
  kind: z.enum(agreementKinds),
  measures: z.enum(clockMeasures),
  /** From 1; later ones began with a reset, or after an end. */
  round: z.int(),
  agreement: z.object({ id: z.string(), name: z.string(), party: z.string(), version: z.int() }),
  /** What fits as well, and stands below it. */
  below: z.array(z.string()),
  phase: z.enum(clockPhases),
  verdict: z.enum(['open', 'met', 'missed', 'canceled']),
  startedAt: Instant,
  /** Where its start reaches back to when the record was raised. */
  startedBack: z.boolean(),
  /** Since when it is in its phase. */
  since: Instant,
  /** Whom it waits for while it is paused. */
  waitsFor: ClockHolder.nullable(),
  target: TargetTime,
  calendar: z.object({ name: z.string().nullable(), zone: z.string() }),
  /** Working minutes. What remains is negative when more was used than promised; null where days are promised. */
  elapsedMinutes: z.int(),
  remainingMinutes: z.int().nullable(),
  /** When it runs out if nothing changes, ran out, or would have; null while it is paused, and when its calendar never opens so long. */
  deadline: Instant.nullable(),
  missedAt: Instant.nullable(),
  warnedAt: z.array(Instant),
  /** What was promised, from when on: more than one line when a priority, an agreement or a calendar changed. */
  promises: z.array(
    z.object({
      at: Instant,
      agreement: z.string(),
      target: TargetTime,
      calendar: z.string().nullable(),
      version: z.int(),
    }),
  ),
  /** Whole minutes; all of them together are the time from the start to the end, or to now. */
  minutes: z.object({
    counted: z.array(z.object({ holder: ClockHolder, minutes: z.int() })),
    paused: z.array(z.object({ holder: ClockHolder, minutes: z.int() })),
    closed: z.int(),
    ended: z.int(),
  }),
})
export type ClockView = z.infer<typeof ClockView>

const ById = z.object({ id: Id })

export const serviceLevelRoutes = defineRoutes({
  readIncidentClocks: {
    method: 'GET',
    path: '/incidents/{id}/clocks',
    summary: 'The clocks of an incident, and why each is as it is',
    access: 'incident.read_internal',
    params: ById,
    answer: z.object({ clocks: z.array(ClockView) }),
  },
  exportIncidentLedger: {
    method: 'GET',
    path: '/incidents/{id}/clocks/export',
    summary:
      'Where every minute of its clocks went, as a CSV file: one holder and one cause a line, without a gap',
    access: 'incident.read_internal',
    params: ById,
    media: { answer: 'text/csv' },
  },
})
