import { Refused } from '@evenkeel/contract/client'
import type { ItemPage as Item } from '@evenkeel/contract/item'
import { ActionIcon, Button, Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useCanGoBack, useRouter } from '@tanstack/react-router'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import History from 'lucide-react/icons/history'
import Zap from 'lucide-react/icons/zap'
import { lazy, Suspense, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { PriorityTag } from '../../parts/priority.tsx'
import { ProcessBar } from '../../parts/process-bar.tsx'
import { useSpoken } from '../../ui/announce.tsx'
import { Empty } from '../../ui/empty.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { useKeys } from '../../ui/keys.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { itemKey, itemQuery, itemsKey } from './item.api.ts'
import { Attributes } from './item.attributes.tsx'
import { ItemHistory } from './item.history.tsx'
import classes from './item.page.module.css'
import { MergeMenu } from './item.merge-menu.tsx'
import { ItemMoves } from './item.moves.tsx'
import { Relations } from './item.relations.tsx'
import { type TimesSearch, timesOf } from './item.search.ts'
import { TimesBanner, TimesControl, timesSentence } from './item.times.tsx'
import { hasHealth, HealthTag, lifeSteps } from './item.words.tsx'

const SmallMap = lazy(async () => ({ default: (await import('./item.map-small.tsx')).SmallMap }))
const SayHealthDialog = lazy(async () => ({
  default: (await import('./item.health-dialog.tsx')).SayHealthDialog,
}))

const Commercial = lazy(async () => ({
  default: (await import('../asset/asset.commercial.tsx')).Commercial,
}))
const route = getRouteApi('/shell/items/$id')

/** One item: what it is, how it is and why, what is known of it and from where, and what it has to do with others. */
export const ItemPage = () => {
  const { id } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const router = useRouter()
  const canGoBack = useCanGoBack()
  const queries = useQueryClient()
  const {
    data: item,
    error,
    refetch,
  } = useQuery({
    ...itemQuery(id, timesOf(search)),
    placeholderData: (before, query) => (query?.queryKey[1] === id ? keepPreviousData(before) : undefined),
  })
  usePageTitle(item?.name ?? say('item.one'))
  useSpoken(id, item && `${say('item.health')}: ${say(`item.health.${item.health.now}`)}`)
  useLiveChanges('item', (change) => {
    if (change.id === id) void queries.invalidateQueries({ queryKey: itemKey(id) })
  })
  const back = (): void => {
    if (canGoBack) router.history.back()
    else void navigate({ to: '/items' })
  }
  useKeys([{ keys: 'Escape', group: say('keys.record'), does: say('record.back'), run: back }])
  const setTimes = (times: TimesSearch): void => void navigate({ search: times, resetScroll: false })

  if (item === undefined)
    return error === null ? (
      <div className={classes['skeleton']} role="status" aria-label={say('list.loading')}>
        <Skeleton height={24} width="40%" />
        <Skeleton height={40} />
        <Skeleton height={280} />
      </div>
    ) : (
      <div className={classes['page']}>
        <TimesBanner times={search} onNow={() => setTimes({})} />
        {error instanceof Refused && error.status === 404 && timesSentence(search) !== '' ? (
          <Empty
            icon={<History size={24} aria-hidden />}
            title={say('item.notThen')}
            isPage
            action={
              <Button variant="default" onClick={() => setTimes({})}>
                {say('times.backToNow')}
              </Button>
            }
          >
            {say('item.notThenText')}
          </Empty>
        ) : (
          <FaultPage error={error} onRetry={() => void refetch()} />
        )}
      </div>
    )
  return (
    <article className={classes['page']} aria-label={item.name}>
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      <TimesBanner times={search} onNow={() => setTimes({})} />
      <header className={classes['head']}>
        <div className={classes['line']}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={say('record.back')} onClick={back}>
            <ArrowLeft size={16} aria-hidden />
          </ActionIcon>
          <Link to="/items" search={{ class: item.class }} className={classes['class'] ?? ''}>
            {item.classLabel}
          </Link>
          <div className={classes['acts']}>
            {hasHealth(item) && (
              <Button
                size="compact-md"
                variant="default"
                leftSection={<Zap size={14} aria-hidden />}
                renderRoot={(props) => (
                  <Link to="/map" search={{ items: id, node: id, ...search }} {...props} />
                )}
              >
                {say('map.whatIf')}
              </Button>
            )}
            <TimesControl times={search} onChange={setTimes} />
            {item.mayEdit && !item.isService && item.mergedInto === null && <MergeMenu item={item} />}
          </div>
        </div>
        <EditableText
          value={item.name}
          label={say('item.name')}
          editable={item.mayEdit}
          required
          maxLength={120}
          className={classes['title']}
          onSave={async (name) => {
            try {
              await client.editItem({ params: { id }, version: item.version, body: { name, values: {} } })
            } finally {
              // A refusal often means that the page is behind.
              await changed(queries, id)
            }
          }}
        >
          <h1 className={classes['name']}>{item.name}</h1>
        </EditableText>
        {hasHealth(item) && <HealthLine item={item} />}
        {item.mergedInto !== null && (
          <p className={classes['merged']}>
            {say('item.mergedInto')}{' '}
            <Link to="/items/$id" params={{ id: item.mergedInto.id }}>
              {item.mergedInto.name}
            </Link>
          </p>
        )}
        <ProcessBar steps={lifeSteps(item.state, item.nature)}>
          {item.isNow && <ItemMoves item={item} />}
        </ProcessBar>
      </header>
      <div className={classes['body']}>
        <div className={classes['story']}>
          <Attributes item={item} />
          <Suspense fallback={<Skeleton height={120} />}>
            <Commercial id={id} times={timesOf(search)} />
          </Suspense>
          <Relations item={item} />
          <ItemHistory
            id={id}
            onShow={({ validFrom, knownFrom }) =>
              setTimes({ at: validFrom, known: later(validFrom, knownFrom) })
            }
          />
        </div>
        <aside className={classes['side']} aria-label={say('item.around')}>
          {(hasHealth(item) || standsSomewhere(item)) && (
            <section>
              <h2 className={classes['sideTitle']}>{say('item.smallMap')}</h2>
              <Suspense fallback={<Skeleton height={200} />}>
                <SmallMap id={id} search={search} />
              </Suspense>
            </section>
          )}
          <OpenRecords item={item} />
          <Seen item={item} />
        </aside>
      </div>
    </article>
  )
}

/** Trouble goes to it or from it: something else than a connection or a copy. */
const standsSomewhere = ({ relations }: Item): boolean => relations.some(({ side }) => side !== 'beside')

/** As it was known when it became known, when that was after it became so. */
const later = (one: string, other: string): string => (Date.parse(one) < Date.parse(other) ? other : one)

const changed = async (queries: ReturnType<typeof useQueryClient>, id: string): Promise<void> => {
  await queries.invalidateQueries({ queryKey: itemKey(id) })
  void queries.invalidateQueries({ queryKey: itemsKey })
}

const HealthLine = ({ item }: { readonly item: Item }) => {
  const [saying, setSaying] = useState(false)
  const { health, saidHealth } = item
  return (
    <div className={classes['health']}>
      <HealthTag health={{ now: health.now }} />
      {health.sentence !== '' && <span>{health.sentence}</span>}
      {saidHealth !== null && (
        <span className={classes['quiet']}>
          {saidHealth.by !== null && say('item.saidHealthBy', { name: saidHealth.by.name })}
        </span>
      )}
      {health.until !== null && (
        <span className={classes['quiet']}>
          {say('item.saidHealthUntil', { at: absolute(health.until, readerZone()) })}
        </span>
      )}
      {item.mayEdit && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setSaying(true)}>
          {say('item.sayHealth')}
        </Button>
      )}
      <Suspense fallback={null}>
        {saying && <SayHealthDialog item={item} onClose={() => setSaying(false)} />}
      </Suspense>
    </div>
  )
}

