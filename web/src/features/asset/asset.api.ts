import type { TwoTimes } from '@evenkeel/contract/item'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'

export const commercialQuery = (id: string, times: TwoTimes) =>
  queryOptions({
    queryKey: ['item', id, 'commercial', times],
    queryFn: () => client.readCommercial({ params: { id }, query: times }),
  })

export const contractsQuery = queryOptions({
  queryKey: ['contracts'],
  queryFn: () => client.listContracts(),
})

export const positionsQuery = queryOptions({
  queryKey: ['license-positions'],
  queryFn: () => client.listLicensePositions({ query: {} }),
})

export const positionQuery = (id: string, times: TwoTimes) =>
  queryOptions({
    queryKey: ['license-positions', id, times],
    queryFn: () => client.readLicensePosition({ params: { id }, query: times }),
  })

export const registerQuery = queryOptions({
  queryKey: ['register'],
  queryFn: () => client.listRegister({ query: {} }),
})
