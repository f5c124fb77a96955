import {
  noticeKinds,
  noticeTitles,
  type ChannelSetting,
  type NoticeKind,
  type NoticePreference,
} from '@evenkeel/contract/notification'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { isOn, type Wish } from './notification.decide.ts'
import { wishesOf } from './notification.facts.ts'
import { notificationPolicy } from './notification.policy.ts'
import { says } from './notification.reasons.ts'

/** Every kind of notice, with what holds for everybody and what the caller made of it. */
export const listPreferences = async (
  database: Database,
  caller: Caller,
): Promise<{ rows: NoticePreference[] }> => {
  const [{ document }, wishes] = await Promise.all([
    policyInForce(database, caller.tenantId, notificationPolicy, caller.now),
    read(database, caller.tenantId, (q) => wishesOf(q, [caller.personId])),
  ])
  const mine = wishes.get(caller.personId)
  const channel = (setting: ChannelSetting, wish: boolean | null | undefined) => ({
    setting,
    on: isOn(setting, wish),
  })
  return {
    rows: noticeKinds.map((kind) => ({
      kind,
      title: noticeTitles[kind],
      inApplication: channel(document.kinds[kind].inApplication, mine?.get(kind)?.inApplication),
      mail: channel(document.kinds[kind].mail, mine?.get(kind)?.mail),
    })),
  }
}

/** Switches a kind on or off for the caller. What the organisation decided for everybody cannot be switched. */
export const setPreference = async (
  database: Database,
  caller: Caller,
  kind: NoticeKind,
  wish: Wish,
): Promise<void> => {
  if (caller.actor.kind === 'person' && caller.actor.onBehalfOf !== null)
    throw new Refusal('forbidden', says('preferences.own'))
  const { document } = await policyInForce(database, caller.tenantId, notificationPolicy, caller.now)
  const reasons = (['inApplication', 'mail'] as const).flatMap((channel) => {
    const setting = document.kinds[kind][channel]
    const fixed = setting === 'always' || setting === 'never'
    return fixed && wish[channel] !== null && wish[channel] !== (setting === 'always')
      ? [{ code: 'fixed', field: channel, message: says('preferences.fixed', { setting }) }]
      : []
  })
  if (reasons.length > 0) throw new Refusal('invalid', reasons)
  await write(database, caller, async (tx) => {
    tx.send({
      name: 'notification_prefer',
      text: `insert into notification_preference as p (tenant_id, person_id, kind, in_application, mail) values ($1, $2, $3, $4, $5)
             on conflict (tenant_id, person_id, kind) do update set in_application = excluded.in_application, mail = excluded.mail`,
      values: [tx.tenantId, caller.personId, kind, wish.inApplication, wish.mail],
    })
    tx.journal({
      type: 'notification.preferred',
      subject: { kind: 'person', id: caller.personId },
      data: { kind, inApplication: wish.inApplication, mail: wish.mail },
    })
  })
}
