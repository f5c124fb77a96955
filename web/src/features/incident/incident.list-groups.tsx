import type { ListedIncident } from '@evenkeel/contract/incident'
import { say } from '../../language/say.ts'
import { groupKeyOf, nothingKey } from '../../parts/listing-address.ts'
import type { GroupedBy } from '../../parts/listing-groups.ts'
import { Person } from '../../parts/person.tsx'
import { PriorityTag } from '../../parts/priority.tsx'
import { groupsQuery } from './incident.api.ts'
import { StateTag } from './incident.state.tsx'

/** The key of the part that a row belongs to. */
const groupKeyOfRow = (row: ListedIncident, field: string): string => {
  switch (field) {
    case 'state':
      return row.state
    case 'priority':
      return String(row.priority)
    case 'service':
      return groupKeyOf(row.service?.id ?? null)
    case 'team':
      return row.team.id
    case 'assignee':
      return groupKeyOf(row.assignee?.id ?? null)
    default:
      return nothingKey
  }
}

/** How lists of incidents are divided. */
export const incidentGroups: GroupedBy<ListedIncident> = {
  query: (q, by) => groupsQuery(q, by),
  keyOf: groupKeyOfRow,
  labelOf: (field, value, label) => <GroupLabel field={field} value={value} label={label} />,
}

const GroupLabel = ({
  field,
  value,
  label,
}: {
  readonly field: string
  readonly value: string | null
  readonly label: string
}) => {
  const state = states.find((one) => one === value)
  const priority = priorities.find((one) => String(one) === value)
  if (field === 'state' && state !== undefined) return <StateTag state={state} />
  if (field === 'priority' && priority !== undefined) return <PriorityTag priority={priority} />
  if (field === 'assignee') return value === null ? say('incident.nobody') : <Person name={label} />
  if (value === null) return say('list.noService')
  return label
}

const states = ['new', 'in_progress', 'on_hold', 'resolved', 'closed', 'canceled'] as const
const priorities = [1, 2, 3, 4, 5] as const
