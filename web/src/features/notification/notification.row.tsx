import type { NotificationRow } from '@evenkeel/contract/notification'
import { Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import CircleHelp from 'lucide-react/icons/circle-help'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import classes from './notification.panel.module.css'

export const notificationsKey = ['notifications'] as const

/** One thing that I was told: opens its record, and says why I was told. */
export const Notification = ({
  row,
  onDone,
}: {
  readonly row: NotificationRow
  readonly onDone?: () => void
}) => {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [why, setWhy] = useState(false)
  const open = (): void => {
    if (row.readAt === null) {
      client
        .readNotification({ params: { id: row.id } })
        .then(() => queries.invalidateQueries({ queryKey: notificationsKey }))
        .catch(() => undefined)
    }
    if (row.attestation !== null) {
      onDone?.()
      void navigate({ to: '/attestations/$id', params: { id: row.attestation.id }, search: { show: 'mine' } })
      return
    }
    if (row.item !== null) {
      onDone?.()
      void navigate({ to: '/items/$id', params: { id: row.item.id } })
    }
    if (row.record === null) return
    onDone?.()
    void navigate({ to: '/incidents/$id', params: { id: row.record.id } })
  }
  return (
    <li className={classes['row']} data-unread={row.readAt === null || undefined}>
      <button type="button" className={classes['open']} onClick={open}>
        <span className={classes['headline']}>
          {row.readAt === null && <span className="visually-hidden">{say('bell.unread')}: </span>}
          {row.record?.title ?? row.attestation?.name ?? row.item?.name ?? row.headline}
        </span>
        <span className={classes['detail']}>
          <span className={classes['happened']}>
            {row.record !== null && <span className="figures">{row.record.number} </span>}
            {(row.record !== null || row.item !== null) && row.headline}
          </span>
          <RelativeTime at={row.at} />
        </span>
      </button>
      <SmallButton
        className={classes['why'] ?? ''}
        aria-expanded={why}
        label={say('bell.whyOf', { headline: row.headline })}
        title={say('bell.why')}
        onClick={() => setWhy(!why)}
      >
        <CircleHelp size={14} aria-hidden />
      </SmallButton>
      {why && <Reason id={row.id} {...(onDone === undefined ? {} : { onDone })} />}
    </li>
  )
}

/** The rule's own sentence, which rule that is, and where one changes what one is told. */
const Reason = ({ id, onDone }: { readonly id: string; readonly onDone?: () => void }) => {
  const { data, error, refetch } = useQuery({
    queryKey: [...notificationsKey, 'reason', id],
    queryFn: () => client.explainNotification({ params: { id } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <div className={classes['reason']} role="status">
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={32} />}
      {data !== undefined && (
        <>
          <p className={classes['sentence']}>{data.sentence}</p>
          <p className={classes['sentence']}>
            {say('bell.rule', { rule: data.rule, version: data.policyVersion })}{' '}
            <Link to="/settings/notifications" onClick={onDone}>
              {say('bell.settings')}
            </Link>
          </p>
        </>
      )}
    </div>
  )
}
