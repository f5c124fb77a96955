import type { ArrivalOutcomes } from '@evenkeel/contract/import'

const names = ['created', 'recognized', 'changed', 'same', 'conflict', 'refused'] as const

/** What became of some, with what became of others. */
export const added = (one: ArrivalOutcomes | null, other: ArrivalOutcomes | null): ArrivalOutcomes | null => {
  if (one === null || other === null) return one ?? other
  const sum = { ...one }
  for (const name of names) sum[name] += other[name]
  return sum
}
