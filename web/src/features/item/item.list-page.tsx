import type { ListedItem } from '@evenkeel/contract/item'
import { Refused } from '@evenkeel/contract/client'
import { Button, NativeSelect } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Boxes from 'lucide-react/icons/boxes'
import Plus from 'lucide-react/icons/plus'
import SearchX from 'lucide-react/icons/search-x'
import Waypoints from 'lucide-react/icons/waypoints'
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { faultsIn } from '../../parts/filter-faults.ts'
import { completeWith } from '../../parts/filter-language.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { announce, useSpokenAnswer } from '../../ui/announce.tsx'
import { densities, rowHeights, useDensity } from '../../ui/density.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { useKeys } from '../../ui/keys.ts'
import { readColumns, readSort, writeColumns, writeSort } from '../../ui/list-layout.ts'
import { ListOptions } from '../../ui/list-options.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { RecordList } from '../../ui/record-list.tsx'
import { createRowMarks, type RowMarks, useMarks } from '../../ui/row-marks.ts'
import { RowSkeletons } from '../incident/incident.list-none.tsx'
import {
  classCountsQuery,
  itemClassesQuery,
  itemCountQuery,
  itemFieldsQuery,
  itemListQuery,
  itemQuery,
  itemsKey,
} from './item.api.ts'
import { type ClassNode, classTree, withBelow } from './item.classes.ts'
import { attributesIn, CompactItem, itemColumns, usualColumns } from './item.columns.tsx'
import classes from './item.list-page.module.css'
import type { ItemListSearch } from './item.search.ts'

const CreateDialog = lazy(async () => ({
  default: (await import('./item.create-dialog.tsx')).CreateItemDialog,
}))

const route = getRouteApi('/shell/items')
const titleOf = (row: ListedItem): string => row.name
const compactItem = (row: ListedItem) => <CompactItem row={row} />
const hoverMilliseconds = 80
/** As many as one question to the map takes. */
const mostOnMap = 50

