import { Refused } from '@evenkeel/contract/client'
import type { ItemPage as Item } from '@evenkeel/contract/item'
import { ActionIcon, Button, Popover, Skeleton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useCanGoBack, useRouter } from '@tanstack/react-router'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import History from 'lucide-react/icons/history'
import ListTodo from 'lucide-react/icons/list-todo'
import Zap from 'lucide-react/icons/zap'
import { lazy, Suspense, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { PriorityTag } from '../../parts/priority.tsx'
import { ProcessBar } from '../../parts/process-bar.tsx'
import { useSpoken } from '../../ui/announce.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty } from '../../ui/empty.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fault, FaultPage, faultSentence, sentence } from '../../ui/fault.tsx'
import { useKeys } from '../../ui/keys.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { itemKey, itemQuery, itemsKey } from './item.api.ts'
import { Attributes } from './item.attributes.tsx'
import { ItemHistory } from './item.history.tsx'
import classes from './item.page.module.css'
import { Relations } from './item.relations.tsx'
import { type TimesSearch, timesOf } from './item.search.ts'
import { TimesBanner, TimesControl, timesSentence } from './item.times.tsx'
import { HealthTag, lifeSteps } from './item.words.tsx'

const SmallMap = lazy(async () => ({ default: (await import('./item.map-small.tsx')).SmallMap }))
const SayHealthDialog = lazy(async () => ({
  default: (await import('./item.health-dialog.tsx')).SayHealthDialog,
}))

const GoneDialog = lazy(async () => ({
  default: (await import('../asset/asset.gone-dialog.tsx')).GoneDialog,
}))
const Commercial = lazy(async () => ({
  default: (await import('../asset/asset.commercial.tsx')).Commercial,
}))
/** Moves that ask why, and how data was removed. */
const asksMore = (action: string): boolean =>
  action === 'dispose' || action === 'write_off' || action === 'report_lost'

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
            <TimesControl times={search} onChange={setTimes} />
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
            await client.editItem({ params: { id }, version: item.version, body: { name, values: {} } })
            await changed(queries, id)
          }}
        >
          <h1 className={classes['name']}>{item.name}</h1>
        </EditableText>
        <HealthLine item={item} />
        {item.mergedInto !== null && (
          <p className={classes['merged']}>
            {say('item.mergedInto')}{' '}
            <Link to="/items/$id" params={{ id: item.mergedInto.id }}>
              {item.mergedInto.name}
            </Link>
          </p>
        )}
        <ProcessBar steps={lifeSteps(item.state)}>{item.isNow && <Moves item={item} />}</ProcessBar>
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
          <section>
            <h2 className={classes['sideTitle']}>{say('item.smallMap')}</h2>
            <Suspense fallback={<Skeleton height={200} />}>
              <SmallMap id={id} search={search} />
            </Suspense>
          </section>
          <OpenRecords item={item} />
          <Seen item={item} />
        </aside>
      </div>
    </article>
  )
}

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

type Offer = Item['allowed'][number]
/** The move that usually comes next is the filled button. */
const usual = ['put_in_use', 'receive', 'order', 'bring_back'] as const

const Moves = ({ item }: { readonly item: Item }) => {
  const queries = useQueryClient()
  const [running, setRunning] = useState<string>()
  const [asking, setAsking] = useState<Offer>()
  const primary = usual.find((action) => item.allowed.some((offer) => offer.action === action))
  const move = async ({ action }: Offer): Promise<void> => {
    await client.moveItem({
      params: { id: item.id },
      version: item.version,
      body: { action, note: '' },
    })
    await changed(queries, item.id)
  }
  const press = async (offer: Offer): Promise<void> => {
    if (offer.action === 'retire' || asksMore(offer.action)) {
      setAsking(offer)
      return
    }
    setRunning(offer.action)
    try {
      await move(offer)
    } catch (failure) {
      notifications.show({
        title: say('move.failed', { move: offer.label }),
        message: faultSentence(failure),
        color: 'gray',
      })
    } finally {
      setRunning(undefined)
    }
  }
  return (
    <>
      {item.allowed
        .toSorted((a, b) => Number(a.action === primary) - Number(b.action === primary))
        .map((offer) =>
          offer.ready ? (
            <Button
              key={offer.action}
              size="compact-md"
              variant={offer.action === primary ? 'filled' : 'default'}
              loading={running === offer.action}
              onClick={() => void press(offer)}
            >
              {offer.label}
            </Button>
          ) : (
            <NotReady key={offer.action} offer={offer} />
          ),
        )}
      {asking?.action === 'retire' && (
        <Confirm
          title={say('item.moveTitle', { move: asking.label, name: item.name })}
          text={say('item.retireText')}
          action={asking.label}
          onConfirm={() => move(asking)}
          onClose={() => setAsking(undefined)}
        />
      )}
      <Suspense fallback={null}>
        {asking !== undefined && asksMore(asking.action) && (
          <GoneDialog
            item={item}
            offer={asking}
            onDone={() => changed(queries, item.id)}
            onClose={() => setAsking(undefined)}
          />
        )}
      </Suspense>
    </>
  )
}

/** Pressable: it answers with what is missing. */
const NotReady = ({ offer: { label, reasons } }: { readonly offer: Offer }) => (
  <Popover width={280} position="bottom-end" withArrow>
    <Popover.Target>
      <Button
        size="compact-md"
        variant="default"
        leftSection={<ListTodo size={14} aria-hidden />}
        className={classes['unready'] ?? ''}
        aria-description={reasons.map(({ message }) => sentence(message)).join('. ')}
      >
        {label}
      </Button>
    </Popover.Target>
    <Popover.Dropdown>
      <p className={classes['lead']}>{say('move.notReady', { move: label })}</p>
      <ul className={classes['reasons']}>
        {reasons.map(({ code, message }) => (
          <li key={code}>{sentence(message)}</li>
        ))}
      </ul>
    </Popover.Dropdown>
  </Popover>
)

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
