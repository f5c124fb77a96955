import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { api } from '@evenkeel/contract/api'
import { createClient, Refused } from '@evenkeel/contract/client'
import type { Place } from './place.ts'

/**
 * One write as its sender saw it. `acked`: told that it is done. `refused`: told that it is not, and why. `indeterminate`: sent, and no
 * answer, or one that leaves open whether it happened (503). Nothing is assumed about those; repeated with their key they are settled.
 */
export type Op = {
  /** The Idempotency-Key, and part of what is written, by which the database is searched. */
  readonly key: string
  readonly kind: 'raise' | 'comment'
  readonly body: Readonly<Record<string, unknown>>
  readonly bodyHash: string
  readonly sentAt: number
  answeredAt: number
  outcome: 'acked' | 'refused' | 'indeterminate'
  /** 0 when no answer came. */
  status: number
  retryAfterSeconds: number | undefined
  answer: string
}

/** What the database holds, against what the sender was told. All but the first four should be zero. */
export type Findings = {
  readonly acked: number
  readonly refused: number
  readonly indeterminate: number
  /** Indeterminate ones that had happened. */
  readonly happened: number
  /** Acknowledged and not there. */
  readonly lost: number
  /** There more than once. */
  readonly doubled: number
  /** Refused and there all the same. */
  readonly phantom: number
  /** There without exactly its journal entries, or journalled and not there. */
  readonly halfDone: number
  /** Indeterminate, repeated with its key, and then not there exactly once. */
  readonly unsettled: number
}

export const faultless = (found: Findings): boolean =>
  found.lost + found.doubled + found.phantom + found.halfDone + found.unsettled === 0

/** The same run again needs the same chances: mulberry32. */
export const chances = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Longer than the product may take to say no, also when it is caught in the middle of a statement (17 s): what is silent for so long hangs. */
const patienceMs = 20_000

export const apiAt = (address: string, key: string) =>
  createClient(api, {
    baseUrl: address,
    headers: () => ({ authorization: `Bearer ${key}` }),
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(patienceMs) }),
  })
export type Api = ReturnType<typeof apiAt>

const nobody = '018f0000-0000-7000-8000-000000000001'

/** A write to be sent. One in ten is one that has to be refused. */
export const newOp = (kind: Op['kind'], isRefused: boolean): Op => {
  const key = `op-${randomUUID()}`
  const body =
    kind === 'comment'
      ? { audience: 'team', body: key }
      : { title: key, ...(isRefused ? { requesterId: nobody } : {}) }
  return {
    key,
    kind,
    body,
    bodyHash: createHash('sha256').update(JSON.stringify(body)).digest('hex'),
    sentAt: performance.now(),
    answeredAt: 0,
    outcome: 'indeterminate',
    status: 0,
    retryAfterSeconds: undefined,
    answer: '',
  }
}

const nobodyListens = 'nobody listens'

const failureOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ECONNREFUSED' ? nobodyListens : String(error)
}

/** Sends it and notes what came of it. `incidentId` is where comments go. */
export const send = async (client: Api, op: Op, incidentId: string): Promise<void> => {
  const hash = createHash('sha256').update(JSON.stringify(op.body)).digest('hex')
  if (hash !== op.bodyHash) throw new Error('a repeated write has to be the same write')
  try {
    const answer =
      op.kind === 'raise'
        ? await client.raiseIncident({
            body: { title: op.key, ...(op.body['requesterId'] === nobody ? { requesterId: nobody } : {}) },
            idempotencyKey: op.key,
          })
        : await client.commentIncident({
            params: { id: incidentId },
            body: { audience: 'team', body: op.key },
            idempotencyKey: op.key,
          })
    op.answer = JSON.stringify(answer)
    op.outcome = 'acked'
    op.status = 201
  } catch (error) {
    op.outcome = error instanceof Refused && error.status < 500 ? 'refused' : 'indeterminate'
    op.status = error instanceof Refused ? error.status : 0
    op.retryAfterSeconds = error instanceof Refused ? error.retryAfterSeconds : undefined
    op.answer = error instanceof Refused ? error.body.code : failureOf(error)
  } finally {
    op.answeredAt = performance.now()
  }
}

export type Load = {
  readonly log: readonly Op[]
  readonly incidentId: string
  acked(): number
  /** Lets what is under way finish. */
  stop(): Promise<void>
}

