import type { ItemSources } from '@evenkeel/contract/item-class'
import type { ItemValue } from '@evenkeel/contract/item'
import type { Model } from './item-class.model.ts'
import { valueFault } from './item.value.ts'

// Which source is believed, attribute by attribute: decided by one function for now and for any other two times. Pure.

/** What one source said of one item, as far as it held and was known at the times that are asked about. */
export type Fact = {
  readonly source: string
  readonly values: Readonly<Record<string, ItemValue>>
  readonly validFrom: string
  readonly knownFrom: string
  /** When the source last spoke of the item. */
  readonly seenAt: string
  readonly saidBy: string | null
}

export type Said = {
  readonly fact: Fact
  readonly value: ItemValue
  readonly lostBy: 'precedence' | 'stale' | 'invalid' | null
}

/** The first is believed, when `lostBy` is null; the others lost. */
export type Belief = ReadonlyMap<string, readonly Said[]>

export const believe = (facts: readonly Fact[], model: Model, sources: ItemSources, now: string): Belief => {
  const keys = new Set(facts.flatMap((fact) => Object.keys(fact.values)))
  const belief = new Map<string, Said[]>()
  for (const key of keys) {
    const order = orderFor(key, model, sources)
    const said = facts.flatMap((fact) => {
      const value = fact.values[key]
      return value === undefined
        ? []
        : [{ fact, value, fault: faultOf(model, key, value, fact, sources, now) }]
    })
    said.sort(
      (a, b) =>
        faults.indexOf(a.fault) - faults.indexOf(b.fault) ||
        order(a.fact.source) - order(b.fact.source) ||
        (a.fact.seenAt === b.fact.seenAt ? 0 : a.fact.seenAt > b.fact.seenAt ? -1 : 1) ||
        (a.fact.source < b.fact.source ? -1 : 1),
    )
    belief.set(
      key,
      said.map(({ fact, value, fault }, place) => ({
        fact,
        value,
        // A stale value is better than none; one that is no value is not.
        lostBy: fault === 'invalid' ? 'invalid' : place === 0 ? null : (fault ?? 'precedence'),
      })),
    )
  }
  return belief
}

const faults: readonly ('stale' | 'invalid' | null)[] = [null, 'stale', 'invalid']

const faultOf = (
  model: Model,
  key: string,
  value: ItemValue,
  fact: Fact,
  sources: ItemSources,
  now: string,
): 'stale' | 'invalid' | null => {
  const attribute = model.byKey.get(key)
  if (attribute !== undefined && valueFault(attribute, value) !== undefined) return 'invalid'
  return isStale(fact.source, fact.seenAt, sources, now) ? 'stale' : null
}

/** Whether a source has said nothing of an item for longer than it is believed. */
export const isStale = (source: string, seenAt: string, sources: ItemSources, now: string): boolean => {
  const days = sources.sources.find(({ name }) => name === source)?.staleAfterDays ?? null
  return days !== null && Date.parse(now) - Date.parse(seenAt) > days * 86_400_000
}

const orderFor = (key: string, model: Model, sources: ItemSources): ((source: string) => number) => {
  const line = [model.key, ...model.ancestors]
  const own = sources.precedence
    .filter((one) => one.attribute === key && (one.class === undefined || line.includes(one.class)))
    // The nearest class decides; an order for all classes comes last.
    .sort((a, b) => depth(a.class, line) - depth(b.class, line))[0]
  const general = sources.sources.map(({ name }) => name)
  const order = [...(own?.sources ?? []), ...general.filter((name) => own?.sources.includes(name) !== true)]
  return (source) => {
    const at = order.indexOf(source)
    return at < 0 ? order.length : at
  }
}

const depth = (key: string | undefined, line: readonly string[]): number =>
  key === undefined ? line.length : line.indexOf(key)

/** The value that is believed; nothing where there is none. */
export const believed = (belief: Belief, key: string): ItemValue | undefined => {
  const [first] = belief.get(key) ?? []
  return first === undefined || first.lostBy !== null ? undefined : first.value
}
