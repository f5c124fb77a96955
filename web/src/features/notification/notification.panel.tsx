import type { NotificationRow } from '@evenkeel/contract/notification'
import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import BellOff from 'lucide-react/icons/bell-off'
import CircleHelp from 'lucide-react/icons/circle-help'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import classes from './notification.panel.module.css'

const key = ['notifications'] as const

/** What I was told, newest first, and why. */
export const NotificationPanel = ({ onDone }: { readonly onDone: () => void }) => {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: [...key, 'list'],
    queryFn: () => client.listNotifications({ query: { limit: 30 } }),
  })
  const readAll = useMutation({
    mutationFn: (upTo: string) => client.readAllNotifications({ body: { upTo } }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const newest = data?.rows[0]
  return (
    <section aria-label={say('bell.title')}>
      <header className={classes['head']}>
        <h2 className={classes['title']}>{say('bell.title')}</h2>
        {newest !== undefined && data !== undefined && data.unread > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            loading={readAll.isPending}
            onClick={() => readAll.mutate(newest.id)}
          >
            {say('bell.all')}
          </Button>
        )}
      </header>
      {error !== null && (
        <div className={classes['fault']}>
          <Fault error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {data === undefined && error === null && <Skeleton height={120} m={12} w="auto" />}
      {data?.rows.length === 0 && (
        <Empty icon={<BellOff size={20} aria-hidden />} title={say('bell.none')}>
          {say('bell.noneText')}
        </Empty>
      )}
      {data !== undefined && data.rows.length > 0 && (
        <ul className={classes['rows']}>
          {data.rows.map((row) => (
            <Row key={row.id} row={row} onDone={onDone} />
          ))}
        </ul>
      )}
    </section>
  )
}

const Row = ({ row, onDone }: { readonly row: NotificationRow; readonly onDone: () => void }) => {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [why, setWhy] = useState(false)
  const reason = useQuery({
    queryKey: [...key, 'reason', row.id],
    queryFn: () => client.explainNotification({ params: { id: row.id } }),
    enabled: why,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const open = (): void => {
    if (row.readAt === null) {
      client
        .readNotification({ params: { id: row.id } })
        .then(() => queries.invalidateQueries({ queryKey: key }))
        .catch(() => undefined)
    }
    if (row.record === null) return
    onDone()
    void navigate({ to: '/incidents/$id', params: { id: row.record.id } })
  }
  return (
    <li className={classes['row']} data-unread={row.readAt === null || undefined}>
      <button type="button" className={classes['open']} onClick={open}>
        <span className={classes['headline']}>
          {row.readAt === null && <span className="visually-hidden">{say('bell.unread')}: </span>}
          {row.record?.title ?? row.headline}
        </span>
        <span className={classes['detail']}>
          <span className={classes['happened']}>
            {row.record !== null && <span className="figures">{row.record.number} </span>}
            {row.record !== null && row.headline}
          </span>
          <RelativeTime at={row.at} />
        </span>
      </button>
      <button
        type="button"
        className={classes['why']}
        aria-expanded={why}
        aria-label={say('bell.whyOf', { headline: row.headline })}
        title={say('bell.why')}
        onClick={() => setWhy(!why)}
      >
        <CircleHelp size={14} aria-hidden />
      </button>
      {why && reason.data !== undefined && (
        <p className={classes['reason']} role="status">
          {reason.data.sentence}
        </p>
      )}
    </li>
  )
}
