import { useEffect } from 'react'

const product = 'Evenkeel'

/** What the page there is called; nothing while it is not known yet. */
export const titleOf = ({ title }: Document): string =>
  title.endsWith(` · ${product}`) ? title.slice(0, -` · ${product}`.length) : ''

/** What the tab and the history call this page. */
export const usePageTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · ${product}`
    return () => {
      document.title = product
    }
  }, [title])
}
