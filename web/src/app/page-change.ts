import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { say } from '../language/say.ts'
import { announce } from '../ui/announce.tsx'
import { titleOf } from '../ui/page-title.ts'

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
    const title = document.querySelector('title')
    const tell = (): boolean => {
      const name = titleOf(document)
      if (name !== '') announce(say('shell.pageIs', { name }))
      return name !== ''
    }
    if (title === null || tell()) return undefined
    const observer = new MutationObserver(() => {
      if (tell()) observer.disconnect()
    })
    observer.observe(title, { childList: true })
    return () => observer.disconnect()
  }, [path])
}
