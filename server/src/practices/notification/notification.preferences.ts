import {
  mayBeInDigest,
  noticeKinds,
  noticeTitles,
  type ChannelSetting,
  type Digest,
  type NoticeKind,
  type NoticePreference,
} from '@evenkeel/contract/notification'
import { Refusal, type Ground } from '../../kernel/refusal.ts'
import { isActing, type Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { isInDigest, isOn, type Wish } from './notification.decide.ts'
import { digestOf, moveDigest } from './notification.digest.ts'
import { wishesOf } from './notification.facts.ts'
import { notificationPolicy } from './notification.policy.ts'
import { says } from './notification.reasons.ts'

/** Every kind of notice, with what holds for everybody and what the caller made of it. */
export const listPreferences = async (
  database: Database,
  caller: Caller,
): Promise<{ rows: NoticePreference[]; digest: Digest }> => {
  const [{ document }, [wishes, digest]] = await Promise.all([
    policyInForce(database, caller.tenantId, notificationPolicy, caller.now),
    read(database, caller.tenantId, (q) =>
      Promise.all([wishesOf(q, [caller.personId]), digestOf(q, caller.personId)]),
    ),
  ])
  const mine = wishes.get(caller.personId)
  const channel = (setting: ChannelSetting, wish: boolean | null | undefined) => ({
    setting,
    on: isOn(setting, wish),
  })
  return {
    digest,
    rows: noticeKinds.map((kind) => ({
      kind,
      title: noticeTitles[kind],
      inApplication: channel(document.kinds[kind].inApplication, mine?.get(kind)?.inApplication),
      mail: {
        ...channel(document.kinds[kind].mail, mine?.get(kind)?.mail),
        digest: isInDigest(kind, document.kinds[kind].mail, mine?.get(kind)),
        mayWait: mayBeInDigest(kind),
      },
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
  mustBeOwn(caller)
  const { document } = await policyInForce(database, caller.tenantId, notificationPolicy, caller.now)
  const reasons: Ground[] = (['inApplication', 'mail'] as const).flatMap((channel) => {
    const setting = document.kinds[kind][channel]
    const fixed = setting === 'always' || setting === 'never'
    return fixed && wish[channel] !== null && wish[channel] !== (setting === 'always')
      ? [{ code: 'fixed', field: channel, message: says('preferences.fixed', { setting }) }]
      : []
  })
  if (wish.digest === true && !mayBeInDigest(kind))
    reasons.push({ code: 'at_once', field: 'digest', message: says('preferences.atOnce') })
  if (wish.digest === true && wish.mail !== true)
    reasons.push({ code: 'mail', field: 'digest', message: says('preferences.notMailed') })
  if (reasons.length > 0) throw new Refusal('invalid', reasons)
  await write(database, caller, async (tx) => {
    tx.send({
      name: 'notification_prefer',
      text: `insert into notification_preference as p (tenant_id, person_id, kind, in_application, mail, digest) values ($1, $2, $3, $4, $5, $6)
             on conflict (tenant_id, person_id, kind) do update
               set in_application = excluded.in_application, mail = excluded.mail, digest = excluded.digest`,
      values: [tx.tenantId, caller.personId, kind, wish.inApplication, wish.mail, wish.digest ?? false],
    })
    tx.journal({
      type: 'notification.preferred',
      subject: { kind: 'person', id: caller.personId },
      data: {
        kind,
        inApplication: wish.inApplication,
        mail: wish.mail,
        ...(wish.digest === true ? { digest: true } : {}),
      },
    })
  })
}

const mustBeOwn = (caller: Caller): void => {
  if (isActing(caller)) throw new Refusal('forbidden', says('preferences.own'))
}

/** Moves the one mail a day to another hour; what waits leaves then. */
export const setDigestHour = async (database: Database, caller: Caller, hour: number): Promise<Digest> => {
  mustBeOwn(caller)
  return write(database, caller, async (tx) => {
    await moveDigest(tx, caller.personId, hour)
    tx.journal({
      type: 'notification.digest_moved',
      subject: { kind: 'person', id: caller.personId },
      data: { hour },
    })
    return digestOf(tx, caller.personId)
  })
}
