import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { StoredEntry } from '../../platform/journal/position.ts'
import type { Reaction } from '../../platform/journal/reactions.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { noticesOf, type Notice } from './notification.decide.ts'
import { planDigests } from './notification.digest.ts'
import { factsFor } from './notification.facts.ts'
import { notificationPolicy } from './notification.policy.ts'
import { enqueueMails } from './notification.queue.ts'
import { insertNoticeMails, insertNotifications, type NewNotification } from './notification.repo.ts'
import type { Telling } from './notification.telling.ts'

/**
 * Tells people what happened: a row for the application, a mail with its job, and an entry that says who was told and why, all in the
 * transaction that moves the cursor. The policy, the rights and the record count as they are at that moment.
 */
export const notifyReaction = (tellings: readonly Telling[]): Reaction => ({
  name: 'notify',
  to: tellings.map((telling) => `${telling.kind}.`),
  react: async (tx, entries) => {
    const { version, document } = await policyAt(tx, notificationPolicy, tx.author.now)
    const types = new Set(document.rules.flatMap((rule) => rule.on))
    // Whatever a policy names: nobody is written to because of what happened elsewhere, years ago.
    const concerned = entries.filter((entry) => types.has(entry.type) && entry.via !== 'import')
    if (concerned.length === 0) return
    const newSince = hoursBefore(tx.author.now, document.newWithinDays * 24)
    const facts = await factsFor(
      tx,
      tellings,
      concerned,
      hoursBefore(tx.author.now, document.mailWithinHours),
    )
    const byId = new Map(concerned.map((entry) => [entry.id, entry]))
    const decided = [...facts.events].flatMap(([eventId, event]) =>
      noticesOf(document, event, facts.people).flatMap((notice) => {
        const entry = byId.get(notice.entryId)
        if (entry === undefined) return []
        const internal = event.some((one) => one.entryId === entry.id && one.internal)
        const old = entry.at < newSince
        return [{ notice, row: rowOf(notice, entry, { eventId, internal, version, old }) }]
      }),
    )
    await tell(tx, version, decided)
  },
})

type Decided = { readonly notice: Notice; readonly row: NewNotification }

const rowOf = (
  notice: Notice,
  entry: StoredEntry,
  {
    eventId,
    internal,
    version,
    old,
  }: {
    readonly eventId: string
    readonly internal: boolean
    readonly version: number
    readonly old: boolean
  },
): NewNotification => ({
  id: uuidv7(),
  person_id: notice.personId,
  entry_id: entry.id,
  event_id: eventId,
  entry_type: entry.type,
  kind: notice.kind,
  rule: notice.rule,
  reason: notice.because,
  policy_version: version,
  record_id: entry.subject_id,
  is_internal: internal,
  in_application: notice.inApplication,
  awaits_digest: notice.digest,
  old,
})

const tell = async (tx: Tx, version: number, decided: readonly Decided[]): Promise<void> => {
  if (decided.length === 0) return
  const fresh = await insertNotifications(
    tx,
    decided.map(({ row }) => row),
  )
  const told = decided.filter(({ row }) => fresh.has(row.id))
  const mails = told
    .filter(({ notice }) => notice.mail && !notice.digest)
    .map(({ row }) => ({ id: uuidv7(), try: 1, notification: row }))
  insertNoticeMails(tx, mails)
  enqueueMails(tx, mails)
  await planDigests(
    tx,
    told.filter(({ notice }) => notice.digest).map(({ notice }) => notice.personId),
  )
  for (const [entryId, ones] of Map.groupBy(told, ({ row }) => row.entry_id)) {
    for (let at = 0; at < ones.length; at += mostInOneEntry)
      journalTold(tx, entryId, version, ones.slice(at, at + mostInOneEntry))
  }
}

// An entry is read as a whole, by everybody who follows the journal.
const mostInOneEntry = 500

/** Who was told, of what, and why: for the question "did anybody tell them", and for their open pages. */
const journalTold = (tx: Tx, entryId: string, version: number, told: readonly Decided[]): void => {
  tx.journal({
    type: 'notification.told',
    subject: { kind: 'notification', id: entryId },
    data: {
      policyVersion: version,
      told: told.map(({ notice }): JsonObject => ({
        personId: notice.personId,
        rule: notice.rule,
        inApplication: notice.inApplication,
        mail: notice.mail,
        ...(notice.digest ? { digest: true } : {}),
      })),
    },
    cause: entryId,
  })
}

/** The people whose list in the application got longer, from an entry of the kind above. */
export const toldInApplication = (data: JsonObject): ReadonlySet<string> => {
  const { told } = data
  if (!Array.isArray(told)) return new Set()
  return new Set(
    told.flatMap((one) => {
      if (typeof one !== 'object' || one === null || Array.isArray(one)) return []
      const { personId, inApplication } = one
      return inApplication === true && typeof personId === 'string' ? [personId] : []
    }),
  )
}

const hoursBefore = (instant: string, hours: number): string =>
  new Date(Date.parse(instant) - hours * 3_600_000).toISOString()

/** Mail that a command queued (invitations, resets) gets its job; commands know nothing of queues. */
export const queueMailReaction: Reaction = {
  name: 'queue_mail',
  to: ['mail.queued'],
  react: async (tx, entries) => {
    enqueueMails(
      tx,
      entries.map((entry) => ({ id: entry.subject_id, try: 1 })),
    )
  },
}
