import { ActionIcon, Popover, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import BellIcon from 'lucide-react/icons/bell'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { say } from '../language/say.ts'
import { client } from '../parts/api.ts'
import { useLiveMessages } from '../parts/live.ts'
import classes from './bell.module.css'

const Panel = lazy(async () => ({
  default: (await import('../features/notification/notification.panel.tsx')).NotificationPanel,
}))

/** Telling people comes after the event itself, by this much at most when all is well. */
const toldAfterMilliseconds = 1500

/** How much is unread, and what it is. */
export const Bell = () => {
  const queries = useQueryClient()
  const [opened, setOpened] = useState(false)
  const { data, isError } = useQuery({
    queryKey: ['notifications', 'count'],
    queryFn: () => client.countUnread(),
    refetchInterval: 60_000,
    retry: false,
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useLiveMessages((message) => {
    if (message.kind !== 'change') return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void queries.invalidateQueries({ queryKey: ['notifications'] })
    }, toldAfterMilliseconds)
  })
  const unread = data?.unread ?? 0
  if (isError && data === undefined) return null
  return (
    <Popover opened={opened} onChange={setOpened} width={400} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label={say('bell.open', { count: unread })}
          className={classes['bell'] ?? ''}
          onClick={() => setOpened(!opened)}
        >
          <BellIcon size={18} aria-hidden />
          {unread > 0 && (
            <span className={classes['count']}>
              {unread > 99 ? say('list.countCapped', { count: 99 }) : unread}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0} className={classes['dropdown'] ?? ''} aria-label={say('bell.title')}>
        <Suspense fallback={<Skeleton height={160} />}>
          <Panel onDone={() => setOpened(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}
