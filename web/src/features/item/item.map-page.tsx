import { Button, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Waypoints from 'lucide-react/icons/waypoints'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage, sentence } from '../../ui/fault.tsx'
import { useKeys } from '../../ui/keys.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { blastQuery, itemClassesQuery, itemMapQuery, itemsKey } from './item.api.ts'
import { classTree, withBelow } from './item.classes.ts'
import { MapCanvas, type MapHandle } from './item.map-canvas.tsx'
import { blastIn, contracted, joined, membersNotShown, neighborsIn } from './item.map-graph.ts'
import { layeredPlaces, type Places, shapely } from './item.map-layout.ts'
import { MapLegend } from './item.map-legend.tsx'
import { createLooks } from './item.map-looks.ts'
import classes from './item.map-page.module.css'
import { BlastPart, MapPanel } from './item.map-panel.tsx'
import { MapToolbar, mostHops } from './item.map-toolbar.tsx'
import { MapTree } from './item.map-tree.tsx'
import { type MapSearch, timesOf } from './item.search.ts'
import { TimesBanner } from './item.times.tsx'

const route = getRouteApi('/shell/map')
const usualHops = 2
const [first, most] = [300, 2000]
/** Legend and buttons lie over the lower end of the map. */
const footHeight = 44
/** Width of what there is room for, for its height. */
const [upright, lying] = [0.8, 1.6]

const idsIn = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').filter((part) => part !== '')

