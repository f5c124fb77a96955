import { z } from 'zod'
import { Instant } from './record.ts'
import { defineRoutes } from './route.ts'

/** `good`; `late` is worth a look; `bad` needs somebody now. */
export const HealthStatus = z.enum(['good', 'late', 'bad'])
export type HealthStatus = z.infer<typeof HealthStatus>

/** From these on something is late, and from these on it is bad. */
export const healthLimits = {
  /** How old the oldest thing is that waits: entries for sealing and reactions, jobs for a worker, timers for their run. */
  waitingSeconds: { late: 60, bad: 600 },
  /** Part of the disk that is free. */
  diskFreePart: { late: 0.15, bad: 0.05 },
} as const

const Waiting = z.object({
  status: HealthStatus,
  /** How much waits; counted up to 10,000. */
  waiting: z.int(),
  /** Age of the oldest that waits, in seconds. */
  oldestSeconds: z.number(),
})

export const InstanceHealth = z.object({
  at: Instant,
  /** The worst of what follows. */
  status: HealthStatus,
  versions: z.object({ product: z.string(), node: z.string(), database: z.string(), schema: z.string() }),
  /** Of this organisation's journal. */
  sealing: Waiting.extend({ sealed: z.int(), signedAt: Instant.nullable() }),
  reactions: z.array(Waiting.extend({ name: z.string(), setAside: z.int() })),
  queues: z.array(Waiting.extend({ name: z.string(), running: z.int(), dead: z.int() })),
  timers: Waiting,
  /** Where files and the embedded database are; null where this process has no directory of its own. */
  disk: z.object({ status: HealthStatus, freeBytes: z.number(), totalBytes: z.number() }).nullable(),
  database: z.object({ status: HealthStatus, sizeBytes: z.number(), connections: z.int(), most: z.int() }),
  /** Of this organisation's mail, except for how it leaves. */
  mail: z.object({
    status: HealthStatus,
    /** `kept` where no mail server is set: nothing leaves. */
    transport: z.enum(['smtp', 'kept', 'unknown']),
    waiting: z.int(),
    dead: z.int(),
    lastAcceptedAt: Instant.nullable(),
    lastFailure: z.string().nullable(),
  }),
})
export type InstanceHealth = z.infer<typeof InstanceHealth>

/** About the instance itself. */
export const instanceRoutes = defineRoutes({
  readApiDescription: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description (OpenAPI 3.1); to be read by people at /api/docs',
    access: 'signed in',
    media: { answer: 'application/json' },
  },
})

export const healthRoutes = defineRoutes({
  readInstanceHealth: {
    method: 'GET',
    path: '/instance/health',
    summary: 'The health of the instance: what waits, how full the disk is, whether mail leaves',
    access: 'instance.read',
    answer: InstanceHealth,
  },
})
