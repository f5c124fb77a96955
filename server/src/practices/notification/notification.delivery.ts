import type { Handler } from '../../platform/jobs/jobs.ts'
import { storeMailToken } from '../../platform/auth/one-time-token.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import type { MailMessage } from '../../platform/mail/mail.compose.ts'
import type { Mailer, SendOutcome } from '../../platform/mail/mail.transport.ts'
import { sqlState, type Database } from '../../platform/postgres/database.ts'
import { Refusal } from '../../kernel/refusal.ts'
import {
  composeFor,
  type Composition,
  type MailHouse,
  type MailToCompose,
  type Shown,
} from './notification.mail.ts'
import { enqueueMails, placeOf } from './notification.queue.ts'

export type DeliverySettings = {
  readonly database: Database
  readonly house: MailHouse
  readonly mailer: Mailer
  readonly now: () => string
  /** Told of mail that nobody will try again by itself; identifiers only. */
  readonly log: (message: string, details: Record<string, unknown>) => void
  /** Seconds between the tries; one less than there are tries. */
  readonly pauses?: readonly number[]
}

export type Delivery = {
  /** One try of one mail: what the queue's workers do. */
  readonly deliver: Handler
  /** A job that never worked: its mail is dead, and says so. */
  readonly bury: Handler
}

// Five tries within hours: a mail server that asks for patience (greylisting) gets it, and one that is away over lunch too.
const defaultPauses = [60, 600, 3600, 14_400]
// What fails in composing fails for a reason of ours; minutes, so that it is seen.
const faultPauses = [5, 15, 60, 240]

/**
 * Sends mail. A mail's row is the truth about it: only a queued one is sent, and each try is noted before it begins and after it ends. A
 * worker that dies in between leaves a try that has not reported; the next one sends again under the same Message-ID and notes that there
 * may be two copies. Never none, and never two without saying so.
 */
export const mailDelivery = (settings: DeliverySettings): Delivery => {
  const { database, mailer, now } = settings
  const authorFor = (tenantId: string): Author => ({
    tenantId,
    actor: { kind: 'system', id: null, onBehalfOf: null, via: 'mail' },
    request: null,
    now: now(),
  })
  const inTenant = <T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    write(database, authorFor(tenantId), work)

  const deliver: Handler = async (data) => {
    const { tenantId, mailId } = placeOf(data)
    const begun = await inTenant(tenantId, (tx) => begin(tx, settings, mailId))
    if (begun === null) return
    const outcome = await mailer.send(begun.message)
    await stubbornly(() => inTenant(tenantId, (tx) => report(tx, settings, mailId, begun.attempt, outcome)))
  }
  const bury: Handler = async (data) => {
    const { tenantId, mailId } = placeOf(data)
    await inTenant(tenantId, async (tx) => {
      const mail = await lockQueued(tx, mailId)
      if (mail !== undefined) giveUp(tx, settings, mail, 'worker', null)
    })
  }
  return { deliver, bury }
}

type QueuedMail = MailToCompose & {
  readonly attempts: number
  readonly try: number
  readonly begun_at: string | null
  readonly may_have_arrived: boolean
}

const lockQueued = (tx: Tx, mailId: string): Promise<QueuedMail | undefined> =>
  tx.maybe<QueuedMail>({
    name: 'mail_lock',
    text: `select id, kind, person_id, notification_id, record_id, entry_id, facts, secret, expires_at, to_address, created_at,
             attempts, try, begun_at, may_have_arrived
           from outbound_mail where tenant_id = $1 and id = $2 and status = 'queued' for update`,
    values: [tx.tenantId, mailId],
  })

type Begun = { readonly message: MailMessage; readonly attempt: number }

/** Composes the mail and notes that a try begins; null when there is nothing to send. */
const begin = async (tx: Tx, settings: DeliverySettings, mailId: string): Promise<Begun | null> => {
  const mail = await lockQueued(tx, mailId)
  if (mail === undefined) return null
  if (mail.attempts > pausesOf(settings).length) {
    giveUp(tx, settings, mail, 'worker', null)
    return null
  }
  const composed = await composedOrFault(tx, settings, mail)
  if (composed === null) {
    const failed = { ...mail, attempts: mail.attempts + 1 }
    tryAgain(tx, settings, failed, faultPauses, { code: 'fault', text: null, mayHaveArrived: false })
    return null
  }
  if (composed.is === 'withdrawn') {
    settle(tx, mail, 'withdrawn', { code: composed.code })
    return null
  }
  if (composed.is === 'refused') {
    settle(tx, mail, 'refused', { code: composed.code, answer: composed.reason })
    return null
  }
  const { message, shown, token } = composed
  if (token !== null) storeMailToken(tx, token)
  if (!settings.mailer.delivers) {
    settle(tx, mail, 'kept', { message, shown })
    return null
  }
  tx.send({
    name: 'mail_begin',
    text: `update outbound_mail set attempts = attempts + 1, may_have_arrived = may_have_arrived or begun_at is not null, begun_at = $3,
             to_address = $4, message_id = $5, subject = $6
           where tenant_id = $1 and id = $2`,
    values: [tx.tenantId, mail.id, tx.author.now, message.envelope.to, message.messageId, message.subject],
  })
  return { message, attempt: mail.attempts + 1 }
}

