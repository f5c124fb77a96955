import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { lazy, type MouseEvent, Suspense, useMemo, useState } from 'react'
import { say } from '../language/say.ts'
import type { Picture } from '../ui/lightbox.tsx'
import classes from './markdown.module.css'

const Lightbox = lazy(async () => ({ default: (await import('../ui/lightbox.tsx')).Lightbox }))

/** The renderer is a good part of a page's weight, so it comes when the first text does; until then the text stands as it was written. */
const rendererQuery = {
  queryKey: ['markdown-renderer'],
  queryFn: async () => (await import('@evenkeel/server/kernel/markdown/markdown')).renderMarkdown,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
} as const

/** A number in a text leads to the list that finds it, within the reader's reach. */
const record = (number: string): string | undefined =>
  number.startsWith('INC') ? `/incidents?q=%22${number}%22` : undefined

/** What scrolls sideways can be scrolled with the keyboard too (WCAG 2.2, 2.1.1), at any width, and pictures be opened with it. */
const letKeyboardIn = (text: HTMLDivElement | null): (() => void) | undefined => {
  if (text === null) return undefined
  for (const picture of text.querySelectorAll('img')) {
    picture.tabIndex = 0
    picture.role = 'button'
    picture.ariaLabel = say('markdown.enlarge', { name: picture.alt })
  }
  const observer = new ResizeObserver(() => {
    for (const block of text.querySelectorAll<HTMLElement>('pre, table'))
      if (block.scrollWidth > block.clientWidth) block.tabIndex = 0
      else block.removeAttribute('tabindex')
  })
  observer.observe(text)
  return () => observer.disconnect()
}

/** Text of people, shown as the one renderer of the product makes it: its output is safe to insert as it is. */
export const Markdown = ({ source }: { readonly source: string }) => {
  const router = useRouter()
  const { data: render } = useQuery(rendererQuery)
  const [picture, setPicture] = useState<Picture>()
  const html = useMemo(() => render?.(source, { record }), [render, source])
  if (html === undefined)
    return (
      <div className={classes['plain']} dir="auto">
        {source}
      </div>
    )
  const enlarge = (target: EventTarget): boolean => {
    if (!(target instanceof HTMLImageElement)) return false
    setPicture({ name: target.alt, address: target.src })
    return true
  }
  const onClick = (event: MouseEvent): void => {
    if (enlarge(event.target)) return
    const href =
      event.target instanceof Element
        ? (event.target.closest('a[href]')?.getAttribute('href') ?? undefined)
        : undefined
    // Within the application without loading it anew; anything below /api is a download.
    if (href === undefined || !/^\/(?!api\/)/.test(href)) return
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    router.history.push(href)
  }
  return (
    <>
      {/* Its links and pictures are what is pressed, and they have their own keys. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */}
      <div
        key={html}
        ref={letKeyboardIn}
        className={classes['markdown']}
        dir="auto"
        onClick={onClick}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && enlarge(event.target)) event.preventDefault()
        }}
        // oxlint-disable-next-line react/no-danger -- every tag in it is written by the renderer, every text escaped (A23)
        dangerouslySetInnerHTML={{ __html: html }}
      />
      {picture !== undefined && (
        <Suspense>
          <Lightbox
            pictures={[picture]}
            at={0}
            onGo={() => undefined}
            onClose={() => setPicture(undefined)}
          />
        </Suspense>
      )}
    </>
  )
}
