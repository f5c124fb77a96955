import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import classes from './markdown.module.css'

/** The renderer is a good part of a page's weight, so it comes when the first text does; until then the text stands as it was written. */
const rendererQuery = {
  queryKey: ['markdown-renderer'],
  queryFn: async () => (await import('@evenkeel/server/kernel/markdown/markdown')).renderMarkdown,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
} as const

/** Text of people, shown as the one renderer of the product makes it: its output is safe to insert as it is. */
export const Markdown = ({ source }: { readonly source: string }) => {
  const { data: render } = useQuery(rendererQuery)
  const text = useRef<HTMLDivElement>(null)
  const html = useMemo(() => render?.(source), [render, source])
  useEffect(() => {
    // What scrolls sideways can be scrolled with the keyboard too (WCAG 2.2, 2.1.1).
    for (const block of text.current?.querySelectorAll<HTMLElement>('pre, table') ?? [])
      if (block.scrollWidth > block.clientWidth) block.tabIndex = 0
  }, [html])
  if (html === undefined) return <div className={classes['plain']}>{source}</div>
  // oxlint-disable-next-line react/no-danger -- every tag in it is written by the renderer, every text escaped (A23)
  return <div ref={text} className={classes['markdown']} dangerouslySetInnerHTML={{ __html: html }} />
}
