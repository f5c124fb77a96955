import type { IncidentRow } from '@evenkeel/contract/incident'
import { Refused } from '@evenkeel/contract/client'
import { Button, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import CircleAlert from 'lucide-react/icons/circle-alert'
import SearchX from 'lucide-react/icons/search-x'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { rowHeights, useDensity } from '../../ui/density.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { useKeys } from '../../ui/keys.ts'
import { RecordList } from '../../ui/record-list.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { countQuery, incidentQuery, incidentsQuery } from './incident.api.ts'
import { CompactRow, incidentColumns } from './incident.columns.tsx'
import classes from './incident.list-page.module.css'
import { useLiveRows } from './incident.live-rows.ts'
import { viewsFor } from './incident.views.ts'

const Preview = lazy(async () => ({ default: (await import('./incident.preview.tsx')).IncidentPreview }))

const route = getRouteApi('/shell/incidents')
const hoverMilliseconds = 80

export const IncidentListPage = () => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const search = route.useSearch()
  const density = useDensity()
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const { views, initial } = viewsFor(me)
  const q = search.q ?? initial.q
  const state = { q, sort: search.sort }
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
  })
  // A filter that cannot be read stays where it was typed, with what is wrong below it.
  const refused = error instanceof Refused && error.status < 500
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data])
  const columns = useMemo(() => incidentColumns(), [])
  const [activeId, setActiveId] = useState<string>()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const live = useLiveRows(state, rows)
  const preview = narrow ? undefined : search.preview
  usePageTitle(say('incident.list'))

  const setSearch = (change: Partial<typeof search>, replace = false): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace })
  const open = (id: string): void => void navigate({ to: '/incidents/$id', params: { id } })
  const showPreview = (id: string | undefined): void => {
    if (id !== undefined) setActiveId(id)
    void navigate({ search: (before) => ({ ...before, preview: id }), replace: preview !== undefined })
  }
  const select = (id: string): void =>
    setSelected((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const step = (by: 1 | -1): void => {
    const at = rows.findIndex(({ id }) => id === (activeId ?? preview))
    const row = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (row === undefined) return
    setActiveId(row.id)
    if (preview !== undefined) showPreview(row.id)
  }
  const withActive = (run: (id: string) => void) => () => {
    const id = activeId ?? preview
    if (id !== undefined) run(id)
  }
  const group = say('keys.list')
  useKeys([
    { keys: 'j', group, does: say('keys.next'), run: () => step(1) },
    { keys: 'k', group, does: say('keys.previous'), run: () => step(-1) },
    { keys: 'Enter', group, does: say('keys.open'), run: withActive(open) },
    {
      keys: 'Space',
      group,
      does: say('keys.preview'),
      run: withActive((id) => showPreview(preview === id ? undefined : id)),
    },
    { keys: 'x', group, does: say('keys.select'), run: withActive(select) },
    {
      keys: 'Escape',
      group,
      does: say('keys.closePreview'),
      run: () => {
        if (preview !== undefined) showPreview(undefined)
        else setSelected(new Set())
      },
    },
  ])

  const hovering = useRef<ReturnType<typeof setTimeout>>(undefined)
  const prefetch = (row: IncidentRow): void => {
    clearTimeout(hovering.current)
    hovering.current = setTimeout(() => void queries.prefetchQuery(incidentQuery(row.id)), hoverMilliseconds)
  }

  return (
    <div className={classes['page']}>
      <section className={classes['list']} aria-label={say('incident.list')}>
        <div className={classes['head']}>
          <h1 className={classes['title']}>{say('incident.list')}</h1>
          <nav className={classes['views']} aria-label={say('incident.views')}>
            {views.map((view) => (
              <ViewLink key={view.id} id={view.id} q={view.q} current={view.q === q} />
            ))}
          </nav>
        </div>
        <div className={classes['bar']}>
          <FilterBar
            value={q}
            label={say('incident.filter')}
            placeholder={say('incident.filterExample')}
            onApply={(next) => setSearch({ q: next })}
          />
        </div>
        {error !== null && (refused || rows.length > 0) && (
          <div className={classes['fault']}>
            <Fault
              error={error}
              {...(rows.length > 0 ? { kept: say('list.keptRows') } : {})}
              {...(refused ? {} : { onRetry: () => void refetch() })}
            />
          </div>
        )}
        {selected.size > 0 && (
          <SelectionBar rows={rows} selected={selected} onClear={() => setSelected(new Set())} />
        )}
        {live.waiting > 0 && (
          <button type="button" className={classes['waiting']} onClick={live.refresh}>
            {say('list.waiting', { count: live.waiting })}
          </button>
        )}
        {isPending && <RowSkeletons height={rowHeights[density]} />}
        {error !== null && !refused && rows.length === 0 && (
          <FaultPage error={error} onRetry={() => void refetch()} />
        )}
        {!isPending && error === null && rows.length === 0 && (
          <NoRows
            filtered={q !== ''}
            mayRaise={mayAtAll(me, 'incident.raise')}
            onAll={() => setSearch({ q: '' })}
          />
        )}
        {rows.length > 0 && (
          <div className={classes['rows']} data-old={isPlaceholderData || undefined}>
            <RecordList
              label={say('incident.list')}
              rows={rows}
              columns={columns}
              titleOf={(row) => `${row.number} ${row.title}`}
              renderCompact={(row) => <CompactRow row={row} />}
              rowHeight={rowHeights[density]}
              sort={search.sort}
              onSort={(next) => setSearch({ sort: next })}
              activeId={activeId ?? preview}
              selected={selected}
              onSelect={select}
              onPick={(row) => (narrow ? open(row.id) : showPreview(row.id))}
              onHover={prefetch}
              more={hasNextPage && !isFetchingNextPage}
              onMore={() => void fetchNextPage()}
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
    </div>
  )
}

type ViewId = ReturnType<typeof viewsFor>['views'][number]['id']

/** Counts are of this reader's reach, and say so when they stop counting. */
const ViewLink = ({
  id,
  q,
  current,
}: {
  readonly id: ViewId
  readonly q: string
  readonly current: boolean
}) => {
  const { data } = useQuery(countQuery(q))
  return (
    <Link
      to="/incidents"
      search={{ q }}
      className={classes['view'] ?? ''}
      aria-current={current ? 'page' : undefined}
      activeProps={{}}
      activeOptions={{ exact: true, includeSearch: true }}
    >
      {say(`incident.view.${id}`)}
      {data !== undefined && (
        <span className={classes['count']}>
          {data.capped
            ? say('list.countCapped', { count: data.count })
            : say('list.count', { count: data.count })}
        </span>
      )}
    </Link>
  )
}

const SelectionBar = ({
  rows,
  selected,
  onClear,
}: {
  readonly rows: readonly IncidentRow[]
  readonly selected: ReadonlySet<string>
  readonly onClear: () => void
}) => (
  <div className={classes['selection']} role="region" aria-label={say('list.selection')}>
    <span role="status">{say('list.selected', { count: selected.size })}</span>
    <Button
      size="compact-sm"
      variant="default"
      onClick={() =>
        void navigator.clipboard.writeText(
          rows
            .filter(({ id }) => selected.has(id))
            .map(({ number, title }) => `${number} ${title}`)
            .join('\n'),
        )
      }
    >
      {say('list.copy')}
    </Button>
    <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
      {say('list.clear')}
    </Button>
  </div>
)

const NoRows = ({
  filtered,
  mayRaise,
  onAll,
}: {
  readonly filtered: boolean
  readonly mayRaise: boolean
  readonly onAll: () => void
}) =>
  filtered ? (
    <Empty
      icon={<SearchX size={24} aria-hidden />}
      title={say('incident.noneMatch')}
      action={
        <Button variant="default" onClick={onAll}>
          {say('incident.showAll')}
        </Button>
      }
    >
      {say('incident.noneMatchText')}
    </Empty>
  ) : (
    <Empty
      icon={<CircleAlert size={24} aria-hidden />}
      title={say('incident.none')}
      action={
        mayRaise && (
          <Button renderRoot={(props) => <Link to="/incidents/new" {...props} />}>
            {say('incident.raise')}
          </Button>
        )
      }
    >
      {say('incident.noneText')}
    </Empty>
  )

const RowSkeletons = ({ height }: { readonly height: number }) => (
  <div className={classes['skeletons']} role="status" aria-label={say('list.loading')}>
    {Array.from({ length: 12 }, (_, index) => (
      <div key={index} className={classes['skeleton']} style={{ height }}>
        <Skeleton height={12} width={`${60 + ((index * 37) % 36)}%`} />
      </div>
    ))}
  </div>
)