const OpenRecords = ({ item: { openRecords } }: { readonly item: Item }) => (
  <section>
    <h2 className={classes['sideTitle']}>{say('item.openRecords')}</h2>
    {openRecords.length === 0 ? (
      <p className={classes['quiet']}>{say('item.noOpenRecords')}</p>
    ) : (
      <ul className={classes['records']}>
        {openRecords.map(({ id, number, title, priority }) => (
          <li key={id}>
            <Link to="/incidents/$id" params={{ id }} className={classes['record'] ?? ''}>
              <span className={classes['number']}>{number}</span> {title}
            </Link>
            <PriorityTag priority={priorityOf(priority)} />
          </li>
        ))}
      </ul>
    )}
  </section>
)

const priorities = [1, 2, 3, 4, 5] as const
const priorityOf = (number: number): (typeof priorities)[number] =>
  priorities.find((one) => one === number) ?? 5

const Seen = ({ item: { seen } }: { readonly item: Item }) =>
  seen.length === 0 ? null : (
    <section>
      <h2 className={classes['sideTitle']}>{say('item.sources')}</h2>
      <ul className={classes['records']}>
        {seen.map(({ source, sourceLabel, at, externalId, stale }) => (
          <li key={`${source} ${externalId}`}>
            <span className={classes['sourceName']}>
              {sourceLabel}
              {externalId !== '' && <span className={classes['quiet']}> {externalId}</span>}
            </span>
            <span className={classes['quiet']}>
              <RelativeTime at={at} />
              {stale && <> · {say('item.stale')}</>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
