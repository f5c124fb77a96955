import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { ListedIncident } from '@evenkeel/contract/incident'
import type { Me } from '@evenkeel/contract/session'
import { Menu, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import History from 'lucide-react/icons/history'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import type { BulkTarget } from '../../parts/bulk.ts'
import { type ListSearch, searchOf } from '../../parts/listing-address.ts'
import type { ReadFilter } from '../../parts/listing-builder.tsx'
import { ListingMore } from '../../parts/listing-more.tsx'
import { type Asked, RecordListing, type Shown, type Source } from '../../parts/record-listing.tsx'
import { savedViewsQuery, type Views } from '../../parts/saved-views.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { whenIdle } from '../../ui/after-paint.tsx'
import { afterNextPaint } from '../../ui/next-paint.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { createRowMarks } from '../../ui/row-marks.ts'
import { countQuery, filterFieldsQuery, incidentQuery, pageOfRows, rowsKey } from './incident.api.ts'
import { BulkBar } from './incident.bulk-bar.tsx'
import type { BulkKind } from './incident.bulk-form.ts'
import { bulkOfIncidents } from './incident.bulk.tsx'
import { CompactRow, customIn, incidentColumns, usualColumns } from './incident.columns.tsx'
import { customFieldsQuery, fieldsOfIncidents } from './incident.custom-values.ts'
import { fieldTitle } from './incident.filter-fields.ts'
import classes from './incident.list-page.module.css'
import { incidentGroups } from './incident.list-groups.tsx'
import { ListKeys } from './incident.list-keys.ts'
import { NoRows } from './incident.list-none.tsx'
import { viewsFor } from './incident.views.ts'

const Preview = lazy(async () => ({ default: (await import('./incident.preview.tsx')).IncidentPreview }))
const BulkDialog = lazy(async () => ({
  default: (await import('./incident.bulk-dialog.tsx')).IncidentBulkDialog,
}))
const BulkResult = lazy(async () => ({ default: (await import('../../parts/bulk-result.tsx')).BulkResult }))
const RecentBulk = lazy(async () => ({ default: (await import('../../parts/bulk-result.tsx')).RecentBulk }))

const route = getRouteApi('/shell/incidents')
const hoverMilliseconds = 80

const titleOf = (row: ListedIncident): string => `${row.number} ${row.title}`
const compactRow = (row: ListedIncident) => <CompactRow row={row} />

const stateOf = ({ q, sort, filter, layout }: Asked) => ({ q, sort, filter, custom: customIn(layout) })

const source = (asked: Asked): Source<ListedIncident> => {
  const state = stateOf(asked)
  return {
    kind: 'incident',
    queryKey: rowsKey(state),
    page: (cursor) => pageOfRows(state, cursor),
    again: async (rows) => {
      const { custom } = state
      const filter = JSON.stringify({ field: 'number', op: 'in', value: rows.map(({ number }) => number) })
      const query = { filter, limit: 200, ...(custom === '' ? {} : { custom }) }
      return (await client.listIncidents({ query })).rows
    },
  }
}

const readFilter: ReadFilter = (query) => client.readIncidentFilter({ query })

const incidentViews = (me: Me): Views => ({
  kind: 'incident',
  usual: viewsFor(me).views.map(({ id, q }) => ({ id, q, name: say(`incident.view.${id}`) })),
  countQuery,
  readFilter: async ({ q }) => (await readFilter(q === '' ? {} : { q })).filter,
})

const exportedAs = ({ q, sort, layout }: Asked, format: 'csv' | 'xlsx'): string =>
  addressOf(
    api.exportIncidents,
    {},
    {
      ...(q === '' ? {} : { q }),
      ...(sort === undefined ? {} : { sort }),
      columns: layout.map(({ id }) => id).join(','),
      ...(format === 'csv' ? {} : { format }),
    },
  )

export const IncidentListPage = () => {
  const me = useMe()
  const navigate = route.useNavigate()
  const asked = route.useSearch()
  const { data: saved, isPending: viewsPending } = useQuery(savedViewsQuery('incident'))
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
  // Views that do not come hold nothing up: the list then says itself that the server is away.
  return <IncidentList search={search} waiting={asked.q === undefined && viewsPending} />
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
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const { q } = search
  const { data: custom, isPending: customPending } = useQuery(customFieldsQuery)
  const customFields = useMemo(() => fieldsOfIncidents(custom?.fields ?? []), [custom])
  const withClocks = mayAtAll(me, 'incident.read_internal')
  const columns = useMemo(() => incidentColumns(customFields, withClocks), [customFields, withClocks])
  // Columns of this organization come with their values, and are drawn when it is known which ones there are.
  const unknown = customPending && search.columns?.includes('custom.') === true
  const { data: fields } = useQuery(filterFieldsQuery)
  const [changing, setChanging] = useState<{ readonly kind: BulkKind; readonly target: BulkTarget }>()
  const [recent, setRecent] = useState(false)
  const { data: count } = useQuery({ ...countQuery(q), enabled: !waiting })
  const preview = narrow ? undefined : search.preview
  const [marks] = useState(() => createRowMarks(preview))
  const mayBulk = mayAtAll(me, 'incident.bulk')
  const mayRaise = mayAtAll(me, 'incident.raise')
  usePageTitle(say('incident.list'))

  // The address holds the whole list, also what was as usual until now.
  const setSearch = (change: Partial<ListSearch>, replace = false): void =>
    void navigate({ search: (before) => ({ ...search, ...before, ...change }), replace })
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
  const prefetch = (row: { readonly id: string }): void => {
    clearTimeout(hovering.current)
    hovering.current = setTimeout(() => void queries.prefetchQuery(incidentQuery(row.id)), hoverMilliseconds)
  }
  const targeted = ({ asked: { sort } }: Shown<ListedIncident>): BulkTarget => {
    const { chosen, everything } = marks.now()
    return everything
      ? { list: { q, sort }, count: count?.count ?? 0 }
      : { ids: [...chosen], count: chosen.size }
  }
  return (
    <div className={classes['page']}>
      <RecordListing
        title={say('incident.list')}
        search={search}
        onSearch={setSearch}
        waiting={waiting || unknown}
        filterLabel={say('incident.filter')}
        filterExample={say('incident.filterExample')}
        fields={fields?.fields}
        fieldTitle={fieldTitle}
        readFilter={readFilter}
        views={incidentViews(me)}
        viewsLabel={say('incident.views')}
        columns={columns}
        usualColumns={usualColumns}
        source={source}
        count={count ?? undefined}
        groupedBy={incidentGroups}
        titleOf={titleOf}
        renderCompact={compactRow}
        marks={marks}
        selectionKey={preview ?? ''}
        mayEverything={mayBulk}
        renderBulk={(_, shown) =>
          mayBulk && <BulkBar onChange={(kind) => setChanging({ kind, target: targeted(shown) })} />
        }
        renderMore={({ asked }) => (
          <ListingMore exported={(format) => exportedAs(asked, format)}>
            {mayBulk && (
              <Menu.Item leftSection={<History size={14} aria-hidden />} onClick={() => setRecent(true)}>
                {say('bulk.recent')}
              </Menu.Item>
            )}
          </ListingMore>
        )}
        renderKeys={({ rows, select, clear }) => (
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
        )}
        renderNone={({ filtered, onAll }) => <NoRows filtered={filtered} mayRaise={mayRaise} onAll={onAll} />}
        onPick={(row) => (narrow ? open(row.id) : showPreview(row.id))}
        onHover={prefetch}
      />
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
              marks.set({ chosen: new Set(), everything: false })
              setSearch({ bulk: id })
            }}
          />
        )}
        {search.bulk !== undefined && (
          <BulkResult
            bulk={bulkOfIncidents}
            id={search.bulk}
            onClose={() => setSearch({ bulk: undefined }, true)}
          />
        )}
        {recent && (
          <RecentBulk
            bulk={bulkOfIncidents}
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
