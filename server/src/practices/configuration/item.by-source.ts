import type { ItemConflict, SourceBatch, SourceItem, SourceOutcome } from '@evenkeel/contract/item'
import { fold } from '../../kernel/filter/fold.ts'
import {
  identify,
  lookupsFor,
  type IdentificationRule,
  type Identified,
  type KnownThing,
} from '../../kernel/identification/identify.ts'
import type { Saying as Sentence } from '../../kernel/language/saying.ts'
import { reasonIn, Refusal, type Ground } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { insertMany } from '../../platform/postgres/insert-many.ts'
import { refOf, itemRows } from './item.at.ts'
import { attributesFor, referenceGrounds, since, valueGrounds } from './item.check.ts'
import { addItem, changeItem, jsonOf, rightsOn } from './item.commands.ts'
import { labelIn } from './item-class.model.ts'
import { inForce, modelForNew, modelOf, type InForce } from './item.model.ts'
import { sourceLabel } from './item.page.ts'
import { says } from './item.reasons.ts'
import {
  lockItems,
  noChanges,
  storeItems,
  type Changes,
  type ItemRow,
  type Known,
  type Values,
} from './item.repo.ts'
import { journalRelated } from './relation.commands.ts'
import { endsOf } from './relation.words.ts'
import { storeService } from './service.repo.ts'

type Answer = {
  dryRun: boolean
  counts: Record<SourceOutcome['outcome'], number>
  outcomes: SourceOutcome[]
  relations: { created: number; same: number; refused: number }
}

/** Carries what a dry run found out of the transaction that it undoes. */
class Tried extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super('a dry run changes nothing')
    this.answer = answer
  }
}

/**
 * What a source knows. It is recognized by its own id, then by the rules of its class; what fits several, or fits one and contradicts it,
 * waits for a person. A document replaces what the source said before.
 */
export const putItemsBySource = async (
  database: Database,
  caller: Caller,
  source: string,
  batch: SourceBatch,
): Promise<Answer> => {
  mustReachAll(caller)
  if (source === 'hand' || source === 'import')
    throw new Refusal('invalid', [
      { code: 'reserved', field: 'source', message: says('source.reserved', { source }) },
    ])
  const force = await inForce(database, caller.tenantId, caller.now)
  const validFrom = since(batch.validFrom, caller.now)
  try {
    return await write(database, caller, async (tx) => {
      const answer = await take(tx, caller, force, source, validFrom, batch)
      if (batch.dryRun) throw new Tried(answer)
      return answer
    })
  } catch (error) {
    if (error instanceof Tried) return error.answer
    throw error
  }
}

/** Whoever speaks for a source speaks of everything it knows. */
const mustReachAll = ({ grants }: Caller): void => {
  if (grants.get('item.manage')?.has('all') !== true)
    throw new Refusal('forbidden', says('permission', { permission: 'item.manage' }))
}

type Found = { readonly id: string; readonly by: readonly string[] }

