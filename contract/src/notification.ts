import { z } from 'zod'
import { Filter } from './filter.ts'
import { ReadConditions, RoutingCondition, RoutingField } from './policy.ts'
import { Id, Instant, PersonRef, pageOf } from './record.ts'
import { defineRoutes } from './route.ts'

/** What people can be told about, as they switch it on and off. */
export const noticeKinds = [
  'receipt',
  'question',
  'comment',
  'resolved',
  'ended',
  'assigned',
  'reply',
  'reopened',
  'resumed',
  'priority',
  'note',
  'team_new',
  'urgent',
  'mentioned',
  'milestone',
  'followed',
  'ends',
] as const
export const NoticeKind = z.enum(noticeKinds)
export type NoticeKind = z.infer<typeof NoticeKind>

export const noticeTitles: Readonly<Record<NoticeKind, string>> = {
  receipt: 'What I raised, or what was raised for me, was received',
  question: 'Somebody needs an answer from me before work can go on',
  comment: 'Somebody wrote to me about what I raised, or added a file',
  resolved: 'What I raised was resolved',
  ended: 'What I raised was closed or canceled, or that was taken back',
  assigned: 'Something was given to me',
  reply: 'The caller wrote about something that is mine to do, or added a file',
  reopened: 'Something that is mine to do was reopened, or what was done to it was taken back',
  resumed: 'Something of mine that waited can go on',
  priority: 'The priority of something that is mine to do was raised',
  note: 'A colleague wrote about something that is mine to do, or added a file',
  team_new: 'There is something new for my team that nobody has yet',
  urgent: 'Something with a team I lead is urgent, or goes back and forth between teams',
  mentioned: 'Somebody mentioned me',
  milestone: 'What I watch, or what affects me too, was resolved, reopened, closed or canceled',
  followed: 'Somebody wrote about what I watch, or what affects me too, or added a file',
  ends: 'Something that I look after ends soon, or has to be confirmed',
}

/** Kinds that come at once or not at all: somebody waits, or a time runs that the reader has to know of. */
export const neverInDigest = [
  'question',
  'resolved',
  'assigned',
  'urgent',
] as const satisfies readonly NoticeKind[]
export const mayBeInDigest = (kind: NoticeKind): boolean => !neverInDigest.some((one) => one === kind)

/** `always` and `never` are the organisation's word; `on` and `off` are what holds until a person says otherwise. */
export const channelSettings = ['always', 'on', 'off', 'never'] as const
export const ChannelSetting = z.enum(channelSettings)
export type ChannelSetting = z.infer<typeof ChannelSetting>

/**
 * What a person is to a record when something happens to it, the strongest reason to be told first. `lead_along`: leads one of the teams
 * that the entry names, as the two that a record went back and forth between.
 */
export const noticeParties = [
  'mentioned',
  'requester',
  'assignee',
  'affected',
  'watcher',
  'lead',
  'lead_along',
  'team',
] as const
export type NoticeParty = (typeof noticeParties)[number]

/** Conditions of early versions, each with the filter that means the same: what was published with them stays readable. */
const conditionNames = [
  'unassigned',
  'given',
  'new_team',
  'waits_for_caller',
  'by_caller',
  'not_by_caller',
  'priority_raised',
  'high_priority',
  'moved',
] as const
const namedConditions: Readonly<Record<(typeof conditionNames)[number], Filter>> = {
  unassigned: { field: 'assignee', op: 'is empty' },
  given: { field: 'given', op: '=', value: true },
  new_team: { field: 'new_team', op: '=', value: true },
  waits_for_caller: { field: 'waits_for', op: '=', value: 'caller' },
  by_caller: { field: 'by_caller', op: '=', value: true },
  not_by_caller: { field: 'by_caller', op: '=', value: false },
  priority_raised: { field: 'priority_raised', op: '=', value: true },
  high_priority: { field: 'priority', op: '<=', value: '2' },
  moved: { field: 'moved', op: '=', value: true },
}

const NamedConditions = z
  .array(z.enum(conditionNames))
  .transform((names): Filter => ({ all: names.map((name) => namedConditions[name]) }))

