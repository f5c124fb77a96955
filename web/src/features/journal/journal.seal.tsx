import type { JournalVerdict } from '@evenkeel/contract/journal'
import { Button, Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import ShieldAlert from 'lucide-react/icons/shield-alert'
import ShieldCheck from 'lucide-react/icons/shield-check'
import { useEffect, useRef, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import classes from './journal.module.css'

type Run = {
  readonly standing: 'running' | 'stopped' | 'done'
  readonly done: number
  readonly all: number
  readonly heads: number
  readonly erased: number
  readonly last: JournalVerdict | null
}

/** How far the journal is sealed, and its verification on demand: stretch by stretch, with what is done and what remains. */
export const JournalSeal = ({
  isAway,
}: {
  /** The page says that the server does not answer; once is enough. */
  readonly isAway: boolean
}) => {
  const { data, error, refetch } = useQuery({
    queryKey: ['journal', 'state'],
    queryFn: () => client.readJournalState(),
    refetchInterval: 5000,
  })
  const [run, setRun] = useState<Run>()
  const [failure, setFailure] = useState<unknown>()
  const stop = useRef(false)
  // Whoever leaves the page does not wait for the verdict.
  useEffect(
    () => () => {
      stop.current = true
    },
    [],
  )
  const verify = async (all: number): Promise<void> => {
    stop.current = false
    setFailure(undefined)
    let now: Run = { standing: 'running', done: 0, all, heads: 0, erased: 0, last: null }
    setRun(now)
    try {
      for (let from: number | null = 0; from !== null && !stop.current;) {
        const verdict: JournalVerdict = await client.verifyJournal({ body: { from } })
        now = {
          ...now,
          done: verdict.to,
          all: Math.max(now.all, verdict.to),
          heads: now.heads + verdict.heads,
          erased: now.erased + verdict.personal.erased,
          last: verdict,
        }
        from = verdict.next
        setRun({ ...now, standing: from === null ? 'done' : 'running' })
      }
      if (stop.current) setRun({ ...now, standing: 'stopped' })
    } catch (caught) {
      setFailure(caught)
      setRun({ ...now, standing: 'stopped' })
    }
  }
  const running = run?.standing === 'running'
  if (isAway && error !== null && data === undefined) return null
  return (
    <section className={classes['state']} aria-label={say('journal.state')}>
      <div className={classes['stateWords']}>
        {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
        {data !== undefined && (
          <p className={classes['stateSentence']}>
            {data.head === null
              ? say('journal.state.none')
              : say('journal.state.sealed', {
                  count: data.sealed,
                  at: absolute(data.head.signedAt, readerZone()),
                })}{' '}
            {say('journal.state.backlog', { count: data.unsealed })}
          </p>
        )}
        {running && (
          <Progress
            value={run.all === 0 ? 100 : (run.done / run.all) * 100}
            aria-label={say('journal.verify')}
            className={classes['progress'] ?? ''}
          />
        )}
        <div role="status">{run !== undefined && <Result run={run} />}</div>
        {failure !== undefined && <Fault error={failure} />}
      </div>
      {running ? (
        <Button
          variant="default"
          onClick={() => {
            stop.current = true
          }}
        >
          {say('journal.verify.stop')}
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<ShieldCheck size={16} aria-hidden />}
          disabled={data?.head === null || data === undefined}
          onClick={() => void verify(data?.sealed ?? 0)}
        >
          {say('journal.verify')}
        </Button>
      )}
    </section>
  )
}

const Result = ({ run: { standing, done, all, heads, erased, last } }: { readonly run: Run }) => {
  if (last !== null && !last.sound)
    return (
      <p className={classes['bad']}>
        <ShieldAlert size={16} aria-hidden />
        {say('journal.verify.bad', { words: last.fault?.words ?? '', entry: last.fault?.entry ?? 0 })}
      </p>
    )
  if (standing === 'running')
    return <p className={classes['quiet']}>{say('journal.verify.running', { done, all })}</p>
  if (standing === 'stopped')
    return <p className={classes['quiet']}>{say('journal.verify.stopped', { done, all })}</p>
  return (
    <p className={classes['good']}>
      <ShieldCheck size={16} aria-hidden />
      <span>
        {say('journal.verify.good', { entries: done, heads, erased })}{' '}
        {last?.signatures === null && say('journal.verify.noKey')}
      </span>
    </p>
  )
}
