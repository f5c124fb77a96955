import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLiveChanges } from './live.ts'

type Listed = { readonly id: string; readonly version: number }
type Page<Row> = { readonly rows: Row[]; readonly next: string | null }

/** How a list is asked again. */
export type LiveList<Row> = {
  /** Whose changes concern it. */
  readonly kind: Parameters<typeof useLiveChanges>[0]
  readonly queryKey: readonly unknown[]
  readonly first: () => Promise<Page<Row>>
  /** These rows as they are now, as far as the reader still sees them; at most `together` at once. */
  readonly again: (rows: readonly Row[]) => Promise<readonly Row[]>
}

/** Changes that come together are answered together; a busy desk asks for its list once a second at most. */
const togetherMilliseconds = 120
const probeMilliseconds = 1000
/** Rows that are asked for at once: what a page and a filter take. */
const together = 200

/**
 * Keeps the rows of a list true. A row on screen changes where it stands; new rows wait behind a line that says how many there are, unless
 * the reader is at the top with the pointer elsewhere: nothing moves under a pointer.
 */
export const useLiveRows = <Row extends Listed>(list: LiveList<Row>, rows: readonly Row[]) => {
  const queries = useQueryClient()
  const { queryKey } = list
  const key = JSON.stringify(queryKey)
  const [waiting, setWaiting] = useState<{
    readonly key: string
    readonly count: number
    readonly page: Page<Row>
  }>()
  const idle = useRef(true)
  const changed = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const probedAt = useRef(0)
  const latest = useRef({ list, rows, key })
  useEffect(() => {
    latest.current = { list, rows, key }
  })
  useEffect(() => () => clearTimeout(timer.current), [])

  const show = (page: Page<Row>): void => {
    setWaiting(undefined)
    queries.setQueryData<InfiniteData<Page<Row>, string>>(queryKey, { pages: [page], pageParams: [''] })
  }

  /** Brings rows up to date, all of them with one question. One that can no longer be read stays as it was until the list is asked again. */
  const patch = async (ids: readonly string[]): Promise<void> => {
    const wanted = new Set(ids)
    const known = latest.current.rows.filter(({ id }) => wanted.has(id))
    const fresh = new Map<string, Row>()
    for (let at = 0; at < known.length; at += together)
      for (const row of await latest.current.list.again(known.slice(at, at + together)))
        fresh.set(row.id, row)
    queries.setQueryData<InfiniteData<Page<Row>, string>>(
      queryKey,
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) =>
            page.rows.some(({ id }) => fresh.has(id))
              ? {
                  ...page,
                  rows: page.rows.map((one) => {
                    const row = fresh.get(one.id)
                    return row !== undefined && one.version <= row.version ? row : one
                  }),
                }
              : page,
          ),
        },
    )
  }

  /** Asks whether the list has rows that are not here yet. */
  const probe = async (): Promise<void> => {
    const asked = latest.current
    const page = await asked.list.first()
    if (latest.current.key !== asked.key) return
    const here = new Set(latest.current.rows.map(({ id }) => id))
    const count = page.rows.filter(({ id }) => !here.has(id)).length
    if (count === 0) return
    if (here.size === 0 || idle.current) show(page)
    else setWaiting({ key: asked.key, count, page })
  }

  const settle = (): void => {
    timer.current = undefined
    const here = new Set(latest.current.rows.map(({ id }) => id))
    const ids = [...changed.current]
    changed.current.clear()
    const known = ids.filter((id) => here.has(id))
    if (known.length > 0) patch(known).catch(() => undefined)
    if (ids.every((id) => here.has(id))) return
    probedAt.current = Date.now()
    probe().catch(() => undefined)
  }

  useLiveChanges(list.kind, ({ id }) => {
    changed.current.add(id)
    const here = latest.current.rows.some((row) => row.id === id)
    const wait = here
      ? togetherMilliseconds
      : Math.max(togetherMilliseconds, probedAt.current + probeMilliseconds - Date.now())
    timer.current ??= setTimeout(settle, wait)
  })

  const shown = waiting?.key === key ? waiting : undefined
  return {
    waiting: shown?.count ?? 0,
    refresh: (): void => {
      if (shown !== undefined) show(shown.page)
    },
    setIdle: (now: boolean): void => {
      idle.current = now
    },
  }
}