/** Everything that services stand on, and the services themselves. */
export const ItemListPage = () => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const search = route.useSearch()
  const { q = '' } = search
  const personalDensity = useDensity()
  const density = densities.find((one) => one === search.rows) ?? personalDensity
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false })
  usePageTitle(say('item.list'))
  const { data: known } = useQuery(itemClassesQuery)
  const { data: fields } = useQuery(itemFieldsQuery)
  const sortable = useMemo(
    () => new Set((fields?.fields ?? []).filter((field) => field.sortable).map(({ name }) => name)),
    [fields],
  )
  const columns = useMemo(() => itemColumns(known?.classes ?? [], sortable), [known, sortable])
  const layout = useMemo(
    () =>
      readColumns(
        search.columns,
        columns.map(({ id }) => id),
        usualColumns,
      ),
    [search.columns, columns],
  )
  const filter = useMemo(
    () =>
      search.class === undefined
        ? undefined
        : JSON.stringify({
            field: 'class',
            op: 'in',
            value: known === undefined ? [search.class] : withBelow(search.class, known.classes),
          }),
    [search.class, known],
  )
  // What an address asks for is known when the classes are, and the columns' values with them.
  const unknown = known === undefined && (search.class !== undefined || search.columns !== undefined)
  const asked = useInfiniteQuery({
    ...itemListQuery({ q, filter, sort: search.sort, attributes: attributesIn(layout) }),
    placeholderData: (before) => before,
    enabled: !unknown,
  })
  const { data, error, isPending, isPlaceholderData, fetchNextPage, hasNextPage, isFetchingNextPage } = asked
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data])
  const refused = error instanceof Refused && error.status < 500
  const inText = refused ? faultsIn(error) : []
  const sort = useMemo(() => readSort(search.sort), [search.sort])
  const complete = useMemo(
    () => (fields === undefined ? undefined : completeWith(queries, fields.fields)),
    [queries, fields],
  )
  const { data: count } = useQuery({ ...itemCountQuery(q, filter), enabled: !unknown })
  useSpokenAnswer(`${q} ${filter ?? ''}`, count && say('list.found', { count: count.count }))
  const [marks] = useState(() => createRowMarks(undefined))
  const [adding, setAdding] = useState(false)
  useLiveChanges('item', () => void queries.invalidateQueries({ queryKey: itemsKey }))

  const setSearch = (change: Partial<ItemListSearch>, replace = false): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace })
  const setList = (change: Partial<ItemListSearch>): void => {
    marks.set({ chosen: new Set() })
    setSearch(change)
  }
  const open = (id: string): void => void navigate({ to: '/items/$id', params: { id } })
  const hovering = useRef<ReturnType<typeof setTimeout>>(undefined)
  const prefetch = (row: ListedItem): void => {
    clearTimeout(hovering.current)
    hovering.current = setTimeout(() => void queries.prefetchQuery(itemQuery(row.id, {})), hoverMilliseconds)
  }
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [isFetchingNextPage, fetchNextPage])
  const select = (id: string): void => {
    const next = new Set(marks.now().chosen)
    if (!next.delete(id)) next.add(id)
    marks.set({ chosen: next })
  }
  const mayAdd = mayAtAll(me, 'item.manage')
  const filtered = q !== '' || search.class !== undefined
  const { data: counts } = useQuery(classCountsQuery(q))
  const tree = useMemo(() => {
    const found = new Map((counts?.groups ?? []).map(({ value, count: of }) => [value ?? '', of]))
    return classTree(known?.classes ?? [], found, false)
  }, [known, counts])
  return (
    <div className={classes['page']}>
      <ListKeys rows={rows} marks={marks} onOpen={open} onSelect={select} />
      {!narrow && tree.length > 0 && (
        <nav className={classes['facet']} aria-label={say('item.byClass')}>
          <ClassTree tree={tree} />
        </nav>
      )}
      <section className={classes['list']} aria-label={say('item.list')}>
        <div className={classes['head']}>
          <h1 className={classes['title']}>{say('item.list')}</h1>
          {count !== undefined && (
            <span className={classes['count']}>
              {count.capped
                ? say('list.countCapped', { count: count.count })
                : say('list.count', { count: count.count })}
            </span>
          )}
          <div className={classes['acts']}>
            <Button
              size="compact-md"
              variant="default"
              leftSection={<Waypoints size={14} aria-hidden />}
              renderRoot={(props) => <Link to="/map" {...props} />}
            >
              {say('map.title')}
            </Button>
            {mayAdd && (
              <Button
                size="compact-md"
                leftSection={<Plus size={14} aria-hidden />}
                onClick={() => setAdding(true)}
              >
                {say('item.add')}
              </Button>
            )}
          </div>
        </div>
        <div className={classes['tools']}>
          {narrow && tree.length > 0 && (
            <NativeSelect
              aria-label={say('item.byClass')}
              data={[
                { value: '', label: say('item.allClasses') },
                ...tree.map(({ key, label, depth, count: of }) => ({
                  value: key,
                  label: `${'\u2003'.repeat(depth)}${label} (${say('list.count', { count: of })})`,
                })),
              ]}
              value={search.class ?? ''}
              onChange={(event) =>
                setList({ class: event.currentTarget.value === '' ? undefined : event.currentTarget.value })
              }
            />
          )}
          <div className={classes['filter']}>
            <FilterBar
              value={q}
              label={say('item.filter')}
              placeholder={say('item.filterExample')}
              onApply={(next) => setList({ q: next === '' ? undefined : next })}
              {...(complete === undefined ? {} : { complete })}
              faults={inText}
            />
          </div>
          <ListOptions
            columns={columns}
            layout={layout}
            onLayout={(next) => setSearch({ columns: writeColumns(next, usualColumns) }, true)}
            onUsual={() => setSearch({ columns: undefined }, true)}
            sortable={(fields?.fields ?? [])
              .filter((field) => field.sortable)
              .map(({ name, label }) => ({ id: name, title: label }))}
            sort={sort}
            onSort={(next) => setList({ sort: writeSort(next) })}
            groupable={[]}
            group={undefined}
            onGroup={() => undefined}
            density={density}
            onDensity={(next) => setSearch({ rows: next === personalDensity ? undefined : next }, true)}
          />
        </div>
        {error !== null && inText.length === 0 && (refused || rows.length > 0) && (
          <div className={classes['fault']}>
            <Fault
              error={error}
              {...(rows.length > 0 ? { kept: say('list.keptRows') } : {})}
              {...(refused ? {} : { onRetry: () => void asked.refetch() })}
            />
          </div>
        )}
        <Selected marks={marks} />
        {isPending && error === null && <RowSkeletons height={rowHeights[density]} />}
        {error !== null && !refused && rows.length === 0 && (
          <FaultPage error={error} onRetry={() => void asked.refetch()} />
        )}
        {!isPending && error === null && rows.length === 0 && (
          <NoItems
            filtered={filtered}
            mayAdd={mayAdd}
            onAdd={() => setAdding(true)}
            onAll={() => setList({ q: undefined, class: undefined })}
          />
        )}
        {rows.length > 0 && (
          <div className={classes['rows']} data-old={isPlaceholderData || undefined}>
            <RecordList
              label={say('item.list')}
              rows={rows}
              columns={columns}
              layout={layout}
              chosen={search.columns !== undefined}
              onLayout={(next) => setSearch({ columns: writeColumns(next, usualColumns) }, true)}
              titleOf={titleOf}
              renderCompact={compactItem}
              rowHeight={rowHeights[density]}
              sort={sort}
              onSort={(next) => setList({ sort: writeSort(next) })}
              marks={marks}
              onSelect={select}
              onSelectAll={(all) => marks.set({ chosen: new Set(all ? rows.map(({ id }) => id) : []) })}
              onPick={(row) => open(row.id)}
              onHover={prefetch}
              more={hasNextPage && !isPlaceholderData}
              onMore={onMore}
            />
          </div>
        )}
      </section>
      <Suspense fallback={null}>
        {adding && (
          <CreateDialog
            ofClass={known?.classes.find((one) => one.key === search.class && !one.abstract)?.key}
            onClose={() => setAdding(false)}
            onDone={open}
          />
        )}
      </Suspense>
    </div>
  )
}

