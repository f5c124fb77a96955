import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import BellOff from 'lucide-react/icons/bell-off'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import classes from './notification.panel.module.css'
import { Notification, notificationsKey } from './notification.row.tsx'

/** What I was told, newest first, and why. */
export const NotificationPanel = ({ onDone }: { readonly onDone: () => void }) => {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: [...notificationsKey, 'list'],
    queryFn: () => client.listNotifications({ query: { limit: 30 } }),
  })
  const readAll = useMutation({
    mutationFn: (upTo: string) => client.readAllNotifications({ body: { upTo } }),
    onSettled: () => queries.invalidateQueries({ queryKey: notificationsKey }),
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
            <Notification key={row.id} row={row} onDone={onDone} />
          ))}
        </ul>
      )}
      <footer className={classes['foot']}>
        <Link to="/notifications" onClick={onDone}>
          {say('bell.seeAll')}
        </Link>
        <Link to="/settings/notifications" onClick={onDone}>
          {say('bell.settings')}
        </Link>
      </footer>
    </section>
  )
}
