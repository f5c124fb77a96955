import type { ArrivalOutcomes, ImportFault } from '@evenkeel/contract/import'
import { attributeOf, type ImportShape, itemShape } from '@evenkeel/contract/import-mapping'
import { ItemState, type ItemValue, RelationType, type SourceItem } from '@evenkeel/contract/item'
import type { ItemAttribute } from '@evenkeel/contract/item-class'
import { fold } from '../../kernel/filter/fold.ts'
import type { Ground } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { attributesFor } from './item.check.ts'
import { takeItems, type Taken } from './item.by-source.ts'
import { inForce, inForceAt, modelOf, type InForce } from './item.model.ts'
import { identityOf, type Candidate, lookupsOf } from './item.recognize.ts'
import { itemsBySourceId, keepSeen, type Delivery } from './item.source-saying.ts'
import { relate } from './relation.by-source.ts'

/** A row of a file, translated: people and teams are ids by now, items still words. */
export type Arrival = {
  readonly line: number
  /** What the source knows it by. */
  readonly key: string
  readonly values: Readonly<Record<string, string | null>>
}

type Fault = {
  readonly key: string
  readonly line: number
  readonly value: string | null
  readonly code: ImportFault['code']
}

export type Arrived = {
  readonly outcomes: ArrivalOutcomes
  readonly faults: readonly Fault[]
  /** Words that name no item (yet), with the rows that say them. */
  readonly unknown: readonly { readonly key: string; readonly value: string }[]
}

/** What a file may say of items: of restricted attributes, what the reader may speak of. */
export const arrivingShape = async (
  database: Database,
  tenantId: string,
  now: string,
  reader: Pick<Caller, 'grants'> | null,
): Promise<ImportShape> => {
  const { models } = await inForce(database, tenantId, now)
  return itemShape(
    models.all.map((model) => ({
      key: model.key,
      abstract: model.abstract,
      retired: model.retired,
      attributes: [...(reader === null ? model.byKey : attributesFor(model, reader)).values()],
    })),
  )
}

export const noOutcomes: ArrivalOutcomes = {
  created: 0,
  recognized: 0,
  changed: 0,
  same: 0,
  conflict: 0,
  refused: 0,
}

/** Things that a dry run would have made by now, found as if they were here. */
export type Expected = {
  readonly add: (force: InForce, item: SourceItem) => void
  readonly like: (force: InForce, items: readonly SourceItem[]) => Candidate[]
  readonly names: Set<string>
}

export const nothingExpected = (): Expected => {
  const byValue = new Map<string, Candidate[]>()
  const keysOf = (force: InForce, item: SourceItem): string[] =>
    lookupsOf(force, item).flatMap(({ values }) =>
      Object.entries(values).map(([attribute, value]) => `${attribute}\n${value}`),
    )
  return {
    names: new Set(),
    add: (force, item) => {
      const candidate = { id: item.externalId, class: item.class, values: identityOf(item) }
      for (const key of keysOf(force, item)) byValue.set(key, [...(byValue.get(key) ?? []), candidate])
    },
    like: (force, items) => [
      ...new Set(items.flatMap((item) => keysOf(force, item).flatMap((key) => byValue.get(key) ?? []))),
    ],
  }
}

