import { queryOptions } from '@tanstack/react-query'

/** How many rows a list has; null for one that cannot be read. */
export const countOptions = (
  queryKey: readonly string[],
  queryFn: () => Promise<{ readonly count: number; readonly capped: boolean } | null>,
) => queryOptions({ queryKey, queryFn, staleTime: 30_000, retry: false })
