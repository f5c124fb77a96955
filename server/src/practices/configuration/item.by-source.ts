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
import { type Candidate, candidatesFor, identityOf, recognized } from './item.recognize.ts'
import { type ItemRow, type Known, lockItems, noChanges, storeItems } from './item.repo.ts'
import {
  type Delivery,
  documentOf,
  itemsBySourceId,
  keepSeen,
  mustBeASource,
  mustReachAll,
  newItem,
  originOf,
  valuesOf,
} from './item.source-saying.ts'
import { countsOf, relate, type RelationCounts } from './relation.by-source.ts'
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
  mustBeASource(source)
  const force = await inForce(database, caller.tenantId, caller.now)
  const validFrom = since(batch.validFrom, caller.now)
  try {
    return await write(database, caller, async (tx) => {
      const delivery = { source, validFrom, speaker: caller, begun: null, importId: null }
      const { taken, itemOf } = await takeItems(tx, force, delivery, batch.items)
      const related = await relate(tx, delivery, batch.relations, itemOf)
      const counts = { created: 0, changed: 0, same: 0, conflict: 0, refused: 0 }
      for (const { outcome } of taken) counts[outcome] += 1
      const answer: Answer = {
        dryRun: batch.dryRun,
        counts,
        outcomes: taken.map(({ grounds, ...one }) => ({
          ...one,
          by: [...one.by],
          reasons: grounds.map((ground) => reasonIn(ground, caller.language)),
        })),
        relations: countsOf(related),
      }
      if (batch.dryRun) throw new Tried(answer)
      return answer
    })
  } catch (error) {
    if (error instanceof Tried) return error.answer
    throw error
  }
}

/** What became of one document of a source. */
export type Taken = {
  readonly externalId: string
  readonly outcome: SourceOutcome['outcome']
  readonly itemId: string | null
  /** By which attributes it was recognized. */
  readonly by: readonly string[]
  readonly grounds: readonly Ground[]
}

/**
 * Takes what a source says of some items, in the caller's transaction. One after the other: two sources that meet the same new thing at
 * once would both make it.
 * @param besides things that are not here yet, and would be by then: what a dry run would have made before
 */
