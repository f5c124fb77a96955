import type { Tx } from '../../platform/journal/write.ts'
import { changeItem } from './item.commands.ts'
import { inForceAt, modelOf } from './item.model.ts'
import { lockItems, noChanges, storeItems, type FactRow, type ItemRow } from './item.repo.ts'
import { relationColumns, restateRelation, type RelationRow } from './relation.commands.ts'
import { storeService } from './service.repo.ts'

const holds = (fact: FactRow, now: string): boolean => fact.validTo === null || fact.validTo > now

/**
 * What a source says of these items ends now. An item that somebody else speaks of goes on with what they say; one that nobody speaks of
 * any more is retired, and what was known of it stays readable.
 * @param ends whether what it says now is meant
 */
export const endSayings = async (
  tx: Tx,
  source: string,
  itemIds: readonly string[],
  ends: (fact: FactRow) => boolean,
  importId: string | null,
): Promise<number> => {
  const { now } = tx.author
  const force = await inForceAt(tx, now)
  const known = await lockItems(tx, itemIds)
  const changes = noChanges()
  const services: [ItemRow, ItemRow][] = []
  for (const item of known.values()) {
    const said = item.facts.find((fact) => fact.source === source && holds(fact, now))
    if (said === undefined || item.row.mergedIntoId !== null || !ends(said)) continue
    const isAlone = !item.facts.some((fact) => fact.source !== source && holds(fact, now))
    const { row, changed, isChanged } = changeItem(
      tx,
      force,
      item,
      [
        {
          source,
          saidBy: null,
          stretch: { from: now, to: null },
          change: (values) => (values === undefined || !isAlone ? null : { ...values, state: 'retired' }),
        },
      ],
      changes,
    )
    if (!isChanged) continue
    if (modelOf(force.models, row.class).isService) services.push([item.row, row])
    tx.journal({
      type: 'item.edited',
      subject: { kind: 'item', id: row.id },
      data: {
        version: row.version,
        changes: changed,
        said: {},
        source,
        validFrom: now,
        ...(importId === null ? {} : { importId }),
      },
    })
  }
  storeItems(tx, changes)
  for (const [before, after] of services) await storeService(tx, before, after, { source })
  return changes.rows.length
}

/** These relations end now; what was known of them before stays. */
export const endRelations = (tx: Tx, rows: readonly RelationRow[]): void => {
  const { now } = tx.author
  for (const row of rows) {
    if (!restateRelation(tx, row, [row], { from: now, to: null }, () => null)) continue
    tx.journal({
      type: 'item.relation_ended',
      subject: { kind: 'item', id: row.aboveId },
      data: {
        relationId: row.relationId,
        type: row.type,
        otherId: row.belowId,
        validTo: now,
        never: false,
        source: row.source,
      },
    })
  }
}

const atOnce = 500

/** Takes back some of what a run of an import said, as far as it is still the last word of its source. @returns what ended, and whether there is more */
export const endArrivals = async (
  tx: Tx,
  importId: string,
  source: string,
): Promise<{ readonly items: number; readonly relations: number; readonly isMore: boolean }> => {
  const said = await tx.rows<{ itemId: string; knownFrom: string }>({
    text: `delete from item_import where tenant_id = $1 and batch_id = $2 and item_id = any(array(
             select item_id from item_import where tenant_id = $1 and batch_id = $2 order by item_id limit ${atOnce}))
           returning item_id as "itemId", known_from as "knownFrom"`,
    values: [tx.tenantId, importId],
  })
  const knownFrom = new Map(said.map((one) => [one.itemId, one.knownFrom]))
  const items =
    said.length === 0
      ? 0
      : await endSayings(
          tx,
          source,
          [...knownFrom.keys()],
          (fact) => fact.knownFrom === knownFrom.get(fact.itemId),
          importId,
        )
  const relations = await tx.rows<RelationRow>({
    text: `select ${relationColumns} from item_relation x where x.tenant_id = $1 and x.import_id = $2 and x.known_to is null
             and (x.valid_to is null or x.valid_to > $3) order by x.id limit ${atOnce} for update`,
    values: [tx.tenantId, importId, tx.author.now],
  })
  endRelations(tx, relations)
  // What waited for a decision was said by nobody.
  tx.send({
    text: 'delete from item_conflict where tenant_id = $1 and import_id = $2 and decided_at is null',
    values: [tx.tenantId, importId],
  })
  return { items, relations: relations.length, isMore: said.length === atOnce || relations.length === atOnce }
}
