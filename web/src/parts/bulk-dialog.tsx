import type { BulkPreview } from '@evenkeel/contract/bulk'
import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { say } from '../language/say.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Fault } from '../ui/fault.tsx'
import { BulkRecords } from './bulk-records.tsx'
import type { Bulk, BulkDoing, BulkTarget } from './bulk.ts'
import classes from './bulk.module.css'

type Props<Kind extends string, Change> = {
  readonly doing: BulkDoing<Change>
  readonly target: BulkTarget
  readonly kind: Kind
  readonly kinds: readonly { readonly value: Kind; readonly label: string }[]
  readonly onKind: (kind: Kind) => void
  /** What the fields say; nothing while something is missing. */
  readonly change: Change | undefined
  readonly children: ReactNode
  readonly onClose: () => void
  /** The action ran; its results are under this id. */
  readonly onDone: (id: string) => void
}

const typingMilliseconds = 350
const pollMilliseconds = 500

/** Asks what to change, shows what that would do to each record, and does it to those that are ready. */
export const BulkDialog = <Kind extends string, Change>({
  doing,
  target,
  kind,
  kinds,
  onKind,
  change,
  children,
  onClose,
  onDone,
}: Props<Kind, Change>) => {
  const queries = useQueryClient()
  const { bulk } = doing
  // What is selected changes behind the dialog; what it is about does not.
  const [about] = useState(target)
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const open = useRef(true)
  useEffect(
    () => () => {
      open.current = false
    },
    [],
  )
  const written = change === undefined ? '' : JSON.stringify(change)
  const [asked] = useDebouncedValue(written, typingMilliseconds)
  const preview = useQuery({
    queryKey: ['bulk', bulk.kind, 'preview', about, asked],
    queryFn: () => {
      if (change === undefined) throw new Error('nothing is asked while nothing is said')
      return doing.preview(about, change)
    },
    enabled: asked !== '' && asked === written && !running,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  const settled = asked === written && written !== '' ? preview.data : undefined
  const ready = settled?.records.filter(({ outcome }) => outcome === 'ready') ?? []

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (change === undefined || ready.length === 0) return
    setRunning(true)
    setError(undefined)
    try {
      // Exactly what was looked at: what the filter finds meanwhile is not changed unseen.
      const { id } = await doing.start(
        ready.map((record) => record.id),
        change,
      )
      for (const queryKey of bulk.stale) void queries.invalidateQueries({ queryKey })
      if (open.current) onDone(id)
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={'ids' in about ? doing.title(about.count) : say('bulk.titleAll')}
    >
      <form className={classes['form']} onSubmit={(event) => void submit(event)}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={say('bulk.kind')}
          disabled={running}
          className={classes['kinds'] ?? ''}
          value={kind}
          data={[...kinds]}
          onChange={onKind}
        />
        <fieldset className={classes['fields']} disabled={running}>
          {children}
        </fieldset>
        <section className={classes['preview']} aria-live="polite" aria-busy={preview.isFetching}>
          {written === '' && <p className={classes['quiet']}>{say('bulk.incomplete')}</p>}
          {written !== '' && settled === undefined && preview.error === null && (
            <div role="status">
              <p className={classes['quiet']}>{say('bulk.looking')}</p>
              <Skeleton height={12} width="70%" />
            </div>
          )}
          {preview.error !== null && asked === written && (
            <Fault error={preview.error} onRetry={() => void preview.refetch()} />
          )}
          {settled !== undefined && <Foretold bulk={bulk} preview={settled} />}
        </section>
        {error !== undefined && <Fault error={error} />}
        {running && <Progress bulk={bulk} count={ready.length} />}
        <Button type="submit" loading={running} disabled={ready.length === 0}>
          {doing.submit(ready.length)}
        </Button>
      </form>
    </Dialog>
  )
}

/** What it would do: how many, and each record that it cannot be done to with the reason. */
const Foretold = ({ bulk, preview }: { readonly bulk: Bulk; readonly preview: BulkPreview }) => {
  const refused = preview.records.filter(({ outcome }) => outcome !== 'ready')
  const { found } = preview
  return (
    <>
      {found.count > preview.count && (
        <p className={classes['limit']}>
          {say('bulk.first', {
            found: found.capped
              ? say('list.countCapped', { count: found.count })
              : say('list.count', { count: found.count }),
            taken: preview.count,
          })}
        </p>
      )}
      <p className={classes['count']} role="status">
        {say('bulk.ready', { ready: preview.ready, count: preview.count })}
      </p>
      {refused.length > 0 && (
        <>
          <p className={classes['quiet']}>{say('bulk.notReady', { count: refused.length })}</p>
          <BulkRecords bulk={bulk} records={refused} />
        </>
      )}
    </>
  )
}

/** The action runs in one request; how far it is, the list of actions tells meanwhile. */
const Progress = ({ bulk, count }: { readonly bulk: Bulk; readonly count: number }) => {
  const { data } = useQuery({
    queryKey: ['bulk', bulk.kind, 'list'],
    queryFn: bulk.list,
    refetchInterval: pollMilliseconds,
    staleTime: 0,
  })
  const current = data?.rows.find(({ finishedAt }) => finishedAt === null)
  return (
    <div className={classes['progress']} role="status">
      <progress max={count} value={current?.done ?? 0} aria-label={say('bulk.kind')} />
      <span className="figures">{say('bulk.running', { done: current?.done ?? 0, count })}</span>
      <span className={classes['quiet']}>{say('bulk.goesOn')}</span>
    </div>
  )
}
