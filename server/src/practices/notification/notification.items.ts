import type { NoticeKind } from '@evenkeel/contract/notification'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { isOn } from './notification.decide.ts'
import { wishesOf } from './notification.facts.ts'
import { hiddenHeadline } from './notification.language.ts'
import { notificationPolicy } from './notification.policy.ts'
import { insertNotifications } from './notification.repo.ts'

type Headline = (data: JsonObject, language: string) => string
const headlines = new Map<string, Headline>()

/** A practice says what happened to an item, in one sentence for the list in the application. */
export const itemsAreToldBy = (entryType: string, headline: Headline): void => {
  headlines.set(entryType, headline)
}

export const itemHeadline = (entryType: string, data: JsonObject, language: string): string =>
  headlines.get(entryType)?.(data, language) ?? hiddenHeadline(language)

export type ItemNotice = {
  readonly personId: string
  readonly itemId: string
  /** The entry that says what happened. */
  readonly entryId: string
  readonly entryType: string
  readonly kind: NoticeKind
  readonly rule: string
  /** The answer to "why did I get this". */
  readonly because: string
}

/**
 * Tells people of items: a row in the application for those who want it there. Answers the notices whose readers want them by mail, with
 * the row each belongs to.
 */
export const tellOfItems = async (
  tx: Tx,
  notices: readonly ItemNotice[],
): Promise<readonly { readonly notice: ItemNotice; readonly id: string }[]> => {
  if (notices.length === 0) return []
  const [{ version, document }, wishes] = await Promise.all([
    policyAt(tx, notificationPolicy, tx.author.now),
    wishesOf(tx, [...new Set(notices.map(({ personId }) => personId))]),
  ])
  const told = notices.flatMap((notice) => {
    const wish = wishes.get(notice.personId)?.get(notice.kind)
    const settings = document.kinds[notice.kind]
    const inApplication = isOn(settings.inApplication, wish?.inApplication)
    const mail = isOn(settings.mail, wish?.mail)
    return inApplication || mail ? [{ id: uuidv7(), notice, inApplication, mail }] : []
  })
  const fresh = await insertNotifications(
    tx,
    told.map(({ id, notice, inApplication }) => ({
      id,
      person_id: notice.personId,
      entry_id: notice.entryId,
      event_id: notice.entryId,
      entry_type: notice.entryType,
      kind: notice.kind,
      rule: notice.rule,
      reason: notice.because,
      policy_version: version,
      record_id: null,
      item_id: notice.itemId,
      is_internal: false,
      in_application: inApplication,
      awaits_digest: false,
      old: false,
    })),
  )
  const shown = told.filter(({ id }) => fresh.has(id))
  for (const [entryId, ones] of Map.groupBy(shown, ({ notice }) => notice.entryId))
    tx.journal({
      type: 'notification.told',
      subject: { kind: 'notification', id: entryId },
      data: {
        policyVersion: version,
        told: ones.map(({ notice, inApplication, mail }): JsonObject => ({
          personId: notice.personId,
          rule: notice.rule,
          inApplication,
          mail,
        })),
      },
      cause: entryId,
    })
  return shown.flatMap(({ id, notice, mail }) => (mail ? [{ id, notice }] : []))
}

/** Which mail told them, so that the answer to "did I get a mail" is there. */
export const toldByMail = (tx: Tx, ids: readonly string[], mailId: string): void =>
  tx.send({
    text: 'update notification set digest_id = $3 where tenant_id = $1 and id = any($2::uuid[])',
    values: [tx.tenantId, ids, mailId],
  })
