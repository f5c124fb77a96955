import type { ListedIncident } from '@evenkeel/contract/incident'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { say } from '../../language/say.ts'
import { Person } from '../../parts/person.tsx'
import { PriorityTag } from '../../parts/priority.tsx'
import { readSort } from '../../ui/list-layout.ts'
import type { Grouping } from '../../ui/record-list.tsx'
import { groupsQuery } from './incident.api.ts'
import { groupKeyOf, groupKeyOfRow, type ListSearch } from './incident.list-state.ts'
import { StateTag } from './incident.state.tsx'

/** The parts that the list is divided into, with how many each holds; undefined while it is one. */
export const useGrouping = ({
  search,
  folded,
  waiting,
  onFolded,
}: {
  readonly search: ListSearch & { readonly q: string }
  readonly folded: ReadonlySet<string>
  /** It is not known yet which list is asked for. */
  readonly waiting: boolean
  readonly onFolded: (folded: ReadonlySet<string>) => void
}): Grouping<ListedIncident> | undefined => {
  const { q, group } = search
  const [divided] = readSort(group)
  const { data: groups } = useQuery({
    ...groupsQuery(q, group ?? ''),
    enabled: divided !== undefined && !waiting,
    placeholderData: (before) => before,
  })
  return useMemo((): Grouping<ListedIncident> | undefined => {
    if (divided === undefined || groups === undefined) return undefined
    return {
      groups: groups.groups.map(({ value, label, count: members }) => ({
        key: groupKeyOf(value),
        count: members,
        name: label,
        label: <GroupLabel field={divided.field} value={value} label={label} />,
      })),
      keyOf: (row) => groupKeyOfRow(row, divided.field),
      folded,
      onFold: (key) => {
        const next = new Set(folded)
        if (!next.delete(key)) next.add(key)
        onFolded(next)
      },
    }
    // The address as it is when a heading is pressed is what is changed then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [groups, folded, group, search])
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