export const takeItems = async (
  tx: Tx,
  force: InForce,
  delivery: Delivery,
  items: readonly SourceItem[],
  besides: readonly Candidate[] = [],
): Promise<{ readonly taken: Taken[]; readonly itemOf: Map<string, string> }> => {
  const { source } = delivery
  await tx.rows({
    text: `select pg_advisory_xact_lock(hashtextextended('items ' || $1::text, 0))`,
    values: [tx.tenantId],
  })
  const ids = items.map(({ externalId }) => externalId)
  const [itemOf, dropped, found, names] = await Promise.all([
    itemsBySourceId(tx, source, ids),
    tx.rows<{ externalId: string }>({
      text: `select external_id as "externalId" from item_conflict
             where tenant_id = $1 and source = $2 and decision = 'drop' and external_id = any($3::text[])`,
      values: [tx.tenantId, source, ids],
    }),
    candidatesFor(tx, force, items),
    tx.rows<{ name: string; id: string }>({
      text: 'select lower(name) as name, id from service where tenant_id = $1 and lower(name) = any($2::text[])',
      values: [tx.tenantId, items.map(({ name }) => name.toLowerCase())],
    }),
  ])
  const unwanted = new Set(dropped.map(({ externalId }) => externalId))
  const serviceNames = new Map(names.map(({ name, id }) => [name, id]))
  const known = await lockItems(tx, [...new Set([...itemOf.values(), ...found.map(({ id }) => id)])])
  const candidates = [...found, ...besides]
  const changes = noChanges()
  const services: [ItemRow | null, ItemRow][] = []
  const touched = new Set<string>()
  const taken: Taken[] = []
  const spoken = new Set<string>()
  for (const [index, item] of items.entries()) {
    const { externalId } = item
    const outcome = (
      kind: Taken['outcome'],
      itemId: string | null = null,
      by: readonly string[] = [],
      grounds: readonly Ground[] = [],
    ): void => void taken.push({ externalId, outcome: kind, itemId, by, grounds })
    const refuse = (code: string, message: Sentence, field = `items.${index}`): void =>
      outcome('refused', null, [], [{ code, field, message }])
    if (spoken.has(externalId)) {
      refuse('twice', says('source.twice'))
      continue
    }
    spoken.add(externalId)
    if (unwanted.has(externalId)) {
      refuse('dropped', says('source.dropped'))
      continue
    }
    const grounds = await faultsOf(tx, delivery, force, item, known.get(itemOf.get(externalId) ?? ''), index)
    if (grounds.length > 0) {
      outcome('refused', null, [], grounds)
      continue
    }
    const own = itemOf.get(externalId)
    const meant =
      own === undefined ? recognized(force, item, candidates) : { is: 'known' as const, id: own, by: [] }
    if (meant.is === 'undecided') {
      keepConflict(tx, delivery, item, meant)
      outcome('conflict')
      continue
    }
    const isService = modelOf(force.models, item.class).isService
    const nameHolder = serviceNames.get(item.name.toLowerCase())
    if (isService && nameHolder !== undefined && (meant.is === 'new' || meant.id !== nameHolder)) {
      refuse('taken', says('source.taken'), `items.${index}.name`)
      continue
    }
    if (meant.is === 'new') {
      if (isService && item.values['support_team'] === undefined) {
        refuse('required', says('service.team'), `items.${index}.values.support_team`)
        continue
      }
      const id = uuidv7()
      const row = addItem(tx, force, newItem(id, delivery, item), changes)
      if (isService) {
        services.push([null, row])
        serviceNames.set(item.name.toLowerCase(), id)
      }
      touched.add(id)
      itemOf.set(externalId, id)
      candidates.push({ id, class: item.class, values: identityOf(item) })
      outcome('created', id)
      continue
    }
    const before = known.get(meant.id)
    if (touched.has(meant.id) || before === undefined || hasAnotherId(before, delivery, externalId)) {
      refuse('same', says('source.same'))
      continue
    }
    const { row, changed, isChanged } = changeItem(tx, force, before, [documentOf(delivery, item)], changes)
    touched.add(meant.id)
    itemOf.set(externalId, meant.id)
    if (isChanged) {
      if (isService) services.push([before.row, row])
      tx.journal({
        type: 'item.edited',
        subject: { kind: 'item', id: row.id },
        data: { version: row.version, changes: changed, said: jsonOf(valuesOf(item)), ...originOf(delivery) },
      })
    }
    outcome(isChanged ? 'changed' : 'same', meant.id, meant.by)
  }
  storeItems(tx, changes)
  for (const [before, after] of services) await storeService(tx, before, after, { source })
  // What is refused was spoken of all the same: it has not fallen silent.
  keepSeen(
    tx,
    source,
    taken.map(({ externalId }) => externalId).filter((externalId) => !unwanted.has(externalId)),
    itemOf,
  )
  return { taken, itemOf }
}

/** Within one delivery a source says two things of two ids: one item is not both. */
const hasAnotherId = ({ seen }: Known, { source, begun }: Delivery, externalId: string): boolean =>
  begun !== null &&
  seen.some((one) => one.source === source && one.externalId !== externalId && one.seenAt >= begun)

const faultsOf = async (
  tx: Tx,
  { speaker }: Delivery,
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
    const attributes = speaker === null ? model.byKey : attributesFor(model, speaker)
    const grounds = valueGrounds(attributes, item.values, field)
    return grounds.length > 0
      ? grounds
      : await referenceGrounds(tx, speaker, force.models, attributes, item.values, field)
  } catch (error) {
    if (error instanceof Refusal) return [...error.grounds]
    throw error
  }
}
