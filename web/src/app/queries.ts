import { Refused } from '@evenkeel/contract/client'
import { MutationCache, QueryCache, QueryClient, type Query } from '@tanstack/react-query'
import { isSignedOut, owesFactor, sessionQuery } from '../parts/session.ts'

/** A refusal stays a refusal; only what may pass by itself is tried again. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof Refused) ||
  error.status === 429 ||
  error.status === 503 ||
  error.status === 502 ||
  error.status === 504

const retryDelay = (attempt: number, error: unknown): number =>
  error instanceof Refused && error.retryAfterSeconds !== undefined
    ? Math.min(error.retryAfterSeconds, 30) * 1000
    : Math.min(500 * 2 ** attempt, 8000)

export const createQueries = (): QueryClient => {
  const onError = (error: unknown): void => {
    // The session ended while the page was open: the sign-in page comes, and back here afterwards.
    if (isSignedOut(error)) queries.setQueryData(sessionQuery.queryKey, null)
    // A role asks for a second factor since: the page to set one up comes, and back here afterwards.
    if (owesFactor(error)) void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // The live stream says when something is stale; this is for what it does not cover.
        staleTime: 15_000,
        // A server in the house answers whatever the browser thinks of the network.
        networkMode: 'always',
        retry: (failures, error) => mayPass(error) && failures < 3,
        retryDelay,
      },
      mutations: {
        networkMode: 'always',
        // What runs as a mutation is safe to send again: signing in and out, marking as read, creating with an Idempotency-Key.
        retry: (failures, error) => error instanceof Refused && error.status === 503 && failures < 2,
        retryDelay,
      },
    },
  })
  readAgainWhatChanged(queries)
  return queries
}

/**
 * What becomes stale while it is read for the first time is read once more. The library takes the answer that is under way for the new
 * one, though the server may have written it before the change.
 */
const readAgainWhatChanged = (queries: QueryClient): void => {
  const overtaken = new WeakSet<Query>()
  queries.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return
    const { query, action } = event
    const isFirst = query.state.data === undefined && query.state.fetchStatus !== 'idle'
    if (action.type === 'invalidate' && isFirst) overtaken.add(query)
    if (action.type === 'success' && overtaken.delete(query))
      void queries.invalidateQueries({ queryKey: query.queryKey, exact: true })
  })
}
