import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'

export const branchesKey = ['item-branches'] as const

export const branchesQuery = (state: 'open' | 'closed') =>
  queryOptions({
    queryKey: [...branchesKey, 'list', state],
    queryFn: () => client.listBranches({ query: { state } }),
  })

export const branchQuery = (id: string) =>
  queryOptions({
    queryKey: [...branchesKey, 'one', id],
    queryFn: () => client.readBranch({ params: { id } }),
  })

export type OutlookAsked = {
  readonly branchIds: readonly string[]
  readonly at: string | undefined
  readonly withCurrentOutages: boolean
}

/** The version of the branch is part of the question: a step more, and it is another one. */
export const outlookQuery = ({ branchIds, at, withCurrentOutages }: OutlookAsked, version: number) =>
  queryOptions({
    queryKey: [...branchesKey, 'outlook', branchIds.join(','), at ?? '', String(withCurrentOutages), version],
    queryFn: () =>
      client.readBranchOutlook({
        body: { branchIds: [...branchIds], withCurrentOutages, ...(at === undefined ? {} : { at }) },
      }),
    placeholderData: keepPreviousData,
  })
