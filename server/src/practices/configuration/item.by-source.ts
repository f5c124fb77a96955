import type { SourceBatch, SourceItem, SourceOutcome } from '@evenkeel/contract/item'
import type { Saying as Sentence } from '../../kernel/language/saying.ts'
import { type Ground, reasonIn, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { type Tx, write } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { attributesFor, referenceGrounds, since, valueGrounds } from './item.check.ts'
import { addItem, changeItem, jsonOf } from './item.commands.ts'
import { keepConflict } from './item.conflict.ts'
import { inForce, type InForce, modelForNew, modelOf } from './item.model.ts'
import { says } from './item.reasons.ts'
import { candidatesFor, identityOf, recognized } from './item.recognize.ts'
import { type ItemRow, type Known, lockItems, noChanges, storeItems } from './item.repo.ts'
import { documentOf, keepSeen, mustReachAll, newItem, valuesOf } from './item.source-saying.ts'
import { relate, type RelationCounts } from './relation.by-source.ts'
import { storeService } from './service.repo.ts'

type Answer = {
  dryRun: boolean
  counts: Record<SourceOutcome['outcome'], number>
  outcomes: SourceOutcome[]
  relations: RelationCounts
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
