import type { SessionRow } from '@evenkeel/contract/session'
import { Button, Skeleton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Laptop from 'lucide-react/icons/laptop'
import Smartphone from 'lucide-react/icons/smartphone'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { deviceOf } from './profile.device.ts'
import classes from './profile.module.css'

const key = ['me', 'sessions'] as const

/** Where I am signed in, and the way to end what is not me. */
export const SessionsPage = () => {
  usePageTitle(say('settings.sessions'))
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: () => client.listSessions() })
  const endOthers = useMutation({
    mutationFn: () => client.endOtherSessions(),
    onSuccess: async ({ ended }) => {
      notifications.show({ message: say('sessions.ended', { count: ended }) })
      await queries.invalidateQueries({ queryKey: key })
    },
  })
  const others = data?.rows.some(({ isThis }) => !isThis) === true
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <h1 className={classes['title']}>{say('settings.sessions')}</h1>
        <p className={classes['about']}>{say('sessions.about')}</p>
      </header>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={128} />}
      {data !== undefined && (
        <section className={classes['part']} aria-label={say('settings.sessions')}>
          <ul className={classes['rows']}>
            {data.rows
              .toSorted((a, b) => Number(b.isThis) - Number(a.isThis))
              .map((row) => (
                <Row key={row.id} row={row} />
              ))}
          </ul>
          {endOthers.isError && <Fault error={endOthers.error} />}
          {others ? (
            <div className={classes['buttons']}>
              <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
                {say('sessions.endOthers')}
              </Button>
            </div>
          ) : (
            <p className={classes['about']}>{say('sessions.noOthers')}</p>
          )}
        </section>
      )}
    </div>
  )
}

const deviceName = (userAgent: string): string => {
  const device = deviceOf(userAgent)
  if (device === undefined) return say('sessions.unknownDevice')
  const { browser, system } = device
  return browser === undefined || system === undefined
    ? (browser ?? system ?? say('sessions.unknownDevice'))
    : say('sessions.on', { browser, system })
}

const waysIn = {
  acting: 'acting',
  demo: 'demo',
  passkey: 'passkey',
  password: 'password',
  'password+recovery_code': 'recovery',
  'password+totp': 'totp',
} as const

const isWayIn = (way: string): way is keyof typeof waysIn => Object.hasOwn(waysIn, way)

const Row = ({ row }: { readonly row: SessionRow }) => {
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => client.endSession({ params: { id: row.id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const device = deviceName(row.userAgent)
  const Icon = /Mobile|iPhone|Android/.test(row.userAgent) ? Smartphone : Laptop
  return (
    <li className={classes['row']}>
      <Icon size={18} aria-hidden />
      <div className={classes['words']}>
        <span className={classes['name']}>
          {device}
          {row.isThis && <span className={classes['state']}>{say('sessions.this')}</span>}
        </span>
        <span className={classes['detail']}>
          {[
            row.address,
            say(`sessions.by.${isWayIn(row.signedInBy) ? waysIn[row.signedInBy] : 'other'}`),
          ].join(' · ')}
          {' · '}
          {say('sessions.lastSeen')} <RelativeTime at={row.lastSeenAt} />
        </span>
        {row.actor !== null && (
          <span className={classes['detail']}>{say('sessions.acting', { name: row.actor.name })}</span>
        )}
        {end.isError && <Fault error={end.error} />}
      </div>
      {!row.isThis && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={say('sessions.endNamed', { device })}
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          {say('sessions.end')}
        </Button>
      )}
    </li>
  )
}
