import {
  NotificationPolicy,
  type NoticeCondition,
  type NoticeKind,
  type NoticeParty,
  type NoticeRule,
} from '@evenkeel/contract/notification'
import { definePolicy } from '../../platform/policy/policy.ts'

const told = 'You get this because'

const rule = (
  id: string,
  on: readonly string[],
  tell: NoticeParty,
  kind: NoticeKind,
  because: string,
  when: readonly NoticeCondition[] = [],
  receipt = false,
): NoticeRule => ({ id, on: [...on], tell, kind, because: `${told} ${because}`, when: [...when], receipt })

const repriced = ['incident.edited', 'incident.priority_overridden', 'incident.priority_computed']
const ended = ['incident.closed', 'incident.canceled']
const milestones = ['incident.resolved', 'incident.reopened', ...ended]

/** Who is told of what: the file an administrator reads, and starts from. */
// prettier-ignore
const rules: readonly NoticeRule[] = [
  // The one it happens to. When one act says several things, the earlier line is what they hear.
  rule('resolved',          ['incident.resolved'],                  'requester', 'resolved',  'it happened to you.'),
  rule('ended',             ended,                                  'requester', 'ended',     'it happened to you.'),
  rule('question',          ['incident.held'],                      'requester', 'question',  'it happens to you and waits for your answer.', ['waits_for_caller']),
  rule('received',          ['incident.raised'],                    'requester', 'receipt',   'it was raised by you or for you.', [], true),
  rule('written-to',        ['incident.commented'],                 'requester', 'comment',   'it happens to you.'),
  // Those who work on it.
  rule('given',             ['incident.routed', 'incident.assigned'], 'assignee', 'assigned', 'it was given to you.', ['given']),
  rule('reopened',          ['incident.reopened'],                  'assignee',  'reopened',  'it is assigned to you.'),
  rule('reopened-team',     ['incident.reopened'],                  'team',      'reopened',  'it is with your team and nobody has it.', ['unassigned']),
  rule('raised-in-rank',    repriced,                               'assignee',  'priority',  'it is assigned to you.', ['priority_raised']),
  rule('raised-in-rank-team', repriced,                             'team',      'priority',  'it is with your team and nobody has it yet.', ['priority_raised', 'unassigned']),
  rule('answered',          ['incident.commented'],                 'assignee',  'reply',     'it is assigned to you.', ['by_caller']),
  rule('answered-team',     ['incident.commented'],                 'team',      'reply',     'it is with your team and nobody has it yet.', ['by_caller', 'unassigned']),
  rule('resumed',           ['incident.resumed'],                   'assignee',  'resumed',   'it is assigned to you.'),
  rule('said',              ['incident.commented', 'incident.noted'], 'assignee', 'note',     'it is assigned to you.', ['not_by_caller']),
  rule('new-for-team',      ['incident.raised'],                    'team',      'team_new',  'it is new for your team and nobody has it yet.', ['unassigned']),
  rule('came-to-team',      ['incident.assigned'],                  'team',      'team_new',  'it came to your team and nobody has it yet.', ['unassigned', 'new_team']),
  rule('urgent',            ['incident.raised'],                    'lead',      'urgent',    'you lead the team it is with and it is urgent.', ['high_priority']),
  rule('became-urgent',     repriced,                               'lead',      'urgent',    'you lead the team it is with and it became urgent.', ['priority_raised', 'high_priority']),
  // Those who were named, who follow it, or whom it affects too.
  rule('mentioned',         ['incident.commented', 'incident.noted'], 'mentioned', 'mentioned', 'somebody mentioned you.'),
  rule('affected',          milestones,                             'affected',  'milestone', 'it affects you too.'),
  rule('affected-comment',  ['incident.commented'],                 'affected',  'followed',  'it affects you too.'),
  rule('watched',           milestones,                             'watcher',   'milestone', 'you watch it.'),
  rule('watched-comment',   ['incident.commented', 'incident.resumed'], 'watcher', 'followed', 'you watch it.'),
]

export const notificationPolicy = definePolicy<NotificationPolicy>({
  kind: 'notification',
  title: 'Notifications',
  schema: NotificationPolicy,
  initial: {
    // prettier-ignore
    kinds: {
      receipt:   { inApplication: 'off', mail: 'on' },
      question:  { inApplication: 'always', mail: 'on' },
      comment:   { inApplication: 'on', mail: 'on' },
      resolved:  { inApplication: 'on', mail: 'on' },
      ended:     { inApplication: 'on', mail: 'on' },
      assigned:  { inApplication: 'always', mail: 'on' },
      reply:     { inApplication: 'on', mail: 'on' },
      reopened:  { inApplication: 'on', mail: 'on' },
      resumed:   { inApplication: 'on', mail: 'off' },
      priority:  { inApplication: 'on', mail: 'on' },
      note:      { inApplication: 'on', mail: 'off' },
      team_new:  { inApplication: 'on', mail: 'off' },
      urgent:    { inApplication: 'on', mail: 'on' },
      mentioned: { inApplication: 'on', mail: 'on' },
      milestone: { inApplication: 'on', mail: 'on' },
      followed:  { inApplication: 'on', mail: 'off' },
    },
    rules: [...rules],
    mailWithinHours: 24,
    newWithinDays: 7,
  },
})
