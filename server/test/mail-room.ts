import { setTimeout as sleep } from 'node:timers/promises'
import type { MailStatus } from '@evenkeel/contract/notification'
import { mailOf, tellings } from '../src/app/mail.ts'
import { reactionRunner, type Reaction } from '../src/platform/journal/reactions.ts'
import type { Mailer } from '../src/platform/mail/mail.transport.ts'
import { read, type Database } from '../src/platform/postgres/database.ts'
import {
  mailDelivery,
  notifyReaction,
  queueMailReaction,
  type Delivery,
  type Telling,
} from '../src/practices/notification/index.ts'

export const deskUrl = 'https://desk.example.org'
/** The account key of worlds, in every process of a test alike. */
export const accountKey = Buffer.alloc(32, 7)

export const mailSettings = (smtpUrl: string | undefined) => ({
  smtpUrl,
  from: 'The desk <desk@example.org>',
  publicUrl: deskUrl,
  accountKey,
})

export type MailRow = {
  readonly id: string
  readonly kind: string
  readonly person_id: string
  readonly status: MailStatus
  readonly attempts: number
  readonly may_have_arrived: boolean
  readonly last_code: string | null
  readonly last_answer: string | null
  readonly message_id: string | null
  readonly message: { readonly subject: string; readonly text: string; readonly html: string } | null
  readonly secret: Buffer | null
  readonly due_at: string
}

export type MailRoomSettings = {
  readonly database: Database
  readonly now: () => string
  readonly smtpUrl?: string | undefined
  readonly mailer?: Mailer
  readonly pauses?: readonly number[]
  readonly notify?: Reaction
  readonly tellings?: readonly Telling[]
}

export type MailRoom = ReturnType<typeof openMailRoom>

/**
 * What a worker does about telling people, a step at a time instead of as it comes: the reactions when a test says so, and each waiting mail
 * handed to the delivery directly. Without `smtpUrl` mail is kept.
 */
export const openMailRoom = (settings: MailRoomSettings) => {
  const { database, now } = settings
  const made = mailOf(mailSettings(settings.smtpUrl))
  const house = { ...made.house, tellings: settings.tellings ?? tellings }
  const mailer = settings.mailer ?? made.mailer
  const log: { message: string; details: Record<string, unknown> }[] = []
  const delivery: Delivery = mailDelivery({
    database,
    house,
    mailer,
    now,
    log: (message, details) => log.push({ message, details }),
    ...(settings.pauses === undefined ? {} : { pauses: settings.pauses }),
  })
  const notify = settings.notify ?? notifyReaction(house.tellings)
  const runners = [notify, queueMailReaction].map((reaction) => reactionRunner(reaction, { database, now }))

  /** Handles the journal of the tenant to its end. Transactions of other databases on the server hold the horizon back for a moment. */
  const tell = async (tenantId: string): Promise<void> => {
    while ((await behind(database, tenantId, ['notify', 'queue_mail'])) > 0) {
      for (const runner of runners) await runner.run()
      await sleep(2)
    }
  }
  const mails = (tenantId: string): Promise<MailRow[]> =>
    read(database, tenantId, (q) =>
      q.rows<MailRow>({
        text: `select id, kind, person_id, status, attempts, may_have_arrived, last_code, last_answer, message_id, message, secret, due_at
               from outbound_mail where tenant_id = $1 order by id`,
        values: [tenantId],
      }),
    )
  /** Gives every mail that is due one try; answers how many. */
  const deliver = async (tenantId: string): Promise<number> => {
    const due = (await mails(tenantId)).filter((mail) => mail.status === 'queued' && mail.due_at <= now())
    for (const mail of due) await delivery.deliver({ tenantId, mailId: mail.id }, AbortSignal.any([]))
    return due.length
  }
  return {
    house,
    delivery,
    log,
    tell,
    deliver,
    mails,
    /** Everything to its end: told, and each due mail tried. */
    run: async (tenantId: string): Promise<void> => {
      await tell(tenantId)
      await deliver(tenantId)
    },
    told: (tenantId: string) => told(database, tenantId),
    close: () => mailer.close(),
  }
}

export type Told = {
  readonly person: string
  readonly rule: string
  readonly kind: string
  readonly type: string
  readonly inApplication: boolean
  readonly mail: MailStatus | null
}

/** Who was told what, oldest first. */
const told = (database: Database, tenantId: string): Promise<Told[]> =>
  read(database, tenantId, (q) =>
    q.rows<Told>({
      text: `select p.name as person, n.rule, n.kind, n.entry_type as type, n.in_application as "inApplication", m.status as mail
             from notification n join person p on p.tenant_id = n.tenant_id and p.id = n.person_id
               left join outbound_mail m on m.tenant_id = n.tenant_id and m.notification_id = n.id
             where n.tenant_id = $1 order by n.id`,
      values: [tenantId],
    }),
  )

/** How many of the tenant's entries some readers of the journal have not passed yet. */
export const behind = (database: Database, tenantId: string, readers: readonly string[]): Promise<number> =>
  read(database, tenantId, async (q) => {
    const { count } = await q.one<{ count: number }>({
      text: `select count(*) as count from journal j cross join unnest($2::text[]) as r (name) left join reaction_cursor c on c.name = r.name
             where j.tenant_id = $1 and (c.name is null or (j.era, j.tx, j.id) > (c.era, c.tx, c.entry_id))`,
      values: [tenantId, readers],
    })
    return count
  })