export const NoticeRule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'lower-case letters, digits, - and _'),
  /** Entry types of the journal, as `incident.resolved`. */
  on: z
    .array(z.string().regex(/^[a-z_]+(\.[a-z_]+)+$/, 'an entry type, as incident.resolved'))
    .min(1)
    .max(50),
  tell: z.enum(noticeParties),
  /** What must hold besides, of the record as it is now and of what has just happened to it. */
  when: z.union([Filter, NamedConditions]).default({ all: [] }),
  kind: NoticeKind,
  /** Also to the one who did it: a receipt. Nobody is told otherwise of what they did themselves. */
  receipt: z.boolean().default(false),
  /** The answer to "why did I get this". */
  because: z
    .string()
    .trim()
    .max(300)
    .regex(
      /^(?:You get this because|Sie erhalten dies, weil) /,
      'begins with "You get this because " or "Sie erhalten dies, weil "',
    ),
})
export type NoticeRule = z.infer<typeof NoticeRule>

const Channels = z.strictObject({ inApplication: ChannelSetting, mail: ChannelSetting })

/** Who is told of what, where, and why. Whoever several rules name is told once, by the strongest that they want to hear from. */
export const NotificationPolicy = z.strictObject({
  /** Per kind and channel: what holds for everybody, and what until a person says otherwise. */
  kinds: z.strictObject({
    receipt: Channels,
    question: Channels,
    comment: Channels,
    resolved: Channels,
    ended: Channels,
    assigned: Channels,
    reply: Channels,
    reopened: Channels,
    resumed: Channels,
    priority: Channels,
    note: Channels,
    team_new: Channels,
    urgent: Channels,
    mentioned: Channels,
    milestone: Channels,
    followed: Channels,
    // Versions from before it was there stay readable.
    ends: Channels.default({ inApplication: 'on', mail: 'on' }),
  }),
  rules: z
    .array(NoticeRule)
    .max(200)
    .refine(
      (rules) => new Set(rules.map((rule) => rule.id)).size === rules.length,
      'two rules have the same id',
    ),
  /** What happened longer ago than this is told in the application only: after an outage nobody's mailbox fills with history. */
  mailWithinHours: z.int().min(1).max(720),
  /** What happened longer ago than this is no news: it is listed as read. */
  newWithinDays: z.int().min(1).max(365),
  /** Notifications and settled mail are removed after so many days; who was told what stays in the journal. */
  keepDays: z.int().min(30).max(3650).default(365),
})
export type NotificationPolicy = z.infer<typeof NotificationPolicy>

export const NotificationRow = z.object({
  id: Id,
  kind: NoticeKind,
  at: Instant,
  readAt: Instant.nullable(),
  /** What happened, in one sentence; says so when the reader may no longer see what it was about. */
  headline: z.string(),
  actor: PersonRef.nullable(),
  /** Null when the reader may no longer see it. */
  record: z.object({ id: Id, kind: z.string(), number: z.string(), title: z.string() }).nullable(),
  /** The item it is about, when it is about one that the reader may see. */
  item: z.object({ id: Id, name: z.string() }).nullable(),
  /** The attestation that asks for items of theirs. */
  attestation: z.object({ id: Id, name: z.string() }).nullable(),
})
export type NotificationRow = z.infer<typeof NotificationRow>

/** The answer to "why did I get this". */
export const NotificationReason = z.object({
  id: Id,
  kind: NoticeKind,
  rule: z.string(),
  sentence: z.string(),
  policyVersion: z.int(),
  inApplication: z.boolean(),
  /** What became of the mail; null when none was to be sent. */
  mail: z.string().nullable(),
})
export type NotificationReason = z.infer<typeof NotificationReason>

export const NoticePreference = z.object({
  kind: NoticeKind,
  title: z.string(),
  inApplication: z.object({ setting: ChannelSetting, on: z.boolean() }),
  /** `digest`: with others in one mail a day. `mayWait`: whether it can be put there. */
  mail: z.object({ setting: ChannelSetting, on: z.boolean(), digest: z.boolean(), mayWait: z.boolean() }),
})
export type NoticePreference = z.infer<typeof NoticePreference>

