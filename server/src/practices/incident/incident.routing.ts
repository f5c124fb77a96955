import type { Level, Priority, RaiseIncident } from '@evenkeel/contract/incident'
import type { Facts } from '../../kernel/filter/predicate.ts'

type Raised = Pick<
  RaiseIncident,
  'title' | 'description' | 'serviceId' | 'channel' | 'category' | 'impact' | 'confidential' | 'custom'
> & {
  readonly requesterId: string
  readonly urgency: Level
  readonly priority: Priority
  readonly createdAt: string
  /** What follows from its service and its items. */
  readonly affects: readonly string[]
  readonly criticality: number | null
  readonly itemClasses: readonly string[]
}

/** An incident as routing rules see it in the moment it is raised. */
export const routingFacts = (raised: Raised): Facts => ({
  text: `${raised.title} ${raised.description}`,
  title: raised.title,
  service: raised.serviceId,
  affects: raised.affects,
  criticality: raised.criticality,
  item_class: raised.itemClasses.join(' '),
  requester: raised.requesterId,
  priority: String(raised.priority),
  impact: raised.impact,
  urgency: raised.urgency,
  channel: raised.channel,
  category: raised.category,
  confidential: raised.confidential,
  created: raised.createdAt,
  ...Object.fromEntries(Object.entries(raised.custom).map(([key, value]) => [`custom.${key}`, value])),
})
