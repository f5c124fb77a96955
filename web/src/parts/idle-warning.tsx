import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { say } from '../language/say.ts'
import { bePresentHere, isUncounted } from './at-keyboard.ts'
import classes from './idle-warning.module.css'
import { Dialog } from '../ui/dialog.tsx'
import { sessionQuery } from './session.ts'

const second = 1000
const minute = 60 * second
const lookEvery = 5 * second

/** How long before the end it is said: two minutes, or half the time where sessions are shorter than that. */
export const warnedBefore = (idleMinutes: number): number => Math.min(2 * minute, (idleMinutes * minute) / 2)

/** `1:05`, for eyes; nobody has each second read out. */
export const leftInDigits = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.ceil(milliseconds / second))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/**
 * Before an idle session ends, its person is asked whether they are still here, and stays with one key. Other tabs and devices may have
 * kept it awake in the meantime, so the server is asked first, in the background. Stands once in the shell.
 */
export const IdleWarning = () => {
  const queries = useQueryClient()
  const { data: me, dataUpdatedAt } = useQuery(sessionQuery)
  const [warned, setWarned] = useState(false)
  const session = me?.session ?? null
  const end = session === null ? null : dataUpdatedAt + session.idleSeconds * second
  const before = warnedBefore(session?.idleMinutes ?? 0)
  const keepEvery = Math.min(minute / 2, ((session?.idleMinutes ?? 0) * minute) / 8)

  useEffect(() => {
    if (end === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const stopped = new AbortController()
    const later = (wait: number): void => {
      if (!stopped.signal.aborted) timer = setTimeout(() => void look(), Math.max(0, wait))
    }
    const look = async (): Promise<void> => {
      // A server that does not answer is asked again; that nobody is signed in any more is known by everything else.
      const fresh = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 }).catch(() => undefined)
      if (stopped.signal.aborted) return
      if (fresh?.session != null) setWarned(fresh.session.idleSeconds * second <= before + second)
      later(lookEvery)
    }
    // While it is shown, other tabs are looked at every few seconds, and after the end the answer leads to the sign-in.
    later(warned ? Math.min(lookEvery, Math.max(second, end - Date.now())) : end - before - Date.now())
    return () => {
      stopped.abort()
      clearTimeout(timer)
    }
  }, [before, end, queries, warned])

  // Who types for a quarter of an hour is at work, though nothing is asked of the server.
  useEffect(() => {
    if (keepEvery === 0) return
    const timer = setInterval(() => {
      if (isUncounted()) void queries.fetchQuery({ ...sessionQuery, staleTime: 0 }).catch(() => undefined)
    }, keepEvery)
    return () => clearInterval(timer)
  }, [keepEvery, queries])

  if (session === null || end === null || !warned) return null
  const stay = (): void => {
    bePresentHere()
    setWarned(false)
    void queries.fetchQuery({ ...sessionQuery, staleTime: 0 }).catch(() => undefined)
  }
  return <Warning end={end} idleMinutes={session.idleMinutes} onStay={stay} />
}

const Warning = ({
  end,
  idleMinutes,
  onStay,
}: {
  readonly end: number
  readonly idleMinutes: number
  readonly onStay: () => void
}) => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), second)
    return () => clearInterval(timer)
  }, [])
  return (
    <Dialog
      onClose={onStay}
      title={say('idle.title')}
      size="sm"
      zIndex={500}
      closeButtonProps={{ 'aria-label': say('idle.stay') }}
    >
      <div className={classes['warning']}>
        <p className={classes['text']} role="alert">
          {say('idle.text', { minutes: idleMinutes })}
        </p>
        <p className={classes['left']}>
          <span>{say('idle.left')}</span>
          <span role="timer" className={classes['digits']}>
            {leftInDigits(end - now)}
          </span>
        </p>
        <div className={classes['end']}>
          <Button onClick={onStay} data-autofocus>
            {say('idle.stay')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
