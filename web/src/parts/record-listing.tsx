import { Refused } from '@evenkeel/contract/client'
import type { FilterField } from '@evenkeel/contract/incident-list'
import type { SavedView } from '@evenkeel/contract/saved-view'
import { Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react'
import { say } from '../language/say.ts'
import { useSpokenAnswer } from '../ui/announce.tsx'
import { densities, rowHeights, useDensity } from '../ui/density.ts'
import { Fault, FaultPage } from '../ui/fault.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { type Placed, readColumns, readSort, wholeSort, writeColumns, writeSort } from '../ui/list-layout.ts'
import { ListOptions } from '../ui/list-options.tsx'
import { NewerButton } from '../ui/newer-button.tsx'
import { type Column, RecordList } from '../ui/record-list.tsx'
import type { RowMarks } from '../ui/row-marks.ts'
import { faultsIn } from './filter-faults.ts'
import { completeWith } from './filter-language.ts'
import { type ListSearch, readFolded, unfolded } from './listing-address.ts'
import type { ReadFilter } from './listing-builder.tsx'
import { type GroupedBy, useGrouping } from './listing-groups.ts'
import { useLiveRows } from './listing-live.ts'
import { type Selecting, SelectionBar, useSelection } from './listing-selection.tsx'
import classes from './record-listing.module.css'
import { SaveView, type Views, ViewStrip } from './saved-views.tsx'
import { UnreadFilter } from './unread-filter.tsx'

const Builder = lazy(async () => ({ default: (await import('./listing-builder.tsx')).ListingBuilder }))

type Page<Row> = { readonly rows: Row[]; readonly next: string | null }

/** What is asked of the server for a list as its address has it. */
export type Asked = {
  readonly q: string
  readonly sort: string | undefined
  /** Narrows further, as JSON. */
  readonly filter: string | undefined
  readonly layout: readonly Placed[]
}

/** A list's rows: whose they are, and how they are asked for. */
export type Source<Row> = {
  readonly kind: SavedView['recordKind']
  readonly queryKey: readonly unknown[]
  readonly page: (cursor: string) => Promise<Page<Row>>
  readonly again: (rows: readonly Row[]) => Promise<readonly Row[]>
}

/** What stands around the rows and knows them. */
export type Shown<Row> = Selecting & {
  readonly rows: readonly Row[]
  readonly count: { readonly count: number; readonly capped: boolean } | undefined
  readonly asked: Asked
}

type Props<Row extends { readonly id: string; readonly version: number }> = {
  readonly title: string
  /** Beside the title, at its end. */
  readonly actions?: ReactNode
  readonly search: ListSearch & { readonly q: string }
  readonly onSearch: (change: Partial<ListSearch>, replace?: boolean) => void
  /** What the list is asked for is not known yet. */
  readonly waiting: boolean
  /** Beside what was typed: what a choice on the page narrows the list to, as JSON. */
  readonly within?: string | undefined
  /** Before the filter, where there is no room beside the list. */
  readonly beforeFilter?: ReactNode
  readonly filterLabel: string
  readonly filterExample: string
  readonly fields: readonly FilterField[] | undefined
  readonly fieldTitle: (field: FilterField) => string
  readonly readFilter: ReadFilter
  readonly views: Views
  readonly viewsLabel: string
  readonly columns: readonly Column<Row>[]
  readonly usualColumns: readonly string[]
  readonly source: (asked: Asked) => Source<Row>
  readonly count: { readonly count: number; readonly capped: boolean } | undefined
  readonly groupedBy: GroupedBy<Row>
  readonly titleOf: (row: Row) => string
  readonly renderCompact: (row: Row) => ReactNode
  readonly marks: RowMarks
  /** When it changes, what is selected is told again. */
  readonly selectionKey?: string
  readonly mayEverything: boolean
  readonly renderBulk: (chosen: ReadonlySet<string>, shown: Shown<Row>) => ReactNode
  readonly renderMore: (shown: Shown<Row>) => ReactNode
  readonly renderKeys: (shown: Shown<Row>) => ReactNode
  readonly renderNone: (again: { readonly filtered: boolean; readonly onAll: () => void }) => ReactNode
  readonly onPick: (row: Row) => void
  readonly onHover: (row: Row) => void
}

/** A list of records of any kind: views, filter and builder, columns, order and parts, selection, and rows that stay true. */
export const RecordListing = <Row extends { readonly id: string; readonly version: number }>(
  props: Props<Row>,
) => {
  const { search, onSearch, waiting, within, fields, columns, usualColumns, views, marks, count } = props
  const queries = useQueryClient()
  const personalDensity = useDensity()
  const density = densities.find((one) => one === search.rows) ?? personalDensity
  const { q, group } = search
  const folded = useMemo(() => readFolded(search.folded), [search.folded])
  const layout = useMemo(
    () =>
      readColumns(
        search.columns,
        columns.map(({ id }) => id),
        usualColumns,
      ),
    [search.columns, columns, usualColumns],
  )
  const open = unfolded(group, folded, props.groupedBy.foldedBy)
  const asked: Asked = {
    q,
    sort: wholeSort(search.sort, group),
    filter: bothOf(within, open === undefined ? undefined : JSON.stringify(open)),
    layout,
  }
  const source = props.source(asked)
  const {
    data,
    error,
    isPending,
    isPlaceholderData,
    fetchNextPage,
    hasNextPage,
    isFetchingNextPage,
    refetch,
  } = useInfiniteQuery({
    queryKey: source.queryKey,
    queryFn: ({ pageParam }) => source.page(pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    enabled: !waiting,
  })
  // A filter that cannot be read stays where it was typed, with what is wrong below it.
  const refused = error instanceof Refused && error.status < 500
  const inText = refused ? faultsIn(error) : []
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data])
  const sort = useMemo(() => readSort(search.sort), [search.sort])
  const complete = useMemo(
    () => (fields === undefined ? undefined : completeWith(queries, fields)),
    [queries, fields],
  )
  const [building, setBuilding] = useState(false)
  const live = useLiveRows({ ...source, first: () => source.page('') }, rows)
  useSpokenAnswer(`${q} ${within ?? ''}`, count && say('list.found', { count: count.count }))
  const selecting = useSelection(rows, marks)
  const setList = (change: Partial<ListSearch>): void => {
    selecting.clear()
    onSearch({ ...change, ...('group' in change ? { folded: undefined } : {}) })
  }
  const grouping = useGrouping({
    group,
    q,
    within,
    folded,
    waiting,
    groupedBy: props.groupedBy,
    onFolded: (next) => onSearch({ folded: next.size === 0 ? undefined : [...next].join(',') }, true),
  })
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [isFetchingNextPage, fetchNextPage])
  const setLayout = (next: readonly Placed[]): void =>
    onSearch({ columns: writeColumns(next, usualColumns) }, true)
  const offered = (which: 'sortable' | 'groupable') =>
    (fields ?? [])
      .filter((field) => field[which])
      .map((field) => ({ id: field.name, title: props.fieldTitle(field) }))
  const shown: Shown<Row> = { ...selecting, rows, count, asked }
  const showsRows = rows.length > 0 || (grouping !== undefined && folded.size > 0 && !isPending)
  return (
    <section className={classes['list']} aria-label={props.title}>
      {props.renderKeys(shown)}
      <div className={classes['head']}>
        <h1 className={classes['title']}>{props.title}</h1>
        <ViewStrip views={views} search={search} label={props.viewsLabel} />
        {props.actions !== undefined && <div className={classes['acts']}>{props.actions}</div>}
      </div>
      <div className={classes['bar']}>
        <div className={classes['tools']}>
          {props.beforeFilter}
          <div className={classes['filter']}>
            <FilterBar
              value={q}
              label={props.filterLabel}
              placeholder={props.filterExample}
              onApply={(next) => setList({ q: next })}
              {...(complete === undefined ? {} : { complete })}
              faults={inText}
              builder={{ opened: building, onToggle: () => setBuilding(!building) }}
            />
          </div>
          <div className={classes['save']}>{!refused && <SaveView views={views} search={search} />}</div>
          <ListOptions
            columns={columns}
            layout={layout}
            onLayout={setLayout}
            onUsual={() => onSearch({ columns: undefined }, true)}
            sortable={offered('sortable')}
            sort={sort}
            onSort={(next) => setList({ sort: writeSort(next) })}
            groupable={offered('groupable')}
            group={group}
            onGroup={(next) => setList({ group: next })}
            density={density}
            onDensity={(next) => onSearch({ rows: next === personalDensity ? undefined : next }, true)}
          />
          {props.renderMore(shown)}
        </div>
        {building && (
          <Suspense fallback={<Skeleton height={96} />}>
            <Builder
              kind={source.kind}
              q={q}
              fields={fields}
              titleOf={props.fieldTitle}
              readFilter={props.readFilter}
              onApply={(next) => setList({ q: next })}
            />
          </Suspense>
        )}
      </div>
      {error !== null && inText.length === 0 && (refused || rows.length > 0) && (
        <div className={classes['fault']}>
          <Fault
            error={error}
            {...(rows.length > 0 ? { kept: say('list.keptRows') } : {})}
            {...(refused ? {} : { onRetry: () => void refetch() })}
          />
        </div>
      )}
      <SelectionBar
        key={props.selectionKey ?? ''}
        rows={rows}
        marks={marks}
        found={count}
        titleOf={props.titleOf}
        mayEverything={props.mayEverything}
        onClear={selecting.clear}
      >
        {(chosen) => props.renderBulk(chosen, shown)}
      </SelectionBar>
      {live.waiting > 0 && (
        <div className={classes['waiting']}>
          <NewerButton onPress={live.refresh}>{say('list.waiting', { count: live.waiting })}</NewerButton>
        </div>
      )}
      {isPending && error === null && <RowSkeletons height={rowHeights[density]} />}
      {error !== null && !refused && rows.length === 0 && (
        <FaultPage error={error} onRetry={() => void refetch()} />
      )}
      {inText.length > 0 && rows.length === 0 && <UnreadFilter onClear={() => setList({ q: '' })} />}
      {!isPending &&
        error === null &&
        !showsRows &&
        props.renderNone({
          filtered: q !== '' || within !== undefined,
          onAll: () => setList({ q: '', class: undefined }),
        })}
      {showsRows && (
        <div className={classes['rows']} data-old={isPlaceholderData || undefined}>
          <RecordList
            label={props.title}
            rows={rows}
            columns={columns}
            layout={layout}
            chosen={search.columns !== undefined}
            onLayout={setLayout}
            titleOf={props.titleOf}
            renderCompact={props.renderCompact}
            rowHeight={rowHeights[density]}
            sort={sort}
            onSort={(next) => setList({ sort: writeSort(next) })}
            grouping={grouping}
            marks={marks}
            onSelect={selecting.select}
            onSelectAll={selecting.selectAll}
            onPick={props.onPick}
            onHover={props.onHover}
            more={hasNextPage && !isPlaceholderData}
            onMore={onMore}
            onIdleAtTop={live.setIdle}
          />
        </div>
      )}
    </section>
  )
}

const bothOf = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || other === undefined ? (one ?? other) : `{"all":[${one},${other}]}`

const RowSkeletons = ({ height }: { readonly height: number }) => (
  <div className={classes['skeletons']} role="status" aria-label={say('list.loading')}>
    {Array.from({ length: 12 }, (_, index) => (
      <div key={index} className={classes['skeleton']} style={{ height }}>
        <Skeleton height={12} width={`${60 + ((index * 37) % 36)}%`} />
      </div>
    ))}
  </div>
)
