import { Button, Skeleton } from '@mantine/core'
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../language/say.ts'
import { Empty } from '../ui/empty.tsx'
import { Fault } from '../ui/fault.tsx'
import { useNow } from '../ui/now.ts'
import { RelativeTime } from '../ui/relative-time.tsx'
import type { Bulk } from './bulk.ts'
import classes from './bulk.module.css'
import { useSpokenAnswer } from '../ui/announce.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { BulkRecords } from './bulk-records.tsx'

const bulkQuery = ({ kind, read }: Bulk, id: string) =>
  queryOptions({
    queryKey: ['bulk', kind, 'one', id],
    queryFn: () => read(id),
    staleTime: 0,
    // One that still runs goes on by itself; whoever looks sees how far it is.
    refetchInterval: ({ state }) => (state.data?.finishedAt === null ? 700 : false),
  })

const minute = 60_000

/** What an action did to each record, and the way back while there is one. */
export const BulkResult = ({
  bulk,
  id,
  onClose,
}: {
  readonly bulk: Bulk
  readonly id: string
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(bulkQuery(bulk, id))
  const [undoing, setUndoing] = useState(false)
  const [refusal, setRefusal] = useState<unknown>()
  const now = useNow()
  const left = data === undefined ? 0 : Math.ceil((Date.parse(data.undoableUntil) - now) / minute)
  const undo = async (): Promise<void> => {
    setUndoing(true)
    setRefusal(undefined)
    try {
      await bulk.undo(id)
    } catch (failure) {
      setRefusal(failure)
    }
    await queries.invalidateQueries({ queryKey: ['bulk'] })
    for (const queryKey of bulk.stale) void queries.invalidateQueries({ queryKey })
    setUndoing(false)
  }
  const undone = data?.records.flatMap((record) => (record.undo === null ? [] : [record.undo.outcome])) ?? []
  useSpokenAnswer(
    data?.finishedAt ?? '',
    data?.finishedAt ? say('bulk.done', { done: data.done, count: data.count }) : '',
  )
  return (
    <Dialog onClose={onClose} size="lg" title={say('bulk.result')}>
      <div className={classes['form']}>
        {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <Skeleton height={120} />}
        {data !== undefined && (
          <>
            <p className={classes['count']} role="status">
              {data.undoneAt === null
                ? data.finishedAt === null
                  ? say('bulk.running', { done: data.done, count: data.count })
                  : say('bulk.done', { done: data.done, count: data.count })
                : say('bulk.undoneCount', {
                    done: undone.filter((outcome) => outcome === 'done').length,
                    refused: undone.filter((outcome) => outcome === 'refused').length,
                  })}
            </p>
            {refusal !== undefined && <Fault error={refusal} />}
            {data.undoneAt === null && data.done > 0 && left > 0 && (
              <div className={classes['undo']}>
                <Button variant="default" loading={undoing} onClick={() => void undo()}>
                  {say('bulk.undo')}
                </Button>
                <span className={classes['quiet']}>{say('bulk.undoLeft', { minutes: left })}</span>
              </div>
            )}
            {data.undoneAt === null && left <= 0 && (
              <p className={classes['quiet']}>{say('bulk.undoLate')}</p>
            )}
            <BulkRecords bulk={bulk} records={data.records} />
          </>
        )}
      </div>
    </Dialog>
  )
}

/** One's own actions of the last day: where one that was left is found again. */
export const RecentBulk = ({
  bulk,
  onClose,
  onOpen,
}: {
  readonly bulk: Bulk
  readonly onClose: () => void
  readonly onOpen: (id: string) => void
}) => {
  const { data, error, refetch } = useQuery({
    queryKey: ['bulk', bulk.kind, 'list'],
    queryFn: bulk.list,
    staleTime: 0,
  })
  return (
    <Dialog onClose={onClose} title={say('bulk.recent')}>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={120} />}
      {data?.rows.length === 0 && <Empty title={say('bulk.none')}>{say('bulk.noneText')}</Empty>}
      <ul className={classes['records']}>
        {data?.rows.map((action) => (
          <li key={action.id}>
            <button type="button" className={classes['action']} onClick={() => onOpen(action.id)}>
              <span>
                {action.undoneAt === null
                  ? say('bulk.done', { done: action.done, count: action.count })
                  : say('bulk.undone')}
              </span>
              <span className={classes['quiet']}>
                {action.steps.map(bulk.stepWords).join(', ')} · <RelativeTime at={action.at} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
