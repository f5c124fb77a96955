import type { Portal, PortalThing } from '@evenkeel/contract/home'
import { Button, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Heart from 'lucide-react/icons/heart'
import Search from 'lucide-react/icons/search'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import Wrench from 'lucide-react/icons/wrench'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute, lasting } from '../../language/time.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { useNow } from '../../ui/now.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { portalQuery, useLivePortal } from './portal.api.ts'
import classes from './portal.module.css'
import { nextSentence, ThingState } from './portal.words.tsx'

const isOver = ({ state }: PortalThing): boolean => state === 'closed' || state === 'canceled'

/** The first page of who asks for help: say it, see what is known, see what becomes of it. */
export const PortalPage = () => {
  const me = useMe()
  const { data, error, refetch } = useQuery(portalQuery)
  const [words, setWords] = useState('')
  usePageTitle(say('portal.title'))
  useLivePortal()
  if (data === undefined && error !== null)
    return (
      <div className={classes['page']}>
        <h1 className={classes['hello']}>{say('portal.hello', { name: me.person.name })}</h1>
        <FaultPage error={error} onRetry={() => void refetch()} />
      </div>
    )
  return (
    <div className={classes['page']}>
      <h1 className={classes['hello']}>{say('portal.hello', { name: me.person.name })}</h1>
      <Ask words={words} onWords={setWords} portal={data} />
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      {words.trim() === '' && mayAtAll(me, 'incident.raise') && (
        <Link to="/portal/new" className={classes['tile'] ?? ''}>
          <span className={classes['tileIcon']}>
            <Wrench size={22} aria-hidden />
          </span>
          <span className={classes['tileWords']}>
            <span className={classes['tileTitle']}>{say('portal.broken')}</span>
            <span className={classes['quiet']}>{say('portal.brokenText')}</span>
          </span>
          <ChevronRight size={20} aria-hidden className={classes['chevron']} />
        </Link>
      )}
      {data !== undefined && data.down.length > 0 && <Down down={data.down} />}
      {data === undefined ? (
        <div role="status" aria-label={say('list.loading')} className={classes['stack']}>
          <Skeleton height={88} />
          <Skeleton height={88} />
        </div>
      ) : (
        <Things things={data.things} />
      )}
    </div>
  )
}

/** One box: what one types is looked for among one's own things and what is known, and can be sent as it stands. */
const Ask = ({
  words,
  onWords,
  portal,
}: {
  readonly words: string
  readonly onWords: (words: string) => void
  readonly portal: Portal | undefined
}) => {
  const me = useMe()
  const navigate = useNavigate()
  const mayRaise = mayAtAll(me, 'incident.raise')
  const typed = words.trim()
  const sought = typed.toLocaleLowerCase().split(/\s+/)
  const fits = (text: string): boolean => sought.every((word) => text.toLocaleLowerCase().includes(word))
  const things =
    typed === ''
      ? []
      : (portal?.things ?? [])
          .filter(({ number, title, service }) => fits(`${number} ${title} ${service?.name ?? ''}`))
          .slice(0, 6)
  return (
    <form
      role="search"
      className={classes['stack']}
      onSubmit={(event) => {
        event.preventDefault()
        if (mayRaise) void navigate({ to: '/portal/new', search: typed === '' ? {} : { title: typed } })
      }}
    >
      <TextInput
        size="lg"
        type="search"
        label={say('portal.search')}
        placeholder={say('portal.searchHint')}
        leftSection={<Search size={20} aria-hidden />}
        value={words}
        maxLength={200}
        autoComplete="off"
        enterKeyHint="go"
        classNames={{ label: classes['askLabel'] ?? '', input: classes['askInput'] ?? '' }}
        onChange={(event) => onWords(event.currentTarget.value)}
      />
      {typed !== '' && (
        <div className={classes['found']} role="group" aria-label={say('portal.searchResults')}>
          {mayRaise && (
            <Link to="/portal/new" search={{ title: typed }} className={classes['row'] ?? ''} data-strong>
              <Wrench size={18} aria-hidden />
              <span className={classes['rowTitle']}>{say('portal.reportWords', { words: typed })}</span>
              <ChevronRight size={18} aria-hidden className={classes['chevron']} />
            </Link>
          )}
          {things.map((thing) => (
            <Link key={thing.id} to="/portal/$id" params={{ id: thing.id }} className={classes['row'] ?? ''}>
              <span className={classes['rowWords']}>
                <span className={classes['rowTitle']}>{thing.title}</span>
                <ThingState thing={thing} />
              </span>
              <ChevronRight size={18} aria-hidden className={classes['chevron']} />
            </Link>
          ))}
          {things.length === 0 && <p className={classes['foundNone']}>{say('portal.noMatch')}</p>}
        </div>
      )}
    </form>
  )
}