/** Null when composing failed for a reason of ours. What the database says goes on to the queue, which tries again. */
const composedOrFault = async (
  tx: Tx,
  { house, log }: DeliverySettings,
  mail: QueuedMail,
): Promise<Composition | null> => {
  try {
    return await composeFor(tx, house, mail, tx.author.now)
  } catch (error) {
    if (sqlState(error) !== '' || error instanceof Refusal) throw error
    log('a mail could not be composed', {
      mailId: mail.id,
      error: error instanceof Error ? error.name : 'unknown',
    })
    return null
  }
}

/** Notes how a try ended. A late report, of a try that was given up for dead and begun anew, changes nothing. */
const report = async (
  tx: Tx,
  settings: DeliverySettings,
  mailId: string,
  attempt: number,
  outcome: SendOutcome,
): Promise<void> => {
  const mail = await lockQueued(tx, mailId)
  if (mail === undefined || mail.attempts !== attempt) return
  switch (outcome.outcome) {
    case 'accepted':
      settle(tx, mail, 'accepted', {
        answer: outcome.response,
        ...(outcome.serverMessageId === undefined ? {} : { serverMessageId: outcome.serverMessageId }),
      })
      return
    case 'refused':
      settle(tx, mail, 'refused', { code: outcome.code, answer: outcome.text })
      return
    case 'retry':
      tryAgain(tx, settings, { ...mail, begun_at: null }, pausesOf(settings), outcome)
      return
    case 'kept':
      throw new Error('a mailer that delivers keeps nothing')
  }
}

type Failure = { readonly code: string; readonly text: string | null; readonly mayHaveArrived: boolean }

/** Queues the next try, or gives up after the last. */
const tryAgain = (
  tx: Tx,
  settings: DeliverySettings,
  mail: QueuedMail,
  pauses: readonly number[],
  failure: Failure,
): void => {
  const pause = mail.attempts > pausesOf(settings).length ? undefined : pauses[mail.attempts - 1]
  if (pause === undefined) {
    giveUp(
      tx,
      settings,
      { ...mail, may_have_arrived: mail.may_have_arrived || failure.mayHaveArrived },
      failure.code,
      failure.text,
    )
    return
  }
  const next = mail.try + 1
  tx.send({
    name: 'mail_again',
    text: `update outbound_mail set try = $3, due_at = $4, attempts = $5, begun_at = null, may_have_arrived = may_have_arrived or $6,
             last_code = $7, last_answer = $8
           where tenant_id = $1 and id = $2`,
    values: [
      tx.tenantId,
      mail.id,
      next,
      new Date(Date.parse(tx.author.now) + pause * 1000).toISOString(),
      mail.attempts,
      failure.mayHaveArrived,
      failure.code,
      failure.text,
    ],
  })
  enqueueMails(tx, [{ id: mail.id, try: next }], pause)
}

const pausesOf = (settings: DeliverySettings): readonly number[] => settings.pauses ?? defaultPauses

/** A dead letter: it may have arrived when a try ended without an answer, or never reported. */
const giveUp = (
  tx: Tx,
  { log }: DeliverySettings,
  mail: QueuedMail,
  code: string,
  answer: string | null,
): void => {
  const unsure = mail.may_have_arrived || mail.begun_at !== null
  settle(tx, mail, unsure ? 'unknown' : 'dead', { code, answer, mayHaveArrived: unsure })
  log('a mail is given up', { tenantId: tx.tenantId, mailId: mail.id, code, mayHaveArrived: unsure })
}

type Settlement = {
  readonly code?: string
  readonly answer?: string | null
  readonly mayHaveArrived?: boolean
  readonly serverMessageId?: string
  readonly message?: MailMessage
  readonly shown?: Shown
}

type Settled = 'accepted' | 'kept' | 'refused' | 'dead' | 'unknown' | 'withdrawn'

/** The end of a mail, and its entry. Only kept mail holds its words, and the link that nobody was sent. */
const settle = (tx: Tx, mail: QueuedMail, status: Settled, how: Settlement): void => {
  tx.send({
    name: 'mail_settle',
    text: `update outbound_mail set status = $3, settled_at = $4, begun_at = null, attempts = $5, last_code = coalesce($6, last_code),
             last_answer = coalesce($7, last_answer), may_have_arrived = may_have_arrived or $8, server_message_id = $9,
             message = $10, subject = coalesce($11, subject), to_address = coalesce($12, to_address),
             message_id = coalesce($13, message_id), secret = case when $3 = 'kept' then secret end
           where tenant_id = $1 and id = $2`,
    values: [
      tx.tenantId,
      mail.id,
      status,
      tx.author.now,
      mail.attempts,
      how.code ?? null,
      how.answer ?? null,
      how.mayHaveArrived ?? false,
      how.serverMessageId ?? null,
      how.shown === undefined ? null : JSON.stringify(how.shown),
      how.message?.subject ?? null,
      how.message?.envelope.to ?? null,
      how.message?.messageId ?? null,
    ],
  })
  tx.journal({
    type: `mail.${status}`,
    subject: { kind: 'mail', id: mail.id },
    data: { attempts: mail.attempts, ...(how.code === undefined ? {} : { code: how.code }) },
    cause: mail.entry_id,
  })
}

/** The message is out; what is lost now is only the note of it. While the database is away, wait for it rather than send again. */
const stubbornly = async (work: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'unavailable') || attempt === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.min(5000, 200 * attempt)))
    }
  }
}
