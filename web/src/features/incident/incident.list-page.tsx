import { api } from '@evenkeel/contract/api'
import { addressOf, Refused } from '@evenkeel/contract/client'
import type { IncidentRow, ListedIncident } from '@evenkeel/contract/incident'
import { Button, Menu, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import CircleAlert from 'lucide-react/icons/circle-alert'
import Download from 'lucide-react/icons/download'
import Ellipsis from 'lucide-react/icons/ellipsis'
import History from 'lucide-react/icons/history'
import SearchX from 'lucide-react/icons/search-x'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { faultsIn } from '../../parts/filter-faults.ts'
import { completeWith } from '../../parts/filter-language.ts'
import { Person } from '../../parts/person.tsx'
import { PriorityTag } from '../../parts/priority.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { densities, rowHeights, useDensity } from '../../ui/density.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { useBoundKeys, useKeys } from '../../ui/keys.ts'
import { readColumns, readSort, wholeSort, writeColumns, writeSort } from '../../ui/list-layout.ts'
import { ListOptions } from '../../ui/list-options.tsx'
import { type Grouping, RecordList } from '../../ui/record-list.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import {
  countQuery,
  filterFieldsQuery,
  groupsQuery,
  incidentQuery,
  incidentsQuery,
  savedViewsQuery,
} from './incident.api.ts'
import type { BulkKind, BulkTarget } from './incident.bulk-form.ts'
import { CompactRow, customIn, incidentColumns, usualColumns } from './incident.columns.tsx'
import { customFieldsQuery, fieldsOfIncidents } from './incident.custom-values.ts'
import { fieldTitle } from './incident.filter-fields.ts'
import classes from './incident.list-page.module.css'
import {
  groupKeyOf,
  groupKeyOfRow,
  type ListSearch,
  readFolded,
  searchOf,
  unfolded,
} from './incident.list-state.ts'
import { useLiveRows } from './incident.live-rows.ts'
import { SaveView, ViewStrip } from './incident.saved-views.tsx'
import { StateTag } from './incident.state.tsx'
import { useTakeRow } from './incident.take.ts'
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

