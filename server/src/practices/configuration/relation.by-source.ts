import type { SourceBatch } from '@evenkeel/contract/item'
import { uuidv7 } from '../../kernel/uuid.ts'
import { type Tx } from '../../platform/journal/write.ts'
import { insertMany } from '../../platform/postgres/insert-many.ts'
import { journalRelated } from './relation.commands.ts'
import { endsOf } from './relation.words.ts'

export type RelationCounts = { created: number; same: number; refused: number }

export const relate = async (
  tx: Tx,
  source: string,
  relations: SourceBatch['relations'],
  itemOf: ReadonlyMap<string, string>,
  validFrom: string,
): Promise<RelationCounts> => {
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