/** The one mail a day: its hour where the person is, and when the next one leaves if anything waits for it. */
export const Digest = z.object({ hour: z.int(), timeZone: z.string(), nextAt: Instant.nullable() })
export type Digest = z.infer<typeof Digest>

/**
 * `queued` waits for its next try; `accepted` is the mail server's; `kept` stays here because there is no mail server; `refused` by the
 * mail server or because the address is none; `dead` after the last try; `unknown` is dead and may have arrived; `withdrawn` because the
 * person left or may no longer read it.
 */
export const mailStatuses = ['queued', 'accepted', 'kept', 'refused', 'dead', 'unknown', 'withdrawn'] as const
export const MailStatus = z.enum(mailStatuses)
export type MailStatus = z.infer<typeof MailStatus>
/** Tried for the last time, and sent again when somebody says so. */
export const deadStatuses = ['refused', 'dead', 'unknown'] as const satisfies readonly MailStatus[]

export const mailKinds = [
  'notice',
  'digest',
  'invitation',
  'reset',
  'password_changed',
  'second_factor_added',
  'unused_warning',
  'unused_accounts',
  'items_end',
  'items_attest',
] as const

export const OutboxRow = z.object({
  id: Id,
  kind: z.enum(mailKinds),
  status: MailStatus,
  to: PersonRef,
  /** The address it was sent to, or will be sent to. */
  address: z.string(),
  /** Null before it was composed, and for readers who may not see what it is about. */
  subject: z.string().nullable(),
  record: z.object({ id: Id, kind: z.string(), number: z.string() }).nullable(),
  attempts: z.int(),
  /** A try ended without an answer after the whole message was handed over: there may be two copies, under one Message-ID. */
  mayHaveArrived: z.boolean(),
  /** Why the last try failed, in short. */
  lastCode: z.string().nullable(),
  createdAt: Instant,
  nextTryAt: Instant.nullable(),
  settledAt: Instant.nullable(),
})
export type OutboxRow = z.infer<typeof OutboxRow>

export const OutboxMail = OutboxRow.extend({
  messageId: z.string().nullable(),
  /** What the mail server said last. */
  lastAnswer: z.string().nullable(),
  /**
   * The message, links that stand for a person left out. `kept` is what was composed; anything else is composed anew as it would be now.
   * Null for readers who may not see what it is about, and when its person may not any more.
   */
  message: z
    .object({ subject: z.string(), text: z.string(), html: z.string(), asOf: z.enum(['kept', 'now']) })
    .nullable(),
  /** What this reader may do with it. */
  allowed: z.array(z.enum(['redrive', 'show_link'])),
})
export type OutboxMail = z.infer<typeof OutboxMail>

/** An entry that a reaction could not handle: set aside so that those behind it were not delayed. */
export const SetAside = z.object({
  reaction: z.string(),
  entryId: Id,
  type: z.string(),
  entryAt: Instant,
  failure: z.string(),
  setAsideAt: Instant,
})
export type SetAside = z.infer<typeof SetAside>