const take = async (
  tx: Tx,
  caller: Caller,
  force: InForce,
  source: string,
  validFrom: string,
  batch: SourceBatch,
): Promise<Answer> => {
  // One batch at a time: two sources that meet the same new thing at once would both make it.
  await tx.rows({
    text: `select pg_advisory_xact_lock(hashtextextended('items ' || $1::text, 0))`,
    values: [tx.tenantId],
  })
  const ids = [
    ...batch.items.map(({ externalId }) => externalId),
    ...batch.relations.flatMap(({ from, to }) => [from, to]),
  ]
  const [seen, dropped, candidates, names] = await Promise.all([
    tx.rows<{ externalId: string; itemId: string }>({
      text: `select external_id as "externalId", item_id as "itemId" from item_source_seen
             where tenant_id = $1 and source = $2 and external_id = any($3::text[])`,
      values: [tx.tenantId, source, [...new Set(ids)]],
    }),
    tx.rows<{ externalId: string }>({
      text: `select external_id as "externalId" from item_conflict
             where tenant_id = $1 and source = $2 and decision = 'drop' and external_id = any($3::text[])`,
      values: [tx.tenantId, source, batch.items.map(({ externalId }) => externalId)],
    }),
    candidatesFor(tx, force, batch.items),
    tx.rows<{ name: string; id: string }>({
      text: 'select lower(name) as name, id from service where tenant_id = $1 and lower(name) = any($2::text[])',
      values: [tx.tenantId, batch.items.map(({ name }) => name.toLowerCase())],
    }),
  ])
  const itemOf = new Map(seen.map(({ externalId, itemId }) => [externalId, itemId]))
  const unwanted = new Set(dropped.map(({ externalId }) => externalId))
  const serviceNames = new Map(names.map(({ name, id }) => [name, id]))
  const known = await lockItems(tx, [...new Set([...itemOf.values(), ...candidates.map(({ id }) => id)])])
  const changes = noChanges()
  const services: [ItemRow | null, ItemRow][] = []
  const touched = new Set<string>()
  const outcomes: SourceOutcome[] = []
  const spoken = new Set<string>()
  for (const [index, item] of batch.items.entries()) {
    const outcome = (
      kind: SourceOutcome['outcome'],
      itemId: string | null = null,
      by: readonly string[] = [],
      grounds: readonly Ground[] = [],
    ): void => {
      outcomes.push({
        externalId: item.externalId,
        outcome: kind,
        itemId,
        by: [...by],
        reasons: grounds.map((ground) => reasonIn(ground, caller.language)),
      })
    }
    const refuse = (code: string, message: Sentence, field = `items.${index}`): void =>
      outcome('refused', null, [], [{ code, field, message }])
    if (spoken.has(item.externalId)) {
      refuse('twice', says('source.twice'))
      continue
    }
    spoken.add(item.externalId)
    if (unwanted.has(item.externalId)) {
      refuse('dropped', says('source.dropped'))
      continue
    }
    const grounds = await faultsOf(
      tx,
      caller,
      force,
      item,
      known.get(itemOf.get(item.externalId) ?? ''),
      index,
    )
    if (grounds.length > 0) {
      outcome('refused', null, [], grounds)
      continue
    }
    const found = itemOf.has(item.externalId)
      ? { is: 'known' as const, id: itemOf.get(item.externalId) ?? '', by: [] }
      : recognized(force, item, candidates)
    if (found.is === 'undecided') {
      keepConflict(tx, source, item, found, validFrom)
      outcome('conflict')
      continue
    }
    const isService = modelOf(force.models, item.class).isService
    const nameHolder = serviceNames.get(item.name.toLowerCase())
    if (isService && nameHolder !== undefined && (found.is === 'new' || found.id !== nameHolder)) {
      refuse('taken', says('source.taken'), `items.${index}.name`)
      continue
    }
    if (found.is === 'new') {
      if (isService && item.values['support_team'] === undefined) {
        refuse('required', says('service.team'), `items.${index}.values.support_team`)
        continue
      }
      const id = uuidv7()
      const row = addItem(tx, force, newItem(id, source, item, validFrom), changes)
      if (isService) {
        services.push([null, row])
        serviceNames.set(item.name.toLowerCase(), id)
      }
      touched.add(id)
      itemOf.set(item.externalId, id)
      candidates.push({ id, class: item.class, values: identityOf(item) })
      outcome('created', id)
      continue
    }
    if (touched.has(found.id)) {
      refuse('twice', says('source.same'))
      continue
    }
    const before = known.get(found.id)
    if (before === undefined) {
      refuse('gone', says('source.same'))
      continue
    }
    const { row, changed, isChanged } = changeItem(
      tx,
      force,
      before,
      [documentOf(source, item, validFrom)],
      changes,
    )
    touched.add(found.id)
    itemOf.set(item.externalId, found.id)
    if (isChanged) {
      if (isService) services.push([before.row, row])
      tx.journal({
        type: 'item.edited',
        subject: { kind: 'item', id: row.id },
        data: { version: row.version, changes: changed, said: jsonOf(valuesOf(item)), source, validFrom },
      })
    }
    outcome(isChanged ? 'changed' : 'same', found.id, found.by)
  }
  storeItems(tx, changes)
  for (const [before, after] of services) await storeService(tx, before, after, { source })
  keepSeen(tx, source, outcomes)
  const relations = await relate(tx, source, batch.relations, itemOf, validFrom)
  const counts = { created: 0, changed: 0, same: 0, conflict: 0, refused: 0 }
  for (const { outcome } of outcomes) counts[outcome] += 1
  return { dryRun: batch.dryRun, counts, outcomes, relations }
}

