import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { say } from '../language/say.ts'
import { announce } from '../ui/announce.tsx'
import { titleOf } from '../ui/page-title.ts'

const namedWithinMilliseconds = 5000

/**
 * A page that takes the place of another one in the same document is nothing a screen reader notices: its title is said once it is known,
 * and the focus, when what had it is gone, waits at the beginning of the page instead of that of the window.
 */
export const usePageChange = (): void => {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname })
  const before = useRef<string>(undefined)
  useEffect(() => {
    const isFirst = before.current === undefined
    before.current = path
    if (isFirst) return undefined
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>('#page')?.focus({ preventScroll: true })
    const tell = (): void => {
      const name = titleOf(document)
      if (name !== '') announce(say('shell.pageIs', { name }))
    }
    tell()
    const title = document.querySelector('title')
    if (title === null) return undefined
    // A page that has to ask first what it is about is named once more when it knows.
    const observer = new MutationObserver(tell)
    observer.observe(title, { childList: true })
    const enough = setTimeout(() => observer.disconnect(), namedWithinMilliseconds)
    return () => {
      clearTimeout(enough)
      observer.disconnect()
    }
  }, [path])
}