const ClassTree = ({ tree }: { readonly tree: readonly ClassNode[] }) => {
  const { class: chosen } = route.useSearch()
  // One root stands for everything: it is said once.
  const [first, ...rest] = tree
  const lines = first !== undefined && tree.filter(({ depth }) => depth === 0).length === 1 ? rest : tree
  const base = lines === tree ? 0 : 1
  return (
    <ul className={classes['classes']}>
      <li>
        <ClassLink to={undefined} isChosen={chosen === undefined} depth={0}>
          <span className={classes['className']}>{say('item.allClasses')}</span>
          <span className={classes['classCount']}>
            {say('list.count', {
              count: tree.filter(({ depth }) => depth === 0).reduce((sum, one) => sum + one.count, 0),
            })}
          </span>
        </ClassLink>
      </li>
      {lines.map(({ key, label, depth, count }) => (
        <li key={key}>
          <ClassLink to={key} isChosen={chosen === key} depth={depth - base}>
            <span className={classes['className']}>{label}</span>
            <span className={classes['classCount']}>{say('list.count', { count })}</span>
          </ClassLink>
        </li>
      ))}
    </ul>
  )
}

const ClassLink = ({
  to,
  isChosen,
  depth,
  children,
}: {
  readonly to: string | undefined
  readonly isChosen: boolean
  readonly depth: number
  readonly children: ReactNode
}) => (
  <Link
    from="/items"
    to="/items"
    search={(before) => ({ ...before, class: to })}
    className={classes['classLink'] ?? ''}
    aria-current={isChosen ? 'true' : undefined}
    style={{ paddingInlineStart: 8 + depth * 14 }}
  >
    {children}
  </Link>
)

/** What can be asked of several items together. */
const Selected = ({ marks }: { readonly marks: RowMarks }) => {
  const chosen = useMarks(marks, (now) => now.chosen)
  if (chosen.size === 0) return null
  const ids = [...chosen].slice(0, mostOnMap).join(',')
  return (
    <div className={classes['selection']} role="region" aria-label={say('list.selection')}>
      <span role="status">{say('list.selected', { count: chosen.size })}</span>
      <Button
        size="compact-sm"
        variant="default"
        renderRoot={(props) => <Link to="/map" search={{ items: ids }} {...props} />}
      >
        {say('item.showOnMap')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        renderRoot={(props) => <Link to="/map" search={{ items: ids, fail: ids }} {...props} />}
      >
        {say('map.whatIfThese')}
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        onClick={() => marks.set({ chosen: new Set() })}
      >
        {say('list.clear')}
      </Button>
    </div>
  )
}

const NoItems = ({
  filtered,
  mayAdd,
  onAdd,
  onAll,
}: {
  readonly filtered: boolean
  readonly mayAdd: boolean
  readonly onAdd: () => void
  readonly onAll: () => void
}) =>
  filtered ? (
    <Empty
      icon={<SearchX size={24} aria-hidden />}
      title={say('item.noneMatch')}
      action={
        <Button variant="default" onClick={onAll}>
          {say('item.showAll')}
        </Button>
      }
    >
      {say('item.noneMatchText')}
    </Empty>
  ) : (
    <Empty
      icon={<Boxes size={24} aria-hidden />}
      title={say('item.none')}
      action={mayAdd && <Button onClick={onAdd}>{say('item.add')}</Button>}
    >
      {say('item.noneText')}
    </Empty>
  )

/** The list by keyboard, as lists of records are. */
const ListKeys = ({
  rows,
  marks,
  onOpen,
  onSelect,
}: {
  readonly rows: readonly ListedItem[]
  readonly marks: RowMarks
  readonly onOpen: (id: string) => void
  readonly onSelect: (id: string) => void
}): null => {
  const step = (by: 1 | -1): void => {
    const at = rows.findIndex(({ id }) => id === marks.now().active)
    const row = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (row === undefined) return
    marks.set({ active: row.id })
    announce([row.name, row.classLabel, say(`item.health.${row.health.now}`)].join(', '))
  }
  const withActive = (run: (id: string) => void) => () => {
    const { active } = marks.now()
    if (active !== undefined) run(active)
  }
  useKeys(
    [
      { keys: 'j', does: say('keys.next'), run: () => step(1) },
      { keys: 'k', does: say('keys.previous'), run: () => step(-1) },
      { keys: 'Enter', does: say('keys.open'), run: withActive(onOpen) },
      { keys: 'x', does: say('keys.select'), run: withActive(onSelect) },
      { keys: 'Escape', does: say('list.clear'), run: () => marks.set({ chosen: new Set() }) },
    ].map((binding) => ({ ...binding, group: say('keys.list') })),
  )
  return null
}