const ById = z.object({ id: Id })
const paging = {
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

/** Conditions of rules about who is told: their fields, and the conditions as text, as a filter and in words. */
export const noticeRuleRoutes = defineRoutes({
  readNoticeFields: {
    method: 'GET',
    path: '/notification-rules/fields',
    summary: 'What rules about who is told may look at',
    access: 'policy.read',
    answer: z.object({ fields: z.array(RoutingField) }),
  },
  readNoticeConditions: {
    method: 'POST',
    path: '/notification-rules/conditions',
    summary: 'Conditions of rules about who is told as text, as a filter and in words',
    access: 'policy.read',
    body: ReadConditions,
    answer: z.object({ conditions: z.array(RoutingCondition) }),
  },
})

export const notificationRoutes = defineRoutes({
  listNotifications: {
    method: 'GET',
    path: '/me/notifications',
    summary: 'What I was told, newest first',
    access: 'signed in',
    query: z.strictObject({ unread: z.enum(['true', 'false']).default('false'), ...paging }),
    answer: pageOf(NotificationRow).extend({ unread: z.int() }),
  },
  countUnread: {
    method: 'GET',
    path: '/me/notifications/count',
    summary: 'How much of it I have not read',
    access: 'signed in',
    answer: z.object({ unread: z.int() }),
  },
  readNotification: {
    method: 'PUT',
    path: '/me/notifications/{id}/read',
    summary: 'Mark one as read',
    access: 'signed in',
    params: ById,
    status: 204,
  },
  readAllNotifications: {
    method: 'POST',
    path: '/me/notifications/read',
    summary: 'Mark as read what was there when I looked: up to the newest one shown, or everything',
    access: 'signed in',
    body: z.strictObject({ upTo: Id.optional() }),
    answer: z.object({ read: z.int() }),
  },
  explainNotification: {
    method: 'GET',
    path: '/me/notifications/{id}/reason',
    summary: 'Why did I get this',
    access: 'signed in',
    params: ById,
    answer: NotificationReason,
  },
  listNoticePreferences: {
    method: 'GET',
    path: '/me/notification-preferences',
    summary: 'What I am told, in the application and by mail',
    access: 'signed in',
    answer: z.object({ rows: z.array(NoticePreference), digest: Digest }),
  },
  setDigestHour: {
    method: 'PUT',
    path: '/me/notification-digest',
    summary: 'The hour of my day at which what I put into the daily mail comes',
    access: 'signed in',
    body: z.strictObject({ hour: z.int().min(0).max(23) }),
    answer: Digest,
  },
  setNoticePreference: {
    method: 'PUT',
    path: '/me/notification-preferences/{kind}',
    summary:
      'Switch a kind on or off, or put its mail into one a day; null goes back to what holds for everybody',
    access: 'signed in',
    params: z.object({ kind: NoticeKind }),
    body: z.strictObject({
      inApplication: z.boolean().nullable(),
      mail: z.boolean().nullable(),
      /** With mail on: in one mail a day instead of one for each. */
      digest: z.boolean().default(false),
    }),
    status: 204,
  },
  listOutbox: {
    method: 'GET',
    path: '/outbox',
    summary: 'Outgoing mail, newest first',
    access: 'outbox.read',
    query: z.strictObject({ status: MailStatus.optional(), ...paging }),
    answer: pageOf(OutboxRow),
  },
  countOutbox: {
    method: 'GET',
    path: '/outbox/count',
    summary: 'How much mail waits, was sent, was kept and lies dead',
    access: 'outbox.read',
    answer: z.object({ counts: z.record(MailStatus, z.int()), setAside: z.int() }),
  },
  readMail: {
    method: 'GET',
    path: '/outbox/{id}',
    summary: 'One outgoing mail',
    access: 'outbox.read',
    params: ById,
    answer: OutboxMail,
  },
  redriveMail: {
    method: 'POST',
    path: '/outbox/{id}/redrive',
    summary: 'Send a dead mail again',
    access: 'outbox.manage',
    params: ById,
    status: 204,
  },
  redriveOutbox: {
    method: 'POST',
    path: '/outbox/redrive',
    summary: 'Send dead mail again, the oldest first and at most 500 at a time',
    access: 'outbox.manage',
    body: z.strictObject({ status: z.enum(deadStatuses) }),
    answer: z.object({ redriven: z.int(), more: z.boolean() }),
  },
  showMailLink: {
    method: 'POST',
    path: '/outbox/{id}/link',
    summary: 'The link of a mail that could not leave, to be handed over in person; on record',
    access: 'person.manage',
    recentSignIn: true,
    params: ById,
    answer: z.object({ link: z.string(), expiresAt: Instant }),
  },
  listSetAside: {
    method: 'GET',
    path: '/reactions/set-aside',
    summary: 'Entries that a reaction could not handle',
    access: 'outbox.read',
    answer: z.object({ rows: z.array(SetAside) }),
  },
  retrySetAside: {
    method: 'POST',
    path: '/reactions/set-aside/{reaction}/{entryId}/retry',
    summary: 'Let a reaction try an entry again',
    access: 'outbox.manage',
    params: z.object({ reaction: z.string().regex(/^[a-z_]{1,60}$/), entryId: Id }),
    status: 204,
  },
})
