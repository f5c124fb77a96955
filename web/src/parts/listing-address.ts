import type { Filter } from '@evenkeel/contract/filter'
import type { SavedView } from '@evenkeel/contract/saved-view'
import { readSort } from '../ui/list-layout.ts'

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
  /** Of items: this class and those below it. */
  readonly class?: string | undefined
}

const names = ['sort', 'columns', 'group', 'folded', 'rows', 'view', 'preview', 'bulk', 'class'] as const

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

/** The order that a list has when nobody asks for another. */
const usualSorts = { incident: '-created', item: 'name' } as const satisfies Record<
  SavedView['recordKind'],
  string
>
/** Stands for records without a value in addresses. */
export const nothingKey = '-'

/** How a view's list is addressed. */
export const searchOf = (
  view: Pick<SavedView, 'id' | 'recordKind' | 'text' | 'sort' | 'columns' | 'group'>,
): ListSearch & { readonly q: string } => ({
  view: view.id,
  q: view.text,
  ...(view.sort === usualSorts[view.recordKind] || view.sort === '' ? {} : { sort: view.sort }),
  ...(view.columns.length === 0 ? {} : { columns: view.columns.join(',') }),
  ...(view.group === '' ? {} : { group: view.group }),
})

/** What a view keeps of a list, beside its filter. */
export const keptOf = ({ sort, columns, group }: ListSearch, kind: SavedView['recordKind']) => ({
  sort: sort ?? usualSorts[kind],
  columns: columns?.split(',') ?? [],
  group: group ?? '',
})

/** Whether two addresses show the same list, whatever else they say. */
export const sameList = (one: ListSearch, other: ListSearch): boolean =>
  (['q', 'class', 'sort', 'columns', 'group'] as const).every(
    (name) => (one[name] ?? '') === (other[name] ?? ''),
  )

export const groupKeyOf = (value: string | null): string => value ?? nothingKey

/** Leaves out the rows of folded parts. */
export const unfolded = (
  group: string | undefined,
  folded: ReadonlySet<string>,
  foldedBy: Readonly<Record<string, string>> = {},
): Filter | undefined => {
  const [key] = readSort(group)
  if (key === undefined || folded.size === 0) return undefined
  const field = foldedBy[key.field] ?? key.field
  return {
    all: [...folded].map((value): Filter =>
      value === nothingKey ? { field, op: 'is set' } : { not: { field, op: '=', value } },
    ),
  }
}

export const readFolded = (text: string | undefined): ReadonlySet<string> =>
  new Set((text ?? '').split(',').filter((part) => part !== ''))