/** Takes rows as the source's documents. Given `expected`, it is a dry run: `tx` writes nothing then. */
export const takeArrivals = async (
  tx: Tx,
  delivery: Delivery,
  arrivals: readonly Arrival[],
  expected: Expected | null,
): Promise<Arrived> => {
  const force = await inForceAt(tx, tx.author.now)
  const found = await itemsNamed(tx, force, delivery.source, wordsOf(force, arrivals))
  const unknown: { key: string; value: string }[] = []
  const faults: Fault[] = []
  const items = arrivals.flatMap(({ key, line, values }) => {
    const classKey = values['class'] ?? ''
    const item: SourceItem = {
      externalId: key,
      class: classKey,
      name: values['name'] ?? '',
      values: {},
      ...((values['state'] ?? null) === null ? {} : { state: ItemState.parse(values['state']) }),
    }
    const model = modelOf(force.models, classKey)
    for (const [field, value] of Object.entries(values)) {
      const name = attributeOf(field)
      if (name === null || value === null) continue
      const attribute = model.byKey.get(name)
      if (attribute === undefined) {
        faults.push({ key, line, value: name, code: 'not_of_class' })
        return []
      }
      if (attribute.to?.kind !== 'item') {
        item.values[name] = valueOf(attribute, value)
        continue
      }
      const id = found.get(wordKey(attribute.to.class, value))
      if (id !== undefined) item.values[name] = id
      else if (expected?.names.has(fold(value)) !== true) unknown.push({ key, value })
    }
    return [item]
  })
  const besides = expected?.like(force, items) ?? []
  const { taken } = await takeItems(tx, force, delivery, items, besides)
  if (expected !== null) {
    const created = new Set(
      taken.flatMap(({ outcome, externalId }) => (outcome === 'created' ? [externalId] : [])),
    )
    for (const item of items) if (created.has(item.externalId)) expected.add(force, item)
  } else keepBrought(tx, delivery, taken)
  const lines = new Map(arrivals.map(({ key, line }) => [key, line]))
  const outcomes = { ...noOutcomes, refused: faults.length }
  for (const { outcome, by, externalId, grounds } of taken) {
    outcomes[outcome] += 1
    if (by.length > 0) outcomes.recognized += 1
    if (outcome !== 'refused') continue
    const item = items.find((one) => one.externalId === externalId)
    faults.push({ key: externalId, line: lines.get(externalId) ?? 0, ...faultOf(grounds[0], item) })
  }
  return { outcomes, faults, unknown }
}

const valueOf = (attribute: ItemAttribute, text: string): ItemValue => {
  switch (attribute.type) {
    case 'number':
      return Number(text)
    case 'boolean':
      return text === 'true'
    case 'money': {
      const [amount = '', currency = ''] = text.split(' ')
      return { amount, currency }
    }
    case 'list': {
      const parts = text.split('\n')
      return attribute.of === 'number' ? parts.map(Number) : parts
    }
    default:
      return text
  }
}

const codes: Readonly<Record<string, ImportFault['code']>> = {
  twice: 'twice',
  same: 'same_item',
  dropped: 'dropped',
  taken: 'name_taken',
  required: 'no_team',
  unknown_attribute: 'not_of_class',
}

const faultOf = (
  ground: Ground | undefined,
  item: SourceItem | undefined,
): { readonly value: string | null; readonly code: ImportFault['code'] } => {
  const code = codes[ground?.code ?? ''] ?? 'not_taken'
  return code === 'not_taken'
    ? { code, value: ground?.field?.split('.').at(-1) ?? null }
    : { code, value: item?.name ?? null }
}

/** Which facts a run made, so that taking it back ends these and no others. */
const keepBrought = (tx: Tx, { importId, source }: Delivery, taken: readonly Taken[]): void => {
  const ids = taken.flatMap(({ outcome, itemId }) =>
    itemId !== null && (outcome === 'created' || outcome === 'changed') ? [itemId] : [],
  )
  if (importId === null || ids.length === 0) return
  tx.send({
    name: 'item_imports',
    text: `insert into item_import (tenant_id, batch_id, item_id, known_from)
           select $1, $2, f.item_id, max(f.known_from) from item_fact f
           where f.tenant_id = $1 and f.item_id = any($3::uuid[]) and f.known_to is null and f.source = $4
           group by f.item_id
           on conflict (tenant_id, batch_id, item_id) do update set known_from = excluded.known_from`,
    values: [tx.tenantId, importId, ids, source],
  })
}

type Word = { readonly within: string | null; readonly value: string }
const wordKey = (within: string | null, value: string): string => `${within ?? ''}\n${fold(value)}`

const wordsOf = (force: InForce, arrivals: readonly Arrival[]): Word[] =>
  arrivals.flatMap(({ values }) => {
    const model = modelOf(force.models, values['class'] ?? '')
    return Object.entries(values).flatMap(([field, value]) => {
      const to = model.byKey.get(attributeOf(field) ?? '')?.to
      return value === null || to?.kind !== 'item' ? [] : [{ within: to.class, value }]
    })
  })

/** Numbers that items carry themselves. A name comes last: it may be another's tomorrow. */
const tellingAttributes = ['asset_tag', 'serial', 'hostname'] as const

