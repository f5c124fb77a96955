import { presenceEveryMilliseconds, type Presence } from '@evenkeel/contract/live'
import { useEffect, useRef, useState } from 'react'
import { client, lastWords } from './api.ts'
import { useLiveMessages } from './live.ts'

/** One page of this browser. */
const page = crypto.randomUUID()

/**
 * Says that this page looks at a record, or writes on it, for as long as somebody does; answers who else is there. A page in the
 * background is not looked at.
 */
export const usePresence = (recordId: string, writing: boolean, me: string): Presence['people'] => {
  const [there, setThere] = useState<Presence>()
  const latest = useRef(writing)

  useLiveMessages((message) => {
    if (message.kind === 'presence' && message.presence.recordId === recordId) setThere(message.presence)
  })
  const tell = useRef(async (doing: 'reading' | 'writing' | 'leaving', id: string): Promise<void> => {
    try {
      const by = doing === 'leaving' ? lastWords : client
      const presence = await by.bePresent({ params: { id }, body: { page, doing } })
      if (doing !== 'leaving') setThere(presence)
    } catch {
      // Presence is a courtesy: without the server there is none, and the page says so elsewhere.
    }
  })
  const say = (): void => {
    if (document.visibilityState === 'visible')
      void tell.current(latest.current ? 'writing' : 'reading', recordId)
  }
  useEffect(() => {
    latest.current = writing
    say()
    // What is said follows from these two alone.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [writing, recordId])
  useEffect(() => {
    const leave = (): void => void tell.current('leaving', recordId)
    const turn = (): void => (document.visibilityState === 'visible' ? say() : leave())
    const timer = setInterval(say, presenceEveryMilliseconds)
    document.addEventListener('visibilitychange', turn)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', turn)
      leave()
    }
    // oxlint-disable-next-line react/exhaustive-deps
  }, [recordId])
  return there?.recordId === recordId ? there.people.filter(({ id }) => id !== me) : []
}
