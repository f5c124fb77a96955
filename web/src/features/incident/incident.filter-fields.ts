import type { FilterField } from '@evenkeel/contract/incident-list'
import { say } from '../../language/say.ts'

const titles = {
  text: 'filterField.text',
  number: 'field.number',
  title: 'field.title',
  state: 'field.state',
  open: 'filterField.open',
  priority: 'field.priority',
  service: 'field.service',
  team: 'field.team',
  assignee: 'field.assignee',
  requester: 'field.requester',
  affected: 'field.affected',
  watcher: 'field.watchers',
  created: 'field.createdAt',
  updated: 'field.updatedAt',
  resolved: 'list.resolvedAt',
  closed: 'filterField.closed',
  last_public: 'field.lastPublicAt',
  channel: 'field.channel',
  category: 'field.category',
  hold: 'field.holdOn',
  resolution: 'filterField.resolution',
  reopened: 'field.reopenCount',
  parent: 'filterField.parent',
  impact: 'field.impact',
  urgency: 'field.urgency',
  reassigned: 'field.reassignmentCount',
  was_with: 'filterField.wasWith',
  given_away: 'filterField.givenAway',
  came_back: 'filterField.cameBack',
  item: 'filterField.item',
  stands_on: 'filterField.standsOn',
  deadline: 'field.deadline',
  hold_until: 'filterField.holdUntil',
  confidential: 'field.confidential',
} as const

const isTitled = (name: string): name is keyof typeof titles => Object.hasOwn(titles, name)

/** A field in the reader's words; custom fields have the words of whoever made them. */
export const fieldTitle = ({ name, label }: Pick<FilterField, 'name' | 'label'>): string =>
  isTitled(name) ? say(titles[name]) : label.charAt(0).toLocaleUpperCase() + label.slice(1)