/** Items by what a file calls them: the source's own id, a number they carry, their name. What fits several names none of them. */
export const itemsNamed = async (
  q: Reader,
  force: InForce,
  source: string,
  words: readonly Word[],
): Promise<ReadonlyMap<string, string>> => {
  if (words.length === 0) return new Map()
  const values = [...new Set(words.map(({ value }) => value))]
  const folded = [...new Set(values.map((value) => fold(value).slice(0, 200)))]
  const [bySource, byValue] = await Promise.all([
    itemsBySourceId(q, source, values),
    q.rows<{ id: string; class: string; word: string; rank: number }>({
      name: 'items_named',
      text: `select distinct r.id, r.class, v.folded as word, array_position($3::text[], v.attribute) as rank
             from item_value v join item r on r.tenant_id = $1 and r.id = v.item_id and r.merged_into_id is null
             where v.tenant_id = $1 and v.attribute = any($3::text[]) and v.folded = any($2::text[])
             union select r.id, r.class, text_fold(r.name), 9 from item r
             where r.tenant_id = $1 and lower(r.name) = any($4::text[]) and r.merged_into_id is null and r.state <> 'disposed'`,
      values: [q.tenantId, folded, tellingAttributes, values.map((value) => value.toLowerCase())],
    }),
  ])
  const byWord = Map.groupBy(byValue, ({ word }) => word)
  const known = new Map<string, string>()
  for (const { within, value } of words) {
    const own = bySource.get(value)
    if (own !== undefined) {
      known.set(wordKey(within, value), own)
      continue
    }
    const classes = within === null ? null : force.models.within(within)
    const fitting = (byWord.get(fold(value).slice(0, 200)) ?? []).filter(
      (one) => classes === null || classes.includes(one.class),
    )
    const rank = Math.min(...fitting.map((one) => one.rank))
    const ids = new Set(fitting.filter((one) => one.rank === rank).map(({ id }) => id))
    const [only] = ids
    if (only !== undefined && ids.size === 1) known.set(wordKey(within, value), only)
  }
  return known
}

/** Takes rows as relations between items that are here, or that the source names. */
export const takeArrivingRelations = async (
  tx: Tx,
  delivery: Delivery,
  arrivals: readonly Arrival[],
): Promise<Arrived> => {
  const force = await inForceAt(tx, tx.author.now)
  const ends = arrivals.flatMap(({ values: { from, to } }) =>
    [from, to].flatMap((value) => ((value ?? null) === null ? [] : [{ within: null, value: value ?? '' }])),
  )
  const found = await itemsNamed(tx, force, delivery.source, ends)
  const itemOf = new Map(
    ends.flatMap(({ value }) => {
      const id = found.get(wordKey(null, value))
      return id === undefined ? [] : [[value, id] as const]
    }),
  )
  const related = await relate(
    tx,
    delivery,
    arrivals.map(({ values }) => ({
      type: RelationType.parse(values['type']),
      from: values['from'] ?? '',
      to: values['to'] ?? '',
    })),
    itemOf,
  )
  const outcomes = { ...noOutcomes }
  const faults: Fault[] = []
  const unknown: { key: string; value: string }[] = []
  for (const [place, { outcome, unknown: end }] of related.entries()) {
    const { key = '', line = 0, values = {} } = arrivals[place] ?? {}
    outcomes[outcome] += 1
    if (outcome !== 'refused') continue
    const value = end === null ? null : (values[end] ?? null)
    faults.push({ key, line, value, code: end === null ? 'same_ends' : 'unknown_item' })
    if (value !== null) unknown.push({ key, value })
  }
  return { outcomes, faults, unknown }
}

/** That a source spoke of these, though nothing of it could be taken: what is known of them stays. */
export const heardOf = async (tx: Tx, source: string, keys: readonly string[]): Promise<void> =>
  keepSeen(tx, source, keys, await itemsBySourceId(tx, source, keys))

/** Tells the planner of what came in, one table at a time. @returns whether there may be more to tell */
export const countItemsAnew = async (tx: Tx): Promise<boolean> =>
  (
    await tx.one<{ counted: boolean }>({
      name: 'items_count_anew',
      text: 'select count_items_anew() as counted',
      values: [],
    })
  ).counted
