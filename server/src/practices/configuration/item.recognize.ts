import type { SourceItem } from '@evenkeel/contract/item'
import { fold } from '../../kernel/filter/fold.ts'
import {
  comparable,
  type IdentificationRule,
  type Identified,
  identify,
  type KnownThing,
  lookupsFor,
} from '../../kernel/identification/identify.ts'
import { type Reader } from '../../platform/postgres/database.ts'
import { itemRows } from './item.at.ts'
import { type InForce, modelOf } from './item.model.ts'
import { type Values } from './item.repo.ts'

type Found = { readonly id: string; readonly by: readonly string[] }

export type Candidate = KnownThing & { readonly class: string }

/** Rules of a class: its own, or those of the nearest class above it that has some. */
const rulesFor = ({ models, sources }: InForce, key: string): readonly IdentificationRule[] => {
  const line = [key, ...modelOf(models, key).ancestors]
  const own = line.flatMap((one) => sources.identification.find((rule) => rule.class === one) ?? [])[0]
  return (own?.by ?? []).map((by) => ({ name: by.join(' + '), by }))
}

const textIn = (value: Values[string] | undefined): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

export const identityOf = (item: Pick<SourceItem, 'name' | 'values'>): Record<string, string | null> => ({
  ...Object.fromEntries(Object.entries(item.values).map(([key, value]) => [key, textIn(value)])),
  name: item.name,
})

/** What a document could be recognized by, as the index of values keeps it. */
export const lookupsOf = (force: InForce, item: SourceItem): ReturnType<typeof lookupsFor> =>
  lookupsFor(rulesFor(force, item.class), identityOf(item))

/** Everything that any rule of any of these could mean, found by the index of values. */
export const candidatesFor = async (
  q: Reader,
  force: InForce,
  items: readonly SourceItem[],
): Promise<Candidate[]> => {
  const sought = new Map<string, Set<string>>()
  for (const item of items)
    for (const { values } of lookupsOf(force, item))
      for (const [attribute, value] of Object.entries(values)) {
        const known = sought.get(attribute) ?? new Set()
        known.add(fold(value).slice(0, 200))
        sought.set(attribute, known)
      }
  const pairs = [...sought].flatMap(([attribute, values]) =>
    [...values].map((value) => [attribute, value] as const),
  )
  if (pairs.length === 0) return []
  const rows = await q.rows<{ id: string }>({
    text: `select v.item_id as id from unnest($2::text[], $3::text[]) w (attribute, value)
             join item_value v on v.tenant_id = $1 and v.attribute = w.attribute and v.folded = w.value
           union select i.id from item i where i.tenant_id = $1 and i.merged_into_id is null and lower(i.name) = any($4::text[])
           limit 20000`,
    values: [
      q.tenantId,
      pairs.map(([attribute]) => attribute),
      pairs.map(([, value]) => value),
      [...(sought.get('name') ?? [])],
    ],
  })
  const found = await itemRows(
    q,
    rows.map(({ id }) => id),
  )
  return found
    .filter(({ mergedIntoId }) => mergedIntoId === null)
    .map(({ id, class: key, name, values }) => ({ id, class: key, values: identityOf({ name, values }) }))
}

type Shelf = { readonly by: Map<string, Candidate[]>; indexed: number }
const shelves = new WeakMap<readonly Candidate[], Shelf>()

/** Those that agree in anything that is looked for: a batch of a thousand does not compare each with each. Grows as candidates do. */
const alike = (
  lookups: ReturnType<typeof lookupsFor>,
  candidates: readonly Candidate[],
): readonly Candidate[] => {
  const shelf = shelves.get(candidates) ?? { by: new Map<string, Candidate[]>(), indexed: 0 }
  shelves.set(candidates, shelf)
  for (const one of candidates.slice(shelf.indexed))
    for (const [attribute, value] of Object.entries(one.values)) {
      const compared = comparable(value)
      if (compared === null) continue
      const key = `${attribute} ${compared}`
      const known = shelf.by.get(key)
      if (known === undefined) shelf.by.set(key, [one])
      else known.push(one)
    }
  shelf.indexed = candidates.length
  return [
    ...new Set(
      lookups.flatMap(({ values }) => {
        // All of a rule have to agree, so those that agree in the rarest are enough.
        const found = Object.entries(values).map(
          ([attribute, value]) => shelf.by.get(`${attribute} ${value}`) ?? [],
        )
        return found.reduce((least, one) => (one.length < least.length ? one : least), found[0] ?? [])
      }),
    ),
  ]
}

type Recognized =
  | { readonly is: 'new' }
  | ({ readonly is: 'same' } & Found)
  | Extract<Identified, { is: 'undecided' }>

export const recognized = (
  force: InForce,
  item: SourceItem,
  candidates: readonly Candidate[],
): Recognized => {
  const { models } = force
  const line = new Set([item.class, ...modelOf(models, item.class).ancestors, ...models.within(item.class)])
  const rules = rulesFor(force, item.class)
  const identity = identityOf(item)
  const found = identify(
    rules,
    identity,
    alike(lookupsFor(rules, identity), candidates).filter((one) => line.has(one.class)),
  )
  if (found.is === 'same') return { is: 'same', id: found.id, by: found.rule.split(' + ') }
  // The source's own id tells it apart from now on.
  if (found.is === 'undecided' && found.because.why === 'nothing_to_go_by') return { is: 'new' }
  return found
}
