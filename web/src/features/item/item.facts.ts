import type { ItemFact } from '@evenkeel/contract/item'

export type FactChange = {
  readonly key: string
  readonly label: string
  readonly text: string
  readonly before: string
}

/** What a fact says that the one its source gave before did not; facts come with the latest first. */
export const changesIn = (facts: readonly ItemFact[], at: number): readonly FactChange[] => {
  const fact = facts[at]
  if (fact === undefined) return []
  const earlier = facts.slice(at + 1).find(({ source }) => source === fact.source)
  const before = new Map(earlier?.values.map((one) => [one.key, one]) ?? [])
  const now = new Set(fact.values.map(({ key }) => key))
  return [
    ...fact.values
      .map(({ key, label, text }) => ({ key, label, text, before: before.get(key)?.text ?? '' }))
      .filter(({ text, before: was }) => text !== was),
    ...[...before.values()]
      .filter(({ key }) => !now.has(key))
      .map(({ key, label, text }) => ({ key, label, text: '', before: text })),
  ]
}
