import type { IncidentGroup } from '@evenkeel/contract/incident-list'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { readSort } from '../ui/list-layout.ts'
import type { Grouping } from '../ui/record-list.tsx'
import { groupKeyOf } from './listing-address.ts'

type Groups = { readonly groups: readonly IncidentGroup[] }

/** How a kind of record is divided into parts. */
export type GroupedBy<Row> = {
  readonly query: (q: string, by: string, within: string | undefined) => ReturnType<typeof groupOptions>
  /** The key of the part that a row belongs to. */
  readonly keyOf: (row: Row, field: string, groups: readonly IncidentGroup[]) => string
  readonly labelOf: (field: string, value: string | null, label: string) => ReactNode
  /** Fields whose parts are left out by another field: one that names exactly them. */
  readonly foldedBy?: Readonly<Record<string, string>>
}

/** What divides a list, with the count of each part. */
export const groupOptions = (queryKey: readonly string[], queryFn: () => Promise<Groups>) =>
  queryOptions({ queryKey, queryFn, staleTime: 15_000, retry: false })

/** The parts that the list is divided into, with how many each holds; undefined while it is one. */
export const useGrouping = <Row>({
  q,
  group,
  within,
  folded,
  waiting,
  groupedBy,
  onFolded,
}: {
  readonly q: string
  readonly group: string | undefined
  readonly within: string | undefined
  readonly folded: ReadonlySet<string>
  /** It is not known yet which list is asked for. */
  readonly waiting: boolean
  readonly groupedBy: GroupedBy<Row>
  readonly onFolded: (folded: ReadonlySet<string>) => void
}): Grouping<Row> | undefined => {
  const [divided] = readSort(group)
  const { data: groups } = useQuery({
    ...groupedBy.query(q, group ?? '', within),
    enabled: divided !== undefined && !waiting,
    placeholderData: (before) => before,
  })
  return useMemo((): Grouping<Row> | undefined => {
    if (divided === undefined || groups === undefined) return undefined
    return {
      groups: groups.groups.map(({ value, label, count: members }) => ({
        key: groupKeyOf(value),
        count: members,
        name: label,
        label: groupedBy.labelOf(divided.field, value, label),
      })),
      keyOf: (row) => groupedBy.keyOf(row, divided.field, groups.groups),
      folded,
      onFold: (key) => {
        const next = new Set(folded)
        if (!next.delete(key)) next.add(key)
        onFolded(next)
      },
    }
    // The address as it is when a heading is pressed is what is changed then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [groups, folded, group, q, within])
}
