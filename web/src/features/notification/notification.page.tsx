import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import BellOff from 'lucide-react/icons/bell-off'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { RowsToCome } from '../../ui/settings-page.tsx'
import classes from './notification.page.module.css'
import rows from './notification.panel.module.css'
import { Notification, notificationsKey } from './notification.row.tsx'

const route = getRouteApi('/shell/notifications')
const pageSize = 50

/** Everything I was told, newest first. */
export const NotificationsPage = () => {
  usePageTitle(say('bell.title'))
  const { unread } = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const list = useInfiniteQuery({
    queryKey: [...notificationsKey, 'all', unread],
    queryFn: ({ pageParam }) =>
      client.listNotifications({
        query: {
          limit: pageSize,
          ...(unread === undefined ? {} : { unread }),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })
  const [first] = list.data?.pages ?? []
  const newest = first?.rows[0]
  const readAll = useMutation({
    mutationFn: (upTo: string) => client.readAllNotifications({ body: { upTo } }),
    onSettled: () => queries.invalidateQueries({ queryKey: notificationsKey }),
  })
  const told = list.data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <h1 className={classes['title']}>{say('bell.title')}</h1>
        <SegmentedControl
          size="xs"
          aria-label={say('bell.show')}
          value={unread === undefined ? 'all' : 'unread'}
          data={[
            { value: 'all', label: say('bell.filterAll') },
            { value: 'unread', label: say('bell.filterUnread') },
          ]}
          onChange={(value) =>
            void navigate({ search: value === 'unread' ? { unread: 'true' } : {}, replace: true })
          }
        />
        <div className={classes['right']}>
          {newest !== undefined && first !== undefined && first.unread > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              loading={readAll.isPending}
              onClick={() => readAll.mutate(newest.id)}
            >
              {say('bell.all')}
            </Button>
          )}
          <Link to="/settings/notifications" className={classes['link'] ?? ''}>
            {say('bell.settings')}
          </Link>
        </div>
      </header>
      {list.isError && <Fault error={list.error} onRetry={() => void list.refetch()} />}
      {readAll.isError && <Fault error={readAll.error} />}
      {list.isPending && <RowsToCome rows={8} framed />}
      {list.isSuccess && told.length === 0 && (
        <Empty
          icon={<BellOff size={24} aria-hidden />}
          title={unread === undefined ? say('bell.none') : say('bell.noneUnread')}
        >
          {unread === undefined ? say('bell.noneText') : say('bell.noneUnreadText')}
        </Empty>
      )}
      {told.length > 0 && (
        <ul className={`${rows['rows'] ?? ''} ${classes['rows'] ?? ''}`} aria-label={say('bell.title')}>
          {told.map((row) => (
            <Notification key={row.id} row={row} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          variant="default"
          className={classes['more'] ?? ''}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {say('bell.earlier')}
        </Button>
      )}
    </div>
  )
}
