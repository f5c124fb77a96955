import type { JournalRow } from '@evenkeel/contract/journal'
import { useEffect, useRef, useState } from 'react'
import { useLiveMessages } from '../../parts/live.ts'

type Page = {
  readonly rows: JournalRow[]
  readonly next: string | null
  readonly searchedTo: string | null
}

/** A busy journal is asked for once in this time at most. */
const everyMilliseconds = 1500

/**
 * What was written since the page was loaded, as far as its filters let it through. It waits behind a line that says how many there are:
 * nothing moves under whoever reads. Only a page that has nothing yet shows it at once.
 * @param key what is asked for: the answer to another question is thrown away
 */
export const useNewEntries = ({
  key,
  rows,
  first,
  show,
}: {
  readonly key: string
  readonly rows: readonly JournalRow[] | undefined
  readonly first: () => Promise<Page>
  readonly show: (page: Page) => void
}) => {
  const [waiting, setWaiting] = useState<{ readonly key: string; readonly page: Page }>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const askedAt = useRef(0)
  const latest = useRef({ key, rows, first, show })
  useEffect(() => {
    latest.current = { key, rows, first, show }
  })
  useEffect(() => () => clearTimeout(timer.current), [])

  const ask = async (): Promise<void> => {
    timer.current = undefined
    askedAt.current = Date.now()
    const asked = latest.current
    if (asked.rows === undefined) return
    const page = await asked.first()
    const { key: now, rows: shown } = latest.current
    if (now !== asked.key || shown === undefined) return
    if (shown.length === 0 && page.rows.length > 0) latest.current.show(page)
    else setWaiting({ key: now, page })
  }
  useLiveMessages((message) => {
    if (message.kind !== 'journal') return
    timer.current ??= setTimeout(
      () => void ask().catch(() => undefined),
      Math.max(200, askedAt.current + everyMilliseconds - Date.now()),
    )
  })

  const page = waiting?.key === key ? waiting.page : undefined
  const here = new Set(rows?.map(({ id }) => id))
  const count = page?.rows.filter(({ id }) => !here.has(id)).length ?? 0
  return {
    waiting: count,
    /** Nothing of the first page was there before: there may be more behind it. */
    more: page !== undefined && count === page.rows.length && page.next !== null,
    refresh: (): void => {
      if (page === undefined) return
      setWaiting(undefined)
      show(page)
    },
  }
}
