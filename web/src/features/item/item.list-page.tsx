import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { ListedItem } from '@evenkeel/contract/item'
import { Button, Menu, NativeSelect } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Boxes from 'lucide-react/icons/boxes'
import GitMerge from 'lucide-react/icons/git-merge'
import HeartPulse from 'lucide-react/icons/heart-pulse'
import History from 'lucide-react/icons/history'
import Plus from 'lucide-react/icons/plus'
import SearchX from 'lucide-react/icons/search-x'
import Waypoints from 'lucide-react/icons/waypoints'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import type { BulkTarget } from '../../parts/bulk.ts'
import { type ListSearch, searchOf } from '../../parts/listing-address.ts'
import type { ReadFilter } from '../../parts/listing-builder.tsx'
import { useListingKeys } from '../../parts/listing-keys.ts'
import { ListingMore } from '../../parts/listing-more.tsx'
import { type Asked, RecordListing, type Shown, type Source } from '../../parts/record-listing.tsx'
import { savedViewsQuery, type Views } from '../../parts/saved-views.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { readSort } from '../../ui/list-layout.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { createRowMarks, type RowMarks } from '../../ui/row-marks.ts'
import {
  classCountsQuery,
  itemClassesQuery,
  itemCountQuery,
  itemFieldsQuery,
  itemQuery,
  itemRows,
  itemRowsKey,
} from './item.api.ts'
import { ItemBulkBar } from './item.bulk-bar.tsx'
import type { ItemBulkKind } from './item.bulk-form.ts'
import { bulkOfItems } from './item.bulk.tsx'
import { type ClassNode, classTree, withBelow } from './item.classes.ts'
import { attributesIn, CompactItem, itemColumns, usualColumns } from './item.columns.tsx'
import { fieldTitle, itemGroups } from './item.list-groups.tsx'
import classes from './item.list-page.module.css'

const CreateDialog = lazy(async () => ({
  default: (await import('./item.create-dialog.tsx')).CreateItemDialog,
}))

const BulkDialog = lazy(async () => ({ default: (await import('./item.bulk-dialog.tsx')).ItemBulkDialog }))
const BulkResult = lazy(async () => ({ default: (await import('../../parts/bulk-result.tsx')).BulkResult }))
const RecentBulk = lazy(async () => ({ default: (await import('../../parts/bulk-result.tsx')).RecentBulk }))

const route = getRouteApi('/shell/items')
const titleOf = (row: ListedItem): string => row.name
const compactItem = (row: ListedItem) => <CompactItem row={row} />
const hoverMilliseconds = 80
/** As many as one question to the map takes. */
const mostOnMap = 50

const readFilter: ReadFilter = (query) => client.readItemFilter({ query })

/** Beside the columns, what the list is divided by: its value says which part a row belongs to. */
const listOf = ({ q, sort, filter, layout }: Asked, group: string | undefined) => {
  const [by] = readSort(group)
  const keys = attributesIn(layout)
  const divided = by?.field.startsWith('attr.') === true ? by.field.slice('attr.'.length) : undefined
  return {
    q,
    sort,
    filter,
    attributes:
      divided === undefined || keys.split(',').includes(divided)
        ? keys
        : [keys, divided].filter((key) => key !== '').join(','),
  }
}

const exportedAs = ({ q, sort, filter, layout }: Asked, format: 'csv' | 'xlsx'): string =>
  addressOf(
    api.exportItems,
    {},
    {
      ...(q === '' ? {} : { q }),
      ...(filter === undefined ? {} : { filter }),
      ...(sort === undefined ? {} : { sort }),
      columns: layout.map(({ id }) => id).join(','),
      ...(format === 'csv' ? {} : { format }),
    },
  )

