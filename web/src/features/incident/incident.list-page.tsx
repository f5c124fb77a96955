import { Refused } from '@evenkeel/contract/client'
import type { IncidentRow } from '@evenkeel/contract/incident'
import { Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { faultsIn } from '../../parts/filter-faults.ts'
import { completeWith } from '../../parts/filter-language.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { whenIdle } from '../../ui/after-paint.tsx'
import { densities, rowHeights, useDensity } from '../../ui/density.ts'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { readColumns, readSort, wholeSort, writeColumns, writeSort } from '../../ui/list-layout.ts'
import { ListOptions } from '../../ui/list-options.tsx'
import { RecordList } from '../../ui/record-list.tsx'
import { useSpokenAnswer } from '../../ui/announce.tsx'
import { NewerButton } from '../../ui/newer-button.tsx'
import { afterNextPaint } from '../../ui/next-paint.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { createRowMarks } from '../../ui/row-marks.ts'
import {
  countQuery,
  filterFieldsQuery,
  incidentQuery,
  incidentsQuery,
  savedViewsQuery,
} from './incident.api.ts'
import type { BulkKind, BulkTarget } from './incident.bulk-form.ts'
import { CompactRow, customIn, incidentColumns, usualColumns } from './incident.columns.tsx'
import { customFieldsQuery, fieldsOfIncidents } from './incident.custom-values.ts'
import { fieldTitle } from './incident.filter-fields.ts'
import classes from './incident.list-page.module.css'
import { useGrouping } from './incident.list-groups.tsx'
import { ListKeys } from './incident.list-keys.ts'
import { ListMore } from './incident.list-more.tsx'
import { NoRows, RowSkeletons } from './incident.list-none.tsx'
import { type ListSearch, readFolded, searchOf, unfolded } from './incident.list-state.ts'
import { useLiveRows } from './incident.live-rows.ts'
import { SaveView, ViewStrip } from './incident.saved-views.tsx'
import { SelectionBar, useSelection } from './incident.selection.tsx'
import { viewsFor } from './incident.views.ts'

const Preview = lazy(async () => ({ default: (await import('./incident.preview.tsx')).IncidentPreview }))
const Builder = lazy(async () => ({
  default: (await import('./incident.filter.tsx')).IncidentFilterBuilder,
}))
const BulkDialog = lazy(async () => ({ default: (await import('./incident.bulk-dialog.tsx')).BulkDialog }))
const BulkResult = lazy(async () => ({ default: (await import('./incident.bulk-result.tsx')).BulkResult }))
const RecentBulk = lazy(async () => ({ default: (await import('./incident.bulk-result.tsx')).RecentBulk }))

const route = getRouteApi('/shell/incidents')
const hoverMilliseconds = 80

const titleOf = (row: IncidentRow): string => `${row.number} ${row.title}`
const compactRow = (row: IncidentRow) => <CompactRow row={row} />

export const IncidentListPage = () => {
  const me = useMe()
  const navigate = route.useNavigate()
  const asked = route.useSearch()
  const { data: saved } = useQuery(savedViewsQuery)
  const beginning = saved?.views.find(({ id }) => id === saved.defaultId)
  const { initial } = viewsFor(me)
  // Whoever reads a list opens records: what draws them is here before.
  useEffect(() => whenIdle(() => void import('./incident.page.tsx')), [])
  // An address without a list shows where this reader begins, and then says so.
  useEffect(() => {
    if (asked.q === undefined && beginning !== undefined)
      void navigate({ search: (before) => ({ ...before, ...searchOf(beginning) }), replace: true })
  }, [asked.q, beginning, navigate])
  const search = { ...asked, q: asked.q ?? beginning?.text ?? initial.q }
  return <IncidentList search={search} waiting={asked.q === undefined && saved === undefined} />
}

const IncidentList = ({
  search,
  waiting,
}: {
  readonly search: ListSearch & { readonly q: string }
  readonly waiting: boolean
}) => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const personalDensity = useDensity()
  const density = densities.find((one) => one === search.rows) ?? personalDensity
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const { q, group } = search
  const folded = useMemo(() => readFolded(search.folded), [search.folded])
  const filter = unfolded(group, folded)
  const { data: custom, isPending: customPending } = useQuery(customFieldsQuery)
  const customFields = useMemo(() => fieldsOfIncidents(custom?.fields ?? []), [custom])
  const columns = useMemo(() => incidentColumns(customFields), [customFields])
  const layout = useMemo(
    () =>
      readColumns(
        search.columns,
        columns.map(({ id }) => id),
        usualColumns,
      ),
    [search.columns, columns],
  )
  // Columns of this organization come with their values, and are drawn when it is known which ones there are.
  const unknown = customPending && search.columns?.includes('custom.') === true
  const state = {
    q,
    sort: wholeSort(search.sort, group),
    filter: filter === undefined ? undefined : JSON.stringify(filter),
    custom: customIn(layout),
  }
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
    ...incidentsQuery(state),
    placeholderData: (before) => before,
    enabled: !waiting && !unknown,
  })
  // A filter that cannot be read stays where it was typed, with what is wrong below it.
  const refused = error instanceof Refused && error.status < 500
  const inText = refused ? faultsIn(error) : []
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data])
  const sort = useMemo(() => readSort(search.sort), [search.sort])
  const { data: fields } = useQuery(filterFieldsQuery)
  const complete = useMemo(
    () => (fields === undefined ? undefined : completeWith(queries, fields.fields)),
    [queries, fields],
  )
  const [building, setBuilding] = useState(false)
  const [changing, setChanging] = useState<{ readonly kind: BulkKind; readonly target: BulkTarget }>()
  const [recent, setRecent] = useState(false)
  const live = useLiveRows(state, rows)
  const { data: count } = useQuery({ ...countQuery(q), enabled: !waiting })
  useSpokenAnswer(q, count ? say('list.found', { count: count.count }) : undefined)
  const preview = narrow ? undefined : search.preview
  const [marks] = useState(() => createRowMarks(preview))
  const { select, selectAll, clear } = useSelection(rows, marks)
  const mayBulk = mayAtAll(me, 'incident.bulk')
  usePageTitle(say('incident.list'))

  // The address holds the whole list, also what was as usual until now.
  const setSearch = (change: Partial<ListSearch>, replace = false): void =>
    void navigate({ search: (before) => ({ ...search, ...before, ...change }), replace })
  const setList = (change: Partial<ListSearch>): void => {
    clear()
    setSearch({ ...change, ...('group' in change ? { folded: undefined } : {}) })
  }
  // Drawing a page takes a moment; that the press was heard is seen at once.
  const open = (id: string): void => {
    marks.set({ opening: id })
    afterNextPaint(() => {
      void navigate({ to: '/incidents/$id', params: { id } }).finally(() => marks.set({ opening: undefined }))
    })
  }
  const showPreview = (id: string | undefined): void => {
    if (id !== undefined) marks.set({ active: id })
    afterNextPaint(() => setSearch({ preview: id }, preview !== undefined))
  }

  const hovering = useRef<ReturnType<typeof setTimeout>>(undefined)
  const prefetch = (row: IncidentRow): void => {
    clearTimeout(hovering.current)
    hovering.current = setTimeout(() => void queries.prefetchQuery(incidentQuery(row.id)), hoverMilliseconds)
  }

  const grouping = useGrouping({
    search,
    folded,
    waiting,
    onFolded: (next) => setSearch({ folded: next.size === 0 ? undefined : [...next].join(',') }, true),
  })

  const more = hasNextPage && !isPlaceholderData
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [isFetchingNextPage, fetchNextPage])
  const targeted = (): BulkTarget => {
    const { chosen, everything } = marks.now()
    return everything
      ? { list: { q, sort: state.sort }, count: count?.count ?? 0 }
      : { ids: [...chosen], count: chosen.size }
  }
  const showsRows = rows.length > 0 || (grouping !== undefined && folded.size > 0 && !isPending)
  return (
    <div className={classes['page']}>
      <ListKeys
        rows={rows}
        marks={marks}
        preview={preview}
        narrow={narrow}
        onActive={(row) => {
          marks.set({ active: row.id })
          prefetch(row)
        }}
        onOpen={open}
        onPreview={showPreview}
        onSelect={select}
        onClear={clear}
      />
      <section className={classes['list']} aria-label={say('incident.list')}>
        <div className={classes['head']}>
          <h1 className={classes['title']}>{say('incident.list')}</h1>
          <ViewStrip search={search} />
        </div>
        <div className={classes['bar']}>
          <div className={classes['tools']}>
            <div className={classes['filter']}>
              <FilterBar
                value={q}
                label={say('incident.filter')}
                placeholder={say('incident.filterExample')}
                onApply={(next) => setList({ q: next })}
                {...(complete === undefined ? {} : { complete })}
                faults={inText}
                builder={{ opened: building, onToggle: () => setBuilding(!building) }}
              />
            </div>
            <div className={classes['save']}>{!refused && <SaveView search={search} />}</div>
            <ListOptions
              columns={columns}
              layout={layout}
              onLayout={(next) => setSearch({ columns: writeColumns(next, usualColumns) }, true)}
              onUsual={() => setSearch({ columns: undefined }, true)}
              sortable={(fields?.fields ?? [])
                .filter((field) => field.sortable)
                .map((field) => ({ id: field.name, title: fieldTitle(field) }))}
              sort={sort}
              onSort={(next) => setList({ sort: writeSort(next) })}
              groupable={(fields?.fields ?? [])
                .filter((field) => field.groupable)
                .map((field) => ({ id: field.name, title: fieldTitle(field) }))}
              group={group}
              onGroup={(next) => setList({ group: next })}
              density={density}
              onDensity={(next) => setSearch({ rows: next === personalDensity ? undefined : next }, true)}
            />
            <ListMore q={q} sort={state.sort} layout={layout} onRecent={() => setRecent(true)} />
          </div>
          {building && (
            <Suspense fallback={<Skeleton height={96} />}>
              <Builder q={q} onApply={(next) => setList({ q: next })} />
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
          key={preview ?? ''}
          rows={rows}
          marks={marks}
          found={count ?? undefined}
          mayBulk={mayBulk}
          onChange={(kind) => setChanging({ kind, target: targeted() })}
          onClear={clear}
        />
        {live.waiting > 0 && (
          <div className={classes['waiting']}>
            <NewerButton onPress={live.refresh}>{say('list.waiting', { count: live.waiting })}</NewerButton>
          </div>
        )}
        {isPending && <RowSkeletons height={rowHeights[density]} />}
        {error !== null && !refused && rows.length === 0 && (
          <FaultPage error={error} onRetry={() => void refetch()} />
        )}
        {!isPending && error === null && !showsRows && (
          <NoRows
            filtered={q !== ''}
            mayRaise={mayAtAll(me, 'incident.raise')}
            onAll={() => setList({ q: '' })}
          />
        )}
        {showsRows && (
          <div className={classes['rows']} data-old={isPlaceholderData || undefined}>
            <RecordList
              label={say('incident.list')}
              rows={rows}
              columns={columns}
              layout={layout}
              chosen={search.columns !== undefined}
              onLayout={(next) => setSearch({ columns: writeColumns(next, usualColumns) }, true)}
              titleOf={titleOf}
              renderCompact={compactRow}
              rowHeight={rowHeights[density]}
              sort={sort}
              onSort={(next) => setList({ sort: writeSort(next) })}
              grouping={grouping}
              marks={marks}
              onSelect={select}
              onSelectAll={selectAll}
              onPick={(row) => (narrow ? open(row.id) : showPreview(row.id))}
              onHover={prefetch}
              more={more}
              onMore={onMore}
              onIdleAtTop={live.setIdle}
            />
          </div>
        )}
      </section>
      {preview !== undefined && (
        <aside className={classes['preview']} aria-label={say('incident.preview')}>
          <Suspense fallback={<Skeleton height="100%" />}>
            <Preview
              key={preview}
              id={preview}
              onClose={() => showPreview(undefined)}
              onOpen={() => open(preview)}
            />
          </Suspense>
        </aside>
      )}
      <Suspense fallback={null}>
        {changing !== undefined && (
          <BulkDialog
            target={changing.target}
            kind={changing.kind}
            onClose={() => setChanging(undefined)}
            onDone={(id) => {
              setChanging(undefined)
              clear()
              setSearch({ bulk: id })
            }}
          />
        )}
        {search.bulk !== undefined && (
          <BulkResult id={search.bulk} onClose={() => setSearch({ bulk: undefined }, true)} />
        )}
        {recent && (
          <RecentBulk
            onClose={() => setRecent(false)}
            onOpen={(id) => {
              setRecent(false)
              setSearch({ bulk: id })
            }}
          />
        )}
      </Suspense>
    </div>
  )
}
