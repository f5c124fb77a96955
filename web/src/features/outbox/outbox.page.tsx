import { deadStatuses, MailStatus, type OutboxRow, type SetAside } from '@evenkeel/contract/notification'
import { Button, Drawer, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import MailCheck from 'lucide-react/icons/mail-check'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import type { Tone } from '../../ui/theme.ts'
import { viewCount, viewLink, ViewLinks } from '../../ui/view-links.tsx'
import classes from './outbox.module.css'

const route = getRouteApi('/shell/admin/outbox')
const key = ['outbox'] as const

const tones = {
  queued: 'waiting',
  accepted: 'done',
  kept: 'low',
  refused: 'high',
  dead: 'high',
  unknown: 'high',
  withdrawn: 'low',
} as const satisfies Record<MailStatus, Tone>

/** Outgoing mail and what became of it; what could not be handled, with the reason, and one press to try again. */
export const OutboxPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const mayManage = mayAtAll(useMe(), 'outbox.manage')
  const status = MailStatus.safeParse(search.status).data
  const counts = useQuery({ queryKey: [...key, 'counts'], queryFn: () => client.countOutbox() })
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...key, 'list', status],
    queryFn: ({ pageParam }) =>
      client.listOutbox({
        query: {
          ...(status === undefined ? {} : { status }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
  const redriveAll = useMutation({
    mutationFn: (which: (typeof deadStatuses)[number]) => client.redriveOutbox({ body: { status: which } }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  const of = (one: MailStatus): number => counts.data?.counts[one] ?? 0
  const dead = deadStatuses.find((one) => one === status)
  return (
    <SettingsPage title={say('outbox.title')} lead={say('outbox.about')}>
      <SetAsideList mayManage={mayManage} />
      <ViewLinks label={say('outbox.views')}>
        <Link
          to="/admin/outbox"
          search={{}}
          className={viewLink}
          aria-current={status === undefined ? 'page' : undefined}
        >
          {say('outbox.all')}
        </Link>
        {MailStatus.options.map((one) => (
          <Link
            key={one}
            to="/admin/outbox"
            search={{ status: one }}
            className={viewLink}
            aria-current={status === one ? 'page' : undefined}
          >
            {say(`outbox.status.${one}`)} <span className={viewCount}>{of(one)}</span>
          </Link>
        ))}
      </ViewLinks>
      {counts.error !== null && <Fault error={counts.error} onRetry={() => void counts.refetch()} />}
      {mayManage && dead !== undefined && of(dead) > 0 && (
        <div className={classes['line']}>
          <Button variant="default" loading={redriveAll.isPending} onClick={() => redriveAll.mutate(dead)}>
            {say('outbox.redriveAll', { count: of(dead) })}
          </Button>
          <span role="status" className={classes['quiet']}>
            {redriveAll.data !== undefined && say('outbox.redriven', { count: redriveAll.data.redriven })}
          </span>
        </div>
      )}
      {redriveAll.error !== null && <Fault error={redriveAll.error} />}
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={240} />}
      {data !== undefined && rows.length === 0 && (
        <Empty icon={<MailCheck size={24} aria-hidden />} title={say('outbox.none')}>
          {say('outbox.noneText')}
        </Empty>
      )}
      {rows.length > 0 && (
        <ul className={classes['rows']}>
          {rows.map((row) => (
            <MailRow
              key={row.id}
              row={row}
              onOpen={() => void navigate({ search: (before) => ({ ...before, mail: row.id }) })}
            />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button
          variant="default"
          className={classes['more'] ?? ''}
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {say('outbox.more')}
        </Button>
      )}
      <Drawer
        opened={search.mail !== undefined}
        onClose={() => void navigate({ search: status === undefined ? {} : { status } })}
        title={say('outbox.mail')}
        position="right"
        size="lg"
        closeButtonProps={{ 'aria-label': say('dialog.close') }}
      >
        {search.mail !== undefined && <Mail id={search.mail} />}
      </Drawer>
    </SettingsPage>
  )
}

const MailRow = ({ row, onOpen }: { readonly row: OutboxRow; readonly onOpen: () => void }) => (
  <li className={classes['row']}>
    <button type="button" className={classes['open']} onClick={onOpen}>
      <span className={classes['subject']}>{row.subject ?? say('outbox.noSubject')}</span>
      <span className={classes['quiet']}>
        {say('outbox.to', { name: row.to.name, address: row.address })}
        {row.lastCode !== null && ` · ${say('outbox.lastCode', { code: row.lastCode })}`}
      </span>
    </button>
    <Tag tone={tones[row.status]}>{say(`outbox.status.${row.status}`)}</Tag>
    <span className={classes['time']}>
      <RelativeTime at={row.createdAt} />
    </span>
  </li>
)

const Mail = ({ id }: { readonly id: string }) => {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: [...key, 'mail', id],
    queryFn: () => client.readMail({ params: { id } }),
  })
  const redrive = useMutation({
    mutationFn: () => client.redriveMail({ params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={240} />
  return (
    <div className={classes['mail']}>
      <p className={classes['mailSubject']}>
        {data.message?.subject ?? data.subject ?? say('outbox.noSubject')}
      </p>
      <div className={classes['line']}>
        <Tag tone={tones[data.status]}>{say(`outbox.status.${data.status}`)}</Tag>
        {data.allowed.includes('redrive') && (
          <Button size="compact-sm" loading={redrive.isPending} onClick={() => redrive.mutate()}>
            {say('outbox.redrive')}
          </Button>
        )}
      </div>
      <p className={classes['quiet']} role="status">
        {say(`outbox.means.${data.status}`)} {data.mayHaveArrived && say('outbox.mayHaveArrived')}
      </p>
      {redrive.error !== null && <Fault error={redrive.error} />}
      <dl className={classes['facts']}>
        <Fact
          name={say('outbox.recipient')}
          value={say('outbox.to', { name: data.to.name, address: data.address })}
        />
        <Fact name={say('outbox.tries')} value={String(data.attempts)} />
        {data.lastCode !== null && <Fact name={say('outbox.reason')} value={data.lastCode} />}
        {data.lastAnswer !== null && <Fact name={say('outbox.answer')} value={data.lastAnswer} />}
        {data.messageId !== null && <Fact name={say('outbox.messageId')} value={data.messageId} />}
      </dl>
      {data.record !== null && (
        <Link to="/incidents/$id" params={{ id: data.record.id }}>
          {data.record.number}
        </Link>
      )}
      {data.message === null ? (
        <p className={classes['quiet']}>{say('outbox.noMessage')}</p>
      ) : (
        <>
          {data.message.asOf === 'now' && <p className={classes['quiet']}>{say('outbox.asOfNow')}</p>}
          {/* Long mails scroll: focusable, so that keys can. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={classes['text']} tabIndex={0} aria-label={say('outbox.text')}>
            {data.message.text}
          </pre>
        </>
      )}
    </div>
  )
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
)

/** Entries that a reaction could not handle, out of the way of those behind them. */
const SetAsideList = ({ mayManage }: { readonly mayManage: boolean }) => {
  const { data, error, refetch } = useQuery({
    queryKey: [...key, 'set-aside'],
    queryFn: () => client.listSetAside(),
  })
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  if (data === undefined || data.rows.length === 0) return null
  return (
    <section aria-label={say('outbox.setAside')} className={classes['setAside']}>
      <h2 className={classes['section']}>{say('outbox.setAside')}</h2>
      <p className={classes['quiet']}>{say('outbox.setAsideText')}</p>
      <ul className={classes['rows']}>
        {data.rows.map((row) => (
          <SetAsideRow key={`${row.reaction} ${row.entryId}`} row={row} mayManage={mayManage} />
        ))}
      </ul>
    </section>
  )
}

const SetAsideRow = ({ row, mayManage }: { readonly row: SetAside; readonly mayManage: boolean }) => {
  const queries = useQueryClient()
  const retry = useMutation({
    mutationFn: () => client.retrySetAside({ params: { reaction: row.reaction, entryId: row.entryId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  return (
    <li className={classes['row']}>
      <span className={classes['open']}>
        <span className={classes['subject']}>
          {say('outbox.setAsideRow', { reaction: row.reaction, type: row.type })}
        </span>
        <span className={classes['quiet']}>{row.failure}</span>
        {retry.error !== null && <Fault error={retry.error} />}
      </span>
      <span className={classes['time']}>
        <RelativeTime at={row.setAsideAt} />
      </span>
      {mayManage && (
        <Button
          size="compact-sm"
          variant="default"
          loading={retry.isPending}
          aria-label={say('outbox.retryOf', { type: row.type })}
          onClick={() => retry.mutate()}
        >
          {say('outbox.retry')}
        </Button>
      )}
    </li>
  )
}
