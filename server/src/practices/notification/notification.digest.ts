import type { Digest, NoticeKind } from '@evenkeel/contract/notification'
import { uuidv7 } from '../../kernel/uuid.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { isOn } from './notification.decide.ts'
import { dayOf, nextDigest } from './notification.digest-time.ts'
import { wishesOf } from './notification.facts.ts'
import { notificationPolicy } from './notification.policy.ts'
import { enqueueMails } from './notification.queue.ts'

const usualHour = 7

type Plan = {
  readonly person_id: string
  readonly zone: string
  readonly hour: number
  readonly due_at: string | null
  readonly reckoned_in: string | null
  readonly last_day: string | null
}

const planOf = `p.id as person_id, p.time_zone as zone, coalesce(d.hour, ${usualHour}) as hour, d.due_at, d.time_zone as reckoned_in,
  d.last_day::text as last_day`
const planFrom = 'person p left join digest d on d.tenant_id = p.tenant_id and d.person_id = p.id'

/**
 * Something waits for these people's mail of the day: it leaves when it is next due. Takes the row's lock, so that the mail that is being
 * made at this moment either has it or is followed by another.
 */
export const planDigests = async (tx: Tx, personIds: readonly string[]): Promise<void> => {
  const ids = [...new Set(personIds)].toSorted()
  if (ids.length === 0) return
  const plans = await tx.rows<Plan>({
    name: 'digest_plans',
    text: `select ${planOf} from ${planFrom} where p.tenant_id = $1 and p.id = any($2) order by p.id`,
    values: [tx.tenantId, ids],
  })
  const due = plans.map(({ person_id, zone, hour, last_day }) => ({
    person_id,
    due_at: nextDigest(tx.author.now, zone, hour, last_day),
    time_zone: zone,
  }))
  tx.send({
    name: 'digest_plan',
    text: `insert into digest as d (tenant_id, person_id, due_at, time_zone)
           select $1, person_id, due_at, time_zone from jsonb_to_recordset($2) as n (person_id uuid, due_at timestamptz, time_zone text)
           on conflict (tenant_id, person_id) do update set due_at = coalesce(d.due_at, excluded.due_at),
             time_zone = case when d.due_at is null then excluded.time_zone else d.time_zone end`,
    values: [tx.tenantId, JSON.stringify(due)],
  })
}

/** The hour, and when the next one leaves if something waits. */
export const digestOf = async (q: Reader, personId: string): Promise<Digest> => {
  const plan = await q.one<Plan>({
    name: 'digest_of',
    text: `select ${planOf} from ${planFrom} where p.tenant_id = $1 and p.id = $2`,
    values: [q.tenantId, personId],
  })
  return { hour: plan.hour, timeZone: plan.zone, nextAt: plan.due_at }
}

/** At another hour from now on; what waits already leaves then, on a day that has had none. */
export const moveDigest = async (tx: Tx, personId: string, hour: number): Promise<void> => {
  tx.send({
    text: `insert into digest (tenant_id, person_id, hour) values ($1, $2, $3)
           on conflict (tenant_id, person_id) do update set hour = excluded.hour`,
    values: [tx.tenantId, personId, hour],
  })
  const plan = await tx.one<Plan>({
    text: `select ${planOf} from ${planFrom} where p.tenant_id = $1 and p.id = $2`,
    values: [tx.tenantId, personId],
  })
  if (plan.due_at !== null) replan(tx, plan)
}

const replan = (tx: Tx, { person_id, zone, hour, last_day }: Plan): string => {
  const due = nextDigest(tx.author.now, zone, hour, last_day)
  tx.send({
    text: 'update digest set due_at = $3, time_zone = $4 where tenant_id = $1 and person_id = $2',
    values: [tx.tenantId, person_id, due, zone],
  })
  return due
}

export type DigestsRun = {
  readonly made: number
  /** Whose could not be made; tried again with the next run. */
  readonly failed: readonly { readonly personId: string; readonly error: unknown }[]
  /** There may be more that is due. */
  readonly more: boolean
}

const mostPerRun = 200

/**
 * Makes the mails of the day that are due. Each in a transaction of its own, under the lock of its person's row and decided again there:
 * run twice, or by two processes at once, or cut off in the middle, each notice is told once.
 */
