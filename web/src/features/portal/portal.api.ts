import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { client } from '../../parts/api.ts'
import { useLiveMessages } from '../../parts/live.ts'

const portalKey = ['portal'] as const

export const portalQuery = queryOptions({
  queryKey: portalKey,
  queryFn: () => client.readPortal(),
  // What is down for everybody is not told by the live stream to who may not see why.
  refetchInterval: 60_000,
})

const togetherMilliseconds = 300

/** Asks again when one of one's own things changed. */
export const useLivePortal = (): void => {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useLiveMessages((message) => {
    if (message.kind !== 'change') return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void queries.invalidateQueries({ queryKey: portalKey })
    }, togetherMilliseconds)
  })
}
