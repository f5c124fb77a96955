import type { ListedIncident } from '@evenkeel/contract/incident'
import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../parts/api.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { firstPage, incidentsQuery, type ListState } from './incident.api.ts'

type Page = { readonly rows: ListedIncident[]; readonly next: string | null }

/** Changes that come together are answered together; a busy desk asks for its list once a second at most. */
const togetherMilliseconds = 120
const probeMilliseconds = 1000
/** Rows that are asked for at once: what a page and a filter take. */
const together = 200

/**
 * Keeps the rows of a list true. A row on screen changes where it stands; new rows wait behind a line that says how many there are, unless
 * the reader is at the top with the pointer elsewhere: nothing moves under a pointer.
 */
export const useLiveRows = (state: ListState, rows: readonly ListedIncident[]) => {
  const queries = useQueryClient()
  const { queryKey } = incidentsQuery(state)
  const key = JSON.stringify(queryKey)
  const [waiting, setWaiting] = useState<{
    readonly key: string
    readonly count: number
    readonly page: Page
  }>()
  const idle = useRef(true)
  const changed = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const probedAt = useRef(0)
  const latest = useRef({ state, rows, key })
  useEffect(() => {
    latest.current = { state, rows, key }
  })
  useEffect(() => () => clearTimeout(timer.current), [])

  const show = (page: Page): void => {
    setWaiting(undefined)
    queries.setQueryData<InfiniteData<Page, string>>(queryKey, { pages: [page], pageParams: [''] })
  }

  /** Brings rows up to date, all of them with one question. One that can no longer be read stays as it was until the list is asked again. */
  const patch = async (ids: readonly string[]): Promise<void> => {
    const wanted = new Set(ids)
    const numbers = latest.current.rows.filter(({ id }) => wanted.has(id)).map(({ number }) => number)
    const fresh = new Map<string, ListedIncident>()
    for (let at = 0; at < numbers.length; at += together) {
      const value = numbers.slice(at, at + together)
      const filter = JSON.stringify({ field: 'number', op: 'in', value })
      const { custom = '' } = latest.current.state
      const query = { filter, limit: together, ...(custom === '' ? {} : { custom }) }
      const { rows: found } = await client.listIncidents({ query })
      for (const row of found) fresh.set(row.id, row)
    }
    queries.setQueryData<InfiniteData<Page, string>>(
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
    const page = await firstPage(asked.state)
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

  useLiveChanges('incident', ({ id }) => {
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