const faultsOf = async (
  tx: Tx,
  caller: Caller,
  force: InForce,
  item: SourceItem,
  known: Known | undefined,
  index: number,
): Promise<Ground[]> => {
  const field = `items.${index}.values`
  try {
    const model =
      known === undefined
        ? modelForNew(force.models, item.class, `items.${index}.class`)
        : modelOf(force.models, known.row.class)
    const attributes = attributesFor(model, caller)
    const grounds = valueGrounds(attributes, item.values, field)
    return grounds.length > 0
      ? grounds
      : await referenceGrounds(tx, caller, force.models, attributes, item.values, field)
  } catch (error) {
    if (error instanceof Refusal) return [...error.grounds]
    throw error
  }
}

const valuesOf = (item: SourceItem): Values => ({
  ...item.values,
  name: item.name,
  ...(item.state === undefined ? {} : { state: item.state }),
})

const documentOf = (source: string, item: SourceItem, validFrom: string) => ({
  source,
  saidBy: null,
  stretch: { from: validFrom, to: null },
  change: () => valuesOf(item),
})

const newItem = (id: string, source: string, item: SourceItem, validFrom: string) => ({
  id,
  class: item.class,
  name: item.name,
  values: item.values,
  state: item.state ?? ('in_use' as const),
  source,
  saidBy: null,
  validFrom,
  more: { externalId: item.externalId },
})

type Candidate = KnownThing & { readonly class: string }

/** Rules of a class: its own, or those of the nearest class above it that has some. */
const rulesFor = ({ models, sources }: InForce, key: string): readonly IdentificationRule[] => {
  const line = [key, ...modelOf(models, key).ancestors]
  const own = line.flatMap((one) => sources.identification.find((rule) => rule.class === one) ?? [])[0]
  return (own?.by ?? []).map((by) => ({ name: by.join(' + '), by }))
}

const textIn = (value: Values[string] | undefined): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

const identityOf = (item: Pick<SourceItem, 'name' | 'values'>): Record<string, string | null> => ({
  ...Object.fromEntries(Object.entries(item.values).map(([key, value]) => [key, textIn(value)])),
  name: item.name,
})

