import { readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import {
  healthLimits,
  healthRoutes,
  type HealthStatus,
  type InstanceHealth,
} from '@evenkeel/contract/instance'
import type { Caller } from '../platform/http/caller.ts'
import { serve, type Served } from '../platform/http/serve.ts'
import { deadLetterQueue } from '../platform/jobs/jobs.ts'
import { read, type Database, type Reader } from '../platform/postgres/database.ts'
import { queues } from './prepare.ts'

/** What a process knows about where it runs; what it does not know is not told. */
export type HealthPlace = {
  readonly version?: string
  readonly directory?: string
  readonly mail?: 'smtp' | 'kept'
}

const mostCounted = 10_000

export const instanceHealthServed = (place: HealthPlace): Served[] =>
  serve(healthRoutes, {
    readInstanceHealth: ({ database, caller }) => instanceHealth(database, caller, place),
  })

const worst = (statuses: readonly HealthStatus[]): HealthStatus =>
  statuses.includes('bad') ? 'bad' : statuses.includes('late') ? 'late' : 'good'

const byAge = (seconds: number): HealthStatus => {
  const { late, bad } = healthLimits.waitingSeconds
  return seconds >= bad ? 'bad' : seconds >= late ? 'late' : 'good'
}

const waiting = (count: number, oldestSeconds: number) => ({
  status: count === 0 ? ('good' as const) : byAge(oldestSeconds),
  waiting: count,
  oldestSeconds: count === 0 ? 0 : Math.max(0, Math.round(oldestSeconds * 10) / 10),
})

const secondsSince = (at: string | null, now: string): number =>
  at === null ? 0 : (Date.parse(now) - Date.parse(at)) / 1000

/** A UUIDv7 begins with the milliseconds of its making. */
const writtenAt = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

/** One look at everything. Says how much waits and for how long, and of other tenants nothing but that. */
const instanceHealth = async (
  database: Database,
  caller: Caller,
  place: HealthPlace,
): Promise<InstanceHealth> => {
  const [disk, schema, rest] = await Promise.all([
    diskOf(place.directory),
    newestMigration(),
    read(database, caller.tenantId, async (q) => {
      const [sealing, reactions, jobs, timers, about, mail] = await Promise.all([
        sealingOf(q, caller.now),
        reactionsOf(q),
        queuesOf(q),
        timersOf(q, caller.now),
        databaseOf(q),
        mailOf(q, place.mail ?? 'unknown'),
      ])
      return { sealing, reactions, queues: jobs, timers, about, mail }
    }),
  ])
  const { about, ...parts } = rest
  const { version, ...size } = about
  const statuses = [parts.sealing, parts.timers, parts.mail, size, ...parts.reactions, ...parts.queues, disk]
  return {
    at: caller.now,
    status: worst(statuses.flatMap((part) => (part === null ? [] : [part.status]))),
    versions: {
      product: place.version ?? '',
      node: process.versions.node,
      database: version,
      schema,
    },
    ...parts,
    disk,
    database: size,
  }
}

const sealingOf = async (q: Reader, now: string): Promise<InstanceHealth['sealing']> => {
  const [head, backlog] = await Promise.all([
    q.maybe<{ size: number; signed_at: string }>({
      text: 'select size, signed_at from journal_head where tenant_id = $1 order by size desc limit 1',
      values: [q.tenantId],
    }),
    q.one<{ count: number; oldest: string | null }>({
      text: `select count(*)::int as count, min(at) as oldest from (
               select j.at from journal j left join reaction_cursor c on c.name = 'seal'
               where j.tenant_id = $1 and (c.name is null or (j.era, j.tx, j.id) > (c.era, c.tx, c.entry_id))
                 and not exists (select from journal_seal s where s.tenant_id = $1 and s.entry_id = j.id)
               limit ${mostCounted}) waiting`,
      values: [q.tenantId],
    }),
  ])
  return {
    ...waiting(backlog.count, secondsSince(backlog.oldest, now)),
    sealed: head?.size ?? 0,
    signedAt: head?.signed_at ?? null,
  }
}

const reactionsOf = async (q: Reader): Promise<InstanceHealth['reactions']> => {
  const rows = await q.rows<{ name: string; behind: number; oldest: string | null; set_aside: number }>({
    text: 'select name, behind, oldest, set_aside from reaction_progress($1) order by name',
    values: [mostCounted],
  })
  return rows.map(({ name, behind, oldest, set_aside: setAside }) => {
    const lag = waiting(behind, oldest === null ? 0 : (Date.now() - writtenAt(oldest)) / 1000)
    return { ...lag, status: worst([lag.status, setAside > 0 ? 'late' : 'good']), name, setAside }
  })
}

const queuesOf = async (q: Reader): Promise<InstanceHealth['queues']> => {
  const { there } = await q.one<{ there: boolean }>({
    text: `select to_regclass('pgboss.job') is not null as there`,
    values: [],
  })
  if (!there) return []
  const rows = await q.rows<{ name: string; state: string; count: number; seconds: number }>({
    text: `select name, state::text as state, count(*)::int as count,
             coalesce(extract(epoch from now() - min(greatest(created_on, start_after))), 0)::float8 as seconds
           from pgboss.job where state < 'completed' and start_after <= now() group by name, state`,
    values: [],
  })
  const of = (name: string, ...states: string[]) =>
    rows.filter((row) => row.name === name && states.includes(row.state))
  const sum = (found: readonly { count: number }[]): number => found.reduce((all, row) => all + row.count, 0)
  return queues.map((queue) => {
    const queued = of(queue.name, 'created', 'retry')
    return {
      ...waiting(sum(queued), Math.max(0, ...queued.map((row) => row.seconds))),
      name: queue.name,
      running: sum(of(queue.name, 'active')),
      dead: sum(of(deadLetterQueue(queue), 'created', 'retry', 'active')),
    }
  })
}

/** Waits that should have ended and resolutions that should have closed: the timers look every few seconds. */
const timersOf = async (q: Reader, now: string): Promise<InstanceHealth['timers']> => {
  const { count, oldest } = await q.one<{ count: number; oldest: string | null }>({
    text: `select count(*)::int as count, min(due) as oldest from (
             select i.hold_until as due from incident i join record r on r.tenant_id = i.tenant_id and r.id = i.id
             where i.tenant_id = $1 and r.state = 'on_hold' and i.hold_until <= $2
             union all select i.auto_close_at from incident i join record r on r.tenant_id = i.tenant_id and r.id = i.id
             where i.tenant_id = $1 and r.state = 'resolved' and i.auto_close_at <= $2) due`,
    values: [q.tenantId, now],
  })
  return waiting(count, secondsSince(oldest, now))
}

const databaseOf = async (q: Reader): Promise<InstanceHealth['database'] & { version: string }> => {
  const row = await q.one<{ version: string; size: number; connections: number; most: number }>({
    text: `select current_setting('server_version') as version, pg_database_size(current_database())::float8 as size,
             (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
             current_setting('max_connections')::int as most`,
    values: [],
  })
  const part = row.connections / row.most
  return {
    status: part >= 0.95 ? 'bad' : part >= 0.8 ? 'late' : 'good',
    sizeBytes: row.size,
    connections: row.connections,
    most: row.most,
    version: row.version,
  }
}

const mailOf = async (
  q: Reader,
  transport: InstanceHealth['mail']['transport'],
): Promise<InstanceHealth['mail']> => {
  const [counts, last, failed] = await Promise.all([
    q.one<{ waiting: number; dead: number }>({
      text: `select count(*) filter (where status = 'queued')::int as waiting,
               count(*) filter (where status in ('refused', 'dead', 'unknown'))::int as dead
             from outbound_mail where tenant_id = $1`,
      values: [q.tenantId],
    }),
    q.maybe<{ settled_at: string }>({
      text: `select settled_at from outbound_mail where tenant_id = $1 and status = 'accepted' order by settled_at desc limit 1`,
      values: [q.tenantId],
    }),
    q.maybe<{ last_code: string }>({
      text: `select last_code from outbound_mail where tenant_id = $1 and status in ('queued', 'dead', 'refused', 'unknown') and last_code is not null
             order by created_at desc limit 1`,
      values: [q.tenantId],
    }),
  ])
  return {
    status: counts.dead > 0 ? 'late' : 'good',
    transport,
    ...counts,
    lastAcceptedAt: last?.settled_at ?? null,
    lastFailure: failed?.last_code ?? null,
  }
}

/** A process does not start on tables that are older than its own files. */
const newestMigration = async (): Promise<string> => {
  const files = await readdir(join(import.meta.dirname, '../../migrations'))
  return (
    files
      .filter((file) => file.endsWith('.sql'))
      .toSorted()
      .at(-1)
      ?.slice(0, 4) ?? ''
  )
}

const diskOf = async (directory: string | undefined): Promise<InstanceHealth['disk']> => {
  if (directory === undefined) return null
  try {
    const { bavail, blocks, bsize } = await statfs(directory)
    const part = bavail / Math.max(1, blocks)
    const { late, bad } = healthLimits.diskFreePart
    return {
      status: part <= bad ? 'bad' : part <= late ? 'late' : 'good',
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
    }
  } catch {
    return null
  }
}
