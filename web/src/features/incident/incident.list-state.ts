import type { Filter } from '@evenkeel/contract/filter'
import type { IncidentRow } from '@evenkeel/contract/incident'
import type { SavedView } from '@evenkeel/contract/saved-view'
import { readSort } from '../../ui/list-layout.ts'

/** A list as its address says it; what is missing is as usual. */
export type ListSearch = {
  readonly q?: string | undefined
  readonly sort?: string | undefined
  readonly columns?: string | undefined
  /** The field that divides the list, `-` in front for the other direction. */
  readonly group?: string | undefined
  /** Parts that are folded, by the key of their value. */
  readonly folded?: string | undefined
  readonly rows?: string | undefined
  /** The saved view that this began as. */
  readonly view?: string | undefined
  readonly preview?: string | undefined
  /** A bulk action whose results are shown. */
  readonly bulk?: string | undefined
}

const names = ['sort', 'columns', 'group', 'folded', 'rows', 'view', 'preview', 'bulk'] as const

/** An empty filter is one too: it asks for everything. */
export const readListSearch = (search: Readonly<Record<string, unknown>>): ListSearch => ({
  ...(typeof search['q'] === 'string' ? { q: search['q'] } : {}),
  ...Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  ),
})

const usualSort = '-created'
/** Stands for records without a value in addresses. */
const nothingKey = '-'

/** How a view's list is addressed. */
export const searchOf = (
  view: Pick<SavedView, 'id' | 'text' | 'sort' | 'columns' | 'group'>,
): ListSearch & { readonly q: string } => ({
  view: view.id,
  q: view.text,
  ...(view.sort === usualSort || view.sort === '' ? {} : { sort: view.sort }),
  ...(view.columns.length === 0 ? {} : { columns: view.columns.join(',') }),
  ...(view.group === '' ? {} : { group: view.group }),
})

/** What a view keeps of a list, beside its filter. */
export const keptOf = ({ sort, columns, group }: ListSearch) => ({
  sort: sort ?? usualSort,
  columns: columns?.split(',') ?? [],
  group: group ?? '',
})

/** Whether two addresses show the same list, whatever else they say. */
export const sameList = (one: ListSearch, other: ListSearch): boolean =>
  (['q', 'sort', 'columns', 'group'] as const).every((name) => (one[name] ?? '') === (other[name] ?? ''))

export const groupKeyOf = (value: string | null): string => value ?? nothingKey

/** The key of the part that a row belongs to. */
export const groupKeyOfRow = (row: IncidentRow, field: string): string => {
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

/** Leaves out the rows of folded parts. */
export const unfolded = (group: string | undefined, folded: ReadonlySet<string>): Filter | undefined => {
  const [key] = readSort(group)
  if (key === undefined || folded.size === 0) return undefined
  return {
    all: [...folded].map((value): Filter =>
      value === nothingKey
        ? { field: key.field, op: 'is set' }
        : { not: { field: key.field, op: '=', value } },
    ),
  }
}

export const readFolded = (text: string | undefined): ReadonlySet<string> =>
  new Set((text ?? '').split(',').filter((part) => part !== ''))
