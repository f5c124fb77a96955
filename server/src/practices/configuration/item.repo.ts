import type { ItemState, ItemValue } from '@evenkeel/contract/item'
import type { Json } from '../../kernel/evidence/canonical-json.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { insertMany } from '../../platform/postgres/insert-many.ts'
import type { Fact } from './item.believe.ts'
import { derive, type Derived } from './item.derive.ts'
import { modelOf, type InForce } from './item.model.ts'
import { rewrite, type Stretch } from '../../kernel/bitemporal/rewrite.ts'

// The only file that writes items and their facts.

export type Values = Readonly<Record<string, ItemValue>>

export type ItemRow = {
  readonly id: string
  readonly class: string
  readonly name: string
  readonly state: ItemState
  readonly values: Values
  readonly missing: number
  readonly ownerId: string | null
  readonly supportTeamId: string | null
  readonly criticality: number | null
  readonly mergedIntoId: string | null
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

export const itemColumns = `r.id, r.class, r.name, r.state, r.values, r.missing, r.owner_id as "ownerId",
  r.support_team_id as "supportTeamId", r.criticality, r.merged_into_id as "mergedIntoId", r.version,
  r.created_at as "createdAt", r.updated_at as "updatedAt"`

export type FactRow = {
  readonly id: string
  readonly itemId: string
  readonly source: string
  readonly saidBy: string | null
  readonly values: Values
  readonly validFrom: string
  readonly validTo: string | null
  readonly knownFrom: string
  readonly knownTo: string | null
}

export const factColumns = `f.id, f.item_id as "itemId", f.source, f.said_by as "saidBy", f.values, f.valid_from as "validFrom",
  f.valid_to as "validTo", f.known_from as "knownFrom", f.known_to as "knownTo"`

export type Seen = {
  readonly itemId: string
  readonly source: string
  readonly externalId: string
  readonly seenAt: string
}

/** An item with everything that is known of it now. */
export type Known = {
  readonly row: ItemRow
  readonly facts: readonly FactRow[]
  readonly seen: readonly Seen[]
}

export const factsKnownNow = (q: Reader, ids: readonly string[]): Promise<FactRow[]> =>
  q.rows({
    name: 'item_facts_now',
    text: `select ${factColumns} from item_fact f where f.tenant_id = $1 and f.item_id = any($2::uuid[]) and f.known_to is null
           order by f.valid_from`,
    values: [q.tenantId, ids],
  })

export const seenOf = (q: Reader, ids: readonly string[]): Promise<Seen[]> =>
  q.rows({
    name: 'item_seen',
    text: `select item_id as "itemId", source, external_id as "externalId", seen_at as "seenAt" from item_source_seen
           where tenant_id = $1 and item_id = any($2::uuid[]) order by source, external_id`,
    values: [q.tenantId, ids],
  })

export const byItem = <One extends { readonly itemId: string }>(
  all: readonly One[],
): ((id: string) => readonly One[]) => {
  const found = Map.groupBy(all, ({ itemId }) => itemId)
  return (id) => found.get(id) ?? []
}

/** Items with everything that is known of them, locked in the order of their ids, so that two that want the same wait and never deadlock. */
export const lockItems = async (tx: Tx, ids: readonly string[]): Promise<Map<string, Known>> => {
  const [rows, facts, seen] = await Promise.all([
    tx.rows<ItemRow>({
      name: 'item_lock',
      text: `select ${itemColumns} from item r where r.tenant_id = $1 and r.id = any($2::uuid[]) order by r.id for update`,
      values: [tx.tenantId, ids],
    }),
    // Sent behind the lock in the same flush: read when it is held.
    factsKnownNow(tx, ids),
    seenOf(tx, ids),
  ])
  const [factsOf, seenBy] = [byItem(facts), byItem(seen)]
  return new Map(rows.map((row) => [row.id, { row, facts: factsOf(row.id), seen: seenBy(row.id) }]))
}

/** What facts say at an instant, as beliefs are made from. */
export const factsAt = (facts: readonly FactRow[], seen: readonly Seen[], validAt: string): readonly Fact[] =>
  facts
    .filter((fact) => fact.validFrom <= validAt && (fact.validTo === null || validAt < fact.validTo))
    .map((fact) => {
      const last = seen
        .filter(({ source }) => source === fact.source)
        .reduce((latest, { seenAt }) => (seenAt > latest ? seenAt : latest), fact.knownFrom)
      return { ...fact, seenAt: last }
    })

const sameValues = (one: Values, other: Values): boolean => {
  const [a, b] = [Object.entries(one), other]
  return (
    a.length === Object.keys(b).length &&
    a.every(([key, value]) => key in b && JSON.stringify(value) === JSON.stringify(b[key]))
  )
}

/** Something said of an item: what `change` makes of what the source said before, over a stretch. */
export type Saying = {
  readonly source: string
  readonly saidBy: string | null
  readonly stretch: Stretch
  /** Null where the source says nothing any more. */
  readonly change: (values: Values | undefined) => Values | null
}

/** Changes of items, collected to be written together. */
export type Changes = {
  readonly close: string[]
  readonly add: FactRow[]
  readonly rows: { readonly row: ItemRow; readonly derived: Derived; readonly isNew: boolean }[]
}

export const noChanges = (): Changes => ({ close: [], add: [], rows: [] })

/** What is known of an item when these things are said too. Nothing is written; `changes` collects. */
export const restate = (
  known: Known,
  sayings: readonly Saying[],
  now: string,
  changes: Changes,
): readonly FactRow[] => {
  // Clocks of two machines differ: knowledge never begins before what it follows on.
  const at = known.facts.reduce((latest, { knownFrom }) => (knownFrom > latest ? knownFrom : latest), now)
  let facts = known.facts
  for (const { source, saidBy, stretch, change } of sayings) {
    const own = facts.filter((fact) => fact.source === source)
    const { close, add } = rewrite(
      own.map((fact) => ({ id: fact.id, from: fact.validFrom, to: fact.validTo, document: fact.values })),
      stretch,
      change,
      sameValues,
    )
    const added = add.map((one): FactRow => ({
      id: uuidv7(),
      itemId: known.row.id,
      source,
      // Where the document stays as it was, whoever said it stays.
      saidBy:
        own.find((fact) => sameValues(fact.values, one.document) && fact.validFrom === one.from)?.saidBy ??
        saidBy,
      values: one.document,
      validFrom: one.from,
      validTo: one.to,
      knownFrom: at,
      knownTo: null,
    }))
    const gone = new Set(close)
    for (const fact of close.length === 0 ? [] : own) {
      if (!gone.has(fact.id)) continue
      // What was said in this very command and changed again was never known to anybody.
      const collected = changes.add.findLastIndex(({ id }) => id === fact.id)
      if (collected === -1) changes.close.push(fact.id)
      else changes.add.splice(collected, 1)
    }
    changes.add.push(...added)
    facts = [...facts.filter(({ id }) => !gone.has(id)), ...added]
  }
  return facts
}

/** The item as it is when these are its facts. */
export const derived = (
  known: Pick<Known, 'row' | 'seen'>,
  facts: readonly FactRow[],
  { models, sources }: InForce,
  now: string,
): { readonly row: ItemRow; readonly derived: Derived } => {
  const model = modelOf(models, known.row.class)
  const result = derive(model, factsAt(facts, known.seen, now), sources, now, known.row)
  return {
    derived: result,
    row: {
      ...known.row,
      name: result.name,
      state: result.state,
      values: result.values,
      missing: result.missing.length,
      ownerId: result.ownerId,
      supportTeamId: result.supportTeamId,
      criticality: result.criticality,
    },
  }
}

/** Writes what was collected. */
export const storeItems = (tx: Tx, { close, add, rows }: Changes): void => {
  const at = tx.author.now
  if (close.length > 0)
    tx.send({
      name: 'item_facts_close',
      text: 'update item_fact set known_to = greatest($3::timestamptz, known_from) where tenant_id = $1 and id = any($2::uuid[])',
      values: [tx.tenantId, close, at],
    })
  const made = rows.filter(({ isNew }) => isNew)
  const changed = rows.filter(({ isNew }) => !isNew)
  for (const statement of insertMany(
    'item',
    rowTypes,
    made.map((one) => storedRow(tx, one)),
  ))
    tx.send(statement)
  if (changed.length > 0)
    tx.send({
      text: `update item i set class = v.class, name = v.name, state = v.state, values = v.values, missing = v.missing, owner_id = v.owner_id,
               support_team_id = v.support_team_id, criticality = v.criticality, merged_into_id = v.merged_into_id, words = v.words,
               version = v.version, updated_at = v.updated_at
             from json_to_recordset($2::json) as v (${Object.entries(rowTypes)
               .map(([name, type]) => `${name} ${type}`)
               .join(', ')})
             where i.tenant_id = $1 and i.id = v.id`,
      values: [tx.tenantId, JSON.stringify(changed.map((one) => storedRow(tx, one)))],
    })
  if (changed.length > 0)
    tx.send({
      name: 'item_values_clear',
      text: 'delete from item_value where tenant_id = $1 and item_id = any($2::uuid[])',
      values: [tx.tenantId, changed.map(({ row }) => row.id)],
    })
  for (const statement of insertMany(
    'item_value',
    valueTypes,
    rows.flatMap(({ row, derived: { indexed } }) =>
      row.mergedIntoId !== null
        ? []
        : indexed.map((value) => ({ ...value, tenant_id: tx.tenantId, item_id: row.id })),
    ),
  ))
    tx.send(statement)
  for (const statement of insertMany(
    'item_fact',
    factTypes,
    add.map((fact) => ({
      tenant_id: tx.tenantId,
      id: fact.id,
      item_id: fact.itemId,
      source: fact.source,
      said_by: fact.saidBy,
      values: jsonOf(fact.values),
      valid_from: fact.validFrom,
      valid_to: fact.validTo,
      known_from: fact.knownFrom,
    })),
  ))
    tx.send(statement)
}

// Values are JSON by the contract's schema; its type names them one by one.
const jsonOf = (values: Values): Json => ({ ...values })

const storedRow = (tx: Tx, { row, derived: { words } }: Changes['rows'][number]) => ({
  tenant_id: tx.tenantId,
  id: row.id,
  class: row.class,
  name: row.name,
  state: row.state,
  values: jsonOf(row.values),
  missing: row.missing,
  owner_id: row.ownerId,
  support_team_id: row.supportTeamId,
  criticality: row.criticality,
  merged_into_id: row.mergedIntoId,
  words,
  version: row.version,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})

const rowTypes = {
  tenant_id: 'uuid',
  id: 'uuid',
  class: 'text',
  name: 'text',
  state: 'text',
  values: 'jsonb',
  missing: 'smallint',
  owner_id: 'uuid',
  support_team_id: 'uuid',
  criticality: 'smallint',
  merged_into_id: 'uuid',
  words: 'text',
  version: 'integer',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const
const valueTypes = {
  tenant_id: 'uuid',
  item_id: 'uuid',
  attribute: 'text',
  place: 'smallint',
  text: 'text',
  number: 'double precision',
  day: 'date',
  ref: 'uuid',
} as const
const factTypes = {
  tenant_id: 'uuid',
  id: 'uuid',
  item_id: 'uuid',
  source: 'text',
  said_by: 'uuid',
  values: 'jsonb',
  valid_from: 'timestamptz',
  valid_to: 'timestamptz',
  known_from: 'timestamptz',
} as const
