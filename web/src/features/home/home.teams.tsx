import type { PersonLoad, TeamHome, TeamLoad } from '@evenkeel/contract/home'
import { Button, Skeleton, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Scale from 'lucide-react/icons/scale'
import Users from 'lucide-react/icons/users'
import { lazy, Suspense, useState } from 'react'
import { say } from '../../language/say.ts'
import { Person } from '../../parts/person.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Tag } from '../../ui/tag.tsx'
import { teamHomeQuery } from './home.api.ts'
import { useLineKeys } from './home.keys.ts'
import { Line } from './home.line.tsx'
import classes from './home.module.css'

const Rebalance = lazy(async () => ({ default: (await import('./home.rebalance.tsx')).Rebalance }))

/** A value in the filter's own language; names are read as they stand, so they are quoted. */
const quoted = (name: string): string => `"${name.replaceAll('"', '')}"`

/** Who has how much in the teams one leads, where it is uneven, and what is handed around. */
export const TeamLoads = () => {
  const { data, error, refetch } = useQuery(teamHomeQuery)
  useLineKeys()
  if (data === undefined) {
    return error === null ? (
      <div className={classes['sections']} role="status" aria-label={say('list.loading')}>
        <Skeleton height={20} width={200} />
        <Skeleton height={160} />
      </div>
    ) : (
      <FaultPage error={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <div className={classes['sections']}>
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      {data.teams.length === 0 ? (
        <Empty icon={<Users size={22} aria-hidden />} title={say('load.none')}>
          {say('load.noneText')}
        </Empty>
      ) : (
        <>
          {data.teams.map((load) => (
            <Team key={load.team.id} load={load} />
          ))}
          <PingPong rows={data.pingPong} />
        </>
      )}
    </div>
  )
}

const Team = ({ load }: { readonly load: TeamLoad }) => {
  const me = useMe()
  const [from, setFrom] = useState<PersonLoad>()
  const { team, people } = load
  const most = Math.max(1, ...people.map(({ open }) => open), load.unassigned)
  // The column is there also where nobody can take anything, so that teams stand in line.
  const mayRebalance = mayAtAll(me, 'incident.bulk')
  return (
    <section aria-label={team.name}>
      <div className={classes['sectionHead']}>
        <h2 className={classes['sectionTitle']}>{team.name}</h2>
        <span className={classes['teamFacts']}>
          <Link to="/incidents" search={{ q: `open:true team:${quoted(team.name)}` }}>
            {say('load.openCount', { count: load.open })}
          </Link>
          {' · '}
          {load.unassigned === 0 ? (
            say('load.unassigned', { count: 0 })
          ) : (
            <Link to="/incidents" search={{ q: `open:true team:${quoted(team.name)} assignee:empty` }}>
              {say('load.unassigned', { count: load.unassigned })}
            </Link>
          )}
          {' · '}
          {say('load.average', { average: load.average })}
        </span>
      </div>
      <div
        className={classes['tableBox']}
        role="region"
        aria-label={say('load.table', { team: team.name })}
        tabIndex={0}
      >
        <table className={classes['table']}>
          <colgroup>
            <col />
            <col className={classes['openCol'] ?? ''} />
            <col className={classes['countCol'] ?? ''} />
            <col className={classes['countCol'] ?? ''} />
            <col className={classes['quietCol'] ?? ''} />
            {mayRebalance && <col className={classes['actCol'] ?? ''} />}
          </colgroup>
          <thead>
            <tr>
              <th scope="col">{say('load.person')}</th>
              <th scope="col">{say('load.open')}</th>
              <th scope="col">{say('load.critical')}</th>
              <th scope="col">{say('load.onHold')}</th>
              <th scope="col" data-roomy>
                {say('load.quietest')}
              </th>
              {mayRebalance && (
                <th scope="col">
                  <span className="visually-hidden">{say('load.rebalance')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {people.map((one) => (
              <tr key={one.person.id} data-heavy={one.heavy || undefined}>
                <th scope="row">
                  <span className={classes['who']}>
                    <Person name={one.person.name} />
                    {one.heavy && (
                      <Tooltip
                        label={say('load.heavyWhy')}
                        events={{ hover: true, focus: true, touch: true }}
                      >
                        <span tabIndex={0}>
                          <Tag tone="high" icon={<Scale size={12} aria-hidden />}>
                            {say('load.heavy')}
                          </Tag>
                        </span>
                      </Tooltip>
                    )}
                    {one.left && <Tag tone="low">{say('load.left')}</Tag>}
                  </span>
                  {one.quietest !== null && (
                    <span className={classes['quietestBelow']}>
                      {say('load.quietest')}: <Quietest quietest={one.quietest} />
                    </span>
                  )}
                </th>
                <td>
                  <span className={classes['bar']} aria-hidden>
                    <span className={classes['fill']} style={{ width: `${(one.open / most) * 100}%` }} />
                  </span>
                  <Link
                    to="/incidents"
                    search={{
                      q: `open:true team:${quoted(team.name)} assignee:${quoted(one.person.name)}`,
                    }}
                    className={classes['number'] ?? ''}
                    data-line
                  >
                    <span className="visually-hidden">{one.person.name}: </span>
                    {one.open}
                  </Link>
                </td>
                <td className={classes['number']} data-critical={one.critical > 0 || undefined}>
                  {one.critical}
                </td>
                <td className={classes['number']}>{one.onHold}</td>
                <td data-roomy>{one.quietest !== null && <Quietest quietest={one.quietest} />}</td>
                {mayRebalance && (
                  <td className={classes['act']}>
                    {one.open > 0 && people.length > 1 && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={`${say('load.rebalance')}: ${one.person.name}`}
                        onClick={() => setFrom(one)}
                      >
                        {say('load.rebalance')}
                      </Button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {from !== undefined && (
        <Suspense>
          <Rebalance load={load} from={from} onClose={() => setFrom(undefined)} />
        </Suspense>
      )}
    </section>
  )
}

const Quietest = ({
  quietest: { id, number, since },
}: {
  readonly quietest: NonNullable<PersonLoad['quietest']>
}) => (
  <span className={classes['quietest']}>
    <Link to="/incidents/$id" params={{ id }} className="figures">
      {number}
    </Link>{' '}
    <RelativeTime at={since} />
  </span>
)

const PingPong = ({ rows }: { readonly rows: TeamHome['pingPong'] }) => (
  <section aria-label={say('load.pingPong')}>
    <div className={classes['sectionHead']}>
      <h2 className={classes['sectionTitle']}>{say('load.pingPong')}</h2>
      {rows.length > 0 && (
        <span className={classes['count']}>{say('list.count', { count: rows.length })}</span>
      )}
    </div>
    {rows.length === 0 ? (
      <p className={classes['none']}>{say('load.pingPongNone')}</p>
    ) : (
      <ul className={classes['lines']}>
        {rows.map(({ incident, reassigned }) => (
          <Line
            key={incident.id}
            incident={incident}
            reasons={[
              say('load.reassigned', { count: reassigned }),
              `${incident.team.name}: ${incident.assignee?.name ?? say('home.nobodyHas')}`,
            ]}
          />
        ))}
      </ul>
    )}
  </section>
)