/** Everything that any rule of any of these could mean, found by the index of values. */
const candidatesFor = async (
  q: Reader,
  force: InForce,
  items: readonly SourceItem[],
): Promise<Candidate[]> => {
  const sought = new Map<string, Set<string>>()
  for (const item of items)
    for (const { values } of lookupsFor(rulesFor(force, item.class), identityOf(item)))
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

type Recognized =
  | { readonly is: 'new' }
  | ({ readonly is: 'same' } & Found)
  | Extract<Identified, { is: 'undecided' }>

const recognized = (force: InForce, item: SourceItem, candidates: readonly Candidate[]): Recognized => {
  const { models } = force
  const line = new Set([item.class, ...modelOf(models, item.class).ancestors, ...models.within(item.class)])
  const found = identify(
    rulesFor(force, item.class),
    identityOf(item),
    candidates.filter((one) => line.has(one.class)),
  )
  if (found.is === 'same') return { is: 'same', id: found.id, by: found.rule.split(' + ') }
  // The source's own id tells it apart from now on.
  if (found.is === 'undecided' && found.because.why === 'nothing_to_go_by') return { is: 'new' }
  return found
}

const keepConflict = (
  tx: Tx,
  source: string,
  item: SourceItem,
  { because }: Extract<Identified, { is: 'undecided' }>,
  validFrom: string,
): void => {
  const ids = because.why === 'several' ? because.ids : because.why === 'contradicted' ? [because.id] : []
  const rule = because.why === 'nothing_to_go_by' ? '' : because.rule
  tx.send({
    text: `insert into item_conflict (tenant_id, id, source, external_id, document, reason, candidate_ids, because, valid_from, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (tenant_id, source, external_id) where decided_at is null
           do update set document = excluded.document, reason = excluded.reason, candidate_ids = excluded.candidate_ids,
             because = excluded.because, valid_from = excluded.valid_from, at = excluded.at`,
    values: [
      tx.tenantId,
      uuidv7(),
      source,
      item.externalId,
      JSON.stringify(item),
      because.why === 'several' ? 'several' : 'contradiction',
      ids,
      JSON.stringify(ids.map(() => rule)),
      validFrom,
      tx.author.now,
    ],
  })
}

const keepSeen = (tx: Tx, source: string, outcomes: readonly SourceOutcome[]): void => {
  const rows = outcomes.flatMap(({ externalId, itemId }) =>
    itemId === null
      ? []
      : [
          {
            tenant_id: tx.tenantId,
            source,
            external_id: externalId,
            item_id: itemId,
            seen_at: tx.author.now,
          },
        ],
  )
  for (const statement of insertMany(
    'item_source_seen',
    { tenant_id: 'uuid', source: 'text', external_id: 'text', item_id: 'uuid', seen_at: 'timestamptz' },
    rows,
    ' on conflict (tenant_id, source, external_id) do update set item_id = excluded.item_id, seen_at = excluded.seen_at',
  ))
    tx.send(statement)
}

const relate = async (
  tx: Tx,
  source: string,
  relations: SourceBatch['relations'],
  itemOf: ReadonlyMap<string, string>,
  validFrom: string,
): Promise<Answer['relations']> => {
  const counts = { created: 0, same: 0, refused: 0 }
  const wanted = relations.flatMap(({ type, from, to }) => {
    const [fromId, toId] = [itemOf.get(from), itemOf.get(to)]
    if (fromId === undefined || toId === undefined || fromId === toId) {
      counts.refused += 1
      return []
    }
    return [{ type, fromId, toId, ...endsOf(type, fromId, toId) }]
  })
  if (wanted.length === 0) return counts
  const keyOf = (one: { type: string; belowId: string; aboveId: string }): string =>
    `${one.type} ${one.belowId} ${one.aboveId}`
  const rows = await tx.rows<{ type: string; belowId: string; aboveId: string }>({
    text: `select x.type, x.below_id as "belowId", x.above_id as "aboveId" from item_relation x
           where x.tenant_id = $1 and x.below_id = any($2::uuid[]) and x.known_to is null and (x.valid_to is null or x.valid_to > $3)`,
    values: [tx.tenantId, [...new Set(wanted.map(({ belowId }) => belowId))], validFrom],
  })
  const there = new Set(rows.map(keyOf))
  const fresh = wanted.filter((one) => {
    if (there.has(keyOf(one))) {
      counts.same += 1
      return false
    }
    there.add(keyOf(one))
    return true
  })
  counts.created = fresh.length
  const added = fresh.map((one) => ({ ...one, id: uuidv7(), relationId: uuidv7() }))
  for (const { fromId, toId, relationId, type } of added)
    journalRelated(tx, { id: fromId, toId, relationId, type, source, validFrom })
  for (const statement of insertMany(
    'item_relation',
    {
      tenant_id: 'uuid',
      id: 'uuid',
      relation_id: 'uuid',
      type: 'text',
      below_id: 'uuid',
      above_id: 'uuid',
      source: 'text',
      valid_from: 'timestamptz',
      known_from: 'timestamptz',
    },
    added.map((one) => ({
      tenant_id: tx.tenantId,
      id: one.id,
      relation_id: one.relationId,
      type: one.type,
      below_id: one.belowId,
      above_id: one.aboveId,
      source,
      valid_from: validFrom,
      known_from: tx.author.now,
    })),
  ))
    tx.send(statement)
  return counts
}

type ConflictRow = {
  readonly id: string
  readonly source: string
  readonly externalId: string
  readonly document: SourceItem
  readonly reason: 'several' | 'contradiction'
  readonly candidateIds: readonly string[]
  readonly because: readonly string[]
  readonly validFrom: string
  readonly at: string
}

const conflictColumns = `id, source, external_id as "externalId", document, reason, candidate_ids as "candidateIds", because,
  valid_from as "validFrom", at`
const mostConflicts = 200

export const listItemConflicts = async (
  database: Database,
  caller: Caller,
): Promise<{ conflicts: ItemConflict[]; more: boolean }> => {
  mustReachAll(caller)
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<ConflictRow>({
      text: `select ${conflictColumns} from item_conflict where tenant_id = $1 and decided_at is null order by at, id limit $2`,
      values: [q.tenantId, mostConflicts + 1],
    })
    const ids = [...new Set(rows.flatMap(({ candidateIds }) => candidateIds))]
    const [items, rights] = await Promise.all([itemRows(q, ids), rightsOn(q, caller, ids, 'item.read')])
    const byId = new Map(items.map((row) => [row.id, row]))
    return {
      more: rows.length > mostConflicts,
      conflicts: rows.slice(0, mostConflicts).map((row) => ({
        id: row.id,
        source: row.source,
        sourceLabel: sourceLabel(row.source, force, language),
        externalId: row.externalId,
        name: row.document.name,
        class: row.document.class,
        classLabel: labelIn(modelOf(force.models, row.document.class).label, language),
        sentence: says(`conflict.${row.reason}`, { by: row.because[0] ?? '' }).in(language),
        candidates: row.candidateIds.flatMap((id, place) => {
          const item = rights.get(id)?.read === true ? byId.get(id) : undefined
          return item === undefined
            ? []
            : [{ ...refOf(item, force, language), because: row.because[place] ?? '' }]
        }),
        at: row.at,
      })),
    }
  })
}

