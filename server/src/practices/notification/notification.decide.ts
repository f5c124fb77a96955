import {
  mayBeInDigest,
  noticeParties,
  type ChannelSetting,
  type NoticeKind,
  type NoticeParty,
  type NoticeRule,
  type NotificationPolicy,
} from '@evenkeel/contract/notification'
import type { Permission } from '@evenkeel/contract/permission'
import { may, type Grants, type Reach, type Row } from '../../kernel/access.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { holdsFor } from './notification.fields.ts'

/** One entry: what happened, to which record, and who has to do with it. */
export type Happening = {
  readonly entryId: string
  readonly type: string
  readonly data: JsonObject
  /** The people who did it: at the keyboard, and in whose name. */
  readonly actors: ReadonlySet<string>
  /** May every reader of the record hear of it, or only those who read its internals? */
  readonly internal: boolean
  readonly record: Row & { readonly priority: number }
  readonly parties: Readonly<Record<NoticeParty, ReadonlySet<string>>>
  /** The permission that reads such a record, and the one that reads its internals. */
  readonly read: Permission
  readonly readInternal: Permission
  /** Recent enough to be worth a mail. */
  readonly fresh: boolean
}

/** A person's word on one kind; null where they left it to everybody's setting. */
export type Wish = {
  readonly inApplication: boolean | null
  readonly mail: boolean | null
  /** With mail: in one mail a day. */
  readonly digest?: boolean
}

export type Listener = {
  readonly id: string
  readonly isActive: boolean
  readonly grants: Grants
  readonly reach: Reach
  readonly wishes: ReadonlyMap<NoticeKind, Wish>
}

/** Somebody is told something: once, for one reason. */
export type Notice = {
  readonly personId: string
  /** The entry they are told of. */
  readonly entryId: string
  readonly rule: string
  readonly kind: NoticeKind
  readonly because: string
  readonly inApplication: boolean
  readonly mail: boolean
  /** The mail waits for the one a day. */
  readonly digest: boolean
}

/**
 * Pure: who is told of an event, where and why. An event is one entry, or several that one act wrote (a hold and the question it comes
 * with), oldest first. Nobody is told who left, who may not read it at this moment, or who did it themselves (but for a receipt). Whoever
 * several rules name is told once: for the strongest thing they are to the record whose kind they want to hear of, and of two rules for
 * the same thing by the earlier.
 */
export const noticesOf = (
  policy: NotificationPolicy,
  event: readonly Happening[],
  people: ReadonlyMap<string, Listener>,
): Notice[] => {
  const applying = event
    .flatMap((happening) =>
      policy.rules.flatMap((rule, place) => (applies(rule, happening) ? [{ rule, place, happening }] : [])),
    )
    .toSorted((one, other) => strength(one.rule) - strength(other.rule) || one.place - other.place)
  const notices = new Map<string, Notice>()
  for (const { rule, happening } of applying) {
    for (const personId of happening.parties[rule.tell]) {
      const person = people.get(personId)
      if (person === undefined || notices.has(personId) || !mayHear(happening, person)) continue
      if (happening.actors.has(personId) && !rule.receipt) continue
      const channels = channelsFor(policy, happening, rule, person)
      if (!channels.inApplication && !channels.mail) continue
      const { id, kind, because } = rule
      notices.set(personId, { personId, entryId: happening.entryId, rule: id, kind, because, ...channels })
    }
  }
  return [...notices.values()]
}

const strength = (rule: NoticeRule): number => noticeParties.indexOf(rule.tell)

const applies = (rule: NoticeRule, happening: Happening): boolean =>
  rule.on.includes(happening.type) && holdsFor(rule, happening)

/** Rights count as they are when somebody is told, not as they were when it happened. */
export const mayHear = (
  happening: Pick<Happening, 'internal' | 'read' | 'readInternal'> & { readonly record: Row },
  person: Pick<Listener, 'isActive' | 'grants' | 'reach'>,
): boolean =>
  person.isActive &&
  may(person.grants, happening.read, person.reach, happening.record) &&
  (!happening.internal || may(person.grants, happening.readInternal, person.reach, happening.record))

const channelsFor = (
  policy: NotificationPolicy,
  { fresh }: Happening,
  rule: NoticeRule,
  person: Listener,
): Pick<Notice, 'inApplication' | 'mail' | 'digest'> => {
  const settings = policy.kinds[rule.kind]
  const wish = person.wishes.get(rule.kind)
  const mail = fresh && isOn(settings.mail, wish?.mail)
  return {
    inApplication: isOn(settings.inApplication, wish?.inApplication),
    mail,
    digest: mail && isInDigest(rule.kind, settings.mail, wish),
  }
}

/** Pure: whether mail of this kind waits for the one a day. What the organization always mails is never kept back. */
export const isInDigest = (kind: NoticeKind, setting: ChannelSetting, wish: Wish | undefined): boolean =>
  setting !== 'always' &&
  setting !== 'never' &&
  wish?.mail === true &&
  wish.digest === true &&
  mayBeInDigest(kind)

/** Pure: what a setting and a person's word come to. */
export const isOn = (setting: ChannelSetting, wish: boolean | null | undefined): boolean => {
  if (setting === 'always' || setting === 'never') return setting === 'always'
  return wish ?? setting === 'on'
}