export const IncidentListPage = () => {
  const me = useMe()
  const navigate = route.useNavigate()
  const asked = route.useSearch()
  const { data: saved } = useQuery(savedViewsQuery)
  const beginning = saved?.views.find(({ id }) => id === saved.defaultId)
  const { initial } = viewsFor(me)
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
  const [activeId, setActiveId] = useState<string>()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [everything, setEverything] = useState(false)
  const [building, setBuilding] = useState(false)
  const [changing, setChanging] = useState<BulkKind>()
  const [recent, setRecent] = useState(false)
  const live = useLiveRows(state, rows)
  const takeRow = useTakeRow()
  const { data: count } = useQuery({ ...countQuery(q), enabled: !waiting })
  const preview = narrow ? undefined : search.preview
  const mayBulk = mayAtAll(me, 'incident.bulk')
  usePageTitle(say('incident.list'))

  // The address holds the whole list, also what was as usual until now.
  const setSearch = (change: Partial<ListSearch>, replace = false): void =>
    void navigate({ search: (before) => ({ ...search, ...before, ...change }), replace })
  const setList = (change: Partial<ListSearch>): void => {
    clear()
    setSearch({ ...change, ...('group' in change ? { folded: undefined } : {}) })
  }
  const open = (id: string): void => void navigate({ to: '/incidents/$id', params: { id } })
  const showPreview = (id: string | undefined): void => {
    if (id !== undefined) setActiveId(id)
    setSearch({ preview: id }, preview !== undefined)
  }
  const clear = (): void => {
    setSelected(new Set())
    setEverything(false)
  }
  const select = (id: string, through = false): void => {
    setEverything(false)
    setSelected((before) => {
      const next = new Set(before)
      const from = rows.findIndex((row) => row.id === lastSelected.current)
      const to = rows.findIndex((row) => row.id === id)
      if (through && from >= 0)
        for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(row.id)
      else if (!next.delete(id)) next.add(id)
      return next
    })
    lastSelected.current = id
  }
  const lastSelected = useRef<string>(undefined)
  const step = (by: 1 | -1): void => {
    const at = rows.findIndex(({ id }) => id === (activeId ?? preview))
    const row = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (row === undefined) return
    setActiveId(row.id)
    if (preview !== undefined) showPreview(row.id)
  }
  const current = activeId ?? preview
  const withActive = (run: (id: string) => void) => () => {
    if (current !== undefined) run(current)
  }
  const replay = useReplay()
  /** On the record itself, beside the list: its own keys know what is possible there. */
  const onRecord = (keys: string) =>
    withActive((id) => {
      if (narrow) open(id)
      else showPreview(id)
      replay(keys)
    })
  const group1 = say('keys.list')
  useKeys([
    { keys: 'j', group: group1, does: say('keys.next'), run: () => step(1) },
    { keys: 'k', group: group1, does: say('keys.previous'), run: () => step(-1) },
    { keys: 'Enter', group: group1, does: say('keys.open'), run: withActive(open) },
    {
      keys: 'Space',
      group: group1,
      does: say('keys.preview'),
      run: withActive((id) => showPreview(preview === id ? undefined : id)),
    },
    { keys: 'x', group: group1, does: say('keys.select'), run: withActive((id) => select(id)) },
    { keys: 'X', group: group1, does: say('list.selectThrough'), run: withActive((id) => select(id, true)) },
    {
      keys: 'Escape',
      group: group1,
      does: say('keys.closePreview'),
      run: () => {
        if (preview !== undefined) showPreview(undefined)
        else clear()
      },
    },
    {
      keys: 'i',
      group: group1,
      does: say('incident.assignToMe'),
      run: withActive((id) => {
        const row = rows.find((one) => one.id === id)
        if (row !== undefined) void takeRow(row).then((done) => done || onRecord('i')())
      }),
    },
    { keys: 'a', group: group1, does: say('keys.assign'), run: onRecord('a') },
    { keys: 's', group: group1, does: say('bulk.move'), run: onRecord('s') },
    { keys: 'p', group: group1, does: say('bulk.priority'), run: onRecord('p') },
    { keys: 'm', group: group1, does: say('keys.comment'), run: onRecord('m') },
    { keys: 'n', group: group1, does: say('keys.note'), run: onRecord('n') },
  ])

  const hovering = useRef<ReturnType<typeof setTimeout>>(undefined)
  const prefetch = (row: IncidentRow): void => {
    clearTimeout(hovering.current)
    hovering.current = setTimeout(() => void queries.prefetchQuery(incidentQuery(row.id)), hoverMilliseconds)
  }

  const [divided] = readSort(group)
  const { data: groups } = useQuery({
    ...groupsQuery(q, group ?? ''),
    enabled: divided !== undefined && !waiting,
    placeholderData: (before) => before,
  })
  const grouping = useMemo((): Grouping<ListedIncident> | undefined => {
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
        setSearch({ folded: next.size === 0 ? undefined : [...next].join(',') }, true)
      },
    }
    // The address as it is when a heading is pressed is what is changed then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [groups, folded, group, search])

  const more = hasNextPage && !isPlaceholderData
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [isFetchingNextPage, fetchNextPage])
  const target: BulkTarget = everything
    ? { list: { q, sort: state.sort }, count: count?.count ?? 0 }
    : { ids: [...selected], count: selected.size }
  const exported = addressOf(
    api.exportIncidents,
    {},
    {
      ...(q === '' ? {} : { q }),
      ...(state.sort === undefined ? {} : { sort: state.sort }),
      columns: layout.map(({ id }) => id).join(','),
    },
  )
  const showsRows = rows.length > 0 || (grouping !== undefined && folded.size > 0 && !isPending)
  return (
    <div className={classes['page']}>
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
            <Menu position="bottom-end" width={240}>
              <Menu.Target>
                <Button size="compact-sm" variant="default" aria-label={say('list.more')} px={6}>
                  <Ellipsis size={14} aria-hidden />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {mayAtAll(me, 'export') && (
                  <Menu.Item
                    component="a"
                    href={exported}
                    download
                    leftSection={<Download size={14} aria-hidden />}
                  >
                    {say('list.export')}
                  </Menu.Item>
                )}
                {mayBulk && (
                  <Menu.Item leftSection={<History size={14} aria-hidden />} onClick={() => setRecent(true)}>
                    {say('bulk.recent')}
                  </Menu.Item>
                )}
                {!mayBulk && !mayAtAll(me, 'export') && (
                  <Menu.Item onClick={() => void navigator.clipboard.writeText(window.location.href)}>
                    {say('list.copyLink')}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
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
        {selected.size > 0 && (
          <SelectionBar
            key={preview ?? ''}
            rows={rows}
            selected={selected}
            everything={everything}
            found={count ?? undefined}
            mayBulk={mayBulk}
            onEverything={() => setEverything(true)}
            onChange={setChanging}
            onClear={clear}
          />
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
              titleOf={(row) => `${row.number} ${row.title}`}
              renderCompact={(row) => <CompactRow row={row} />}
              rowHeight={rowHeights[density]}
              sort={sort}
              onSort={(next) => setList({ sort: writeSort(next) })}
              grouping={grouping}
              activeId={current}
              selected={selected}
              onSelect={select}
              onSelectAll={(all) => {
                setEverything(false)
                setSelected(new Set(all ? rows.map(({ id }) => id) : []))
              }}
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
            target={target}
            kind={changing}
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

/** Presses a key on the record once it is there to hear it. */
const useReplay = (): ((keys: string) => void) => {
  const pending = useRef<string>(undefined)
  const bound = useBoundKeys()
  useEffect(() => {
    const binding = bound.find(({ keys, group }) => keys === pending.current && group === say('keys.record'))
    if (binding === undefined) return
    pending.current = undefined
    binding.run()
  }, [bound])
  return (keys) => {
    pending.current = keys
  }
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

type SelectionProps = {
  readonly rows: readonly IncidentRow[]
  readonly selected: ReadonlySet<string>
  readonly everything: boolean
  readonly found: { readonly count: number; readonly capped: boolean } | undefined
  readonly mayBulk: boolean
  readonly onEverything: () => void
  readonly onChange: (kind: BulkKind) => void
  readonly onClear: () => void
}

const bulkKeys = [
  ['a', 'assign'],
  ['s', 'move'],
  ['p', 'priority'],
  ['m', 'comment'],
  ['n', 'note'],
  ['e', 'edit'],
] as const satisfies readonly (readonly [string, BulkKind])[]

/** What is selected, and what can be done to all of it; its keys go before those of a single record. */
const SelectionBar = ({
  rows,
  selected,
  everything,
  found,
  mayBulk,
  onEverything,
  onChange,
  onClear,
}: SelectionProps) => {
  const total =
    found === undefined
      ? undefined
      : found.capped
        ? say('list.countCapped', { count: found.count })
        : say('list.count', { count: found.count })
  useKeys(
    mayBulk
      ? bulkKeys.map(([keys, kind]) => ({
          keys,
          group: say('list.selection'),
          does: say(`bulk.${kind}`),
          run: () => onChange(kind),
        }))
      : [],
  )
  const all = rows.length > 0 && rows.every(({ id }) => selected.has(id))
  return (
    <div className={classes['selection']} role="region" aria-label={say('list.selection')}>
      <span role="status">
        {everything && total !== undefined
          ? say('list.everythingSelected', { count: total })
          : say('list.selected', { count: selected.size })}
      </span>
      {mayBulk &&
        bulkKeys.map(([keys, kind]) => (
          <Button
            key={kind}
            size="compact-sm"
            variant="default"
            aria-keyshortcuts={keys}
            onClick={() => onChange(kind)}
          >
            {say(`bulk.${kind}`)}
          </Button>
        ))}
      {mayBulk && all && !everything && total !== undefined && (found?.count ?? 0) > selected.size && (
        <Button size="compact-sm" variant="light" onClick={onEverything}>
          {say('list.selectEverything', { count: total })}
        </Button>
      )}
      {!everything && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
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
      )}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
        {say('list.clear')}
      </Button>
    </div>
  )
}

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
