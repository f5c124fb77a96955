import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import classes from './markdown.module.css'

/** The renderer is a good part of a page's weight, so it comes when the first text does; until then the text stands as it was written. */
const rendererQuery = {
  queryKey: ['markdown-renderer'],
  queryFn: async () => (await import('@evenkeel/server/kernel/markdown/markdown')).renderMarkdown,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
} as const

/** What scrolls sideways can be scrolled with the keyboard too (WCAG 2.2, 2.1.1). */
const letKeyboardScroll = (text: HTMLDivElement | null): void => {
  for (const block of text?.querySelectorAll<HTMLElement>('pre, table') ?? [])
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0
}

/** Text of people, shown as the one renderer of the product makes it: its output is safe to insert as it is. */
export const Markdown = ({ source }: { readonly source: string }) => {
  const { data: render } = useQuery(rendererQuery)
  const html = useMemo(() => render?.(source), [render, source])
  if (html === undefined) return <div className={classes['plain']}>{source}</div>
  return (
    <div
      key={html}
      ref={letKeyboardScroll}
      className={classes['markdown']}
      // oxlint-disable-next-line react/no-danger -- every tag in it is written by the renderer, every text escaped (A23)
      dangerouslySetInnerHTML={{ __html: html }}
    />
  )
}