export const runDigests = async (database: Database, author: Author): Promise<DigestsRun> => {
  let made = 0
  const failed: { personId: string; error: unknown }[] = []
  const due = await duePeople(database, author)
  for (const personId of due) {
    try {
      if (await write(database, author, (tx) => makeDigest(tx, personId))) made += 1
    } catch (error) {
      failed.push({ personId, error })
    }
  }
  // Only failures would come again: no reason to run at once.
  return { made, failed, more: due.length === mostPerRun && made > 0 }
}

const duePeople = (database: Database, { tenantId, now }: Author): Promise<string[]> =>
  read(database, tenantId, async (q) => {
    const rows = await q.rows<{ person_id: string }>({
      name: 'digest_due',
      text: `select d.person_id from digest d join person p on p.tenant_id = d.tenant_id and p.id = d.person_id
             where d.tenant_id = $1 and d.due_at is not null and (d.due_at <= $2 or d.time_zone <> p.time_zone)
             order by d.due_at, d.person_id limit $3`,
      values: [q.tenantId, now, mostPerRun],
    })
    return rows.map((row) => row.person_id)
  })

type Waiting = { readonly id: string; readonly kind: NoticeKind; readonly is_read: boolean }

/** Answers whether there is a mail now. */
const makeDigest = async (tx: Tx, personId: string): Promise<boolean> => {
  const { now } = tx.author
  const plan = await tx.maybe<Plan>({
    name: 'digest_lock',
    text: `select p.id as person_id, p.time_zone as zone, d.hour, d.due_at, d.time_zone as reckoned_in, d.last_day::text as last_day
           from digest d join person p on p.tenant_id = d.tenant_id and p.id = d.person_id
           where d.tenant_id = $1 and d.person_id = $2 for update of d skip locked`,
    values: [tx.tenantId, personId],
  })
  if (plan === undefined || plan.due_at === null) return false
  // Whoever moved in the meantime gets it at their hour where they are now; what is due already is not kept any longer.
  if (plan.due_at > now) {
    if (plan.reckoned_in !== plan.zone) replan(tx, plan)
    return false
  }
  const [waiting, wishes, { document }] = await Promise.all([
    tx.rows<Waiting>({
      name: 'digest_waiting',
      text: `select id, kind, read_at is not null as is_read from notification
             where tenant_id = $1 and person_id = $2 and awaits_digest order by id`,
      values: [tx.tenantId, personId],
    }),
    wishesOf(tx, [personId]),
    policyAt(tx, notificationPolicy, now),
  ])
  const mine = wishes.get(personId)
  // What was read in the application is no news any more, and what they no longer want by mail is not sent either.
  const told = waiting
    .filter(({ kind, is_read }) => !is_read && isOn(document.kinds[kind].mail, mine?.get(kind)?.mail))
    .map(({ id }) => id)
  const mailId = told.length === 0 ? null : uuidv7()
  if (mailId !== null) queueDigest(tx, personId, mailId, told, waiting.length - told.length)
  tx.send({
    name: 'digest_tell',
    text: `update notification set awaits_digest = false, digest_id = case when id = any($3) then $4::uuid end
           where tenant_id = $1 and id = any($2)`,
    values: [tx.tenantId, waiting.map(({ id }) => id), told, mailId],
  })
  tx.send({
    name: 'digest_made',
    text: `update digest set due_at = null, last_day = case when $3 then $4::date else last_day end where tenant_id = $1 and person_id = $2`,
    values: [tx.tenantId, personId, mailId !== null, dayOf(now, plan.zone)],
  })
  return mailId !== null
}

/** The mail with its job and its entry; its words are made when it is sent. */
const queueDigest = (
  tx: Tx,
  personId: string,
  mailId: string,
  notifications: readonly string[],
  leftOut: number,
): void => {
  const entryId = tx.journal({
    type: 'notification.digest_made',
    subject: { kind: 'mail', id: mailId },
    data: { personId, notifications: [...notifications], leftOut },
  })
  // Sent now, not with the commit: the notices name it.
  tx.send({
    name: 'digest_mail',
    text: `insert into outbound_mail (tenant_id, id, kind, person_id, entry_id, due_at, created_at) values ($1, $2, 'digest', $3, $4, $5, $5)`,
    values: [tx.tenantId, mailId, personId, entryId, tx.author.now],
  })
  enqueueMails(tx, [{ id: mailId, try: 1 }])
}
