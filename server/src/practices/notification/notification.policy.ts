import type { Filter } from '@evenkeel/contract/filter'
import {
  NotificationPolicy,
  type NoticeKind,
  type NoticeParty,
  type NoticeRule,
} from '@evenkeel/contract/notification'
import { definePolicy } from '../../platform/policy/policy.ts'

const told = 'You get this because'

const always: Filter = { all: [] }
const unassigned: Filter = { field: 'assignee', op: 'is empty' }
const given: Filter = { field: 'given', op: '=', value: true }
const newTeam: Filter = { field: 'new_team', op: '=', value: true }
const moved: Filter = { field: 'moved', op: '=', value: true }
const waitsForCaller: Filter = { field: 'waits_for', op: '=', value: 'caller' }
const byCaller: Filter = { field: 'by_caller', op: '=', value: true }
const notByCaller: Filter = { field: 'by_caller', op: '=', value: false }
const priorityRaised: Filter = { field: 'priority_raised', op: '=', value: true }
const highPriority: Filter = { field: 'priority', op: '<=', value: '2' }
const both = (one: Filter, other: Filter): Filter => ({ all: [one, other] })

const rule = (
  id: string,
  on: readonly string[],
  tell: NoticeParty,
  kind: NoticeKind,
  because: string,
  when: Filter = always,
  receipt = false,
): NoticeRule => ({ id, on: [...on], tell, kind, because: `${told} ${because}`, when, receipt })

const repriced = ['incident.edited', 'incident.priority_overridden', 'incident.priority_computed']
const ended = ['incident.closed', 'incident.canceled']
const said = ['incident.commented', 'incident.attached']
const saidOrNoted = [...said, 'incident.noted', 'incident.attached_for_team']
const handed = ['incident.routed', 'incident.assigned', 'incident.taken_back']
const milestones = ['incident.resolved', 'incident.reopened', ...ended]

/** Who is told of what: the file an administrator reads, and starts from. */
// prettier-ignore
const rules: readonly NoticeRule[] = [
  // The one it happens to. When one act says several things, the earlier line is what they hear.
  rule('resolved',          ['incident.resolved'],                  'requester', 'resolved',  'it happened to you.'),
  rule('ended',             ended,                                  'requester', 'ended',     'it happened to you.'),
  rule('question',          ['incident.held'],                      'requester', 'question',  'it happens to you and waits for your answer.', waitsForCaller),
  rule('received',          ['incident.raised'],                    'requester', 'receipt',   'it was raised by you or for you.', always, true),
  rule('written-to',        said,                                   'requester', 'comment',   'it happens to you.'),
  rule('taken-back',        ['incident.taken_back'],                'requester', 'ended',     'it happens to you.', moved),
  // Those who work on it.
  rule('given',             handed,                                 'assignee',  'assigned',  'it was given to you.', given),
  rule('taken-back-mine',   ['incident.taken_back'],                'assignee',  'reopened',  'it is assigned to you.', moved),
  rule('taken-back-team',   ['incident.taken_back'],                'team',      'reopened',  'it is with your team and nobody has it.', both(moved, unassigned)),
  rule('reopened',          ['incident.reopened'],                  'assignee',  'reopened',  'it is assigned to you.'),
  rule('reopened-team',     ['incident.reopened'],                  'team',      'reopened',  'it is with your team and nobody has it.', unassigned),
  rule('raised-in-rank',    repriced,                               'assignee',  'priority',  'it is assigned to you.', priorityRaised),
  rule('raised-in-rank-team', repriced,                             'team',      'priority',  'it is with your team and nobody has it yet.', both(priorityRaised, unassigned)),
  rule('answered',          said,                                   'assignee',  'reply',     'it is assigned to you.', byCaller),
  rule('answered-team',     said,                                   'team',      'reply',     'it is with your team and nobody has it yet.', both(byCaller, unassigned)),
  rule('resumed',           ['incident.resumed'],                   'assignee',  'resumed',   'it is assigned to you.'),
  rule('said',              saidOrNoted,                            'assignee',  'note',      'it is assigned to you.', notByCaller),
  rule('new-for-team',      ['incident.raised'],                    'team',      'team_new',  'it is new for your team and nobody has it yet.', unassigned),
  rule('came-to-team',      handed,                                 'team',      'team_new',  'it came to your team and nobody has it yet.', both(unassigned, newTeam)),
  rule('urgent',            ['incident.raised'],                    'lead',      'urgent',    'you lead the team it is with and it is urgent.', highPriority),
  rule('became-urgent',     repriced,                               'lead',      'urgent',    'you lead the team it is with and it became urgent.', both(priorityRaised, highPriority)),
  rule('back-and-forth',    ['incident.bounced'],                   'lead_along', 'urgent',   'it goes back and forth between a team you lead and another.'),
  // Those who were named, who follow it, or whom it affects too.
  rule('mentioned',         ['incident.commented', 'incident.noted'], 'mentioned', 'mentioned', 'somebody mentioned you.'),
  rule('affected',          milestones,                             'affected',  'milestone', 'it affects you too.'),
  rule('affected-comment',  said,                                   'affected',  'followed',  'it affects you too.'),
  rule('affected-back',     ['incident.taken_back'],                'affected',  'milestone', 'it affects you too.', moved),
  rule('watched',           milestones,                             'watcher',   'milestone', 'you watch it.'),
  rule('watched-comment',   [...said, 'incident.resumed'],          'watcher',   'followed',  'you watch it.'),
  rule('watched-back',      ['incident.taken_back'],                'watcher',   'milestone', 'you watch it.', moved),
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
      ends:      { inApplication: 'on', mail: 'on' },
    },
    rules: [...rules],
    mailWithinHours: 24,
    newWithinDays: 7,
    keepDays: 365,
  },
})
