import type { AttestationShow } from '@evenkeel/contract/item-attestation'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'

export const attestationsKey = ['attestations'] as const

export const attestationsQuery = queryOptions({
  queryKey: [...attestationsKey, 'list'],
  queryFn: () => client.listAttestations(),
})

export const attestationQuery = (id: string, show: AttestationShow | undefined) =>
  queryOptions({
    queryKey: [...attestationsKey, 'one', id, show ?? ''],
    queryFn: () => client.readAttestation({ params: { id }, query: show === undefined ? {} : { show } }),
    placeholderData: keepPreviousData,
  })
