import { Tooltip } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { listKey } from '../features/incident/incident.api.ts'
import { say } from '../language/say.ts'
import { useLiveMessages } from '../parts/live.ts'
import { useMe } from '../parts/session.ts'
import { Mark } from './mark.tsx'
import { type Place, placesFor } from './places.tsx'
import classes from './rail.module.css'

/** Where one can go; only what is there. */
export const Rail = ({ narrow, onPick }: { readonly narrow: boolean; readonly onPick?: () => void }) => {
  const me = useMe()
  return (
    <nav
      className={classes['rail']}
      data-narrow={narrow || undefined}
      aria-label={say('rail.title')}
      onClick={onPick}
    >
      <div className={classes['tenant']}>
        <Mark />
        {!narrow && (
          <span className={classes['tenantName']} title={me.tenant.name}>
            {me.tenant.name}
          </span>
        )}
      </div>
      <ul className={classes['places']}>
        {placesFor(me).map((place) => (
          <Entry key={place.to} place={place} narrow={narrow} />
        ))}
      </ul>
    </nav>
  )
}

const Entry = ({ place, narrow }: { readonly place: Place; readonly narrow: boolean }) => {
  const { to, icon: Icon, count } = place
  const label = place.text(useMe())
  const link = (
    <Link
      to={to}
      className={classes['place'] ?? ''}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      activeProps={{ 'aria-current': 'page' }}
    >
      <Icon size={16} aria-hidden />
      <span className={narrow ? 'visually-hidden' : classes['label']}>{label}</span>
      {count !== undefined && !narrow && <Count count={count} />}
    </Link>
  )
  return (
    <li>
      {narrow ? (
        <Tooltip label={label} position="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  )
}

const Count = ({ count }: { readonly count: NonNullable<Place['count']> }) => {
  const { data } = useQuery(count.query(useMe()))
  if (data === undefined || data === null) return null
  const text = count.text(data.count)
  return (
    <span className={classes['count']} title={text}>
      <span aria-hidden>
        {data.capped
          ? say('list.countCapped', { count: data.count })
          : say('list.count', { count: data.count })}
      </span>
      <span className="visually-hidden">{text}</span>
    </span>
  )
}

/** Counts are asked for again after a change, at most this often however much changes. */
const countsEveryMilliseconds = 2000

/** Keeps the numbers of the rail true, on whatever page one is. */
export const useLiveCounts = (): void => {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useLiveMessages((message) => {
    if (message.kind !== 'change') return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void queries.invalidateQueries({ queryKey: [...listKey, 'count'] })
    }, countsEveryMilliseconds)
  })
}
