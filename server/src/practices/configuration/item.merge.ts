import type { ClassAttribute } from '@evenkeel/contract/item-class'
import type { MergePreview } from '@evenkeel/contract/item'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { labelIn } from './item-class.model.ts'
import { attributesFor } from './item.check.ts'
import { addItem, changeItem, holdItem, storeChanged, type Ref } from './item.commands.ts'
import { inForce, modelOf, type InForce } from './item.model.ts'
import { namesFor } from './item.names.ts'
import { sourceLabel } from './item.page.ts'
import { says } from './item.reasons.ts'
import {
  noChanges,
  storeItems,
  type Changes,
  type FactRow,
  type Known,
  type Saying,
  type Values,
} from './item.repo.ts'
import { idsIn, textOf } from './item.value.ts'
import { relationColumns, restateRelation, type RelationRow } from './relation.commands.ts'

// Two items were one all along, or one was two. What was known before stays as it was known; from now on it is known of the other item.

/** Facts of one item, said of another over the same stretches. `ours` where both say something, when it is given. */
const saidOver = (facts: readonly FactRow[], wins: 'theirs' | 'ours'): Saying[] =>
  facts.map((fact) => ({
    source: fact.source,
    saidBy: fact.saidBy,
    stretch: { from: fact.validFrom, to: fact.validTo },
    change: (own) => (wins === 'ours' ? { ...fact.values, ...own } : { ...own, ...fact.values }),
  }))

const silenced = (facts: readonly FactRow[]): Saying[] =>
  facts.map((fact) => ({
    source: fact.source,
    saidBy: null,
    stretch: { from: fact.validFrom, to: fact.validTo },
    change: () => null,
  }))

export const mergeItems = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  { fromId, reason }: { fromId: string; reason: string },
): Promise<Ref> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    if (fromId === id) throw new Refusal('not_allowed_here', says('relation.itself'))
    await lockBoth(tx, [id, fromId])
    const into = await holdItem(tx, caller, id, version)
    const from = await holdItem(tx, caller, fromId, undefined)
    if (modelOf(force.models, from.row.class).isService)
      throw new Refusal('not_allowed_here', says('merge.service'))
    const changes = noChanges()
    const known = { ...into, seen: [...into.seen, ...from.seen.map((one) => ({ ...one, itemId: id }))] }
    const { row, changed, isChanged } = changeItem(tx, force, known, saidOver(from.facts, 'ours'), changes)
    const after = isChanged ? row : { ...row, version: row.version + 1, updatedAt: caller.now }
    if (!isChanged)
      tx.send({
        text: 'update item set version = $3, updated_at = $4 where tenant_id = $1 and id = $2',
        values: [tx.tenantId, id, after.version, after.updatedAt],
      })
    gone(tx, force, from, id, changes)
    await storeChanged(tx, force, into.row, after, changes)
    tx.send({
      text: 'update item_source_seen set item_id = $3 where tenant_id = $1 and item_id = $2',
      values: [tx.tenantId, fromId, id],
    })
    await moveRelations(tx, fromId, id)
    tx.journal({
      type: 'item.merged',
      subject: { kind: 'item', id },
      data: { version: after.version, changes: changed, fromId, fromName: from.row.name, reason },
    })
    return { id, version: after.version }
  })
}

/** Carries what a merge would do out of the transaction that is undone. */
class Tried extends Error {
  readonly preview: MergePreview

  constructor(preview: MergePreview) {
    super('a preview changes nothing')
    this.preview = preview
  }
}

/** What a merge would do: the values that would be believed, and what would come along. */
export const previewMerge = async (
  database: Database,
  caller: Caller,
  id: string,
  fromId: string,
): Promise<MergePreview> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  try {
    return await write(database, caller, async (tx): Promise<MergePreview> => {
      if (fromId === id) throw new Refusal('not_allowed_here', says('relation.itself'))
      await lockBoth(tx, [id, fromId])
      const into = await holdItem(tx, caller, id, undefined)
      const from = await holdItem(tx, caller, fromId, undefined)
      const model = modelOf(force.models, into.row.class)
      if (modelOf(force.models, from.row.class).isService)
        throw new Refusal('not_allowed_here', says('merge.service'))
      const known = { ...into, seen: [...into.seen, ...from.seen.map((one) => ({ ...one, itemId: id }))] }
      const { row } = changeItem(tx, force, known, saidOver(from.facts, 'ours'), noChanges())
      const attributes = [...attributesFor(model, caller).values()]
      const sides = [into.row.values, from.row.values, row.values]
      const nameOf = await namesFor(
        tx,
        caller,
        attributes.flatMap((attribute) =>
          sides.flatMap((values) => {
            const value = values[attribute.key]
            return value === undefined ? [] : idsIn(attribute, value)
          }),
        ),
      )
      const [counted, seen] = await Promise.all([
        tx.one<{ relations: number; records: number }>({
          text: `select (select count(*) from item_relation x where x.tenant_id = $1 and x.known_to is null and x.valid_to is null
                     and (x.below_id = $2 or x.above_id = $2) and x.below_id <> $3 and x.above_id <> $3)::int as relations,
                   (select count(*) from record_item x where x.tenant_id = $1 and x.item_id = $2)::int as records`,
          values: [tx.tenantId, fromId, id],
        }),
        tx.rows<{ source: string; externalId: string }>({
          text: `select source, external_id as "externalId" from item_source_seen where tenant_id = $1 and item_id = $2
                 order by source, external_id limit 100`,
          values: [tx.tenantId, fromId],
        }),
      ])
      const text = (attribute: ClassAttribute, values: Values): string => {
        const value = values[attribute.key]
        return value === undefined ? '' : textOf(attribute, value, caller.language, nameOf)
      }
      throw new Tried({
        values: [
          {
            key: 'name',
            label: says('field.name').in(caller.language),
            here: into.row.name,
            there: from.row.name,
            after: row.name,
          },
          ...attributes.flatMap((attribute) => {
            const [here, there, after] = [
              text(attribute, into.row.values),
              text(attribute, from.row.values),
              text(attribute, row.values),
            ]
            return here === '' && there === '' && after === ''
              ? []
              : [{ key: attribute.key, label: labelIn(attribute.label, caller.language), here, there, after }]
          }),
        ],
        relations: counted.relations,
        records: counted.records,
        identifiers: seen.map((one) => ({
          source: sourceLabel(one.source, force, caller.language),
          externalId: one.externalId,
        })),
      })
    })
  } catch (error) {
    if (error instanceof Tried) return error.preview
    throw error
  }
}