export const decideItemConflict = async (
  database: Database,
  caller: Caller,
  id: string,
  decided: { decision: 'same'; itemId: string } | { decision: 'new' | 'drop' },
): Promise<{ itemId: string | null }> => {
  mustReachAll(caller)
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    const conflict = await tx.one<ConflictRow & { decidedAt: string | null }>({
      text: `select ${conflictColumns}, decided_at as "decidedAt" from item_conflict where tenant_id = $1 and id = $2 for update`,
      values: [tx.tenantId, id],
    })
    if (conflict.decidedAt !== null) throw new Refusal('not_allowed_here', says('conflict.decided'))
    const itemId = decided.decision === 'drop' ? null : await settle(tx, force, conflict, decided)
    tx.send({
      text: `update item_conflict set decided_at = $3, decision = $4, decided_by = $5, item_id = $6 where tenant_id = $1 and id = $2`,
      values: [tx.tenantId, id, caller.now, decided.decision, caller.personId, itemId],
    })
    tx.journal({
      type: 'item.conflict_decided',
      subject: { kind: 'item', id: itemId ?? id },
      data: { source: conflict.source, externalId: conflict.externalId, decision: decided.decision, itemId },
    })
    return { itemId }
  })
}

/** What the source said becomes part of the item that was chosen, or of a new one. */
const settle = async (
  tx: Tx,
  force: InForce,
  { source, externalId, document, validFrom }: ConflictRow,
  decided: { decision: 'same'; itemId: string } | { decision: 'new' | 'drop' },
): Promise<string> => {
  const changes: Changes = noChanges()
  const done = (itemId: string): string => {
    keepSeen(tx, source, [{ externalId, itemId, outcome: 'same', by: [], reasons: [] }])
    return itemId
  }
  if (decided.decision !== 'same') {
    const model = modelForNew(force.models, document.class)
    const row = addItem(tx, force, newItem(uuidv7(), source, document, validFrom), changes)
    storeItems(tx, changes)
    if (model.isService) await storeService(tx, null, row, { source })
    return done(row.id)
  }
  const known = (await lockItems(tx, [decided.itemId])).get(decided.itemId)
  if (known === undefined || known.row.mergedIntoId !== null) throw new Refusal('not_found')
  const { row, changed, isChanged } = changeItem(
    tx,
    force,
    known,
    [documentOf(source, document, validFrom)],
    changes,
  )
  storeItems(tx, changes)
  if (isChanged) {
    if (modelOf(force.models, row.class).isService) await storeService(tx, known.row, row, { source })
    tx.journal({
      type: 'item.edited',
      subject: { kind: 'item', id: row.id },
      data: { version: row.version, changes: changed, said: jsonOf(valuesOf(document)), source, validFrom },
    })
  }
  return done(row.id)
}