/** Writers that go on until they are stopped, whatever happens to the other side. `onlyRaise`: nothing that has to be refused; `most`: no more writes than that. */
export const startLoad = async (
  address: string,
  key: string,
  {
    onlyRaise = false,
    most = Number.POSITIVE_INFINITY,
  }: { readonly onlyRaise?: boolean; readonly most?: number } = {},
): Promise<Load> => {
  const client = apiAt(address, key)
  const { id: incidentId } = await client.raiseIncident({ body: { title: 'Written to by everybody' } })
  const log: Op[] = []
  const stopping = new AbortController()
  const writer = async (): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted && log.length < most; turn += 1) {
      const op = onlyRaise
        ? newOp('raise', false)
        : newOp(turn % 3 === 2 ? 'comment' : 'raise', turn % 10 === 0)
      log.push(op)
      await send(client, op, incidentId)
      // It never left, so it is not repeated: it is sent when somebody listens again.
      while (op.answer === nobodyListens && !stopping.signal.aborted) {
        await sleep(50)
        await send(client, op, incidentId)
      }
      // The product asked for a pause: at once again would only fill the log.
      if (op.outcome === 'indeterminate') await sleep(50)
    }
  }
  const running = Promise.all(Array.from({ length: 8 }, writer))
  return {
    log,
    incidentId,
    acked: () => log.filter((op) => op.outcome === 'acked').length,
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

type Present = { key: string; count: number; entries: number }

/** How often each write is there, and how many journal entries tell of it. */
const present = async (place: Place): Promise<Map<string, Present>> => {
  const rows = await place.rows<Present>(
    `select r.title as key, count(distinct r.id)::int as count, count(j.id)::int as entries
       from record r
       join incident i on (i.tenant_id, i.id) = (r.tenant_id, r.id)
       left join journal j on j.tenant_id = r.tenant_id and j.subject_id = r.id and j.type in ('incident.raised', 'incident.routed')
      where r.tenant_id = $1 and r.title like 'op-%' group by r.title
     union all
     select c.body, count(distinct c.id)::int, count(j.id)::int
       from comment c
       left join journal j on j.tenant_id = c.tenant_id and j.subject_id = c.record_id and j.data->>'commentId' = c.id::text
      where c.tenant_id = $1 and c.body like 'op-%' group by c.body`,
    [place.tenant.tenantId],
  )
  return new Map(rows.map((row) => [row.key, row]))
}

/** Entries whose record or comment is not there. */
const untrueEntries = async (place: Place): Promise<number> => {
  const [row] = await place.rows<{ count: number }>(
    `select count(*)::int as count from journal j
      where j.tenant_id = $1
        and (j.type = 'incident.raised' and not exists
               (select from record r where r.tenant_id = j.tenant_id and r.id = j.subject_id)
          or j.type = 'incident.noted' and not exists
               (select from comment c where c.tenant_id = j.tenant_id and c.id::text = j.data->>'commentId'))`,
    [place.tenant.tenantId],
  )
  return row?.count ?? 0
}

/** Compares, then repeats what is open until it is settled, and compares again. */
export const check = async (
  place: Place,
  address: string,
  load: Pick<Load, 'log' | 'incidentId'>,
): Promise<Findings> => {
  const { log, incidentId } = load
  const before = await present(place)
  const count = (op: Op): number => before.get(op.key)?.count ?? 0
  const entriesFor = (op: Op): number => (op.kind === 'raise' ? 2 : 1)
  const halfDone = log.filter((op) => count(op) === 1 && before.get(op.key)?.entries !== entriesFor(op))
  const open = log.filter((op) => op.outcome === 'indeterminate')
  const found = {
    acked: log.filter((op) => op.outcome === 'acked').length,
    refused: log.filter((op) => op.outcome === 'refused').length,
    indeterminate: open.length,
    happened: open.filter((op) => count(op) > 0).length,
    lost: log.filter((op) => op.outcome === 'acked' && count(op) === 0).length,
    doubled: log.filter((op) => count(op) > 1).length,
    phantom: log.filter((op) => op.outcome === 'refused' && count(op) > 0).length,
    halfDone: halfDone.length + (await untrueEntries(place)),
  }
  const client = apiAt(address, place.tenant.key)
  const left = [...open]
  const settle = async (): Promise<void> => {
    for (let op = left.pop(); op !== undefined; op = left.pop())
      for (let again = 0; op.outcome === 'indeterminate' && again < 100; again += 1) {
        if (again > 0) await sleep(100)
        await send(client, op, incidentId)
      }
  }
  await Promise.all(Array.from({ length: 8 }, settle))
  const after = await present(place)
  const unsettled = open.filter(
    (op) =>
      (after.get(op.key)?.count ?? 0) !== (op.outcome === 'acked' ? 1 : 0) || op.outcome === 'indeterminate',
  )
  return { ...found, unsettled: unsettled.length }
}

/** Answers of the kind 5xx that do not say when to come again, or are not 503. */
export const rudeAnswers = (log: readonly Op[]): string[] =>
  log
    .filter((op) => op.status >= 500 && (op.status !== 503 || op.retryAfterSeconds === undefined))
    .map((op) => `${op.status} ${op.answer}`)

/** The control of a client: it takes what it sent for done. The checker has to contradict it. */
export const takingSentForDone = (log: readonly Op[]): Op[] =>
  log.map((op) => ({ ...op, outcome: op.outcome === 'refused' ? 'refused' : 'acked' }))

/** What a fault reports in one line. */
export type Report = Readonly<Record<string, number | string | boolean>>

/** @throws Error naming the report when it is not so */
export const must = (isSo: boolean, what: string, report: unknown): void => {
  if (!isSo) throw new Error(`${what}: ${JSON.stringify(report)}`)
}