/** What everybody may know: which service, since when, that people are on it. */
const Down = ({ down }: { readonly down: Portal['down'] }) => (
  <section className={classes['down']} aria-label={say('portal.down')}>
    <h2 className={classes['downTitle']}>
      <TriangleAlert size={18} aria-hidden /> {say('portal.down')}
    </h2>
    <ul className={classes['downRows']}>
      {down.map(({ service, since, mine }) => (
        <li key={service.id} className={classes['downRow']}>
          <span className={classes['downName']}>
            <strong>{service.name}</strong> <Lasting since={since} />
          </span>
          {mine === null ? (
            <Button
              variant="default"
              size="md"
              className={classes['touch'] ?? ''}
              aria-label={`${say('portal.downSame')}: ${service.name}`}
              renderRoot={(props) => (
                <Link
                  to="/portal/new"
                  search={{ service: service.id, title: say('portal.downTitle', { service: service.name }) }}
                  {...props}
                />
              )}
            >
              {say('portal.downSame')}
            </Button>
          ) : (
            <Button
              variant="default"
              size="md"
              className={classes['touch'] ?? ''}
              aria-label={`${say('portal.knownOpen')}: ${service.name}`}
              renderRoot={(props) => <Link to="/portal/$id" params={{ id: mine }} {...props} />}
            >
              {say('portal.knownOpen')}
            </Button>
          )}
        </li>
      ))}
    </ul>
    <p className={classes['downText']}>{say('portal.downText')}</p>
  </section>
)

const Lasting = ({ since }: { readonly since: string }) => {
  const now = useNow()
  const zone = readerZone()
  return (
    <time dateTime={since} title={absolute(since, zone)}>
      {say('portal.downFor', { duration: lasting(now - Date.parse(since), zone.language, 'long') })}
    </time>
  )
}

const Things = ({ things }: { readonly things: readonly PortalThing[] }) => {
  const [all, setAll] = useState(false)
  const over = things.filter(isOver)
  const alive = things.filter((thing) => !isOver(thing))
  return (
    <section aria-label={say('portal.mine')} className={classes['stack']}>
      <h2 className={classes['heading']}>{say('portal.mine')}</h2>
      {things.length === 0 && (
        <Empty icon={<Heart size={22} aria-hidden />} title={say('portal.mineNone')}>
          {say('portal.mineNoneText')}
        </Empty>
      )}
      {alive.length > 0 && (
        <ul className={classes['things']}>
          {alive.map((thing) => (
            <Thing key={thing.id} thing={thing} />
          ))}
        </ul>
      )}
      {over.length > 0 && !all && (
        <Button
          variant="subtle"
          color="gray"
          size="md"
          className={classes['touch'] ?? ''}
          onClick={() => setAll(true)}
        >
          {say('portal.mineMore', { count: over.length })}
        </Button>
      )}
      {over.length > 0 && all && (
        <>
          <h3 className={classes['heading']}>{say('portal.mineDone')}</h3>
          <ul className={classes['things']}>
            {over.map((thing) => (
              <Thing key={thing.id} thing={thing} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const Thing = ({ thing }: { readonly thing: PortalThing }) => (
  <li>
    <Link
      to="/portal/$id"
      params={{ id: thing.id }}
      className={classes['thing'] ?? ''}
      data-mine={thing.waitsForMe ?? undefined}
    >
      <span className={classes['thingTop']}>
        <span className={classes['thingTitle']}>{thing.title}</span>
        <ThingState thing={thing} />
      </span>
      <span className={classes['thingNext']}>{nextSentence(thing)}</span>
      <span className={classes['quiet']}>
        <span className="figures">{thing.number}</span> · <RelativeTime at={thing.updatedAt} />
      </span>
    </Link>
  </li>
)
