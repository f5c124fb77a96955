import type { ClassAttribute, ItemSources } from '@evenkeel/contract/item-class'
import { itemStates, type ItemState, type ItemValue } from '@evenkeel/contract/item'
import type { Model } from './item-class.model.ts'
import { believe, believed, type Fact } from './item.believe.ts'

/** What is kept of an item for lists: what is believed now, in the forms that they ask for. Pure. */
export type Derived = {
  readonly name: string
  readonly state: ItemState
  readonly values: Readonly<Record<string, ItemValue>>
  /** Keys of required attributes that nobody gave. */
  readonly missing: readonly string[]
  readonly ownerId: string | null
  readonly supportTeamId: string | null
  readonly criticality: number | null
  /** What free words find beside the name; nothing restricted. */
  readonly words: string
  readonly indexed: readonly IndexedValue[]
}

export type IndexedValue = {
  readonly attribute: string
  readonly place: number
  readonly text: string | null
  readonly number: number | null
  readonly day: string | null
  readonly ref: string | null
}

export const derive = (
  model: Model,
  facts: readonly Fact[],
  sources: ItemSources,
  now: string,
  was: { readonly name: string; readonly state: ItemState },
): Derived => {
  const belief = believe(facts, model, sources, now)
  const values: Record<string, ItemValue> = {}
  for (const key of [...belief.keys()].toSorted()) {
    const value = believed(belief, key)
    if (model.byKey.has(key) && value !== undefined) values[key] = value
  }
  const textOf = (key: string): string | null => {
    const value = believed(belief, key)
    return typeof value === 'string' ? value : null
  }
  const criticality = Number(textOf('criticality') ?? Number.NaN)
  return {
    name: textOf('name') ?? was.name,
    state: itemStates.find((state) => state === textOf('state')) ?? was.state,
    values,
    missing: model.attributes
      .filter(({ key, required, retired }) => required && !retired && values[key] === undefined)
      .map(({ key }) => key),
    ownerId: textOf('owner'),
    supportTeamId: textOf('support_team'),
    criticality: Number.isInteger(criticality) ? criticality : null,
    words: wordsOf(model, values),
    indexed: model.attributes.flatMap((attribute) => {
      const value = values[attribute.key]
      return value === undefined || !attribute.indexed ? [] : indexedOf(attribute, value)
    }),
  }
}

const wordsOf = (model: Model, values: Readonly<Record<string, ItemValue>>): string =>
  model.attributes
    .filter(({ restricted }) => !restricted)
    .flatMap((attribute) => [values[attribute.key] ?? []].flat().flatMap((one) => wordOf(attribute, one)))
    .join(' ')
    .slice(0, 20_000)

const wordOf = (
  { type, of, choices }: ClassAttribute,
  value: Exclude<ItemValue, readonly unknown[]>,
): string[] => {
  const one = type === 'list' ? of : type
  if (typeof value !== 'string') return []
  if (one === 'text') return [value]
  return one === 'choice' ? [choices.find((choice) => choice.value === value)?.label ?? value] : []
}

const indexedOf = (attribute: ClassAttribute, value: ItemValue): IndexedValue[] => {
  const type = attribute.type === 'list' ? (attribute.of ?? 'text') : attribute.type
  return [value].flat().map((one, place) => {
    const empty = { attribute: attribute.key, place, text: null, number: null, day: null, ref: null }
    if (typeof one === 'number') return { ...empty, number: one }
    if (typeof one === 'boolean') return { ...empty, number: one ? 1 : 0 }
    // Amounts of several currencies have no order; the number serves those who ask for one.
    if (typeof one === 'object') return { ...empty, text: one.currency, number: Number(one.amount) }
    if (type === 'reference') return { ...empty, ref: one }
    return type === 'date' ? { ...empty, day: one } : { ...empty, text: one }
  })
}
