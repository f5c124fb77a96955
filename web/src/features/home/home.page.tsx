import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import Sun from 'lucide-react/icons/sun'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { Home } from '@evenkeel/contract/home'
import { lazy, type ReactNode, Suspense } from 'react'
import { say } from '../../language/say.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { homeQuery, useLiveHome, useSteadyHome } from './home.api.ts'
import { useLineKeys } from './home.keys.ts'
import { Line, NowLine, ReplyLine, UnassignedLine } from './home.line.tsx'
import classes from './home.module.css'
import { changedSentence, Moment } from './home.words.tsx'

const TeamLoads = lazy(async () => ({ default: (await import('./home.teams.tsx')).TeamLoads }))
const route = getRouteApi('/shell/')

/** What needs the one who looks, in the order to do it; for whoever leads, their teams beside it. */
export const HomePage = () => {
  const me = useMe()
  const { view } = route.useSearch()
  const leads = mayAtAll(me, 'incident.bulk') || me.teams.some(({ isLead }) => isLead)
  usePageTitle(say('home.title'))
  useLiveHome()
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <h1 className={classes['title']}>{say('home.title')}</h1>
        {leads && (
          <nav aria-label={say('home.title')} className={classes['views']}>
            <Link to="/" search={{}} activeOptions={{ exact: true }} className={classes['view'] ?? ''}>
              {say('home.mine')}
            </Link>
            <Link
              to="/"
              search={{ view: 'teams' }}
              activeOptions={{ exact: true }}
              className={classes['view'] ?? ''}
            >
              {say('home.teams')}
            </Link>
          </nav>
        )}
      </header>
      {view === 'teams' ? (
        <Suspense fallback={<HomeSkeleton />}>
          <TeamLoads />
        </Suspense>
      ) : (
        <Mine />
      )}
    </div>
  )
}

const Mine = () => {
  const { data, error, refetch } = useQuery(homeQuery)
  const { home, waits, setPointing, settle } = useSteadyHome(data)
  useLineKeys()
  if (home === undefined) {
    return error === null ? <HomeSkeleton /> : <FaultPage error={error} onRetry={() => void refetch()} />
  }
  return (
    <div
      className={classes['sections']}
      onPointerEnter={() => setPointing(true)}
      onPointerLeave={() => setPointing(false)}
    >
      <div role="status" className={classes['waits']} data-waits={waits || undefined}>
        {waits && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<RefreshCw size={14} aria-hidden />}
            onClick={settle}
          >
            {say('home.showNew')}
          </Button>
        )}
      </div>
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      <Critical critical={home.critical} />
      <Section
        title={say('home.now')}
        count={home.now.length}
        end={
          <Link to="/incidents" search={{ q: 'open:true assignee:me' }} className={classes['all'] ?? ''}>
            {say('home.allMine', { count: home.mine })}
          </Link>
        }
      >
        {home.now.length === 0 ? (
          <Empty icon={<Sun size={22} aria-hidden />} title={say('home.good')}>
            {say('home.goodText')}
          </Empty>
        ) : (
          <ol className={classes['lines']}>
            {home.now.map((line) => (
              <NowLine key={line.incident.id} line={line} onDone={settle} />
            ))}
          </ol>
        )}
      </Section>
      {home.replies.length > 0 && (
        <Section title={say('home.repliesTitle')} count={home.replies.length}>
          <ul className={classes['lines']}>
            {home.replies.map(({ incident, at }) => (
              <ReplyLine key={incident.id} incident={incident} at={at} onDone={settle} />
            ))}
          </ul>
        </Section>
      )}
      <Unassigned unassigned={home.unassigned} onDone={settle} />
      <Section title={say('home.followed')} count={home.followed.length}>
        {home.followed.length === 0 ? (
          <p className={classes['none']}>{say('home.followedNone')}</p>
        ) : (
          <ul className={classes['lines']}>
            {home.followed.map(({ incident, type, at, actor }) => (
              <Line
                key={incident.id}
                incident={incident}
                reasons={[
                  <span key="changed">
                    {changedSentence(type, actor?.name ?? say('timeline.system'))} · <Moment at={at} />
                  </span>,
                ]}
              />
            ))}
          </ul>
        )}
      </Section>
    </div>
  )
}

const Section = ({
  title,
  count,
  end,
  children,
}: {
  readonly title: string
  readonly count: number
  readonly end?: ReactNode
  readonly children: ReactNode
}) => (
  <section aria-label={title}>
    <div className={classes['sectionHead']}>
      <h2 className={classes['sectionTitle']}>{title}</h2>
      {count > 0 && <span className={classes['count']}>{say('list.count', { count })}</span>}
      <span className={classes['end']}>{end}</span>
    </div>
    {children}
  </section>
)

const Unassigned = ({
  unassigned: { rows, count },
  onDone,
}: {
  readonly unassigned: Home['unassigned']
  readonly onDone: () => void
}) => {
  const me = useMe()
  if (me.teams.length === 0) return null
  return (
    <Section
      title={say('home.unassigned')}
      count={count}
      end={
        count > 0 && (
          <Link
            to="/incidents"
            search={{ q: 'open:true team:my_teams assignee:empty' }}
            className={classes['all'] ?? ''}
          >
            {say('home.unassignedAll', { count })}
          </Link>
        )
      }
    >
      {rows.length === 0 ? (
        <p className={classes['none']}>{say('home.unassignedNone')}</p>
      ) : (
        <ul className={classes['lines']}>
          {rows.map((incident) => (
            <UnassignedLine key={incident.id} incident={incident} onDone={onDone} />
          ))}
        </ul>
      )}
    </Section>
  )
}

/** What is critical for everybody stands above what is mine. */
const Critical = ({ critical: { rows, count } }: { readonly critical: Home['critical'] }) => {
  if (count === 0) return null
  return (
    <section className={classes['critical']} aria-label={say('home.critical', { count })}>
      <TriangleAlert size={20} aria-hidden className={classes['criticalIcon']} />
      <div className={classes['criticalWords']}>
        <p className={classes['criticalTitle']}>{say('home.critical', { count })}</p>
        <ul className={classes['criticalRows']}>
          {rows.map((row) => (
            <li key={row.id} className={classes['criticalRow']}>
              <Link
                to="/incidents/$id"
                params={{ id: row.id }}
                className={classes['criticalLink'] ?? ''}
                data-line
              >
                <span className="figures">{row.number}</span> {row.title}
              </Link>
              <span className={classes['criticalFacts']}>
                {row.service?.name ?? row.team.name} · {row.assignee?.name ?? say('home.nobodyHas')} ·{' '}
                <Moment at={row.createdAt} />
              </span>
            </li>
          ))}
        </ul>
        {count > rows.length && (
          <Link to="/incidents" search={{ q: 'open:true priority:1' }} className={classes['all'] ?? ''}>
            {say('home.criticalAll')}
          </Link>
        )}
      </div>
    </section>
  )
}

const HomeSkeleton = () => (
  <div className={classes['sections']} role="status" aria-label={say('list.loading')}>
    <Skeleton height={20} width={160} />
    <Skeleton height={64} />
    <Skeleton height={64} />
    <Skeleton height={20} width={240} mt={24} />
    <Skeleton height={64} />
  </div>
)
