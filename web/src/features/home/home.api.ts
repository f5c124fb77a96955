import type { Home } from '@evenkeel/contract/home'
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../parts/api.ts'
import { useLiveMessages } from '../../parts/live.ts'

const homeKey = ['home'] as const

export const homeQuery = queryOptions({ queryKey: [...homeKey, 'mine'], queryFn: () => client.readHome() })
export const teamHomeQuery = queryOptions({
  queryKey: [...homeKey, 'teams'],
  queryFn: () => client.readTeamHome(),
})

const togetherMilliseconds = 150
const atMostEveryMilliseconds = 1000

/** Asks again when something changed: at once when it was quiet, once a second on a busy desk. */
export const useLiveHome = (): void => {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const askedAt = useRef(0)
  useEffect(() => () => clearTimeout(timer.current), [])
  useLiveMessages((message) => {
    if (message.kind !== 'change') return
    const wait = Math.max(togetherMilliseconds, askedAt.current + atMostEveryMilliseconds - Date.now())
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      askedAt.current = Date.now()
      void queries.invalidateQueries({ queryKey: homeKey })
    }, wait)
  })
}

export const refreshHome = (queries: ReturnType<typeof useQueryClient>): Promise<void> =>
  queries.invalidateQueries({ queryKey: homeKey })

/** What stands where: two homes with the same shape can take each other's place without anything moving. */
const shapeOf = (home: Home): string =>
  [
    home.critical.rows.map(({ id }) => id),
    home.now.map(({ incident, because }) => [incident.id, because.length].join()),
    home.replies.map(({ incident }) => incident.id),
    home.unassigned.rows.map(({ id }) => id),
    home.followed.map(({ incident }) => incident.id),
  ]
    .map((ids) => ids.join(' '))
    .join('|')

/**
 * Nothing moves under a pointer: while somebody points at the page, what would move it waits behind a button. `settle` shows it; what one did
 * oneself is shown at once.
 */
export const useSteadyHome = (latest: Home | undefined) => {
  const [pointing, setPointing] = useState(false)
  const [shown, setShown] = useState(latest)
  const moves = latest !== undefined && shown !== undefined && shapeOf(latest) !== shapeOf(shown)
  const waits = pointing && moves
  if (!waits && shown !== latest) setShown(latest)
  // Nothing is kept then, so whatever is newest when it is drawn is shown.
  return { home: waits ? shown : latest, waits, setPointing, settle: () => setShown(undefined) }
}
