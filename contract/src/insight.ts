import { z } from 'zod'
import { incidentStates, Priority } from './incident.ts'
import { Id, Instant, ListQuery, Named, pageOf } from './record.ts'
import { defineRoutes } from './route.ts'

/** What an incident does on its way: it enters a state, or goes to another team. */
export const activities = [...incidentStates, 'handed_over'] as const
export type Activity = (typeof activities)[number]

/** Which steps count: states alone, or handovers between them too. */
export const lenses = ['states', 'handovers'] as const
export type Lens = (typeof lenses)[number]

const Month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
/** A way as one short word, a letter a step; lists of records take it back. */
const Path = z.string().regex(/^[a-z]{1,2000}$/)

/** The incidents that are asked about: a list's filter, and the months they were raised in, both inside. */
const Asked = ListQuery.pick({ q: true, filter: true }).extend({
  from: Month.optional(),
  to: Month.optional(),
})
export type InsightAsked = z.infer<typeof Asked>

const Looked = Asked.extend({
  lens: z.enum(lenses).default('states'),
  /** The most frequent ways that together make up this share of the incidents, in percent. */
  share: z.coerce.number().int().min(1).max(100).default(100),
})
export type InsightLooked = z.infer<typeof Looked>

const Count = z.int()
const Seconds = z.number()
/** Null where nothing could be measured yet. */
const Measured = { medianSeconds: Seconds.nullable(), p90Seconds: Seconds.nullable() }
/** What each number counts, in the reader's language: by the name it has in the answer. */
const Definitions = z.record(z.string(), z.string())

/** How many incidents the numbers are about. */
const Counted = z.object({
  incidents: Count,
  /** Raised, but their steps were not looked at yet: numbers follow the journal by a moment. */
  notYet: Count,
})

const AnIncident = z.object({ id: Id, number: z.string(), title: z.string() })

export const ProcessNode = z.object({
  activity: z.enum(activities),
  /** How often it was entered, and by how many incidents. */
  visits: Count,
  incidents: Count,
  ...Measured,
  begins: Count,
  /** For how many it was the last step, and they are over; for how many the last so far. */
  ends: Count,
  still: Count,
})
export type ProcessNode = z.infer<typeof ProcessNode>

export const ProcessEdge = z.object({
  from: z.enum(activities),
  to: z.enum(activities),
  passes: Count,
  incidents: Count,
  ...Measured,
  /** Passes for which the process has no move. */
  unfit: Count,
})
export type ProcessEdge = z.infer<typeof ProcessEdge>

export const ProcessMap = z.object({
  counted: Counted,
  /** What the chosen share comes to. */
  shown: z.object({ incidents: Count, variants: Count, ofVariants: Count }),
  nodes: z.array(ProcessNode),
  edges: z.array(ProcessEdge),
  definitions: Definitions,
})
export type ProcessMap = z.infer<typeof ProcessMap>

export const Variant = z.object({
  path: z.string(),
  steps: z.array(z.enum(activities)),
  incidents: Count,
  /** Of all incidents, 0 to 1; `together`: with all that are more frequent. */
  share: z.number(),
  together: z.number(),
  ...Measured,
  /** The process has every move of it. */
  fits: z.boolean(),
})
export type Variant = z.infer<typeof Variant>

export const Variants = z.object({
  counted: Counted,
  variants: z.array(Variant),
  /** How many different ways there are in all. */
  ofVariants: Count,
  definitions: Definitions,
})
export type Variants = z.infer<typeof Variants>

export const Deviation = z.object({
  /** Null: it began there. */
  from: z.enum(incidentStates).nullable(),
  to: z.enum(incidentStates),
  passes: Count,
  incidents: Count,
  share: z.number(),
  /** What the process says instead. */
  sentence: z.string(),
  /** The teams that had them at that moment, and the months it happened in. */
  teams: z.array(z.object({ team: Named, passes: Count })),
  months: z.array(z.object({ month: Month, passes: Count })),
  examples: z.array(AnIncident),
})
export type Deviation = z.infer<typeof Deviation>

export const Conformance = z.object({
  counted: Counted,
  /** Incidents whose every move the process has. */
  fitting: Count,
  deviations: z.array(Deviation),
  definitions: Definitions,
})
export type Conformance = z.infer<typeof Conformance>

export const PingPongPair = z.object({
  /** Gave it away and got it back. */
  home: Named,
  /** Had it meanwhile. */
  other: Named,
  times: Count,
  incidents: Count,
  seconds: Seconds,
  ...Measured,
  examples: z.array(AnIncident.extend({ seconds: Seconds })),
})
export type PingPongPair = z.infer<typeof PingPongPair>

export const PingPong = z.object({
  counted: Counted,
  times: Count,
  incidents: Count,
  seconds: Seconds,
  ...Measured,
  /** By the time they cost, at most fifty. */
  pairs: z.array(PingPongPair),
  ofPairs: Count,
  definitions: Definitions,
})
export type PingPong = z.infer<typeof PingPong>

/** What a list of records stands behind. */
export const behindKinds = ['all', 'variant', 'node', 'edge', 'unfit', 'fitting', 'pair', 'bounced'] as const

export const InsightRecord = z.object({
  id: Id,
  number: z.string(),
  title: z.string(),
  state: z.enum(incidentStates),
  priority: Priority,
  team: Named,
  createdAt: Instant,
  /** Its way, up to now. */
  steps: z.array(z.enum(activities)),
})
export type InsightRecord = z.infer<typeof InsightRecord>

export const insightRoutes = defineRoutes({
  readProcessMap: {
    method: 'GET',
    path: '/insight/map',
    summary: 'How incidents traveled: what follows what, how often, and how long it takes',
    access: 'insight.read',
    query: Looked,
    answer: ProcessMap,
  },
  readVariants: {
    method: 'GET',
    path: '/insight/variants',
    summary: 'The most frequent ways of incidents',
    access: 'insight.read',
    query: Asked.extend({
      lens: z.enum(lenses).default('states'),
      limit: z.coerce.number().int().min(1).max(200).default(20),
    }),
    answer: Variants,
  },
  readConformance: {
    method: 'GET',
    path: '/insight/conformance',
    summary: 'Moves in history that the process does not have: how often, where, with examples',
    access: 'insight.read',
    query: Asked,
    answer: Conformance,
  },
  readPingPong: {
    method: 'GET',
    path: '/insight/ping-pong',
    summary: 'What teams gave away and got straight back, and the time it took',
    access: 'insight.read',
    query: Asked,
    answer: PingPong,
  },
  listInsightRecords: {
    method: 'GET',
    path: '/insight/records',
    summary: 'The incidents behind a number, those that the reader may read, newest first',
    access: 'insight.read',
    query: Looked.extend({
      behind: z.enum(behindKinds).default('all'),
      path: Path.optional(),
      activity: z.enum(activities).optional(),
      fromStep: z.enum(activities).optional(),
      toStep: z.enum(activities).optional(),
      home: Id.optional(),
      other: Id.optional(),
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: pageOf(InsightRecord).extend({
      /** How many are behind the number, and how many of them this reader may read. */
      incidents: Count,
      readable: Count,
    }),
  },
})
