import type { TwoTimes } from '@evenkeel/contract/item'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'
import { countOptions } from '../../parts/count-query.ts'

/** Lists, maps and everything else that changes when any item does. */
export const itemsKey = ['items'] as const
/** Everything that is drawn of one item hangs below this. */
export const itemKey = (id: string) => ['item', id] as const

export const itemClassesQuery = queryOptions({
  queryKey: ['item-classes'],
  queryFn: () => client.listItemClasses(),
  staleTime: 300_000,
})

export type ItemList = {
  readonly q: string
  readonly filter: string | undefined
  readonly sort: string | undefined
  /** Keys of the attributes that are columns. */
  readonly attributes: string
}

export const itemRowsKey = ({ q, filter, sort, attributes }: ItemList) => [
  ...itemsKey,
  'rows',
  q,
  filter ?? '',
  sort ?? '',
  attributes,
]

/** The first page is there quickly, those behind it are large: whoever scrolls wants many. */
export const itemRows = (
  { q, filter, sort, attributes }: ItemList,
  cursor: string,
  limit = cursor === '' ? 100 : 200,
) =>
  client.listItems({
    query: {
      limit,
      ...(q === '' ? {} : { q }),
      ...(filter === undefined ? {} : { filter }),
      ...(sort === undefined ? {} : { sort }),
      ...(attributes === '' ? {} : { attributes }),
      ...(cursor === '' ? {} : { cursor }),
    },
  })

export const itemCountQuery = (q: string, filter: string | undefined) =>
  countOptions([...itemsKey, 'count', q, filter ?? ''], () =>
    client.countItems({
      query: { ...(q === '' ? {} : { q }), ...(filter === undefined ? {} : { filter }) },
    }),
  )

/** How many items of each class the filter finds. */
export const classCountsQuery = (q: string) =>
  queryOptions({
    queryKey: [...itemsKey, 'groups', 'class', q],
    queryFn: () => client.groupItems({ query: { by: 'class', ...(q === '' ? {} : { q }) } }),
    staleTime: 30_000,
    retry: false,
    placeholderData: keepPreviousData,
  })

export const itemConflictsQuery = (source: string | undefined) =>
  queryOptions({
    queryKey: [...itemsKey, 'conflicts', source ?? ''],
    queryFn: () => client.listItemConflicts({ query: source === undefined ? {} : { source } }),
    refetchInterval: 30_000,
  })

export const itemSourcesQuery = queryOptions({
  queryKey: [...itemsKey, 'sources'],
  queryFn: () => client.listItemSources(),
  refetchInterval: 60_000,
})

export const modelHealthQuery = queryOptions({
  queryKey: [...itemsKey, 'model'],
  queryFn: () => client.readModelHealth(),
})

/** How many of those that a filter finds each class has. */
export const measuredByClassQuery = (q: string) =>
  queryOptions({
    queryKey: [...itemsKey, 'model', 'class', q],
    queryFn: () => client.groupItems({ query: { by: 'class', q } }),
  })

export const itemFieldsQuery = queryOptions({
  queryKey: [...itemsKey, 'fields'],
  queryFn: () => client.itemFilterFields(),
  staleTime: 300_000,
})

/** Items whose name has these words; of one class and those below it, when one is named. */
export const itemsNamedQuery = (words: string, classes: readonly string[] | undefined) =>
  queryOptions({
    queryKey: [...itemsKey, 'named', words, classes?.join(' ') ?? ''],
    queryFn: () =>
      client.listItems({
        query: {
          limit: 20,
          ...(words === '' ? {} : { q: quoted(words) }),
          ...(classes === undefined
            ? {}
            : { filter: JSON.stringify({ field: 'class', op: 'in', value: classes }) }),
        },
      }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

/** Words as the filter bar reads words, whatever they look like. */
const quoted = (words: string): string => `"${words.replaceAll(/["\\]/g, ' ')}"`

const timesIn = ({ validAt, knownAt }: TwoTimes): TwoTimes => ({
  ...(validAt === undefined ? {} : { validAt }),
  ...(knownAt === undefined ? {} : { knownAt }),
})

export const itemQuery = (id: string, times: TwoTimes) =>
  queryOptions({
    queryKey: [...itemKey(id), 'page', times.validAt ?? '', times.knownAt ?? ''],
    queryFn: () => client.readItem({ params: { id }, query: timesIn(times) }),
  })

export const itemHistoryQuery = (id: string) =>
  queryOptions({
    queryKey: [...itemKey(id), 'history'],
    queryFn: () => client.readItemHistory({ params: { id } }),
  })

export type MapAsked = {
  /** All services when none is named. */
  readonly items: readonly string[]
  readonly hops: number
  readonly maxItems?: number
  readonly times: TwoTimes
  /** Ids of branches, with commas. */
  readonly branches?: string | undefined
}

export const itemMapQuery = ({ items, hops, maxItems = 300, times, branches }: MapAsked) =>
  queryOptions({
    queryKey: [
      ...itemsKey,
      'map',
      items.join(','),
      hops,
      maxItems,
      times.validAt ?? '',
      times.knownAt ?? '',
      branches ?? '',
    ] as const,
    queryFn: () =>
      client.readItemMap({
        query: {
          hops,
          maxItems,
          direction: 'both',
          ...(items.length === 0 ? {} : { items: items.join(',') }),
          ...(branches === undefined ? {} : { branches }),
          ...timesIn(times),
        },
      }),
    placeholderData: keepPreviousData,
  })

export const blastQuery = (itemIds: readonly string[], times: TwoTimes, branches?: string) =>
  queryOptions({
    queryKey: [
      ...itemsKey,
      'blast',
      itemIds.join(','),
      times.validAt ?? '',
      times.knownAt ?? '',
      branches ?? '',
    ],
    queryFn: () =>
      client.readBlastRadius({
        body: {
          itemIds: [...itemIds],
          maxHops: 5,
          maxItems: 2000,
          ...timesIn(times),
          ...(branches === undefined ? {} : { branchIds: branches.split(',') }),
        },
      }),
  })
