import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { read, transaction, type Database } from '../../platform/postgres/database.ts'
import { noTenant } from '../../platform/journal/position.ts'
import { graceMilliseconds, keepClocks } from './service-level.keep.ts'
import type { MeasuredKind } from './service-level.measured.ts'

export type ClocksRun = {
  readonly kept: number
  /** Records whose clocks could not be folded; tried again after a while, and with the next entry. */
  readonly failed: readonly { readonly id: string; readonly error: unknown }[]
  /** There may be more that is due. */
  readonly more: boolean
}

const mostPerRun = 200
const together = 50
/** What cannot be folded now will hardly be the next time it is looked, twice a second; and it stands in nobody's way. */
const againAfterMilliseconds = 10 * 60_000

type Failed = { readonly id: string; readonly error: unknown }

/** Tenants with something due: a clock that runs out or warns, or a version of the agreements that begins. */
export const tenantsWithClocksDue = (database: Database, now: string): Promise<readonly string[]> =>
  transaction(database, noTenant, 'read only', async (_, q) => {
    const rows = await q.rows<{ tenant_id: string }>({
      name: 'tenants_with_clocks_due',
      text: `select d.tenant_id from tenants_with_clocks_due($1) d join tenant t on t.id = d.tenant_id
             where t.suspended_at is null order by d.tenant_id`,
      values: [graceBefore(now)],
    })
    return rows.map((row) => row.tenant_id)
  })

const graceBefore = (now: string): string => new Date(Date.parse(now) - graceMilliseconds).toISOString()

/**
 * What time does to a tenant's clocks. Each is folded again under its turn, so that a worker that was down says on its return what was due
 * meanwhile, with the instants at which it was, and two workers say it once.
 */
export const runClocks = async (
  database: Database,
  kinds: readonly MeasuredKind[],
  author: Author,
): Promise<ClocksRun> => {
  const { tenantId } = author
  const turn = await takeTurn(database, kinds, author)
  const due = await read(database, tenantId, (q) =>
    q.rows<{ record_id: string; kind: string }>({
      name: 'clocks_due',
      text: `select c.record_id, r.kind from clock c join record r on r.tenant_id = c.tenant_id and r.id = c.record_id
             where c.tenant_id = $1 and c.next_due_at < $2 order by c.next_due_at, c.record_id limit $3`,
      values: [tenantId, graceBefore(author.now), mostPerRun],
    }),
  )
  const failed: Failed[] = [...turn.failed]
  let kept = 0
  for (const measured of kinds) {
    const ids = [...new Set(due.flatMap((one) => (one.kind === measured.kind ? [one.record_id] : [])))]
    for (const id of ids) {
      try {
        await write(database, author, (tx) => keepClocks(tx, measured, [id]))
        kept += 1
      } catch (error) {
        failed.push({ id, error })
        await postpone(database, author, id)
      }
    }
  }
  return { kept, failed, more: turn.goesOn || (due.length === mostPerRun && kept + failed.length > 0) }
}

const postpone = (database: Database, author: Author, id: string): Promise<void> =>
  write(database, author, async (tx) =>
    tx.send({
      name: 'clock_postpone',
      text: `update clock set next_due_at = $3 where tenant_id = $1 and record_id = $2 and next_due_at is not null`,
      values: [tx.tenantId, id, new Date(Date.parse(author.now) + againAfterMilliseconds).toISOString()],
    }),
  )

/** A step of a turn; where one of its records cannot be folded, one alone, and where that is the one, past it. */
const takeTurn = async (
  database: Database,
  kinds: readonly MeasuredKind[],
  author: Author,
): Promise<{ readonly goesOn: boolean; readonly failed: readonly Failed[] }> => {
  const fold = (tx: Tx, open: readonly Turning[]) => keepAll(tx, kinds, open)
  try {
    return { goesOn: (await turnStep(database, kinds, author, together, fold)) !== null, failed: [] }
  } catch {
    try {
      return { goesOn: (await turnStep(database, kinds, author, 1, fold)) !== null, failed: [] }
    } catch (error) {
      const passed = await turnStep(database, kinds, author, 1, async () => {})
      return { goesOn: passed !== null, failed: (passed ?? []).map(({ id }) => ({ id, error })) }
    }
  }
}

type Turning = { readonly id: string; readonly kind: string }

const keepAll = async (tx: Tx, kinds: readonly MeasuredKind[], open: readonly Turning[]): Promise<void> => {
  for (const measured of kinds)
    await keepClocks(
      tx,
      measured,
      open.flatMap(({ id, kind }) => (kind === measured.kind ? [id] : [])),
    )
}

/** Takes so many of the open records whose turn it is, after those of the last step; null when there is no turn. */
const turnStep = (
  database: Database,
  kinds: readonly MeasuredKind[],
  author: Author,
  size: number,
  work: (tx: Tx, open: readonly Turning[]) => Promise<void>,
): Promise<readonly Turning[] | null> =>
  write(database, author, async (tx) => {
    const turn = await tx.maybe<{ at: string; after_id: string | null }>({
      name: 'clock_turn_next',
      text: `select at, after_id from clock_turn where tenant_id = $1 and at < $2 order by at limit 1 for update skip locked`,
      values: [tx.tenantId, graceBefore(author.now)],
    })
    if (turn === undefined) return null
    const open = await tx.rows<Turning>({
      name: 'clock_turn_records',
      text: `select id, kind from record where tenant_id = $1 and is_open and kind = any($2) and ($3::uuid is null or id > $3)
             order by id limit $4`,
      values: [tx.tenantId, kinds.map(({ kind }) => kind), turn.after_id, size],
    })
    await work(tx, open)
    tx.send(
      open.length < size
        ? {
            name: 'clock_turn_over',
            text: 'delete from clock_turn where tenant_id = $1 and at = $2',
            values: [tx.tenantId, turn.at],
          }
        : {
            name: 'clock_turn_reach',
            text: 'update clock_turn set after_id = $3 where tenant_id = $1 and at = $2',
            values: [tx.tenantId, turn.at, open.at(-1)?.id ?? null],
          },
    )
    return open
  })
