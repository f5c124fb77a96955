import type { Lens } from '@evenkeel/contract/insight'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'
import type { Asked, Behind } from './insight.search.ts'

const staleTime = 60_000

export const mapQuery = (asked: Asked, lens: Lens, share: number) =>
  queryOptions({
    queryKey: ['insight', 'map', asked, lens, share],
    queryFn: () => client.readProcessMap({ query: { ...asked, lens, share } }),
    placeholderData: keepPreviousData,
    staleTime,
  })

export const variantsQuery = (asked: Asked, lens: Lens, limit: number) =>
  queryOptions({
    queryKey: ['insight', 'variants', asked, lens, limit],
    queryFn: () => client.readVariants({ query: { ...asked, lens, limit } }),
    placeholderData: keepPreviousData,
    staleTime,
  })

export const conformanceQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['insight', 'conformance', asked],
    queryFn: () => client.readConformance({ query: asked }),
    placeholderData: keepPreviousData,
    staleTime,
  })

export const pingPongQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['insight', 'ping-pong', asked],
    queryFn: () => client.readPingPong({ query: asked }),
    placeholderData: keepPreviousData,
    staleTime,
  })

export const behindQuery = (asked: Asked, lens: Lens, share: number, behind: Behind) =>
  infiniteQueryOptions({
    queryKey: ['insight', 'records', asked, lens, share, behind],
    queryFn: ({ pageParam }) =>
      client.listInsightRecords({
        query: { ...asked, lens, share, ...behind, ...(pageParam === '' ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    staleTime,
  })