/** The services and what they stand on, to look around in and to ask what would follow if something failed. */
export const ServiceMapPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false
  usePageTitle(say('map.title'))
  const setSearch = (change: Partial<MapSearch>, replace = true): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace, resetScroll: false })
  const times = useMemo(() => timesOf({ at: search.at, known: search.known }), [search.at, search.known])
  const started = useMemo(() => idsIn(search.items), [search.items])
  const opened = useMemo(() => idsIn(search.open), [search.open])
  const hops = Math.min(mostHops, Math.max(0, Number(search.hops ?? usualHops) || 0))
  const [maxItems, setMaxItems] = useState<number>(first)
  const asked = useQuery(itemMapQuery({ items: started, hops, maxItems, times, branches: search.branches }))
  const around = useQueries({
    queries: opened.map((id) => itemMapQuery({ items: [id], hops: 1, times, branches: search.branches })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
  useLiveChanges('item', () => void queries.invalidateQueries({ queryKey: itemsKey }))
  const { data, error } = asked
  const { items, relations } = useMemo(
    () => (data === undefined ? { items: [], relations: [] } : joined([data, ...around])),
    [data, around],
  )
  const byId = useMemo(() => new Map(items.map((item) => [item.id, item])), [items])
  const neighbors = useMemo(() => neighborsIn(relations), [relations])

  const failing = useMemo(
    () => (search.fail === undefined ? idsIn(search.node) : idsIn(search.fail)),
    [search.fail, search.node],
  )
  const blast = useQuery({ ...blastQuery(failing, times, search.branches), enabled: failing.length > 0 })
  const blastNow = failing.length === 0 ? undefined : blast.data
  const { data: known } = useQuery(itemClassesQuery)
  const found = useMemo(() => {
    const words = (search.q ?? '').trim().toLocaleLowerCase()
    if (words === '' && search.class === undefined && search.health === undefined) return undefined
    const ofClass =
      search.class === undefined ? undefined : new Set(withBelow(search.class, known?.classes ?? []))
    return new Set(
      items
        .filter(
          (item) =>
            (words === '' || item.name.toLocaleLowerCase().includes(words)) &&
            (ofClass === undefined || ofClass.has(item.class)) &&
            (search.health === undefined || item.health.now === search.health),
        )
        .map(({ id }) => id),
    )
  }, [items, known, search.q, search.class, search.health])
  const hides = search.only === 'yes' && found !== undefined && found.size > 0
  const drawn = useMemo(() => {
    if (!hides) return { items, relations }
    const shown = new Set(found)
    if (search.node !== undefined) shown.add(search.node)
    return contracted(items, relations, shown)
  }, [hides, found, items, relations, search.node])
  const touched = useRef(false)
  const places = usePlaces(drawn.items, drawn.relations, touched, narrow ? upright : lying)
  const scene = useMemo(
    () => ({ ...drawn, places, notShown: membersNotShown(drawn.items, relations) }),
    [drawn, places, relations],
  )
  const [looks] = useState(createLooks)
  const marked = useMemo(() => (blastNow === undefined ? undefined : blastIn(blastNow)), [blastNow])
  useEffect(() => {
    looks.set({ picked: search.node, blast: marked, found })
  }, [looks, search.node, marked, found])

  const map = useRef<MapHandle>(null)
  const finder = useRef<HTMLInputElement>(null)
  useKeys([
    { keys: 'f', group: say('map.title'), does: say('map.search'), run: () => finder.current?.focus() },
  ])
  const pick = (id: string | undefined): void =>
    setSearch({ node: id, ...(search.fail === undefined ? {} : { fail: undefined }) })
  const pickAndShow = (id: string): void => {
    setSearch({ node: id })
    map.current?.show(id)
  }
  const next = (): void => {
    const all = [...(found ?? [])]
    const id = all[(all.indexOf(search.node ?? '') + 1) % Math.max(1, all.length)]
    if (id !== undefined) pickAndShow(id)
  }
  const picked = search.node === undefined ? undefined : byId.get(search.node)
  const counts = useMemo(() => {
    const of = new Map<string, number>()
    for (const item of items) of.set(item.class, (of.get(item.class) ?? 0) + 1)
    return of
  }, [items])
  const tree = classTree(known?.classes ?? [], counts, false).filter(({ depth }) => depth > 0)
  const readsList = search.as === 'list'
  const blastPart = failing.length > 0 && (
    <BlastPart
      title={say(failing.length === 1 ? 'map.ifFails' : 'map.ifTheseFail')}
      blast={blastNow}
      error={blast.error}
      onPick={pickAndShow}
    />
  )
  return (
    <div className={classes['page']}>
      <TimesBanner times={search} onNow={() => setSearch({ at: undefined, known: undefined })} />
      <MapToolbar
        search={search}
        hops={hops}
        tree={tree}
        narrow={narrow}
        finder={finder}
        onChange={setSearch}
        onNext={next}
      />
      {found !== undefined && (
        <p className={classes['found']} role="status">
          {say('map.found', { count: found.size, of: items.length })}
          {found.size > 0 && found.size < items.length && !readsList && (
            <Button
              size="compact-xs"
              variant="default"
              aria-pressed={hides}
              onClick={() => setSearch({ only: hides ? undefined : 'yes' })}
            >
              {say(hides ? 'map.showOthers' : 'map.hideOthers')}
            </Button>
          )}
        </p>
      )}
      {search.branches !== undefined && data !== undefined && (
        <p className={classes['found']} role="status">
          {say('branch.mapAt', { at: absolute(data.validAt, readerZone()) })}
        </p>
      )}
      {error !== null && items.length > 0 && (
        <Fault error={error} kept={say('map.kept')} onRetry={() => void asked.refetch()} />
      )}
      {data === undefined && error === null && (
        <div className={classes['waiting']} role="status" aria-label={say('list.loading')}>
          <Skeleton height="100%" />
        </div>
      )}
      {data === undefined && error !== null && (
        <FaultPage error={error} onRetry={() => void asked.refetch()} />
      )}
      {data !== undefined && items.length === 0 && <NothingHere started={started.length > 0} />}
      {items.length > 0 && (
        <div className={classes['body']}>
          {readsList ? (
            <MapTree items={byId} neighbors={neighbors} looks={looks} found={found} onPick={pick} />
          ) : (
            <div className={classes['map']}>
              <MapCanvas
                key={`${search.items ?? ''} ${search.at ?? ''} ${search.known ?? ''} ${String(hides)}`}
                scene={scene}
                neighbors={neighbors}
                looks={looks}
                handle={map}
                foot={footHeight}
                onPick={pick}
                onOpen={(id) => void navigate({ to: '/items/$id', params: { id } })}
                onTouched={() => {
                  touched.current = true
                }}
              />
              <MapLegend narrow={narrow} hides={hides} plans={search.branches !== undefined} />
            </div>
          )}
          {picked !== undefined ? (
            <MapPanel
              key={picked.id}
              item={picked}
              items={byId}
              neighbors={neighbors}
              search={{
                ...(search.at === undefined ? {} : { at: search.at }),
                ...(search.known === undefined ? {} : { known: search.known }),
              }}
              blast={blastPart}
              onPick={pickAndShow}
              onOpenAround={
                picked.more ? () => setSearch({ open: [...opened, picked.id].join(',') }) : undefined
              }
              onClose={() => setSearch({ node: undefined, fail: undefined })}
            />
          ) : (
            failing.length > 0 && (
              <aside className={classes['asked']} aria-label={say('map.ifTheseFail')}>
                {blastPart}
                <Button variant="default" onClick={() => setSearch({ fail: undefined })}>
                  {say('map.stopAsking')}
                </Button>
              </aside>
            )
          )}
        </div>
      )}
      {data !== undefined && data.cut !== null && (
        <div className={classes['cut']} role="status">
          <span>{sentence(data.cut.sentence)}.</span>
          {data.cut.by === 'depth' && hops < mostHops && (
            <Button size="compact-sm" variant="default" onClick={() => setSearch({ hops: String(hops + 1) })}>
              {say('map.stepFurther')}
            </Button>
          )}
          {data.cut.by !== 'depth' && maxItems < most && (
            <Button size="compact-sm" variant="default" onClick={() => setMaxItems(most)}>
              {say('map.showMore', { count: most })}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

/**
 * Where nodes stand: in layers at once, and sorted out further as soon as that is done, unless somebody has begun to look around. A phone
 * keeps the layers: they are as wide as it is.
 */
const usePlaces = (
  items: readonly { readonly id: string }[],
  relations: readonly { readonly belowId: string; readonly aboveId: string }[],
  touched: RefObject<boolean>,
  shape: number,
): Places => {
  const key = useMemo(
    () =>
      `${shape} ${items.map(({ id }) => id).join(' ')}|${relations.map((one) => `${one.belowId}${one.aboveId}`).join(' ')}`,
    [items, relations, shape],
  )
  // What is said of an item changes often; where it stands follows from what is connected to what.
  const quick = useMemo(
    () =>
      layeredPlaces(
        items.map(({ id }) => id),
        relations,
        shape,
      ),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key says what of them counts
    [key],
  )
  const [sorted, setSorted] = useState<{ readonly key: string; readonly places: Places }>()
  useEffect(() => {
    let gone = false
    const sortOut = async (): Promise<void> => {
      const { mostSortedOut, sortedOut } = await import('./item.map-elk.ts')
      if (items.length > mostSortedOut || items.length < 2 || shape < 1) return
      const places = await sortedOut(
        items.map(({ id }) => id),
        relations,
        shape,
      )
      if (!gone && !touched.current && shapely(places, quick, shape)) setSorted({ key, places })
    }
    // Without it the map stands in its layers.
    sortOut().catch(() => undefined)
    return () => {
      gone = true
    }
    // oxlint-disable-next-line react/exhaustive-deps -- as above
  }, [key])
  return sorted?.key === key ? sorted.places : quick
}

const NothingHere = ({ started }: { readonly started: boolean }) => (
  <Empty
    icon={<Waypoints size={24} aria-hidden />}
    title={say(started ? 'map.noneThere' : 'map.none')}
    action={
      <Button variant="default" renderRoot={(props) => <Link to="/items" {...props} />}>
        {say('map.toItems')}
      </Button>
    }
  >
    {say(started ? 'map.noneThereText' : 'map.noneText')}
  </Empty>
)
