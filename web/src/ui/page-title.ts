import { useEffect } from 'react'

const product = 'Evenkeel'

/** What the tab and the history call this page. */
export const usePageTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · ${product}`
    return () => {
      document.title = product
    }
  }, [title])
}