const lockBoth = (tx: Tx, ids: readonly string[]): Promise<unknown> =>
  tx.rows({
    text: 'select 1 from item where tenant_id = $1 and id = any($2::uuid[]) order by id for update',
    values: [tx.tenantId, ids],
  })

/** The item that went into another: nothing is known of it any more, and it leads there. */
const gone = (tx: Tx, force: InForce, from: Known, intoId: string, changes: Changes): void => {
  const before = changes.rows.length
  const { row } = changeItem(tx, force, from, silenced(from.facts), changes)
  const last = changes.rows[before]
  if (last !== undefined)
    changes.rows.splice(before, 1, {
      ...last,
      // Its last words stay on it, for whoever comes by an old reference.
      row: {
        ...row,
        name: from.row.name,
        values: from.row.values,
        state: from.row.state,
        mergedIntoId: intoId,
      },
    })
}

/** Relations of one item become the other's, but for those between the two and those it has already. */
const moveRelations = async (
  tx: Tx,
  fromId: string,
  toId: string,
  source: string | null = null,
): Promise<void> => {
  const rows = await tx.rows<RelationRow>({
    text: `select ${relationColumns} from item_relation x where x.tenant_id = $1 and x.known_to is null
             and (x.below_id = any($2::uuid[]) or x.above_id = any($2::uuid[])) order by x.valid_from for update`,
    values: [tx.tenantId, [fromId, toId]],
  })
  const other = (id: string): string => (id === fromId ? toId : id)
  for (const row of rows) {
    if (row.belowId !== fromId && row.aboveId !== fromId) continue
    if (source !== null && row.source !== source) continue
    const stretch = { from: row.validFrom, to: row.validTo }
    restateRelation(tx, row, [row], stretch, () => null)
    const ends = { type: row.type, belowId: other(row.belowId), aboveId: other(row.aboveId) }
    if (ends.belowId === ends.aboveId) continue
    const there = rows.filter(
      (one) => one.type === ends.type && one.belowId === ends.belowId && one.aboveId === ends.aboveId,
    )
    restateRelation(
      tx,
      ends,
      there,
      stretch,
      (was) =>
        was ?? { relationId: there[0]?.relationId ?? uuidv7(), source: row.source, saidBy: row.saidBy },
    )
  }
}

export const splitItem = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  { source, name, reason }: { source: string; name: string; reason: string },
): Promise<Ref & { newId: string }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    const known = await holdItem(tx, caller, id, version)
    const facts = known.facts.filter((fact) => fact.source === source)
    const [first] = facts
    const model = modelOf(force.models, known.row.class)
    if (first === undefined || facts.length === known.facts.length)
      throw new Refusal('not_allowed_here', says('split.nothing'))
    if (model.isService) throw new Refusal('not_allowed_here', says('merge.service'))
    const changes = noChanges()
    const newId = uuidv7()
    addItem(
      tx,
      force,
      {
        id: newId,
        class: known.row.class,
        name,
        values: {},
        state: known.row.state,
        source: 'hand',
        saidBy: caller.personId,
        validFrom: first.validFrom,
        more: { splitFrom: id },
      },
      changes,
    )
    const made = changes.rows[0]
    const said = changes.add.filter(({ itemId }) => itemId === newId)
    if (made !== undefined) {
      const seen = known.seen.filter((one) => one.source === source).map((one) => ({ ...one, itemId: newId }))
      changes.rows.splice(0, 1)
      changeItem(tx, force, { row: made.row, facts: said, seen }, saidOver(facts, 'theirs'), changes)
      const full = changes.rows.pop() ?? made
      changes.rows.push({ ...full, row: { ...full.row, version: 1 }, isNew: true })
    }
    const { row, changed } = changeItem(tx, force, known, silenced(facts), changes)
    storeItems(tx, changes)
    tx.send({
      text: 'update item_source_seen set item_id = $4 where tenant_id = $1 and item_id = $2 and source = $3',
      values: [tx.tenantId, id, source, newId],
    })
    await moveRelations(tx, id, newId, source)
    tx.journal({
      type: 'item.split',
      subject: { kind: 'item', id },
      data: { version: row.version, changes: changed, newId, newName: name, source, reason },
    })
    return { id, version: row.version, newId }
  })
}