/** Everything that services stand on, and the services themselves. */
export const ItemListPage = () => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const asked = route.useSearch()
  const search = { ...asked, q: asked.q ?? '' }
  const { q, class: ofClass } = search
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false })
  usePageTitle(say('item.list'))
  const { data: known } = useQuery(itemClassesQuery)
  const { data: fields } = useQuery(itemFieldsQuery)
  const { data: saved } = useQuery(savedViewsQuery('item'))
  const beginning = saved?.views.find(({ id }) => id === saved.defaultId)
  // An address without a list shows where this reader begins, and then says so.
  useEffect(() => {
    if (Object.keys(asked).length === 0 && beginning !== undefined)
      void navigate({ search: searchOf(beginning), replace: true })
  }, [asked, beginning, navigate])
  const sortable = useMemo(
    () => new Set((fields?.fields ?? []).filter((field) => field.sortable).map(({ name }) => name)),
    [fields],
  )
  const columns = useMemo(() => itemColumns(known?.classes ?? [], sortable), [known, sortable])
  const within =
    ofClass === undefined
      ? undefined
      : JSON.stringify({
          field: 'class',
          op: 'in',
          value: known === undefined ? [ofClass] : withBelow(ofClass, known.classes),
        })
  // What an address asks for is known when the classes are, and the columns' values with them.
  const unknown = known === undefined && (search.class !== undefined || search.columns !== undefined)
  const { data: count } = useQuery({ ...itemCountQuery(q, within), enabled: !unknown })
  const [marks] = useState(() => createRowMarks(undefined))
  const [adding, setAdding] = useState(false)
  const [changing, setChanging] = useState<{ readonly kind: ItemBulkKind; readonly target: BulkTarget }>()
  const [recent, setRecent] = useState(false)
  const setSearch = (change: Partial<ListSearch>, replace = false): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace })
  const open = (id: string): void => void navigate({ to: '/items/$id', params: { id } })
  const hovering = useRef<ReturnType<typeof setTimeout>>(undefined)
  const prefetch = (row: ListedItem): void => {
    clearTimeout(hovering.current)
    hovering.current = setTimeout(() => void queries.prefetchQuery(itemQuery(row.id, {})), hoverMilliseconds)
  }
  const source = (now: Asked): Source<ListedItem> => {
    const list = listOf(now, search.group)
    return {
      kind: 'item',
      queryKey: itemRowsKey(list),
      page: (cursor) => itemRows(list, cursor),
      again: async (rows) => {
        const filter = JSON.stringify({ field: 'id', op: 'in', value: rows.map(({ id }) => id) })
        return (await itemRows({ ...list, q: '', filter, sort: undefined }, '', rows.length)).rows
      },
    }
  }
  const views: Views = {
    kind: 'item',
    usual: [
      { id: 'all', name: say('item.view.all'), q: '' },
      { id: 'mine', name: say('item.view.mine'), q: 'owner:me' },
      ...(me.teams.length === 0 ? [] : [{ id: 'teams', name: say('item.view.teams'), q: 'team:my_teams' }]),
    ],
    countQuery: (of) => itemCountQuery(of, undefined),
    readFilter: async (now) =>
      (
        await readFilter({
          ...(now.q === '' ? {} : { q: now.q }),
          ...(within === undefined ? {} : { filter: within }),
        })
      ).filter,
  }
  const mayAdd = mayAtAll(me, 'item.manage')
  const targeted = ({ asked: { sort, filter } }: Shown<ListedItem>): BulkTarget => {
    const { chosen, everything } = marks.now()
    return everything
      ? { list: { q, sort, filter }, count: count?.count ?? 0 }
      : { ids: [...chosen], count: chosen.size }
  }
  const { data: counts } = useQuery(classCountsQuery(q))
  const tree = useMemo(() => {
    const found = new Map((counts?.groups ?? []).map(({ value, count: of }) => [value ?? '', of]))
    return classTree(known?.classes ?? [], found, false)
  }, [known, counts])
  return (
    <div className={classes['page']}>
      {!narrow && tree.length > 0 && (
        <nav className={classes['facet']} aria-label={say('item.byClass')}>
          <ClassTree tree={tree} />
        </nav>
      )}
      <RecordListing
        title={say('item.list')}
        actions={
          <>
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
          </>
        }
        search={search}
        onSearch={setSearch}
        waiting={unknown}
        within={within}
        beforeFilter={
          narrow &&
          tree.length > 0 && (
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
              onChange={(event) => {
                marks.set({ chosen: new Set() })
                const { value } = event.currentTarget
                setSearch({ class: value === '' ? undefined : value })
              }}
            />
          )
        }
        filterLabel={say('item.filter')}
        filterExample={say('item.filterExample')}
        fields={fields?.fields}
        fieldTitle={fieldTitle}
        readFilter={readFilter}
        views={views}
        viewsLabel={say('item.views')}
        columns={columns}
        usualColumns={usualColumns}
        source={source}
        count={count ?? undefined}
        groupedBy={itemGroups}
        titleOf={titleOf}
        renderCompact={compactItem}
        marks={marks}
        mayEverything={mayAdd}
        renderBulk={(chosen, shown) => (
          <>
            {mayAdd && <ItemBulkBar onChange={(kind) => setChanging({ kind, target: targeted(shown) })} />}
            <OnMap chosen={chosen} />
          </>
        )}
        renderMore={({ asked: now }) => (
          <ListingMore exported={(format) => exportedAs(now, format)}>
            <Menu.Item
              leftSection={<HeartPulse size={14} aria-hidden />}
              renderRoot={(props) => <Link to="/items/model" {...props} />}
            >
              {say('model.title')}
            </Menu.Item>
            {mayAdd && (
              <Menu.Item leftSection={<History size={14} aria-hidden />} onClick={() => setRecent(true)}>
                {say('bulk.recent')}
              </Menu.Item>
            )}
            {mayAdd && (
              <Menu.Item
                leftSection={<GitMerge size={14} aria-hidden />}
                renderRoot={(props) => <Link to="/items/conflicts" {...props} />}
              >
                {say('conflicts.title')}
              </Menu.Item>
            )}
            {mayAtAll(me, 'policy.read') && (
              <Menu.Item
                leftSection={<Boxes size={14} aria-hidden />}
                renderRoot={(props) => (
                  <Link to="/admin/policies/$kind" params={{ kind: 'item_classes' }} {...props} />
                )}
              >
                {say('policy.kind.item_classes')}
              </Menu.Item>
            )}
          </ListingMore>
        )}
        renderKeys={({ rows, select, clear }) => (
          <ListKeys rows={rows} marks={marks} onOpen={open} onSelect={select} onClear={clear} />
        )}
        renderNone={({ filtered, onAll }) => (
          <NoItems filtered={filtered} mayAdd={mayAdd} onAdd={() => setAdding(true)} onAll={onAll} />
        )}
        onPick={(row) => open(row.id)}
        onHover={prefetch}
      />
      <Suspense fallback={null}>
        {adding && (
          <CreateDialog
            ofClass={known?.classes.find((one) => one.key === search.class && !one.abstract)?.key}
            onClose={() => setAdding(false)}
            onDone={open}
          />
        )}
        {changing !== undefined && (
          <BulkDialog
            target={changing.target}
            kind={changing.kind}
            onClose={() => setChanging(undefined)}
            onDone={(id) => {
              setChanging(undefined)
              marks.set({ chosen: new Set(), everything: false })
              setSearch({ bulk: id })
            }}
          />
        )}
        {search.bulk !== undefined && (
          <BulkResult
            bulk={bulkOfItems}
            id={search.bulk}
            onClose={() => setSearch({ bulk: undefined }, true)}
          />
        )}
        {recent && (
          <RecentBulk
            bulk={bulkOfItems}
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
const OnMap = ({ chosen }: { readonly chosen: ReadonlySet<string> }) => {
  const ids = [...chosen].slice(0, mostOnMap).join(',')
  return (
    <>
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
    </>
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
  onClear,
}: {
  readonly rows: readonly ListedItem[]
  readonly marks: RowMarks
  readonly onOpen: (id: string) => void
  readonly onSelect: (id: string, through?: boolean) => void
  readonly onClear: () => void
}): null => {
  useListingKeys({
    rows,
    marks,
    saidAs: (row) => [row.name, row.classLabel, say(`item.health.${row.health.now}`)].join(', '),
    onActive: (row) => marks.set({ active: row.id }),
    onOpen,
    onSelect,
    leaving: { does: say('list.clear'), run: onClear },
  })
  return null
}
