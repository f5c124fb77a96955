import type { Refused } from '@evenkeel/contract/client'
import type { FilterFault } from '../ui/filter-bar.tsx'

/** What the server found wrong with a filter's text, and where. */
export const faultsIn = (error: Refused): readonly FilterFault[] =>
  (error.body.reasons ?? []).flatMap(({ field, message }) => {
    const place = /^q:(\d+)-(\d+)$/.exec(field ?? '')
    return place === null ? [] : [{ from: Number(place[1]), to: Number(place[2]), message }]
  })
